//! Where the list of columns lies while the table's are chosen.

use ratatui::layout::Rect;

use super::columns::Column;
use super::{Regions, box_extent};

/// The columns that the list takes with a sentence about each column, and without; borders included.
const WITH_SENTENCES: u16 = 78;
const WITHOUT: u16 = 38;
/// The least height that it takes.
const LEAST: u16 = 8;

impl Regions {
    /// The box of the list of columns: at the lower right, so that the first rows of the table stay in sight while it changes.
    pub(crate) fn column_box(&self) -> Rect {
        let (all, below) = (self.footer.width, self.footer.y);
        let wanted = if all < WITH_SENTENCES { WITHOUT } else { WITH_SENTENCES };
        let width = box_extent(wanted, all).min(all);
        let lines = u16::try_from(Column::CHOSEN.len()).unwrap_or(u16::MAX);
        // Where there is room for it: a border, the columns' names and two rows, or four rows.
        let seen = self.accounts.y + 4;
        let height = (lines + 2).min(below.saturating_sub(seen)).max(LEAST.min(below));
        Rect::new(all - width, below - height, width, height)
    }

    /// The lines in it.
    pub(crate) fn column_list(&self) -> Rect {
        let Rect { x, y, width, height } = self.column_box();
        Rect::new(x + 1, y + 1, width.saturating_sub(2), height.saturating_sub(2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::layout::Size;

    #[test]
    fn rows_of_the_table_stay_in_sight_above_it() {
        for (width, height, rows) in [(40, 12, 2), (60, 16, 4), (80, 24, 4), (120, 40, 18), (200, 50, 18)] {
            let r = Regions::of(Size::new(width, height), 20);
            let seen =
                r.account_lines().intersection(Rect { height: r.column_box().y, ..r.footer.union(r.header) });
            assert!(seen.height >= rows, "{width}x{height}: {} rows", seen.height);
        }
    }

    proptest! {
        #[test]
        fn it_lies_within_the_screen(width in 30u16..300, height in 6u16..120, rows in 0usize..200, alone: bool) {
            let r = Regions::of(Size::new(width, height), rows);
            let r = if alone { r.alone(|r| &mut r.events) } else { r };
            let (outer, inner) = (r.column_box(), r.column_list());
            prop_assert_eq!(outer.intersection(inner), inner);
            prop_assert!(inner.height > 0 && inner.width >= 28);
            prop_assert_eq!((outer.right(), outer.bottom()), (width, r.footer.y));
        }
    }
}
