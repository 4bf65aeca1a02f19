//! The side effects: the loop, the terminal, signals, the clock, the log file.

mod alarm;
pub mod clock;
mod dashboard;
mod effects;
mod encode;
mod input;
mod logfile;
mod once;
mod signals;
mod terminal;

use std::process::ExitCode;

use crate::config::Config;

/// Does what the command line asks for.
///
/// # Errors
/// With a sentence that says what failed, where, and what to try.
pub fn run(config: &Config) -> anyhow::Result<ExitCode> {
    if let Some(path) = &config.log {
        logfile::open(path, config.log_level)?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = if config.screen {
        terminal::hook_panics();
        runtime
            .block_on(dashboard::run(config.options(), config.theme(), || config.connect()))
            .map(|()| ExitCode::SUCCESS)
    } else {
        runtime.block_on(once::print(config))
    };
    // A name that is still being looked up would hold the end back.
    runtime.shutdown_background();
    done
}
