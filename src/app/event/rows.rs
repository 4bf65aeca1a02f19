//! Text broken into rows of a width.

use ratatui::buffer::CellWidth as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// A part of a text that fits into a row, in bytes.
pub(super) type Part = (usize, usize);

/// Where `text` is broken so that no row has more than `columns`: behind a blank where one is in the second half of the row, else
/// anywhere between two characters. An empty text is one row.
pub(super) fn broken(text: &str, columns: usize) -> Vec<Part> {
    let columns = columns.max(2); // the widest character
    let mut rows = Vec::new();
    let (mut from, mut used) = (0, 0);
    // Behind the last blank: where that is, and how many columns are before it.
    let mut blank: Option<Part> = None;
    let mut take = |at: usize, is_blank: bool, width: usize| {
        while used > 0 && used + width > columns {
            let (to, before) = blank.filter(|(_, before)| *before * 2 >= columns).unwrap_or((at, used));
            rows.push((from, to));
            used -= before;
            from = to;
            blank = None;
        }
        used += width;
        if is_blank {
            blank = Some((at + 1, used));
        }
    };
    if text.is_ascii() {
        for (at, b) in text.bytes().enumerate() {
            take(at, b == b' ', 1);
        }
    } else {
        for (at, c) in text.grapheme_indices(true) {
            take(at, c == " ", usize::from(c.cell_width()));
        }
    }
    rows.push((from, text.len()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str, columns: usize) -> Vec<&str> {
        broken(text, columns)
            .into_iter()
            .map(|(from, to)| text.get(from..to).expect("between characters"))
            .collect()
    }

    #[test]
    fn rows_end_between_words_where_that_leaves_no_half_empty_row() {
        assert_eq!(rows("will be refreshed soon", 10), ["will be ", "refreshed ", "soon"]);
        assert_eq!(rows("a bcdefghijklm", 6), ["a bcde", "fghijk", "lm"]);
        assert_eq!(rows("北京北京", 5), ["北京", "北京"]);
        assert_eq!(rows("", 5), [""]);
        assert_eq!(rows("ab", 0), ["ab"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_every_row_fits(text in "[a-c é北👨]{0,60}", columns in 0usize..12) {
            let parts = broken(&text, columns);
            let mut at = 0;
            for (from, to) in parts {
                prop_assert_eq!(from, at);
                let part = text.get(from..to).ok_or_else(|| TestCaseError::fail("between characters"))?;
                let width: usize = part.graphemes(true).map(|g| usize::from(g.cell_width())).sum();
                prop_assert!(width <= columns.max(2));
                at = to;
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
