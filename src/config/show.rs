//! `flaretop config`: where the file is, what it can say, and whether it is right.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;

use super::{DEFAULT_INTERVAL, Environment, File, KeySource, Server, usual};
use crate::cli::INTERVAL;
use crate::client::{Client, Secret};
use crate::keymap::{Action, BINDINGS, Keymap};
use crate::layout::columns::{Column, ColumnChoice};
use crate::model::Plain;
use crate::runtime::clock;
use crate::view::theme::ThemeName;

/// Where the file is looked for.
///
/// # Errors
/// Where no home is known.
pub fn path(named: Option<PathBuf>, env: &Environment) -> anyhow::Result<PathBuf> {
    named.or_else(|| env.config_file()).context("neither XDG_CONFIG_HOME nor HOME is set; use --config FILE")
}

/// A file that says everything that can be said, each setting with its default and behind a `#`.
pub fn default_file() -> String {
    let (least, most) = (INTERVAL.start(), INTERVAL.end());
    let theme = ThemeName::default().name();
    let mut columns = String::new();
    for column in Column::CHOSEN {
        let _ = writeln!(columns, "#{} = {:?}", column.name(), ColumnChoice::default().of(column).name());
    }
    let mut text = format!(
        "\
# flaretop's configuration. A line that begins with # and no blank after it is a setting as it is where nothing is said: take the #
# away to change it. The environment goes before this file, and options go before both. `flaretop config path` tells where the file
# belongs, `flaretop config check` whether it is right.

# Seconds between two polls of the list, from {least} to {most}.
#interval = {DEFAULT_INTERVAL}

# The colours. terminal: the terminal's own 16. dark, light: colours on a ground of their own, where the terminal has 256 or more
# of them; else as terminal. mono: none, as with NO_COLOR.
#theme = \"{theme}\"

# Change nothing on any server.
#read_only = false

# Click on a row, a switch, a column's name, a pane or a key's name at the bottom, and scroll with the wheel. Most terminals then
# select text only while shift is held.
#mouse = false

# The columns of the table. shown: where the width has room for it, on the first page or on those behind it. kept: before the columns
# that are only shown. hidden: on none. The key of choose_columns shows what becomes of them, and copies this part of the file.
#[columns]
{columns}
# Servers by name. `flaretop --server prod` watches this one, and the keys of previous_server and next_server go from one to the
# next. Where no server and no URL is named, the one with default = true is meant, or the only one, or else http://localhost:8080.
# ca_cert: trust the CA, or the server's own certificate, in this PEM file.
# key_command: a program that prints the API key within 30 seconds. It is split into words as a shell would, and run without one:
# for the server that is begun with before the screen is taken, so that it may ask for a passphrase; for another one when it is
# gone to, and without a terminal. Or api_key_file = \"~/ccflare.key\", a file that nobody else can read.
# A path that does not begin with / or ~/ is one beside this file.
#[servers.prod]
#url = \"https://ccflare.example:8443\"
#ca_cert = \"~/ca.pem\"
#key_command = \"pass show ccflare\"
#default = true

# The keys of each action, the one that is named first. An empty list takes them all away; ctrl-c quits whatever is said here.
# Keys are written like j, P, space, ctrl-r, alt-x, f5, pgdn or esc.
#[keys]
"
    );
    let mut told: Vec<Action> = Vec::new();
    for b in BINDINGS {
        if told.contains(&b.action) {
            continue;
        }
        told.push(b.action);
        let mut line = format!("#{} = {:?}", b.action.name(), Keymap::usual(b.action));
        let blanks = 40usize.saturating_sub(line.len()).max(1);
        line.extend(std::iter::repeat_n(' ', blanks));
        let _ = writeln!(text, "{line}# {}: {}", b.scope.place(), b.help);
    }
    text
}

/// Whether the file can be used, and the keys and certificates that it names; no program is run. The error says what cannot.
///
/// # Errors
/// With everything that is wrong.
pub fn check(named: Option<PathBuf>, env: &Environment) -> anyhow::Result<String> {
    let file = File::of(named.as_deref(), env)?;
    let shown = Plain::new(&path(named, env)?.to_string_lossy());
    if !file.found {
        return Ok(format!("{shown}: is not there, so every default holds\n"));
    }
    let mut text = format!("{shown}: is right\n");
    let begun = usual(&file);
    let mut wrong = Vec::new();
    for (place, named) in file.servers.iter().enumerate() {
        let name = &named.name;
        let server = Server::from(named.clone());
        let key = match &server.key {
            KeySource::None | KeySource::Set(_) => "no API key".to_owned(),
            KeySource::File(path) => match Secret::from_file(path) {
                Ok(_) => "API key from its file".to_owned(),
                Err(why) => {
                    wrong.push(format!("servers.{name}: {why}"));
                    continue;
                }
            },
            KeySource::Command(words) => {
                format!("API key from {}", Plain::new(words.first().map_or("", String::as_str)))
            }
        };
        let certificates = Client::new(server.target.clone(), None, server.ca_cert.as_deref(), clock::now);
        if let Err(why) = certificates {
            wrong.push(format!("servers.{name}: {why}"));
            continue;
        }
        let usual = if begun == Some(place) { ", the one that is begun with" } else { "" };
        let _ = writeln!(text, "servers.{name}: {}, {key}{usual}", server.target.url());
    }
    let chosen = file.columns.chosen().count();
    if chosen > 0 {
        let s = if chosen == 1 { "" } else { "s" };
        let _ = writeln!(text, "columns: {chosen} column{s} kept or hidden");
    }
    if file.own_keys > 0 {
        let s = if file.own_keys == 1 { "" } else { "s" };
        let _ = writeln!(text, "keys: {} action{s} with keys of your own", file.own_keys);
    }
    if wrong.is_empty() {
        Ok(text)
    } else {
        anyhow::bail!("{shown}: {}", wrong.join(&format!("\n{shown}: ")))
    }
}
