//! A table of names and values, and the words for values that are common to the views of an account.

use chrono::{DurationRound as _, TimeDelta};
use ratatui::style::Style;

use super::lines::Line;
use super::theme::Theme;
use super::{countdown, text, when};
use crate::app::State;
use crate::model::{Fact, Models, Named, Plain, Timestamp};

/// Below this width a value that is long stands under its name.
const NARROW: usize = 40;
/// A name that is longer stands on a line of its own, and the values of the others need not make room for it.
const LONG: usize = 17;
const LONG_WHERE_NARROW: usize = 11;

/// What a table holds.
enum Entry {
    Row { name: String, value: String, style: Style },
    Line(Line),
}

/// A table of names and values.
pub(super) struct Sheet<'a> {
    pub(super) state: &'a State,
    pub(super) theme: &'a Theme,
    width: usize,
    /// The least columns of the names.
    least: usize,
    entries: Vec<Entry>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(state: &'a State, theme: &'a Theme, width: usize) -> Self {
        Self { state, theme, width, least: 0, entries: Vec::new() }
    }

    /// The names take at least so many columns, with the blanks behind them.
    pub(super) fn names_take(&mut self, columns: usize) {
        self.least = columns;
    }

    /// One name and its value.
    pub(super) fn row(&mut self, name: &str, value: &str) {
        self.styled(name, value, self.theme.text());
    }

    pub(super) fn styled(&mut self, name: &str, value: &str, style: Style) {
        self.entries.push(Entry::Row { name: name.to_owned(), value: value.to_owned(), style });
    }

    /// Lines that are no rows of the table.
    pub(super) fn all(&mut self, lines: Vec<Line>) {
        self.entries.extend(lines.into_iter().map(Entry::Line));
    }

    /// A blank line between what is above and what is below, if there is anything.
    pub(super) fn gap(&mut self) {
        let parted = self.entries.last().is_none_or(|e| matches!(e, Entry::Line(line) if line.is_blank()));
        if !parted {
            self.entries.push(Entry::Line(Line::default()));
        }
    }

    /// The table's lines. The names take the columns that they need.
    pub(super) fn lines(mut self) -> Vec<Line> {
        self.entries.pop_if(|e| matches!(e, Entry::Line(line) if line.is_blank()));
        let (long, gap) = if self.width < NARROW { (LONG_WHERE_NARROW, 1) } else { (LONG, 2) };
        let needed = self.entries.iter().filter_map(|entry| match entry {
            Entry::Row { name, .. } => Some(text::width(name)).filter(|columns| *columns <= long),
            Entry::Line(_) => None,
        });
        let names = (needed.max().unwrap_or(long) + gap).max(self.least);
        let mut lines = Vec::with_capacity(self.entries.len());
        for entry in self.entries {
            match entry {
                Entry::Line(line) => lines.push(line),
                Entry::Row { name, value, style } => {
                    row(&name, &value, style, (self.width, names), self.theme, &mut lines);
                }
            }
        }
        lines
    }

    /// A sentence of its own.
    pub(super) fn say(&mut self, words: &str, style: Style) {
        self.all(text::wrap(words, self.width).into_iter().map(|l| Line::of(l, style)).collect());
    }

    /// What is named as the server names it.
    pub(super) fn named(&mut self, all: &[Named]) {
        for (name, fact) in all {
            let hidden = self.state.names.are_hidden() && super::detail::telling(name.as_str());
            let value = if hidden { "(hidden)".to_owned() } else { value(fact, self.state) };
            self.row(&spaced(name.as_str()), &value);
        }
    }

    /// Which models stand for which.
    pub(super) fn models(&mut self, name: &str, all: &[Models]) {
        if all.is_empty() {
            self.row(name, "none");
        }
        for (i, (model, instead)) in all.iter().enumerate() {
            let instead: Vec<&str> = instead.iter().map(Plain::as_str).collect();
            let words = format!(
                "{model} -> {}",
                if instead.is_empty() { "none".to_owned() } else { instead.join(", then ") }
            );
            self.row(if i == 0 { name } else { "" }, &words);
        }
    }
}

