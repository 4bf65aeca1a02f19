//! One account, with the columns that the scheduler's query names.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Map, Value};

use super::row;
use crate::model::Timestamp;

/// Why an account is out of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseReason {
    /// By a person.
    Manual,
    /// Its use went over the plan's limit.
    Overage,
    /// Five refreshes in a row failed.
    FailureThreshold,
    /// Z.ai's peak hours.
    PeakHours,
}

/// How the account signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// There is a refresh token.
    pub refresh: bool,
    /// When the access token ends; none where there is none, as with API keys.
    pub expires: Option<Timestamp>,
}

/// How much of the windows is used, as the provider's usage answer says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usage {
    /// Of five hours, in percent.
    pub five_hour: f64,
    /// When those five hours end.
    pub five_hour_resets: Option<Timestamp>,
    /// Of seven days, in percent.
    pub seven_day: f64,
    /// When those seven days end.
    pub seven_day_resets: Option<Timestamp>,
}

/// One row of the store (`docs/server-contract.md`, section 3).
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent columns, not one state in pieces")]
pub struct Account {
    /// Names it; a UUID in practice.
    pub id: String,
    /// What people call it; not unique.
    pub name: String,
    /// Who is behind it.
    pub provider: String,
    /// Lower is used first.
    pub priority: i64,
    /// Refresh it when its window is over.
    pub auto_refresh_enabled: bool,
    /// Return to it when its window resets.
    pub auto_fallback_enabled: bool,
    /// Pause it on overage, and let the scheduler resume it.
    pub auto_pause_on_overage_enabled: bool,
    /// Pause it in Z.ai's peak hours.
    pub peak_hours_pause_enabled: bool,
    /// Out of use.
    pub paused: bool,
    /// Why.
    pub pause_reason: Option<PauseReason>,
    /// End of the window; past: over; none: never used.
    pub rate_limit_reset: Option<Timestamp>,
    /// The provider's word, copied from its header.
    pub rate_limit_status: Option<String>,
    /// What the provider says is left.
    pub rate_limit_remaining: Option<i64>,
    /// End of the cooldown after a refused request.
    pub rate_limited_until: Option<Timestamp>,
    /// The server's word for why.
    pub rate_limited_reason: Option<&'static str>,
    /// Since when.
    pub rate_limited_at: Option<Timestamp>,
    /// Held back by the server's usage throttling until then.
    pub usage_throttled_until: Option<Timestamp>,
    /// Where its requests go instead of the provider's own address.
    pub custom_endpoint: Option<String>,
    /// Requests in the current period, which orders the list.
    pub request_count: u64,
    /// Requests ever.
    pub total_requests: u64,
    /// Requests of the session that is bound to it; none where there is no session.
    pub session_requests: Option<u64>,
    /// When it was used last.
    pub last_used: Option<Timestamp>,
    /// When it was added.
    pub created: Timestamp,
    /// How it signs in.
    pub token: Token,
    /// How much of its windows is used; none before the first poll.
    pub usage: Option<Usage>,
    /// What the provider's usage answer holds beside the two windows.
    pub usage_beside: Map<String, Value>,
    /// `plan` or `api`.
    pub billing_type: Option<String>,
    /// Fields of its row that no column can hold, laid over the row; by [`Account::set`].
    pub odd: Map<String, Value>,
    /// Fields that its row lacks; by [`Account::omit`].
    pub omitted: BTreeSet<String>,
}

impl Account {
    /// A new account: nothing known, nothing switched on, signed in for a month.
    pub fn new(id: &str, name: &str, provider: &str, now: Timestamp) -> Self {
        let oauth = matches!(provider, "anthropic" | "codex" | "qwen");
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            provider: provider.to_owned(),
            priority: 0,
            auto_refresh_enabled: false,
            auto_fallback_enabled: false,
            auto_pause_on_overage_enabled: false,
            peak_hours_pause_enabled: false,
            paused: false,
            pause_reason: None,
            rate_limit_reset: None,
            rate_limit_status: None,
            rate_limit_remaining: None,
            rate_limited_until: None,
            rate_limited_reason: None,
            rate_limited_at: None,
            usage_throttled_until: None,
            custom_endpoint: None,
            request_count: 0,
            total_requests: 0,
            session_requests: None,
            last_used: None,
            created: now,
            token: Token { refresh: oauth, expires: oauth.then(|| now + TimeDelta::days(30)) },
            usage: None,
            usage_beside: row::usage_beside(),
            billing_type: None,
            odd: Map::new(),
            omitted: BTreeSet::new(),
        }
    }

    /// True where the scheduler looks after accounts of this provider.
    pub fn is_eligible(&self) -> bool {
        matches!(self.provider.as_str(), "anthropic" | "codex" | "zai")
    }

    /// True where the pause does not keep the scheduler away: only that of an overage, where it may end it.
    pub fn is_paused_for_overage(&self) -> bool {
        self.paused
            && self.auto_pause_on_overage_enabled
            && matches!(self.pause_reason, None | Some(PauseReason::Overage))
    }

    /// True where the access token is dead and cannot be renewed.
    pub fn is_signed_out(&self, now: Timestamp) -> bool {
        matches!(self.provider.as_str(), "anthropic" | "codex" | "qwen")
            && !self.token.refresh
            && self.token.expires.is_none_or(|t| t <= now)
    }

    /// Takes the account out of use.
    pub fn pause(&mut self, why: PauseReason) {
        self.paused = true;
        self.pause_reason = Some(why);
    }

    /// Puts it back into use.
    pub fn resume(&mut self) {
        self.paused = false;
        self.pause_reason = None;
    }

    /// Ends the cooldown.
    pub(super) fn end_cooldown(&mut self) {
        self.rate_limited_until = None;
        self.rate_limited_reason = None;
        self.rate_limited_at = None;
    }
}
