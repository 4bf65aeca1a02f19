//! The line that is being typed, in the footer's place.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::canvas::{Canvas, columns};
use super::frame::Part;
use super::text;
use super::{events, filter_prompt};
use crate::app::{Ask, Line, Prompt, State};
use crate::model::AccountId;

/// The line keeps this many columns, whatever there is to be said of it.
const LEAST: u16 = 18;

/// Draws the line at the bottom of `screen`, its cursor, and what is to be said of it.
pub(super) fn render(state: &State, prompt: &Prompt, screen: &mut Canvas<'_>) {
    let (width, height) = (screen.width(), screen.height());
    let Some(bottom) = height.checked_sub(1) else { return };
    if prompt.typing.terms && prompt.ask == Ask::Filter {
        filter_prompt::terms(&mut screen.part(Rect::new(0, 0, width, bottom)));
    }
    let sign = match &prompt.ask {
        Ask::Search if state.events.lens.matching => "&".to_owned(),
        Ask::Filter | Ask::Search => "/".to_owned(),
        Ask::Priority(id) => subject(state, "priority", id),
        Ask::Endpoint(id) => subject(state, "endpoint", id),
    };
    let typed = 3 + columns(&sign) + columns(prompt.line.text());
    let least = typed.max(LEAST).min(LEAST.max(width / 2));
    let said = said(state, prompt, screen);
    let said = said.into_iter().find(|parts| length(parts) + 2 + least <= width).unwrap_or_default();
    if let Some(fault) = prompt.fault.as_ref().filter(|_| said.is_empty()) {
        above(fault, bottom, screen);
    }
    let mut canvas = screen.part(Rect::new(0, bottom, width, 1));
    line(&sign, &prompt.line, &said, &mut canvas);
}

/// Draws a line that is being typed behind its sign, and at the right a hint, where there is room for it.
pub(super) fn typed(sign: &str, typed: &Line, hint: &str, canvas: &mut Canvas<'_>) {
    let mute = canvas.theme().mute();
    let fits = columns(hint) + 3 + LEAST <= canvas.width();
    let said: Vec<Part> = fits.then(|| (hint.to_owned(), mute)).into_iter().collect();
    line(sign, typed, &said, canvas);
}

/// The line behind its sign, its cursor, and what is to be said of it at the right.
fn line(sign: &str, typed: &Line, said: &[Part], canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let width = canvas.width();
    let room = if said.is_empty() { width } else { width - length(said) - 2 };
    canvas.clear(Rect::new(0, 0, width, 1));
    let x = canvas.put(1, 0, sign, theme.strong()) + 1;
    let (before, behind) = typed.halves();
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
    let mut x = room + 1;
    for (words, style) in said {
        x = canvas.put(x, 0, words, *style);
    }
}

/// What is said of the line, each shorter than the one before it.
fn said(state: &State, prompt: &Prompt, canvas: &Canvas<'_>) -> Vec<Vec<Part>> {
    let theme = canvas.theme();
    if let Some(fault) = &prompt.fault {
        return vec![vec![(fault.clone(), theme.bad())]];
    }
    let plain = |words: &str| vec![(words.to_owned(), theme.mute())];
    match prompt.ask {
        Ask::Filter => filter_prompt::hints(state, prompt, theme),
        Ask::Search if prompt.line.text().is_empty() => vec![plain("enter keep  esc clear")],
        Ask::Search => {
            let all = if state.events.lens.matching { "tab all" } else { "tab only these" };
            let found = events::matches(state);
            vec![
                plain(&format!("{found}  {all}  enter keep  esc clear")),
                plain(&format!("{found}  {all}")),
                plain(&found),
            ]
        }
        Ask::Priority(_) => {
            vec![
                plain("0-100, lower first  enter set  esc leave"),
                plain("0-100  enter set  esc leave"),
                plain("0-100, enter"),
            ]
        }
        Ask::Endpoint(_) => vec![plain("none clears  enter set  esc leave"), plain("none clears")],
    }
}

fn length(parts: &[Part]) -> u16 {
    parts.iter().map(|(words, _)| columns(words)).fold(0, u16::saturating_add)
}

/// What is wrong, in the lines above the typed one, where it has no room beside it.
fn above(fault: &str, bottom: u16, screen: &mut Canvas<'_>) {
    let theme = screen.theme();
    let width = screen.width();
    let lines = text::wrap(fault, usize::from(width.saturating_sub(4)));
    let count = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(3).min(bottom);
    let at = Rect::new(0, bottom - count, width, count);
    screen.clear(at);
    let mut part = screen.part(at);
    for (y, line) in (0..count).zip(&lines) {
        part.put(1, y, if y == 0 { theme.glyph().no } else { " " }, theme.bad());
        part.put(3, y, line, theme.bad());
    }
}

/// `priority of team-a:`, with the name cut where it is long.
fn subject(state: &State, what: &str, id: &AccountId) -> String {
    let account = state.accounts.get(id);
    let name = account.map_or_else(|| state.shown_id(id), |a| state.shown_name(a).into_owned());
    format!("{what} of {}:", text::fit(&name, 16, "~"))
}
