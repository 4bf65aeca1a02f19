//! The mouse: what lies under it, by the same places in which it was drawn.

use ratatui::layout::{Position, Rect};

use super::hints::hints;
use super::input::{Step, go, go_in, perform};
use super::msg::Effect;
use super::state::{Dialog, Pane};
use super::switch::Press;
use super::{Sort, SortBy, State, accounts, choose, panes, table};
use crate::keymap::Action;
use crate::layout::columns::Column;
use crate::layout::{Regions, Shape};

/// How many lines the wheel goes at once.
const WHEEL: isize = 3;

/// What is done with the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gesture {
    /// The first button is pressed.
    Click,
    /// The wheel goes up.
    WheelUp,
    /// The wheel goes down.
    WheelDown,
}

/// The mouse was used at a place of the screen.
pub(crate) fn used(state: &mut State, gesture: Gesture, at: Position) -> Vec<Effect> {
    let regions = state.regions();
    if regions.shape == Shape::Tight || state.display.frozen {
        return Vec::new(); // nothing could be seen of it
    }
    let step = match gesture {
        Gesture::Click => return clicked(state, regions, at),
        Gesture::WheelUp => Step::Lines(-WHEEL),
        Gesture::WheelDown => Step::Lines(WHEEL),
    };
    match (&state.dialog, pane_at(regions, at)) {
        (Some(Dialog::Help(_) | Dialog::Columns(_)), _) => go(state, step),
        (None, Some(pane)) => go_in(state, pane, step),
        _ => Vec::new(),
    }
}

/// What lies over the panes takes clicks only on the keys that the bottom line names for it.
fn clicked(state: &mut State, regions: Regions, at: Position) -> Vec<Effect> {
    if matches!(state.dialog, Some(Dialog::Prompt(_) | Dialog::Palette(_))) {
        return Vec::new();
    }
    if regions.footer.contains(at) {
        return bottom(state, at.x);
    }
    if matches!(state.dialog, Some(Dialog::Columns(_))) {
        let list = regions.column_list();
        let hit = list.contains(at);
        return if hit { choose::clicked(state, at.y - list.y, list.height) } else { Vec::new() };
    }
    if state.dialog.is_some() {
        return Vec::new();
    }
    let Some(pane) = pane_at(regions, at) else { return Vec::new() };
    if pane != Pane::Accounts {
        return panes::focus(state, pane);
    }
    state.focus = pane;
    account(state, regions, at)
}

/// A click on the bottom line: on a key's hint it is that key, on a notice it has been read.
fn bottom(state: &mut State, x: u16) -> Vec<Effect> {
    let small = state.regions().shape == Shape::Compact;
    // A small screen has no other place for a change that failed, unless a dialog has it.
    let covered = small && state.dialog.is_none();
    if state.notice.take().is_some() || (covered && state.failed.take().is_some()) {
        return Vec::new();
    }
    let hit = hints(state, state.size.width).into_iter().find(|h| (h.x..h.x + h.width).contains(&x));
    match hit.map(|h| h.bound.action) {
        Some(action) => perform(state, action, Press::Clear),
        None => Vec::new(),
    }
}

/// A click among the accounts selects, and on a switch it switches, by the rules of the switch's key. On a column's name it sorts by
/// that column, and once more the other way round.
fn account(state: &mut State, regions: Regions, at: Position) -> Vec<Effect> {
    let mut rows = regions.account_lines();
    let mut heads = Rect { y: rows.y.saturating_sub(1), height: 1, ..rows };
    if regions.has_heads_only_on_later_pages() {
        heads = Rect { height: u16::from(state.page() > 0), ..rows };
        rows = Rect { y: rows.y + heads.height, height: rows.height.saturating_sub(heads.height), ..rows };
    }
    let column = state.columns_of(regions.columns()).at(state.page(), at.x.saturating_sub(rows.x));
    if state.accounts.shown_len() == 0 {
        return Vec::new(); // what stands there instead has no columns
    }
    if heads.contains(at) {
        if let Some(by) = column.and_then(SortBy::of) {
            let sort = state.accounts.table.sort;
            table::sort(state, if sort.by == by { sort.flipped() } else { Sort::by(by) });
        }
        return Vec::new();
    }
    let row = state.accounts.offset + usize::from(at.y.saturating_sub(rows.y));
    if !rows.contains(at) || row >= state.accounts.shown_len() {
        return Vec::new();
    }
    accounts::select(state, row);
    match column {
        Some(Column::Auto) => perform(state, Action::ToggleAutoRefresh, Press::Clear),
        Some(Column::Fallback) => perform(state, Action::ToggleAutoFallback, Press::Clear),
        _ => Vec::new(),
    }
}

fn pane_at(regions: Regions, at: Position) -> Option<Pane> {
    let panes =
        [(regions.accounts, Pane::Accounts), (regions.why, Pane::Why), (regions.events, Pane::Events)];
    panes.into_iter().find(|(region, _)| region.contains(at)).map(|(_, pane)| pane)
}
