//! The keys of the events pane, and of an event that is shown whole.

use super::Way;
use crate::app::msg::Effect;
use crate::app::prompt::{self, Ask};
use crate::app::state::Dialog;
use crate::app::{State, event};
use crate::keymap::Action;

/// Does what is meant. None of it asks the server for anything.
pub(crate) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Search => {
            let text = state.events.lens.needle.as_ref().map_or_else(String::new, |n| n.text().to_owned());
            return prompt::open(state, Ask::Search, &text);
        }
        Action::OnlyMatches => {
            super::toggle_matching(state);
            if state.events.lens.matching && state.events.lens.needle.is_none() {
                return prompt::open(state, Ask::Search, "");
            }
        }
        Action::Level => super::next_level(state),
        Action::HoldEvents => super::toggle_hold(state),
        Action::WholeEvent => event::open(state),
        Action::NextMatch => super::seek_match(state, Way::Older),
        Action::PreviousMatch => super::seek_match(state, Way::Newer),
        Action::NextError => super::seek_error(state, Way::Older),
        Action::PreviousError => super::seek_error(state, Way::Newer),
        Action::OnlyAccount => super::toggle_account(state),
        Action::ClearEvents => super::toggle_clear(state),
        Action::Wrap => match &mut state.dialog {
            Some(Dialog::Event(opened)) => event::toggle_wrap(opened),
            _ => super::toggle_wrap(state),
        },
        Action::Left => sideways(state, -1),
        Action::Right => sideways(state, 1),
        _ => {}
    }
    Vec::new()
}

fn sideways(state: &mut State, steps: isize) {
    match &mut state.dialog {
        Some(Dialog::Event(opened)) => event::sideways(opened, steps),
        _ => super::sideways(state, steps),
    }
}
