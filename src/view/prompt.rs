//! The line that is being typed, in the footer's place.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::canvas::{Canvas, columns};
use super::text;
use crate::app::{Ask, Prompt, State};
use crate::model::AccountId;

/// Draws the line, its cursor, and what is to be said of it. False where there was no room for that.
pub(super) fn render(state: &State, prompt: &Prompt, canvas: &mut Canvas<'_>) -> bool {
    let theme = canvas.theme();
    let (sign, keys) = match &prompt.ask {
        Ask::Filter => ("/".to_owned(), "enter keep  esc clear"),
        Ask::Priority(id) => (subject(state, "priority", id), "0-100, lower first  enter set  esc leave"),
        Ask::Endpoint(id) => (subject(state, "endpoint", id), "none clears  enter set  esc leave"),
    };
    let (hint, style) = match &prompt.fault {
        Some(fault) => (fault.clone(), theme.bad()),
        None => (keys.to_owned(), theme.mute()),
    };
    let width = canvas.width();
    let x = canvas.put(1, 0, &sign, theme.strong()) + 1;
    let (before, behind) = prompt.line.halves();
    // What is typed is never cut for what is said of it.
    let said = columns(&hint) + 3;
    let typed = columns(before).saturating_add(columns(behind)).saturating_add(x + 2);
    let fits = typed.saturating_add(said) <= width;
    let room = if fits { width - said } else { width };
    let free = room.saturating_sub(x + 2);
    // What is before the cursor is cut at its beginning, so that the cursor is always in sight.
    let mut start = before;
    while columns(start) > free {
        let mut rest = start.chars();
        rest.next();
        start = rest.as_str();
    }
    let x = canvas.put(x, 0, start, theme.text());
    let under = behind.chars().next().map_or_else(|| " ".to_owned(), String::from);
    let end = canvas.put(x, 0, &under, theme.text().add_modifier(Modifier::REVERSED));
    let rest: String = behind.chars().skip(1).collect();
    canvas.put_fit(end, 0, room.saturating_sub(end + 1), &rest, theme.text());
    if fits {
        canvas.put_right(room, 0, said - 1, &hint, style);
    }
    fits
}

/// Draws what is wrong with the text above line `y`, where it had no room beside it.
pub(super) fn fault(prompt: &Prompt, y: u16, screen: &mut Canvas<'_>) {
    let Some(fault) = &prompt.fault else { return };
    let theme = screen.theme();
    let lines = text::wrap(fault, usize::from(screen.width().saturating_sub(4)));
    let top = y.saturating_sub(u16::try_from(lines.len()).unwrap_or(y));
    screen.clear(Rect::new(0, top, screen.width(), y - top));
    screen.put(1, top, theme.glyph().no, theme.bad());
    for (y, line) in (top..y).zip(&lines) {
        screen.put(3, y, line, theme.bad());
    }
}

/// `priority of team-a:`, with the name cut where it is long.
fn subject(state: &State, what: &str, id: &AccountId) -> String {
    let name = state.accounts.get(id).map_or_else(|| id.to_plain(), |a| a.name.clone());
    format!("{what} of {}:", text::fit(name.as_str(), 16, "~"))
}
