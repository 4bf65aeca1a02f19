//! The events pane: what the server's log tells about refreshes, the newest on top.
//!
//! The newest stands on top, next to the table that it explains: what just happened is always in the same place, be the
//! pane seven lines high or thirty. A view that is held has what is newer above it.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, columns};
use super::event_line::{self, Look, Widths};
use super::frame::{self, Frame, Part};
use super::theme::Theme;
use super::{text, when};
use crate::app::logs::Entry;
use crate::app::{Dialog, Link, Pane, Show, State, Window, window};
use crate::keymap::Action;
use crate::model::Failure;

/// The pane has the keys.
fn focused(state: &State) -> bool {
    state.focus == Pane::Events && matches!(state.dialog, None | Some(Dialog::Prompt(_)))
}

/// How the line under the cursor is drawn. That of a view that follows is marked only while its pane has the keys.
pub(super) fn look(state: &State) -> Look {
    match (focused(state), state.events.is_held()) {
        (true, _) => Look::Selected,
        (false, true) => Look::Marked,
        (false, false) => Look::Usual,
    }
}

/// Draws the pane.
pub(super) fn render(state: &State, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let seen = window(state, usize::from(canvas.height().saturating_sub(2)));
    let focused = focused(state);
    let mut frame = Frame { title: super::pane_title(state, "4 Events"), focused, ..Frame::default() };
    frame.right = status(state, &seen, canvas.width(), theme);
    // Where the list is lost too, the pane above says why.
    if let Link::Lost { why, .. } = &state.links.stream
        && state.links.list.is_live()
    {
        let retry = state.hint(Action::Reconnect, "retry now").unwrap_or_default();
        let room = usize::from(canvas.width().saturating_sub(8)).saturating_sub(retry.len() + 2);
        let said = format!("{} no new events: {why}", theme.glyph().lost);
        let said = text::fit(&said, room, theme.glyph().more).into_owned();
        frame.bottom.extend([(format!("{said}  "), theme.warn()), (retry, theme.strong())]);
    }
    let mut inner = frame::draw(canvas, &frame);
    if seen.lines.is_empty() {
        let (words, style) = nothing(state, theme);
        let room = inner.width().saturating_sub(2);
        for (y, line) in (0..inner.height()).zip(text::wrap(&words, usize::from(room))) {
            inner.put(1, y, &line, style);
        }
        return;
    }
    lines(state, &seen, &mut inner);
}

fn lines(state: &State, seen: &Window<'_>, canvas: &mut Canvas<'_>) {
    let (width, height) = (canvas.width(), canvas.height());
    let widths = Widths::of(state, &seen.lines, width, height);
    let look = |index: usize| if index == seen.cursor { look(state) } else { Look::Usual };
    // Where the line under the cursor takes more rows than are below it, the first ones make room.
    let rows = match seen.lines.get(seen.cursor) {
        Some(line) if state.events.wrap => event_line::rows(state, *line, look(seen.cursor), widths, canvas),
        _ => 1,
    };
    let under = u16::try_from(seen.cursor).unwrap_or(u16::MAX).saturating_add(rows);
    let first = usize::from(under.saturating_sub(height)).min(seen.cursor);
    let mut y = 0;
    for (index, line) in seen.lines.iter().enumerate().skip(first) {
        let mut rest = canvas.part(Rect::new(0, y, width, height.saturating_sub(y)));
        if rest.height() == 0 {
            break;
        }
        y += event_line::draw(state, *line, look(index), widths, &mut rest);
    }
}

fn show_words(show: Show) -> &'static str {
    match show {
        Show::Refresh => "refresh only",
        Show::Warn => "refresh + WARN and up",
        Show::Info => "INFO and up",
        Show::All => "all levels",
    }
}

/// The key of an action, or nothing.
fn key_of(state: &State, action: Action) -> String {
    state.keymap().key_of(action).unwrap_or_default().to_owned()
}

/// How many lines have what is searched for, and the how manieth of them the cursor is on.
pub(super) fn matches(state: &State) -> String {
    let seen = window(state, 0);
    match (seen.nth, seen.hits) {
        (_, 0) => "no match".to_owned(),
        (Some(nth), hits) => format!("{nth} of {hits}"),
        (None, 1) => "1 match".to_owned(),
        (None, hits) => format!("{hits} matches"),
    }
}

/// The same for a narrow screen, where the line at the bottom has the keys: `held · 214 new`, and what is searched for where that has
/// room in `most` columns.
pub(super) fn follows_in_short(state: &State, most: u16, theme: &Theme) -> Part {
    let (words, style) = match window(state, 0).new {
        Some(new) => (format!("held {} {new} new", theme.glyph().dot), theme.you()),
        None => follows(state, theme),
    };
    let searched = state.events.lens.needle.as_ref().map(|needle| {
        let needle = text::fit(needle.text(), 8, theme.glyph().more).into_owned();
        format!("{words} {} /{needle} {}", theme.glyph().dot, matches(state))
    });
    (searched.filter(|words| columns(words) <= most).unwrap_or(words), style)
}

