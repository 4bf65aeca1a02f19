//! What one record says by itself.

use super::*;
use crate::model::DueReason;

fn event(level: char, message: &str) -> Event {
    classify::classify(&say(0, level, message))
}

fn iso(text: &str) -> Option<Timestamp> {
    crate::model::parse_timestamp(text)
}

/// Every wording with a name in it, of the observed server, of newer and older ones, and of the guide.
#[expect(clippy::too_many_lines, reason = "a table")]
fn wordings() -> Vec<(char, &'static str, Kind)> {
    let status = |text: &str| Kind::Failed(Cause::Status(plain(text)));
    vec![
        ('I', "First-time refresh for account: {}", Kind::Due(DueReason::FirstTime)),
        (
            'I',
            "New window detected for account {}: reset time 2026-11-23T07:33:16.000Z has passed (now: 2026-11-23T07:33:46.000Z), last refresh was at 2026-11-23T07:33:16.000Z",
            Kind::Due(DueReason::WindowOver),
        ),
        (
            'I',
            "New window detected for account {}: current reset 2026-11-23T07:33:16.000Z > last refresh 2026-11-23T02:33:16.000Z",
            Kind::Due(DueReason::NewReset),
        ),
        (
            'I',
            "Stale reset time detected for account {}: 2026-11-20T07:33:16.000Z is more than 24h old, forcing refresh",
            Kind::Due(DueReason::Stale),
        ),
        (
            'D',
            "No new window for account {}: current reset 2026-11-23T07:33:16.000Z, last refresh x",
            Kind::Detail,
        ),
        ('D', "Considering account: {}, reset_time: null", Kind::Detail),
        ('I', "Sending auto-refresh message to account: {}", Kind::Sending),
        ('I', "Sending auto-refresh message to account: {} (prompt #3)", Kind::Sending),
        ('I', "[INFO] Sending auto-refresh message to account: {}", Kind::Sending),
        ('I', "[INFO] [AutoRefreshScheduler] Sending auto-refresh message to account: {}", Kind::Sending),
        (
            'I',
            "Attempting auto-refresh for {} with model: claude-haiku-4-5 to endpoint: http://localhost:8080/v1/messages",
            Kind::Attempting,
        ),
        ('I', "Token expired for account: {}", Kind::Detail),
        ('I', "Refreshing OAuth token for account {} with client ID: 0-0-0", Kind::Detail),
        ('I', "Refreshing Codex token for account: {}", Kind::Detail),
        ('I', "Auto-refresh message sent successfully for account: {}", Kind::Succeeded),
        ('I', "Auto-refresh message sent successfully for account: {} (prompt #12)", Kind::Succeeded),
        (
            'I',
            "Updated rate_limit_reset for {} to 2026-11-23T07:33:16.000Z",
            Kind::NewWindow(iso("2026-11-23T07:33:16Z")),
        ),
        (
            'I',
            "Updated rate_limit_reset for {} to +058864-07-28T03:46:40.000Z",
            Kind::NewWindow(iso("+058864-07-28T03:46:40.000Z")),
        ),
        ('I', "Updated rate_limit_status for {} to allowed", Kind::StatusUpdated),
        ('I', "Updated rate_limit_remaining for {} to 42", Kind::StatusUpdated),
        (
            'I',
            "Cleared rate_limited_until for {} as account has been refreshed",
            Kind::CooldownCleared { new_reset: true },
        ),
        (
            'I',
            "Cleared rate_limited_until for {} as account has been refreshed (no new reset time)",
            Kind::CooldownCleared { new_reset: false },
        ),
        ('I', "Fetched usage data for {}: 5h=37%, 7d=12.3%", Kind::UsageRead),
        ('W', "Failed to fetch usage data for {} after auto-refresh", Kind::UsageReadFailed),
        (
            'E',
            "Auto-refresh message failed for account {}: 503 Service Unavailable",
            status("503 Service Unavailable"),
        ),
        ('E', "Auto-refresh message failed for account {}: 403 Forbidden", status("403 Forbidden")),
        ('E', "Auto-refresh message failed for account {}: 520 ", status("520")),
        ('E', "Auto-refresh message failed for account {}: 520", status("520")),
        ('E', "Auto-refresh message failed for account {}: 529 HM", Kind::Failed(Cause::Overloaded)),
        (
            'E',
            "Auto-refresh message failed for account {}: 429 Too Many Requests",
            Kind::Failed(Cause::RateLimited(None)),
        ),
        (
            'E',
            "[ERROR] Auto-refresh message failed for account {}: 401 Unauthorized",
            Kind::Failed(Cause::Unauthorized),
        ),
        (
            'E',
            "Authentication failed for account {} - token may be invalid or expired",
            Kind::Failed(Cause::Unauthorized),
        ),
        (
            'E',
            "Failed to send auto-refresh message to {} with any model: The operation timed out.",
            Kind::Failed(Cause::NoAnswer(plain("The operation timed out."))),
        ),
        (
            'W',
            "Auto-refresh probe for {} received 529 (overloaded/throttled) \u{2014} not counting toward the 5-failure pause threshold",
            Kind::Detail,
        ),
        (
            'W',
            "Account {} has failed 2 consecutive auto-refresh attempts (non-401 error). Threshold is 5.",
            Kind::Strike(2),
        ),
        (
            'W',
            "Account {} has failed 4 consecutive auto-refresh attempts (exception). Threshold is 5.",
            Kind::Strike(4),
        ),
        (
            'E',
            "Account {} has failed 5 consecutive auto-refresh attempts \u{2014} pausing account to prevent routing to a broken endpoint.",
            Kind::StrikeOut,
        ),
        (
            'E',
            "Account \"{}\" has been PAUSED. Resume with: bun run cli --resume \"{}\"",
            Kind::PausedByFailures,
        ),
        (
            'E',
            "Error sending auto-refresh message to account {}: TypeError: undefined is not an object (evaluating 'L.five_hour')",
            Kind::Exception(plain("TypeError: undefined is not an object (evaluating 'L.five_hour')")),
        ),
        ('E', "Auto-refresh stack trace for {}: TypeError: x     at y", Kind::StackTrace),
        (
            'E',
            "\u{274c} AUTHENTICATION FAILED: Account \"{}\" needs manual reauthentication",
            Kind::AuthFailed,
        ),
        (
            'E',
            "\u{26a0}\u{fe0f}  Token refresh failed for account \"{}\" - both access token and refresh token are invalid",
            Kind::AuthDetail,
        ),
        ('E', "   bun run cli --reauthenticate \"{}\"", Kind::AuthDetail),
        (
            'E',
            "\u{1f6ab} Auto-refresh has been DISABLED for account \"{}\" until reauthentication is completed",
            Kind::SwitchedOff,
        ),
        (
            'E',
            "\u{1f4a1} Re-enable auto-refresh after reauthentication with: bun run cli --auto-refresh \"{}\"",
            Kind::AuthDetail,
        ),
        ('I', "Peak hours pause: paused zai account '{}'", Kind::PeakPaused),
        ('I', "Peak hours resume: resumed zai account '{}'", Kind::PeakResumed),
        (
            'I',
            "Auto-resuming account '{}' \u{2014} failure_threshold cleared after successful probe",
            Kind::AutoResumed,
        ),
        (
            'D',
            "Auto-resuming account '{}' after window reset (auto-pause-on-overage enabled)",
            Kind::AutoResumed,
        ),
        ('E', "No provider found for anthropic (account: {})", Kind::NoProvider),
        (
            'W',
            "Authentication failed (401) for account {}, failing over to next account",
            Kind::ProviderRefused,
        ),
        (
            'W',
            "Account {} rate-limited (429), no model fallbacks \u{2014} failing over to next account",
            Kind::ProviderLimited,
        ),
        (
            'W',
            "[ccflare] account={} cooldown_applied reason=model_fallback_429 until=2026-11-23T07:33:17.011Z",
            Kind::CooldownApplied {
                reason: plain("model_fallback_429"),
                until: iso("2026-11-23T07:33:17.011Z"),
            },
        ),
        (
            'W',
            "[ccflare] account={} cooldown_applied reason=model_fallback_429 until=2026-11-23T07:33:17.011Z consecutive=2",
            Kind::CooldownApplied {
                reason: plain("model_fallback_429"),
                until: iso("2026-11-23T07:33:17.011Z"),
            },
        ),
        ('E', "Failed to proxy request with account {}", Kind::ProxyFailed),
        (
            'E',
            "Token refresh failed for {}: Status 400, Error: Refresh token not found or invalid",
            Kind::TokenRefreshFailed,
        ),
        (
            'E',
            "Token refresh failed for account {}: OAuth token refresh failed for account '{}': Failed to refresh token for account {}: gone",
            Kind::TokenRefreshFailed,
        ),
        ('W', "Account {} is in refresh backoff period (attempt 2)", Kind::Detail),
        (
            'E',
            "xV: Token refresh for account {} is in backoff period after recent failure",
            Kind::TokenRefreshFailed,
        ),
        (
            'E',
            "Account {} requires re-authentication \u{2014} proactive codex refresh returned invalid_grant",
            Kind::TokenRefreshFailed,
        ),
        ('I', "Successfully refreshed token for account: {}", Kind::TokenRenewed),
        ('I', "Codex token refreshed for {}, expires at 2026-11-23T07:33:17.011Z", Kind::TokenRenewed),
    ]
}

