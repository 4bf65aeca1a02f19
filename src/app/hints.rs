//! The keys that the line at the bottom names, and where: the view draws them there, and a click is looked up there. Also the keys
//! that a sentence names.

use ratatui::buffer::CellWidth as _;

use super::fix::{Fix, offered};
use super::{Availability, Pane, State, Tab, availability};
use crate::keymap::{Action, Bound, Scope};
use crate::model::{Change, Setting};

/// Hints stand this far apart.
const GAP: u16 = 2;

/// A key that is named at the bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint<'k> {
    /// Where it begins.
    pub x: u16,
    /// The columns of the key, a blank and the word.
    pub width: u16,
    /// What it is.
    pub bound: &'k Bound,
    /// What it does now.
    pub word: &'static str,
    /// It can be done now.
    pub ready: bool,
}

/// True where what is said of a failed change takes the key.
fn taken(state: &State, bound: &Bound) -> bool {
    state.failed.is_some()
        && bound.scope == Scope::Accounts
        && state
            .keymap()
            .bindings_of(Scope::Failed)
            .any(|b| b.scope == Scope::Failed && b.key() == bound.key())
}

/// True where the key would lead to what is shown already, or where nothing is offered that it could do.
fn is_idle(state: &State, action: Action) -> bool {
    match action {
        Action::Why => state.focus == Pane::Why && state.details.tab == Tab::Why,
        Action::Fix => offered(state).is_none(),
        _ => false,
    }
}

/// What the key does now, in a word.
fn word_of(state: &State, bound: &Bound) -> &'static str {
    match bound.action {
        Action::HoldEvents if state.events.is_held() => "follow",
        Action::Fix => match offered(state) {
            Some(Fix::Run(_)) => "copy it",
            Some(Fix::Switch(Change { setting: Setting::Paused, .. })) => "resume",
            Some(Fix::Switch(_)) => "switch on",
            None => bound.word,
        },
        _ => bound.word,
    }
}

/// `KEY words` as a part of a sentence, with the keys that do it from the pane that has the keys: `1 space switches it on` where
/// another pane must get them first. None where it cannot be done now, and while something lies over the panes.
pub fn way(state: &State, action: Action, words: &str) -> Option<String> {
    if state.dialog.is_some() || availability(action, state) != Availability::Ready {
        return None;
    }
    let here = |action: Action| {
        let mut all = state.keymap().bindings_of(state.scope()).filter(|b| !taken(state, b));
        all.find(|b| b.action == action && !b.keys.is_empty()).map(Bound::key)
    };
    if let Some(key) = here(action) {
        return Some(format!("{key} {words}"));
    }
    let there = state.keymap().lines().iter().find(|b| b.action == action && !b.keys.is_empty())?;
    let leads: &[Action] = match there.scope {
        Scope::Accounts => &[Action::PaneAccounts],
        Scope::Why if state.focus == Pane::Accounts => &[Action::Why, Action::PaneWhy],
        Scope::Why => &[Action::PaneWhy],
        Scope::Events => &[Action::PaneEvents],
        _ => &[],
    };
    let first = leads.iter().find_map(|lead| here(*lead))?;
    Some(format!("{first} {} {words}", there.key()))
}

/// The hints that fit into `width` columns, help and quit before all others.
pub fn hints(state: &State, width: u16) -> Vec<Hint<'_>> {
    let none = state.scope() == Scope::Accounts && state.accounts.rows().is_empty();
    let offered: Vec<Hint<'_>> = state
        .keymap()
        .bindings_of(state.scope())
        .filter(|b| !b.word.is_empty() && !b.keys.is_empty())
        .filter(|b| !taken(state, b) && !is_idle(state, b.action))
        .filter_map(|bound| {
            let ready = match availability(bound.action, state) {
                Availability::Ready => true,
                // What acts on accounts is no help where there is none.
                Availability::Blocked(_) if none => return None,
                Availability::Blocked(_) => false,
                Availability::Absent => return None,
            };
            let word = word_of(state, bound);
            let width = bound.key().cell_width().saturating_add(1).saturating_add(word.cell_width());
            Some(Hint { x: 0, width, bound, word, ready })
        })
        .collect();
    let room = width.saturating_sub(2);
    // The keys that lead on go first, then, among the accounts, those that answer what is asked most: which account is
    // next, why one is not refreshed, what has failed. What is seldom wanted goes last; all stand in the table's order.
    let among_accounts = state.scope() == Scope::Accounts;
    let pass_of = |h: &Hint<'_>| match h.bound.action {
        Action::Help | Action::Quit => 0,
        Action::ToggleAutoRefresh
        | Action::Filter
        | Action::Why
        | Action::Copy
        | Action::NextSort
        | Action::NextPane
            if among_accounts =>
        {
            1
        }
        Action::Priority | Action::Endpoint | Action::ReadUsage | Action::ClearLimit | Action::Undo => 3,
        _ => 2,
    };
    let mut used: u16 = 0;
    let mut shown: Vec<usize> = Vec::new();
    'all: for pass in 0..=3 {
        for (i, hint) in offered.iter().enumerate().filter(|(_, h)| pass_of(h) == pass) {
            let more = hint.width.saturating_add(if used == 0 { 0 } else { GAP });
            if used.saturating_add(more) > room {
                break 'all; // what comes later is of less use, so nothing jumps the queue
            }
            used += more;
            shown.push(i);
        }
    }
    shown.sort_unstable();
    let mut x = 1;
    let mut placed = Vec::with_capacity(shown.len());
    for hint in shown.into_iter().filter_map(|i| offered.get(i)) {
        placed.push(Hint { x, ..*hint });
        x += hint.width + GAP;
    }
    placed
}
