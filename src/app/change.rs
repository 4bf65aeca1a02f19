//! Changes that have been asked for: shown at once, sent one at a time, confirmed by answer and list, put back when refused.
//!
//! What the server last said (the list) and what has been asked of it are kept apart: [`super::Pending`] lies over the rows.

use super::logs::{Fate, News};
use super::msg::{ChangeKey, Effect, Seq};
use super::notice::Notice;
use super::pending::{Phase, Trail, Wish};
use super::undo::Done;
use super::{State, failed, schedule, table};
use crate::model::{AccountId, Change, Deed, Failure, Matter, Plain, Setting, Told, Value};

/// Something is to be done, possibly to take back what was done before.
pub(crate) fn ask(
    state: &mut State,
    id: &AccountId,
    deed: impl Into<Deed>,
    undoes: Option<Done>,
) -> Vec<Effect> {
    let deed = deed.into();
    let key = (id.clone(), deed.matter());
    match state.pending.wishes.get_mut(&key) {
        Some(wish) if matches!(wish.phase, Phase::Sent { .. }) => {
            wish.to = deed;
            wish.doubtful = None;
            Vec::new()
        }
        _ => {
            if let Some(done) = &undoes {
                state.undo.forget(done);
            }
            send(state, key, deed, undoes)
        }
    }
}

/// Sends it, and tells of it among the events.
pub(crate) fn send(state: &mut State, key: ChangeKey, deed: Deed, undoes: Option<Done>) -> Vec<Effect> {
    let seq = state.next_seq();
    table::keep(state, &key.0);
    let was = was(state, &key);
    let at = state.clock.at(state.now);
    let news = News::Yours { deed: deed.clone(), was: was.clone(), fate: Fate::Asked };
    let note = state.logs.note(at, Plain::new(&name_of(state, &key.0)), news);
    let trail = Trail { note, was, at, undoes: undoes.map(Box::new) };
    if let Some(before) = state.pending.wishes.remove(&key) {
        supersede(state, &key, before);
    }
    state.pending.sends(&key, &deed, &trail);
    let id = key.0.clone();
    let phase = Phase::Sent { seq, deed: deed.clone() };
    let wish = Wish { to: deed.clone(), phase, doubtful: None, trail: Some(trail) };
    state.pending.wishes.insert(key, wish);
    vec![Effect::Apply { seq, id, change: deed }]
}

/// What the account shows before the next change: what was answered last, else what the list says.
fn was(state: &State, key: &ChangeKey) -> Option<Value> {
    let answered = |wish: &Wish| match wish.phase {
        Phase::Confirming { .. } => wish.to.value(),
        _ => None,
    };
    let pending = state.pending.wishes.get(key).and_then(|wish| match &wish.phase {
        Phase::Held { before, .. } => before.as_deref().and_then(answered),
        _ => answered(wish),
    });
    pending.or_else(|| state.accounts.get(&key.0).and_then(|a| Value::of(a, key.1)))
}

/// Another change takes the place of one that was answered, or of which no answer came.
fn supersede(state: &mut State, key: &ChangeKey, before: Wish) {
    match before.phase {
        Phase::Held { before: Some(before), .. } => supersede(state, key, *before),
        Phase::Confirming { .. } => {
            if let Some(trail) = before.trail {
                conclude(state, &key.0, &before.to, trail);
            }
        }
        _ => {}
    }
}

/// It was done: told among the events, and remembered so that it can be taken back.
pub(crate) fn conclude(state: &mut State, id: &AccountId, deed: &Deed, trail: Trail) {
    state.logs.settle_note(trail.note, Fate::Confirmed);
    failed::done(state, id, deed.matter());
    if trail.undoes.is_some() {
        return;
    }
    match (deed.value(), trail.was) {
        (Some(after), Some(before)) => {
            let done = Done { id: id.clone(), matter: deed.matter(), before, after, at: trail.at };
            state.undo.remember(done);
        }
        (None, _) => {
            let name = Plain::new(&name_of(state, id));
            state.undo.remember_never(name, deed.clone());
        }
        (Some(_), None) => {}
    }
}

/// Sends what was held back and has waited long enough.
pub(crate) fn due(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    let ready: Vec<(ChangeKey, Deed, bool)> = state
        .pending
        .wishes
        .iter()
        .filter_map(|(key, wish)| match &wish.phase {
            Phase::Held { until, before } if *until <= now => {
                Some((key.clone(), wish.to.clone(), before.is_none()))
            }
            _ => None,
        })
        .collect();
    ready
        .into_iter()
        .flat_map(|(key, to, fresh)| {
            let listed = state.accounts.get(&key.0).and_then(|a| Value::of(a, key.1));
            if fresh && listed == to.value() {
                state.pending.wishes.remove(&key); // the list has come to say what is wanted
                Vec::new()
            } else {
                send(state, key, to, None)
            }
        })
        .collect()
}

