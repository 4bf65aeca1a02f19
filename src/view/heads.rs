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
        let at_right = match p.column {
            Column::Percent if has(Column::Bar) => continue,
            Column::Week if has(Column::WeekBar) => continue,
            column => is_at_right(column),
        };
        // A bar's name reaches over the percentage beside it, and is shorter where there is none.
        let beside = match p.column {
            Column::Bar => has(Column::Percent),
            Column::WeekBar => has(Column::Week),
            _ => false,
        };
        let width = if beside { p.width + 5 } else { p.width };
        let mut name = name(p.column, state).to_owned();
        if columns(&name) > width {
            name = name.split(' ').next().unwrap_or_default().to_owned();
        }
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

/// A column's name.
pub(super) fn name(column: Column, state: &State) -> &'static str {
    match column {
        Column::Name => "NAME",
        Column::Provider => "PROVIDER",
        Column::Priority => "PRI",
        Column::Auto => "AUTO",
        Column::Fallback => "FALL",
        Column::State => "STATE",
        Column::Bar => "5H WINDOW",
        Column::Percent => "5H",
        Column::Pace => "PACE",
        Column::WeekBar => "7D WINDOW",
        Column::Week => "7D",
        Column::Resets if state.display.is_clock() => "RESETS AT",
        Column::Resets => "RESETS IN",
        Column::At => "AT",
        Column::Next => "NEXT REFRESH",
        Column::Last => "LAST REFRESH",
    }
}

/// Where what stands in it does so at its right end, its name does too.
fn is_at_right(column: Column) -> bool {
    matches!(column, Column::Priority | Column::Percent | Column::Pace | Column::Week | Column::Resets)
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
