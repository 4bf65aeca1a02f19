//! Records as the server keeps them, and the last thousand of them.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::model::Timestamp;

/// How serious.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For finding faults.
    Debug,
    /// Routine.
    Info,
    /// Worth a look.
    Warn,
    /// Something failed.
    Error,
}

impl Level {
    /// The server's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }
}

/// One record (`docs/server-contract.md`, section 4).
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// When.
    pub at: Timestamp,
    /// How serious.
    pub level: Level,
    /// What.
    pub message: String,
    /// What came with it.
    pub data: Option<Value>,
}

impl Record {
    /// A record without data.
    pub fn new(at: Timestamp, level: Level, message: impl Into<String>) -> Self {
        Self { at, level, message: message.into(), data: None }
    }

    /// The record as it stands in the file, the history and the stream.
    pub fn to_json(&self) -> Value {
        let mut json =
            json!({ "ts": self.at.timestamp_millis(), "level": self.level.as_str(), "msg": self.message });
        if let (Some(data), Some(object)) = (&self.data, json.as_object_mut()) {
            object.insert("data".to_owned(), data.clone());
        }
        json
    }

    /// The same as text on one line, with the fields in the observed server's order.
    pub fn to_line(&self) -> String {
        let (ts, level, msg) = (self.at.timestamp_millis(), self.level.as_str(), json!(self.message));
        let data = self.data.as_ref().map(|data| format!(r#","data":{data}"#)).unwrap_or_default();
        format!(r#"{{"ts":{ts},"level":"{level}","msg":{msg}{data}}}"#)
    }

    /// The record as the guide shows it.
    pub fn to_text(&self) -> String {
        format!("[{}] {}", self.level.as_str(), self.message)
    }
}

/// Most records that the history gives: what the observed server gives.
const MOST: usize = 1_000;

/// The last records, oldest first.
#[derive(Debug, Clone, Default)]
pub struct History(VecDeque<Record>);

impl History {
    /// Takes in a record, and lets the oldest go where there are too many.
    pub fn push(&mut self, record: Record) {
        while self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(record);
    }

    /// The records, oldest first.
    pub fn records(&self) -> impl ExactSizeIterator<Item = &Record> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_is_the_last_thousand() {
        let mut history = History::default();
        for n in 0..1_500 {
            history.push(Record::new(Timestamp::UNIX_EPOCH, Level::Info, n.to_string()));
        }
        assert_eq!(history.records().len(), 1_000);
        assert_eq!(history.records().next().map(|r| r.message.as_str()), Some("500"));
    }

    #[test]
    fn a_record_is_written_as_on_the_wire_and_as_in_the_guide() {
        let mut record = Record::new(Timestamp::UNIX_EPOCH, Level::Warn, "a\nb");
        assert_eq!(record.to_json(), json!({ "ts": 0, "level": "WARN", "msg": "a\nb" }));
        record.data = Some(json!("x"));
        assert_eq!(record.to_json()["data"], "x");
        assert_eq!(record.to_text(), "[WARN] a\nb");
        assert_eq!(record.to_line(), r#"{"ts":0,"level":"WARN","msg":"a\nb","data":"x"}"#);
    }
}