/// `held · 214 new · space follows`, or that it follows, or why it cannot.
pub(super) fn follows(state: &State, theme: &Theme) -> Part {
    let dot = theme.glyph().dot;
    if let Some(new) = window(state, 0).new {
        let space = key_of(state, Action::HoldEvents);
        return (format!("held {dot} {new} new {dot} {space} follows"), theme.you());
    }
    match &state.links.stream {
        _ if state.links.streamless => ("polled".to_owned(), theme.mute()),
        Link::Live { .. } => ("following".to_owned(), theme.mute()),
        Link::Connecting { .. } => ("connecting".to_owned(), theme.mute()),
        Link::Lost { why: Failure::Unauthorized(_), .. } => ("no access".to_owned(), theme.warn()),
        Link::Lost { .. } => ("reconnecting".to_owned(), theme.warn()),
    }
}

/// `following · refresh + WARN and up · 214 kept`, as much of it as has room.
fn status(state: &State, seen: &Window<'_>, width: u16, theme: &Theme) -> Vec<Part> {
    let lens = &state.events.lens;
    let more = theme.glyph().more;
    let mut rest: Vec<Part> = Vec::new();
    if let Some(needle) = &lens.needle {
        let sign = if lens.matching { "&" } else { "/" };
        let matches = if seen.hits > 0 || seen.nth.is_some() { matches(state) } else { "no match".into() };
        rest.push((format!("{sign}{} {matches}", text::fit(needle.text(), 16, more)), theme.you()));
    }
    if let Some(name) = &lens.only {
        rest.push((format!("only {}", text::fit(&state.shown(name), 16, more)), theme.you()));
    }
    if lens.cleared.is_some() {
        rest.push(("cleared".to_owned(), theme.you()));
    }
    rest.push((show_words(lens.show).to_owned(), theme.mute()));
    rest.push((format!("{} kept", state.logs.kept()), theme.mute()));
    if state.links.unreadable > 0 {
        rest.push((format!("{} unreadable", state.links.unreadable), theme.mute()));
    }
    if state.logs.dropped() > 0 {
        rest.push((format!("{} dropped", state.logs.dropped()), theme.mute()));
    }
    let first = follows(state, theme);
    // 22: the title with its marker, corners, and some line between.
    let mut used = columns(&first.0) + 22;
    let mut parts = vec![first];
    for (word, style) in rest {
        used += columns(&word) + 3;
        if used > width {
            break;
        }
        parts.push((format!(" {} ", theme.glyph().dot), theme.mute()));
        parts.push((word, style));
    }
    parts
}

/// What stands in the pane while there is nothing to show.
fn nothing(state: &State, theme: &Theme) -> (String, Style) {
    let level = key_of(state, Action::Level);
    let more = if state.focus == Pane::Events {
        format!("{level} shows more.")
    } else {
        format!("{} and then {level} shows more.", key_of(state, Action::PaneEvents))
    };
    let lens = &state.events.lens;
    if state.events.is_held() {
        let said = format!(
            "Nothing of what is held is shown. {} follows again. {more}",
            key_of(state, Action::HoldEvents)
        );
        return (said, theme.mute());
    }
    if let Some(needle) = lens.needle.as_ref().filter(|_| lens.matching) {
        let said =
            format!("Nothing matches {}. {} clears the search.", needle.text(), key_of(state, Action::Back));
        return (said, theme.mute());
    }
    if lens.cleared.is_some() {
        return (
            format!("Nothing has come since. {} shows all again.", key_of(state, Action::ClearEvents)),
            theme.mute(),
        );
    }
    if let Some(name) = &lens.only {
        let all = key_of(state, Action::OnlyAccount);
        return (
            format!("Nothing is shown about {}. {all} shows all accounts again. {more}", state.shown(name)),
            theme.mute(),
        );
    }
    match &state.links.stream {
        Link::Lost { .. } if !state.links.list.is_live() => {
            let refused = matches!(state.links.list, Link::Lost { why: Failure::Unauthorized(_), .. });
            let why =
                if refused { "the server lets nobody in without its key" } else { "there is no connection" };
            (format!("No events: {why}."), theme.mute())
        }
        Link::Lost { why, .. } => {
            let advice = why.advice().map(|a| format!(": {a}")).unwrap_or_default();
            (format!("No events: the server's log cannot be read. {why}{advice}"), theme.warn())
        }
        Link::Connecting { .. } if state.logs.kept() == 0 => {
            ("Reading the server's log.".to_owned(), theme.mute())
        }
        _ => {
            let oldest = state.logs.entries().find_map(|e| match e {
                Entry::Record(r) => Some(r.line.at),
                Entry::Gap { .. } | Entry::Note(_) => None,
            });
            let since = oldest.or(state.logs.started_at()).map_or_else(
                || "in the server's log".to_owned(),
                |t| format!("since {}", when::past(t, state.server_second(), state.zone)),
            );
            (format!("No refresh yet {since}. {more}"), theme.mute())
        }
    }
}
