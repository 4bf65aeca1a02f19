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
    assert_eq!(outcome(Mode::Ok).0, Outcome::Done { resets: Some(end) });
    assert_eq!(outcome(Mode::NoReset).0, Outcome::Done { resets: None });
    assert_eq!(outcome(Mode::Nonsense).0, Outcome::Done { resets: None });
    assert_eq!(outcome(Mode::Past).0, Outcome::Done { resets: Some(noon() - TimeDelta::hours(1)) });
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
fn no_line_of_the_scheduler_is_a_stranger_to_the_dashboard() {
    let proxys = |m: &str| {
        ["Selected 1 accounts", "Request: POST", "Attempting request with account", "Error: "]
            .iter()
            .any(|start| m.starts_with(start))
    };
    for mode in
        [Mode::Ok, Mode::NoReset, Mode::Unauthorized, Mode::NotFound, Mode::Limited, Mode::Close, Mode::Hang]
    {
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

/// What the observed server wrote about the same outcomes, with names, times and ids taken out.
#[test]
fn every_line_stands_in_the_recording() {
    let recording = include_str!("../../../../tests/fixtures/app-log.jsonl");
    let shape = |message: &str, name: &str| {
        let text = message.replace(name, "N");
        let text: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
        let text = text.replace("expires at: null", "expires at: 9999-99-99T99:99:99.999Z");
        let cut = ["N: {", "Response body: ", "Fetched usage data for N", "remaining for N to", "localhost:"];
        let end = cut.iter().filter_map(|c| Some(text.find(c)? + c.len())).min();
        text.get(..end.unwrap_or(text.len())).unwrap().to_owned()
    };
    let names = [
        "never-refreshed",
        "err-429-noreset",
        "tok-expired-dead",
        "err-garbage",
        "err-refused",
        "overage-resume",
        "noheaders",
        "ok-acct",
        "err-401",
        "err-403",
        "err-404",
        "err-429",
        "err-500",
        "err-529",
        "err-close",
    ];
    let recorded: std::collections::BTreeSet<String> = recording
        .lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["msg"].as_str().unwrap().to_owned())
        .map(|m| shape(&m, names.iter().find(|n| m.contains(**n)).unwrap_or(&"\0")))
        .collect();
    for mode in [
        Mode::Ok,
        Mode::NoReset,
        Mode::Unauthorized,
        Mode::Forbidden,
        Mode::NotFound,
        Mode::Limited,
        Mode::LimitedNoReset,
        Mode::ServerError,
        Mode::Overloaded,
        Mode::Close,
    ] {
        let mut world = one(mode);
        let mut all = world.start(noon());
        for minute in (0..5).chain([300, 301]) {
            all.extend(tick(&mut world, minutes(minute)).1);
        }
        for record in all {
            let shaped = shape(&record.message, "work");
            assert!(recorded.contains(&shaped), "{mode:?}: {shaped}");
        }
    }
}
