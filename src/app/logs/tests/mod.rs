//! What the log module claims.

mod facts;
mod gaps;
mod kinds;
mod notes;
mod order;
mod properties;
mod story;
mod under_way;

use super::*;
use crate::model::{Level, timestamp_from_millis};

/// A record as the server writes it into its file.
fn line(json: &str) -> LogLine {
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let data = value.get("data").map(|data| Plain::new(&data.to_string()));
    LogLine {
        at: timestamp_from_millis(value["ts"].as_i64().unwrap()).unwrap(),
        level: Level::new(value["level"].as_str().unwrap()),
        message: Plain::new(value["msg"].as_str().unwrap()),
        data,
    }
}

/// A recorded log.
fn recorded(text: &str) -> Vec<LogLine> {
    text.lines()
        .map(|l| l.strip_prefix("data: ").unwrap_or(l))
        .filter(|l| l.starts_with("{\"ts\""))
        .map(line)
        .collect()
}

/// A record at so many milliseconds, at the level that its first letter names: `I`, `W`, `E`.
fn say(ms: i64, level: char, message: &str) -> LogLine {
    let level = match level {
        'D' => Level::Debug,
        'I' => Level::Info,
        'W' => Level::Warn,
        _ => Level::Error,
    };
    LogLine { at: at(ms), level, message: Plain::new(message), data: None }
}

/// The moment that [`say`] means.
fn at(ms: i64) -> Timestamp {
    timestamp_from_millis(1_795_419_000_000 + ms).unwrap()
}

/// [`MOST_RECORDS`] as a number of milliseconds.
fn most() -> i64 {
    i64::try_from(MOST_RECORDS).unwrap()
}

/// The log after these records came on the stream one by one.
fn after(lines: &[(i64, char, &str)]) -> Logs {
    let mut logs = Logs::default();
    for (ms, level, message) in lines {
        logs.push(vec![say(*ms, *level, message)]);
    }
    logs
}

fn records(logs: &Logs) -> Vec<&Record> {
    logs.entries()
        .filter_map(|entry| match entry {
            Entry::Record(record) => Some(record),
            Entry::Gap { .. } | Entry::Note(_) => None,
        })
        .collect()
}

fn messages(logs: &Logs) -> Vec<&str> {
    records(logs).iter().map(|r| r.line.message.as_str()).collect()
}

/// What is neither folded nor routine: what a person reads.
fn shown(logs: &Logs) -> Vec<&str> {
    let shown = records(logs).into_iter().filter(|r| {
        !r.folded && (r.event.kind.weight() == crate::model::Weight::Refresh || r.line.level.severity() >= 2)
    });
    shown.map(|r| r.line.message.as_str()).collect()
}

fn plain(text: &str) -> Plain {
    Plain::new(text)
}
