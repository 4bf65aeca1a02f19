//! The records, as the dashboard understands them.

use super::*;
use crate::api::{Record as Wire, read_record};
use crate::app::logs::{Entry, Logs, Outcome};
use crate::model::{Cause, Kind, Plain};

fn heard(records: &[Record]) -> Logs {
    let mut logs = Logs::default();
    for record in records {
        match read_record(record.to_json().to_string().as_bytes()) {
            Wire::Line(line) => {
                logs.push(vec![line]);
            }
            other => panic!("{record:?} is read as {other:?}"),
        }
    }
    logs
}

fn outcome(mode: Mode) -> (Outcome, Logs) {
    let mut world = one(mode);
    let (_, records) = tick(&mut world, noon());
    let logs = heard(&records);
    (logs.facts(&Plain::new("work")).unwrap().last.clone().unwrap().1, logs)
}

fn cause(mode: Mode) -> Cause {
    match outcome(mode).0 {
        Outcome::Failed { cause, strike } => {
            assert_eq!(strike, (mode != Mode::Hang).then_some(1), "{mode:?}");
            cause
        }
        other => panic!("{mode:?}: {other:?}"),
    }
}

#[test]
fn every_outcome_is_recognised() {
    let end = noon() + TimeDelta::hours(5);
    let window = |mode| match outcome(mode).0 {
        Outcome::Done { resets, took: Some(_) } => resets,
        other => panic!("{mode:?}: {other:?}"),
    };
    assert_eq!(window(Mode::Ok), Some(end));
    assert_eq!(window(Mode::NoReset), None);
    assert_eq!(window(Mode::Nonsense), None);
    assert_eq!(window(Mode::Past), Some(noon() - TimeDelta::hours(1)));
    assert_eq!(cause(Mode::Unauthorized), Cause::Unauthorized);
    assert_eq!(cause(Mode::Limited), Cause::RateLimited(Some(end)));
    assert_eq!(cause(Mode::LimitedNoReset), Cause::RateLimited(Some(minutes(1))));
    assert_eq!(cause(Mode::LimitedWord), Cause::RateLimited(Some(end)));
    assert_eq!(cause(Mode::Overloaded), Cause::Overloaded);
    assert_eq!(cause(Mode::Forbidden), Cause::Status(Plain::new("403 Forbidden")));
    assert_eq!(cause(Mode::NotFound), Cause::Status(Plain::new("404 Not Found")));
    assert_eq!(cause(Mode::ServerError), Cause::Status(Plain::new("500 Internal Server Error")));
    assert!(matches!(cause(Mode::Close), Cause::NoAnswer(_)));
    assert!(matches!(cause(Mode::Hang), Cause::NoAnswer(_)));
}

#[test]
fn dead_tokens_are_told_from_other_failures() {
    let mut world = one(Mode::Ok);
    world.account_mut("work").unwrap().token =
        super::super::super::account::Token { refresh: false, expires: None };
    let (_, records) = tick(&mut world, noon());
    let facts = heard(&records).facts(&Plain::new("work")).unwrap().clone();
    assert_eq!(facts.token_dead_at, Some(noon()));
    assert_eq!(facts.last.unwrap().1, Outcome::Failed { cause: Cause::TokenRefresh, strike: Some(1) });
}

#[test]
fn the_pause_after_five_is_recognised() {
    let mut world = one(Mode::Forbidden);
    let mut all = world.start(noon());
    for minute in 0..5 {
        all.extend(tick(&mut world, minutes(minute)).1);
    }
    let facts = heard(&all).facts(&Plain::new("work")).unwrap().clone();
    assert_eq!(facts.paused, Some((minutes(4), crate::model::PauseReason::Failures)));
}

#[test]
fn a_pause_for_peak_hours_and_its_end_are_recognised() {
    let mut world = one(Mode::Ok);
    let account = world.account_mut("work").unwrap();
    (account.provider, account.peak_hours_pause_enabled) = ("zai".to_owned(), true);
    let six = minutes(18 * 60);
    let mut all = tick(&mut world, six).1;
    let paused = |all: &[Record]| heard(all).facts(&Plain::new("work")).unwrap().paused.clone();
    assert_eq!(paused(&all), Some((six, crate::model::PauseReason::PeakHours)));
    all.extend(tick(&mut world, minutes(22 * 60)).1);
    assert_eq!(paused(&all), None);
}

