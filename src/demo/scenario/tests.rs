//! What the built-in scenarios show.

use std::collections::BTreeSet;

use ratatui::layout::Size;

use super::super::provider::{self, Reply};
use super::*;
use crate::api::{Record as Wire, read_accounts, read_record};
use crate::app::{Options, State, standing};

fn noon() -> Timestamp {
    crate::model::parse_timestamp("2026-11-24T12:00:00Z").unwrap()
}

/// Runs a scenario for so many seconds without a network, and says what the dashboard shows in them.
fn shown(name: &str, seconds: i64) -> (World, BTreeSet<String>, Vec<String>) {
    let scenario = Scenario::load(name).unwrap();
    let tick = i64::try_from(scenario.tick().as_secs()).unwrap();
    let mut world = scenario.world(Dialect::Observed, 1, noon());
    let mut state = State::new(noon(), Size::new(80, 24), Options::default());
    let (mut seen, mut messages) = (BTreeSet::new(), Vec::new());
    let mut records = world.start(noon());
    for second in 0..seconds {
        let now = noon() + TimeDelta::seconds(second);
        records.extend(world.live(now));
        // The list is polled in the second in which the tick comes, but before it.
        let rows: Vec<_> = world.accounts.iter().map(|a| a.to_row(now)).collect();
        let accounts = read_accounts(serde_json::json!(rows).to_string().as_bytes()).unwrap();
        state.now = now;
        state.logs.reconcile(&accounts, now);
        state.accounts.list = Some(accounts);
        for account in state.accounts.rows() {
            assert!(account.fault.is_none(), "{account:?}");
            seen.insert(format!("{:?}", standing(&state, account)));
        }
        if second % tick == 0 {
            let batch = world.check(now);
            records.extend(batch.records);
            for id in batch.due {
                let (probe, lines) = world.begin(&id, now);
                records.extend(lines);
                let treatment = world.treatment(&id);
                let dead = world.account(&id).is_some_and(|a| a.is_signed_out(now));
                let reply = if dead {
                    Reply::SignedOut
                } else {
                    provider::reply(treatment.mode, treatment.window, now)
                };
                if probe.is_some() {
                    records.extend(world.settle(&id, &reply, now));
                }
            }
        }
        for record in records.drain(..) {
            if let Wire::Line(line) = read_record(record.to_json().to_string().as_bytes()) {
                state.logs.push(vec![line]);
            }
            messages.push(record.message);
        }
    }
    (world, seen, messages)
}

#[test]
fn every_built_in_scenario_is_one_and_says_what_it_shows() {
    for (name, text) in BUILT_IN {
        let scenario = Scenario::read(name, text).unwrap();
        assert!(scenario.about.ends_with('.'), "{name}");
        let world = scenario.world(Dialect::Guide, 3, noon());
        assert_eq!(world.accounts, scenario.world(Dialect::Guide, 3, noon()).accounts, "the same seed");
        let ids: BTreeSet<_> = world.accounts.iter().map(|a| &a.id).collect();
        assert_eq!(ids.len(), world.accounts.len());
    }
}

/// All but the two that the observed server's list cannot show: a first choice, and a row that cannot be read.
#[test]
fn the_tour_shows_every_state_within_two_minutes() {
    let (_, seen, messages) = shown("tour", 120);
    for state in
        ["SignIn", "Paused", "Cooling", "Limited", "Throttled", "Due", "Over", "Unused", "Warning", "Ready"]
    {
        assert!(seen.iter().any(|s| s.split('(').next() == Some(state)), "{state} is missing from {seen:?}");
    }
    for words in [
        "First-time refresh",
        "New window detected",
        "Updated rate_limit_reset",
        "Auto-refresh message failed",
        "has been PAUSED",
        "cooldown_applied",
    ] {
        assert!(messages.iter().any(|m| m.contains(words)), "{words}");
    }
}

