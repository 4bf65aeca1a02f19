//! What the scheduler claims: over random worlds and years, in the words that it writes, and against the dashboard's reading.

mod lines;
mod rule;
mod years;

use super::super::Dialect;
use super::super::provider::{self, Mode};
use super::super::world::{Treatment, World};
use super::*;

/// A Tuesday at noon.
fn noon() -> Timestamp {
    crate::model::parse_timestamp("2026-11-24T12:00:00Z").unwrap()
}

/// An account with auto-refresh on and a window that is over.
fn over(id: &str) -> Account {
    let mut account = Account::new(id, id, "anthropic", noon());
    account.auto_refresh_enabled = true;
    account.rate_limit_reset = Some(noon() - TimeDelta::minutes(1));
    account
}

/// A world of one such account, treated so.
fn one(mode: Mode) -> World {
    let mut world = World::new(vec![over("work")], Dialect::Observed, 1);
    world.treatments.insert("work".to_owned(), Treatment { mode, ..Treatment::default() });
    world
}

/// A whole tick in which every answer comes at once.
fn tick(world: &mut World, now: Timestamp) -> (Vec<String>, Vec<Record>) {
    let Batch { due, mut records } = world.check(now);
    let mut sent = Vec::new();
    for id in due {
        let (probe, lines) = world.begin(&id, now);
        records.extend(lines);
        if probe.is_none() {
            continue;
        }
        let treatment = world.treatment(&id);
        let signed_out = world.account(&id).is_some_and(|a| a.is_signed_out(now));
        let reply = if signed_out {
            Reply::SignedOut
        } else {
            provider::reply(treatment.mode, treatment.window, now)
        };
        records.extend(world.settle(&id, &reply, now));
        sent.push(id);
    }
    (sent, records)
}

fn minutes(n: i64) -> Timestamp {
    noon() + TimeDelta::minutes(n)
}

fn account(world: &World) -> &Account {
    world.account("work").unwrap()
}

#[test]
fn success_stores_the_new_window_and_waits_for_its_end() {
    let mut world = one(Mode::Ok);
    world.account_mut("work").unwrap().rate_limited_until = Some(noon());
    assert_eq!(tick(&mut world, noon()).0, ["work"]);
    assert_eq!(account(&world).rate_limit_reset, Some(noon() + TimeDelta::hours(5)));
    assert_eq!(account(&world).rate_limited_until, None, "the cooldown is over");
    assert!(tick(&mut world, minutes(299)).0.is_empty());
    assert_eq!(tick(&mut world, minutes(300)).0, ["work"]);
}

#[test]
fn without_a_new_reset_it_is_refreshed_every_minute() {
    let mut world = one(Mode::NoReset);
    for minute in 0..5 {
        assert_eq!(tick(&mut world, minutes(minute)).0, ["work"]);
    }
    let mut world = one(Mode::Nonsense);
    for minute in 0..5 {
        assert_eq!(tick(&mut world, minutes(minute)).0, ["work"]);
        assert_eq!(account(&world).rate_limit_reset, None);
    }
    let mut world = one(Mode::Past);
    for minute in 0..5 {
        assert_eq!(tick(&mut world, minutes(minute)).0, ["work"]);
    }
}

#[test]
fn a_null_reset_is_taken_once_and_again_after_a_restart() {
    let mut world = one(Mode::Ok);
    world.account_mut("work").unwrap().rate_limit_reset = None;
    assert_eq!(tick(&mut world, noon()).0, ["work"]);
    world.account_mut("work").unwrap().rate_limit_reset = None;
    assert!(tick(&mut world, minutes(1)).0.is_empty());
    world.start(minutes(2));
    assert_eq!(tick(&mut world, minutes(2)).0, ["work"]);
}

#[test]
fn the_tracking_map_forgets_who_is_deleted_or_switched_off() {
    let mut world = one(Mode::Ok);
    tick(&mut world, noon());
    assert_eq!(world.tracked.len(), 1);
    world.account_mut("work").unwrap().auto_refresh_enabled = false;
    tick(&mut world, minutes(1));
    assert!(world.tracked.is_empty());
    let mut world = one(Mode::Forbidden);
    tick(&mut world, noon());
    assert_eq!(world.failures.len(), 1);
    world.accounts.clear();
    tick(&mut world, minutes(1));
    assert!(world.failures.is_empty());
}

