//! Log records, as the stream and the history send them (`docs/server-contract.md`, section 4).

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::json::{body_text, compact, is_null, members, moment, rows, text};
use super::not_json;
use crate::model::{Level, LogLine, NotJson, Plain, timestamp_from_millis};

/// What one event of the stream was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A record.
    Line(LogLine),
    /// What the server says when the stream opens.
    Greeting,
    /// Something that is no record.
    Unreadable,
}

/// Reads one event of the stream.
///
/// A record needs a time and either a message or data. A level that is no text is shown as it came, and so is a message.
/// Fields that are not known are passed over.
pub fn read_record(json: &[u8]) -> Record {
    let json = body_text(json);
    read(&json).unwrap_or(Record::Unreadable)
}

/// Reads the history, oldest first as the server sends it, leaving out what is no record.
///
/// # Errors
///
/// What the body was, where it is no JSON array.
pub fn read_history(body: &[u8]) -> Result<Vec<LogLine>, NotJson> {
    let body = body_text(body);
    let mut lines = Vec::new();
    let walked = rows(&body, |row| {
        if let Some(Record::Line(line)) = read(row.get()) {
            lines.push(line);
        }
    });
    match walked {
        Ok(()) => Ok(lines),
        Err(error) => Err(not_json(&body, &error)),
    }
}

/// A record in the types that servers give it.
#[derive(Deserialize)]
struct Usual<'a> {
    ts: i64,
    #[serde(borrow)]
    level: Cow<'a, str>,
    #[serde(borrow)]
    msg: Cow<'a, str>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// Reads a record in one walk. Whatever is odd about it is left to [`read_odd`]; what both can read, both read the same.
fn read(json: &str) -> Option<Record> {
    usual(json).or_else(|| read_odd(json))
}

fn usual(json: &str) -> Option<Record> {
    let Usual { ts, level, msg, data } = serde_json::from_str(json).ok()?;
    Some(Record::Line(LogLine {
        at: timestamp_from_millis(ts)?,
        level: Level::new(&level),
        message: Plain::new(&msg),
        data: data.map(|raw| Plain::from(compact(raw.get()))),
    }))
}

fn read_odd(json: &str) -> Option<Record> {
    let (mut ts, mut level, mut msg, mut data, mut greeting) = (None, None, None, None, false);
    members(json, |name, value| match name {
        "ts" => ts = Some(value),
        "level" => level = Some(value),
        "msg" => msg = Some(value),
        "data" => data = Some(value),
        "connected" => greeting = true,
        _ => {}
    })
    .ok()?;
    let data = data.filter(|raw| !is_null(raw)).map(|raw| Plain::from(compact(raw.get())));
    let message = msg.filter(|raw| !is_null(raw)).map(words);
    let Some(at) = ts.and_then(moment) else {
        return (greeting && ts.is_none() && msg.is_none()).then_some(Record::Greeting);
    };
    if message.is_none() && data.is_none() {
        return None;
    }
    let level = match level {
        Some(raw) => text(raw).map_or_else(|| Level::Other(words(raw)), |word| Level::new(&word)),
        None => Level::Other("?".into()),
    };
    Some(Record::Line(LogLine { at, level, message: message.unwrap_or_default(), data }))
}

