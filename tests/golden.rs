//! Every record of the recorded logs, with what is read out of it.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

use std::collections::BTreeMap;

use flaretop::api::{Record, read_record};
use flaretop::app::Show;
use flaretop::app::logs::{Entry, Logs, Place};
use flaretop::model::LogLine;

/// A recorded log: one JSON object a line, or the lines of a stream.
fn recorded(text: &str) -> Vec<LogLine> {
    let record = |line: &str| match read_record(line.as_bytes()) {
        Record::Line(line) => Some(line),
        Record::Greeting => None,
        Record::Unreadable => panic!("a record that cannot be read: {line}"),
    };
    let lines = text.lines().filter(|l| !l.is_empty() && !l.starts_with(':'));
    lines.filter_map(|l| record(l.strip_prefix("data: ").unwrap_or(l))).collect()
}

/// The narrowest view that shows the entry: refreshes (`R`), and warnings (`W`), and all at INFO and up (`I`), all (`A`).
fn view(entry: &Entry) -> &'static str {
    let views = [(Show::Refresh, "R"), (Show::Warn, "W"), (Show::Info, "I"), (Show::All, "A")];
    views.into_iter().find(|(show, _)| show.includes(entry)).map_or("?", |(_, letter)| letter)
}

/// One line for each entry: view, whether folded, level, kind, account, and what the records around it add.
fn told(logs: &Logs) -> String {
    let mut text = String::new();
    for (index, entry) in logs.entries().enumerate() {
        let Entry::Record(record) = entry else { panic!("a gap in a whole log") };
        let mut words = vec![
            format!("{index:4} {}", view(entry)),
            if record.folded { "-" } else { " " }.to_owned(),
            format!("{:5}", record.line.level.as_str()),
            format!("{:?}", record.event.kind),
        ];
        if let Some(name) = &record.event.account {
            words.push(format!("of {name}"));
        }
        words.extend(record.took.map(|took| format!("in {} ms", took.num_milliseconds())));
        words.extend(record.strike.map(|count| format!("the {count} in a row")));
        words.push(format!("| {}", record.line.message.as_str().chars().take(150).collect::<String>()));
        text += &words.join(" ");
        text.push('\n');
    }
    text
}

/// Compares with the reviewed file; `FLARETOP_GOLDEN=write` writes it anew, to be looked through before it is committed.
fn compare(name: &str, text: &str) {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("FLARETOP_GOLDEN").is_some_and(|v| v == "write") {
        std::fs::write(&path, text).expect("a golden file");
    }
    let golden = std::fs::read_to_string(&path).expect("a golden file");
    for (number, (was, is)) in golden.lines().zip(text.lines()).enumerate() {
        assert_eq!(was, is, "{name}:{}", number + 1);
    }
    assert_eq!(golden.lines().count(), text.lines().count(), "{name}");
}

/// Which kinds of records are one event, under the kind that tells it, and how often; then what is folded away with nothing to
/// open it from.
fn events(logs: &Logs) -> String {
    let kind = |record: &flaretop::app::logs::Record| {
        let kind = format!("{:?}", record.event.kind);
        kind.split(['(', ' ']).next().unwrap_or_default().to_owned()
    };
    let mut parts: BTreeMap<Place, Vec<String>> = BTreeMap::new();
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    for entry in logs.entries() {
        let Entry::Record(record) = entry else { panic!("a gap in a whole log") };
        match record.part_of {
            Some(told) => parts.entry(told).or_default().push(kind(record)),
            None if record.folded => *shapes.entry(format!("nothing: {}", kind(record))).or_default() += 1,
            None => {}
        }
    }
    for (told, parts) in parts {
        let Some(Entry::Record(record)) = logs.at(told) else { panic!("an event without a telling") };
        assert!(!record.folded || record.part_of.is_some(), "what tells an event can be seen");
        assert_eq!(usize::try_from(record.holds), Ok(parts.len()), "{}", record.line.message);
        *shapes.entry(format!("{}: {}", kind(record), parts.join(" "))).or_default() += 1;
    }
    let lines: Vec<String> = shapes.into_iter().map(|(shape, count)| format!("{count:3} {shape}")).collect();
    lines.join("\n")
}

#[test]
fn what_belongs_together_in_the_recorded_logs_is_what_was_reviewed() {
    let mut text = String::new();
    for (name, recording) in [
        ("app-log", include_str!("fixtures/app-log.jsonl")),
        ("app-log-api-key", include_str!("fixtures/app-log-api-key.jsonl")),
        ("logs-stream-odd", include_str!("fixtures/logs-stream-odd.sse")),
    ] {
        let mut logs = Logs::default();
        logs.push(recorded(recording));
        text += [name, &events(&logs), "\n"].join("\n").as_str();
    }
    compare("events.txt", &text);
}

#[test]
fn every_record_of_the_recorded_log_means_what_was_reviewed() {
    let mut logs = Logs::default();
    logs.push(recorded(include_str!("fixtures/app-log.jsonl")));
    compare("app-log.txt", &told(&logs));
}

#[test]
fn every_record_of_the_log_with_api_keys_on_means_what_was_reviewed() {
    let mut logs = Logs::default();
    logs.push(recorded(include_str!("fixtures/app-log-api-key.jsonl")));
    compare("app-log-api-key.txt", &told(&logs));
}

#[test]
fn every_record_of_odd_accounts_means_what_was_reviewed() {
    let mut logs = Logs::default();
    logs.push(recorded(include_str!("fixtures/logs-stream-odd.sse")));
    compare("logs-stream-odd.txt", &told(&logs));
}
