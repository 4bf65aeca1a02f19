//! What was changed here and can be taken back, the last first.
//!
//! Taking back is a change like any other, but is not itself remembered: `u` again goes further back, not forth.

use super::msg::Effect;
use super::notice::Notice;
use super::{State, availability, change, doubt};
use crate::model::{AccountId, Deed, Matter, Plain, Timestamp, Value};

/// Most changes that can be taken back: more than anyone remembers having made.
const MOST_STEPS: usize = 50;

/// A change that was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The account.
    pub id: AccountId,
    /// Of what.
    pub matter: Matter,
    /// What the account showed before.
    pub before: Value,
    /// What it showed afterwards.
    pub after: Value,
    /// When it was asked for, by the server's clock.
    pub at: Timestamp,
}

/// One step back.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Back(Done),
    /// This cannot be taken back.
    Never(Plain, Deed),
}

/// What was changed here, the last at the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Undo(Vec<Step>);

impl Undo {
    /// True where nothing can be taken back.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn push(&mut self, step: Step) {
        if self.0.len() >= MOST_STEPS {
            self.0.remove(0);
        }
        self.0.push(step);
    }

    /// A change was confirmed.
    pub(crate) fn remember(&mut self, done: Done) {
        if done.before != done.after {
            self.push(Step::Back(done));
        }
    }

    /// Something was done that cannot be taken back.
    pub(crate) fn remember_never(&mut self, account: Plain, deed: Deed) {
        self.push(Step::Never(account, deed));
    }

    /// A change is being taken back after all, by another way.
    pub(crate) fn forget(&mut self, done: &Done) {
        if let Some(place) = self.0.iter().rposition(|step| matches!(step, Step::Back(d) if d == done)) {
            self.0.remove(place);
        }
    }
}

/// Takes the last change back.
pub(crate) fn undo(state: &mut State) -> Vec<Effect> {
    match state.undo.0.pop() {
        None => say(state, "there is nothing to undo"),
        Some(Step::Never(name, deed)) => {
            let more = if state.undo.is_empty() { "" } else { "; u undoes what was done before it" };
            let did = state.shown_deed(&deed);
            say(state, &format!("{name}: {did}: that cannot be undone{more}"))
        }
        Some(Step::Back(done)) => take_back(state, done),
    }
}

fn take_back(state: &mut State, done: Done) -> Vec<Effect> {
    let Done { id, matter, before, after, .. } = &done;
    let Some(account) = state.accounts.get(id) else {
        let text = format!("not undone: account {} is gone", id.to_plain());
        return say_alarm(state, &text);
    };
    let name = account.name.clone();
    if state.pending.get(id, *matter).is_some() {
        let text = format!("{name}: its {matter} is still being changed: not undone yet");
        state.undo.push(Step::Back(done));
        return say(state, &text);
    }
    if let Some(why) = availability::obstacle(state, account, *matter) {
        let text = format!("{name}: not undone: {why}");
        state.undo.push(Step::Back(done));
        return say_alarm(state, &text);
    }
    if Value::of(account, *matter).as_ref() != Some(after) {
        let is = Value::of(account, *matter)
            .map(|v| format!(", it is {}", state.shown_value(&v)))
            .unwrap_or_default();
        let text = format!("{name}: not undone: its {matter} was changed by someone else since{is}");
        return say_alarm(state, &text);
    }
    let deed = match before.to_deed(*matter) {
        Ok(deed) => deed,
        Err(why) => {
            let text = format!("{name}: {matter} {} cannot be put back: {why}", state.shown_value(before));
            return say_alarm(state, &text);
        }
    };
    if let Some(why) = doubt::doubt(state, account, &deed) {
        let id = id.clone();
        state.undo.push(Step::Back(done.clone()));
        return doubt::question(state, id, deed, why, Some(done));
    }
    let was = state.showing()(after).told_before(*matter);
    let text = format!("undoing {name}: {} again ({was})", state.shown_deed(&deed));
    let id = id.clone();
    let effects = change::ask(state, &id, deed, Some(done));
    state.notice = Some(Notice::quiet(state.now, &text));
    effects
}

fn say(state: &mut State, text: &str) -> Vec<Effect> {
    state.notice = Some(Notice::quiet(state.now, text));
    Vec::new()
}

fn say_alarm(state: &mut State, text: &str) -> Vec<Effect> {
    state.notice = Some(Notice::alarm(state.now, text));
    Vec::new()
}
