//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// Unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always, `NO_COLOR` or not.
    Always,
    /// Never.
    Never,
}

/// A terminal dashboard for better-ccflare: accounts, auto-refresh and countdowns, live.
///
/// Shows every account of a running server with its auto-refresh state and a countdown to its reset, switches auto-refresh with
/// one key, and shows the server's refresh events beside the table. Press ? in it for every key.
#[derive(Debug, Clone, PartialEq, Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  flaretop                              the server on this machine
  flaretop http://localhost:9000        another port
  ssh -L 8080:localhost:8080 HOST       then flaretop: a server elsewhere
  flaretop https://HOST --ca-cert FILE  a server with its own certificate

An API key is never an option, where others could read it: set FLARETOP_API_KEY or use --api-key-file.
Without a terminal on standard output, or with TERM=dumb, the table is printed once as text.

Exit status: 0 fine, 1 something failed, 2 wrong usage, 3 cannot reach the server or it does not let us in;
when the table is printed once, 4 an account needs a person, 5 no account is usable."
)]
pub struct Cli {
    /// The server's address.
    #[arg(help = "The server's address [default: $FLARETOP_URL, else http://localhost:8080]")]
    pub url: Option<String>,

    /// Seconds between two polls of the list
    #[arg(long, value_name = "SECS", default_value = "5", value_parser = seconds)]
    pub interval: f64,

    /// Change nothing on the server
    #[arg(long)]
    pub read_only: bool,

    /// Draw with ASCII characters only (also where the locale is not UTF-8)
    #[arg(long)]
    pub ascii: bool,

    /// When to use colours.
    #[arg(
        long,
        help = "When to use colours; auto respects NO_COLOR",
        value_name = "WHEN",
        value_enum,
        default_value = "auto"
    )]
    pub color: Color,

    /// Trust the CA, or the server's own certificate, in this PEM file
    #[arg(long, value_name = "FILE")]
    pub ca_cert: Option<PathBuf>,

    /// Read the API key from this file, which others must not be able to read
    #[arg(long, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,

    /// flaretop's own log.
    #[arg(
        long,
        value_name = "FILE",
        help = "Write flaretop's own log to this file; its level is $FLARETOP_LOG (error, warn, info, debug, trace)"
    )]
    pub log: Option<PathBuf>,
}

/// The shortest time between two polls, in seconds.
const SHORTEST: f64 = 0.5;
/// The longest: a day.
const LONGEST: f64 = 86_400.0;

fn seconds(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "not a number of seconds; try 5".to_owned())?;
    if (SHORTEST..=LONGEST).contains(&number) {
        Ok(number)
    } else {
        Err(format!("must be between {SHORTEST} and {LONGEST} seconds"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_interval_that_would_flood_or_never_poll_is_refused() {
        for text in ["0", "-1", "0.1", "nan", "inf", "1e9", "five"] {
            assert!(Cli::try_parse_from(["flaretop", "--interval", text]).is_err(), "{text}");
        }
        let cli = Cli::try_parse_from(["flaretop", "--interval", "2.5"]).expect("a good interval");
        assert!((cli.interval - 2.5).abs() < f64::EPSILON);
    }
}
