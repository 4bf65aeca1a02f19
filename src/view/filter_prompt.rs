//! What is said beside a filter that is typed: how many accounts it matches, what could stand in a term's place, the terms.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, columns};
use super::frame::{self, Frame, Part};
use super::theme::Theme;
use crate::app::{Prompt, State, TERMS};

/// What is said beside the line, each shorter than the one before it.
pub(super) fn hints(state: &State, prompt: &Prompt, theme: &Theme) -> Vec<Vec<Part>> {
    let mute = theme.mute();
    let count = state.accounts.shown_len();
    let matches = (format!("{count} match"), if count == 0 { theme.warn() } else { theme.text() });
    let offered = &prompt.typing.offered.candidates;
    if !offered.is_empty() {
        let mut words: Vec<Part> = vec![("tab".to_owned(), mute)];
        for (i, candidate) in offered.iter().enumerate() {
            let style: Style = if prompt.typing.picked == Some(i) { theme.strong() } else { theme.text() };
            words.push((format!(" {}", state.shown_text(candidate)), style));
        }
        let gap = ("  ".to_owned(), mute);
        let all: Vec<Part> = [matches.clone(), gap.clone()].into_iter().chain(words.clone()).collect();
        // Of a long list those from the picked one on are of use.
        let from = prompt.typing.picked.unwrap_or(0);
        let few = |most: usize| -> Vec<Part> {
            let some = words.iter().skip(1 + from).take(most);
            let rest = offered.len().saturating_sub(most);
            let more = (rest > 0).then(|| (format!(" {}", theme.glyph().more), mute));
            words.iter().take(1).chain(some).cloned().chain(more).collect()
        };
        return vec![all, words.clone(), few(4), few(2), few(1), vec![matches]];
    }
    let back = if prompt.before.is_empty() { "clear" } else { "back" };
    vec![
        vec![matches.clone(), (format!("  enter keep  esc {back}  ? terms"), mute)],
        vec![matches.clone(), ("  ? terms".to_owned(), mute)],
        vec![matches],
    ]
}

/// Draws the terms at the bottom of `canvas`, so that the table stays in sight above them.
pub(super) fn terms(canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let example = TERMS.iter().map(|t| columns(t.example)).max().unwrap_or(0);
    let meaning = TERMS.iter().map(|t| columns(t.meaning)).max().unwrap_or(0);
    let width = (example + 2 + meaning + 4).min(canvas.width());
    let height = u16::try_from(TERMS.len()).unwrap_or(u16::MAX).saturating_add(2).min(canvas.height());
    let at = Rect::new(0, canvas.height() - height, width, height);
    canvas.clear(at);
    let mut part = canvas.part(at);
    let right = vec![("? closes".to_owned(), theme.text())];
    let frame = Frame { title: "Terms".to_owned(), right, focused: true, ..Frame::default() };
    let mut inner = frame::draw(&mut part, &frame);
    for (y, term) in (0..inner.height()).zip(TERMS) {
        inner.put_fit(1, y, example, term.example, theme.strong());
        let room = inner.width().saturating_sub(example + 4);
        inner.put_fit(1 + example + 2, y, room, term.meaning, theme.text());
    }
}
