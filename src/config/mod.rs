//! What was asked for, checked: defaults, then the configuration file, then the environment, then options.

mod file;
mod key_command;
mod server;
mod show;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::TimeDelta;
use tracing::level_filters::LevelFilter;

pub use file::{File, FileError, Problems};
pub use key_command::{Asks, CommandError};
pub use server::{KeySource, Named, Server, ServerError};
pub use show::{check, default_file, path};

use crate::app::{Options, Served};
use crate::cli::{Cli, Color};
use crate::client::{Secret, Target};
use crate::keymap::Keymap;
use crate::layout::ColumnChoice;
use crate::model::{Failure, Plain};
use crate::nearest::instead;
use crate::runtime::clock;
use crate::view::theme::{Depth, Theme, ThemeName};

/// Where the server is unless something else is said.
const DEFAULT_URL: &str = "http://localhost:8080";
/// Seconds between two polls unless something else is said.
const DEFAULT_INTERVAL: f64 = 5.0;

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
    /// How many colours `COLORTERM` and `TERM` say that the terminal has.
    pub depth: Depth,
    /// `XDG_CONFIG_HOME`, which counts where it begins at the root.
    pub config_home: Option<PathBuf>,
    /// `HOME`.
    pub home: Option<PathBuf>,
}

impl Environment {
    /// The process's own.
    pub fn read() -> Self {
        use std::io::IsTerminal as _;
        let text = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
        let folder = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        Self {
            url: text("FLARETOP_URL"),
            api_key: std::env::var_os("FLARETOP_API_KEY").filter(|v| !v.is_empty()).map(Hidden),
            log_level: text("FLARETOP_LOG"),
            no_color: text("NO_COLOR").is_some(),
            utf8: is_utf8(text("LC_ALL").or_else(|| text("LC_CTYPE")).or_else(|| text("LANG")).as_deref()),
            dumb: text("TERM").is_none_or(|t| t == "dumb"),
            terminal: std::io::stdout().is_terminal(),
            depth: depth(text("COLORTERM").as_deref(), text("TERM").as_deref()),
            config_home: folder("XDG_CONFIG_HOME").filter(|p| p.is_absolute()),
            home: folder("HOME"),
        }
    }

    /// Where the configuration file is looked for.
    pub fn config_file(&self) -> Option<PathBuf> {
        let home = self.config_home.clone().or_else(|| self.home.as_ref().map(|h| h.join(".config")))?;
        Some(home.join("flaretop").join("config.toml"))
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

/// How many colours a terminal of these two names has.
fn depth(colorterm: Option<&str>, term: Option<&str>) -> Depth {
    let term = term.unwrap_or_default();
    match colorterm {
        Some("truecolor" | "24bit") => Depth::True,
        _ if term.ends_with("-direct") => Depth::True,
        _ if term.contains("256color") => Depth::Indexed,
        _ => Depth::Sixteen,
    }
}

/// What was asked for, checked.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Config {
    /// The server to begin with.
    pub server: Server,
    /// Every server that can be gone to, that one among them.
    pub servers: Vec<Server>,
    /// Its place among them.
    pub place: usize,
    /// The time between two polls.
    pub interval: TimeDelta,
    /// Change nothing.
    pub read_only: bool,
    /// Use colours.
    pub color: bool,
    /// Which.
    pub theme: ThemeName,
    /// How many there are.
    pub depth: Depth,
    /// ASCII only.
    pub ascii: bool,
    /// Take clicks.
    pub mouse: bool,
    /// The table's columns.
    pub columns: ColumnChoice,
    /// The keys.
    pub keymap: Keymap,
    /// flaretop's own log.
    pub log: Option<PathBuf>,
    /// Its level.
    pub log_level: LevelFilter,
    /// There is a terminal to draw on.
    pub screen: bool,
}

impl File {
    /// The file that the command line names, else the usual one, where there is one.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn of(named: Option<&Path>, env: &Environment) -> Result<Self, FileError> {
        let usual = env.config_file();
        match (named, usual) {
            (Some(path), _) => Self::load(path, true, env.home.as_deref()),
            (None, Some(path)) => Self::load(&path, false, env.home.as_deref()),
            (None, None) => Ok(Self::default()),
        }
    }
}