/// Names that try to be something else.
const NAMES: [&str; 15] = [
    "work",
    "a to b",
    "my \"main\" one",
    "it's",
    "a (b) c",
    "two  words",
    "r\u{e9}seau \u{5317}\u{4eac}",
    "line break",
    "x: y",
    "500 Internal",
    "account",
    "has failed 3 times",
    "with model",
    "(prompt #x)",
    "-",
];

#[test]
fn each_wording_is_read_with_any_name_in_it() {
    for (level, wording, kind) in wordings() {
        for name in NAMES {
            let event = event(level, &wording.replace("{}", name));
            assert_eq!(event.kind, kind, "{wording} with {name}");
            assert_eq!(event.account, Some(plain(name)), "{wording}");
        }
    }
}

#[test]
fn wordings_without_a_name_are_read() {
    let cases = [
        ('I', "Starting auto-refresh scheduler", Kind::SchedulerStarted),
        ('I', "[INFO] Starting auto-refresh scheduler", Kind::SchedulerStarted),
        ('I', "Auto-refresh scheduler stopped", Kind::SchedulerStopped),
        ('I', "Found 2 account(s) with new windows for auto-refresh", Kind::Batch(2)),
        ('I', "Found 2 account(s) with reset windows for auto-refresh", Kind::Batch(2)),
        ('I', "Current token expires at: null", Kind::Detail),
        ('I', "Access token available: true", Kind::Detail),
        ('E', "Response body: {\"type\":\"error\"}", Kind::FailureBody),
        ('E', "Proxy request failed:", Kind::ProxyFailed),
        (
            'E',
            "Error in auto-refresh check: SQLiteError: database is locked",
            Kind::CheckFailed(plain("SQLiteError: database is locked")),
        ),
        ('E', "Account auto-refresh toggle error:", Kind::ToggleFailed),
        (
            'E',
            "\u{1f527} MANUAL ACTION REQUIRED: Please run the following command to reauthenticate:",
            Kind::AuthDetail,
        ),
        (
            'E',
            "\u{1f4cb} Alternative: You can also reauthenticate through the web dashboard at http://localhost:8080/",
            Kind::AuthDetail,
        ),
        ('D', "Auto-refresh check skipped - previous check still in progress", Kind::Detail),
    ];
    for (level, message, kind) in cases {
        assert_eq!(event(level, message), Event { kind, account: None }, "{message}");
    }
}

