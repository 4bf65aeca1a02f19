//! What follows for each name.

use super::super::kept::MOST_KEPT;
use super::*;
use crate::model::Provider;

const SENDING: &str = "Sending auto-refresh message to account: work";
const SENT: &str = "Auto-refresh message sent successfully for account: work";
const WINDOW: &str = "Updated rate_limit_reset for work to 2026-11-23T08:00:00.000Z";
const DEAD: &str = "Token refresh failed for work: Status 400, Error: Refresh token not found or invalid";
const REFUSED: &str = "\u{274c} AUTHENTICATION FAILED: Account \"work\" needs manual reauthentication";
const OFF: &str =
    "\u{1f6ab} Auto-refresh has been DISABLED for account \"work\" until reauthentication is completed";
const PAUSED: &str = "Account \"work\" has been PAUSED. Resume with: bun run cli --resume \"work\"";

fn facts(logs: &Logs) -> Facts {
    logs.facts(&plain("work")).cloned().unwrap_or_default()
}

fn account(on: bool, paused: bool) -> Account {
    Account { auto_refresh: Some(on), paused, ..Account::named("1", "work", Provider::Anthropic) }
}

#[test]
fn the_last_refresh_is_known_at_each_step() {
    let mut logs = after(&[(0, 'I', SENDING)]);
    assert_eq!(facts(&logs).last, Some((at(0), Outcome::UnderWay)));
    logs.push(vec![say(5, 'I', SENT)]);
    let took = Some(at(5) - at(0));
    assert_eq!(facts(&logs).last, Some((at(5), Outcome::Done { resets: None, took })));
    assert_eq!(facts(&logs).new_reset_at, None);
    logs.push(vec![say(6, 'I', WINDOW)]);
    let resets = crate::model::parse_timestamp("2026-11-23T08:00:00.000Z");
    assert_eq!(facts(&logs).last, Some((at(6), Outcome::Done { resets, took })));
    assert_eq!(facts(&logs).new_reset_at, Some(at(6)));
}

#[test]
fn dead_tokens_are_held_until_something_succeeds() {
    let mut logs = after(&[(0, 'E', DEAD)]);
    assert_eq!(facts(&logs).token_dead_at, Some(at(0)));
    logs.push(vec![say(5, 'I', SENDING)]);
    assert_eq!(facts(&logs).token_dead_at, Some(at(0)));
    logs.push(vec![say(6, 'I', SENT)]);
    assert_eq!(facts(&logs).token_dead_at, None);
    let logs = after(&[(0, 'E', DEAD), (9, 'I', "Successfully refreshed token for account: work")]);
    assert_eq!(facts(&logs).token_dead_at, None);
}

#[test]
fn a_renewal_that_fails_for_a_passing_reason_kills_no_tokens() {
    let passing = [
        "Token refresh failed for work: Status 503, Error: upstream",
        "Token refresh failed for work: Status 429, Error: slow down",
        "Token refresh failed for account work: OAuth token refresh failed for account 'work': fetch failed",
        "Token refresh failed for account work: The operation timed out.",
        "xV: Token refresh for account work is in backoff period after recent failure",
    ];
    for message in passing {
        assert_eq!(facts(&after(&[(0, 'E', message)])).token_dead_at, None, "{message}");
    }
    let named = "Token refresh failed for network timeout: Status 400, Error: invalid_grant";
    let logs = after(&[(0, 'E', named)]);
    let dead = logs.facts(&plain("network timeout")).unwrap().token_dead_at;
    assert_eq!(dead, Some(at(0)), "the account's name is no reason");
}

#[test]
fn a_refused_sign_in_is_held_until_something_succeeds() {
    let mut logs = after(&[(0, 'I', SENDING), (5, 'E', REFUSED), (6, 'E', OFF)]);
    let refused = Outcome::Failed { cause: Cause::Unauthorized, strike: None };
    assert_eq!(facts(&logs).last, Some((at(5), refused)));
    assert_eq!((facts(&logs).auth_failed_at, facts(&logs).switched_off_at), (Some(at(5)), Some(at(6))));
    logs.push(vec![say(9, 'I', SENT)]);
    assert_eq!((facts(&logs).auth_failed_at, facts(&logs).switched_off_at), (None, Some(at(6))));
}

#[test]
fn the_line_under_a_refused_sign_in_kills_no_tokens() {
    let detail = "\u{26a0}\u{fe0f}  Token refresh failed for account \"work\" - both access token and refresh token are invalid";
    assert_eq!(facts(&after(&[(0, 'E', detail)])).token_dead_at, None);
}