/// One name and its value in a table of `width` columns whose names take `names` of them.
fn row(
    name: &str,
    value: &str,
    style: Style,
    (width, names): (usize, usize),
    theme: &Theme,
    lines: &mut Vec<Line>,
) {
    let mute = theme.mute();
    let room = width.saturating_sub(names).max(1);
    let short = text::width(name) < names;
    let beside = || format!("{name}{}", " ".repeat(names.saturating_sub(text::width(name))));
    if short && text::width(value) <= room {
        lines.push(Line::of(beside(), mute).and(value, style));
        return;
    }
    let under = !short || width < NARROW;
    let (indent, room) = if under { (2, width.saturating_sub(2)) } else { (names, room) };
    if under {
        lines.push(Line::of(text::fit(name, width, "..").into_owned(), mute));
    }
    for (i, part) in text::wrap(value, room.max(1)).into_iter().enumerate() {
        let before = if under || i > 0 { " ".repeat(indent) } else { beside() };
        lines.push(Line::of(before, mute).and(part, style));
    }
}

/// A moment to come, with the time until then where time left is shown. It changes at whole minutes only, as the clock does.
pub(super) fn ahead(t: Timestamp, state: &State) -> String {
    let now = state.server_second();
    if state.display.is_clock() {
        return when::ahead(t, now, state.zone);
    }
    let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
    let left = (t - minute).max(TimeDelta::minutes(1));
    format!("{}, in {}", when::ahead(t, now, state.zone), countdown::duration(left))
}

/// A past moment.
pub(super) fn past(t: Timestamp, state: &State) -> String {
    if when::same_day(t, state.server_second(), state.zone) {
        when::seconds(t, state.zone)
    } else {
        when::full(t, state.zone)
    }
}

/// A value in words.
pub(super) fn value(fact: &Fact, state: &State) -> String {
    match fact {
        Fact::Time(t) if *t > state.server_second() => ahead(*t, state),
        Fact::Time(t) => past(*t, state),
        Fact::Number(n) => number(*n),
        Fact::Text(words) if words.is_blank() => "(empty)".to_owned(),
        Fact::Text(words) => state.shown_text(words.as_str()).into_owned(),
        Fact::Truth(true) => "yes".to_owned(),
        Fact::Truth(false) => "no".to_owned(),
        Fact::None => "none".to_owned(),
    }
}

/// `reserve5h`, `monthly_limit`, `planName` as words.
pub(super) fn spaced(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.chars() {
        if lower && c.is_uppercase() {
            out.push(' ');
        }
        lower = c.is_lowercase() || c.is_ascii_digit();
        out.extend(if c == '_' { ' ' } else { c }.to_lowercase());
    }
    out
}

/// `1,234,567.5`.
pub(super) fn number(n: f64) -> String {
    let whole = n.to_string();
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole.as_str()), |digits| ("-", digits));
    let (digits, fraction) =
        digits.split_once('.').map_or((digits, String::new()), |(d, f)| (d, format!(".{f}")));
    let mut out = String::from(sign);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(&fraction);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_spelled_for_people() {
        for (n, expected) in [
            (0.0, "0"),
            (999.0, "999"),
            (4_000_000.0, "4,000,000"),
            (-1234.5, "-1,234.5"),
            (61.0, "61"),
            (0.062, "0.062"),
        ] {
            assert_eq!(number(n), expected);
        }
        for (name, expected) in [
            ("planName", "plan name"),
            ("monthly_limit", "monthly limit"),
            ("reserve5h", "reserve5h"),
            ("isShared", "is shared"),
            ("", ""),
        ] {
            assert_eq!(spaced(name), expected);
        }
    }
}
