//! The events pane: what the server's log tells about refreshes, the newest on top.
//!
//! The newest stands on top, next to the table that it explains: what just happened is always in the same place, be the
//! pane seven lines high or thirty. A view that is held has what is newer above it.

use std::borrow::Cow;

use ratatui::style::Style;

use super::canvas::{Canvas, columns};
use super::event_words::{Fields, fields, level_style, what_style};
use super::frame::{self, Frame, Part};
use super::theme::Theme;
use super::{text, when, words};
use crate::app::logs::{Entry, Record};
use crate::app::{Link, Pane, Show, State, visible};
use crate::keymap::Action;
use crate::model::Kind;

/// What happened is given this many columns where details follow, so that the details line up.
const WHAT: u16 = 14;
/// What is noted at the right stands at most this far from where an event's words begin.
const NEAR: u16 = 72;

/// Draws the pane.
pub(super) fn render(state: &State, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let focused = state.focus == Pane::Events && state.dialog.is_none();
    let lines = usize::from(canvas.height().saturating_sub(2));
    let (shown, above) = visible(state, lines);
    let mut frame = Frame { title: "4 Events".to_owned(), focused, ..Frame::default() };
    frame.right = status(state, above, canvas.width(), theme);
    // Where the list is lost too, the pane above says why.
    if let Link::Lost { why, .. } = &state.links.stream
        && state.links.list.is_live()
    {
        let room = usize::from(canvas.width().saturating_sub(8));
        let said = format!("{} not live: {why}", theme.glyph().lost);
        frame.bottom.push((text::fit(&said, room, theme.glyph().more).into_owned(), theme.warn()));
    }
    let mut inner = frame::draw(canvas, &frame);
    if shown.is_empty() {
        let (words, style) = nothing(state, theme);
        let room = inner.width().saturating_sub(2);
        for (y, line) in (0..inner.height()).zip(text::wrap(&words, usize::from(room))) {
            inner.put(1, y, &line, style);
        }
        return;
    }
    let widths = Widths::of(state, &shown, inner.width());
    for (y, entry) in (0..inner.height()).zip(shown) {
        match entry {
            Entry::Record(record) => line(state, record, widths, y, &mut inner),
            Entry::Gap { after, before, .. } => gap(state, *after, *before, y, &mut inner),
        }
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

/// `following · refresh + WARN and up · 214 kept`, as much of it as has room.
fn status(state: &State, above: usize, width: u16, theme: &Theme) -> Vec<Part> {
    let follows = match (state.events.held, &state.links.stream, state.links.streamless) {
        (Some(_), ..) => match above {
            0 => ("held".to_owned(), theme.you()),
            n => (format!("held, {n} newer above"), theme.you()),
        },
        (None, _, true) => ("polled".to_owned(), theme.mute()),
        (None, Link::Live { .. }, _) => ("following".to_owned(), theme.mute()),
        (None, Link::Connecting { .. }, _) => ("connecting".to_owned(), theme.mute()),
        (None, Link::Lost { .. }, _) => ("reconnecting".to_owned(), theme.warn()),
    };
    let mut rest = vec![show_words(state.events.show).to_owned(), format!("{} kept", state.logs.kept())];
    if state.links.unreadable > 0 {
        rest.push(format!("{} unreadable", state.links.unreadable));
    }
    if state.logs.dropped() > 0 {
        rest.push(format!("{} dropped", state.logs.dropped()));
    }
    let mut parts = vec![follows];
    // 22: the title with its marker, corners, and some line between.
    let mut used = columns(&parts.first().map(|p| p.0.clone()).unwrap_or_default()) + 22;
    for word in rest {
        let word = format!(" {} {word}", theme.glyph().dot);
        used += columns(&word);
        if used > width {
            break;
        }
        parts.push((word, theme.mute()));
    }
    parts
}

/// What stands in the pane while there is nothing to show.
fn nothing(state: &State, theme: &Theme) -> (String, Style) {
    let level = state.hint(Action::Level, "shows more.");
    let more = match (level, state.keymap().key_of(Action::PaneEvents)) {
        (Some(level), _) if state.focus == Pane::Events => level,
        (Some(level), Some(pane)) => format!("{pane}, then {level}"),
        _ => String::new(),
    };
    match &state.links.stream {
        Link::Lost { .. } if !state.links.list.is_live() => {
            ("No events: there is no connection.".to_owned(), theme.mute())
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
                Entry::Gap { .. } => None,
            });
            let since = oldest.or(state.logs.started_at()).map_or_else(
                || "in the server's log".to_owned(),
                |t| format!("since {}", when::past(t, state.server_second(), state.zone)),
            );
            (format!("No refresh yet {since}. {more}").trim_end().to_owned(), theme.mute())
        }
    }
}

/// The columns of the shown lines.
#[derive(Debug, Clone, Copy)]
struct Widths {
    time: u16,
    level: u16,
    account: u16,
}

impl Widths {
    fn of(state: &State, shown: &[&Entry], width: u16) -> Self {
        let now = state.server_second();
        let (mut time, mut account) = (8, 6);
        for entry in shown {
            if let Entry::Record(record) = entry {
                if !when::same_day(record.line.at, now, state.zone) {
                    time = 11;
                }
                account = account.max(columns(&source(state, record)));
            }
        }
        Self { time, level: 5, account: account.min(if width < 100 { 14 } else { 20 }) }
    }
}

