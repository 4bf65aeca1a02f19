//! The columns of the first page: what the width is spent on, wish by wish.

use super::{Around, Column, ColumnChoice, Columns, MARKER, ORDER, Spec, Wanted, place_of};

/// Long names may take the room of one narrow column: two that differ at their ends alone are hard to tell apart otherwise.
const LONG_NAMES: u16 = 5;
/// A table of so many columns has room for them once it has all of its columns.
const SCARCE: u16 = 110;

/// What the width is spent on, the most useful first.
enum Wish {
    /// A column is there.
    Has(Column),
    /// A column that is there is so many columns wider.
    Grows(Column, u16),
    /// Names that are longer than theirs are cut less, in a table that is narrower than that.
    LongNames { below: u16 },
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
    Wish::Grows(Column::Name, 3),
    Wish::Has(Column::Next),
    Wish::Grows(Column::Name, 1),
    Wish::Has(Column::Bar),
    Wish::Has(Column::Priority),
    Wish::LongNames { below: SCARCE },
    Wish::Has(Column::Week),
    Wish::Has(Column::Fallback),
    Wish::Margin,
    Wish::Grows(Column::Bar, 1),
    Wish::Grows(Column::Name, 2),
    Wish::Grows(Column::Name, 2),
    Wish::Has(Column::At),
    Wish::Has(Column::Last),
    Wish::Has(Column::Provider),
    Wish::Has(Column::WeekBar),
    Wish::Has(Column::Pace),
    Wish::LongNames { below: u16::MAX },
    // So much tells the providers apart whose names begin alike.
    Wish::Grows(Column::Provider, 2),
    Wish::Grows(Column::Bar, 2),
    Wish::Airy,
    Wish::Grows(Column::Priority, 2),
    Wish::Grows(Column::Provider, 3),
    Wish::Grows(Column::Bar, 4),
    Wish::Grows(Column::Name, 6),
    Wish::Grows(Column::Provider, 6),
];

/// The wishes in their order: the name, then what is kept, then all. A bar that is kept has its percentage with it.
fn wishes(choice: ColumnChoice) -> impl Iterator<Item = &'static Wish> {
    // To keep all of them is to keep none.
    let all = Column::CHOSEN.into_iter().all(|c| choice.of(c) == Wanted::Kept);
    let is_kept = move |wish: &&Wish| match wish {
        _ if all => false,
        Wish::Has(Column::Percent) => {
            [Column::Percent, Column::Bar].map(|c| choice.of(c)).contains(&Wanted::Kept)
        }
        Wish::Has(Column::Week) => {
            [Column::Week, Column::WeekBar].map(|c| choice.of(c)).contains(&Wanted::Kept)
        }
        Wish::Has(column) => *column == Column::Name || choice.of(*column) == Wanted::Kept,
        _ => false,
    };
    WISHES.iter().filter(is_kept).chain(WISHES)
}

/// The columns of the first page, and what is kept empty before the border. A wish that does not fit is passed over.
pub(super) fn first(table: Columns) -> (Vec<Spec>, u16) {
    let mut shown: Vec<Spec> = Vec::with_capacity(ORDER.len());
    let mut used = MARKER;
    let mut margin = 0;
    let mut longer = 0;
    for wish in wishes(table.choice) {
        let width = table.width - margin;
        match wish {
            Wish::Has(column) => {
                let Some(spec) = table.wanted(*column) else { continue };
                if shown.iter().all(|(c, ..)| c != column) && used + spec.1 + spec.2 <= width {
                    used += spec.1 + spec.2;
                    shown.push(spec);
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
            Wish::LongNames { below } => {
                if table.width < *below
                    && let Some((_, w, _)) = shown.iter_mut().find(|(c, ..)| *c == Column::Name)
                {
                    let by = table.names.saturating_sub(*w).min(LONG_NAMES).min(width.saturating_sub(used));
                    used += by;
                    *w += by;
                    longer += by;
                }
            }
            Wish::Margin => {
                // The blank before the wall is worth more than one more column of a name that is cut anyway, or of the bar.
                let is_cut = shown.iter().any(|(c, w, _)| *c == Column::Name && *w < table.names);
                let gives = if is_cut { Column::Name } else { Column::Bar };
                if used == width
                    && longer > 0
                    && table.around == Around::Box
                    && let Some((_, w, _)) = shown.iter_mut().find(|(c, ..)| *c == gives)
                {
                    used -= 1;
                    *w -= 1;
                }
                margin = u16::from(used < width);
            }
            Wish::Airy => {
                // The percentage stays beside its bar.
                let spread = |(column, _, gap): &Spec| {
                    *gap == 1 && !matches!(column, Column::Percent | Column::Pace | Column::Week)
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
    shown.sort_by_key(|(c, ..)| place_of(*c));
    (shown, margin)
}
