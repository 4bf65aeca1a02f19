//! What an account's STATE is: the first claim that holds.

use super::refresh::{Prognosis, prognosis};
use super::{State, switch::Switch};
use crate::model::{Account, PauseReason, Setting, Timestamp, UsageWindow};

/// From this use on, in percent, an account is close to its limit.
const NEARLY_SPENT: f32 = 90.0;

/// What an account's STATE is, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The row could not be read.
    Unreadable,
    /// A person must sign in again.
    SignIn,
    /// Out of use, for a reason where one is known.
    Paused(Option<PauseReason>),
    /// A refused request put it on hold.
    Cooling,
    /// The provider limits it until its reset.
    Limited,
    /// The server holds it back.
    Throttled,
    /// Its window is over and the server will refresh it.
    Due,
    /// Its window is over and the server will not: the next real request opens one.
    Over,
    /// It never had a window.
    Unused,
    /// Close to its limit.
    Warning,
    /// The server's first choice.
    Primary,
    /// Ready.
    Ready,
}

/// The words of every STATE for whoever types or reads them, in order of precedence.
pub(crate) const STANDING_WORDS: &[&str] = &[
    "unreadable",
    "sign-in",
    "paused",
    "cooling",
    "limited",
    "throttled",
    "due",
    "over",
    "unused",
    "warning",
    "primary",
    "ready",
];

impl Standing {
    /// Its place in the order of precedence, the gravest being 0.
    pub fn rank(&self) -> usize {
        match self {
            Self::Unreadable => 0,
            Self::SignIn => 1,
            Self::Paused(_) => 2,
            Self::Cooling => 3,
            Self::Limited => 4,
            Self::Throttled => 5,
            Self::Due => 6,
            Self::Over => 7,
            Self::Unused => 8,
            Self::Warning => 9,
            Self::Primary => 10,
            Self::Ready => 11,
        }
    }

    /// Its word for whoever types or reads it: `sign-in`.
    pub fn word(&self) -> &'static str {
        STANDING_WORDS.get(self.rank()).copied().unwrap_or_default()
    }

    /// True where the server routes requests to it.
    pub fn is_usable(&self) -> bool {
        !matches!(self, Self::Unreadable | Self::SignIn | Self::Paused(_) | Self::Cooling | Self::Limited)
    }

    /// True where nothing gets better without a person.
    pub fn needs_you(&self) -> bool {
        matches!(self, Self::Unreadable | Self::SignIn | Self::Paused(Some(PauseReason::Failures)))
    }
}

/// Status words that are read as a limit until the reset. The list of words is the provider's (`docs/server-contract.md`,
/// section 3); that they all limit is flaretop's own reading.
const HARD: [&str; 6] =
    ["rate_limited", "blocked", "queueing_hard", "payment_required", "rejected", "usage_exhausted"];
/// Status words that warn.
const SOFT: [&str; 2] = ["allowed_warning", "queueing_soft"];

/// The account's STATE, from the list and the log so far.
pub fn standing(state: &State, account: &Account) -> Standing {
    let now = state.server_second();
    let ahead = |t: Option<Timestamp>| t.is_some_and(|t| t > now);
    let begins = |words: &[&str]| words.iter().any(|w| account.rate_limit_status.as_str().starts_with(w));
    if account.fault.is_some() {
        return Standing::Unreadable;
    }
    if needs_sign_in(state, account) {
        return Standing::SignIn;
    }
    if account.paused {
        return Standing::Paused(pause_reason(state, account));
    }
    if ahead(account.cooldown_until) {
        return Standing::Cooling;
    }
    if begins(&HARD) && ahead(account.reset) {
        return Standing::Limited;
    }
    if ahead(account.throttled_until) {
        return Standing::Throttled;
    }
    if prognosis(state, account) == Prognosis::NextTick {
        return Standing::Due;
    }
    if account.reset.is_some_and(|t| t <= now) {
        return Standing::Over;
    }
    if account.reset.is_none() && account.provider.has_windows() {
        return Standing::Unused;
    }
    if begins(&SOFT) || account.highest.is_some_and(|u| u.percent() >= NEARLY_SPENT) {
        return Standing::Warning;
    }
    if account.primary { Standing::Primary } else { Standing::Ready }
}

/// True where a person must sign in again: the server says so, the tokens are gone, or the log tells of a refused renewal.
pub(super) fn needs_sign_in(state: &State, account: &Account) -> bool {
    if account.requires_reauth {
        return true;
    }
    if account.provider.is_oauth() && account.token.is_some_and(|t| !t.renewable && !t.valid) {
        return true;
    }
    let Some(facts) = state.logs.facts(&account.name) else { return false };
    // With API keys on, 3.5.4 fails its refreshes at its own door, which says nothing about the account's tokens; and where somebody
    // has switched auto-refresh on since, the matter was seen to.
    let refused = facts.auth_failed_at.is_some() && account.auto_refresh != Some(true);
    facts.token_dead_at.is_some() || (refused && !state.options.key_set)
}

/// Why the account is paused: as the list says, else as the log tells, else unknown.
pub fn pause_reason(state: &State, account: &Account) -> Option<PauseReason> {
    account
        .pause_reason
        .clone()
        .or_else(|| state.logs.facts(&account.name)?.paused.as_ref().map(|(_, reason)| reason.clone()))
}

/// True where a person must do something about the account.
pub fn needs_you(state: &State, account: &Account) -> bool {
    standing(state, account).needs_you() || is_off_by_server(state, account)
}

fn is_off_by_server(state: &State, account: &Account) -> bool {
    super::switch::switch(state, account, Setting::AutoRefresh) == Switch::OffByServer
}

/// How many accounts there are, can be used, are held by a limit, and need a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// All.
    pub total: usize,
    /// Can be used.
    pub usable: usize,
    /// Cooling or limited.
    pub limited: usize,
    /// Need a person.
    pub needs_you: usize,
    /// How much is used of the five-hour and of the seven-day windows of those that are in use, in percent; none where none tells.
    pub used: [Option<u32>; 2],
}

/// How much is used of many windows.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f32,
    count: f32,
}

impl Mean {
    /// A window that is over is unused, and one cannot make up for another by more than it has.
    fn take_in(&mut self, window: Option<&UsageWindow>, now: Timestamp) {
        let Some(window) = window else { return };
        self.sum += window.spent_at(now).map_or(0.0, |u| u.percent().min(100.0));
        self.count += 1.0;
    }

    fn percent(self) -> Option<u32> {
        (self.count > 0.0).then(|| (self.sum / self.count).round() as u32)
    }
}

/// Counts the accounts.
pub fn tally(state: &State) -> Tally {
    let mut t = Tally::default();
    let mut used = [Mean::default(); 2];
    let now = state.server_second();
    for account in state.accounts.rows() {
        let standing = standing(state, account);
        t.total += 1;
        t.usable += usize::from(standing.is_usable());
        t.limited += usize::from(matches!(standing, Standing::Cooling | Standing::Limited));
        t.needs_you += usize::from(standing.needs_you() || is_off_by_server(state, account));
        if !matches!(standing, Standing::Unreadable | Standing::SignIn | Standing::Paused(_)) {
            for (mean, window) in used.iter_mut().zip([&account.five_hour, &account.seven_day]) {
                mean.take_in(window.as_ref(), now);
            }
        }
    }
    t.used = used.map(Mean::percent);
    t
}
