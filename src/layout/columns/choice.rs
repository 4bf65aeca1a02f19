//! Which of the table's columns are wanted: what the user chose, on top of what the width decides.

use super::Column;

/// How much a column is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Wanted {
    /// It is on no page.
    Hidden,
    /// It is where there is room for it.
    #[default]
    Shown,
    /// It has its place before those that are only shown: on the first page, where that has room for it at all.
    Kept,
}

impl Wanted {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Shown, Self::Kept, Self::Hidden];

    /// Its name in the configuration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Shown => "shown",
            Self::Kept => "kept",
        }
    }
}

/// How much each column is wanted. The account's name is always shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ColumnChoice {
    /// One bit for each column.
    hidden: u16,
    kept: u16,
}

impl ColumnChoice {
    /// How much `column` is wanted.
    pub(crate) fn of(self, column: Column) -> Wanted {
        match bit(column) {
            b if self.hidden & b != 0 => Wanted::Hidden,
            b if self.kept & b != 0 => Wanted::Kept,
            _ => Wanted::Shown,
        }
    }

    /// True where `column` is on no page.
    pub(crate) fn hides(self, column: Column) -> bool {
        self.of(column) == Wanted::Hidden
    }

    /// The same, but for one column.
    #[must_use]
    pub(crate) fn with(self, column: Column, wanted: Wanted) -> Self {
        let b = bit(column);
        let (hidden, kept) = (self.hidden & !b, self.kept & !b);
        match wanted {
            Wanted::Hidden if column != Column::Name => Self { hidden: hidden | b, kept },
            Wanted::Kept => Self { hidden, kept: kept | b },
            Wanted::Hidden | Wanted::Shown => Self { hidden, kept },
        }
    }

    /// True where nothing was chosen.
    pub(crate) fn is_usual(self) -> bool {
        self == Self::default()
    }

    /// What was chosen, from left to right.
    pub(crate) fn chosen(self) -> impl Iterator<Item = (Column, Wanted)> {
        Column::CHOSEN.into_iter().map(move |c| (c, self.of(c))).filter(|(_, w)| *w != Wanted::Shown)
    }
}

fn bit(column: Column) -> u16 {
    1 << column as u16
}

impl Column {
    /// Every column that can be hidden, from left to right.
    pub(crate) const CHOSEN: [Self; 14] = [
        Self::Provider,
        Self::Priority,
        Self::Auto,
        Self::Fallback,
        Self::State,
        Self::Bar,
        Self::Percent,
        Self::Pace,
        Self::WeekBar,
        Self::Week,
        Self::Resets,
        Self::At,
        Self::Next,
        Self::Last,
    ];

    /// Its name in the configuration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Provider => "provider",
            Self::Priority => "priority",
            Self::Auto => "auto_refresh",
            Self::Fallback => "auto_fallback",
            Self::State => "state",
            Self::Bar => "five_hour_bar",
            Self::Percent => "five_hour",
            Self::Pace => "pace",
            Self::WeekBar => "seven_day_bar",
            Self::Week => "seven_day",
            Self::Resets => "resets_in",
            Self::At => "resets_at",
            Self::Next => "next_refresh",
            Self::Last => "last_refresh",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::columns::ORDER;

    #[test]
    fn every_column_but_the_name_can_be_chosen_once_and_in_its_place() {
        let all: Vec<Column> = ORDER.iter().map(|(column, ..)| *column).skip(1).collect();
        assert_eq!(Column::CHOSEN.to_vec(), all);
    }

    #[test]
    fn a_column_is_wanted_as_it_was_chosen_last_and_the_others_are_as_before() {
        let mut choice = ColumnChoice::default();
        for column in Column::CHOSEN {
            for wanted in [Wanted::Hidden, Wanted::Kept, Wanted::Shown, Wanted::Kept, Wanted::Hidden] {
                let before = choice;
                choice = choice.with(column, wanted);
                assert_eq!(choice.of(column), wanted);
                for other in Column::CHOSEN.into_iter().filter(|c| *c != column) {
                    assert_eq!(choice.of(other), before.of(other));
                }
            }
        }
        assert_eq!(choice.chosen().count(), Column::CHOSEN.len());
        assert!(
            Column::CHOSEN.into_iter().fold(choice, |c, column| c.with(column, Wanted::Shown)).is_usual()
        );
    }

    #[test]
    fn the_name_is_always_shown() {
        assert_eq!(
            ColumnChoice::default().with(Column::Name, Wanted::Hidden).of(Column::Name),
            Wanted::Shown
        );
    }
}