#[test]
fn no_line_of_the_scheduler_is_a_stranger_to_the_dashboard() {
    let proxys = |m: &str| {
        [
            "Checking messages array",
            "No system ",
            "Selected 1 accounts",
            "Request: POST",
            "Attempting request with account",
            "Error: ",
            "PZ: ",
        ]
        .iter()
        .any(|start| m.starts_with(start))
    };
    for mode in [
        Mode::Ok,
        Mode::NoReset,
        Mode::NoUsage,
        Mode::KeyWanted,
        Mode::Unauthorized,
        Mode::NotFound,
        Mode::Limited,
        Mode::LimitedWord,
        Mode::Close,
        Mode::Hang,
    ] {
        for dialect in [Dialect::Observed, Dialect::Guide] {
            let mut world = one(mode);
            world.dialect = dialect;
            let mut all = world.start(noon());
            for minute in 0..5 {
                all.extend(tick(&mut world, minutes(minute)).1);
            }
            for entry in heard(&all).entries() {
                let Entry::Record(record) = entry else { panic!("a gap") };
                let message = record.line.message.as_str();
                assert!(record.event.kind != Kind::Plain || proxys(message), "{dialect:?}: {message}");
            }
        }
    }
}

#[test]
fn the_guide_is_quoted_exactly() {
    let mut world = World::new(vec![over("my-account"), over("other")], Dialect::Guide, 1);
    world.treatments.insert("other".to_owned(), Treatment { mode: Mode::Limited, ..Treatment::default() });
    let mut all = world.start(noon());
    all.extend(tick(&mut world, noon()).1);
    let text: Vec<String> = all.iter().map(Record::to_text).collect();
    assert_eq!(
        text,
        [
            "[INFO] Starting auto-refresh scheduler",
            "[INFO] Found 2 account(s) with reset windows for auto-refresh",
            "[INFO] Sending auto-refresh message to account: my-account",
            "[INFO] Auto-refresh message sent successfully for account: my-account",
            "[INFO] Updated rate_limit_reset for my-account to 2026-11-24T17:00:00.000Z",
            "[INFO] Sending auto-refresh message to account: other",
            "[ERROR] Auto-refresh message failed for account other: 429 Too Many Requests",
        ]
    );
}

/// A line as it is compared: its level, its words without names, times, ids and bodies, and the fields of its data.
fn shape(level: &str, message: &str, data: Option<&serde_json::Value>, name: &str) -> String {
    let text: String =
        message.replace(name, "N").chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    let text = text.replace("expires at: null", "expires at: 9999-99-99T99:99:99.999Z");
    let text = text.replace("available: false", "available: true"); // here a dead token is none
    let cut = [
        "N: {",
        "Response body: ",
        "Fetched usage data for N",
        "remaining for N to",
        "localhost:",
        "at sendDummyMessage",
        "client ID: ",
    ];
    let end = cut.iter().filter_map(|c| Some(text.find(c)? + c.len())).min();
    let text = text.get(..end.unwrap_or(text.len())).unwrap();
    let fields = data.map(|d| d.as_object().unwrap().keys().cloned().collect::<Vec<_>>());
    format!("{level} {text} {fields:?}")
}

/// What the observed server wrote about each refresh of an account, one list each.
fn recorded(log: &str, name: &str) -> Vec<Vec<String>> {
    let mut refreshes: Vec<Vec<String>> = Vec::new();
    let mut inside = false;
    for line in log.lines() {
        let Ok(record) = serde_json::from_str::<serde_json::Value>(line.trim_start_matches("data: ")) else {
            continue;
        };
        let (Some(level), Some(message)) = (record["level"].as_str(), record["msg"].as_str()) else {
            continue;
        };
        if message.starts_with("Sending auto-refresh message to account: ") {
            inside = message.ends_with(&format!(": {name}"));
            if inside {
                refreshes.push(Vec::new());
            }
        }
        // Of others, written meanwhile; and of the provider's answer, by the part of the server that asked it.
        let others = ["NanoGPT", "Bedrock", "Startup cleanup", "No expired", "Pruned", "pricing data: %s"];
        let ends = ["First-time refresh", "New window detected", "Found ", "Bypass header"];
        inside &= !ends.iter().any(|start| message.starts_with(start));
        if inside && !others.iter().any(|words| message.contains(words)) {
            refreshes.last_mut().unwrap().push(shape(level, message, record.get("data"), name));
        }
    }
    refreshes
}

