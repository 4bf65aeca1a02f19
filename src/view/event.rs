//! One event whole, over the panes: what it was taken for, and every record that belongs to it; or all that a note says.

use ratatui::layout::{Rect, Size};

use super::canvas::Canvas;
use super::event_words::{fields, level_style, what_style};
use super::frame::Frame;
use super::theme::Theme;
use super::{notes, text, when};
use crate::app::logs::{News, Record};
use crate::app::{Happened, Opened, ROOMY, Row, State};
use crate::keymap::Action;
use crate::layout::{NARROW, event_room};
use crate::model::Weight;

/// Draws the event over the middle of `canvas`.
pub(super) fn render(state: &State, opened: &Opened, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    // The line at the top stays in sight.
    let (width, height) = (canvas.width(), canvas.height());
    let mut panes = canvas.part(Rect::new(0, 1, width, height.saturating_sub(1)));
    let room = event_room(Size::new(width, height + 1));
    let fits = usize::from(room.height);
    let from = opened.scroll.min(opened.len().saturating_sub(fits));
    let mut frame = Frame { title: title(opened), focused: true, ..Frame::default() };
    if opened.len() > fits {
        let last = opened.len().min(from + fits);
        let down = state.hint(Action::Down, "scrolls").filter(|_| width >= NARROW);
        let down = down.map(|hint| format!("  {hint}")).unwrap_or_default();
        frame.right.push((format!("{}-{last} of {}{down}", from + 1, opened.len()), theme.mute()));
    }
    let lines = u16::try_from(opened.len()).unwrap_or(u16::MAX).min(room.height);
    let mut inner = super::over(&mut panes, room.width + 4, lines + 2, &frame);
    for (y, row) in (0..inner.height()).zip(opened.rows_from(from)) {
        draw(state, opened, row, y, &mut inner);
    }
}

fn title(opened: &Opened) -> String {
    match opened.told() {
        Happened::Records(records, _) if records.len() == 1 => "Event: one record".to_owned(),
        Happened::Records(records, _) => format!("Event: {} records", records.len()),
        Happened::Note(note) if matches!(note.news, News::Yours { .. }) => "Event: your change".to_owned(),
        Happened::Note(_) => "Event: seen in the list".to_owned(),
    }
}

fn draw(state: &State, opened: &Opened, row: Row<'_>, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let room = canvas.width().saturating_sub(2);
    match row {
        Row::Blank => {}
        Row::When => {
            if let Some(at) = opened.at() {
                let x = canvas.put_fit(1, y, room, &when::whole(at, state.zone), theme.text());
                if usize::from(room) >= ROOMY {
                    about(state, opened, x + 2, y, canvas);
                }
            }
        }
        Row::About => about(state, opened, 1, y, canvas),
        Row::Taken => {
            if let Some(record) = opened.teller() {
                let style = what_style(record, theme).patch(theme.strong());
                canvas.put_fit(1, y, room, &taken_for(record, state, room, theme), style);
            }
        }
        Row::Missing(count) => {
            let words = match count {
                1 => "1 more of its records is no longer kept".to_owned(),
                n => format!("{n} more of its records are no longer kept"),
            };
            canvas.put_fit(1, y, room, &words, theme.warn());
        }
        Row::Record(record) => {
            let x = canvas.put(1, y, &when::millis(record.line.at, state.zone), theme.mute());
            let level = record.line.level.as_str();
            canvas.put_fit(
                x + 2,
                y,
                room.saturating_sub(x + 1),
                level,
                level_style(&record.line.level, theme),
            );
        }
        Row::Text(words) => {
            let mut x = 1 + u16::try_from(opened.indent()).unwrap_or(0);
            let rest = if opened.left == 0 { words } else { text::skip(words, opened.left) };
            if rest.len() < words.len() {
                x = canvas.put(x, y, theme.glyph().more, theme.mute());
            }
            canvas.put_fit(x, y, (1 + room).saturating_sub(x), &state.shown_text(rest), theme.text());
        }
        Row::Cut(words) => {
            canvas.put_fit(1, y, room, &format!("{} {words}", theme.glyph().more), theme.warn());
        }
    }
}

/// How serious it is, or whose, and about whom.
fn about(state: &State, opened: &Opened, x: u16, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let (level, style, name) = match opened.told() {
        Happened::Records(records, teller) => {
            let Some(record) = records.get(*teller) else { return };
            let level = &record.line.level;
            (level.as_str(), level_style(level, theme), record.event.account.as_ref())
        }
        Happened::Note(note) => {
            let name = Some(&note.account).filter(|name| !name.is_blank());
            (note.news.whose(), notes::styles(note, theme).0, name)
        }
    };
    let room = (canvas.width().saturating_sub(1)).saturating_sub(x);
    let x = canvas.put_fit(x, y, room, level, style) + 2;
    let room = (canvas.width().saturating_sub(1)).saturating_sub(x);
    if let Some(name) = name {
        canvas.put_fit(x, y, room, &state.shown(name), theme.strong());
    }
}

/// What the program takes it for, in its own words.
fn taken_for(record: &Record, state: &State, room: u16, theme: &Theme) -> String {
    let fields = fields(record, state, usize::from(room));
    if fields.raw {
        match record.event.kind.weight() {
            Weight::Plain => "nothing about auto-refresh".to_owned(),
            Weight::Detail | Weight::Refresh => "a detail of a refresh".to_owned(),
        }
    } else {
        // What may be long comes last.
        let narrow = usize::from(room) < ROOMY && !fields.short.is_empty();
        let detail = if narrow { fields.short } else { fields.detail };
        let parts = [fields.what, fields.tag, detail];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(&format!(" {} ", theme.glyph().dot))
    }
}
