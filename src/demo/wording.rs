//! What the scheduler writes, in both dialects (`docs/server-contract.md`, section 4).

use chrono::{Datelike as _, SecondsFormat};
use serde_json::json;

use super::Dialect;
use super::account::Account;
use super::log::{Level, Record};
use super::provider::Answer;
use crate::model::Timestamp;

/// The models that are tried, in this order, while the answer is 404.
pub(super) const MODELS: [&str; 3] =
    ["claude-haiku-4-5-20251001", "claude-sonnet-4-5-20250929", "claude-sonnet-4-20250514"];

/// How the server answers its own request where the provider gave no answer that could be passed on.
pub(super) const UNAVAILABLE: &str = r#"{"type":"error","error":{"type":"service_unavailable_error","message":"Service temporarily unavailable. Please try again later."}}"#;

/// A time as JavaScript writes it: a year that four digits do not hold has six and a sign.
pub(super) fn iso(t: Timestamp) -> String {
    let year = t.year();
    if (0..=9_999).contains(&year) {
        return t.to_rfc3339_opts(SecondsFormat::Millis, true);
    }
    format!("{year:+07}{}", t.format("-%m-%dT%H:%M:%S%.3fZ"))
}

fn iso_or_null(t: Option<Timestamp>) -> String {
    t.map_or_else(|| "null".to_owned(), iso)
}

/// Collects the records of one step.
pub(super) struct Pen {
    dialect: Dialect,
    debug: bool,
    now: Timestamp,
    out: Vec<Record>,
}

impl Pen {
    pub(super) fn new(dialect: Dialect, debug: bool, now: Timestamp) -> Self {
        Self { dialect, debug, now, out: Vec::new() }
    }

    pub(super) fn done(self) -> Vec<Record> {
        self.out
    }

    fn is_guide(&self) -> bool {
        self.dialect == Dialect::Guide
    }

    /// In every dialect.
    pub(super) fn say(&mut self, level: Level, message: impl Into<String>) {
        self.out.push(Record::new(self.now, level, message));
    }

    /// In the observed server's words only.
    pub(super) fn tell(&mut self, level: Level, message: impl Into<String>) {
        if !self.is_guide() {
            self.say(level, message);
        }
    }

    fn with(&mut self, data: serde_json::Value) {
        if let Some(last) = self.out.last_mut().filter(|_| self.dialect == Dialect::Observed) {
            last.data = Some(data);
        }
    }

    /// Written at every check, so that the guide's search for `Auto-refresh` finds something where nothing is refreshed.
    pub(super) fn considering(&mut self, count: usize) {
        if self.debug {
            self.say(Level::Debug, format!("Auto-refresh check found {count} account(s) to consider"));
        }
    }

    pub(super) fn skipped(&mut self, name: &str, why: &str) {
        if self.debug {
            self.say(Level::Debug, format!("Skipping account: {name}: {why}"));
        }
    }

    pub(super) fn started(&mut self) {
        self.say(Level::Info, "Starting auto-refresh scheduler");
    }

    pub(super) fn due(&mut self, account: &Account, last: Option<Timestamp>) {
        let (name, now) = (&account.name, iso(self.now));
        match (last, account.rate_limit_reset) {
            (Some(last), Some(reset)) => self.tell(
                Level::Info,
                format!(
                    "New window detected for account {name}: reset time {} has passed (now: {now}), last refresh was at {}",
                    iso(reset),
                    iso(last)
                ),
            ),
            _ => self.tell(Level::Info, format!("First-time refresh for account: {name}")),
        }
    }

    pub(super) fn found(&mut self, count: usize) {
        let kind = if self.is_guide() { "reset" } else { "new" };
        self.say(Level::Info, format!("Found {count} account(s) with {kind} windows for auto-refresh"));
    }

    pub(super) fn sending(&mut self, account: &Account, port: u16) {
        let name = &account.name;
        self.say(Level::Info, format!("Sending auto-refresh message to account: {name}"));
        self.tell(Level::Info, format!("Current token expires at: {}", iso_or_null(account.token.expires)));
        self.tell(Level::Info, format!("Current time: {}", iso(self.now)));
        self.tell(Level::Info, format!("Access token available: {}", account.token.expires.is_some()));
        self.tell(Level::Info, format!("Refresh token available: {}", account.token.refresh));
        self.attempt(account, 0, port);
    }

    /// The message goes to the server's own port.
    pub(super) fn attempt(&mut self, account: &Account, model: usize, port: u16) {
        let name = &account.name;
        let model = MODELS.get(model).copied().unwrap_or_default();
        self.tell(
            Level::Info,
            format!(
                "Attempting auto-refresh for {name} with model: {model} to endpoint: http://localhost:{port}/v1/messages"
            ),
        );
    }

