//! The change that failed last: why, and how to ask for it once more.

use chrono::TimeDelta;

use super::availability::obstacle;
use super::change::name_of;
use super::logs::Fate;
use super::msg::Effect;
use super::notice::Notice;
use super::pending::Trail;
use super::state::Dialog;
use super::undo::Done;
use super::{State, change};
use crate::model::{AccountId, Deed, Matter, Plain, Timestamp, Value};

/// How long it is shown where nobody dismisses it. It stands among the events for good.
const SHOWN: TimeDelta = TimeDelta::seconds(60);

/// A change that failed. It is shown until it is dismissed, asked for once more, done by another way, or its time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The account.
    pub id: AccountId,
    /// Its name then.
    pub name: Plain,
    /// What was asked for.
    pub deed: Deed,
    /// When it was sent, by the server's clock.
    pub at: Option<Timestamp>,
    /// Why it was not done.
    pub why: Plain,
    /// What the row shows instead; none where the row shows nothing of it.
    pub shows: Option<Value>,
    /// How many have failed that are not shown, as this one came after them.
    pub others: usize,
    /// Until when it is shown, by our clock.
    pub until: Timestamp,
    /// What it was to take back.
    undoes: Option<Box<Done>>,
}

/// It was not done.
pub(crate) fn fail(state: &mut State, id: AccountId, deed: Deed, trail: Option<Trail>, why: &str) {
    let (note, at, undoes) =
        trail.map_or((None, None, None), |trail| (Some(trail.note), Some(trail.at), trail.undoes));
    if let Some(note) = note {
        state.logs.settle_note(note, Fate::Refused(Plain::new(why)));
    }
    if let Some(done) = &undoes {
        state.undo.remember((**done).clone()); // it still can be taken back
    }
    let other = |f: &Failed| f.id != id || f.deed.matter() != deed.matter();
    let others = state.failed.as_ref().map_or(0, |before| before.others + usize::from(other(before)));
    let shows = state.accounts.get(&id).and_then(|a| Value::of(a, deed.matter()));
    state.failed = Some(Failed {
        name: Plain::new(&name_of(state, &id)),
        id,
        deed,
        at,
        why: Plain::new(why),
        shows,
        others,
        until: state.now + SHOWN,
        undoes,
    });
}

/// Something was done about that matter: what failed before is settled.
pub(crate) fn done(state: &mut State, id: &AccountId, matter: Matter) {
    state.failed.take_if(|failed| failed.id == *id && failed.deed.matter() == matter);
}

/// Asks for it once more.
pub(crate) fn retry(state: &mut State) -> Vec<Effect> {
    let Some(failed) = state.failed.take() else { return Vec::new() };
    let why = match state.accounts.get(&failed.id) {
        None => Some("the account is gone".into()),
        Some(account) => obstacle(state, account, failed.deed.matter()),
    };
    if let Some(why) = why {
        let text = format!("{}: nothing was changed: {why}", failed.name);
        state.notice = Some(Notice::alarm(state.now, &text));
        return Vec::new();
    }
    change::ask(state, &failed.id, failed.deed, failed.undoes.map(|done| *done))
}

/// Shows what was sent.
pub(crate) fn show_sent(state: &mut State) -> Vec<Effect> {
    if let Some(failed) = &state.failed {
        state.dialog = Some(Dialog::Sent(Box::new(failed.clone())));
    }
    Vec::new()
}
