//! Which panes are seen: all of them, one alone, or the details in the events' place.

use super::details::Tab;
use super::msg::Effect;
use super::state::{Pane, State};
use super::{accounts, details};
use crate::layout::{Regions, Shape};

/// The regions as they are divided up among the panes now.
///
/// A pane that has the keys fills the screen where that was asked for, and where it has no room of its own beside the accounts.
pub(crate) fn arranged(state: &State, regions: Regions) -> Regions {
    if state.accounts.rows().is_empty() && state.focus != Pane::Events {
        return regions; // what is said in the table's place needs the room
    }
    if state.zoomed || is_alone_anyway(state, regions) {
        return regions.alone(|r| match state.focus {
            Pane::Accounts => &mut r.accounts,
            Pane::Why => &mut r.why,
            Pane::Events => &mut r.events,
        });
    }
    let is_open = state.details.is_open();
    let told = match state.focus {
        // Beside the table they are in sight whichever pane has the keys, and nothing moves when another one gets them.
        _ if regions.shape == Shape::Wide => is_open,
        Pane::Why => true,
        Pane::Accounts => is_open,
        Pane::Events => false,
    };
    if told { regions.with_details() } else { regions }
}

/// True where the pane that has the keys has no room beside the accounts.
fn is_alone_anyway(state: &State, regions: Regions) -> bool {
    regions.shape == Shape::Compact && state.focus != Pane::Accounts
}

/// True where the pane that has the keys fills the screen because that was asked for, and not for want of room.
pub(crate) fn is_zoomed(state: &State) -> bool {
    state.zoomed && !is_alone_anyway(state, state.regions())
}

/// Gives the keys to a pane.
pub(crate) fn focus(state: &mut State, pane: Pane) -> Vec<Effect> {
    state.focus = pane;
    accounts::scroll_to_selection(state);
    Vec::new()
}

/// Gives the keys to the pane that is so many steps further.
pub(crate) fn step(state: &mut State, steps: usize) -> Vec<Effect> {
    const ORDER: [Pane; 3] = [Pane::Accounts, Pane::Why, Pane::Events];
    let here = ORDER.iter().position(|p| *p == state.focus).unwrap_or(0);
    focus(state, ORDER.get((here + steps) % ORDER.len()).copied().unwrap_or(Pane::Accounts))
}

/// The pane that has the keys fills the screen, or has its own place again.
pub(crate) fn zoom(state: &mut State) -> Vec<Effect> {
    state.zoomed = !state.zoomed;
    focus(state, state.focus)
}

/// One step back among the panes: to the accounts, then out of the details.
pub(crate) fn back(state: &mut State) -> Vec<Effect> {
    if state.focus == Pane::Accounts {
        return details::show(state, Tab::Why);
    }
    state.zoomed = false;
    focus(state, Pane::Accounts)
}
