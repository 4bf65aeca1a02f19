//! Which columns the table has at a width, and where. They leave in order of their use as the width shrinks.

mod choice;
mod first;

pub use choice::ColumnChoice;
pub(crate) use choice::Wanted;
use first::first;

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Provider,
    Priority,
    Auto,
    Fallback,
    State,
    /// Five-hour window: its bar, and beside it its percentage.
    Bar,
    Percent,
    /// How far its use is from even use.
    Pace,
    /// Seven-day window: its bar, and beside it its percentage.
    WeekBar,
    Week,
    Resets,
    At,
    Next,
    Last,
}

/// The columns of the marker before the name.
pub(crate) const MARKER: u16 = 3;

/// A column's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) column: Column,
    pub(crate) x: u16,
    pub(crate) width: u16,
}

/// Every column in its place from left to right: its width, and the blank columns before it.
const ORDER: &[(Column, u16, u16)] = &[
    (Column::Name, 8, 0),
    (Column::Provider, 9, 2),
    (Column::Priority, 3, 1),
    (Column::Auto, 4, 1),
    (Column::Fallback, 4, 1),
    (Column::State, 9, 1),
    (Column::Bar, 7, 1),
    (Column::Percent, 4, 1),
    (Column::Pace, 5, 1),
    (Column::WeekBar, 8, 2),
    (Column::Week, 4, 1),
    (Column::Resets, 9, 1),
    (Column::At, 11, 2),
    (Column::Next, 16, 2),
    (Column::Last, 15, 2),
];

/// The switch of the lines that a screen has that is too narrow for a table.
pub(crate) const NARROW_SWITCH: Place = Place { column: Column::Auto, x: 1, width: 4 };

/// The name's least width on the pages behind the first.
const LATER_NAME: u16 = 8;
/// A name with so many columns more is a sentence: the rest of a very wide screen stays empty at the right.
const MOST_SPARE: u16 = 24;

/// A column with its width and the blank columns before it.
type Spec = (Column, u16, u16);

/// How the columns share a width: the most useful are on the first page, what does not fit is on those behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Columns {
    width: u16,
    around: Around,
    /// How many columns the names would take.
    names: u16,
    /// How many the providers would.
    providers: u16,
    choice: ColumnChoice,
}

/// Where a column is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stand {
    /// On that page, the first being 0.
    Page(usize),
    /// In each account's line, whatever is chosen.
    Always,
    /// There as far as it matters most, and whole on that page.
    InPart(usize),
    /// On none.
    Nowhere,
}

/// What an account's line has on a screen that is too narrow for a table.
const OF_A_LINE: [Column; 3] = [Column::Name, Column::Auto, Column::Resets];
/// Of these it has the one that matters more.
const IN_PART: [Column; 2] = [Column::State, Column::Percent];

/// What the table stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    /// A box, whose border has room for signs.
    Box,
    /// Nothing.
    Nothing,
    /// Nothing, and the first page is no table: a line for each account, with its switch, name, number and countdown.
    Rows,
}

impl Columns {
    /// In a table of that width.
    pub(crate) fn of(width: u16) -> Self {
        Self { width, around: Around::Box, names: 0, providers: 0, choice: ColumnChoice::default() }
    }

    /// In a table of that width without a box around it.
    pub(crate) fn bare(width: u16) -> Self {
        let around = if width < super::NARROW { Around::Rows } else { Around::Nothing };
        Self { width, around, names: 0, providers: 0, choice: ColumnChoice::default() }
    }

    /// The same for names of so many columns: where they are long, less of them is cut.
    pub(crate) fn for_names(self, names: u16) -> Self {
        Self { names, ..self }
    }

    /// The same for providers of so many columns: what the names do not need, theirs get.
    pub(crate) fn for_providers(self, providers: u16) -> Self {
        Self { providers, ..self }
    }

    /// The same of the columns that are wanted.
    pub(crate) fn choosing(self, choice: ColumnChoice) -> Self {
        Self { choice, ..self }
    }

    /// The width of the pages behind the first: without a box the sign that there is more needs a column.
    fn later_width(self) -> u16 {
        self.width - u16::from(self.around != Around::Box && self.width > 0)
    }

    /// The column that stands at `x` of that page, if one does.
    pub(crate) fn at(self, page: usize, x: u16) -> Option<Column> {
        let places =
            if self.around == Around::Rows && page == 0 { vec![NARROW_SWITCH] } else { self.page(page) };
        places.into_iter().find(|p| (p.x..p.x + p.width).contains(&x)).map(|p| p.column)
    }

    /// How many pages there are; at least one.
    pub(crate) fn pages(self) -> usize {
        1 + self.later().len()
    }

    /// Where each of [`Column::CHOSEN`] is found.
    pub(crate) fn stands(self) -> Vec<Stand> {
        let pages: Vec<Vec<Place>> = (0..self.pages()).map(|page| self.page(page)).collect();
        Column::CHOSEN.into_iter().map(|column| self.stand(column, &pages)).collect()
    }

