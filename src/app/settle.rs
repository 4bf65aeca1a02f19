//! What a list tells of the changes that were asked for before it.

use chrono::TimeDelta;

use super::change::{conclude, name_of, send};
use super::logs::Fate;
use super::msg::{ChangeKey, Effect};
use super::notice::Notice;
use super::pending::{Phase, Wish};
use super::{State, failed};
use crate::model::{Plain, Timestamp, Value};

/// A change that was given up may still be done, by a server that was frozen: for so long it is nobody else's.
const LATE: TimeDelta = TimeDelta::minutes(15);

/// A list came that was asked for at `asked` (our clock): settles what it can tell.
pub(crate) fn settle(state: &mut State, asked: Timestamp) -> Vec<Effect> {
    let now = state.now;
    state.pending.sent.retain(|sent| sent.given_up.is_none_or(|at| now - at < LATE));
    let mut effects = Vec::new();
    if state.pending.is_empty() {
        return effects;
    }
    for (key, wish) in std::mem::take(&mut state.pending.wishes) {
        let (since, sent) = match &wish.phase {
            Phase::Confirming { since } => (*since, wish.to.clone()),
            Phase::Unsure { since, deed } => (*since, deed.clone()),
            // Its answer, or its time, is still to come.
            Phase::Held { .. } | Phase::Sent { .. } => (Timestamp::MAX_UTC, wish.to.clone()),
        };
        if asked < since {
            state.pending.wishes.insert(key, wish);
            continue;
        }
        // None: the account is gone; some none: its row does not tell.
        let listed = state.accounts.get(&key.0).map(|a| Value::of(a, key.1));
        let unsure = matches!(wish.phase, Phase::Unsure { .. });
        let Wish { to, trail, .. } = wish;
        // The wish may have changed while it was not known what had come of the first one.
        let next = sent != to && listed.clone().flatten().is_some_and(|value| Some(value) != to.value());
        let why = match listed {
            None => Some("the account is gone"),
            Some(None) => Some("the list no longer tells"),
            Some(value) if value == sent.value() => None,
            Some(_) if unsure => Some("no answer, and the list shows it unchanged"),
            Some(_) => Some("the server took it, and its list shows it unchanged"),
        };
        match why {
            None => {
                state.pending.forget_sent(&key, |_| true);
                if let Some(trail) = trail {
                    conclude(state, &key.0, &sent, trail);
                }
                if unsure && !next {
                    say_after_all(state, &key);
                }
            }
            Some(why) => {
                give_up(state, &key);
                match trail {
                    Some(trail) if next => {
                        state.logs.settle_note(trail.note, Fate::Refused(Plain::new(why)));
                    }
                    trail if !next => failed::fail(state, key.0.clone(), sent, trail, why),
                    _ => {}
                }
            }
        }
        if next {
            effects.extend(send(state, key, to, None));
        }
    }
    effects
}

/// What was sent was not done, as far as the list tells.
fn give_up(state: &mut State, key: &ChangeKey) {
    for sent in state.pending.sent.iter_mut().filter(|sent| sent.key == *key) {
        sent.given_up.get_or_insert(state.now);
    }
}

pub(crate) fn say_after_all(state: &mut State, key: &ChangeKey) {
    let text = format!("{}: the change was done after all", name_of(state, &key.0));
    state.notice = Some(Notice::done(state.now, &text));
}
