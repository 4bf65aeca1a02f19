//! The columns' names over the table, and what they say besides: by which the rows are sorted, and that there are more columns.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, columns};
use crate::app::{Direction, SortBy, State};
use crate::layout::columns::{Column, Place};

/// Writes the columns' names.
pub(super) fn render(state: &State, places: &[Place], canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let has = |column| places.iter().any(|p| p.column == column);
    let sort = state.accounts.table.sort;
    let arrow = match sort.direction {
        Direction::Up => theme.glyph().up,
        Direction::Down => theme.glyph().down,
    };
    for p in places {
        let (name, at_right) = match p.column {
            Column::Name => ("NAME", false),
            Column::Provider => ("PROVIDER", false),
            Column::Priority => ("PRI", true),
            Column::Auto => ("AUTO", false),
            Column::Fallback => ("FALL", false),
            Column::State => ("STATE", false),
            Column::Bar => ("5H WINDOW", false),
            Column::Percent if has(Column::Bar) => continue,
            Column::Percent => ("5H", true),
            Column::Pace => ("PACE", true),
            Column::WeekBar => ("7D WINDOW", false),
            Column::Week if has(Column::WeekBar) => continue,
            Column::Week => ("7D", true),
            Column::Resets if state.display.is_clock() => ("RESETS AT", true),
            Column::Resets => ("RESETS IN", true),
            Column::At => ("AT", false),
            Column::Next => ("NEXT REFRESH", false),
            Column::Last => ("LAST REFRESH", false),
        };
        // A bar's name reaches over the percentage beside it.
        let width = if matches!(p.column, Column::Bar | Column::WeekBar) { p.width + 5 } else { p.width };
        let mut name = name.to_owned();
        let mut style = theme.mute();
        if SortBy::of(p.column) == Some(sort.by) {
            style = theme.strong();
            if columns(&name) + 2 <= width {
                name = format!("{name} {arrow}");
            }
        }
        if at_right {
            canvas.put_right(p.x, 0, width, &name, style);
        } else {
            canvas.put_fit(p.x, 0, width, &name, style);
        }
    }
}

/// Signs in the line of the heads, at its ends, that there are columns to the left and to the right.
pub(super) fn more(state: &State, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let (page, pages) = (state.page(), state.pages());
    let edge = canvas.width().saturating_sub(1);
    let style: Style = theme.strong();
    let mut line = canvas.part(Rect::new(0, y, canvas.width(), 1));
    if page > 0 {
        line.put(0, 0, theme.glyph().left, style);
    }
    if page + 1 < pages {
        line.put(edge, 0, theme.glyph().right, style);
    }
}