    fn stand(self, column: Column, pages: &[Vec<Place>]) -> Stand {
        if self.around == Around::Rows && OF_A_LINE.contains(&column) {
            return Stand::Always;
        }
        if self.choice.hides(column) {
            return Stand::Nowhere;
        }
        let from = usize::from(self.around == Around::Rows);
        let shows = |(_, page): &(usize, &Vec<Place>)| page.iter().any(|p| p.column == column);
        match pages.iter().enumerate().skip(from).find(shows).map(|(page, _)| page) {
            Some(page) if from == 1 && IN_PART.contains(&column) => Stand::InPart(page),
            Some(page) => Stand::Page(page),
            None => Stand::Nowhere,
        }
    }

    /// The columns of that page, and where they are.
    pub(crate) fn page(self, page: usize) -> Vec<Place> {
        let Some(later) = page.checked_sub(1) else {
            let (specs, margin) = first(self);
            return self.placed(specs, self.width.saturating_sub(margin));
        };
        self.later()
            .into_iter()
            .nth(later)
            .map_or_else(Vec::new, |specs| self.placed(specs, self.later_width()))
    }

    /// Puts columns one beside the other. What is left of the width goes to the names; of what these do not need the providers get
    /// what theirs need first.
    fn placed(self, specs: Vec<Spec>, width: u16) -> Vec<Place> {
        let used = specs.iter().map(|(_, w, gap)| w + gap).sum::<u16>() + MARKER;
        let spare = width.saturating_sub(used);
        let width_of = |column| specs.iter().find(|(c, ..)| *c == column).map_or(0, |(_, w, _)| *w);
        let (name, provider) = (width_of(Column::Name), width_of(Column::Provider));
        // Of names that are hidden it is not known what they need.
        let needed = if self.names == 0 { name } else { self.names.clamp(LATER_NAME, name + MOST_SPARE) };
        let wanted = if provider == 0 { 0 } else { self.providers.saturating_sub(provider).min(MOST_SPARE) };
        let provider = provider + wanted.min((name + spare).saturating_sub(needed));
        let name =
            (name + spare + width_of(Column::Provider)).saturating_sub(provider).min(name + MOST_SPARE);
        let mut x = MARKER;
        let mut places = Vec::with_capacity(specs.len());
        for (column, w, gap) in specs {
            let width = match column {
                Column::Name => name,
                Column::Provider => provider,
                _ => w,
            };
            x += gap;
            places.push(Place { column, x, width });
            x += width;
        }
        places
    }

    /// The columns of the pages behind the first. A bar has its percentage beside it, wherever else that is.
    fn later(self) -> Vec<Vec<Spec>> {
        let first: Vec<Column> = if self.around == Around::Rows {
            OF_A_LINE.to_vec()
        } else {
            first(self).0.into_iter().map(|(column, ..)| column).collect()
        };
        let name = (Column::Name, LATER_NAME, 0);
        let mut pages: Vec<Vec<Spec>> = Vec::new();
        let mut left = 0;
        let is_left = |c: Column| !first.contains(&c) && !self.choice.hides(c);
        let is_kept = |c: Column| self.choice.of(c) == Wanted::Kept;
        let goes_before = |one: Column, other: Column| is_kept(one) && !is_kept(other);
        let (kept, others): (Vec<&Spec>, Vec<&Spec>) = ORDER.iter().partition(|(c, ..)| is_kept(*c));
        let by_use = kept.into_iter().chain(others);
        for spec in by_use.filter(|(c, ..)| is_left(*c)) {
            let mut unit = vec![*spec];
            match spec.0 {
                Column::Bar => unit.extend(self.wanted(Column::Percent)),
                Column::WeekBar => unit.extend(self.wanted(Column::Week)),
                Column::Percent if is_left(Column::Bar) && !goes_before(Column::Percent, Column::Bar) => {
                    continue;
                }
                Column::Week if is_left(Column::WeekBar) && !goes_before(Column::Week, Column::WeekBar) => {
                    continue;
                }
                _ => {}
            }
            let needed = unit.iter().map(|(_, width, gap)| width + gap).sum::<u16>();
            if needed > left || pages.is_empty() {
                left = self.later_width().saturating_sub(MARKER + name.1);
                if needed > left {
                    continue; // not even alone
                }
                pages.push(vec![name]);
            }
            left -= needed;
            if let Some(page) = pages.last_mut() {
                page.extend(unit);
            }
        }
        for page in &mut pages {
            page.sort_by_key(|(column, ..)| place_of(*column));
        }
        pages
    }

    /// The column as it usually is, where it is wanted.
    fn wanted(self, column: Column) -> Option<Spec> {
        ORDER.iter().find(|(c, ..)| *c == column && !self.choice.hides(*c)).copied()
    }
}

/// A column's place from left to right.
fn place_of(column: Column) -> usize {
    ORDER.iter().position(|(c, ..)| *c == column).unwrap_or(0)
}

#[cfg(test)]
mod tests;