impl Config {
    /// Puts the configuration file, the environment and the command line together.
    ///
    /// # Errors
    /// With what is wrong, where it was said, and what to try.
    pub fn new(cli: Cli, env: &Environment, file: File) -> anyhow::Result<Self> {
        let mut servers: Vec<Server> = Vec::new();
        let (found, place) = match (&cli.url, &cli.server, &env.url) {
            (Some(url), ..) => (Some(Server::at(Target::parse(url).context("URL")?)), 0),
            (None, Some(name), _) => (None, named(&file, name)?),
            (None, None, Some(url)) => (Some(Server::at(Target::parse(url).context("FLARETOP_URL")?)), 0),
            (None, None, None) => match usual(&file) {
                Some(place) => (None, place),
                None => (Some(Server::at(Target::parse(DEFAULT_URL).context("URL")?)), 0),
            },
        };
        servers.extend(found);
        servers.extend(file.servers.into_iter().map(Server::from));
        // The environment and the options speak of the server that is begun with: its key is nobody else's business.
        let Some(first) = servers.get_mut(place) else { bail!("there is no server") };
        match (&cli.api_key_file, &env.api_key) {
            (Some(file), _) => {
                first.key = KeySource::Set(Secret::from_file(file).context("--api-key-file")?);
            }
            (None, Some(Hidden(value))) => {
                let value = value.to_str().context("FLARETOP_API_KEY: not UTF-8")?;
                first.key = KeySource::Set(Secret::from_env_value(value).context("FLARETOP_API_KEY")?);
            }
            (None, None) => {}
        }
        if cli.ca_cert.is_some() {
            first.ca_cert = cli.ca_cert;
        }
        let server = first.clone();
        let log_level = match &env.log_level {
            None => LevelFilter::INFO,
            Some(word) => word.parse().ok().with_context(|| {
                format!(
                    "FLARETOP_LOG: unknown level `{}`; use error, warn, info, debug or trace",
                    Plain::new(word)
                )
            })?,
        };
        let interval = cli.interval.or(file.interval).unwrap_or(DEFAULT_INTERVAL);
        Ok(Self {
            server,
            servers,
            place,
            interval: TimeDelta::milliseconds((interval * 1000.0) as i64),
            read_only: cli.read_only || file.read_only.unwrap_or_default(),
            color: match cli.color {
                Color::Auto => !env.no_color && env.has_screen(),
                Color::Always => true,
                Color::Never => false,
            },
            theme: file.theme.unwrap_or_default(),
            depth: env.depth,
            ascii: cli.ascii || !env.utf8,
            mouse: file.mouse.unwrap_or_default(),
            columns: file.columns,
            keymap: file.keymap,
            log: cli.log,
            log_level,
            screen: env.has_screen(),
        })
    }

    /// What the app is told.
    pub fn options(&self) -> Options {
        let served = |server: &Server| Served {
            name: server.name.clone(),
            server: server.target.display().clone(),
            url: server.target.url().clone(),
            key_set: server.has_key(),
        };
        let Served { name, server, url, key_set } = served(&self.server);
        Options {
            name,
            server,
            url,
            key_set,
            interval: self.interval,
            read_only: self.read_only,
            seed: clock::now().timestamp_subsec_nanos().into(),
            keymap: self.keymap.clone(),
            columns: self.columns,
            servers: self.servers.iter().map(served).collect(),
            place: self.place,
        }
    }

    /// What things look like.
    pub fn theme(&self) -> Theme {
        Theme::named(self.theme, self.depth, self.color, self.ascii)
    }
}

/// The place of the server of that name.
fn named(file: &File, name: &str) -> anyhow::Result<usize> {
    if let Some(place) = file.servers.iter().position(|s| s.name.as_str() == name) {
        return Ok(place);
    }
    let name = Plain::new(name);
    let names: Vec<&str> = file.servers.iter().map(|s| s.name.as_str()).collect();
    let path = file.path.as_deref().map_or_else(|| "the configuration".into(), Path::to_string_lossy);
    let path = Plain::new(&path);
    match names.as_slice() {
        [] => bail!("--server: no server `{name}`, as {path} names none; write [servers.{name}] there"),
        names => bail!("--server: no server `{name}` in {path}{}", instead(name.as_str(), names)),
    }
}

