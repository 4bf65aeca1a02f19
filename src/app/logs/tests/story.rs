//! What belongs together.

use super::*;

const SENDING: &str = "Sending auto-refresh message to account: work";
const FAILED: &str = "Auto-refresh message failed for account work: 503 Service Unavailable";
const STRIKE: &str =
    "Account work has failed 2 consecutive auto-refresh attempts (non-401 error). Threshold is 5.";
const REFUSED: &str = "Authentication failed (401) for account work, failing over to next account";
const LIMITED: &str =
    "Account work rate-limited (429), no model fallbacks \u{2014} failing over to next account";
const COOLDOWN: &str =
    "[ccflare] account=work cooldown_applied reason=model_fallback_429 until=2026-11-23T08:00:00.000Z";
const PROXY: &str = "Proxy request failed:";

fn cause(logs: &Logs) -> Cause {
    let causes = records(logs).into_iter().rev().find_map(|r| match &r.event.kind {
        Kind::Failed(cause) => Some(cause.clone()),
        _ => None,
    });
    causes.unwrap()
}

fn eight() -> Option<Timestamp> {
    crate::model::parse_timestamp("2026-11-23T08:00:00.000Z")
}

#[test]
fn a_failure_is_one_line_with_its_true_cause() {
    let logs = after(&[
        (0, 'I', SENDING),
        (5, 'W', REFUSED),
        (6, 'E', PROXY),
        (7, 'E', FAILED),
        (8, 'E', "Response body: {}"),
        (8, 'W', STRIKE),
    ]);
    assert_eq!(shown(&logs), [FAILED]);
    assert_eq!(cause(&logs), Cause::Unauthorized);
    let failed = records(&logs)[3];
    assert_eq!((failed.took, failed.strike), (Some(TimeDelta::milliseconds(7)), Some(2)));
}

#[test]
fn a_success_is_one_line_with_its_duration() {
    let window = "Updated rate_limit_reset for work to 2026-11-23T08:00:00.000Z";
    let sent = "Auto-refresh message sent successfully for account: work";
    let mut logs = after(&[(0, 'I', SENDING)]);
    assert_eq!(shown(&logs), [SENDING]);
    logs.push(vec![say(1_900, 'I', sent)]);
    assert_eq!(shown(&logs), [sent]);
    logs.push(vec![say(1_901, 'I', window)]);
    assert_eq!(shown(&logs), [window]);
    assert_eq!(records(&logs)[2].took, Some(TimeDelta::milliseconds(1_900)));
}

#[test]
fn a_success_without_a_new_reset_is_the_line_that_says_so() {
    let cleared = "Cleared rate_limited_until for work as account has been refreshed (no new reset time)";
    let sent = "Auto-refresh message sent successfully for account: work";
    let logs = after(&[(0, 'I', SENDING), (10, 'I', sent), (11, 'I', cleared)]);
    assert_eq!(shown(&logs), [cleared]);
    assert_eq!(records(&logs)[2].took, Some(TimeDelta::milliseconds(10)));
}

#[test]
fn the_fifth_failure_is_told_by_the_failure_and_the_pause() {
    let paused = "Account \"work\" has been PAUSED. Resume with: bun run cli --resume \"work\"";
    let five = "Account work has failed 5 consecutive auto-refresh attempts";
    let counted = format!("{five} (non-401 error). Threshold is 5.");
    let out = format!("{five} \u{2014} pausing account to prevent routing to a broken endpoint.");
    let mut logs = after(&[(0, 'I', SENDING), (7, 'E', FAILED), (8, 'W', &counted), (8, 'E', &out)]);
    assert_eq!(shown(&logs), [FAILED, &out], "until the pause is told, its announcement is");
    logs.push(vec![say(9, 'E', paused)]);
    assert_eq!(shown(&logs), [FAILED, paused]);
    assert_eq!(records(&logs)[1].strike, Some(5));
}

#[test]
fn a_cause_older_than_the_refresh_does_not_count() {
    let logs = after(&[(0, 'W', REFUSED), (1, 'I', SENDING), (7, 'E', FAILED)]);
    assert_eq!(cause(&logs), Cause::Status(plain("503 Service Unavailable")));
    assert_eq!(shown(&logs), [REFUSED, FAILED]);
}

