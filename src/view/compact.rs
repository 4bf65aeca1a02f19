//! Small screens: one line for each account without boxes, and below the least useful size countdowns alone.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::accounts::{Look, nothing, percent, resets, table, visible};
use super::canvas::{Canvas, columns};
use super::countdown::duration;
use super::event_line::{self, Look as EventLook};
use super::frame::{self, Frame};
use super::{events, heads, no_events, text, waiting, words};
use crate::app::{Link, Standing, State, standing, switch, window};
use crate::layout::NARROW;
use crate::layout::columns::{Columns, NARROW_SWITCH};
use crate::model::{Account, Setting};

/// Draws the accounts.
pub(super) fn accounts(state: &State, canvas: &mut Canvas<'_>) {
    if state.accounts.shown_len() == 0 {
        nothing(state, 1, canvas);
        return;
    }
    let page = state.page();
    let (width, height) = (canvas.width(), canvas.height());
    let columns = state.columns_of(Columns::bare(width));
    // What the first page shows is known; the others have heads.
    let heads = u16::from(page > 0);
    let shown = visible(state, usize::from(height.saturating_sub(heads)));
    if width < NARROW && page == 0 {
        for (y, account) in (0u16..).zip(state.accounts.shown(shown)) {
            row(state, account, y, canvas);
        }
        return;
    }
    let places = columns.page(page);
    if page > 0 {
        heads::render(state, &places, canvas);
        heads::more(state, 0, canvas);
    }
    let mut body = canvas.part(Rect::new(0, heads, width, height.saturating_sub(heads)));
    table(state, shown, &places, &mut body);
}

/// `▸on  team-a      DUE   -0:21`: switch, name, the number that matters, countdown.
fn row(state: &State, account: &Account, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let look = Look::of(state, state.accounts.selected.as_ref() == Some(&account.id));
    if look == Look::Selected {
        canvas.repeat(0, y, canvas.width(), " ", theme.selected());
    }
    if look.is_selected() {
        canvas.put(0, y, theme.glyph().here, look.over(theme.strong(), theme));
    }
    // Marker, switch 4, name, figure, countdown, each with a blank after it.
    let width = canvas.width();
    let (figures, countdown) = if width < 40 { (7, 8) } else { (9, 9) };
    let auto = switch(state, account, Setting::AutoRefresh);
    let auto_word = words::switch(auto, theme.glyph());
    let at = NARROW_SWITCH;
    canvas.put_fit(at.x, y, at.width, &auto_word, look.over(words::switch_style(auto, theme), theme));
    let name = width.saturating_sub(6 + 1 + figures + 1 + countdown + 1);
    canvas.put_fit(6, y, name, &state.shown_name(account), look.over(theme.text(), theme));
    let (figure, style) = figure(state, account, usize::from(figures), theme);
    canvas.put_right(6 + name + 1, y, figures, &figure, look.over(style, theme));
    let (left, style) = match account.fault {
        Some(_) => ("-".to_owned(), theme.mute()),
        None => resets(state, account, look.grain(), usize::from(countdown), theme),
    };
    canvas.put_right(6 + name + figures + 2, y, countdown, &left, look.over(style, theme));
}

/// The number that matters, or the word where a word matters more.
fn figure(state: &State, account: &Account, room: usize, theme: &super::theme::Theme) -> (String, Style) {
    let standing = standing(state, account);
    match standing {
        Standing::Ready | Standing::Primary | Standing::Warning => percent(account, false, state, theme),
        _ => {
            let marked = words::standing_now(state, account, &standing);
            let word = if marked.len() > room { words::standing(&standing).to_owned() } else { marked };
            (word, words::standing_style(&standing, theme))
        }
    }
}

