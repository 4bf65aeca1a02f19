//! The command line.

pub mod man;

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use crate::demo::Dialect;
use crate::demo::log::Level;

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
    disable_help_subcommand = true,
    after_help = "\
Examples:
  flaretop                              the server on this machine
  flaretop http://localhost:9000        another port
  flaretop demo                         try it on a simulated server, nothing to install
  ssh -L 8080:localhost:8080 HOST       then flaretop: a server elsewhere
  flaretop https://HOST --ca-cert FILE  a server with its own certificate
  flaretop --server prod                a server of the configuration file

An API key is never an option, where others could read it: set FLARETOP_API_KEY, use --api-key-file,
or key_command in the configuration file.
Without a terminal on standard output, or with TERM=dumb, the table is printed once as text.

Exit status: 0 fine, 1 something failed, 2 wrong usage, 3 cannot reach the server or it does not let us in;
when the table is printed once, 4 an account needs a person, 5 no account is usable."
)]
pub struct Cli {
    /// The server's address.
    #[arg(
        help = "The server's address [default: $FLARETOP_URL, else the configuration's, else http://localhost:8080]"
    )]
    pub url: Option<String>,

    /// What to do instead of watching a server.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The server of that name in the configuration file
    #[arg(long, value_name = "NAME", conflicts_with = "url")]
    pub server: Option<String>,

    /// The configuration file.
    #[arg(
        global = true,
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        help = "The configuration file [default: what `flaretop config path` prints]"
    )]
    pub config: Option<PathBuf>,

    /// Seconds between two polls of the list [default: 5]
    #[arg(global = true, long, value_name = "SECS", value_parser = seconds)]
    pub interval: Option<f64>,

    /// Change nothing on the server
    #[arg(global = true, long)]
    pub read_only: bool,

    /// Draw with ASCII characters only (also where the locale is not UTF-8)
    #[arg(global = true, long)]
    pub ascii: bool,

    /// When to use colours.
    #[arg(
        global = true,
        long,
        help = "When to use colours; auto respects NO_COLOR",
        value_name = "WHEN",
        value_enum,
        default_value = "auto"
    )]
    pub color: Color,

    /// Trust the CA, or the server's own certificate, in this PEM file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ca_cert: Option<PathBuf>,

    /// Read the API key from this file, which others must not be able to read
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub api_key_file: Option<PathBuf>,

    /// flaretop's own log.
    #[arg(
        global = true,
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        help = "Write flaretop's own log to this file; its level is $FLARETOP_LOG (error, warn, info, debug, trace)"
    )]
    pub log: Option<PathBuf>,
}

/// What to do instead of watching a server.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum Command {
    /// Try it: the dashboard on a simulated server, on this machine only
    Demo(Demo),
    /// The configuration file: where it is, what it can say, whether it is right
    #[command(subcommand, disable_help_subcommand = true)]
    Config(ConfigCommand),
    /// Print the completions for a shell
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
    /// Print the manual page: `flaretop man | man -l -`
    #[command(about = "Print the manual page: flaretop man | man -l -")]
    Man,
}

impl Command {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Demo(_) => "demo",
            Self::Config(_) => "config",
            Self::Completions { .. } => "completions",
            Self::Man => "man",
        }
    }
}

impl Cli {
    /// What the command line says of the server to watch, if it does: no other command has one.
    pub fn server_words(&self) -> Option<&'static str> {
        match self {
            Self { url: Some(_), .. } => Some("a URL"),
            Self { server: Some(_), .. } => Some("--server"),
            Self { ca_cert: Some(_), .. } => Some("--ca-cert"),
            Self { api_key_file: Some(_), .. } => Some("--api-key-file"),
            _ => None,
        }
    }
}

/// The completions of the command line for `shell`.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "flaretop", &mut script);
    script
}

/// What to tell of the configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum ConfigCommand {
    /// Print where the configuration file is looked for
    Path,
    /// Print a configuration file that says everything that can be said, with every default
    Default,
    /// Say whether the configuration file can be used; if not, every line that is wrong
    Check,
}

/// In whose words the simulated server writes its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DemoDialect {
    /// better-ccflare 3.5.4's.
    #[value(name = "3.5.4")]
    Observed,
    /// The auto-refresh guide's.
    Guide,
}

impl From<DemoDialect> for Dialect {
    fn from(dialect: DemoDialect) -> Self {
        match dialect {
            DemoDialect::Observed => Self::Observed,
            DemoDialect::Guide => Self::Guide,
        }
    }
}

/// What the simulated server writes into its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DemoLevel {
    /// Also why accounts are passed over.
    Debug,
    /// What happens.
    Info,
    /// What may need a look.
    Warn,
    /// What failed.
    Error,
}

