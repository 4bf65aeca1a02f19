//! Which columns the table has at a width, and where. They leave in order of their use as the width shrinks.

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
    (Column::Provider, 10, 2),
    (Column::Priority, 3, 1),
    (Column::Auto, 4, 1),
    (Column::Fallback, 4, 1),
    (Column::State, 9, 1),
    (Column::Bar, 7, 1),
    (Column::Percent, 4, 1),
    (Column::WeekBar, 8, 2),
    (Column::Week, 4, 1),
    (Column::Resets, 9, 1),
    (Column::At, 11, 2),
    (Column::Next, 16, 2),
    (Column::Last, 15, 2),
];

/// From this width on the table's columns are worth their room; a narrower screen has a line of its own kind for each account.
pub(crate) const TABLE: u16 = 60;

/// The switch of a line on a screen that is narrower than [`TABLE`].
pub(crate) const NARROW_SWITCH: Place = Place { column: Column::Auto, x: 1, width: 4 };

/// The switch that stands at column `x` of an account's line of `width` columns, if one does.
pub(crate) fn switch_at(width: u16, x: u16) -> Option<Column> {
    let narrow = width < TABLE;
    let places = if narrow { vec![NARROW_SWITCH] } else { plan(width) };
    let hit = places.into_iter().find(|p| (p.x..p.x + p.width).contains(&x))?;
    matches!(hit.column, Column::Auto | Column::Fallback).then_some(hit.column)
}

/// What the width is spent on, the most useful first.
enum Wish {
    /// A column is there.
    Has(Column),
    /// A column that is there is so many columns wider.
    Grows(Column, u16),
    /// One column stays empty before the border.
    Margin,
    /// All columns stand one column farther apart.
    Airy,
}

const WISHES: &[Wish] = &[
    Wish::Has(Column::Name),
    Wish::Has(Column::Resets),
    Wish::Has(Column::State),
    Wish::Has(Column::Auto),
    Wish::Has(Column::Percent),
    Wish::Has(Column::Next),
    Wish::Grows(Column::Name, 4),
    Wish::Has(Column::Bar),
    Wish::Has(Column::Priority),
    Wish::Has(Column::Fallback),
    Wish::Has(Column::Week),
    Wish::Margin,
    Wish::Grows(Column::Bar, 1),
    Wish::Grows(Column::Name, 2),
    Wish::Grows(Column::Bar, 2),
    Wish::Grows(Column::Name, 2),
    Wish::Has(Column::At),
    Wish::Has(Column::Last),
    Wish::Has(Column::Provider),
    Wish::Has(Column::WeekBar),
    Wish::Airy,
    Wish::Grows(Column::Priority, 2),
    Wish::Grows(Column::Bar, 4),
    Wish::Grows(Column::Name, 6),
];

/// The columns that fit into `width`. A wish that does not fit is passed over; what is left over goes to the name.
pub(crate) fn plan(width: u16) -> Vec<Place> {
    let mut shown: Vec<(Column, u16, u16)> = Vec::with_capacity(ORDER.len());
    let mut used = MARKER;
    let mut margin = 0;
    for wish in WISHES {
        let width = width - margin;
        match wish {
            Wish::Has(column) => {
                let Some(spec) = ORDER.iter().find(|(c, ..)| c == column) else { continue };
                if used + spec.1 + spec.2 <= width {
                    used += spec.1 + spec.2;
                    shown.push(*spec);
                }
            }
            Wish::Grows(column, by) => {
                if used + by <= width
                    && let Some((_, w, _)) = shown.iter_mut().find(|(c, ..)| c == column)
                {
                    used += by;
                    *w += by;
                }
            }
            Wish::Margin => margin = u16::from(used < width),
            Wish::Airy => {
                // The percentage stays beside its bar.
                let spread = |(column, _, gap): &(Column, u16, u16)| {
                    *gap == 1 && !matches!(column, Column::Percent | Column::Week)
                };
                let gaps = u16::try_from(shown.iter().filter(|s| spread(s)).count()).unwrap_or(u16::MAX);
                if used + gaps <= width {
                    used += gaps;
                    for spec in shown.iter_mut().filter(|s| spread(s)) {
                        spec.2 = 2;
                    }
                }
            }
        }
    }
    let place = |column: Column| ORDER.iter().position(|(c, ..)| *c == column).unwrap_or(0);
    shown.sort_by_key(|(c, ..)| place(*c));
    let used = shown.iter().map(|(_, w, gap)| w + gap).sum::<u16>() + MARKER;
    // A name longer than this is a sentence: the rest of a very wide screen stays empty at the right.
    let spare = width.saturating_sub(used + margin).min(24);
    let mut x = MARKER;
    shown
        .into_iter()
        .map(|(column, w, gap)| {
            let width = if column == Column::Name { w + spare } else { w };
            x += gap;
            let place = Place { column, x, width };
            x += width;
            place
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width_of(plan: &[Place], column: Column) -> Option<u16> {
        plan.iter().find(|p| p.column == column).map(|p| p.width)
    }

    #[test]
    fn columns_leave_in_order_and_never_overlap() {
        for width in 0..=400 {
            let plan = plan(width);
            let mut x = MARKER;
            for place in &plan {
                assert!(place.x >= x, "{place:?} at {width}");
                x = place.x + place.width;
                assert!(x <= width, "{place:?} at {width}");
            }
        }
    }

    #[test]
    fn the_usual_widths_have_the_sketched_columns() {
        let narrow = plan(78);
        assert_eq!(width_of(&narrow, Column::Name), Some(13));
        assert_eq!(width_of(&narrow, Column::Priority), Some(3));
        assert_eq!(width_of(&narrow, Column::Week), None);
        let wide = plan(86);
        assert_eq!(width_of(&wide, Column::Name), Some(12));
        assert!(width_of(&wide, Column::Fallback).is_some() && width_of(&wide, Column::Week).is_some());
        let widest = plan(150);
        for column in [Column::Provider, Column::At, Column::Last, Column::WeekBar] {
            assert!(width_of(&widest, column).is_some(), "{column:?}");
        }
    }
}
