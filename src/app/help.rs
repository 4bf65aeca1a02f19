//! The help: a line that searches it, and how far it is scrolled.

use super::line::{Edit, Line};
use super::msg::Effect;
use super::state::Dialog;
use super::{State, input};
use crate::keymap::{Action, Chord, Code, Scope, resolve};

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
    let action = resolve(Scope::Help, chord);
    match action {
        Some(Action::Back) if blank => return Vec::new(),
        Some(Action::Back) if !typed => help = Help::default(),
        // What edits a line does so where there is something to edit.
        Some(action) if !typed && (blank || !chord.ctrl) && input::is_step(action) => {
            let most = crate::view::help_overflow(state, &help);
            help.scroll = input::scrolled(help.scroll, most, action, usize::from(state.size.height / 2));
        }
        Some(
            action @ (Action::Quit
            | Action::Suspend
            | Action::Redraw
            | Action::NextPane
            | Action::PreviousPane),
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

/// Text was pasted into the search line.
pub(crate) fn pasted(state: &mut State, mut help: Help, text: &str) -> Vec<Effect> {
    help.line.paste(text);
    help.scroll = 0;
    state.dialog = Some(Dialog::Help(help));
    Vec::new()
}
