//! Refreshes that have begun: what ends them, and how many are remembered.

use super::*;

const SENDING: &str = "Sending auto-refresh message to account: work";
const FAILED: &str = "Auto-refresh message failed for account work: 503 Service Unavailable";

#[test]
fn a_renewal_of_tokens_outside_a_refresh_is_no_refresh_under_way() {
    let mut logs = Logs::default();
    let failed = "Token refresh failed for account work: OAuth token refresh failed for account 'work': 400";
    logs.push(vec![say(0, 'I', "Token expired for account: work"), say(1, 'E', failed)]);
    assert_eq!(logs.under_way(), None);
    logs.push(vec![say(2, 'I', SENDING)]);
    assert_eq!(logs.under_way().map(|(name, _)| name.as_str()), Some("work"));
}

#[test]
fn a_restart_ends_what_was_under_way() {
    let logs = after(&[(0, 'I', SENDING), (50, 'I', "Starting auto-refresh scheduler"), (60, 'E', FAILED)]);
    assert_eq!(shown(&logs)[0], SENDING, "its outcome never came");
    assert_eq!(records(&logs)[2].took, None);
    let logs = after(&[(0, 'I', SENDING), (50, 'I', "Starting auto-refresh scheduler")]);
    assert_eq!(logs.facts(&plain("work")).unwrap().last, None);
    assert_eq!(logs.started_at(), Some(at(50)));
}

#[test]
fn endless_beginnings_are_forgotten() {
    let mut logs = Logs::default();
    for n in 0..5_000 {
        logs.push(vec![say(n, 'I', &format!("Sending auto-refresh message to account: ghost-{n}"))]);
    }
    assert!(logs.context.refreshes() <= 16);
    assert!(logs.context.book.len() <= 600);
    assert!(logs.facts(&plain("ghost-4999")).is_some(), "the newest are kept");
}

#[test]
fn a_refresh_that_hangs_outlasts_the_requests_of_many_others() {
    let mut logs = after(&[(0, 'I', SENDING)]);
    for n in 0..100 {
        let limited =
            format!("Account other-{n} rate-limited (429), no model fallbacks \u{2014} failing over");
        logs.push(vec![say(n, 'W', &limited)]);
    }
    logs.push(vec![say(
        900_000,
        'E',
        "Failed to send auto-refresh message to work with any model: timed out",
    )]);
    assert_eq!(records(&logs).last().unwrap().took, Some(TimeDelta::seconds(900)));
    assert!(!shown(&logs).contains(&SENDING));
}
