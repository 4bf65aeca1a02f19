//! The keys that the line at the bottom names, and where: the view draws them there, and a click is looked up there. Also the keys
//! that a sentence names.

use ratatui::buffer::CellWidth as _;

use super::events::{self, Narrowed};
use super::fix::{Fix, offered};
use super::{Availability, Dialog, Link, Pane, State, Tab, availability, choose};
use crate::keymap::{Action, Bound, Scope};
use crate::layout::NARROW;
use crate::model::{Change, Setting};

/// Hints stand this far apart.
const GAP: u16 = 2;
/// From this width on there is room for what everyone knows, and for what is wanted now and then.
const WIDE: u16 = 100;
/// Most columns of a name before the hints.
const NAME: u16 = 24;

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
        Action::Zoom => state.zoomed && !state.is_zoomed(),
        Action::Left => matches!(&state.dialog, Some(Dialog::Event(opened)) if opened.left == 0),
        _ => false,
    }
}

/// `KEY words` as a part of a sentence, with the keys that do it from the pane that has the keys: `1, space switches it on` where
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
    if taken(state, there) {
        return None;
    }
    let leads: &[Action] = match there.scope {
        Scope::Accounts => &[Action::PaneAccounts],
        Scope::Why if state.focus == Pane::Accounts => &[Action::Why, Action::PaneWhy],
        Scope::Why => &[Action::PaneWhy],
        Scope::Events => &[Action::PaneEvents],
        _ => &[],
    };
    let first = leads.iter().find_map(|lead| here(*lead))?;
    Some(format!("{first}, {} {words}", there.key()))
}

/// What stands before the hints: what the keys are about, where that is something else than they usually are.
pub fn lead(state: &State, width: u16) -> String {
    if state.dialog != Some(Dialog::Copy) {
        return String::new();
    }
    let account = state.accounts.selection().filter(|_| width >= NARROW);
    let name = account.map(|account| state.shown_name(account)).filter(|name| name.cell_width() <= NAME);
    name.map_or_else(|| "copy:".to_owned(), |name| format!("copy of {name}:"))
}

/// The hints that fit into `width` columns, those that lead on before all others. Where that is narrow, words are short, and what
/// cannot be done is not named.
pub fn hints(state: &State, width: u16) -> Vec<Hint<'_>> {
    let narrow = width < NARROW;
    let offered: Vec<Hint<'_>> = state
        .keymap()
        .bindings_of(state.scope())
        .filter(|b| !b.keys.is_empty() && !taken(state, b) && !is_idle(state, b.action))
        .filter_map(|bound| {
            // Most keys have no word, and whether they can be used is not worth asking then.
            let word = Some(word(state, bound, narrow)).filter(|word| !word.is_empty())?;
            let ready = match availability(bound.action, state) {
                Availability::Ready => true,
                Availability::Blocked(_) if narrow || is_of_no_use(state) => return None,
                // What can never be done here needs no place.
                Availability::Blocked(_) if state.options.read_only && bound.scope == Scope::Accounts => {
                    return None;
                }
                Availability::Blocked(_) => false,
                Availability::Absent => return None,
            };
            let width = bound.key().cell_width().saturating_add(1).saturating_add(word.cell_width());
            Some(Hint { x: 0, width, bound, word, ready })
        })
        .collect();
    let lead = lead(state, width).cell_width();
    let gap = if narrow && lead > 0 { 1 } else { GAP };
    let start = if lead > 0 { 1 + lead + gap } else { 1 };
    let room = width.saturating_sub(start + 1);
    let mut used: u16 = 0;
    let mut shown: Vec<usize> = Vec::new();
    'all: for pass in 0..=4 {
        for (i, hint) in offered.iter().enumerate().filter(|(_, h)| pass_of(state, h, width) == pass) {
            let more = hint.width.saturating_add(if used == 0 { 0 } else { gap });
            if used.saturating_add(more) <= room {
                used += more;
                shown.push(i);
            } else if !narrow {
                break 'all; // what comes later is of less use, so nothing jumps the queue
            }
        }
    }
    shown.sort_unstable();
    let mut x = start;
    let mut placed = Vec::with_capacity(shown.len());
    for hint in shown.into_iter().filter_map(|i| offered.get(i)) {
        placed.push(Hint { x, ..*hint });
        x += hint.width + gap;
    }
    placed
}

/// True where a key that cannot be used is no help: what acts on accounts where none is shown.
fn is_of_no_use(state: &State) -> bool {
    state.scope() == Scope::Accounts && state.accounts.shown_len() == 0
}

/// Nothing is shown because of the filter.
fn nothing_matches(state: &State) -> bool {
    is_of_no_use(state) && !state.accounts.rows().is_empty()
}

/// One of the two ways to turn the columns' pages is enough: the one that goes on, or at the end the one that goes back.
fn turn_word(state: &State, bound: &Bound) -> &'static str {
    let (page, pages) = (state.page(), state.pages());
    let named = if page + 1 < pages { Action::ColumnsRight } else { Action::ColumnsLeft };
    if pages > 1 && bound.action == named { bound.word } else { "" }
}