    /// The message came in there, and goes on to the provider.
    pub(super) fn proxied(&mut self, account: &Account) {
        let (name, provider) = (&account.name, &account.provider);
        self.tell(Level::Info, "Checking messages array with 1 messages");
        self.tell(Level::Info, "No system role message found, checking user messages");
        self.tell(Level::Info, "No system prompt found in request");
        self.tell(Level::Info, format!("Selected 1 accounts: {name}"));
        self.tell(Level::Info, "Request: POST /v1/messages");
        self.tell(Level::Info, format!("Attempting request with account: {name} (provider: {provider})"));
    }

    pub(super) fn succeeded(&mut self, account: &Account, answer: &Answer) {
        let name = &account.name;
        self.say(Level::Info, format!("Auto-refresh message sent successfully for account: {name}"));
        self.tell(Level::Info, format!("Auto-refresh response for {name}: {}", answer.body));
        let cleared = format!("Cleared rate_limited_until for {name} as account has been refreshed");
        if let Some(reset) = answer.reset.time() {
            self.say(Level::Info, format!("Updated rate_limit_reset for {name} to {}", iso(reset)));
            self.tell(Level::Info, cleared);
        } else {
            self.tell(Level::Info, format!("{cleared} (no new reset time)"));
        }
        if let Some(word) = &answer.word {
            self.tell(Level::Info, format!("Updated rate_limit_status for {name} to {word}"));
        }
        if let Some(left) = answer.remaining {
            self.tell(Level::Info, format!("Updated rate_limit_remaining for {name} to {left}"));
        }
    }

    /// The usage that is asked for after a success.
    pub(super) fn fetched(&mut self, account: &Account) {
        if let Some(usage) = account.usage.filter(|_| account.provider == "anthropic") {
            let (name, five, seven) = (&account.name, usage.five_hour, usage.seven_day);
            self.tell(Level::Info, format!("Fetched usage data for {name}: 5h={five}%, 7d={seven}%"));
        }
    }

    /// The usage answer lacks the five-hour window.
    pub(super) fn no_usage(&mut self, name: &str) {
        const WHY: &str = "TypeError: undefined is not an object (evaluating 'L.five_hour.utilization')";
        let error = format!("Error sending auto-refresh message to account {name}: {WHY}");
        self.tell(Level::Error, error);
        let stack = format!("Auto-refresh stack trace for {name}: {WHY}\n    at sendDummyMessage");
        self.tell(Level::Error, stack);
    }

    /// The provider's own status and body were passed on.
    pub(super) fn refused(&mut self, name: &str, answer: &Answer) {
        self.failed(name, &status_text(answer.status), &answer.body);
    }

    /// The failure that the server makes of anything that it cannot pass on; the guide knows only the provider's status.
    pub(super) fn unavailable(&mut self, name: &str, guide: &str) {
        let status = if self.is_guide() { guide } else { "503 Service Unavailable" };
        self.failed(name, status, UNAVAILABLE);
    }

    fn failed(&mut self, name: &str, status: &str, body: &str) {
        self.say(Level::Error, format!("Auto-refresh message failed for account {name}: {status}"));
        self.tell(Level::Error, format!("Response body: {body}"));
    }

    pub(super) fn unauthorized(&mut self, name: &str) {
        self.tell(
            Level::Warn,
            format!("Authentication failed (401) for account {name}, failing over to next account"),
        );
        self.proxy_failed();
    }

    pub(super) fn limited(&mut self, name: &str) {
        self.tell(
            Level::Warn,
            format!("Account {name} rate-limited (429), no model fallbacks — failing over to next account"),
        );
    }

    pub(super) fn cooldown(&mut self, name: &str, reason: &str, until: Timestamp) {
        self.tell(
            Level::Warn,
            format!("[ccflare] account={name} cooldown_applied reason={reason} until={}", iso(until)),
        );
    }

    /// The guide has no words for the reason, but who looks for it must find one.
    pub(super) fn broken(&mut self, name: &str, text: &str) {
        self.say(Level::Error, format!("Error: {text}"));
        self.with(json!({ "name": "Error" }));
        self.tell(Level::Error, format!("Failed to proxy request with account {name}"));
        self.proxy_failed();
    }

    pub(super) fn timed_out(&mut self, account: &Account, port: u16) {
        const TEXT: &str = "The operation timed out.";
        for model in 1..=MODELS.len() {
            self.tell(Level::Error, format!("Error: {TEXT}"));
            if model < MODELS.len() {
                self.attempt(account, model, port);
                self.proxied(account);
            }
        }
        let name = &account.name;
        self.tell(
            Level::Error,
            format!("Failed to send auto-refresh message to {name} with any model: {TEXT}"),
        );
        if self.is_guide() {
            self.say(
                Level::Error,
                format!("Auto-refresh message failed for account {name}: 504 Gateway Timeout"),
            );
        }
    }

    /// The provider's word says that the account is limited, whatever the status.
    pub(super) fn exceeded(&mut self, account: &Account) {
        self.tell(Level::Error, "PZ: Rate limit exceeded");
        let resets = account.rate_limit_reset.map(|t| t.timestamp_millis());
        let context = json!({ "accountId": account.id, "resetTime": resets, "remaining": account.rate_limit_remaining });
        self.with(json!({ "code": "RATE_LIMIT_ERROR", "statusCode": 429, "context": context }));
    }

