//! The configuration file: what it says, and everything that is wrong with it, by line.

use std::fmt;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::server::Named;
use crate::cli::INTERVAL;
use crate::keymap::Keymap;
use crate::layout::ColumnChoice;
use crate::model::Plain;
use crate::nearest::instead;
use crate::view::theme::ThemeName;

/// More than this is no configuration.
const LONGEST: u64 = 1 << 20;

/// What can be set.
pub(super) const SETTINGS: [&str; 7] =
    ["interval", "theme", "read_only", "mouse", "columns", "servers", "keys"];
/// What can be said of a server.
pub(super) const OF_A_SERVER: [&str; 5] = ["url", "ca_cert", "key_command", "api_key_file", "default"];

/// What a configuration file says; none where it says nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// Where it is, or would be.
    pub path: Option<PathBuf>,
    /// It is there.
    pub found: bool,
    /// Seconds between two polls.
    pub interval: Option<f64>,
    /// The theme.
    pub theme: Option<ThemeName>,
    /// Change nothing.
    pub read_only: Option<bool>,
    /// Take clicks.
    pub mouse: Option<bool>,
    /// The table's columns.
    pub columns: ColumnChoice,
    /// The servers, in the file's order.
    pub servers: Vec<Named>,
    /// The keys.
    pub keymap: Keymap,
    /// How many actions the user gave keys to.
    pub own_keys: usize,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Problem {
    /// Counted from 1.
    line: usize,
    what: String,
}

/// Why a configuration file cannot be used.
#[derive(Debug)]
pub enum FileError {
    /// It cannot be read.
    Unreadable(Plain, std::io::Error),
    /// It is no configuration at all.
    NoText(Plain, &'static str),
    /// This is wrong with it.
    Wrong(Plain, Problems),
}

/// Everything that is wrong with a file, by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl std::error::Error for FileError {}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, why) => write!(f, "{path}: cannot be read: {why}"),
            Self::NoText(path, what) => write!(f, "{path}: {what}"),
            Self::Wrong(path, Problems(problems)) => {
                for (i, Problem { line, what }) in problems.iter().enumerate() {
                    let end = if i == 0 { "" } else { "\n" };
                    write!(f, "{end}{path}:{line}: {what}")?;
                }
                Ok(())
            }
        }
    }
}

impl File {
    /// Reads the file at `path`. Where `must_be` is false a file that is not there says nothing, and that is no error.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn load(path: &Path, must_be: bool, home: Option<&Path>) -> Result<Self, FileError> {
        let shown = || Plain::from(path.to_string_lossy());
        let mut bytes = Vec::new();
        let read = std::fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes));
        match read {
            Err(why) if why.kind() == ErrorKind::NotFound && !must_be => {
                return Ok(Self { path: Some(path.to_owned()), ..Self::default() });
            }
            Err(why) => return Err(FileError::Unreadable(shown(), why)),
            Ok(_) if bytes.len() as u64 > LONGEST => {
                return Err(FileError::NoText(shown(), "is larger than 1 MiB, which is no configuration"));
            }
            Ok(_) => {}
        }
        let text = String::from_utf8(bytes).map_err(|_| FileError::NoText(shown(), "is not UTF-8"))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let read = Self::read(&text, folder, home).map_err(|problems| FileError::Wrong(shown(), problems))?;
        Ok(Self { path: Some(path.to_owned()), found: true, ..read })
    }

    /// Reads a configuration's text. Files that it names without a `/` in front are in `folder`, or with `~/` in `home`.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn read(text: &str, folder: &Path, home: Option<&Path>) -> Result<Self, Problems> {
        let mut reader = Reader { text, folder, home, problems: Vec::new() };
        let mut file = Self::default();
        match DeTable::parse(text) {
            Ok(table) => reader.settings(table.get_ref(), &mut file),
            Err(error) => {
                let what = error.message().lines().collect::<Vec<_>>().join(", ");
                reader.wrong(error.span().map_or(0, |span| span.start), what);
            }
        }
        let mut problems = reader.problems;
        problems.sort_by_key(|p| p.line);
        if problems.is_empty() { Ok(file) } else { Err(Problems(problems)) }
    }
}

