//! In which order the accounts stand.

use super::refresh::{Prognosis, counts_to, prognosis};
use super::standing::standing;
use super::switch::{Switch, switch};
use super::{State, logs};
use crate::layout::columns::{Column, ColumnChoice};
use crate::model::{Account, Setting, Timestamp};

/// What the accounts are sorted by: columns of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortBy {
    /// The name.
    Name,
    /// The priority, lower first.
    #[default]
    Priority,
    /// The position of auto-refresh.
    Auto,
    /// STATE, the gravest first.
    State,
    /// Use of the five-hour window, the fullest first.
    FiveHour,
    /// Use of the seven-day window, the fullest first.
    SevenDay,
    /// What RESETS IN counts to.
    Resets,
    /// The next refresh.
    Next,
    /// The last refresh, the newest first.
    Last,
}

/// Every column that can be sorted by, from left to right.
const ORDER: [SortBy; 9] = [
    SortBy::Name,
    SortBy::Priority,
    SortBy::Auto,
    SortBy::State,
    SortBy::FiveHour,
    SortBy::SevenDay,
    SortBy::Resets,
    SortBy::Next,
    SortBy::Last,
];

/// The same in the order in which people ask: who is used first, what ends next, what is refreshed next, what is wrong, what is used up.
const ASKED: [SortBy; 9] = [
    SortBy::Priority,
    SortBy::Resets,
    SortBy::Next,
    SortBy::State,
    SortBy::FiveHour,
    SortBy::SevenDay,
    SortBy::Last,
    SortBy::Auto,
    SortBy::Name,
];

impl SortBy {
    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Priority => "pri",
            Self::Auto => "auto",
            Self::State => "state",
            Self::FiveHour => "5h use",
            Self::SevenDay => "7d use",
            Self::Resets => "resets in",
            Self::Next => "next refresh",
            Self::Last => "last refresh",
        }
    }

    /// What sorting by a column is.
    pub(crate) fn of(column: Column) -> Option<Self> {
        Some(match column {
            Column::Name => Self::Name,
            Column::Priority => Self::Priority,
            Column::Auto => Self::Auto,
            Column::State => Self::State,
            Column::Bar | Column::Percent => Self::FiveHour,
            Column::WeekBar | Column::Week => Self::SevenDay,
            Column::Resets | Column::At => Self::Resets,
            Column::Next => Self::Next,
            Column::Last => Self::Last,
            Column::Provider | Column::Fallback | Column::Pace => return None,
        })
    }

    /// True where one of its columns is not hidden.
    fn is_in(self, choice: ColumnChoice) -> bool {
        self == Self::Name
            || Column::CHOSEN.into_iter().any(|c| Self::of(c) == Some(self) && !choice.hides(c))
    }

    fn place(self) -> usize {
        ORDER.iter().position(|by| *by == self).unwrap_or(0)
    }

    /// What is looked for stands on top.
    fn usual(self) -> Direction {
        match self {
            Self::FiveHour | Self::SevenDay | Self::Last => Direction::Down,
            _ => Direction::Up,
        }
    }
}

/// Which end is on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// The least, the first, the soonest.
    #[default]
    Up,
    /// The most, the last, the latest.
    Down,
}

/// In which order the accounts stand. Equal ones stand by priority, then name, then id, and those about which nothing is known stand
/// last, whatever the direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Which end is on top.
    pub direction: Direction,
}

impl Sort {
    /// By that column, in its usual direction.
    pub fn by(by: SortBy) -> Self {
        Self { by, direction: by.usual() }
    }

    /// By what is asked for next: by priority, then by the end of the window, then by the next refresh, and so on.
    #[must_use]
    pub fn next(self) -> Self {
        let at = ASKED.iter().position(|by| *by == self.by);
        Self::by(at.and_then(|at| ASKED.get(at + 1)).copied().unwrap_or_default())
    }

    /// By the column to the left, if there is one that is not hidden.
    pub(crate) fn left(self, choice: ColumnChoice) -> Option<Self> {
        let before = ORDER.get(..self.by.place()).unwrap_or_default();
        before.iter().rev().find(|by| by.is_in(choice)).map(|by| Self::by(*by))
    }

    /// By the column to the right, if there is one that is not hidden.
    pub(crate) fn right(self, choice: ColumnChoice) -> Option<Self> {
        let behind = ORDER.get(self.by.place() + 1..).unwrap_or_default();
        behind.iter().find(|by| by.is_in(choice)).map(|by| Self::by(*by))
    }

    /// The other end on top.
    #[must_use]
    pub fn flipped(self) -> Self {
        let direction = match self.direction {
            Direction::Up => Direction::Down,
            Direction::Down => Direction::Up,
        };
        Self { direction, ..self }
    }
}

/// What two accounts are compared by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Text(String),
}

/// The places of the list's accounts in the order of `sort`; none where that is the list's own order.
pub(super) fn order(state: &State, sort: Sort) -> Option<Vec<u32>> {
    if sort == Sort::default() {
        return None;
    }
    let rows = state.accounts.rows();
    let mut keyed: Vec<(Option<Key>, u32)> =
        (0..).zip(rows).map(|(at, account)| (key(state, account, sort.by), at)).collect();
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) if sort.direction == Direction::Down => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    });
    Some(keyed.into_iter().map(|(_, at)| at).collect())
}

fn key(state: &State, account: &Account, by: SortBy) -> Option<Key> {
    if by == SortBy::Name {
        return Some(Key::Text(account.name.as_str().to_lowercase()));
    }
    if by == SortBy::State {
        return Some(Key::Number(i64::try_from(standing(state, account).rank()).unwrap_or(i64::MAX)));
    }
    if account.fault.is_some() {
        return None;
    }
    let now = state.server_second();
    let number = match by {
        SortBy::Name | SortBy::State => return None,
        SortBy::Priority => account.priority,
        SortBy::Auto => match switch(state, account, Setting::AutoRefresh) {
            Switch::On | Switch::Changing(true) | Switch::Unsure(true) => 0,
            Switch::Off | Switch::Changing(false) | Switch::Unsure(false) => 1,
            Switch::OffByServer => 2,
            Switch::NotOffered => return None,
        },
        SortBy::FiveHour | SortBy::SevenDay => {
            let window = if by == SortBy::FiveHour { &account.five_hour } else { &account.seven_day };
            let spent = window.as_ref()?.spent_at(now)?.percent();
            (spent * 100.0).round() as i64
        }
        SortBy::Resets => millis(counts_to(state, account)?.at),
        SortBy::Next => match prognosis(state, account) {
            Prognosis::NextTick => i64::MIN,
            Prognosis::After(t) => millis(t),
            Prognosis::Unknown | Prognosis::NotOffered | Prognosis::Never(_) => return None,
        },
        SortBy::Last => {
            let facts: &logs::Facts = state.logs.facts(&account.name)?;
            millis(facts.last.as_ref()?.0)
        }
    };
    Some(Key::Number(number))
}

fn millis(t: Timestamp) -> i64 {
    t.timestamp_millis()
}
