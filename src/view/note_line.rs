//! One line of the events pane that is not the server's: its parts in the columns that records have.

use super::canvas::Canvas;
use super::event_line::{Look, NEAR, Widths};
use super::notes::{self, Told};
use super::{text, when};
use crate::app::State;
use crate::app::logs::Note;

/// Where its words begin.
pub(super) fn start(note: &Note, w: Widths) -> u16 {
    let account = 1 + w.time + 2 + w.level + 2;
    if note.account.is_blank() { account } else { account + w.account + 2 }
}

/// When, whose, about whom: of what is not the server's, in the same columns.
pub(super) fn heads(state: &State, note: &Note, told: &Told, look: Look, w: Widths, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let at = when::past(note.at, state.server_second(), state.zone);
    canvas.put_right(1, 0, w.time, &at, look.over(theme.mute(), theme));
    let level = 1 + w.time + 2;
    canvas.put_fit(level, 0, w.level, told.level, told.level_style);
    let account = level + w.level + 2;
    canvas.put_fit(account, 0, w.account, &state.shown(&note.account), look.over(theme.text(), theme));
}

/// What is said, from column `start` on, as far as it is scrolled to the side.
pub(super) fn said(state: &State, told: &Told, look: Look, start: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let edge = canvas.width().saturating_sub(1);
    if state.events.left == 0 {
        told.draw(start, edge.min(start.saturating_add(told.columns().max(NEAR))), 0, canvas);
        return;
    }
    let whole = told.whole();
    let x = canvas.put(start, 0, theme.glyph().more, look.over(theme.mute(), theme));
    let rest = text::skip(&whole, state.events.left);
    canvas.put_fit(x, 0, edge.saturating_sub(x), rest, look.over(theme.text(), theme));
}

/// `14:00 Y client-b auto off ok`.
pub(super) fn compact(state: &State, note: &Note, look: Look, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let told = notes::told(note, state, theme).over(|style| look.over(style, theme));
    let over = |style| look.over(style, theme);
    let mut x = canvas.put(1, 0, &when::minutes(note.at, state.zone), over(theme.mute()));
    let initial: String = told.level.chars().take(1).collect();
    x = canvas.put(x + 1, 0, &initial, told.level_style) + 1;
    if !note.account.is_blank() {
        x = canvas.put_fit(x, 0, 12, &state.shown(&note.account), over(theme.text())) + 1;
    }
    let left = state.events.left;
    if left > 0 {
        x = canvas.put(x, 0, theme.glyph().more, over(theme.mute()));
    }
    let room = canvas.width().saturating_sub(x + 1);
    canvas.put_fit(x, 0, room, text::skip(&told.short(), left), over(theme.text()));
}
