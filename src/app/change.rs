//! Changes that have been asked for: shown at once, sent one at a time, confirmed by answer and list, put back when refused.
//!
//! What the server last said (the list) and what has been asked of it are kept apart: [`Pending`] lies over the rows.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::msg::{ChangeKey, Effect, Seq};
use super::notice::Notice;
use super::{State, schedule, table};
use crate::model::{Account, AccountId, Change, Failure, Setting, Timestamp};

/// Two presses of one key closer than this are one held key. The slowest common auto-repeat sends one every 92 ms.
pub(crate) const REPEAT: TimeDelta = TimeDelta::milliseconds(120);
/// A second press within this time waits for [`REPEAT`] to see whether a third follows: a held key begins to repeat 250 to 660 ms
/// after its press.
pub(crate) const SUSPECT: TimeDelta = TimeDelta::milliseconds(700);

/// How far a change has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// It will be sent at that time, if the key turns out not to be held.
    Held {
        /// When.
        until: Timestamp,
        /// The wish before the key, which is restored if the key is held; none where there was no change.
        before: Option<Box<Wish>>,
    },
    /// It was sent, and its answer is awaited.
    Sent {
        /// The request.
        seq: Seq,
        /// What was sent; the wish may have changed since.
        value: bool,
    },
    /// It was answered; a list asked for at or after `since` must agree.
    Confirming {
        /// When the answer came, by our clock.
        since: Timestamp,
    },
    /// No answer came: a list asked for at or after `since` tells whether it was done.
    Unsure {
        /// When it was given up, by our clock.
        since: Timestamp,
        /// What was sent; the wish may have changed since.
        value: bool,
    },
}

/// One switch that is to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What is wanted now.
    pub to: bool,
    /// How far it has come.
    pub phase: Phase,
    /// Until then a wish that was changed while under way may prove to be a held key's work, and is changed back.
    pub doubtful: Option<Timestamp>,
}

/// The changes that have been asked for and are not settled. At most one a switch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pending {
    wishes: BTreeMap<ChangeKey, Wish>,
}

impl Pending {
    /// The wish for one switch.
    pub fn get(&self, id: &AccountId, setting: Setting) -> Option<&Wish> {
        if self.wishes.is_empty() {
            return None; // most of the time, and asked for each cell
        }
        self.wishes.get(&(id.clone(), setting))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.wishes.len()
    }

