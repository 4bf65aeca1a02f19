//! flaretop's own log, to a file, when asked for. Never to the screen.

use std::path::Path;
use std::sync::Mutex;

use anyhow::Context as _;
use tracing::level_filters::LevelFilter;

/// Sends what the program says of itself to the end of `path`.
///
/// # Errors
/// Where the file cannot be opened.
pub(super) fn open(path: &Path, level: LevelFilter) -> anyhow::Result<()> {
    let folder = match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    let name = path.file_name().with_context(|| format!("--log {}: not a file", path.display()))?;
    let file = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::NEVER)
        .filename_prefix(name.to_string_lossy())
        .build(folder)
        .with_context(|| format!("--log {}: cannot open the file", path.display()))?;
    tracing_subscriber::fmt().with_max_level(level).with_ansi(false).with_writer(Mutex::new(file)).init();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "flaretop starts");
    Ok(())
}