#[test]
fn the_guide_has_the_accounts_of_its_examples() {
    let (world, ..) = shown("guide", 120);
    for name in ["my-account", "primary", "premium"] {
        assert!(world.accounts.iter().any(|a| a.name == name), "{name}");
    }
    assert!(
        world.accounts.iter().any(|a| a.priority < 10) && world.accounts.iter().any(|a| a.priority >= 10)
    );
}

#[test]
fn failing_pauses_and_exhausted_has_nothing_left() {
    let (world, _, messages) = shown("failing", 120);
    assert!(messages.iter().filter(|m| m.contains("has been PAUSED")).count() >= 4);
    assert!(world.accounts.iter().any(|a| a.pause_reason == Some(PauseReason::FailureThreshold)));
    let mut world = Scenario::load("exhausted").unwrap().world(Dialect::Observed, 1, noon());
    let request = super::super::api::Request { method: "GET", path: "/health", body: b"" };
    assert_eq!(world.respond(request, noon()).status, 503);
    let (world, ..) = shown("crowd", 2);
    assert_eq!(world.accounts.len(), 1_000);
}

#[test]
fn what_is_no_scenario_is_refused_with_its_line() {
    assert!(Scenario::load("nonesuch").unwrap_err().to_string().contains("tour, guide"));
    let account = "about = 'x.'\n[[accounts]]\nname = 'a'\n";
    for (text, said) in [
        (
            &*format!("{account}auto_refersh = true\n"),
            "mine:4: unknown field `auto_refersh`; did you mean `auto_refresh`?",
        ),
        (
            &format!("{account}mode = 'forbiden'\n"),
            "mine:4: unknown variant `forbiden`; did you mean `forbidden`?",
        ),
        (&format!("{account}priority = 'first'\n"), "mine:4: invalid type: string \"first\", expected i64"),
        (
            &format!("{account}then = [{{ at = 1, mod = 'ok' }}]\n"),
            "mine:4: unknown field `mod`; did you mean `mode`?",
        ),
        ("about = 'x.'\n\n[[accounts]]\npriority = 1\n", "mine:3: missing field `name`"),
        ("about = 'x.'\nabout = 'y.'", "mine:2: duplicate key"),
        ("about = 'x.\n", "mine:1: "),
        ("tick = 1", "mine:1: missing field `about`"),
    ] {
        let error = Scenario::read("mine", text).unwrap_err().to_string();
        assert!(error.starts_with(&format!("scenario {said}")), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let error = Scenario::read("mine", &format!("{account}colour = 1\n")).unwrap_err().to_string();
    assert!(error.contains("mine:4: unknown field `colour`, expected one of `name`"), "{error}");
    for text in [
        "about = 'x.'\ntick = 0",
        "about = 'x.'\ntick = nan",
        "about='x.'\n[[accounts]]\nname='a'\ncopies=99999",
    ] {
        assert!(Scenario::read("mine", text).is_err(), "{text}");
    }
    let extreme =
        "about = 'x.'\nwindow = 1e300\n[[accounts]]\nname = 'a'\nresets_in = -1e300\ncooling_for = nan";
    Scenario::read("mine", extreme).unwrap().world(Dialect::Observed, 1, noon());
}

#[test]
fn fields_are_those_of_the_list_and_come_last() {
    let text = "about = 'x.'\n[[accounts]]\nname = 'a'\nresets_in = 10\nwithout = ['priority']\n\
        [accounts.fields]\nautoRefreshEnabled = true\nrequestCount = -2\nrateLimitReset = 2026-11-24T14:00:00Z\n\
        usageData = { five_hour = { utilization = 3 }, weekly = [1, 2.5] }\n";
    let world = Scenario::read("mine", text).unwrap().world(Dialect::Observed, 1, noon());
    let account = &world.accounts[0];
    assert!(account.auto_refresh_enabled);
    assert_eq!(account.rate_limit_reset, Some(noon() + TimeDelta::hours(2)));
    let row = account.to_row(noon());
    assert_eq!(row["requestCount"], -2);
    assert_eq!(
        row["usageData"],
        serde_json::json!({ "five_hour": { "utilization": 3 }, "weekly": [1, 2.5] })
    );
    assert!(row.get("priority").is_none());
}