    /// The tokens could not be renewed, or are not tried because that was so a moment ago.
    pub(super) fn signed_out(&mut self, account: &Account, is_backing_off: bool) {
        let name = &account.name;
        let is_missing = account.token.expires.is_none();
        let what = if is_missing { "missing" } else { "expired" };
        self.tell(Level::Info, format!("Token {what} for account: {name}"));
        if is_backing_off {
            self.tell(Level::Warn, format!("Account {name} is in refresh backoff period (attempt 1)"));
            let text =
                format!("xV: Token refresh for account {name} is in backoff period after recent failure");
            self.tell(Level::Error, text);
            self.with(json!({ "code": "SERVICE_UNAVAILABLE", "statusCode": 503, "context": {} }));
        } else {
            let whole = if is_missing {
                format!(
                    "OAuth account '{name}' missing refresh token. Please re-authenticate: bun run cli --reauthenticate {name}"
                )
            } else {
                self.renewal_refused(name)
            };
            self.tell(Level::Error, format!("Token refresh failed for account {name}: {whole}"));
            self.with(json!({}));
            self.tell(Level::Error, "TR: Failed to refresh access token");
            let context = json!({ "accountId": account.id, "originalError": whole });
            self.with(json!({ "code": "AUTH_ERROR", "statusCode": 401, "context": context }));
        }
        self.tell(Level::Error, format!("Failed to proxy request with account {name}"));
        self.proxy_failed();
    }

    /// The provider was asked for new tokens and gives none. Gives what is said of that afterwards.
    fn renewal_refused(&mut self, name: &str) -> String {
        let why = "Refresh token not found or invalid";
        let client = "00000000-0000-0000-0000-000000000000";
        self.tell(Level::Info, format!("Refreshing OAuth token for account {name} with client ID: {client}"));
        self.tell(Level::Error, format!("Token refresh failed for {name}: Status 400, Error: {why}"));
        self.with(json!({ "error": "invalid_grant", "error_description": why }));
        format!(
            "OAuth token refresh failed for account '{name}': Failed to refresh token for account {name}: {why}"
        )
    }

    /// The server's own door refused the message, which is taken for the account's fault.
    pub(super) fn key_wanted(&mut self, name: &str, port: u16) {
        for text in [
            format!(r#"❌ AUTHENTICATION FAILED: Account "{name}" needs manual reauthentication"#),
            format!(
                r#"⚠️  Token refresh failed for account "{name}" - both access token and refresh token are invalid"#
            ),
            "🔧 MANUAL ACTION REQUIRED: Please run the following command to reauthenticate:".to_owned(),
            format!(r#"   bun run cli --reauthenticate "{name}""#),
            format!(
                "📋 Alternative: You can also reauthenticate through the web dashboard at http://localhost:{port}/"
            ),
            format!(
                r#"🚫 Auto-refresh has been DISABLED for account "{name}" until reauthentication is completed"#
            ),
            format!(
                r#"💡 Re-enable auto-refresh after reauthentication with: bun run cli --auto-refresh "{name}""#
            ),
        ] {
            self.tell(Level::Error, text);
        }
        if self.is_guide() {
            let failed = format!("Auto-refresh message failed for account {name}: {}", status_text(401));
            self.say(Level::Error, failed);
        }
    }

    pub(super) fn proxy_failed(&mut self) {
        self.tell(Level::Error, "Proxy request failed:");
        let now = iso(self.now);
        self.with(json!({
            "name": "xV", "message": "All accounts failed to proxy the request (1 attempted)",
            "code": "SERVICE_UNAVAILABLE", "statusCode": 503, "timestamp": now, "context": { "service": "anthropic" },
        }));
    }

    pub(super) fn strike(&mut self, name: &str, count: u32, kind: &str, threshold: u32) {
        self.tell(
            Level::Warn,
            format!(
                "Account {name} has failed {count} consecutive auto-refresh attempts ({kind}). Threshold is {threshold}."
            ),
        );
    }

    pub(super) fn struck_out(&mut self, name: &str, count: u32) {
        self.tell(
            Level::Error,
            format!(
                "Account {name} has failed {count} consecutive auto-refresh attempts — pausing account to prevent routing to a broken endpoint."
            ),
        );
        self.say(
            Level::Error,
            format!(r#"Account "{name}" has been PAUSED. Resume with: bun run cli --resume "{name}""#),
        );
    }

    pub(super) fn peak(&mut self, name: &str, paused: bool) {
        let (what, done) = if paused { ("pause", "paused") } else { ("resume", "resumed") };
        self.tell(Level::Info, format!("Peak hours {what}: {done} zai account '{name}'"));
    }
}

/// A status as the observed server writes it: the words of HTTP, and `HM` for 529, which has none.
pub(super) fn status_text(status: u16) -> String {
    let words = match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        529 => "HM",
        _ => "Error",
    };
    format!("{status} {words}")
}
