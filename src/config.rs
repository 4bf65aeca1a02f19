//! What was asked for, checked: defaults, then the environment, then options.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Context as _;
use chrono::TimeDelta;
use tracing::level_filters::LevelFilter;

use crate::app::Options;
use crate::cli::{Cli, Color};
use crate::client::{Client, Secret, SetupError, Target};
use crate::keymap::Keymap;
use crate::model::{Failure, Plain};
use crate::runtime::clock;
use crate::view::theme::Theme;

/// Where the server is unless something else is said.
const DEFAULT_URL: &str = "http://localhost:8080";

/// Text that is not to be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(pub OsString);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// The parts of the environment that matter, as values so that tests can give others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Environment {
    /// `FLARETOP_URL`.
    pub url: Option<String>,
    /// `FLARETOP_API_KEY`.
    pub api_key: Option<Hidden>,
    /// `FLARETOP_LOG`.
    pub log_level: Option<String>,
    /// `NO_COLOR` is set to anything but nothing (no-color.org).
    pub no_color: bool,
    /// The locale's character encoding is UTF-8.
    pub utf8: bool,
    /// `TERM` says that the terminal can do nothing.
    pub dumb: bool,
    /// Standard output is a terminal.
    pub terminal: bool,
}

impl Environment {
    /// The process's own.
    pub fn read() -> Self {
        use std::io::IsTerminal as _;
        let text = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
        Self {
            url: text("FLARETOP_URL"),
            api_key: std::env::var_os("FLARETOP_API_KEY").filter(|v| !v.is_empty()).map(Hidden),
            log_level: text("FLARETOP_LOG"),
            no_color: text("NO_COLOR").is_some(),
            utf8: is_utf8(text("LC_ALL").or_else(|| text("LC_CTYPE")).or_else(|| text("LANG")).as_deref()),
            dumb: text("TERM").is_none_or(|t| t == "dumb"),
            terminal: std::io::stdout().is_terminal(),
        }
    }

    /// There is a terminal to draw on.
    pub fn has_screen(&self) -> bool {
        self.terminal && !self.dumb
    }
}

/// True where a locale's name (`de_DE.UTF-8`) says UTF-8. None set is the C locale, which is ASCII (POSIX, 7.2).
fn is_utf8(locale: Option<&str>) -> bool {
    locale.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("utf-8") || name.contains("utf8")
    })
}

/// What was asked for, checked.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Config {
    /// The server.
    pub target: Target,
    /// The API key.
    pub key: Option<Secret>,
    /// A certificate to trust.
    pub ca_cert: Option<PathBuf>,
    /// The time between two polls.
    pub interval: TimeDelta,
    /// Change nothing.
    pub read_only: bool,
    /// Use colours.
    pub color: bool,
    /// ASCII only.
    pub ascii: bool,
    /// flaretop's own log.
    pub log: Option<PathBuf>,
    /// Its level.
    pub log_level: LevelFilter,
    /// There is a terminal to draw on.
    pub screen: bool,
}

impl Config {
    /// Puts the command line and the environment together.
    ///
    /// # Errors
    /// With what is wrong, where it was said, and what to try.
    pub fn new(cli: Cli, env: &Environment) -> anyhow::Result<Self> {
        let (url, from) = match (cli.url, &env.url) {
            (Some(url), _) => (url, "URL"),
            (None, Some(url)) => (url.clone(), "FLARETOP_URL"),
            (None, None) => (DEFAULT_URL.to_owned(), "URL"),
        };
        let target = Target::parse(&url).context(from)?;
        let key = match (&cli.api_key_file, &env.api_key) {
            (Some(file), _) => Some(Secret::from_file(file).context("--api-key-file")?),
            (None, Some(Hidden(value))) => {
                let value = value.to_str().context("FLARETOP_API_KEY: not UTF-8")?;
                Some(Secret::from_env_value(value).context("FLARETOP_API_KEY")?)
            }
            (None, None) => None,
        };
        let log_level = match &env.log_level {
            None => LevelFilter::INFO,
            Some(word) => word.parse().ok().with_context(|| {
                format!(
                    "FLARETOP_LOG: unknown level `{}`; use error, warn, info, debug or trace",
                    Plain::new(word)
                )
            })?,
        };
        Ok(Self {
            target,
            key,
            ca_cert: cli.ca_cert,
            interval: TimeDelta::milliseconds((cli.interval * 1000.0) as i64),
            read_only: cli.read_only,
            color: match cli.color {
                Color::Auto => !env.no_color && env.has_screen(),
                Color::Always => true,
                Color::Never => false,
            },
            ascii: cli.ascii || !env.utf8,
            log: cli.log,
            log_level,
            screen: env.has_screen(),
        })
    }

    /// What the app is told.
    pub fn options(&self) -> Options {
        Options {
            server: self.target.display().clone(),
            url: self.target.url().clone(),
            interval: self.interval,
            read_only: self.read_only,
            key_set: self.key.is_some(),
            seed: clock::now().timestamp_subsec_nanos().into(),
            keymap: Keymap::default(),
        }
    }

    /// What things look like.
    pub fn theme(&self) -> Theme {
        Theme::new(self.color, self.ascii)
    }

    /// Makes the client.
    ///
    /// # Errors
    /// Where a certificate cannot be read or used.
    pub fn connect(&self) -> Result<Client, SetupError> {
        Client::new(self.target.clone(), self.key.clone(), self.ca_cert.as_deref(), clock::now)
    }
}

/// The server cannot be reached, or does not let us in.
#[derive(Debug, thiserror::Error)]
#[error("cannot {} {url}: {why}{}", if .why.is_answer() { "use" } else { "reach" }, .why.advice().map(|a| format!("; {a}")).unwrap_or_default())]
pub struct Unreachable {
    url: Plain,
    why: Failure,
}

/// The error for a server that gave no list.
pub fn unreachable(target: &Target, why: &Failure) -> Unreachable {
    Unreachable { url: target.url().clone(), why: why.clone() }
}
