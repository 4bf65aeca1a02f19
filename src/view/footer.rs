//! The line at the bottom: the keys that mean something here, or what was said last.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, columns};
use super::text;
use crate::app::{Hint, State, Tone, hints, lead};
use crate::keymap::Scope;

/// How many lines a notice may take, upwards from the footer.
const MOST_LINES: u16 = 3;

/// The scope of the keys that the footer and the help show: that of the pane, whatever lies over it.
pub(super) fn pane_scope(state: &State) -> Scope {
    use crate::app::Pane;
    match state.focus {
        Pane::Accounts => Scope::Accounts,
        Pane::Why => Scope::Why,
        Pane::Events => Scope::Events,
    }
}

/// Draws the keys of the current scope, as many as fit.
pub(super) fn render(state: &State, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    canvas.put(1, 0, &lead(state, canvas.width()), theme.you());
    for Hint { x, bound, word: does, ready, .. } in hints(state, canvas.width()) {
        let (key, word) = if ready { (theme.strong(), theme.text()) } else { (theme.mute(), theme.mute()) };
        let end = canvas.put(x, 0, bound.key(), key);
        canvas.put(end + 1, 0, does, word);
    }
}

/// The screen stands still.
pub(super) fn frozen(canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let all = ["frozen, so that text can be selected: any key resumes", "frozen: any key resumes"];
    let room = canvas.width().saturating_sub(2);
    let words = all.into_iter().find(|words| columns(words) <= room).unwrap_or("frozen");
    canvas.put_fit(1, 0, room, words, theme.you());
}

/// What was said last takes the footer's place; where it is too long for one line it grows upwards over the end of the
/// events, never over the accounts, which end at line `floor`.
pub(super) fn notice(state: &State, floor: u16, canvas: &mut Canvas<'_>) -> bool {
    let Some(notice) = &state.notice else { return false };
    let theme = canvas.theme();
    let (mark, style): (&str, Style) = match notice.tone {
        Tone::Done => (theme.glyph().yes, theme.ok()),
        Tone::Quiet | Tone::News => (theme.glyph().dot, theme.text()),
        Tone::Alarm => (theme.glyph().no, theme.bad()),
    };
    let room = canvas.width().saturating_sub(4);
    let said = state.shown_text(notice.text.as_str());
    let mut lines = text::wrap(&said, usize::from(room));
    let most = MOST_LINES.min(canvas.height().saturating_sub(floor)).max(1);
    if lines.len() > usize::from(most) {
        let rest = lines.split_off(usize::from(most) - 1).join(" ");
        lines.push(text::fit(&rest, usize::from(room), theme.glyph().more).into_owned());
    }
    let height = u16::try_from(lines.len()).unwrap_or(1).max(1);
    let top = canvas.height().saturating_sub(height);
    let lines_at = Rect::new(0, top, canvas.width(), height);
    canvas.clear(lines_at);
    let mut part = canvas.part(lines_at);
    part.put(1, 0, mark, style);
    for (y, line) in (0u16..).zip(&lines) {
        part.put(3, y, line, style);
    }
    true
}
