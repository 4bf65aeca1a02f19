//! One line of the events pane: a record as fields, or a mark of a gap.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::canvas::{Canvas, columns};
use super::event_words::{Fields, fields, in_few_words, level_style, what_style};
use super::theme::Theme;
use super::{note_line, notes, text, when, words};
use crate::app::logs::{Entry, Record};
use crate::app::{Seen, State};
use crate::layout::NARROW;
use crate::model::{Cause, Kind, Timestamp};

/// What happened is given this many columns where details follow, so that the details line up.
const WHAT: u16 = 14;
/// What is noted at the right stands at most this far from where an event's words begin.
pub(super) const NEAR: u16 = 72;

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As its fields are.
    Usual,
    /// Under the cursor, in the pane that has the keys.
    Selected,
    /// Under the cursor, and the keys are elsewhere.
    Marked,
}

impl Look {
    pub(super) fn over(self, style: Style, theme: &Theme) -> Style {
        match self {
            Self::Usual => style,
            Self::Selected => theme.selected(),
            Self::Marked => style.remove_modifier(Modifier::DIM).patch(theme.strong()),
        }
    }
}

/// The columns of the shown lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Widths {
    pub(super) time: u16,
    pub(super) level: u16,
    pub(super) account: u16,
    /// How many rows the line under the cursor has at most, so that others stay in sight.
    most: u16,
}

