//! A line to be typed at the bottom of the screen: what it is for, and what becomes of it.
//!
//! A prompt takes every key; what its text means is its subject's business.

use super::State;
use super::amend;
use super::filtering::{self, Own, Typing};
use super::line::{Edit, Line};
use super::msg::Effect;
use super::notice::Notice;
use super::state::Dialog;
use crate::keymap::{Chord, Code};
use crate::model::{AccountId, Matter};

/// What a line is typed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Which accounts are shown.
    Filter,
    /// An account's priority.
    Priority(AccountId),
    /// An account's endpoint.
    Endpoint(AccountId),
    /// What is searched for among the events.
    Search,
}

/// A line that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What for.
    pub ask: Ask,
    /// What is typed so far.
    pub line: Line,
    /// What stood there before: `esc` goes back to it.
    pub before: String,
    /// What is wrong with the text so far.
    pub fault: Option<String>,
    /// What goes with a filter while it is typed.
    pub typing: Typing,
}

/// Opens a prompt with this text in it.
pub(crate) fn open(state: &mut State, ask: Ask, text: &str) -> Vec<Effect> {
    let prompt = Prompt {
        ask,
        line: Line::new(text),
        before: text.to_owned(),
        fault: None,
        typing: Typing::default(),
    };
    state.notice = None;
    state.dialog = Some(Dialog::Prompt(prompt));
    Vec::new()
}

/// A key while a prompt is open.
pub(crate) fn key(state: &mut State, chord: Chord) -> Vec<Effect> {
    let Some(Dialog::Prompt(mut prompt)) = state.dialog.take() else { return Vec::new() };
    if prompt.ask == Ask::Filter && filtering::key(state, &mut prompt, chord) == Own::Yes {
        state.dialog = Some(Dialog::Prompt(prompt));
        return Vec::new();
    }
    let effects = match (chord.code, chord.ctrl) {
        (Code::Esc, _) | (Code::Char('c' | 'g'), true) => return abandon(state, &prompt),
        (Code::Enter, _) => match accept(state, &prompt) {
            Ok(effects) => return effects,
            Err(fault) => {
                prompt.fault = Some(fault);
                Vec::new()
            }
        },
        (Code::Tab, _) if prompt.ask == Ask::Search => {
            super::events::toggle_matching(state);
            Vec::new()
        }
        (Code::Backspace, false) if prompt.line.text().is_empty() => return abandon(state, &prompt),
        _ => {
            if prompt.line.key(chord) == Edit::Changed {
                changed(state, &mut prompt);
            }
            Vec::new()
        }
    };
    state.dialog = Some(Dialog::Prompt(prompt));
    effects
}

/// Text was pasted while a prompt is open.
pub(crate) fn pasted(state: &mut State, text: &str) -> Vec<Effect> {
    let Some(Dialog::Prompt(mut prompt)) = state.dialog.take() else { return Vec::new() };
    if prompt.line.paste(text) == Edit::Changed {
        changed(state, &mut prompt);
    }
    state.dialog = Some(Dialog::Prompt(prompt));
    Vec::new()
}

/// The text is another one: what can be shown of it at once is.
fn changed(state: &mut State, prompt: &mut Prompt) {
    prompt.fault = None;
    match &prompt.ask {
        Ask::Filter => filtering::changed(state, prompt),
        Ask::Search => super::events::search(state, prompt.line.text()),
        Ask::Priority(_) | Ask::Endpoint(_) => {}
    }
}

/// The text is as it is to be. The error keeps the prompt open.
fn accept(state: &mut State, prompt: &Prompt) -> Result<Vec<Effect>, String> {
    match &prompt.ask {
        Ask::Filter => filtering::accept(state, prompt.line.text())?,
        Ask::Search if prompt.line.text().is_empty() => super::events::end_search(state),
        Ask::Search => super::events::search(state, prompt.line.text()),
        Ask::Priority(id) => return amend::typed(state, id, Matter::Priority, prompt.line.text()),
        Ask::Endpoint(id) => return amend::typed(state, id, Matter::Endpoint, prompt.line.text()),
    }
    Ok(Vec::new())
}

/// All is as it was before.
fn abandon(state: &mut State, prompt: &Prompt) -> Vec<Effect> {
    match prompt.ask {
        Ask::Filter => filtering::abandon(state, &prompt.before),
        Ask::Search => super::events::end_search(state),
        Ask::Priority(_) | Ask::Endpoint(_) => {}
    }
    state.notice = None::<Notice>;
    Vec::new()
}
