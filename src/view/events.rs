//! The events pane: what the server's log tells about refreshes, the newest on top.
//!
//! The newest stands on top, next to the table that it explains: what just happened is always in the same place, be the
//! pane seven lines high or thirty. A view that is held has what is newer above it.

use ratatui::layout::Rect;

use super::canvas::{Canvas, columns};
use super::event_line::{self, Look, Widths};
use super::frame::{self, Frame, Part};
use super::theme::Theme;
use super::{no_events, text};
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
    frame.right = status(state, canvas.width(), theme);
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
        let (words, style) = no_events::whole(state, theme);
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

/// Through what the pane looks, where that leaves something out: `/failed 1 of 4`, `only work`, `cleared`.
fn narrowed(state: &State, most: usize, theme: &Theme) -> Vec<String> {
    let (lens, more) = (&state.events.lens, theme.glyph().more);
    let searched = lens.needle.as_ref().map(|needle| {
        let sign = if lens.matching { "&" } else { "/" };
        format!("{sign}{} {}", text::fit(&state.shown_text(needle.text()), most, more), matches(state))
    });
    let only = lens.only.as_ref().map(|name| format!("only {}", text::fit(&state.shown(name), most, more)));
    let cleared = lens.cleared.map(|_| "cleared".to_owned());
    [searched, only, cleared].into_iter().flatten().collect()
}

/// The same for a narrow screen, where the line at the bottom has the keys: `held · 214 new`, or `held · /failed 1 of 4`. None where there is
/// nothing to tell.
pub(super) fn in_short(state: &State, width: u16, theme: &Theme) -> Option<Part> {
    let narrowed = narrowed(state, 12, theme);
    let is_narrowed = !narrowed.is_empty();
    let sep = format!(" {} ", theme.glyph().dot);
    let comes = state.links.stream.is_live() || state.links.streamless;
    let (first, style) = match window(state, 0).new {
        Some(_) if is_narrowed => ("held".to_owned(), theme.you()),
        Some(new) => (format!("held{sep}{new} new"), theme.you()),
        None if comes => (String::new(), theme.you()),
        // Nothing else here says what it is that is lost.
        None => {
            let (words, style) = follows(state, theme);
            (format!("events {words}"), style)
        }
    };
    let mut parts: Vec<String> =
        std::iter::once(first).filter(|first| !first.is_empty()).chain(narrowed).collect();
    // What is shown goes before what else stands in the line; that the view is held, the keys tell too.
    if state.events.is_held() && is_narrowed && columns(&parts.join(&sep)) > width.saturating_sub(18) {
        parts.remove(0);
    }
    while parts.len() > 1 && columns(&parts.join(&sep)) > width.saturating_sub(6) {
        parts.pop();
    }
    (!parts.is_empty()).then(|| (parts.join(&sep), style))
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
fn status(state: &State, width: u16, theme: &Theme) -> Vec<Part> {
    let mut rest: Vec<Part> = Vec::new();
    rest.extend(narrowed(state, 16, theme).into_iter().map(|words| (words, theme.you())));
    rest.push((show_words(state.events.lens.show).to_owned(), theme.mute()));
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