/// A change was answered, or was not.
pub(crate) fn done(
    state: &mut State,
    seq: Seq,
    id: &AccountId,
    deed: &Deed,
    result: Result<Told, Failure>,
) -> Vec<Effect> {
    let key = (id.clone(), deed.matter());
    let now = state.now;
    let Some(wish) = state.pending.wishes.get_mut(&key) else { return Vec::new() };
    if !matches!(wish.phase, Phase::Sent { seq: sent, .. } if sent == seq) {
        return Vec::new();
    }
    let result = match result {
        // The account is already as wanted: a refusal that says the wish is fulfilled.
        Err(Failure::Status { status: 400, text }) if says_already(text.as_str(), deed) => Ok(Told::Done),
        other => other,
    };
    match result {
        Ok(Told::Is(value)) if Some(&value) != deed.value().as_ref() => {
            put_back(state, key, deed, "the server answered that it is not so")
        }
        Ok(told) if deed.value().is_none() => {
            let trail = state.pending.wishes.remove(&key).and_then(|wish| wish.trail);
            say_done(state, id, deed, &told);
            if let Some(trail) = trail {
                conclude(state, id, deed, trail);
            }
            schedule::poll_now(state)
        }
        Ok(_) if wish.to != *deed => {
            let to = wish.to.clone();
            let answered = Wish {
                to: deed.clone(),
                phase: Phase::Confirming { since: now },
                doubtful: None,
                trail: wish.trail.take(),
            };
            if let Some(until) = wish.doubtful.filter(|t| *t > now) {
                wish.phase = Phase::Held { until, before: Some(Box::new(answered)) };
                wish.doubtful = None;
                return schedule::poll_now(state);
            }
            *wish = answered;
            send(state, key, to, None)
        }
        Ok(_) => {
            wish.phase = Phase::Confirming { since: now };
            schedule::poll_now(state)
        }
        Err(failure) if failure.leaves_outcome_unknown() => {
            let note = wish.trail.as_ref().map(|trail| trail.note);
            wish.phase = Phase::Unsure { since: now, deed: deed.clone() };
            let mut text = format!("{}: {}: {failure}", name_of(state, id), not_done(deed));
            if deed.value().is_some() {
                text.push_str("; reading the list to see whether it was done");
            } else {
                state.pending.wishes.remove(&key);
                text.push_str("; whether it was done all the same is not known");
            }
            state.notice = Some(Notice::alarm(now, &text));
            if let Some(note) = note {
                state.logs.settle_note(note, Fate::Unknown);
            }
            schedule::poll_now(state)
        }
        Err(failure) => {
            let advice = failure.advice().map(|a| format!("; {a}")).unwrap_or_default();
            put_back(state, key, deed, &format!("{failure}{advice}"))
        }
    }
}

/// It was refused: the row is as it was, and it is said why.
fn put_back(state: &mut State, key: ChangeKey, deed: &Deed, why: &str) -> Vec<Effect> {
    let trail = state.pending.wishes.remove(&key).and_then(|wish| wish.trail);
    if let Some(trail) = &trail {
        state.pending.forget_sent(&key, |sent| sent.trail.note == trail.note);
    }
    failed::fail(state, key.0, deed.clone(), trail, why);
    schedule::poll_now(state)
}

fn says_already(text: &str, deed: &Deed) -> bool {
    let Deed::Switch(Change { setting: Setting::Paused, to }) = deed else { return false };
    text.contains(if *to { "already paused" } else { "already resumed" })
}

/// What a deed is called that was not done.
pub(crate) fn not_done(deed: &Deed) -> String {
    match deed {
        Deed::Switch(Change { setting: Setting::Paused, to: true }) => "not paused".to_owned(),
        Deed::Switch(Change { setting: Setting::Paused, to: false }) => "not resumed".to_owned(),
        Deed::Switch(Change { setting, to }) => {
            format!("{} not switched {}", Matter::Switch(*setting), if *to { "on" } else { "off" })
        }
        Deed::Priority(n) => format!("priority not set to {}", n.number()),
        Deed::Endpoint(None) => "endpoint not cleared".to_owned(),
        Deed::Endpoint(Some(_)) => "endpoint not set".to_owned(),
        Deed::ReadUsage => "usage not re-read".to_owned(),
        Deed::ClearLimit => "limit not cleared".to_owned(),
    }
}

/// Says what came of a command, which no row shows.
fn say_done(state: &mut State, id: &AccountId, deed: &Deed, told: &Told) {
    let name = name_of(state, id);
    let text = match (deed, told) {
        (Deed::ReadUsage, Told::Begun) => {
            let text = format!("{name}: the server asks for its usage; none has come yet");
            state.notice = Some(Notice::news(state.now, &text));
            return;
        }
        (Deed::ReadUsage, _) => format!("{name}: its usage was re-read"),
        _ => format!("{name}: {deed}; this cannot be undone"),
    };
    state.notice = Some(Notice::done(state.now, &text));
}

pub(crate) fn name_of(state: &State, id: &AccountId) -> String {
    state.accounts.get(id).map_or_else(|| state.shown_id(id), |a| a.name.to_string())
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