/// A value of a table, its name, and where that stands.
struct Entry<'t, 'i> {
    at: usize,
    name: &'t str,
    value: &'t DeValue<'i>,
}

/// A table's entries in the text's order.
fn entries<'t, 'i>(table: &'t DeTable<'i>) -> Vec<Entry<'t, 'i>> {
    let entry = |(key, value): (&'t Spanned<_>, &'t Spanned<DeValue<'i>>)| {
        let name: &'t std::borrow::Cow<'i, str> = key.get_ref();
        Entry { at: key.span().start, name, value: value.get_ref() }
    };
    let mut entries: Vec<Entry<'t, 'i>> = table.iter().map(entry).collect();
    entries.sort_by_key(|e| e.at);
    entries
}

struct Reader<'r> {
    text: &'r str,
    folder: &'r Path,
    home: Option<&'r Path>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: usize, what: impl AsRef<str>) {
        let line = self.text.bytes().take(at).filter(|b| *b == b'\n').count() + 1;
        // The user's own words are in it, and a file may hold anything.
        self.problems.push(Problem { line, what: Plain::new(what.as_ref()).to_string() });
    }

    fn settings(&mut self, table: &DeTable<'_>, file: &mut File) {
        for entry in entries(table) {
            match entry.name {
                "interval" => file.interval = self.interval(&entry),
                "theme" => file.theme = self.theme(&entry),
                "read_only" => file.read_only = self.switch(&entry),
                "mouse" => file.mouse = self.switch(&entry),
                "columns" => file.columns = self.columns(&entry),
                "servers" => file.servers = self.servers(&entry),
                "keys" => self.keys(&entry, file),
                "on" => self.wrong(entry.at, "this version has no alerts: take the [[on]] rules out"),
                name => self.wrong(entry.at, format!("unknown key `{name}`{}", instead(name, &SETTINGS))),
            }
        }
    }

    fn interval(&mut self, entry: &Entry<'_, '_>) -> Option<f64> {
        let seconds = match entry.value {
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64),
            DeValue::Float(n) => n.as_str().parse().ok(),
            _ => None,
        };
        let fits = seconds.filter(|s| INTERVAL.contains(s));
        if fits.is_none() {
            let (least, most) = (INTERVAL.start(), INTERVAL.end());
            self.wrong(
                entry.at,
                format!("interval must be a number of seconds from {least} to {most}, like 5"),
            );
        }
        fits
    }

    fn theme(&mut self, entry: &Entry<'_, '_>) -> Option<ThemeName> {
        let word = self.words(entry, "\"dark\"")?;
        let found = ThemeName::ALL.into_iter().find(|t| t.name() == word);
        if found.is_none() {
            let names = ThemeName::ALL.map(ThemeName::name);
            self.wrong(entry.at, format!("unknown theme `{word}`{}", instead(&word, &names)));
        }
        found
    }

    fn switch(&mut self, entry: &Entry<'_, '_>) -> Option<bool> {
        let DeValue::Boolean(on) = entry.value else {
            self.wrong(entry.at, format!("{} must be true or false", entry.name));
            return None;
        };
        Some(*on)
    }

    fn words(&mut self, entry: &Entry<'_, '_>, like: &str) -> Option<String> {
        let DeValue::String(text) = entry.value else {
            self.wrong(entry.at, format!("{} must be text in quotes, like {like}", entry.name));
            return None;
        };
        Some(text.to_string())
    }

    fn path(&mut self, entry: &Entry<'_, '_>, like: &str) -> Option<PathBuf> {
        let text = self.words(entry, like)?;
        if text.is_empty() {
            self.wrong(entry.at, format!("{} is empty", entry.name));
            return None;
        }
        match (text.strip_prefix("~/"), self.home) {
            (Some(rest), Some(home)) => Some(home.join(rest)),
            (Some(_), None) => {
                self.wrong(entry.at, format!("{}: ~ is not known here, as HOME is not set", entry.name));
                None
            }
            (None, _) => Some(self.folder.join(text)),
        }
    }
}

mod columns;
mod keys;
mod servers;

#[cfg(test)]
mod tests;
