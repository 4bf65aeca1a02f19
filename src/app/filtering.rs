//! The filter while it is typed: shown at once, completed, recalled, kept or given up.

use super::filter::{Completion, Filter, FilterError, complete};
use super::prompt::Prompt;
use super::{State, table};
use crate::keymap::{Chord, Code};

/// How many filters are remembered.
const MOST_PAST: usize = 50;

/// What goes with a filter while it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typing {
    /// What could stand in the place of the term that is begun.
    pub offered: Completion,
    /// Which of those stands there because of `tab`.
    pub picked: Option<usize>,
    /// The terms are shown.
    pub terms: bool,
    /// Which of the remembered filters stands there, counted from the newest.
    recalled: Option<usize>,
    /// What was typed before one was recalled.
    draft: String,
}

/// Whether a key was one of this prompt's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Own {
    Yes,
    No,
}

/// A key of the prompt's own: completion, the terms, filters from before.
pub(super) fn key(state: &mut State, prompt: &mut Prompt, chord: Chord) -> Own {
    match (chord.code, chord.ctrl, chord.alt) {
        (Code::Tab, false, false) => pick(state, prompt, true),
        (Code::BackTab, false, false) => pick(state, prompt, false),
        (Code::Up, false, false) | (Code::Char('p'), true, false) => recall(state, prompt, true),
        (Code::Down, false, false) | (Code::Char('n'), true, false) => recall(state, prompt, false),
        (Code::F(1), false, false) => prompt.typing.terms = !prompt.typing.terms,
        // No term begins so; in quotes it can be looked for.
        (Code::Char('?'), false, false) if begins_term(prompt.line.halves().0) => {
            prompt.typing.terms = !prompt.typing.terms;
        }
        (Code::Esc, ..) if prompt.typing.terms => prompt.typing.terms = false,
        _ => return Own::No,
    }
    Own::Yes
}

/// True where a term would begin behind `text`.
fn begins_term(text: &str) -> bool {
    let in_quotes = text.chars().filter(|c| *c == '"').count() % 2 == 1;
    !in_quotes && (text.is_empty() || text.ends_with(char::is_whitespace))
}

/// The text is another one: the table shows what it says so far.
pub(super) fn changed(state: &mut State, prompt: &mut Prompt) {
    prompt.typing.picked = None;
    prompt.typing.recalled = None;
    show(state, prompt);
}

fn show(state: &mut State, prompt: &mut Prompt) {
    offer(state, prompt);
    let text = prompt.line.text();
    prompt.fault = None;
    match text.parse::<Filter>() {
        Ok(filter) => {
            table::filter(state, filter);
            // `aut` is in no name, and `auto:` may come of it: the table does not go empty on the way there.
            if state.accounts.shown_len() == 0 && !prompt.typing.offered.candidates.is_empty() {
                table::filter(state, without_last(text));
            }
        }
        Err(why) if why.is_unfinished() => table::filter(state, without_last(text)),
        Err(why) => prompt.fault = Some(why.to_string()),
    }
}

/// What could stand in the place of the term before the cursor, where one is begun there.
fn offer(state: &State, prompt: &mut Prompt) {
    let (before, _) = prompt.line.halves();
    prompt.typing.offered =
        if begins_term(before) { Completion::default() } else { completion(state, before) };
}

fn completion(state: &State, before: &str) -> Completion {
    let mut completion = complete(before, state.accounts.rows().iter().map(|a| a.provider.as_str()));
    let begun = before.get(completion.start..).unwrap_or_default();
    completion.candidates.retain(|c| c != begun);
    completion
}

/// The filter of what stands before the last term.
fn without_last(mut text: &str) -> Filter {
    loop {
        let words = text.trim_end();
        let start = words.rfind(char::is_whitespace).unwrap_or(0);
        text = words.get(..start).unwrap_or_default();
        if let Ok(filter) = text.parse() {
            return filter;
        }
        if text.is_empty() {
            return Filter::default();
        }
    }
}

/// `tab`: what all candidates have in common, then one after another.
fn pick(state: &mut State, prompt: &mut Prompt, forward: bool) {
    let (before, _) = prompt.line.halves();
    if prompt.typing.picked.is_none() {
        let offered = completion(state, before);
        let begun = before.get(offered.start..).unwrap_or_default();
        let common = common(&offered.candidates);
        if common.len() > begun.len() {
            prompt.line.complete(offered.start, &common);
            changed(state, prompt);
            return;
        }
        prompt.typing.offered = offered;
    }
    let count = prompt.typing.offered.candidates.len();
    if count == 0 {
        return;
    }
    let next = match prompt.typing.picked {
        None if forward => 0,
        None => count - 1,
        Some(at) => (at + if forward { 1 } else { count - 1 }) % count,
    };
    let offered = std::mem::take(&mut prompt.typing.offered);
    if let Some(candidate) = offered.candidates.get(next) {
        prompt.line.complete(offered.start, candidate);
    }
    show(state, prompt);
    prompt.typing.offered = offered;
    prompt.typing.picked = Some(next);
}

/// What all of `words` begin with.
fn common(words: &[String]) -> String {
    let Some((first, rest)) = words.split_first() else { return String::new() };
    let agrees = |at: usize, c: char| rest.iter().all(|w| w.get(at..).is_some_and(|w| w.starts_with(c)));
    first.char_indices().take_while(|(at, c)| agrees(*at, *c)).map(|(_, c)| c).collect()
}

/// The filter that was kept before the one that stands there, or after it.
fn recall(state: &mut State, prompt: &mut Prompt, older: bool) {
    let past = &state.accounts.table.past;
    let to = match (prompt.typing.recalled, older) {
        (None, true) => Some(0),
        (Some(at), true) => Some(at + 1),
        (Some(at), false) => at.checked_sub(1),
        (None, false) => return,
    };
    let text = match to {
        None => prompt.typing.draft.clone(),
        Some(at) => match past.len().checked_sub(at + 1).and_then(|at| past.get(at)) {
            Some(text) => text.clone(),
            None => return, // there is no older one
        },
    };
    if prompt.typing.recalled.is_none() {
        prompt.typing.draft = prompt.line.text().to_owned();
    }
    prompt.line.set(&text);
    changed(state, prompt);
    prompt.typing.recalled = to;
}

/// The filter is as it is to be. The error says what is wrong with it, and nothing is changed.
pub(super) fn accept(state: &mut State, text: &str) -> Result<(), String> {
    let filter: Filter = text.parse().map_err(|why: FilterError| why.to_string())?;
    let text = filter.to_string();
    table::filter(state, filter);
    table::settle(state);
    if !text.is_empty() {
        let past = &mut state.accounts.table.past;
        past.retain(|old| *old != text);
        past.push(text);
        let over = past.len().saturating_sub(MOST_PAST);
        past.drain(..over);
    }
    Ok(())
}

/// The table is as it was before.
pub(super) fn abandon(state: &mut State, before: &str) {
    // What stood there was kept once, so it is one.
    table::filter(state, before.parse().unwrap_or_default());
    table::settle(state);
}
