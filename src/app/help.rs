//! The help: a line that searches it, and how far it is scrolled.

use super::input::Step;
use super::line::{Edit, Line};
use super::msg::Effect;
use super::state::Dialog;
use super::{State, input};
use crate::keymap::{Action, Chord, Code, Scope};

/// The help while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Help {
    /// What is searched for; everything is shown where it is empty.
    pub line: Line,
    /// How many lines are scrolled off the top.
    pub scroll: u16,
}

/// A key while the help is open: what can be typed searches, all else is as everywhere.
pub(crate) fn key(state: &mut State, mut help: Help, chord: Chord) -> Vec<Effect> {
    let typed = matches!(chord.code, Code::Char(_)) && !chord.ctrl && !chord.alt;
    let blank = help.line.text().is_empty();
    let action = state.keymap().resolve(Scope::Help, chord);
    let step = action.and_then(input::step_of);
    match (action, step) {
        (Some(Action::CloseHelp | Action::Back), _) if blank => return Vec::new(),
        (Some(Action::CloseHelp | Action::Back), _) if !typed => help = Help::default(),
        // What edits a line does so where there is something to edit.
        (_, Some(step)) if !typed && (blank || !chord.ctrl) => help.scroll = scrolled(state, &help, step),
        (
            Some(
                action @ (Action::Quit
                | Action::Suspend
                | Action::Redraw
                | Action::NextPane
                | Action::PreviousPane),
            ),
            _,
        ) if !typed => {
            help.scroll = 0;
            state.dialog = Some(Dialog::Help(help));
            return input::act_by_name(state, action);
        }
        _ => {
            if help.line.key(chord) == Edit::Changed {
                help.scroll = 0;
            }
        }
    }
    state.dialog = Some(Dialog::Help(help));
    Vec::new()
}

/// Where the help stands after a movement.
pub(crate) fn scrolled(state: &State, help: &Help, step: Step) -> u16 {
    let most = crate::view::help_overflow(state, help);
    input::scrolled(help.scroll, most, step, usize::from(state.size.height / 2))
}

/// Text was pasted into the search line.
pub(crate) fn pasted(state: &mut State, mut help: Help, text: &str) -> Vec<Effect> {
    help.line.paste(text);
    help.scroll = 0;
    state.dialog = Some(Dialog::Help(help));
    Vec::new()
}
