//! The words of the language: the terms, their values, and what they are called in a help.

use crate::app::standing::STANDING_WORDS;

/// One line of a help about the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermHelp {
    /// How it is written.
    pub example: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

const fn term(example: &'static str, meaning: &'static str) -> TermHelp {
    TermHelp { example, meaning }
}

/// The language in examples, for a help about it.
pub const TERMS: &[TermHelp] = &[
    term("work", "part of the name; \"in quotes\" with blanks"),
    term("auto:off", "on, off, off! (by the server), n/a"),
    term("state:due", "as the STATE column has it"),
    term("provider:zai", "the provider's whole word"),
    term("pri<10", "also pri>5  pri:0-9  pri:5"),
    term("resets<30m", "time left: s, m, h, d as in 1h30m"),
    term("use>80", "percent; of one window: 5h>80  7d>80"),
    term("needs:me", "needs a person"),
    term("id:6f0c", "the id begins so"),
    term("!auto:on", "not; so does not:auto:on"),
    term("a b or c", "both a and b, or else c"),
];

/// What a term looks at, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Auto,
    State,
    Provider,
    Priority,
    Use(Usage),
    Resets,
    Needs,
    Id,
}

/// Which window's use is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Usage {
    /// That of the fuller window.
    Fuller,
    FiveHour,
    SevenDay,
}

/// Every subject under its name.
pub(super) const SUBJECTS: &[(&str, Subject)] = &[
    ("auto", Subject::Auto),
    ("state", Subject::State),
    ("provider", Subject::Provider),
    ("pri", Subject::Priority),
    ("resets", Subject::Resets),
    ("use", Subject::Use(Usage::Fuller)),
    ("5h", Subject::Use(Usage::FiveHour)),
    ("7d", Subject::Use(Usage::SevenDay)),
    ("needs", Subject::Needs),
    ("id", Subject::Id),
];

/// The words for the position of auto-refresh.
pub(super) const AUTO: &[&str] = &["on", "off", "off!", "n/a"];
/// The words after `needs:`.
pub(super) const NEEDS: &[&str] = &["me"];

impl Subject {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        SUBJECTS.iter().find(|(_, subject)| *subject == self).map_or("", |(name, _)| name)
    }

    /// True where it is compared with a number.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Priority | Self::Use(_) | Self::Resets)
    }

    /// The values that it can have; none where they are not a list.
    pub(super) fn values(self) -> &'static [&'static str] {
        match self {
            Self::Auto => AUTO,
            Self::State => STANDING_WORDS,
            Self::Needs => NEEDS,
            _ => &[],
        }
    }

    /// How it is written, for a message about a wrong value.
    pub(super) fn example(self) -> &'static str {
        match self {
            Self::Priority => "pri<10, pri>5, pri:5 or pri:0-9",
            Self::Use(Usage::Fuller) => "use>80, use<50 or use:50-80",
            Self::Use(Usage::FiveHour) => "5h>80, 5h<50 or 5h:50-80",
            Self::Use(Usage::SevenDay) => "7d>80, 7d<50 or 7d:50-80",
            Self::Resets => "resets<30m, resets>1h30m or resets:1h-2h",
            Self::Auto => "auto:on or auto:off",
            Self::State => "state:due",
            Self::Provider => "provider:zai",
            Self::Needs => "needs:me",
            Self::Id => "id:6f0c",
        }
    }
}

/// Which numbers are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range<T> {
    Below(T),
    AtMost(T),
    Above(T),
    AtLeast(T),
    Is(T),
    /// Both ends included.
    Between(T, T),
}

impl<T: Copy> Range<T> {
    /// True where `value` is meant.
    pub(super) fn holds<V: PartialOrd + Copy + From<T>>(self, value: V) -> bool {
        match self {
            Self::Below(end) => value < V::from(end),
            Self::AtMost(end) => value <= V::from(end),
            Self::Above(start) => value > V::from(start),
            Self::AtLeast(start) => value >= V::from(start),
            Self::Is(one) => value == V::from(one),
            Self::Between(start, end) => value >= V::from(start) && value <= V::from(end),
        }
    }

    /// Its ends.
    pub(super) fn ends(self) -> (T, Option<T>) {
        match self {
            Self::Below(n) | Self::AtMost(n) | Self::Above(n) | Self::AtLeast(n) | Self::Is(n) => (n, None),
            Self::Between(start, end) => (start, Some(end)),
        }
    }
}

/// A part of a name: as it was written, and as it is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    written: String,
    lower: String,
}

impl Word {
    pub(super) fn new(written: String) -> Self {
        let lower = written.to_lowercase();
        Self { written, lower }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.written
    }

    /// True where `name` has it, whatever the case.
    pub(super) fn is_in(&self, name: &str) -> bool {
        let (word, bytes) = (self.lower.as_bytes(), name.as_bytes());
        if self.lower.is_ascii() && name.is_ascii() {
            return word.is_empty() || bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
        }
        name.to_lowercase().contains(&self.lower)
    }
}