    /// True where nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.wishes.is_empty()
    }

    /// True while the answer to a change is awaited.
    pub fn is_awaited(&self) -> bool {
        self.wishes.values().any(|w| matches!(w.phase, Phase::Sent { .. }))
    }

    /// When the next held-back change is to be sent.
    pub fn next_send(&self) -> Option<Timestamp> {
        self.wishes
            .values()
            .filter_map(|w| match w.phase {
                Phase::Held { until, .. } => Some(until),
                _ => None,
            })
            .min()
    }
}

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
    if let Some(wish) = state.pending.get(&account.id, setting) {
        return match wish.phase {
            Phase::Unsure { .. } => Switch::Unsure(wish.to),
            _ => Switch::Changing(wish.to),
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
    let key = (id.clone(), setting);
    let now = state.now;
    match (press, state.pending.wishes.get_mut(&key)) {
        (Press::Repeat, wish) => {
            // The press before this one was no press either: undo what it did.
            let Some(wish) = wish else { return Vec::new() };
            if wish.doubtful.take().is_some_and(|until| now < until) {
                wish.to = !wish.to;
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
            wish.to = !wish.to;
            wish.doubtful = (press == Press::Suspect).then_some(now + REPEAT);
            Vec::new()
        }
        (Press::Clear, wish) => {
            let to = wish.map_or(!current, |w| !w.to);
            send(state, key, to)
        }
        (Press::Suspect, wish) => {
            let before = wish.as_deref().cloned();
            let to = before.as_ref().map_or(!current, |w| !w.to);
            let phase = Phase::Held { until: now + REPEAT, before: before.map(Box::new) };
            state.pending.wishes.insert(key, Wish { to, phase, doubtful: None });
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

/// A switch is to have this position.
pub(crate) fn ask(state: &mut State, id: &AccountId, change: Change) -> Vec<Effect> {
    let key = (id.clone(), change.setting);
    match state.pending.wishes.get_mut(&key) {
        Some(wish) if matches!(wish.phase, Phase::Sent { .. }) => {
            wish.to = change.to;
            wish.doubtful = None;
            Vec::new()
        }
        _ => send(state, key, change.to),
    }
}

fn send(state: &mut State, key: ChangeKey, to: bool) -> Vec<Effect> {
    let seq = state.next_seq();
    table::keep(state, &key.0);
    state
        .pending
        .wishes
        .insert(key.clone(), Wish { to, phase: Phase::Sent { seq, value: to }, doubtful: None });
    vec![Effect::Apply { seq, id: key.0, change: Change { setting: key.1, to } }]
}

/// Sends what was held back and has waited long enough.
pub(crate) fn due(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    let ready: Vec<(ChangeKey, bool, Option<Box<Wish>>)> = state
        .pending
        .wishes
        .iter()
        .filter_map(|(key, wish)| match &wish.phase {
            Phase::Held { until, before } if *until <= now => Some((key.clone(), wish.to, before.clone())),
            _ => None,
        })
        .collect();
    ready
        .into_iter()
        .flat_map(|(key, to, before)| {
            let listed = state.accounts.get(&key.0).and_then(|a| a.setting(key.1));
            if before.is_none() && listed == Some(to) {
                state.pending.wishes.remove(&key); // the list has come to say what is wanted
                Vec::new()
            } else {
                send(state, key, to)
            }
        })
        .collect()
}

/// A change was answered, or was not.
pub(crate) fn done(
    state: &mut State,
    seq: Seq,
    id: &AccountId,
    change: Change,
    result: Result<bool, Failure>,
) -> Vec<Effect> {
    let key = (id.clone(), change.setting);
    let now = state.now;
    let Some(wish) = state.pending.wishes.get_mut(&key) else { return Vec::new() };
    if !matches!(wish.phase, Phase::Sent { seq: sent, .. } if sent == seq) {
        return Vec::new();
    }
    let result = match result {
        // The account is already as wanted: a refusal that says the wish is fulfilled.
        Err(Failure::Status { status: 400, text }) if says_already(text.as_str(), change) => Ok(change.to),
        other => other,
    };
    match result {
        Ok(_) if wish.to != change.to => {
            let to = wish.to;
            if let Some(until) = wish.doubtful.filter(|t| *t > now) {
                let before = Wish { to: change.to, phase: Phase::Confirming { since: now }, doubtful: None };
                wish.phase = Phase::Held { until, before: Some(Box::new(before)) };
                wish.doubtful = None;
                return schedule::poll_now(state);
            }
            send(state, key, to)
        }
        Ok(got) if got == change.to => {
            wish.phase = Phase::Confirming { since: now };
            schedule::poll_now(state)
        }
        Ok(_) => {
            state.pending.wishes.remove(&key);
            say_failed(state, id, change, "the server answered that it is not so");
            schedule::poll_now(state)
        }
        Err(failure) if failure.leaves_outcome_unknown() => {
            wish.phase = Phase::Unsure { since: now, value: change.to };
            say_failed(state, id, change, &format!("{failure}; reading the list to see whether it was done"));
            schedule::poll_now(state)
        }
        Err(failure) => {
            state.pending.wishes.remove(&key);
            let advice = failure.advice().map(|a| format!("; {a}")).unwrap_or_default();
            say_failed(state, id, change, &format!("{failure}{advice}"));
            schedule::poll_now(state)
        }
    }
}

fn says_already(text: &str, change: Change) -> bool {
    let word = if change.to { "already paused" } else { "already resumed" };
    change.setting == Setting::Paused && text.contains(word)
}

/// What a change is called, in the past tense of not having been done.
fn verb(change: Change) -> &'static str {
    match (change.setting, change.to) {
        (Setting::AutoRefresh, true) => "auto-refresh not switched on",
        (Setting::AutoRefresh, false) => "auto-refresh not switched off",
        (Setting::AutoFallback, true) => "auto-fallback not switched on",
        (Setting::AutoFallback, false) => "auto-fallback not switched off",
        (Setting::Paused, true) => "not paused",
        (Setting::Paused, false) => "not resumed",
    }
}

fn name_of(state: &State, id: &AccountId) -> String {
    state.accounts.get(id).map_or_else(|| state.shown_id(id), |a| a.name.to_string())
}

fn say_failed(state: &mut State, id: &AccountId, change: Change, why: &str) {
    let text = format!("{}: {}: {why}", name_of(state, id), verb(change));
    state.notice = Some(Notice::alarm(state.now, &text));
}

/// A list came that was asked for at `asked` (our clock): settles what it can tell.
pub(crate) fn settle(state: &mut State, asked: Timestamp) -> Vec<Effect> {
    let mut effects = Vec::new();
    if state.pending.is_empty() {
        return effects;
    }
    for (key, wish) in std::mem::take(&mut state.pending.wishes) {
        let (id, setting) = (&key.0, key.1);
        // None: the account is gone; some none: its row does not tell.
        let listed = state.accounts.get(id).map(|a| a.setting(setting).filter(|_| a.fault.is_none()));
        let (since, sent) = match wish.phase {
            Phase::Confirming { since } => (since, wish.to),
            Phase::Unsure { since, value } => (since, value),
            // Its answer, or its time, is still to come.
            Phase::Held { .. } | Phase::Sent { .. } => {
                state.pending.wishes.insert(key, wish);
                continue;
            }
        };
        if asked < since {
            state.pending.wishes.insert(key, wish);
            continue;
        }
        let unsure = matches!(wish.phase, Phase::Unsure { .. });
        let why = match listed {
            None => Some("the account is gone"),
            Some(None) => Some("the list no longer tells"),
            Some(Some(value)) if value == sent => None,
            Some(Some(_)) if unsure => Some("no answer, and the list shows it unchanged"),
            Some(Some(_)) => Some("the server took it, and its list shows it unchanged"),
        };
        let wanted = listed.flatten().is_some_and(|value| value != wish.to);
        if sent != wish.to && wanted {
            // The wish changed while it was not known what had come of the first one.
            effects.extend(send(state, key, wish.to));
        } else if let Some(why) = why {
            say_failed(state, id, Change { setting, to: sent }, why);
        } else if unsure {
            let text = format!("{}: the change was done after all", name_of(state, id));
            state.notice = Some(Notice::quiet(state.now, &text));
        }
    }
    effects
}

/// Sends what is held back, now: the program is about to end.
pub(crate) fn flush(state: &mut State) -> Vec<Effect> {
    for wish in state.pending.wishes.values_mut() {
        if let Phase::Held { until, .. } = &mut wish.phase {
            *until = state.now;
        }
    }
    due(state)
}