#[test]
fn a_cause_of_another_account_does_not_count() {
    let other = "Authentication failed (401) for account home, failing over to next account";
    let stray = "Error: The socket connection was closed unexpectedly.";
    let proxied = "Failed to proxy request with account home";
    let logs = after(&[
        (0, 'I', SENDING),
        (3, 'W', other),
        (4, 'E', stray),
        (4, 'E', proxied),
        (5, 'E', PROXY),
        (7, 'E', FAILED),
    ]);
    assert_eq!(cause(&logs), Cause::Status(plain("503 Service Unavailable")));
    assert_eq!(shown(&logs), [other, stray, proxied, PROXY, FAILED]);
}

#[test]
fn requests_of_other_accounts_in_between_change_nothing() {
    let logs = after(&[
        (0, 'I', SENDING),
        (2, 'W', LIMITED),
        (3, 'W', "Account home rate-limited (429), no model fallbacks \u{2014} failing over to next account"),
        (3, 'W', COOLDOWN),
        (3, 'I', "Selected 1 accounts: home"),
        (7, 'E', FAILED),
        (8, 'I', "Selected 1 accounts: home"),
        (9, 'E', "Response body: {}"),
        (9, 'W', STRIKE),
    ]);
    assert_eq!(cause(&logs), Cause::RateLimited(eight()));
    assert_eq!(shown(&logs).len(), 2, "the other account's line and the failure");
}

#[test]
fn a_status_that_tells_its_cause_is_believed() {
    let forbidden = "Auto-refresh message failed for account work: 403 Forbidden";
    let logs = after(&[(0, 'I', SENDING), (2, 'W', LIMITED), (7, 'E', forbidden)]);
    assert_eq!(cause(&logs), Cause::Status(plain("403 Forbidden")));
    let many = "Auto-refresh message failed for account work: 429 Too Many Requests";
    let logs = after(&[(0, 'I', SENDING), (2, 'W', COOLDOWN), (7, 'E', many)]);
    assert_eq!(cause(&logs), Cause::RateLimited(eight()), "the cooldown tells until when");
}

#[test]
fn a_cooldown_that_is_written_late_still_explains_the_failure() {
    let mut logs = after(&[(0, 'I', SENDING), (7, 'E', FAILED)]);
    assert_eq!(cause(&logs), Cause::Status(plain("503 Service Unavailable")));
    logs.push(vec![say(40, 'W', COOLDOWN)]);
    assert_eq!(cause(&logs), Cause::RateLimited(eight()));
    assert_eq!(shown(&logs), [FAILED]);
    let failed = Outcome::Failed { cause: Cause::RateLimited(eight()), strike: None };
    assert_eq!(logs.facts(&plain("work")).unwrap().last, Some((at(7), failed)));
    logs.push(vec![say(20_000, 'W', COOLDOWN)]);
    assert_eq!(shown(&logs), [FAILED, COOLDOWN], "a later one is that of another request");
}

#[test]
fn a_provider_that_hangs_is_no_answer() {
    let attempt =
        "Attempting auto-refresh for work with model: m to endpoint: http://localhost:8080/v1/messages";
    let timed_out = "Error: The operation timed out.";
    let proxied = "Failed to proxy request with account work";
    let unsent = "Failed to send auto-refresh message to work with any model: The operation timed out.";
    let mut logs = after(&[(0, 'I', SENDING)]);
    for round in 0..3 {
        let ms = round * 300_000;
        logs.push(vec![
            say(ms + 2, 'I', attempt),
            say(ms + 300_000, 'E', timed_out),
            say(ms + 300_000, 'E', proxied),
        ]);
        logs.push(vec![say(ms + 300_001, 'E', PROXY)]);
    }
    assert!(shown(&logs).contains(&timed_out), "nothing else tells it yet");
    logs.push(vec![say(900_002, 'E', unsent)]);
    assert_eq!(shown(&logs), [unsent]);
    assert_eq!(cause(&logs), Cause::NoAnswer(plain("The operation timed out.")));
    assert_eq!(records(&logs).last().unwrap().took, Some(TimeDelta::milliseconds(900_002)));
}

#[test]
fn only_the_last_attempt_tells_the_cause() {
    let attempt =
        "Attempting auto-refresh for work with model: m to endpoint: http://localhost:8080/v1/messages";
    let logs = after(&[
        (0, 'I', SENDING),
        (1, 'W', REFUSED),
        (2, 'I', attempt),
        (3, 'W', COOLDOWN),
        (7, 'E', FAILED),
    ]);
    assert_eq!(cause(&logs), Cause::RateLimited(eight()));
    assert_eq!(shown(&logs), [FAILED]);
}