impl From<DemoLevel> for Level {
    fn from(level: DemoLevel) -> Self {
        match level {
            DemoLevel::Debug => Self::Debug,
            DemoLevel::Info => Self::Info,
            DemoLevel::Warn => Self::Warn,
            DemoLevel::Error => Self::Error,
        }
    }
}

/// The options of `flaretop demo`.
#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    next_help_heading = "The simulated server",
    after_help = "\
Examples:
  flaretop demo                                every state within two minutes
  flaretop demo --scenario failing --tick 2    refreshes that fail, with a check every 2 seconds
  flaretop demo --serve                        for curl, at http://127.0.0.1:8080
  flaretop demo --serve --listen 127.0.0.1:0   the same on a free port"
)]
pub struct Demo {
    /// What happens: tour, guide, failing, exhausted, restart, skewed-clock, flood, crowd, hostile, or a file
    #[arg(long, value_name = "NAME|FILE", default_value = "tour")]
    pub scenario: String,

    /// The same number makes the same choices
    #[arg(long, value_name = "N", default_value = "1", allow_negative_numbers = true)]
    pub seed: u64,

    /// Seconds between two checks of the scheduler [default: the scenario's]
    #[arg(long, value_name = "SECS", value_parser = seconds, allow_negative_numbers = true)]
    pub tick: Option<f64>,

    /// In whose words the log is written
    #[arg(long, value_enum, default_value = "3.5.4")]
    pub dialect: DemoDialect,

    /// Also write the log into this folder: app.log, and better-ccflare.log with --dialect guide
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub log_dir: Option<PathBuf>,

    /// What the log holds; debug says why accounts are passed over
    #[arg(long, value_name = "LEVEL", value_enum, default_value = "info", ignore_case = true)]
    pub log_level: DemoLevel,

    /// Serve only, until ctrl-c; the address is the first line of standard output
    #[arg(long)]
    pub serve: bool,

    /// Where to serve; on this machine only, and port 0 picks a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", requires = "serve", value_parser = address)]
    pub listen: Option<SocketAddr>,
}

/// The time between two polls, in seconds: up to a day.
pub const INTERVAL: RangeInclusive<f64> = 0.5..=86_400.0;

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "not an IP address with a port; try 127.0.0.1:8080, or 127.0.0.1:0 for a free port".to_owned()
    })
}

fn seconds(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "not a number of seconds; try 5".to_owned())?;
    if INTERVAL.contains(&number) {
        Ok(number)
    } else {
        Err(format!("must be between {} and {} seconds", INTERVAL.start(), INTERVAL.end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_url_and_the_demo_are_told_apart() {
        let parse = |args: &[&str]| Cli::try_parse_from([&["flaretop"], args].concat());
        assert_eq!(parse(&["http://localhost:9000"]).unwrap().command, None);
        assert_eq!(parse(&["localhost"]).unwrap().url.as_deref(), Some("localhost"));
        let cli =
            parse(&["demo", "--ascii", "--seed", "7", "--dialect", "guide", "--log-level", "DEBUG"]).unwrap();
        let Some(Command::Demo(demo)) = &cli.command else { panic!("{cli:?}") };
        assert!(cli.ascii && cli.url.is_none());
        assert_eq!((demo.seed, demo.dialect, demo.log_level), (7, DemoDialect::Guide, DemoLevel::Debug));
        assert!(parse(&["demo", "--listen", "127.0.0.1:0"]).is_err(), "--listen needs --serve");
        for (option, value, words) in [
            ("--tick", "0", "must be between 0.5 and 86400 seconds"),
            ("--tick", "-1", "must be between 0.5 and 86400 seconds"),
            ("--tick", "soon", "not a number of seconds; try 5"),
            ("--seed", "-1", "invalid value '-1' for '--seed <N>'"),
            ("--listen", "8080", "try 127.0.0.1:8080, or 127.0.0.1:0 for a free port"),
            ("--listen", "localhost:0", "not an IP address with a port"),
            ("--listen", "127.0.0.1:80808", "not an IP address with a port"),
            ("--dialect", "gude", "a similar value exists: 'guide'"),
            ("--log-level", "loud", "possible values: debug, info, warn, error"),
        ] {
            let refused = parse(&["demo", "--serve", option, value]).unwrap_err().to_string();
            assert!(refused.contains(option) && refused.contains(words), "{refused}");
        }
    }

    #[test]
    fn an_interval_that_would_flood_or_never_poll_is_refused() {
        for text in ["0", "-1", "0.1", "nan", "inf", "1e9", "five"] {
            assert!(Cli::try_parse_from(["flaretop", "--interval", text]).is_err(), "{text}");
        }
        let cli = Cli::try_parse_from(["flaretop", "--interval", "2.5"]).expect("a good interval");
        assert_eq!(cli.interval, Some(2.5));
    }
}