/// The place of the server that is meant where none is named: the one that says so, or the only one.
fn usual(file: &File) -> Option<usize> {
    let marked = file.servers.iter().position(|s| s.default);
    marked.or(if file.servers.len() == 1 { Some(0) } else { None })
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    fn file(text: &str) -> File {
        let read = File::read(text, Path::new("/etc"), None).unwrap_or_else(|e| panic!("{e:?}"));
        File { path: Some("/etc/config.toml".into()), ..read }
    }

    fn config(args: &[&str], env: &Environment, text: &str) -> Result<Config, String> {
        let cli = Cli::try_parse_from([&["flaretop"], args].concat()).expect("options");
        Config::new(cli, env, file(text)).map_err(|e| format!("{e:#}"))
    }

    fn begins_with(args: &[&str], env: &Environment, text: &str) -> String {
        let config = config(args, env, text).expect("a configuration");
        let name = config.server.name.map(|n| n.to_string()).unwrap_or_default();
        format!("{name} {}", config.server.target.display()).trim_start().to_owned()
    }

    const TWO: &str = "[servers.a]\nurl = \"one:1\"\n[servers.b]\nurl = \"two:2\"\ndefault = true\n";

    fn at(url: &str) -> Environment {
        Environment { url: Some(url.to_owned()), ..Environment::default() }
    }

    #[test]
    fn options_go_before_the_environment_and_that_before_the_file() {
        let none = Environment::default();
        assert_eq!(begins_with(&[], &none, ""), "localhost:8080");
        assert_eq!(begins_with(&[], &none, TWO), "b two:2");
        assert_eq!(begins_with(&[], &none, "servers.only.url = \"x:1\""), "only x:1");
        assert_eq!(
            begins_with(&[], &none, "servers.a.url = \"x:1\"\nservers.b.url = \"y:1\""),
            "localhost:8080"
        );
        assert_eq!(begins_with(&[], &at("env:3"), TWO), "env:3");
        assert_eq!(begins_with(&["--server", "a"], &at("env:3"), TWO), "a one:1");
        assert_eq!(begins_with(&["arg:4"], &at("env:3"), TWO), "arg:4");
        let set = "interval = 9\nread_only = true\ntheme = \"dark\"\nmouse = true";
        let from_file = config(&[], &none, set).expect("a configuration");
        assert_eq!((from_file.interval, from_file.read_only), (TimeDelta::seconds(9), true));
        assert_eq!((from_file.theme, from_file.mouse), (ThemeName::Dark, true));
        let from_option = config(&["--interval", "2"], &none, set).expect("a configuration");
        assert_eq!(from_option.interval, TimeDelta::seconds(2));
        let default = config(&[], &none, "").expect("a configuration");
        assert_eq!((default.interval, default.read_only), (TimeDelta::seconds(5), false));
        assert_eq!((default.theme, default.mouse), (ThemeName::Terminal, false));
    }

    #[test]
    fn every_server_of_the_file_can_be_gone_to_and_the_one_that_was_named_besides() {
        let places = |args: &[&str]| {
            let config = config(args, &Environment::default(), TWO).expect("a configuration");
            let names = config.servers.iter().map(|s| s.target.display().to_string()).collect::<Vec<_>>();
            assert_eq!(config.servers[config.place], config.server);
            assert_eq!(config.options().servers.len(), names.len());
            (names.join(" "), config.place)
        };
        assert_eq!(places(&[]), ("one:1 two:2".to_owned(), 1));
        assert_eq!(places(&["--server", "a"]), ("one:1 two:2".to_owned(), 0));
        assert_eq!(places(&["x:9"]), ("x:9 one:1 two:2".to_owned(), 0));
    }

    #[test]
    fn a_key_of_the_environment_is_for_the_server_that_is_begun_with_and_no_other() {
        let text = format!("{TWO}key_command = \"pass b\"\n");
        let env = Environment { api_key: Some(Hidden("btr-env".into())), ..Environment::default() };
        let config = config(&["--server", "b", "--ca-cert", "x.pem"], &env, &text).expect("a configuration");
        let secret = Secret::from_env_value("btr-env").expect("a key");
        assert_eq!(config.server.key, KeySource::Set(secret), "it goes before the file's");
        assert_eq!(config.servers[0].key, KeySource::None);
        assert_eq!(config.servers[0].ca_cert, None);
        assert!(!format!("{config:?}").contains("btr"), "and is shown nowhere");
    }

    #[test]
    fn a_server_that_is_not_there_is_told_with_those_that_are() {
        let told =
            |name, text| config(&["--server", name], &Environment::default(), text).expect_err("refused");
        let text = "servers.prod.url = \"a\"\nservers.staging.url = \"b\"";
        assert_eq!(
            told("prdo", text),
            "--server: no server `prdo` in /etc/config.toml; did you mean `prod`?"
        );
        assert_eq!(
            told("elsewhere", text),
            "--server: no server `elsewhere` in /etc/config.toml; there are prod, staging"
        );
        assert!(told("prod", "").contains("/etc/config.toml names none; write [servers.prod] there"));
    }

    #[test]
    fn a_terminals_colours_are_told_by_its_names() {
        for (colorterm, term, expected) in [
            (None, None, Depth::Sixteen),
            (None, Some("xterm"), Depth::Sixteen),
            (None, Some("screen-256color"), Depth::Indexed),
            (None, Some("xterm-direct"), Depth::True),
            (Some("truecolor"), Some("xterm"), Depth::True),
            (Some("24bit"), None, Depth::True),
            (Some("yes"), Some("xterm-256color"), Depth::Indexed),
        ] {
            assert_eq!(depth(colorterm, term), expected, "{colorterm:?} {term:?}");
        }
    }

    #[test]
    fn the_file_is_where_the_freedesktop_specification_says() {
        let env = |config: Option<&str>, home: Option<&str>| Environment {
            config_home: config.map(PathBuf::from),
            home: home.map(PathBuf::from),
            ..Environment::default()
        };
        let at = |env: Environment| env.config_file().map(|p| p.display().to_string());
        assert_eq!(at(env(None, Some("/home/me"))).as_deref(), Some("/home/me/.config/flaretop/config.toml"));
        assert_eq!(at(env(Some("/conf"), Some("/home/me"))).as_deref(), Some("/conf/flaretop/config.toml"));
        assert_eq!(at(env(None, None)), None);
    }
}
