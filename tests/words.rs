//! The words that people rely on: the help, and the tables in README.

use clap::CommandFactory as _;
use flaretop::keymap::BINDINGS;

const README: &str = include_str!("../README.md");

#[test]
fn the_help_is_as_it_was_looked_at() {
    let help = flaretop::cli::Cli::command().term_width(100).render_long_help().to_string();
    insta::assert_snapshot!(help);
}

/// The manual page, without the version and without the keys, which the table of keys has.
#[test]
fn the_manual_page_is_as_it_was_looked_at() {
    let page = String::from_utf8(flaretop::cli::man::page()).expect("UTF-8");
    let (before, rest) = page.split_once(".SH KEYS\n").expect("a section of keys");
    let (_, after) = rest.split_once(".SH FILES\n").expect("a section of files");
    let page =
        format!("{before}.SH KEYS\n…\n.SH FILES\n{after}").replace(env!("CARGO_PKG_VERSION"), "VERSION");
    insta::assert_snapshot!(page);
}

#[test]
fn the_manual_page_has_every_key_option_variable_and_exit_status() {
    let page = String::from_utf8(flaretop::cli::man::page()).expect("UTF-8").replace("\\-", "-");
    for section in [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "OPTIONS",
        "COMMANDS",
        "KEYS",
        "FILES",
        "ENVIRONMENT",
        "\"EXIT STATUS\"",
        "EXAMPLES",
    ] {
        assert_eq!(page.matches(&format!(".SH {section}\n")).count(), 1, "{section}");
    }
    for b in BINDINGS {
        let entry = format!("\\fB{}\\fR\n{} [{}].\n", b.keys.join(" "), b.help, b.action.name());
        assert!(page.contains(&entry), "{entry}");
    }
    let command = flaretop::cli::Cli::command();
    let options =
        command.get_subcommands().flat_map(clap::Command::get_arguments).chain(command.get_arguments());
    for option in options.filter_map(|a| a.get_long()) {
        assert!(page.contains(&format!("--{option}")), "--{option}");
    }
    for sub in command.get_subcommands() {
        assert!(page.contains(&format!("flaretop {}", sub.get_name())), "{}", sub.get_name());
    }
    for (name, _) in flaretop::cli::man::ENVIRONMENT.iter().chain(&flaretop::cli::man::EXIT_STATUS) {
        assert!(page.contains(&format!("\\fB{name}\\fR")), "{name}");
    }
    // A line that begins with a dot or an apostrophe is a request; every other would be lost text.
    let request = |line: &str| {
        [".SH", ".SS", ".TP", ".TH", ".PP", ".RS", ".RE", ".br", ".IP", ".ie", ".el"]
            .iter()
            .any(|r| line.starts_with(r))
    };
    for line in page.lines().filter(|l| l.starts_with(['.', '\''])) {
        assert!(request(line), "{line}");
    }
}

#[test]
fn readme_tells_what_the_manual_page_does() {
    for (number, _) in flaretop::cli::man::EXIT_STATUS {
        assert!(README.lines().any(|l| l.starts_with(&format!("| {number} | "))), "exit status {number}");
    }
    for name in
        ["FLARETOP_URL", "FLARETOP_API_KEY", "FLARETOP_LOG", "NO_COLOR", "COLORTERM", "XDG_CONFIG_HOME"]
    {
        assert!(flaretop::cli::man::ENVIRONMENT.iter().any(|(n, _)| n.contains(name)), "{name}");
        assert!(README.contains(name), "{name}");
    }
}

#[test]
fn every_shell_gets_completions_of_every_option_and_command() {
    use clap::ValueEnum as _;
    let command = flaretop::cli::Cli::command();
    let options: Vec<&str> = command.get_arguments().filter_map(|a| a.get_long()).collect();
    let commands: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    for shell in clap_complete::Shell::value_variants() {
        let script = String::from_utf8(flaretop::cli::completions(*shell)).expect("UTF-8");
        for word in options.iter().chain(&commands) {
            assert!(script.contains(word), "{word} for {shell}");
        }
    }
}

#[test]
fn the_demos_help_is_as_it_was_looked_at() {
    let mut command = flaretop::cli::Cli::command();
    command.build();
    let mut demo = command.find_subcommand("demo").expect("the demo").clone().term_width(100);
    insta::assert_snapshot!(demo.render_long_help().to_string());
    for option in demo.get_arguments().filter_map(|a| a.get_long()) {
        assert!(
            option == "help" || README.contains(&format!("--{option}")),
            "README does not name --{option}"
        );
    }
}

#[test]
fn readmes_key_table_is_the_table_of_keys() {
    let wanted: Vec<String> = BINDINGS
        .iter()
        .map(|b| {
            let keys: Vec<String> = b.keys.iter().map(|k| format!("`{k}`")).collect();
            format!("| {} | {:?} | {} |", keys.join(", "), b.scope, b.help)
        })
        .collect();
    let header =
        README.lines().position(|l| l == "| Keys | Where | Does |").expect("README has the table of keys");
    let found: Vec<&str> = README.lines().skip(header + 2).take_while(|l| l.starts_with('|')).collect();
    assert_eq!(found, wanted);
}

#[test]
fn readme_names_every_option_and_variable() {
    let command = flaretop::cli::Cli::command();
    for option in command.get_arguments().filter_map(|a| a.get_long()) {
        if !matches!(option, "help" | "version") {
            assert!(README.contains(&format!("--{option}")), "README does not name --{option}");
        }
    }
    for variable in ["FLARETOP_URL", "FLARETOP_API_KEY", "FLARETOP_LOG", "NO_COLOR"] {
        assert!(README.contains(variable), "README does not name {variable}");
    }
}