#[test]
fn every_outcome_is_written_line_for_line_as_recorded() {
    let log = include_str!("../../../../tests/fixtures/app-log.jsonl");
    let odd = include_str!("../../../../tests/fixtures/logs-stream-odd.sse");
    let keys = include_str!("../../../../tests/fixtures/app-log-api-key.jsonl");
    for (log, name, mode, refreshes) in [
        (log, "ok-acct", Mode::Ok, 2),
        (log, "noheaders", Mode::NoReset, 5),
        (log, "err-401", Mode::Unauthorized, 5),
        (log, "err-403", Mode::Forbidden, 5),
        (log, "err-404", Mode::NotFound, 5),
        (log, "err-429", Mode::Limited, 3),
        (log, "err-429-noreset", Mode::LimitedNoReset, 5),
        (log, "err-500", Mode::ServerError, 5),
        (log, "err-529", Mode::Overloaded, 5),
        (log, "err-close", Mode::Close, 5),
        (log, "overage-resume", Mode::Ok, 2),
        (log, "tok-expired-dead", Mode::Ok, 5),
        (odd, "iso-reset", Mode::Nonsense, 2),
        (odd, "limits-usage", Mode::NoUsage, 3),
        (odd, "hard-limit-200", Mode::LimitedWord, 3),
        (keys, "expired-window", Mode::KeyWanted, 1),
    ] {
        let mut world = one(mode);
        world.treatments.entry("work".to_owned()).or_default().window = TimeDelta::seconds(90);
        if name == "tok-expired-dead" {
            let token = super::super::super::account::Token { refresh: false, expires: Some(minutes(-60)) };
            world.account_mut("work").unwrap().token = token;
        }
        let mut ours: Vec<Vec<String>> = Vec::new();
        for minute in 0..30 {
            let (sent, records) = tick(&mut world, minutes(minute));
            let refresh = records.iter().skip_while(|r| !r.message.starts_with("Sending"));
            let line = |r: &Record| shape(r.level.as_str(), &r.message, r.data.as_ref(), "work");
            ours.extend((!sent.is_empty()).then(|| refresh.map(line).collect()));
        }
        let recorded = recorded(log, name);
        assert!(recorded.len() >= refreshes && ours.len() >= refreshes, "{name}: {}", recorded.len());
        for n in 0..refreshes {
            assert_eq!(ours[n], recorded[n], "{name}, refresh {n}");
        }
    }
}

/// The lines before a batch.
#[test]
fn what_is_due_is_announced_as_recorded() {
    let recording = include_str!("../../../../tests/fixtures/app-log.jsonl");
    let mut world = one(Mode::Ok);
    world.treatments.entry("work".to_owned()).or_default().window = TimeDelta::seconds(90);
    let mut all = world.start(noon());
    for minute in 0..3 {
        all.extend(tick(&mut world, minutes(minute)).1);
    }
    let announced: Vec<_> = all
        .iter()
        .filter(|r| {
            ["Starting", "First-time", "New window", "Found"].iter().any(|s| r.message.starts_with(s))
        })
        .map(|r| shape(r.level.as_str(), &r.message.replace("Found 1 ", "Found 17 "), None, "work"))
        .collect();
    assert_eq!(announced.len(), 5);
    let recorded: std::collections::BTreeSet<String> = recording
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|r| shape(r["level"].as_str().unwrap(), r["msg"].as_str().unwrap(), None, "ok-acct"))
        .collect();
    for line in announced {
        assert!(recorded.contains(&line), "{line}");
    }
}