impl Widths {
    pub(super) fn of(state: &State, shown: &[Seen<'_>], width: u16, height: u16) -> Self {
        let now = state.server_second();
        let (mut time, mut account) = (8, 6);
        for seen in shown {
            let (at, who) = match seen.entry {
                Entry::Record(record) => (record.line.at, source(state, record)),
                Entry::Note(note) => (note.at, state.shown(&note.account)),
                Entry::Gap { .. } => continue,
            };
            if !when::same_day(at, now, state.zone) {
                time = 11;
            }
            account = account.max(columns(&who));
        }
        let account = account.min(if width < 100 { 14 } else { 20 });
        Self { time, level: 5, account, most: (height / 3 * 2).max(3) }
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

/// Draws a line in the rows that `canvas` has. Says how many it takes: one, unless it may be broken to be whole.
pub(super) fn draw(state: &State, seen: Seen<'_>, look: Look, w: Widths, canvas: &mut Canvas<'_>) -> u16 {
    let theme = canvas.theme();
    let breaks = look != Look::Usual && state.events.wrap;
    let rows = match seen.entry {
        Entry::Record(record) => {
            let start = start_of(state, record, w);
            let room = canvas.width().saturating_sub(start + 1);
            let broken = if breaks { whole(record, state, room, w.most, theme) } else { Vec::new() };
            let rows = u16::try_from(broken.len()).unwrap_or(1).max(1);
            lie_under(look, rows, canvas);
            heads(state, record, look, w, canvas);
            if broken.len() > 1 {
                let style = look.over(what_style(record, theme), theme);
                for (y, row) in (0..).zip(&broken) {
                    canvas.put(start, y, row, style);
                }
            } else {
                said(state, record, look, start, canvas);
            }
            rows
        }
        Entry::Note(noted) => {
            let told = notes::told(noted, state, theme).over(|style| look.over(style, theme));
            let start = note_line::start(noted, w);
            let room = canvas.width().saturating_sub(start + 1);
            let broken = if breaks { wrapped(&told.whole(), room, w.most, theme) } else { Vec::new() };
            let rows = u16::try_from(broken.len()).unwrap_or(1).max(1);
            lie_under(look, rows, canvas);
            note_line::heads(state, noted, &told, look, w, canvas);
            if broken.len() > 1 {
                for (y, row) in (0..).zip(&broken) {
                    canvas.put(start, y, row, look.over(theme.text(), theme));
                }
            } else {
                note_line::said(state, &told, look, start, canvas);
            }
            rows
        }
        Entry::Gap { after, before, .. } => {
            lie_under(look, 1, canvas);
            gap(state, *after, *before, look, canvas);
            1
        }
    };
    if look != Look::Usual {
        canvas.put(0, 0, theme.glyph().here, look.over(theme.strong(), theme));
    }
    if seen.hit {
        mark_found(state, 1 + w.time, rows, canvas);
    }
    rows
}

/// How many rows a line takes where it may be broken to be whole.
pub(super) fn rows(state: &State, seen: Seen<'_>, look: Look, w: Widths, canvas: &Canvas<'_>) -> u16 {
    let theme = canvas.theme();
    let room = |start: u16| canvas.width().saturating_sub(start + 1);
    let rows = match seen.entry {
        _ if look == Look::Usual => return 1,
        Entry::Record(record) => whole(record, state, room(start_of(state, record, w)), w.most, theme),
        Entry::Note(note) => {
            wrapped(&notes::told(note, state, theme).whole(), room(note_line::start(note, w)), w.most, theme)
        }
        Entry::Gap { .. } => return 1,
    };
    u16::try_from(rows.len()).unwrap_or(1).max(1)
}

/// The selected line is turned round from edge to edge.
fn lie_under(look: Look, rows: u16, canvas: &mut Canvas<'_>) {
    if look == Look::Selected {
        let style = canvas.theme().selected();
        for y in 0..rows {
            canvas.repeat(0, y, canvas.width(), " ", style);
        }
    }
}

/// Draws what is searched for so that it can be seen; where it is in a part of the record that is not, the line's beginning.
fn mark_found(state: &State, from: u16, rows: u16, canvas: &mut Canvas<'_>) {
    let Some(needle) = &state.events.lens.needle else { return };
    let theme = canvas.theme();
    let mut any = false;
    for y in 0..rows {
        any |= canvas.mark(from, y, |text, at| needle.find(text, at), theme.found());
    }
    if !any {
        canvas.mark(1, 0, |_, at| (at == 0).then_some(0..usize::from(from - 1)), theme.found());
    }
}

fn start_of(state: &State, record: &Record, w: Widths) -> u16 {
    let account = 1 + w.time + 2 + w.level + 2;
    // A message about nobody begins where a name would: its words are worth more than a blank column.
    if source(state, record).is_empty() { account } else { account + w.account + 2 }
}

/// When, how serious, about whom.
fn heads(state: &State, record: &Record, look: Look, w: Widths, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let at = when::past(record.line.at, state.server_second(), state.zone);
    canvas.put_right(1, 0, w.time, &at, look.over(theme.mute(), theme));
    let level = 1 + w.time + 2;
    let style = look.over(level_style(&record.line.level, theme), theme);
    canvas.put_fit(level, 0, w.level, record.line.level.as_str(), style);
    let who = source(state, record);
    let style = if record.event.account.is_none() { theme.mute() } else { theme.text() };
    canvas.put_fit(level + w.level + 2, 0, w.account, &who, look.over(style, theme));
}

/// That the line holds more records, where each event is one line.
fn sign(state: &State, record: &Record) -> String {
    if record.holds > 0 && state.events.lens.show.folds() {
        format!("+{}", record.holds)
    } else {
        String::new()
    }
}

/// All that is said, in rows of `room` columns: at most `most` of them.
fn whole(record: &Record, state: &State, room: u16, most: u16, theme: &Theme) -> Vec<String> {
    let fields = fields(record, state, usize::from(room) * usize::from(most));
    let parts = [fields.what, fields.detail, fields.tag, sign(state, record)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    wrapped(&parts.join("  "), room, most, theme)
}

/// What is said, in rows of `room` columns: at most `most` of them.
fn wrapped(said: &str, room: u16, most: u16, theme: &Theme) -> Vec<String> {
    let most = usize::from(most);
    let mut rows = text::wrap(said, usize::from(room));
    if rows.len() > most {
        rows.truncate(most);
        if let Some(last) = rows.last_mut() {
            // What follows makes it too long, so it is cut and marked.
            let longer = format!("{last}{}", " ".repeat(usize::from(room)));
            *last = text::fit(&longer, usize::from(room), theme.glyph().more).into_owned();
        }
    }
    rows
}

/// What happened, its details and what is noted at the right.
fn said(state: &State, record: &Record, look: Look, start: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let edge = canvas.width().saturating_sub(1);
    let left = state.events.left;
    let fields = fields(record, state, left + usize::from(edge));
    let style = look.over(what_style(record, theme), theme);
    if left > 0 {
        let gap = if fields.detail.is_empty() { "" } else { "  " };
        let all = format!("{}{gap}{}", fields.what, fields.detail);
        let rest = text::skip(&all, left);
        let x = canvas.put(start, 0, theme.glyph().more, look.over(theme.mute(), theme));
        canvas.put_fit(x, 0, edge.saturating_sub(x), rest, style);
        return;
    }
    let what = columns(&fields.what);
    let detail = if fields.raw || fields.detail.is_empty() { 0 } else { columns(&fields.detail) + 2 };
    let (note, end) = note(state, record, &fields, detail, edge.saturating_sub(start));
    let (note_columns, end) = (columns(&note), start.saturating_add(end).min(edge));
    let room = end.saturating_sub(start);
    let room = if note_columns > 0 { room.saturating_sub(note_columns + 2) } else { room };
    let x = canvas.put_fit(start, 0, room, &fields.what, style);
    if detail > 0 {
        // Details stand under each other where that cuts none of them.
        let x = if WHAT.max(what) + detail <= room { x.max(start + WHAT) } else { x } + 2;
        let left = (start + room).saturating_sub(x);
        let whole = columns(&fields.detail) <= left || fields.short.is_empty();
        let style = look.over(theme.text(), theme);
        canvas.put_fit(x, 0, left, if whole { &fields.detail } else { &fields.short }, style);
    }
    if note_columns > 0 {
        canvas.put(end.saturating_sub(note_columns), 0, &note, look.over(theme.mute(), theme));
    }
}

/// What is noted at the right of a line with `room` columns, and where it ends. A count of failures goes before the end of a detail,
/// and so does the sign that there is more; how long a success took goes before nothing.
fn note(state: &State, record: &Record, fields: &Fields, detail: u16, room: u16) -> (String, u16) {
    let sign = sign(state, record);
    let tag = &fields.tag;
    let short = tag.replace(" of ", "/");
    // The longest spelling first.
    let tagged = match (tag.is_empty(), sign.is_empty()) {
        (true, _) => Vec::new(),
        (false, true) => vec![tag.clone()],
        (false, false) => {
            let shortest = short.trim_start_matches("strike ");
            vec![format!("{tag}  {sign:>3}"), format!("{short} {sign}"), format!("{shortest} {sign}")]
        }
    };
    let what = columns(&fields.what);
    let fits_behind = |what: u16, note: &str, detail: u16| {
        what.saturating_add(detail).saturating_add(2).saturating_add(columns(note)) <= room
    };
    let fits = |note: &str, detail: u16| fits_behind(what, note, detail);
    let beside = |detail: u16| {
        // A shorter spelling that leaves the details under each other goes before a longer one that does not.
        let in_line = if detail > 0 { WHAT.max(what) } else { what };
        let aligned = tagged.iter().find(|note| fits_behind(in_line, note, detail));
        aligned.or_else(|| tagged.iter().find(|note| fits(note, detail)))
    };
    let mut note = beside(detail);
    if record.strike.is_some() {
        let shorter = if fields.short.is_empty() { detail } else { columns(&fields.short) + 2 };
        note = note.or_else(|| beside(shorter)).or_else(|| beside(0));
    }
    let note = note.or(Some(&sign).filter(|sign| fits(sign, 0))).cloned().unwrap_or_default();
    // On a wide screen the note stays near what it belongs to; behind long words it follows at once.
    let whole = WHAT.max(what).saturating_add(detail.max(2)).saturating_add(2 + columns(&note));
    (note, room.min(whole.max(NEAR)))
}

/// A mark where records are missing.
fn gap(state: &State, after: Timestamp, before: Option<Timestamp>, look: Look, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let time = |t| when::past(t, state.server_second(), state.zone);
    let words = match before {
        Some(before) => format!(" records may be missing between {} and {} ", time(after), time(before)),
        None => format!(" records may be missing since {} ", time(after)),
    };
    let width = canvas.width().saturating_sub(2);
    canvas.repeat(1, 0, width, theme.glyph().line, look.over(theme.mute(), theme));
    canvas.put_fit(3, 0, width.saturating_sub(4), &words, look.over(theme.warn(), theme));
}

/// One line for a screen without boxes: `13:58 E client-b failed 429   2/5`.
pub(super) fn compact(state: &State, seen: Seen<'_>, look: Look, y: u16, canvas: &mut Canvas<'_>) {
    let width = canvas.width();
    let mut canvas = canvas.part(Rect::new(0, y, width, 1));
    let canvas = &mut canvas;
    lie_under(look, 1, canvas);
    let theme = canvas.theme();
    let over = |style| look.over(style, theme);
    if look != Look::Usual {
        canvas.put(0, 0, theme.glyph().here, over(theme.strong()));
    }
    if let Entry::Note(note) = seen.entry {
        note_line::compact(state, note, look, canvas);
        if seen.hit {
            mark_found(state, 1, 1, canvas);
        }
        return;
    }
    let Entry::Record(record) = seen.entry else {
        canvas.put_fit(1, 0, width.saturating_sub(2), "records may be missing here", over(theme.warn()));
        return;
    };
    let mut x = canvas.put(1, 0, &when::minutes(record.line.at, state.zone), over(theme.mute()));
    let level = record.line.level.as_str();
    let initial: String = level.chars().take(1).collect();
    x = canvas.put(x + 1, 0, &initial, over(level_style(&record.line.level, theme))) + 1;
    let who = source(state, record);
    if !who.is_empty() {
        let most = 12 + width.saturating_sub(40) / 2;
        x = canvas.put_fit(x, 0, most.min(20), &who, over(theme.text())) + 1;
    }
    let left = state.events.left;
    let fields = fields(record, state, left + usize::from(width));
    let end = width.saturating_sub(1);
    let tag = fields.tag.replace("strike ", "").replace(" of ", "/");
    let keep = if fields.tag.starts_with("strike") && left == 0 { columns(&tag) + 1 } else { 0 };
    let detail = match &record.event.kind {
        Kind::Failed(Cause::TokenRefresh) => ": sign in again".to_owned(),
        Kind::Failed(cause) => words::cause_short(cause),
        Kind::NewWindow(Some(t)) => when::minutes(*t, state.zone),
        _ if !fields.short.is_empty() => fields.short.clone(),
        _ => fields.detail.clone(),
    };
    let mut said = fields.what.clone();
    if !detail.is_empty() {
        said.push_str(if detail.starts_with(':') { "" } else { " " });
        said.push_str(&detail);
    }
    // What follows says of itself that it is a refresh, but for one that was only sent.
    let said = said.strip_prefix("refresh ").filter(|rest| !rest.starts_with("sent")).unwrap_or(&said);
    let few = Some(record).filter(|_| left == 0 && width < NARROW).and_then(in_few_words);
    let said = few.as_deref().unwrap_or(said);
    let style = over(what_style(record, theme));
    if left > 0 {
        x = canvas.put(x, 0, theme.glyph().more, over(theme.mute()));
    }
    canvas.put_fit(x, 0, end.saturating_sub(x + keep), text::skip(said, left), style);
    if keep > 0 && x + keep < end {
        canvas.put(end - columns(&tag), 0, &tag, over(theme.mute()));
    }
    if seen.hit {
        mark_found(state, 1, 1, canvas);
    }
}
