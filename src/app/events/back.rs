//! What stands between the pane and everything that it could show, and the way back from it.

use crate::app::State;

/// What a step back undoes. One at a time: whoever goes back too far has lost what it took to get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Narrowed {
    /// The view is held.
    Held,
    /// A search stands, perhaps with only what matches.
    Searched,
    /// Only the events of one account are shown.
    OneAccount,
    /// Only the events since then are shown.
    Cleared,
}

/// What the next step back undoes; none where the pane follows and shows everything.
pub(crate) fn narrowed(state: &State) -> Option<Narrowed> {
    let lens = &state.events.lens;
    if state.events.is_held() {
        Some(Narrowed::Held)
    } else if lens.needle.is_some() {
        Some(Narrowed::Searched)
    } else if lens.only.is_some() {
        Some(Narrowed::OneAccount)
    } else {
        lens.cleared.map(|_| Narrowed::Cleared)
    }
}

/// Undoes it. False where there is nothing to undo.
pub(crate) fn back(state: &mut State) -> bool {
    let narrowed = narrowed(state);
    match narrowed {
        Some(Narrowed::Held) => super::follow(state),
        Some(Narrowed::Searched) => super::end_search(state),
        Some(Narrowed::OneAccount) => super::toggle_account(state),
        Some(Narrowed::Cleared) => super::toggle_clear(state),
        None => {}
    }
    narrowed.is_some()
}
