//! The program: parse, run, turn an error into an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use flaretop::cli::Cli;
use flaretop::config::{Config, Environment, Unreachable};

/// Wrong usage.
const USAGE: u8 = 2;
/// The server cannot be reached, or does not let us in.
const UNREACHABLE: u8 = 3;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let env = Environment::read();
    let config = match Config::new(cli, &env) {
        Ok(config) => config,
        Err(error) => return complain(&error, USAGE),
    };
    if !config.screen {
        let _ = writeln!(std::io::stderr(), "flaretop: no terminal to draw on; here is the table once");
    }
    match flaretop::runtime::run(&config) {
        Ok(code) => code,
        Err(error) if error.is::<Unreachable>() => complain(&error, UNREACHABLE),
        Err(error) if error.is::<flaretop::client::SetupError>() => complain(&error, USAGE),
        Err(error) => complain(&error, 1),
    }
}

fn complain(error: &anyhow::Error, code: u8) -> ExitCode {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(std::io::stderr(), "flaretop: {error:#}");
    ExitCode::from(code)
}
