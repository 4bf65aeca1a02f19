//! The server's refresh rule, read from outside: will this account be refreshed, when, and if not, what stands in the way.
//!
//! The rule is that of `docs/server-contract.md`, section 5. The scheduler's tick is not known here, so a time means "at the
//! first tick after it".

use chrono::TimeDelta;

use super::State;
use super::standing::{needs_sign_in, pause_reason};
use crate::model::{Account, PauseReason, Timestamp};

/// Within this time a tick comes for certain, also where a refresh before it takes a while.
const TWO_TICKS: TimeDelta = TimeDelta::seconds(120);

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
    match due_since(account) {
        Some(t) if t > now => Prognosis::After(t),
        _ => Prognosis::NextTick,
    }
}

/// Since when, or until when, the account waits for its refresh: its window's end, or that of a cooldown where that is later.
pub fn due_since(account: &Account) -> Option<Timestamp> {
    account.reset.max(account.cooldown_until)
}

/// Until when a tick should have taken the account: after that, what keeps it from that may be over or not, and no time is promised.
pub fn promised_until(account: &Account) -> Option<Timestamp> {
    due_since(account).and_then(|since| since.checked_add_signed(TWO_TICKS))
}

/// True where what follows for the account may have happened meanwhile: the list is lost, or should have come anew by now and the account
/// fell due after it.
pub fn is_unsure(state: &State, account: &Account, prognosis: &Prognosis) -> bool {
    let came = || state.accounts.came.map(|came| state.clock.at(came));
    let fell_due = || state.late().is_some() && due_since(account) > came();
    !state.links.list.is_live() || (*prognosis == Prognosis::NextTick && fell_due())
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