/// What is told of the account stands where the events usually are.
fn covers_events(state: &State) -> bool {
    state.regions().events.is_empty() && !state.is_zoomed()
}

/// What a key does now, in a word.
fn word(state: &State, bound: &Bound, narrow: bool) -> &'static str {
    match bound.action {
        Action::HoldEvents if state.events.is_held() => "follow",
        Action::ToggleColumn | Action::KeepColumn => choose::word(state, bound.action),
        Action::AllColumns if narrow => "usual",
        Action::CopyColumns if narrow => "copy",
        Action::ColumnsLeft | Action::ColumnsRight if bound.scope == Scope::Columns => {
            turn_word(state, bound)
        }
        Action::Wrap if matches!(&state.dialog, Some(Dialog::Event(opened)) if opened.wrap) => "unwrap",
        Action::Fix => match offered(state) {
            Some(Fix::Run(_)) => "copy it",
            Some(Fix::Switch(Change { setting: Setting::Paused, .. })) => "resume",
            Some(Fix::Switch(_)) => "switch on",
            None => bound.word,
        },
        Action::ToggleAutoRefresh if narrow => "auto",
        Action::Zoom if state.is_zoomed() => "back",
        Action::Down if state.scope() == Scope::Why && crate::view::details_scroll_unnamed(state) => "scroll",
        Action::NextMatch if state.events.lens.needle.is_some() => "next match",
        Action::Back if nothing_matches(state) && state.failed.is_none() && !state.is_zoomed() => {
            "clear filter"
        }
        Action::Back if state.scope() == Scope::Events => back_word(state, narrow),
        // Where the pane has the screen for itself, or the events' place, they are not in sight.
        Action::Back if state.scope() == Scope::Why && covers_events(state) => "back",
        Action::Reconnect if matches!(state.links.list, Link::Lost { .. }) => "retry",
        // There is nothing to filter, though what is typed then is not meant as keys.
        Action::Filter if state.accounts.rows().is_empty() => "",
        _ => bound.word,
    }
}

/// What a step back from the events does, where that is worth its columns: it undoes what stands between the pane and everything, one at
/// a time. Where nothing does, it leads to the accounts, which `tab` does too where they are in sight.
fn back_word(state: &State, narrow: bool) -> &'static str {
    match events::narrowed(state) {
        // What is said of a failed change goes first, and says so itself; then the pane has its place again.
        _ if state.failed.is_some() && !narrow => "",
        _ if state.is_zoomed() && !narrow => "",
        _ if state.failed.is_some() || state.is_zoomed() => "back",
        Some(Narrowed::Held) => "follow",
        Some(Narrowed::Searched) => "end search",
        Some(Narrowed::OneAccount) => "clear",
        // It was `c` that cleared it: the same word for the way back would say the opposite.
        Some(Narrowed::Cleared) => "show all",
        None if narrow => "back",
        None => "",
    }
}

/// In which order the keys are given room: those that lead on from here, then, among the accounts, those that answer what is asked
/// most (which account is next, why one is not refreshed, what has failed); what is seldom wanted goes last. They stand in the table's
/// order.
fn pass_of(state: &State, hint: &Hint<'_>, width: u16) -> u8 {
    let scope = state.scope();
    let (narrow, wide) = (width < NARROW, width >= WIDE);
    let among_accounts = scope == Scope::Accounts;
    let action = hint.bound.action;
    let leads_on = match action {
        Action::Help | Action::Reconnect => true,
        Action::Quit => {
            if among_accounts {
                wide
            } else {
                !narrow
            }
        }
        Action::Zoom => state.is_zoomed(),
        Action::Back => {
            among_accounts
                || matches!(scope, Scope::Events | Scope::Columns)
                || (scope == Scope::Why && covers_events(state))
        }
        _ => false,
    };
    let is_asked_for = match scope {
        Scope::Accounts => match action {
            Action::ToggleAutoRefresh | Action::Why | Action::NextPane => true,
            Action::TogglePause | Action::Filter | Action::Copy | Action::NextSort => !narrow,
            Action::NextServer | Action::Undo => wide && hint.ready,
            _ => false,
        },
        Scope::Events => match action {
            Action::NextMatch | Action::WholeEvent => true,
            Action::HoldEvents => !narrow,
            _ => false,
        },
        Scope::Why => match action {
            Action::Fix | Action::CopyPane | Action::NextTab => true,
            Action::Down => !narrow,
            _ => false,
        },
        _ => false,
    };
    match action {
        _ if leads_on => 0,
        _ if is_asked_for => 1,
        Action::Quit if among_accounts => 2,
        // The way out; where a step back undoes something first, that is named before it.
        Action::NextPane if scope == Scope::Events && (wide || events::narrowed(state).is_none()) => 2,
        Action::Priority | Action::Endpoint | Action::ReadUsage | Action::ClearLimit | Action::Undo => 4,
        _ => 3,
    }
}
