//! flaretop's own log, to a file, when asked for. Never to the screen; warnings to standard error where there is none.

use std::path::Path;
use std::sync::Mutex;

use anyhow::Context as _;
use tracing::level_filters::LevelFilter;

use crate::app::Msg;
use crate::model::Plain;

/// Sends what the program says of itself to the end of `path`.
///
/// # Errors
/// Where the file cannot be opened.
pub(super) fn open(path: &Path, level: LevelFilter) -> anyhow::Result<()> {
    let folder = match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    let shown = Plain::new(&path.to_string_lossy());
    let name = path.file_name().with_context(|| format!("--log {shown}: not a file"))?;
    let file = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::NEVER)
        .filename_prefix(name.to_string_lossy())
        .build(folder)
        .with_context(|| format!("--log {shown}: cannot open the file"))?;
    let log = tracing_subscriber::fmt().with_max_level(level).with_ansi(false);
    // A log that cannot be written (a full disk) is not told of on the screen, which is drawn on.
    log.log_internal_errors(false).with_writer(Mutex::new(file)).init();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "flaretop starts");
    Ok(())
}

/// Sends warnings to standard error, where there is no screen that they would spoil.
pub(super) fn warn_on_stderr() {
    let log = tracing_subscriber::fmt().with_max_level(LevelFilter::WARN).with_ansi(false);
    log.without_time().with_target(false).log_internal_errors(false).with_writer(std::io::stderr).init();
}

/// Notes what happened between the program and the server, for whoever asks later why the screen said what it did.
pub(super) fn note(msg: &Msg) {
    match msg {
        Msg::Accounts { seq, result: Ok(answer) } => {
            let took = answer.received - answer.sent;
            tracing::debug!(
                seq = seq.0,
                accounts = answer.accounts.len(),
                ms = took.num_milliseconds(),
                "list"
            );
        }
        Msg::Accounts { seq, result: Err(why) } => tracing::warn!(seq = seq.0, %why, "no list"),
        Msg::ChangeDone { id, change, result: Ok(_), .. } => {
            tracing::info!(account = %id.to_plain(), ?change, "changed");
        }
        Msg::ChangeDone { id, change, result: Err(why), .. } => {
            tracing::warn!(account = %id.to_plain(), ?change, %why, "not changed");
        }
        Msg::StreamOpened { seq } => tracing::info!(seq = seq.0, "stream opened"),
        Msg::StreamClosed { seq, why } => tracing::info!(seq = seq.0, %why, "stream closed"),
        Msg::StreamRecords { lines, skipped, .. } => {
            tracing::trace!(records = lines.len(), skipped, "stream");
        }
        Msg::History { seq, result: Ok(lines) } => {
            tracing::info!(seq = seq.0, records = lines.len(), "history");
        }
        Msg::History { seq, result: Err(why) } => tracing::warn!(seq = seq.0, %why, "no history"),
        Msg::Health { seq, result: Ok(health) } => tracing::debug!(seq = seq.0, ?health, "health"),
        Msg::Health { seq, result: Err(why) } => tracing::info!(seq = seq.0, %why, "no health"),
        Msg::Tick
        | Msg::Key(_)
        | Msg::Mouse { .. }
        | Msg::Pasted(_)
        | Msg::Resized(_)
        | Msg::Resumed
        | Msg::Zone(_) => {}
    }
}