#[test]
fn pauses_are_known_with_their_reason_until_they_end() {
    let mut logs = after(&[(0, 'E', PAUSED)]);
    assert_eq!(facts(&logs).paused, Some((at(0), PauseReason::Failures)));
    logs.push(vec![say(
        1,
        'I',
        "Auto-resuming account 'work' \u{2014} failure_threshold cleared after successful probe",
    )]);
    assert_eq!(facts(&logs).paused, None);
    logs.push(vec![say(2, 'I', "Peak hours pause: paused zai account 'work'")]);
    assert_eq!(facts(&logs).paused, Some((at(2), PauseReason::PeakHours)));
    logs.push(vec![say(3, 'I', "Peak hours resume: resumed zai account 'work'")]);
    assert_eq!(facts(&logs).paused, None);
}

#[test]
fn the_list_settles_what_it_shows_to_be_over() {
    let mut logs = after(&[(0, 'E', OFF), (1, 'E', PAUSED)]);
    logs.reconcile(&[account(false, true)], at(5_000));
    assert!(facts(&logs).switched_off_at.is_some() && facts(&logs).paused.is_some(), "it shows both");
    logs.reconcile(&[account(true, false)], at(0));
    assert!(facts(&logs).switched_off_at.is_some() && facts(&logs).paused.is_some(), "it is older than both");
    logs.reconcile(&[account(true, true)], at(6_000));
    assert_eq!((facts(&logs).switched_off_at, facts(&logs).paused.is_some()), (None, true));
    logs.reconcile(&[account(true, false)], at(7_000));
    assert_eq!(facts(&logs).paused, None);
}

#[test]
fn what_the_list_settled_stays_settled_when_the_history_tells_it_again() {
    let mut logs = after(&[(0, 'E', OFF), (1, 'E', PAUSED)]);
    logs.reconcile(&[account(true, false)], at(5_000));
    logs.merge(vec![say(-5, 'I', SENDING), say(0, 'E', OFF), say(1, 'E', PAUSED)]);
    assert_eq!((facts(&logs).switched_off_at, facts(&logs).paused), (None, None));
    logs.push(vec![say(6_000, 'E', OFF)]);
    assert_eq!(facts(&logs).switched_off_at, Some(at(6_000)), "but a new one counts");
}

#[test]
fn of_two_accounts_with_one_name_both_must_show_it() {
    let mut logs = after(&[(0, 'E', OFF), (1, 'E', PAUSED)]);
    logs.reconcile(&[account(true, false), account(false, true)], at(5_000));
    assert!(facts(&logs).switched_off_at.is_some() && facts(&logs).paused.is_some());
}

#[test]
fn an_older_history_changes_no_newer_fact() {
    let mut logs = after(&[(100, 'I', SENT), (101, 'I', WINDOW)]);
    let before = facts(&logs);
    logs.merge(vec![
        say(0, 'E', DEAD),
        say(1, 'E', "Auto-refresh message failed for account work: 403 Forbidden"),
    ]);
    assert_eq!(facts(&logs), before);
}

#[test]
fn facts_outlive_the_records_that_told_them() {
    let mut logs = after(&[(0, 'I', "Starting auto-refresh scheduler"), (1, 'E', DEAD), (2, 'E', OFF)]);
    let flood = (0..most() + i64::try_from(MOST_KEPT).unwrap() + 10)
        .map(|n| say(10 + n, 'I', &SENDING.replace("work", "other")));
    logs.push(flood.collect());
    assert!(!messages(&logs).contains(&DEAD));
    let held = facts(&logs);
    assert_eq!((held.token_dead_at, held.switched_off_at), (Some(at(1)), Some(at(2))));
    assert_eq!(logs.started_at(), Some(at(0)));
    logs.merge(vec![say(50_000, 'I', "late"), say(25_000, 'I', "Selected 1 accounts: work")]);
    assert_eq!(facts(&logs), held, "walking anew keeps them");
    logs.reconcile(&[account(true, false)], at(60_000));
    logs.merge(vec![say(50_001, 'I', "later"), say(25_001, 'I', "Selected 1 accounts: work")]);
    assert_eq!(facts(&logs).switched_off_at, None, "what the list settled stays settled");
}

#[test]
fn the_accounts_of_the_list_are_never_forgotten() {
    let mut logs = after(&[(0, 'E', DEAD)]);
    logs.reconcile(&[account(true, false)], at(1));
    for n in 0..3_000 {
        logs.push(vec![say(10 + n, 'I', &format!("Sending auto-refresh message to account: ghost-{n}"))]);
    }
    assert_eq!(facts(&logs).token_dead_at, Some(at(0)));
}

#[test]
fn a_push_tells_whether_the_accounts_are_others_now() {
    let mut logs = Logs::default();
    assert!(!logs.push(vec![say(0, 'I', SENDING), say(1, 'I', "Request: POST /v1/messages")]));
    assert!(logs.push(vec![say(2, 'I', "Request: POST /v1/messages"), say(3, 'I', SENT)]));
    assert!(!logs.push(Vec::new()));
}
