//! The line that is being typed, in the footer's place.

use ratatui::style::Modifier;

use super::canvas::{Canvas, columns};
use crate::app::{Ask, Prompt, State};

/// Draws the line, its cursor, and what is to be said of it.
pub(super) fn render(_state: &State, prompt: &Prompt, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let sign = match prompt.ask {
        Ask::Filter => "/",
    };
    let (hint, style) = match &prompt.fault {
        Some(fault) => (fault.clone(), theme.bad()),
        None => ("enter keep  esc clear".to_owned(), theme.mute()),
    };
    typed(sign, &prompt.line, &hint, style, canvas);
}

/// Draws a line that is being typed behind its sign, its cursor, and what is to be said of it at the right.
pub(super) fn typed(
    sign: &str,
    line: &crate::app::Line,
    hint: &str,
    style: ratatui::style::Style,
    canvas: &mut Canvas<'_>,
) {
    let theme = canvas.theme();
    let width = canvas.width();
    // The line has at least half of the width; what is said of it leaves where there is no room.
    let said = columns(hint) + 3;
    let room = if said + 20 <= width { width - said } else { width };
    let x = canvas.put(1, 0, sign, theme.strong()) + 1;
    let (before, behind) = line.halves();
    let fits = room.saturating_sub(x + 2);
    // What is before the cursor is cut at its beginning, so that the cursor is always in sight.
    let mut start = before;
    while columns(start) > fits {
        let mut rest = start.chars();
        rest.next();
        start = rest.as_str();
    }
    let x = canvas.put(x, 0, start, theme.text());
    let under = behind.chars().next().map_or_else(|| " ".to_owned(), String::from);
    let end = canvas.put(x, 0, &under, theme.text().add_modifier(Modifier::REVERSED));
    let rest: String = behind.chars().skip(1).collect();
    canvas.put_fit(end, 0, room.saturating_sub(end + 1), &rest, theme.text());
    if room < width {
        canvas.put_right(room, 0, said - 1, hint, style);
    }
}
