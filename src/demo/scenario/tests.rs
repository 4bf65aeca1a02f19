//! What the built-in scenarios show.

use std::collections::BTreeSet;

use super::super::api::Request;
use super::*;

fn noon() -> Timestamp {
    crate::model::parse_timestamp("2026-11-24T12:00:00Z").unwrap()
}

/// The world after so many seconds, and what was written in them.
fn played(name: &str, seconds: i64) -> (World, Vec<String>) {
    let mut simulation = Scenario::load(name).unwrap().simulation(Dialect::Observed, 1, noon());
    let records = simulation.run_until(noon() + TimeDelta::seconds(seconds));
    (simulation.world, records.into_iter().map(|r| r.message).collect())
}

fn health(world: &mut World, seconds: i64) -> u16 {
    let request = Request { method: "GET", path: "/health", body: b"" };
    world.respond(request, noon() + TimeDelta::seconds(seconds)).status
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

#[test]
fn the_guide_has_the_accounts_of_its_examples() {
    let (world, _) = played("guide", 0);
    for name in ["my-account", "primary", "premium"] {
        assert!(world.accounts.iter().any(|a| a.name == name), "{name}");
    }
    assert!(
        world.accounts.iter().any(|a| a.priority < 10) && world.accounts.iter().any(|a| a.priority >= 10)
    );
}

#[test]
fn failing_gives_up_on_whoever_fails_five_times() {
    let (world, messages) = played("failing", 120);
    assert!(messages.iter().filter(|m| m.contains("has been PAUSED")).count() >= 7);
    assert!(world.accounts.iter().any(|a| a.pause_reason == Some(PauseReason::FailureThreshold)));
    assert!(messages.iter().any(|m| m.contains("with any model: The operation timed out.")));
}

#[test]
fn exhausted_has_nothing_left_and_gets_it_back() {
    for seconds in [1, 35] {
        assert_eq!(health(&mut played("exhausted", seconds).0, seconds), 503);
    }
    let (mut world, messages) = played("exhausted", 150);
    assert_eq!(health(&mut world, 150), 200);
    assert_eq!(messages.iter().filter(|m| m.contains("sent successfully")).count(), 4);
}

#[test]
fn the_crowd_is_a_thousand_and_some_are_refreshed_at_every_check() {
    let (world, messages) = played("crowd", 90);
    assert_eq!(world.accounts.len(), 1_000);
    let found: Vec<_> = messages.iter().filter(|m| m.starts_with("Found ")).collect();
    assert!(found.len() >= 8, "{found:?}");
}

/// The keys and modes that the first scenario's comment names are there.
#[test]
fn what_the_tour_says_of_other_keys_is_so() {
    let comment: String = BUILT_IN[0].1.lines().take_while(|line| line.starts_with('#')).collect();
    let modes = comment.split('"').skip(1).step_by(2);
    let text = |mode: &str| format!("about = 'x.'\n[[accounts]]\nname = 'a'\nmode = '{mode}'");
    let mut count = 0;
    for mode in modes {
        Scenario::read("mine", &text(mode)).unwrap();
        count += 1;
    }
    assert_eq!(count, 16);
    let error = |text: &str| Scenario::read("mine", text).unwrap_err().to_string();
    let known = error("about = 'x.'\nqqqqqq = 1") + &error("about = 'x.'\n[[accounts]]\nqqqqqq = 1");
    for key in comment.split('`').skip(1).step_by(2) {
        assert!(known.contains(&format!("`{key}`")), "{key}");
    }
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
