//! One event whole: every record that belongs to it, its messages and what came with them, or a note with its whole reason, laid out
//! once for the screen's width.
//!
//! What is opened is a copy: nothing that comes or goes in the log moves it. Only a note says what becomes of it.

mod pretty;
mod rows;

use super::State;
use super::events;
use super::logs::{Note, Record};
use super::state::Dialog;
use crate::layout::event_room;
use crate::model::{Plain, Timestamp, Value, masked};

/// How much of one message, or of what came with it, is shown.
const LONGEST: usize = 64 << 10;
/// How much is shown of an event in all.
const MOST: usize = 256 << 10;
/// How many columns a step to the side is.
const STEP: usize = 20;
/// From so many columns on, the first row has room for more than the time.
pub const ROOMY: usize = 56;
/// How far messages are moved in under the times of their records.
const INDENT: usize = 2;
/// So many blanks in a message were the end of a line and the beginning of the next.
const BREAK: &str = "     ";

/// What stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row<'a> {
    /// When the event was told; on the same row how serious it is and whom it is about, where there is room.
    When,
    /// How serious it is and whom it is about.
    About,
    /// What it was taken for.
    Taken,
    /// So many of its records are no longer kept.
    Missing(usize),
    /// Nothing.
    Blank,
    /// One of its records begins.
    Record(&'a Record),
    /// A part of a message, or of what came with it.
    Text(&'a str),
    /// What is not shown.
    Cut(&'a str),
}

/// What an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// Records of the server's log, oldest first, and which of them tells it.
    Records(Vec<Record>, usize),
    /// What that log does not tell.
    Note(Note),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    When,
    About,
    Taken,
    Missing(usize),
    Blank,
    Record(usize),
    Text(String),
    Cut(String),
}

/// An event that is shown whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    told: Happened,
    lines: Vec<Line>,
    /// The lines broken into rows: of which line, from where to where.
    rows: Vec<(usize, usize, usize)>,
    /// For how many columns.
    columns: usize,
    /// A line is longer than those.
    long: bool,
    /// How many rows are scrolled off the top.
    pub scroll: usize,
    /// How many columns are scrolled to the left.
    pub left: usize,
    /// Long lines are broken.
    pub wrap: bool,
}

impl Opened {
    fn new(told: Happened, showing: fn(&Value) -> Value) -> Self {
        let lines = match &told {
            Happened::Records(records, teller) => of_records(records, *teller),
            Happened::Note(note) => of_note(note, showing),
        };
        Self { told, lines, rows: Vec::new(), columns: 0, long: false, scroll: 0, left: 0, wrap: true }
    }

    /// What it is.
    pub fn told(&self) -> &Happened {
        &self.told
    }

    /// When it was told.
    pub fn at(&self) -> Option<Timestamp> {
        match &self.told {
            Happened::Records(records, teller) => records.get(*teller).map(|record| record.line.at),
            Happened::Note(note) => Some(note.at),
        }
    }

    /// The record that tells it, where one does.
    pub fn teller(&self) -> Option<&Record> {
        match &self.told {
            Happened::Records(records, teller) => records.get(*teller),
            Happened::Note(_) => None,
        }
    }

    /// Its records; a note has none.
    pub fn records(&self) -> &[Record] {
        match &self.told {
            Happened::Records(records, _) => records,
            Happened::Note(_) => &[],
        }
    }

    /// How far its messages are moved in.
    pub fn indent(&self) -> usize {
        if self.records().len() > 1 { INDENT } else { 0 }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True where there is nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// True where breaking lines and scrolling them to the side shows something else.
    pub fn has_long_lines(&self) -> bool {
        self.long
    }

    /// The rows from one on.
    pub fn rows_from(&self, first: usize) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().skip(first).filter_map(|(line, from, to)| {
            Some(match self.lines.get(*line)? {
                Line::When => Row::When,
                Line::About => Row::About,
                Line::Taken => Row::Taken,
                Line::Missing(count) => Row::Missing(*count),
                Line::Blank => Row::Blank,
                Line::Record(index) => Row::Record(self.records().get(*index)?),
                Line::Text(text) => Row::Text(text.get(*from..*to)?),
                Line::Cut(text) => Row::Cut(text),
            })
        })
    }