#[test]
fn the_fifth_failure_pauses_and_a_restart_or_a_success_counts_anew() {
    for mode in [
        Mode::Unauthorized,
        Mode::Forbidden,
        Mode::NotFound,
        Mode::ServerError,
        Mode::Overloaded,
        Mode::Close,
    ] {
        let mut world = one(mode);
        for minute in 0..4 {
            tick(&mut world, minutes(minute));
            assert!(!account(&world).paused, "{mode:?}");
        }
        let (mut restarted, mut recovered) = (world.clone(), world.clone());
        tick(&mut world, minutes(4));
        assert_eq!(account(&world).pause_reason, Some(PauseReason::FailureThreshold), "{mode:?}");
        assert!(account(&world).auto_refresh_enabled, "the switch stays on");
        assert!(tick(&mut world, minutes(600)).0.is_empty(), "it stays paused until a person resumes it");
        world.account_mut("work").unwrap().resume();
        assert_eq!(tick(&mut world, minutes(601)).0, ["work"]);

        restarted.start(minutes(4));
        tick(&mut restarted, minutes(4));
        assert!(!account(&restarted).paused);

        recovered.treatments.clear();
        tick(&mut recovered, minutes(4));
        assert!(recovered.failures.is_empty());
    }
}

#[test]
fn a_limit_cools_until_the_reset_or_for_a_minute() {
    for (mode, cools) in [(Mode::Limited, 300), (Mode::LimitedWord, 300), (Mode::LimitedNoReset, 1)] {
        let mut world = one(mode);
        tick(&mut world, noon());
        assert_eq!(account(&world).rate_limited_until, Some(minutes(cools)));
        assert!(tick(&mut world, minutes(cools) - TimeDelta::seconds(1)).0.is_empty());
        assert_eq!(tick(&mut world, minutes(cools)).0, ["work"]);
    }
}

#[test]
fn a_refusal_by_its_status_says_nothing_of_the_window_and_one_by_a_word_does() {
    let reset = account(&one(Mode::Ok)).rate_limit_reset;
    for mode in [Mode::Limited, Mode::LimitedNoReset] {
        let mut world = one(mode);
        tick(&mut world, noon());
        let account = account(&world);
        assert_eq!((account.rate_limit_reset, account.request_count), (reset, 0), "the old reset stays");
    }
    let mut world = one(Mode::LimitedWord);
    tick(&mut world, noon());
    let account = account(&world);
    assert_eq!((account.rate_limit_reset, account.request_count), (Some(minutes(300)), 1));
    assert_eq!(account.to_row(noon())["rateLimitStatus"], "rate_limited (300m)");
}

#[test]
fn only_answers_that_are_passed_on_count_as_requests() {
    for (mode, counted) in [
        (Mode::Ok, 1),
        (Mode::NoReset, 1),
        (Mode::Forbidden, 1),
        (Mode::ServerError, 1),
        (Mode::Overloaded, 1),
        (Mode::Unauthorized, 0),
        (Mode::NotFound, 0),
        (Mode::Close, 0),
        (Mode::Hang, 0),
        (Mode::KeyWanted, 0),
    ] {
        let mut world = one(mode);
        tick(&mut world, noon());
        let account = account(&world);
        assert_eq!((account.request_count, account.last_used.is_some()), (counted, counted > 0), "{mode:?}");
        assert_eq!(account.session_requests, None, "a refresh starts no session");
    }
}

#[test]
fn where_keys_are_on_auto_refresh_is_switched_off_and_nothing_is_counted() {
    let mut world = one(Mode::KeyWanted);
    tick(&mut world, noon());
    assert!(!account(&world).auto_refresh_enabled && !account(&world).paused);
    assert!(world.failures.is_empty());
    assert!(tick(&mut world, minutes(1)).0.is_empty());
}

#[test]
fn usage_without_its_window_is_a_success_and_a_failure() {
    let mut world = one(Mode::NoUsage);
    world.treatments.entry("work".to_owned()).or_default().window = TimeDelta::minutes(1);
    for minute in 0..5 {
        assert!(!account(&world).paused);
        assert_eq!(tick(&mut world, minutes(minute)).0, ["work"]);
        assert_eq!(account(&world).rate_limit_reset, Some(minutes(minute + 1)));
        assert_eq!(account(&world).usage, None);
    }
    assert_eq!(account(&world).pause_reason, Some(PauseReason::FailureThreshold));
}

#[test]
fn dead_tokens_are_not_tried_again_within_a_minute_and_each_try_counts() {
    let mut world = one(Mode::Ok);
    let token = super::super::account::Token { refresh: false, expires: Some(minutes(-60)) };
    world.account_mut("work").unwrap().token = token;
    let mut tried = Vec::new();
    for minute in 0..5 {
        let (_, records) = tick(&mut world, minutes(minute));
        tried.push(records.iter().any(|r| r.message.starts_with("Refreshing OAuth token")));
    }
    assert_eq!(tried, [true, false, true, false, true]);
    assert_eq!(account(&world).pause_reason, Some(PauseReason::FailureThreshold));
}

#[test]
fn no_answer_is_not_counted() {
    let mut world = one(Mode::Hang);
    for minute in 0..20 {
        assert_eq!(tick(&mut world, minutes(minute)).0, ["work"]);
    }
    assert!(!account(&world).paused);
}

