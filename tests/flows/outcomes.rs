//! What the log says of each outcome of a refresh and what the list says then, compared with one recording.
//!
//! The recording is made from the real server: `FLOWS_RECORD=1 cargo test --test real_server -- --ignored dashboard_story`, and looked
//! at before it is kept. Names, times, ports, ids and the provider's own words are masked in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use chrono::DateTime;
use serde_json::Value;

use super::{Backend, Record};
use crate::support::{wait_long, wall_clock};

/// The recording.
const RECORDED: &str = include_str!("outcomes.txt");
/// The server writes a record into its file a moment after it sent it.
const MOMENT: Duration = Duration::from_secs(10);
/// The answer that the server makes by itself where it has none to pass on; any other is the provider's.
const OWN_ANSWER: &str = r#"{"type":"error","error":{"type":"service_unavailable_error","message":"Service temporarily unavailable. Please try again later."}}"#;

/// Collects outcomes over a story.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    made: String,
}

impl Outcomes {
    /// Compares what was written since the log had `from` records, for each account under its title.
    pub(super) fn compare(&mut self, server: &dyn Backend, from: usize, cases: &[(&str, &str)]) {
        if server.records() {
            std::thread::sleep(Duration::from_secs(3));
            self.made.push_str(&sections(server, from, cases));
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flows/outcomes.txt");
            std::fs::write(file, &self.made).expect("the recording can be written");
            return;
        }
        let recorded: String = cases.iter().map(|(title, _)| recorded(title)).collect();
        let is_same = || (sections(server, from, cases) == recorded).then_some(());
        wait_long(MOMENT, "the outcomes are as they were recorded", is_same, || {
            difference(&recorded, &sections(server, from, cases))
        });
    }
}

/// Fails if the log tells since `from` of anything but the server's own affairs and the refreshes of accounts that belong.
pub(super) fn assert_nothing_else(server: &dyn Backend, from: usize, belongs: impl Fn(&str) -> bool) {
    let mut lines = by_account(server, &server.log()[from..]);
    lines.retain(|name, _| !belongs(name));
    assert!(lines.is_empty(), "nothing was to be written of this: {lines:#?}");
}

/// The recording under one title.
fn recorded(title: &str) -> String {
    let begin = format!("# {title}\n");
    let (_, rest) = RECORDED.split_once(&begin).unwrap_or_else(|| panic!("`{title}` was recorded"));
    let section = rest.split_once("\n# ").map_or(rest, |(section, _)| section);
    format!("{begin}{}\n\n", section.trim_end())
}

/// Both, with the lines that only one of them has marked.
fn difference(recorded: &str, now: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (recorded.lines().collect(), now.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let mut text = String::from("recorded (-), and now (+):\n");
    for line in &old[head.saturating_sub(8)..head] {
        let _ = writeln!(text, "  {line}");
    }
    for (mark, lines) in [("-", &old[head..old.len() - tail]), ("+", &new[head..new.len() - tail])] {
        for line in lines {
            let _ = writeln!(text, "{mark} {line}");
        }
    }
    text
}

/// What was written about each account, and its row.
fn sections(server: &dyn Backend, from: usize, cases: &[(&str, &str)]) -> String {
    let mut lines = by_account(server, &server.log()[from..]);
    let mut text = String::new();
    for (title, name) in cases {
        let _ = writeln!(text, "# {title}");
        for line in lines.remove(*name).unwrap_or_default() {
            let _ = writeln!(text, "{line}");
        }
        let _ = writeln!(text, "list   {}\n", row(&server.row(name)));
    }
    text
}

/// The lines of each account's refresh, and those that belong to none under an empty name.
fn by_account(server: &dyn Backend, records: &[Record]) -> BTreeMap<String, Vec<String>> {
    let mut lines: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut current = String::new();
    for record in records.iter().filter(|r| !server.is_own_affair(&r.message)) {
        let message = &record.message;
        let due = ["First-time refresh for account: ", "New window detected for account "];
        let due = due.iter().find_map(|p| message.strip_prefix(p));
        let sending = message.strip_prefix("Sending auto-refresh message to account: ");
        if message.starts_with("Found ") && message.ends_with(" account(s) with new windows for auto-refresh")
        {
            continue;
        }
        let name = match (due, sending) {
            (Some(rest), _) => rest.split(": reset time ").next().unwrap_or(rest),
            (None, Some(name)) => {
                name.clone_into(&mut current);
                name
            }
            (None, None) => &current,
        };
        let data = if record.data.is_some() { "  (data)" } else { "" };
        let line = format!("{:<6} {}{data}", record.level, masked(message, name));
        lines.entry(name.to_owned()).or_default().push(line);
    }
    lines
}

/// A message without what differs from run to run.
fn masked(message: &str, name: &str) -> String {
    let message = match message.split_once('{') {
        Some((before, _)) if !message.ends_with(OWN_ANSWER) => format!("{before}BODY"),
        _ => message.to_owned(),
    };
    let message = if name.is_empty() { message } else { message.replace(name, "N") };
    let words = message.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || "-.:+_".contains(c)));
    words.map(masked_word).collect()
}

fn masked_word(word: &str) -> String {
    let bare = word.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || "-.:+_".contains(c)));
    let after = word.strip_prefix(bare).unwrap_or_default();
    let is_time = DateTime::parse_from_rfc3339(bare).is_ok();
    let is_id = bare.len() == 36 && bare.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let mask = match (is_time, is_id) {
        (true, _) => "T",
        (_, true) => "ID",
        _ if bare.strip_prefix("localhost:").is_some_and(is_number) => "localhost:PORT",
        // How much is used, in `5h=37%`.
        _ if after.starts_with('%') && is_number(&bare.replace('.', "")) => "K",
        _ => bare,
    };
    format!("{mask}{after}")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

/// What the list says of the account that a refresh can change. Times are told apart only by null, past and ahead.
fn row(row: &Value) -> String {
    let now = wall_clock();
    let time = |field: &str| {
        let value = &row[field];
        let iso = value.as_str().map(|t| DateTime::parse_from_rfc3339(t).expect(t).timestamp_millis());
        match value.as_i64().or(iso) {
            None => "null",
            Some(t) if t > now.timestamp_millis() => "ahead",
            Some(_) => "past",
        }
    };
    let status = row["rateLimitStatus"].as_str().unwrap_or_default();
    let status = status.split_once(" (").map_or(status.to_owned(), |(word, _)| format!("{word} (Km)"));
    format!(
        "auto {}, paused {}, status {status}, reset {}, remaining {}, limited until {}, for {}, at {}, requests {} of {}, last used {}",
        row["autoRefreshEnabled"],
        row["paused"],
        time("rateLimitReset"),
        row["rateLimitRemaining"],
        time("rateLimitedUntil"),
        row["rateLimitedReason"].as_str().unwrap_or("nothing"),
        time("rateLimitedAt"),
        row["requestCount"],
        row["totalRequests"],
        time("lastUsed"),
    )
}