    /// The text of all of it that is shown, each record begun by its time and level, for copying.
    pub(crate) fn text(&self, state: &State) -> Vec<String> {
        let mut out = Vec::new();
        let stamp = |at: Timestamp| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let begin = |record: &Record| format!("{} {} ", stamp(record.line.at), record.line.level.as_str());
        let mut head = match &self.told {
            Happened::Records(records, _) => records.first().filter(|_| records.len() == 1).map(begin),
            Happened::Note(note) => {
                let whose = note.news.whose();
                let blank = note.account.is_blank();
                let name = if blank { String::new() } else { format!("{} ", state.shown(&note.account)) };
                Some(format!("{} {whose} {name}", stamp(note.at)))
            }
        };
        for line in &self.lines {
            match line {
                Line::Record(index) => head = self.records().get(*index).map(begin),
                Line::Text(text) => {
                    out.push(head.take().unwrap_or_default() + &state.shown_text(text));
                }
                Line::Cut(text) => out.push(format!("({text})")),
                Line::When | Line::About | Line::Taken | Line::Missing(_) | Line::Blank => {}
            }
        }
        out
    }

    /// Lays it out for so many columns.
    fn lay_out(&mut self, columns: usize) {
        // What is on top stays there, though its row is another one.
        let on_top = self.rows.get(self.scroll).copied();
        self.columns = columns;
        self.rows.clear();
        let indent = self.indent();
        let room = columns.saturating_sub(indent);
        self.long = self.lines.iter().any(|line| matches!(line, Line::Text(text) if is_longer(text, room)));
        if !self.long {
            self.left = 0;
        }
        for (index, line) in self.lines.iter().enumerate() {
            match line {
                Line::About if columns >= ROOMY => {}
                Line::Text(text) if self.wrap => {
                    let broken = rows::broken(text, room);
                    self.rows.extend(broken.into_iter().map(|(from, to)| (index, from, to)));
                }
                Line::Text(text) => self.rows.push((index, 0, text.len())),
                _ => self.rows.push((index, 0, 0)),
            }
        }
        if let Some((line, from, _)) = on_top.filter(|_| self.scroll > 0) {
            self.scroll = self.rows.partition_point(|(l, _, to)| (*l, *to) <= (line, from));
        }
    }
}

/// The lines of the event that these records are, told by the one at `teller`.
fn of_records(records: &[Record], teller: usize) -> Vec<Line> {
    let mut lines = vec![Line::When, Line::About, Line::Taken];
    let holds = records.get(teller).map_or(0, |record| record.holds);
    let missing = usize::try_from(holds).unwrap_or(0).saturating_sub(records.len().saturating_sub(1));
    lines.extend((missing > 0).then_some(Line::Missing(missing)));
    let mut left = MOST;
    lines.push(Line::Blank);
    for (index, record) in records.iter().enumerate() {
        if left == 0 {
            lines.push(Line::Cut(format!("{} more records are not shown", records.len() - index)));
            break;
        }
        if records.len() > 1 {
            lines.push(Line::Record(index));
        }
        left = left.saturating_sub(message(&record.line.message, left.min(LONGEST), &mut lines));
        if let Some(data) = &record.line.data {
            left = left.saturating_sub(json(data, left.min(LONGEST), &mut lines));
        }
    }
    lines
}

/// The lines of a note: what it is about, and what became of it with the whole reason.
fn of_note(note: &Note, showing: fn(&Value) -> Value) -> Vec<Line> {
    let said = crate::view::note_lines(note, showing).into_iter().map(Line::Text);
    [Line::When, Line::About, Line::Blank].into_iter().chain(said).collect()
}