#[test]
fn a_success_that_ends_in_an_exception_is_both() {
    let window = "Updated rate_limit_reset for work to 2026-11-23T08:00:00.000Z";
    let thrown = "Error sending auto-refresh message to account work: TypeError: undefined is not an object";
    let logs = after(&[
        (0, 'I', SENDING),
        (5, 'I', "Auto-refresh message sent successfully for account: work"),
        (5, 'I', window),
        (60, 'E', thrown),
        (60, 'E', "Auto-refresh stack trace for work: TypeError: undefined is not an object     at x"),
        (61, 'W', "Account work has failed 2 consecutive auto-refresh attempts (exception). Threshold is 5."),
    ]);
    assert_eq!(shown(&logs), [window, thrown]);
    assert_eq!(records(&logs)[3].strike, Some(2));
    let facts = logs.facts(&plain("work")).unwrap();
    assert_eq!(facts.new_reset_at, Some(at(5)));
    let cause = Cause::Status(plain("TypeError: undefined is not an object"));
    assert_eq!(facts.last, Some((at(60), Outcome::Failed { cause, strike: Some(2) })));
}

#[test]
fn a_server_that_logs_warnings_only_still_tells_causes() {
    let logs = after(&[
        (0, 'W', LIMITED),
        (1, 'W', COOLDOWN),
        (2, 'E', PROXY),
        (3, 'E', FAILED),
        (3, 'E', "Response body: {}"),
        (3, 'W', STRIKE),
    ]);
    assert_eq!(cause(&logs), Cause::RateLimited(eight()));
    assert_eq!(shown(&logs), [FAILED]);
    assert_eq!(records(&logs)[3].took, None);
    let logs = after(&[(0, 'W', REFUSED), (60_000, 'E', FAILED)]);
    assert_eq!(cause(&logs), Cause::Status(plain("503 Service Unavailable")), "too long before");
}

#[test]
fn the_seven_lines_of_a_refused_sign_in_are_one() {
    let refused = "\u{274c} AUTHENTICATION FAILED: Account \"work\" needs manual reauthentication";
    let off =
        "\u{1f6ab} Auto-refresh has been DISABLED for account \"work\" until reauthentication is completed";
    let logs = after(&[
        (0, 'I', SENDING),
        (63, 'E', refused),
        (
            63,
            'E',
            "\u{26a0}\u{fe0f}  Token refresh failed for account \"work\" - both access token and refresh token are invalid",
        ),
        (63, 'E', "\u{1f527} MANUAL ACTION REQUIRED: Please run the following command to reauthenticate:"),
        (63, 'E', "   bun run cli --reauthenticate \"work\""),
        (
            63,
            'E',
            "\u{1f4cb} Alternative: You can also reauthenticate through the web dashboard at http://localhost:8080/",
        ),
        (70, 'E', off),
        (
            70,
            'E',
            "\u{1f4a1} Re-enable auto-refresh after reauthentication with: bun run cli --auto-refresh \"work\"",
        ),
    ]);
    assert_eq!(shown(&logs), [refused]);
    let told = records(&logs)[1];
    assert_eq!((told.took, told.switched_off), (Some(TimeDelta::milliseconds(63)), true));
    assert_eq!((told.holds, event_of(&logs, refused).len()), (7, 8), "the sending, the seven lines");
    let logs = after(&[(0, 'E', off)]);
    assert_eq!(shown(&logs), [off], "alone it tells itself");
}

/// The records of the event that the record with this message tells.
fn event_of<'a>(logs: &'a Logs, message: &str) -> Vec<&'a str> {
    let places: Vec<Place> = logs.since(0).map(|(place, _)| place).collect();
    let told = places.iter().zip(records(logs)).find(|(_, r)| r.line.message == message).map(|(p, _)| *p);
    let parts = places.iter().zip(records(logs));
    let parts = parts.filter(|(place, r)| Some(**place) == told || r.part_of == told);
    parts.map(|(_, r)| r.line.message.as_str()).collect()
}

