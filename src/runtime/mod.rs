//! The side effects: the loop, the terminal, signals, the clock, the log file.

mod alarm;
mod clipboard;
pub mod clock;
mod dashboard;
mod demo;
mod effects;
pub mod encode;
mod input;
mod logfile;
mod once;
mod pace;
mod signals;
mod terminal;

use std::process::ExitCode;

pub use self::demo::Demo;
use crate::config::Config;

/// Does what the command line asks for.
///
/// # Errors
/// With a sentence that says what failed, where, and what to try.
pub fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(watch(config));
    // A name that is still being looked up would hold the end back.
    runtime.shutdown_background();
    done
}

/// The dashboard, or the table once where there is no terminal.
async fn watch(config: &Config) -> anyhow::Result<ExitCode> {
    if let Some(path) = &config.log {
        logfile::open(path, config.log_level)?;
    }
    if !config.screen {
        return once::print(config).await;
    }
    terminal::hook_panics();
    dashboard::run(config).await?;
    Ok(ExitCode::SUCCESS)
}
