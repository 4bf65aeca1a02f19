//! The command line: every action by name, with the keys that it has.

use super::availability::{Availability, availability};
use super::line::{Edit, Line};
use super::msg::Effect;
use super::notice::Notice;
use super::state::{Dialog, Pane};
use super::{State, input, panes};
use crate::keymap::{Action, Bound, Chord, Code, Scope, find};

/// A command that is being typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Palette {
    /// What is typed so far.
    pub line: Line,
    /// Which of [`commands`] would be done.
    pub chosen: usize,
}

/// The commands that what is typed may mean, the likeliest first: those of the pane that has the keys go before the others'.
pub fn commands<'s>(state: &'s State, typed: &str) -> Vec<&'s Bound> {
    let here = scope_of(state.focus);
    let rank = |b: &Bound| match b.scope {
        s if s == here => 0,
        Scope::Anywhere => 1,
        _ => 2,
    };
    let all = state.keymap().lines().iter();
    let mut all: Vec<&Bound> =
        all.filter(|b| is_command(b) && availability(b.action, state) != Availability::Absent).collect();
    all.sort_by_key(|b| rank(b));
    let mut seen = Vec::new();
    all.retain(|b| {
        let new = !seen.contains(&b.action);
        seen.push(b.action);
        new
    });
    find(all, typed)
}

/// What can be done by name: what a dialog asks of one line, and this very line, cannot.
fn is_command(b: &Bound) -> bool {
    let of_pane = matches!(b.scope, Scope::Accounts | Scope::Why | Scope::Events | Scope::Anywhere);
    let of_account = matches!(b.scope, Scope::Copy | Scope::Failed);
    let of_columns = matches!(b.action, Action::AllColumns | Action::CopyColumns);
    (of_pane || of_account || of_columns) && !matches!(b.action, Action::Palette | Action::Back)
}

fn scope_of(pane: Pane) -> Scope {
    match pane {
        Pane::Accounts => Scope::Accounts,
        Pane::Why => Scope::Why,
        Pane::Events => Scope::Events,
    }
}

/// Opens the command line.
pub(crate) fn open(state: &mut State) -> Vec<Effect> {
    state.notice = None;
    state.dialog = Some(Dialog::Palette(Palette::default()));
    Vec::new()
}

/// A key while the command line is open.
pub(crate) fn key(state: &mut State, mut palette: Palette, chord: Chord) -> Vec<Effect> {
    let count = commands(state, palette.line.text()).len();
    let turn = |by: usize| if count == 0 { 0 } else { (palette.chosen + by) % count };
    match (chord.code, chord.ctrl) {
        (Code::Esc, _) | (Code::Char('c' | 'g'), true) => return Vec::new(),
        (Code::Backspace, false) if palette.line.text().is_empty() => return Vec::new(),
        (Code::Enter, _) => return run(state, &palette),
        (Code::Down | Code::Tab, _) | (Code::Char('n'), true) => palette.chosen = turn(1),
        (Code::Up | Code::BackTab, _) | (Code::Char('p'), true) => palette.chosen = turn(count.max(1) - 1),
        _ => {
            if palette.line.key(chord) == Edit::Changed {
                palette.chosen = 0;
            }
        }
    }
    state.dialog = Some(Dialog::Palette(palette));
    Vec::new()
}

/// Text was pasted into the command line.
pub(crate) fn pasted(state: &mut State, mut palette: Palette, text: &str) -> Vec<Effect> {
    palette.line.paste(text);
    palette.chosen = 0;
    state.dialog = Some(Dialog::Palette(palette));
    Vec::new()
}

/// Does the chosen command. What belongs to another pane is done there.
fn run(state: &mut State, palette: &Palette) -> Vec<Effect> {
    let commands = commands(state, palette.line.text());
    let Some(Bound { action, scope, .. }) = commands.get(palette.chosen) else {
        let text = format!("no command is called `{}`", palette.line.text());
        state.notice = Some(Notice::quiet(state.now, &text));
        return Vec::new();
    };
    let (action, scope) = (*action, *scope);
    match availability(action, state) {
        Availability::Ready => {}
        Availability::Blocked(why) => {
            state.notice = Some(Notice::quiet(state.now, &why));
            return Vec::new();
        }
        Availability::Absent => return Vec::new(),
    }
    let pane = match scope {
        Scope::Accounts => Some(Pane::Accounts),
        Scope::Why => Some(Pane::Why),
        Scope::Events => Some(Pane::Events),
        _ => None,
    };
    if let Some(pane) = pane.filter(|pane| *pane != state.focus) {
        panes::focus(state, pane);
    }
    input::act_by_name(state, action)
}