#[test]
fn whatever_belongs_to_a_failure_is_one_event() {
    let attempt =
        "Attempting auto-refresh for work with model: m to endpoint: http://localhost:8080/v1/messages";
    let expires = "Current token expires at: null";
    let logs = after(&[
        (0, 'I', SENDING),
        (1, 'I', expires),
        (2, 'I', attempt),
        (3, 'W', LIMITED),
        (3, 'W', COOLDOWN),
        (4, 'I', "Selected 1 accounts: home"),
        (6, 'E', PROXY),
        (7, 'E', FAILED),
        (8, 'E', "Response body: {}"),
        (9, 'W', STRIKE),
        (9, 'I', "Request: POST /v1/messages"),
    ]);
    let all = [SENDING, expires, attempt, LIMITED, COOLDOWN, PROXY, FAILED, "Response body: {}", STRIKE];
    assert_eq!(event_of(&logs, FAILED), all);
    assert_eq!(records(&logs)[7].holds, 8);
    assert_eq!(shown(&logs), [FAILED]);
}

#[test]
fn whatever_belongs_to_a_success_moves_to_the_line_that_tells_it_best() {
    let window = "Updated rate_limit_reset for work to 2026-11-23T08:00:00.000Z";
    let sent = "Auto-refresh message sent successfully for account: work";
    let answer = "Auto-refresh response for work: {}";
    let usage = "Fetched usage data for work: 5h=37%, 7d=12.3%";
    let mut logs = after(&[(0, 'I', SENDING), (5, 'I', sent), (5, 'I', answer)]);
    assert_eq!(event_of(&logs, sent), [SENDING, sent, answer]);
    logs.push(vec![say(6, 'I', window), say(90, 'I', usage)]);
    assert_eq!(event_of(&logs, window), [SENDING, sent, answer, window, usage]);
    assert_eq!(records(&logs)[3].holds, 4);
}

#[test]
fn an_exception_after_a_success_is_an_event_of_its_own() {
    let sent = "Auto-refresh message sent successfully for account: work";
    let thrown = "Error sending auto-refresh message to account work: TypeError: undefined is not an object";
    let trace = "Auto-refresh stack trace for work: TypeError: undefined is not an object     at x";
    let strike = "Account work has failed 2 consecutive auto-refresh attempts (exception). Threshold is 5.";
    let logs =
        after(&[(0, 'I', SENDING), (5, 'I', sent), (60, 'E', thrown), (60, 'E', trace), (61, 'W', strike)]);
    assert_eq!(event_of(&logs, sent), [SENDING, sent]);
    assert_eq!(event_of(&logs, thrown), [thrown, trace, strike]);
}

#[test]
fn what_is_told_anew_is_told_to_whoever_keeps_account_of_it() {
    let mut logs = after(&[(0, 'I', SENDING)]);
    logs.take_touched();
    let generation = logs.generation();
    logs.push(vec![say(7, 'E', FAILED)]);
    assert!(logs.take_touched().contains(&0), "the sending is folded");
    assert_eq!(logs.generation(), generation);
    logs.push(vec![say(3, 'W', REFUSED)]);
    assert_ne!(logs.generation(), generation, "a late record moves others");
}

#[test]
fn a_renewal_that_failed_is_told_once() {
    let first = "Token refresh failed for work: Status 400, Error: Refresh token not found or invalid";
    let second = "Token refresh failed for account work: OAuth token refresh failed for account 'work': gone";
    let logs = after(&[(0, 'E', first), (1, 'E', second)]);
    assert_eq!(shown(&logs), [first]);
    let logs = after(&[
        (0, 'I', SENDING),
        (1, 'E', first),
        (2, 'E', second),
        (2, 'E', "TR: Failed to refresh access token"),
        (3, 'E', "Failed to proxy request with account work"),
        (3, 'E', PROXY),
        (4, 'E', FAILED),
    ]);
    assert_eq!(shown(&logs), [FAILED]);
    assert_eq!(cause(&logs), Cause::TokenRefresh);
}

#[test]
fn two_accounts_of_one_name_are_refreshed_one_after_the_other() {
    let sent = "Auto-refresh message sent successfully for account: work";
    let logs = after(&[
        (0, 'I', SENDING),
        (5, 'I', sent),
        (10, 'I', SENDING),
        (12, 'W', REFUSED),
        (13, 'E', FAILED),
    ]);
    assert_eq!(shown(&logs), [sent, FAILED]);
    assert_eq!(records(&logs)[1].took, Some(TimeDelta::milliseconds(5)));
    assert_eq!(records(&logs)[4].took, Some(TimeDelta::milliseconds(3)));
}