/// Who a record is about; nothing where it does not say.
fn source<'a>(state: &State, record: &'a Record) -> Cow<'a, str> {
    match (&record.event.account, &record.event.kind) {
        (Some(name), _) => state.shown(name),
        (None, Kind::SchedulerStarted | Kind::SchedulerStopped | Kind::Batch(_) | Kind::CheckFailed(_)) => {
            "server".into()
        }
        (None, _) => "".into(),
    }
}

fn line(state: &State, record: &Record, w: Widths, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let at = when::past(record.line.at, state.server_second(), state.zone);
    canvas.put_right(1, y, w.time, &at, theme.mute());
    let level = 1 + w.time + 2;
    canvas.put_fit(level, y, w.level, record.line.level.as_str(), level_style(&record.line.level, theme));
    let account = level + w.level + 2;
    let who = source(state, record);
    let style = if record.event.account.is_none() { theme.mute() } else { theme.text() };
    canvas.put_fit(account, y, w.account, &who, style);
    let fields = fields(record, state);
    // A message about nobody begins where a name would: its words are worth more than a blank column.
    let start = if who.is_empty() { account } else { account + w.account + 2 };
    said(record, &fields, start, y, canvas);
}

/// What happened, its details and what is noted at the right.
fn said(record: &Record, fields: &Fields, start: u16, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let tag = columns(&fields.tag);
    let what = columns(&fields.what);
    let edge = canvas.width().saturating_sub(1);
    // On a wide screen the note stays near what it belongs to, where that leaves everything whole.
    let whole = WHAT.max(what) + 2 + columns(&fields.detail) + 2 + tag;
    let end = if whole <= NEAR { edge.min(start.saturating_add(NEAR)) } else { edge };
    let room = end.saturating_sub(start);
    let detail = if fields.raw || fields.detail.is_empty() { 0 } else { columns(&fields.detail) + 2 };
    // A count of failures goes before the end of a detail; how long a success took goes before nothing.
    let strike = record.strike.is_some();
    let tag_fits = tag > 0 && what + if strike { 0 } else { detail } + 2 + tag <= room;
    let room = if tag_fits { room - tag - 2 } else { room };
    let style = what_style(record, theme);
    let x = canvas.put_fit(start, y, room, &fields.what, style);
    if detail > 0 {
        // Details stand under each other where that cuts none of them.
        let x = if WHAT.max(what) + detail <= room { x.max(start + WHAT) } else { x } + 2;
        let left = (start + room).saturating_sub(x);
        let whole = columns(&fields.detail) <= left || fields.short.is_empty();
        canvas.put_fit(x, y, left, if whole { &fields.detail } else { &fields.short }, theme.text());
    }
    if tag_fits {
        canvas.put(end - tag, y, &fields.tag, theme.mute());
    }
}

/// A mark where records are missing.
fn gap(
    state: &State,
    after: crate::model::Timestamp,
    before: Option<crate::model::Timestamp>,
    y: u16,
    canvas: &mut Canvas<'_>,
) {
    let theme = canvas.theme();
    let time = |t| when::past(t, state.server_second(), state.zone);
    let words = match before {
        Some(before) => format!(" records may be missing between {} and {} ", time(after), time(before)),
        None => format!(" records may be missing since {} ", time(after)),
    };
    let width = canvas.width().saturating_sub(2);
    canvas.repeat(1, y, width, theme.glyph().line, theme.mute());
    canvas.put_fit(3, y, width.saturating_sub(4), &words, theme.warn());
}

/// One line for a screen without boxes: `13:58 E client-b failed 429   2/5`.
pub(super) fn compact_line(state: &State, entry: &Entry, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let Entry::Record(record) = entry else {
        canvas.put_fit(1, y, canvas.width().saturating_sub(2), "records may be missing here", theme.warn());
        return;
    };
    let mut x = canvas.put(1, y, &when::minutes(record.line.at, state.zone), theme.mute());
    let level = record.line.level.as_str();
    let initial: String = level.chars().take(1).collect();
    x = canvas.put(x + 1, y, &initial, level_style(&record.line.level, theme)) + 1;
    let who = source(state, record);
    if !who.is_empty() {
        x = canvas.put_fit(x, y, 12, &who, theme.text()) + 1;
    }
    let fields = fields(record, state);
    let end = canvas.width().saturating_sub(1);
    let tag = fields.tag.replace("strike ", "").replace(" of ", "/");
    let keep = if fields.tag.starts_with("strike") { columns(&tag) + 1 } else { 0 };
    let detail = match &record.event.kind {
        Kind::Failed(cause) => words::cause_short(cause),
        Kind::NewWindow(Some(t)) => when::minutes(*t, state.zone),
        _ => fields.detail.clone(),
    };
    let mut said = fields.what.clone();
    if !detail.is_empty() {
        said.push(' ');
        said.push_str(&detail);
    }
    let said = said.strip_prefix("refresh ").unwrap_or(&said);
    canvas.put_fit(x, y, end.saturating_sub(x + keep), said, what_style(record, theme));
    if keep > 0 && x + keep < end {
        canvas.put(end - columns(&tag), y, &tag, theme.mute());
    }
}
