//! The switches of a row: how each is shown, and the keys that change it.

use chrono::TimeDelta;

use super::State;
use super::change::send;
use super::msg::Effect;
use super::pending::{Phase, Wish};
use crate::model::{Account, AccountId, Change, Deed, Matter, Setting};

/// Two presses of one key closer than this are one held key. The slowest common auto-repeat sends one every 92 ms.
pub(crate) const REPEAT: TimeDelta = TimeDelta::milliseconds(120);
/// A second press within this time waits for [`REPEAT`] to see whether a third follows: a held key begins to repeat 250 to 660 ms
/// after its press.
pub(crate) const SUSPECT: TimeDelta = TimeDelta::milliseconds(700);

/// How a switch is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
    /// Off, by the server itself.
    OffByServer,
    /// A change to this position is under way.
    Changing(bool),
    /// Whether a change to this position was done is not known.
    Unsure(bool),
    /// The provider, or the server, does not have it.
    NotOffered,
}

/// How `account`'s switch is shown.
pub fn switch(state: &State, account: &Account, setting: Setting) -> Switch {
    if account.fault.is_some() {
        return Switch::NotOffered;
    }
    if let Some(wish) = state.pending.get(&account.id, setting)
        && let Some(to) = wish.to.position()
    {
        return match wish.phase {
            Phase::Unsure { .. } => Switch::Unsure(to),
            _ => Switch::Changing(to),
        };
    }
    let refreshes = setting == Setting::AutoRefresh;
    match account.setting(setting) {
        None => Switch::NotOffered,
        _ if refreshes && !account.provider.is_refreshable() => Switch::NotOffered,
        Some(true) => Switch::On,
        Some(false) if refreshes && switched_off_by_server(state, account) => Switch::OffByServer,
        Some(false) => Switch::Off,
    }
}

fn switched_off_by_server(state: &State, account: &Account) -> bool {
    state.logs.facts(&account.name).is_some_and(|f| f.switched_off_at.is_some())
}

/// A key asks for the other position of a switch. `press` tells whether the key may be held down.
pub(crate) fn toggle(state: &mut State, id: &AccountId, setting: Setting, press: Press) -> Vec<Effect> {
    let Some(account) = state.accounts.get(id) else { return Vec::new() };
    let Some(current) = account.setting(setting) else { return Vec::new() };
    let other = Deed::Switch(Change { setting, to: !current });
    let key = (id.clone(), Matter::Switch(setting));
    let now = state.now;
    match (press, state.pending.wishes.get_mut(&key)) {
        (Press::Repeat, wish) => {
            // The press before this one was no press either: undo what it did.
            let Some(wish) = wish else { return Vec::new() };
            if wish.doubtful.take().is_some_and(|until| now < until) {
                wish.to = wish.to.flipped();
            } else if let Phase::Held { before, .. } = &mut wish.phase {
                match before.take() {
                    Some(before) => *wish = *before,
                    None => {
                        state.pending.wishes.remove(&key);
                    }
                }
            }
            Vec::new()
        }
        (_, Some(wish)) if matches!(wish.phase, Phase::Sent { .. }) => {
            wish.to = wish.to.flipped();
            wish.doubtful = (press == Press::Suspect).then_some(now + REPEAT);
            Vec::new()
        }
        (Press::Clear, wish) => {
            let to = wish.map_or(other, |w| w.to.flipped());
            send(state, key, to, None)
        }
        (Press::Suspect, wish) => {
            let before = wish.as_deref().cloned();
            let to = before.as_ref().map_or(other, |w| w.to.flipped());
            let phase = Phase::Held { until: now + REPEAT, before: before.map(Box::new) };
            state.pending.wishes.insert(key, Wish { to, phase, doubtful: None, trail: None });
            Vec::new()
        }
    }
}

/// Whether a press of a key is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Press {
    /// It is.
    Clear,
    /// It may be the first repeat of a held key.
    Suspect,
    /// It is a repeat.
    Repeat,
}