/// Draws the newest events under a rule, in which stands that the view is held or leaves something out, or that no event can come. Alone on the screen they have a title.
pub(super) fn events(state: &State, alone: bool, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let width = canvas.width();
    let look = events::look(state);
    let lost = match &state.links.list {
        Link::Lost { why, .. } => Some((format!("{why}: changes off"), theme.warn())),
        _ => None,
    };
    let held = lost.filter(|_| !state.events.is_held()).or_else(|| events::in_short(state, width, theme));
    // A title only where it leaves room to what is said of a view that is held, with its marker and what is around it.
    let said = held.as_ref().map_or(0, |(words, _)| columns(words) + 2);
    let title = super::pane_title(state, "4 Events");
    let title = if alone && said + 6 + columns(&title) <= width { title } else { String::new() };
    let focused = look == EventLook::Selected;
    frame::bare(canvas, &Frame { title, focused, ..Frame::default() });
    if let Some((words, style)) = held {
        let room = usize::from(width.saturating_sub(6));
        let words = text::fit(&words, room, theme.glyph().more);
        canvas.put_right(1, 0, width.saturating_sub(2), &format!(" {words} "), style);
    }
    if !alone && let Some(words) = rows_in_sight(state).filter(|words| said + columns(words) + 6 <= width) {
        canvas.put(1, 0, &format!(" {words} "), theme.mute());
    }
    let below = canvas.height().saturating_sub(1);
    let seen = window(state, usize::from(below));
    let mut body = canvas.part(Rect::new(0, 1, width, below));
    if seen.lines.is_empty() {
        nothing_happened(state, &mut body);
    }
    for (y, line) in (0u16..).zip(seen.lines) {
        let look = if usize::from(y) == seen.cursor { look } else { EventLook::Usual };
        event_line::compact(state, line, look, y, &mut body);
    }
}

/// Why there are no events to show, in as many lines as there are.
fn nothing_happened(state: &State, canvas: &mut Canvas<'_>) {
    let (words, style) = no_events::in_short(state, canvas.theme());
    let (room, height) = (canvas.width().saturating_sub(2), canvas.height());
    let mut lines = text::wrap(&words, usize::from(room));
    if lines.len() > usize::from(height) {
        let rest = lines.split_off(usize::from(height.saturating_sub(1))).join(" ");
        lines.push(text::fit(&rest, usize::from(room), canvas.theme().glyph().more).into_owned());
    }
    for (y, line) in (0..height).zip(&lines) {
        canvas.put(1, y, line, style);
    }
}

/// `1-6 of 7`, where not all accounts are in sight.
fn rows_in_sight(state: &State) -> Option<String> {
    let shown = visible(state, state.account_rows());
    let all = state.accounts.shown_len();
    (shown.len() < all).then(|| format!("{}-{} of {all}", shown.start + 1, shown.end))
}

/// Below the least useful size: names and countdowns, and that keys are off.
pub(super) fn tight(state: &State, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let (width, height) = (canvas.width(), canvas.height());
    if height == 0 {
        return;
    }
    if state.accounts.rows().is_empty() {
        waiting::bare(state, &mut canvas.part(Rect::new(0, 0, width, height - 1)));
    }
    let shown = visible(state, usize::from(height - 1));
    for (y, account) in (0u16..).zip(state.accounts.shown(shown)) {
        let look = Look::of(state, state.accounts.selected.as_ref() == Some(&account.id));
        let (left, style) = resets(state, account, look.grain(), usize::from(width.min(9)), theme);
        let columns = super::canvas::columns(&left);
        // A countdown is never cut: where it does not fit beside anything, the name leaves.
        if columns > width {
            continue;
        }
        let name = width.saturating_sub(columns + 1);
        canvas.put_fit(0, y, name, &state.shown_name(account), look.over(theme.text(), theme));
        canvas.put_right(0, y, width, &left, look.over(style, theme));
    }
    let (words, style) = match &state.links.list {
        Link::Lost { since, .. } => (format!("LOST {}, keys off", duration(state.now - *since)), theme.bad()),
        _ => ("tight: keys off".to_owned(), theme.mute()),
    };
    canvas.put_fit(0, height - 1, width, &words, style);
}