/// True where `text` takes more than so many columns.
fn is_longer(text: &str, columns: usize) -> bool {
    if text.is_ascii() { text.len() > columns } else { rows::broken(text, columns).len() > 1 }
}

/// The lines of a message, about `most` bytes of it, and how many they are.
fn message(text: &Plain, most: usize, lines: &mut Vec<Line>) -> usize {
    let shown = text.start(most);
    for (index, part) in masked(shown).split(BREAK).enumerate() {
        // A line break and the blanks after it have become blanks alike; those after it are kept.
        let part = if index == 0 { part.to_owned() } else { format!("    {}", part.trim_start()) };
        lines.push(Line::Text(part));
    }
    if shown.len() < text.len() {
        lines.push(cut(shown.len(), text.len()));
    }
    shown.len()
}

/// The lines of what came with a message.
fn json(data: &Plain, most: usize, lines: &mut Vec<Line>) -> usize {
    let (made, whole) = pretty::pretty(data.start(most), most);
    let shown: usize = made.iter().map(String::len).sum();
    lines.extend(made.into_iter().map(Line::Text));
    if !whole || data.len() > most {
        lines.push(cut(data.len().min(most), data.len()));
    }
    shown
}

fn cut(shown: usize, of: usize) -> Line {
    let size = |bytes: usize| match bytes {
        b if b >= 1 << 20 => format!("{:.1} MiB", b as f64 / f64::from(1 << 20)),
        b => format!("{} KiB", b.div_ceil(1 << 10)),
    };
    Line::Cut(format!("cut here: {} of {}", size(shown), size(of)))
}

/// The event under the cursor.
pub(crate) fn under_cursor(state: &State) -> Option<Opened> {
    events::event_under_cursor(state).map(|told| Opened::new(told, state.showing()))
}

/// Shows the event under the cursor whole.
pub(crate) fn open(state: &mut State) {
    let Some(mut opened) = under_cursor(state) else { return };
    opened.lay_out(usize::from(event_room(state.size).width));
    state.dialog = Some(Dialog::Event(Box::new(opened)));
}

/// A note that is shown whole says what has become of it since.
pub(crate) fn keep_up(state: &mut State) {
    let showing = state.showing();
    let State { dialog: Some(Dialog::Event(opened)), logs, .. } = state else { return };
    let Happened::Note(shown) = &opened.told else { return };
    let Some(note) = logs.find_note(shown.id).filter(|note| *note != shown) else { return };
    let Opened { scroll, left, wrap, .. } = **opened;
    **opened = Opened { scroll, left, wrap, ..Opened::new(Happened::Note(note.clone()), showing) };
    resized(state);
}

/// Scrolls by so many rows.
pub(crate) fn scroll(opened: &mut Opened, by: isize, fits: usize) {
    let most = opened.rows.len().saturating_sub(fits);
    opened.scroll = opened.scroll.saturating_add_signed(by).min(most);
}

/// Scrolls long lines to the side. That means something only where they are not broken.
pub(crate) fn sideways(opened: &mut Opened, steps: isize) {
    if opened.wrap {
        toggle_wrap(opened);
    }
    let longest = opened.rows.iter().map(|(_, from, to)| to - from).max().unwrap_or(0);
    let to = opened.left.saturating_add_signed(steps.saturating_mul(STEP.cast_signed()));
    opened.left = to.min(longest.saturating_sub(STEP));
}

/// Breaks long lines, or leaves them.
pub(crate) fn toggle_wrap(opened: &mut Opened) {
    opened.wrap = !opened.wrap;
    opened.left = 0;
    opened.lay_out(opened.columns);
}

/// The screen has another size.
pub(crate) fn resized(state: &mut State) {
    let room = event_room(state.size);
    if let Some(Dialog::Event(opened)) = &mut state.dialog {
        opened.lay_out(usize::from(room.width));
        scroll(opened, 0, usize::from(room.height));
    }
}