/// The text of a text value, or the JSON of any other.
fn words(raw: &RawValue) -> Plain {
    Plain::from(text(raw).unwrap_or_else(|| compact(raw.get())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(json: &str) -> LogLine {
        match read_record(json.as_bytes()) {
            Record::Line(line) => line,
            other => panic!("{other:?} of {json}"),
        }
    }

    #[test]
    fn a_record_is_read_whole() {
        let line = line(
            r#"{"type":"log_entry","ts":1795419106621,"level":"INFO","msg":"a\nb\u001b","data":{"k":[1, "x y"]}}"#,
        );
        assert_eq!(line.at.timestamp_millis(), 1_795_419_106_621);
        assert_eq!(line.level, Level::Info);
        assert_eq!(line.message, "a b\u{FFFD}");
        assert_eq!(line.data.as_ref().map(Plain::as_str), Some(r#"{"k":[1, "x y"]}"#));
    }

    #[test]
    fn odd_records_are_read_as_far_as_they_go() {
        assert_eq!(
            line(r#"{"ts":"1795419106621","level":"trace","msg":"m"}"#).level,
            Level::Other("trace".into())
        );
        assert_eq!(line(r#"{"ts":1795419106621.5,"msg":"m"}"#).level, Level::Other("?".into()));
        assert_eq!(line(r#"{"ts":1,"level":30,"msg":{"a": 1}}"#).message, r#"{"a": 1}"#);
        assert_eq!(line(r#"{"ts":1,"level":30,"msg":"m"}"#).level, Level::Other("30".into()));
        assert_eq!(line(r#"{"ts":1,"level":"INFO","msg":"m","data":null}"#).data, None);
        assert_eq!(line(r#"{"ts":1,"level":"INFO","data":"d"}"#).data, Some(r#""d""#.into()));
        assert_eq!(
            line(r#"{"ts":1,"level":"INFO","msg":"cut \ud83d"}"#).message,
            "cut \u{FFFD}\u{FFFD}\u{FFFD}"
        );
        assert_eq!(line("{\"ts\":1,\"msg\":\"m\",\"data\":{\n \"a\": 1\n}}").data, Some(r#"{"a":1}"#.into()));
    }

    #[test]
    fn what_is_no_record_is_told_from_the_greeting() {
        assert_eq!(read_record(br#"{"connected":true}"#), Record::Greeting);
        for json in [
            "",
            "null",
            "[]",
            "7",
            "{}",
            r#"{"level":"INFO","msg":"no time"}"#,
            r#"{"ts":null,"msg":"m"}"#,
            r#"{"ts":1e300,"msg":"m"}"#,
            r#"{"ts":1,"level":"INFO"}"#,
            r#"{"ts":1,"msg":"cut"#,
            r#"{"ts":1,"msg":"m"} {}"#,
        ] {
            assert_eq!(read_record(json.as_bytes()), Record::Unreadable, "{json}");
        }
        assert!(matches!(read_record(b"{\"ts\":1,\"msg\":\"\xff\"}"), Record::Line(_)));
    }

    #[test]
    fn the_short_way_reads_what_the_long_one_reads() {
        let streams = [
            &include_bytes!("../../tests/fixtures/app-log.jsonl")[..],
            include_bytes!("../../tests/fixtures/app-log-api-key.jsonl"),
        ];
        let mut short = 0;
        let lines = streams.iter().flat_map(|all| all.split(|b| *b == b'\n')).filter(|l| !l.is_empty());
        let odd = [
            r#"{"ts":1,"level":"INFO","msg":"a\u001b\ud83d\ude00","data":null,"more":[1]}"#,
            r#"{"ts":-1,"level":"odd","msg":"","data":{"a":
 1}}"#,
            r#"{"ts":1,"ts":2,"level":"INFO","msg":"twice"}"#,
            r#"{"ts":9223372036854775807,"level":"INFO","msg":"never"}"#,
            r#"{"connected":true}"#,
        ];
        for line in lines.chain(odd.iter().map(|text| text.as_bytes())) {
            let text = str::from_utf8(line).expect("UTF-8");
            let quick = usual(text);
            short += usize::from(quick.is_some());
            assert!(quick.is_none() || quick == read_odd(text), "{text}");
        }
        assert!(short > 100, "{short} of the recorded lines");
    }

    #[test]
    fn the_recorded_history_is_read_whole() {
        let body = include_bytes!("../../tests/fixtures/logs-history.json");
        let count = serde_json::from_slice::<Vec<serde_json::Value>>(body).expect("fixture").len();
        let lines = read_history(body).expect("an array");
        assert_eq!(lines.len(), count);
        assert_eq!(lines.first().map(|l| l.message.as_str()), Some("No system prompt found in request"));
        assert!(lines.iter().all(|l| l.data.as_ref().is_none_or(|d| !d.as_str().contains("  "))));
    }

    #[test]
    fn a_bad_record_of_the_history_hides_no_other() {
        let lines =
            read_history(br#"[{"ts":1,"msg":"a"}, 7, {"msg":"b"}, {"ts":2,"msg":"c"}]"#).expect("an array");
        assert_eq!(lines.iter().map(|l| l.message.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(read_history(b"[]"), Ok(Vec::new()));
        assert_eq!(read_history(br#"{"logs":[]}"#), Err(NotJson::WrongShape));
        assert_eq!(read_history(b""), Err(NotJson::Empty));
        assert_eq!(read_history(b"[{\"ts\":1"), Err(NotJson::CutShort));
    }
}
