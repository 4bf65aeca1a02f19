//! The server's refresh rule, read from outside: will this account be refreshed, when, and if not, what stands in the way.
//!
//! The rule is that of `docs/server-contract.md`, section 5. The scheduler's tick is not known here, so a time means "at the
//! first tick after it".

use super::State;
use super::standing::{needs_sign_in, pause_reason};
use crate::model::{Account, PauseReason, Timestamp};

/// Something that stands in the way of a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// Auto-refresh is off.
    Off,
    /// The account is paused.
    Paused,
    /// A person must sign in again first: 3.5.4 goes on trying, fails, and pauses the account at the fifth failure.
    SignIn,
    /// The reset is unknown and a refresh since the server's start has brought one: it is not taken again until one is known.
    TakenOnce,
}

/// What will come of an account's next refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prognosis {
    /// The row could not be read.
    Unknown,
    /// The provider's accounts are never refreshed, or the server cannot do it.
    NotOffered,
    /// It will not be refreshed; what stands in the way, never empty.
    Never(Vec<Obstacle>),
    /// At the first tick after that time.
    After(Timestamp),
    /// At the next tick.
    NextTick,
}

/// Will `account` be refreshed, and when.
pub fn prognosis(state: &State, account: &Account) -> Prognosis {
    if account.fault.is_some() {
        return Prognosis::Unknown;
    }
    let Some(on) = account.auto_refresh else { return Prognosis::NotOffered };
    if !account.provider.is_refreshable() {
        return Prognosis::NotOffered;
    }
    let mut obstacles = Vec::new();
    if !on {
        obstacles.push(Obstacle::Off);
    }
    if account.paused && !(on && is_taken_while_paused(state, account)) {
        obstacles.push(Obstacle::Paused);
    }
    if needs_sign_in(state, account) {
        obstacles.push(Obstacle::SignIn);
    }
    if obstacles.is_empty() && account.reset.is_none() && was_taken_since_start(state, account) {
        obstacles.push(Obstacle::TakenOnce);
    }
    if !obstacles.is_empty() {
        return Prognosis::Never(obstacles);
    }
    let now = state.server_second();
    match account.reset.max(account.cooldown_until) {
        Some(t) if t > now => Prognosis::After(t),
        _ => Prognosis::NextTick,
    }
}

/// True where the scheduler takes the account although it is paused: it was paused by overage, or for no known reason.
fn is_taken_while_paused(state: &State, account: &Account) -> bool {
    account.auto_pause_on_overage && matches!(pause_reason(state, account), None | Some(PauseReason::Overage))
}

/// True where a refresh since the server's start has brought a reset time.
fn was_taken_since_start(state: &State, account: &Account) -> bool {
    let Some(at) = state.logs.facts(&account.name).and_then(|f| f.new_reset_at) else { return false };
    state.logs.started_at().is_none_or(|start| at >= start)
}

/// What RESETS IN counts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountsTo {
    /// Until then; in the past: since then.
    pub at: Timestamp,
    /// It is the end of a cooldown, not of the window.
    pub cooldown: bool,
}

/// What the account's RESETS IN counts to: the window's end, or the end of a cooldown where that is later.
pub fn counts_to(state: &State, account: &Account) -> Option<CountsTo> {
    let now = state.server_second();
    let cooldown = account.cooldown_until.filter(|t| *t > now);
    match (account.reset, cooldown) {
        (Some(reset), Some(until)) if until <= reset => Some(CountsTo { at: reset, cooldown: false }),
        (_, Some(until)) => Some(CountsTo { at: until, cooldown: true }),
        (Some(reset), None) => Some(CountsTo { at: reset, cooldown: false }),
        (None, None) => None,
    }
}
