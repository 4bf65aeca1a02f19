//! What is said beside a filter that is typed: how many accounts it matches, what could stand in a term's place, the terms.

use ratatui::layout::Rect;

use super::canvas::{Canvas, columns};
use super::frame::{self, Frame, Part};
use super::theme::Theme;
use crate::app::{Prompt, State, TERMS};

/// So many candidates are more than a line holds.
const MOST_OFFERED: usize = 16;
/// So many candidates go before how to end the line.
const OFFERED_WITH_KEYS: usize = 3;

/// What is said beside the line, each shorter than the one before it.
pub(super) fn hints(state: &State, prompt: &Prompt, theme: &Theme) -> Vec<Vec<Part>> {
    let mute = theme.mute();
    let count = state.accounts.shown_len();
    let matches = (format!("{count} match"), if count == 0 { theme.warn() } else { theme.text() });
    let offered = &prompt.typing.offered.candidates;
    let back = if prompt.before.is_empty() { "clear" } else { "back" };
    let keys = format!("  enter keep  esc {back}  ? terms");
    if !offered.is_empty() {
        let tab = ("tab".to_owned(), mute);
        // Of several values the term that all of them belong to stands in the line already.
        let value = |candidate: &str| match candidate.split_once(':') {
            Some((_, value)) if offered.len() > 1 && !value.is_empty() => value.to_owned(),
            _ => candidate.to_owned(),
        };
        let word = |(i, candidate): (usize, &String)| -> Part {
            let style = if prompt.typing.picked == Some(i) { theme.strong() } else { theme.text() };
            (format!(" {}", value(candidate)), style)
        };
        // Of a long list those from the picked one on are of use.
        let from = prompt.typing.picked.unwrap_or(0);
        let some = |most: usize| -> Vec<Part> {
            let first = if most < offered.len() { from } else { 0 };
            let words = offered.iter().enumerate().skip(first).take(most).map(word);
            let more = (most < offered.len()).then(|| (format!(" {}", theme.glyph().more), mute));
            [tab.clone()].into_iter().chain(words).chain(more).collect()
        };
        let most = offered.len().min(MOST_OFFERED);
        let lists: Vec<Vec<Part>> = (1..=most).rev().map(some).collect();
        let counted = |list: Vec<Part>| -> Vec<Part> {
            [matches.clone(), ("  ".to_owned(), mute)].into_iter().chain(list).collect()
        };
        // How to end it goes before a long list.
        let ended = (OFFERED_WITH_KEYS.min(most)..=most).rev().map(|most| {
            let mut parts = counted(some(most));
            parts.push((keys.clone(), mute));
            parts
        });
        return ended
            .chain(lists.first().cloned().map(counted))
            .chain(lists.iter().cloned())
            .chain([vec![matches.clone()]])
            .collect();
    }
    vec![
        vec![matches.clone(), (keys, mute)],
        vec![matches.clone(), ("  ? terms".to_owned(), mute)],
        vec![matches],
    ]
}

/// Draws the terms at the bottom of `canvas`, so that the table stays in sight above them where there is room.
pub(super) fn terms(canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let rows = u16::try_from(TERMS.len()).unwrap_or(u16::MAX);
    let example = TERMS.iter().map(|t| columns(t.example)).max().unwrap_or(0);
    let meaning = TERMS.iter().map(|t| columns(t.meaning)).max().unwrap_or(0);
    let width = (example + 2 + meaning + 4).min(canvas.width());
    let boxed = rows + 2 <= canvas.height();
    let height = if boxed { rows + 2 } else { canvas.height() };
    // What is left of the lines beside so low a list would be no more than ends of words.
    let cleared = if boxed { width } else { canvas.width() };
    canvas.clear(Rect::new(0, canvas.height() - height, cleared, height));
    let mut part = canvas.part(Rect::new(0, canvas.height() - height, width, height));
    let mut inner = if boxed {
        let right = vec![("? closes".to_owned(), theme.text())];
        let frame = Frame { title: "Terms".to_owned(), right, focused: true, ..Frame::default() };
        frame::draw(&mut part, &frame)
    } else {
        part.part(Rect::new(0, 0, width, height))
    };
    for (y, term) in (0..inner.height()).zip(TERMS) {
        inner.put_fit(1, y, example, term.example, theme.strong());
        let room = inner.width().saturating_sub(example + 3);
        inner.put_fit(1 + example + 2, y, room, term.meaning, theme.text());
    }
}
