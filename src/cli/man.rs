//! The manual page, from the same definition as the help and from the table of keys.

use clap::{Arg, Command, CommandFactory as _};
use clap_mangen::Man;
use roff::{Inline, Roff, bold, italic, roman};

use super::Cli;
use crate::keymap::BINDINGS;

/// The variables of the environment that matter.
pub const ENVIRONMENT: [(&str, &str); 10] = [
    ("FLARETOP_URL", "The server's address, where neither one nor a server's name is given."),
    ("FLARETOP_API_KEY", "The API key of the server that is begun with."),
    ("FLARETOP_LOG", "The level of --log: error, warn, info, debug or trace."),
    ("NO_COLOR", "No colours, unless --color always."),
    ("COLORTERM", "truecolor or 24bit: the themes dark and light are drawn in all colours."),
    (
        "TERM",
        "What the terminal is: with dumb the table is printed once as text; with 256color it has 256 colours.",
    ),
    (
        "LC_ALL, LC_CTYPE, LANG",
        "The first that is set tells the locale; where that is not UTF-8, only ASCII is drawn.",
    ),
    ("XDG_CONFIG_HOME", "The folder of configurations; ~/.config where it is not set."),
    ("HOME", "What ~ means."),
    (
        "HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY",
        "The proxy to other machines; none is used to this one.",
    ),
];

/// The files that matter.
pub const FILES: [(&str, &str); 1] = [(
    "~/.config/flaretop/config.toml",
    "The configuration, in $XDG_CONFIG_HOME where that is set. `flaretop config default` prints one that says everything that can be said.",
)];

/// What the exit status tells.
pub const EXIT_STATUS: [(&str, &str); 6] = [
    ("0", "Fine. A pipe that nobody reads from any more is fine too."),
    ("1", "Something failed."),
    ("2", "Wrong usage, or a configuration, a key or a certificate file that cannot be used."),
    (
        "3",
        "The server cannot be reached, or does not let flaretop in. Only where the table is printed once: the dashboard stays and tries again.",
    ),
    ("4", "An account needs a person. Only where the table is printed once."),
    ("5", "No account can be used. Only where the table is printed once."),
];

/// The manual page, for `man`.
pub fn page() -> Vec<u8> {
    let mut command = Cli::command();
    command.build();
    let man = Man::new(command.clone()).manual("flaretop").date(" "); // an empty one would be left out, and what is after it taken for it
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = man.render_title(&mut page);
    let _ = man.render_name_section(&mut page);
    let _ = man.render_synopsis_section(&mut page);
    let _ = man.render_description_section(&mut page);
    let _ = man.render_options_section(&mut page);
    let mut rest = Roff::new();
    rest.control("SH", ["COMMANDS"]);
    for sub in command.get_subcommands() {
        subcommand("flaretop", sub, &mut rest);
    }
    keys(&mut rest);
    for (title, items) in
        [("FILES", &FILES[..]), ("ENVIRONMENT", &ENVIRONMENT), ("EXIT STATUS", &EXIT_STATUS)]
    {
        rest.control("SH", [title]);
        for (name, does) in items {
            item(vec![bold(*name)], does, &mut rest);
        }
    }
    rest.control("SH", ["EXAMPLES"]);
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let examples = after.lines().skip(1).take_while(|line| !line.is_empty());
    for (line, does) in examples.filter_map(|line| line.trim().split_once("  ")) {
        item(vec![bold(line)], &format!("{}.", does.trim()), &mut rest);
    }
    page.extend_from_slice(rest.to_roff().as_bytes());
    let _ = man.render_version_section(&mut page);
    page
}

/// A name, and what it is.
fn item(name: Vec<Inline>, does: &str, to: &mut Roff) {
    to.control("TP", []).text(name).text([roman(does)]);
}

/// A command with its options, or with its own commands.
fn subcommand(before: &str, command: &Command, to: &mut Roff) {
    let name = format!("{before} {}", command.get_name());
    if command.has_subcommands() {
        for sub in command.get_subcommands() {
            subcommand(&name, sub, to);
        }
        return;
    }
    let own = || command.get_arguments().filter(|a| !a.is_global_set() && a.get_id() != "help");
    let mut line = vec![bold(name)];
    for arg in own().filter(|a| a.is_positional()) {
        line.extend([roman(" "), italic(value_names(arg))]);
    }
    if own().any(|a| !a.is_positional()) {
        line.push(roman(" [options]"));
    }
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    item(line, &format!("{about}."), to);
    to.control("RS", []);
    for arg in own() {
        let mut line = match arg.get_long() {
            Some(long) => vec![bold(format!("--{long}"))],
            None => Vec::new(),
        };
        if arg.get_action().takes_values() {
            let gap = if line.is_empty() { "" } else { " " };
            line.extend([roman(gap), italic(value_names(arg))]);
        }
        item(line, &help(arg), to);
    }
    to.control("RE", []);
}

fn value_names(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    names.iter().map(clap::builder::Str::as_str).collect::<Vec<_>>().join(" ")
}

/// What an option does, with what it may be and what it is unless it is given.
fn help(arg: &Arg) -> String {
    let mut text = arg.get_help().map(ToString::to_string).unwrap_or_default();
    if !arg.get_action().takes_values() {
        return text + ".";
    }
    let possible: Vec<String> =
        arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if !possible.is_empty() {
        text = format!("{text}: {}", possible.join(", "));
    }
    let default: Vec<_> = arg.get_default_values().iter().map(|v| v.to_string_lossy()).collect();
    if !default.is_empty() {
        text = format!("{text} [default: {}]", default.join(" "));
    }
    text + "."
}

/// Every key, with the name of its action in the configuration.
fn keys(to: &mut Roff) {
    to.control("SH", ["KEYS"]);
    to.text([roman(
        "Those that change the server work only in the accounts pane. Others can be chosen in the configuration by the name in brackets.",
    )]);
    let mut scopes = Vec::new();
    for b in BINDINGS {
        if !scopes.contains(&b.scope) {
            scopes.push(b.scope);
        }
    }
    for scope in scopes {
        to.control("SS", [scope.place().as_str()]);
        for b in BINDINGS.iter().filter(|b| b.scope == scope) {
            item(vec![bold(b.keys.join(" "))], &format!("{} [{}].", b.help, b.action.name()), to);
        }
    }
}
