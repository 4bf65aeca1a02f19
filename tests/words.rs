//! The words that people rely on: the help, and the tables in README.

use clap::CommandFactory as _;
use flaretop::keymap::BINDINGS;

const README: &str = include_str!("../README.md");

#[test]
fn the_help_is_as_it_was_looked_at() {
    let help = flaretop::cli::Cli::command().term_width(100).render_long_help().to_string();
    insta::assert_snapshot!(help);
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

#[test]
fn readmes_picture_is_what_the_program_draws() {
    let snapshot = include_str!("snapshots/screens__story-80x24.snap");
    let drawn: Vec<&str> = snapshot.lines().filter_map(|l| l.strip_suffix('¦')).map(str::trim_end).collect();
    assert_eq!(drawn.len(), 24);
    let shown: Vec<&str> =
        README.lines().skip_while(|l| *l != "```text").skip(1).take_while(|l| *l != "```").collect();
    assert_eq!(shown, drawn, "copy the screen from tests/snapshots/screens__story-80x24.snap");
}