#[test]
fn records_about_other_things_are_plain() {
    let cases = [
        ('I', ""),
        ('I', " "),
        ('I', "["),
        ('I', "[] "),
        ('I', "\u{2705} Token Health Summary: All 3 accounts healthy"),
        ('W', "  - reauth-soon: Refresh token expired ~3 days ago - requires immediate re-authentication"),
        ('W', "Run 'bun run cli --reauth-needed' to see details"),
        ('I', "Found 16 Anthropic accounts, starting usage polling..."),
        ('I', "Found 99999999999 account(s) with new windows for auto-refresh"),
        ('I', "Refreshing model cache for region eu-west-1"),
        ('I', "Account work is fine"),
        ('I', "Attempting request with account: work (provider: anthropic)"),
        ('I', "Request: Sending auto-refresh message to account: work"),
        ('E', "Error: Sending auto-refresh message to account: work"),
        ('E', "Failed to fetch models from Bedrock after 1 attempts"),
    ];
    for (level, message) in cases {
        assert_eq!(event(level, message), Event { kind: Kind::Plain, account: None }, "{message}");
    }
}

#[test]
fn text_of_a_provider_does_not_move_the_name() {
    let response =
        event('I', "Auto-refresh response for work: {\"a\": \"Auto-refresh response for home: no\"}");
    assert_eq!(response.account, Some(plain("work")));
    let unsent =
        event('E', "Failed to send auto-refresh message to work with any model: x with any model: y");
    assert_eq!(unsent.account, Some(plain("work")));
    let status = event('E', "Auto-refresh message failed for account work: 500 Error: 12 monkeys");
    assert_eq!(status.account, Some(plain("work")));
    let data =
        LogLine { data: Some(plain("{\"name\":\"Error\"}")), ..say(0, 'E', "Error in auto-refresh check:") };
    assert_eq!(classify::classify(&data).kind, Kind::CheckFailed(plain("{\"name\":\"Error\"}")));
}
