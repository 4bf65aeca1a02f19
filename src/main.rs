//! The program: parse, run, turn an error into an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use flaretop::cli::{Cli, Command, ConfigCommand};
use flaretop::config::{self, Config, Environment, File, FileError, ServerError, Unreachable};
use flaretop::demo::server::StartError;
use flaretop::runtime::Demo;

/// Wrong usage.
const USAGE: u8 = 2;
/// The server cannot be reached, or does not let us in.
const UNREACHABLE: u8 = 3;

fn main() -> ExitCode {
    let mut cli = Cli::parse();
    let env = Environment::read();
    let command = cli.command.take();
    if let (Some(command), Some(other)) = (&command, cli.server_words()) {
        let words = format!("{other} and `{}` do not go together; leave one out", command.name());
        return complain(&anyhow::anyhow!(words), USAGE);
    }
    match command {
        Some(Command::Config(command)) => return configuration(command, cli, &env),
        Some(Command::Completions { shell }) => return print(&flaretop::cli::completions(shell)),
        Some(Command::Man) => return print(&flaretop::cli::man::page()),
        Some(Command::Demo(_)) | None => {}
    }
    let file = match File::of(cli.config.as_deref(), &env) {
        Ok(file) => file,
        Err(error) => return complain(&error.into(), USAGE),
    };
    if let Some(Command::Demo(options)) = command {
        let demo = match Demo::new(options, cli, &env, file) {
            Ok(demo) => demo,
            Err(error) => return complain(&error, USAGE),
        };
        if demo.lacks_screen() {
            no_screen();
        }
        return end(demo.run());
    }
    let config = match Config::new(cli, &env, file) {
        Ok(config) => config,
        Err(error) => return complain(&error, USAGE),
    };
    if !config.screen {
        no_screen();
    }
    end(flaretop::runtime::run(&config))
}

fn configuration(command: ConfigCommand, cli: Cli, env: &Environment) -> ExitCode {
    let text = match command {
        ConfigCommand::Path => config::path(cli.config, env).map(|path| format!("{}\n", path.display())),
        ConfigCommand::Default => Ok(config::default_file()),
        ConfigCommand::Check => config::check(cli.config, env),
    };
    match text {
        Ok(text) => print(text.as_bytes()),
        Err(error) => complain(&error, USAGE),
    }
}

/// Prints `text`. A pipe that nobody reads from any more has had enough.
fn print(text: &[u8]) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => complain(&error.into(), 1),
        _ => ExitCode::SUCCESS,
    }
}

fn no_screen() {
    let _ = writeln!(std::io::stderr(), "flaretop: no terminal to draw on; here is the table once");
}

fn end(done: anyhow::Result<ExitCode>) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(error) if error.is::<Unreachable>() => complain(&error, UNREACHABLE),
        Err(error) if is_usage(&error) => complain(&error, USAGE),
        Err(error) => complain(&error, 1),
    }
}

/// True where it was said wrongly what is to be done: an option, a file that was named, or what is in it.
fn is_usage(error: &anyhow::Error) -> bool {
    error.is::<ServerError>()
        || error.is::<FileError>()
        || matches!(error.downcast_ref(), Some(StartError::NotLoopback(_)))
}

fn complain(error: &anyhow::Error, code: u8) -> ExitCode {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(std::io::stderr(), "flaretop: {error:#}");
    ExitCode::from(code)
}