#[test]
fn an_overage_pause_is_ended_by_a_refresh_and_no_other() {
    for (on, reason, taken) in [
        (true, Some(PauseReason::Overage), true),
        (true, None, true),
        (true, Some(PauseReason::Manual), false),
        (true, Some(PauseReason::FailureThreshold), false),
        (false, Some(PauseReason::Overage), false),
    ] {
        let mut world = one(Mode::Ok);
        let account = world.account_mut("work").unwrap();
        (account.paused, account.pause_reason, account.auto_pause_on_overage_enabled) = (true, reason, on);
        assert_eq!(tick(&mut world, noon()).0.len(), usize::from(taken), "{on} {reason:?}");
        assert_eq!(world.account("work").unwrap().paused, !taken);
    }
}

#[test]
fn peak_hours_pause_and_resume_by_utc() {
    let six = noon() + TimeDelta::hours(18);
    let mut world = one(Mode::Ok);
    let account = world.account_mut("work").unwrap();
    account.provider = "zai".to_owned();
    account.peak_hours_pause_enabled = true;
    account.rate_limit_reset = Some(six + TimeDelta::hours(1));
    let said = |world: &mut World, at| {
        let (sent, records) = tick(world, at);
        let peak = records.into_iter().filter(|r| r.message.starts_with("Peak")).map(|r| r.message);
        (sent, peak.collect::<Vec<_>>())
    };
    let nothing = (Vec::new(), Vec::new());
    assert_eq!(said(&mut world, six - TimeDelta::minutes(1)), nothing);
    let paused = vec!["Peak hours pause: paused zai account 'work'".to_owned()];
    assert_eq!(said(&mut world, six), (Vec::new(), paused));
    assert_eq!(world.account("work").unwrap().pause_reason, Some(PauseReason::PeakHours));
    assert_eq!(
        said(&mut world, six + TimeDelta::minutes(239)),
        nothing,
        "its window is over, and it is paused"
    );
    let resumed = vec!["Peak hours resume: resumed zai account 'work'".to_owned()];
    assert_eq!(said(&mut world, six + TimeDelta::hours(4)), (vec!["work".to_owned()], resumed));
}

#[test]
fn peak_hours_leave_others_and_what_a_person_paused_alone() {
    let seven = noon() + TimeDelta::hours(19);
    for (provider, on) in [("zai", false), ("anthropic", true)] {
        let mut world = one(Mode::Ok);
        let account = world.account_mut("work").unwrap();
        (account.provider, account.peak_hours_pause_enabled) = (provider.to_owned(), on);
        assert_eq!(tick(&mut world, seven).0, ["work"], "{provider}");
    }
    let mut world = one(Mode::Ok);
    let account = world.account_mut("work").unwrap();
    (account.provider, account.peak_hours_pause_enabled) = ("zai".to_owned(), true);
    account.pause(PauseReason::Manual);
    tick(&mut world, seven);
    tick(&mut world, seven + TimeDelta::hours(4));
    assert_eq!(world.account("work").unwrap().pause_reason, Some(PauseReason::Manual));
}

#[test]
fn a_forced_reset_is_taken_at_the_next_check_only_where_no_refresh_has_brought_a_time() {
    let forced = |world: &mut World| {
        let path = "/api/accounts/work/force-reset-rate-limit";
        let request = super::super::api::Request { method: "POST", path, body: b"" };
        assert_eq!(world.respond(request, noon()).status, 200);
        let account = world.account("work").unwrap();
        assert_eq!((account.rate_limit_reset, account.rate_limited_until), (None, None));
        assert_eq!(account.to_row(noon())["rateLimitStatus"], "OK");
    };
    let mut world = one(Mode::Ok);
    let account = world.account_mut("work").unwrap();
    account.rate_limit_reset = Some(minutes(200));
    account.rate_limited_until = Some(minutes(100));
    account.rate_limit_status = Some("rate_limited".to_owned());
    forced(&mut world);
    assert_eq!(tick(&mut world, noon()).0, ["work"]);
    forced(&mut world);
    assert!(tick(&mut world, minutes(1)).0.is_empty());
    world.start(minutes(2));
    assert_eq!(tick(&mut world, minutes(2)).0, ["work"]);
}

#[test]
fn who_is_switched_off_while_waiting_is_passed_over() {
    let mut world = World::new(vec![over("a"), over("b")], Dialect::Observed, 1);
    let batch = world.check(noon());
    assert_eq!(batch.due, ["a", "b"]);
    world.account_mut("b").unwrap().auto_refresh_enabled = false;
    assert!(world.begin("a", noon()).0.is_some());
    assert_eq!(world.begin("b", noon()), (None, Vec::new()));
    assert_eq!(world.begin("gone", noon()), (None, Vec::new()));
}

#[test]
fn debug_says_why_an_account_is_passed_over() {
    let mut world = one(Mode::Ok);
    world.debug = true;
    world.account_mut("work").unwrap().paused = true;
    let batch = world.check(noon());
    let text: Vec<String> = batch.records.iter().map(Record::to_text).collect();
    assert_eq!(
        text,
        [
            "[DEBUG] Auto-refresh check found 1 account(s) to consider",
            "[DEBUG] Skipping account: work: it is paused"
        ]
    );
}
