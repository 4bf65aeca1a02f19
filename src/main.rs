//! The program: parse, run, turn an error into an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use flaretop::cli::{Cli, Command};
use flaretop::client::SetupError;
use flaretop::config::{Config, Environment, Unreachable};
use flaretop::demo::server::StartError;
use flaretop::runtime::Demo;

/// Wrong usage.
const USAGE: u8 = 2;
/// The server cannot be reached, or does not let us in.
const UNREACHABLE: u8 = 3;

fn main() -> ExitCode {
    let mut cli = Cli::parse();
    let env = Environment::read();
    if let Some(Command::Demo(options)) = cli.command.take() {
        let demo = match Demo::new(options, cli, &env) {
            Ok(demo) => demo,
            Err(error) => return complain(&error, USAGE),
        };
        if demo.lacks_screen() {
            no_screen();
        }
        return end(demo.run());
    }
    let config = match Config::new(cli, &env) {
        Ok(config) => config,
        Err(error) => return complain(&error, USAGE),
    };
    if !config.screen {
        no_screen();
    }
    end(flaretop::runtime::run(&config))
}

fn no_screen() {
    let _ = writeln!(std::io::stderr(), "flaretop: no terminal to draw on; here is the table once");
}

fn end(done: anyhow::Result<ExitCode>) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(error) if error.is::<Unreachable>() => complain(&error, UNREACHABLE),
        Err(error) if error.is::<SetupError>() => complain(&error, USAGE),
        Err(error) if matches!(error.downcast_ref(), Some(StartError::NotLoopback(_))) => {
            complain(&error, USAGE)
        }
        Err(error) => complain(&error, 1),
    }
}

fn complain(error: &anyhow::Error, code: u8) -> ExitCode {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(std::io::stderr(), "flaretop: {error:#}");
    ExitCode::from(code)
}
