//! What stands in the border over the table: how many of the accounts are shown, by which filter, in which order.

use std::ops::Range;

use super::canvas::columns;
use super::frame::Part;
use super::text;
use super::theme::Theme;
use crate::app::{Direction, State};

/// Fewer columns of a filter say nothing.
const LEAST_FILTER: u16 = 14;

/// One thing that is said, and how willingly it leaves: the highest first, 0 never.
struct Piece {
    part: Part,
    leaves: u8,
}

/// What stands at the right, in at most `room` columns. `shown` are the rows in sight.
pub(super) fn right(state: &State, shown: &Range<usize>, room: u16, theme: &Theme) -> Vec<Part> {
    let mut pieces = pieces(state, shown, theme);
    while width(&pieces) > room
        && let Some(most) = pieces.iter().map(|p| p.leaves).max().filter(|most| *most > 0)
    {
        pieces.retain(|p| p.leaves != most);
    }
    let over = width(&pieces).saturating_sub(room);
    if over > 0
        && let Some(filter) = pieces.last_mut()
    {
        let keep = columns(&filter.part.0).saturating_sub(over);
        if keep < LEAST_FILTER {
            pieces.pop();
        } else {
            filter.part.0 = text::fit(&filter.part.0, usize::from(keep), theme.glyph().more).into_owned();
        }
    }
    let mut parts = Vec::with_capacity(pieces.len() * 2);
    for piece in pieces {
        if !parts.is_empty() {
            parts.push((format!(" {} ", theme.glyph().dot), theme.mute()));
        }
        parts.push(piece.part);
    }
    parts
}

fn width(pieces: &[Piece]) -> u16 {
    let gaps = u16::try_from(pieces.len().saturating_sub(1)).unwrap_or(u16::MAX).saturating_mul(3);
    pieces.iter().map(|p| columns(&p.part.0)).fold(gaps, u16::saturating_add)
}

fn pieces(state: &State, shown: &Range<usize>, theme: &Theme) -> Vec<Piece> {
    let accounts = &state.accounts;
    let (total, rows) = (accounts.rows().len(), accounts.shown_len());
    let scrolled = shown.len() < rows;
    let filtered = !accounts.filter.is_empty();
    let live = state.links.list.is_live();
    let mut pieces = Vec::new();
    let mut say = |text: String, style, leaves| pieces.push(Piece { part: (text, style), leaves });
    if !live {
        say("changes are off".to_owned(), theme.warn(), 0);
    }
    if state.page() > 0 {
        say(format!("columns {} of {}", state.page() + 1, state.pages()), theme.mute(), 3);
    }
    if filtered {
        say(format!("{rows} of {total}"), theme.text(), 0);
        if scrolled {
            say(format!("rows {}-{}", shown.start + 1, shown.end), theme.text(), 4);
        }
    } else if scrolled {
        say(format!("{}-{} of {total}", shown.start + 1, shown.end), theme.text(), 0);
    }
    if live {
        let sort = accounts.table.sort;
        let arrow = match sort.direction {
            Direction::Up => theme.glyph().up,
            Direction::Down => theme.glyph().down,
        };
        say(format!("sort: {} {arrow}", sort.by.word()), theme.mute(), 2);
    }
    if filtered {
        say(format!("filter: {}", filter(state)), theme.strong(), 0);
    }
    pieces
}

/// The filter as it may be shown.
pub(super) fn filter(state: &State) -> String {
    let filter = &state.accounts.filter;
    if state.names.are_hidden() { filter.without_names() } else { filter.to_string() }
}
