//! Text by display width: measuring, cutting, wrapping.

use std::borrow::Cow;

use ratatui::buffer::CellWidth as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// The columns that `text` takes, counted as the buffer counts them.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(|g| usize::from(g.cell_width())).sum()
}

/// `text` in at most `columns` columns. Where it is longer it ends with `more`, and never in the middle of a number.
pub fn fit<'a>(text: &'a str, columns: usize, more: &str) -> Cow<'a, str> {
    // The server's messages may be a megabyte: no more is looked at than could be shown.
    let bytes = text.as_bytes();
    let seen = bytes.get(..columns.saturating_add(2)).unwrap_or(bytes);
    if seen.is_ascii() && more.len() < columns {
        if text.len() <= columns {
            return Cow::Borrowed(text);
        }
        let (kept, rest) = text.split_at_checked(columns - width(more)).unwrap_or_default();
        return Cow::Owned([before_number(kept, rest), more].concat());
    }
    let mut used = 0;
    let mut end = 0; // where the cut text ends that leaves room for `more`
    let mark = width(more);
    for (at, g) in text.grapheme_indices(true) {
        used += usize::from(g.cell_width());
        if used > columns {
            if columns < mark {
                return Cow::Borrowed("");
            }
            let kept = text.get(..end).unwrap_or_default();
            let rest = text.get(end..).unwrap_or_default();
            let mut out = String::from(before_number(kept, rest));
            out.push_str(more);
            return Cow::Owned(out);
        }
        if used + mark <= columns {
            end = at + g.len();
        }
    }
    Cow::Borrowed(text)
}

/// What is left of `text` without its first columns.
pub fn skip(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, g) in text.grapheme_indices(true) {
        if used >= columns {
            return text.get(at..).unwrap_or_default();
        }
        used += usize::from(g.cell_width());
    }
    ""
}

/// `kept` without the number that goes on in `rest`, unless nothing would be left.
fn before_number<'a>(kept: &'a str, rest: &str) -> &'a str {
    let in_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ':' | '-');
    let splits = kept.ends_with(|c: char| c.is_ascii_digit()) && rest.starts_with(in_number)
        || kept.ends_with(in_number) && rest.starts_with(|c: char| c.is_ascii_digit());
    let whole = if splits { kept.trim_end_matches(in_number) } else { kept };
    if whole.trim_end().is_empty() { kept } else { whole }
}

/// Behind these a word is broken that is longer than a line.
const MARKS: [char; 5] = ['-', '/', '.', '_', ':'];

/// `piece` as it is where a line has room for it, else its characters.
fn pieces(piece: &str, columns: usize) -> impl Iterator<Item = &str> {
    let whole = width(piece) <= columns;
    let characters = if whole { "" } else { piece };
    whole.then_some(piece).into_iter().chain(characters.graphemes(true))
}

/// `text` in lines of at most `columns` columns, broken between words where that is possible.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if columns == 0 {
        return lines;
    }
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let needed = width(word);
        if used > 0 && used + 1 + needed <= columns {
            line.push(' ');
            line.push_str(word);
            used += 1 + needed;
            continue;
        }
        if used > 0 {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        for g in word.split_inclusive(MARKS).flat_map(|piece| pieces(piece, columns)) {
            let w = width(g);
            if used + w > columns && used > 0 {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if w <= columns {
                line.push_str(g);
                used += w;
            }
        }
    }
    if used > 0 {
        lines.push(line);
    }
    lines
}

/// `text` in pieces of at most `columns` columns with every blank kept that is not at an end, each but the first indented as the text is and a little more.
/// It breaks behind a blank or a comma; inside a word only where that is longer than a line, and there behind a mark if it can.
pub fn broken(text: &str, columns: usize) -> Vec<String> {
    let indent = text.len() - text.trim_start_matches(' ').len() + 2;
    let indent = if indent * 2 > columns { 0 } else { indent };
    let mut broken = Broken { columns, indent, lines: Vec::new(), line: String::new(), used: 0 };
    for word in text.split_inclusive([' ', ',']) {
        if broken.takes(word) {
            broken.fill(word);
            continue;
        }
        for piece in word.split_inclusive(MARKS) {
            if broken.takes(piece) {
                broken.fill(piece);
            } else {
                piece.graphemes(true).for_each(|g| broken.fill(g));
            }
        }
    }
    broken.lines.push(broken.line);
    broken.lines
}

/// A text that is being broken.
struct Broken {
    columns: usize,
    indent: usize,
    lines: Vec<String>,
    line: String,
    used: usize,
}

impl Broken {
    /// True where `piece` has room on this line or on one of its own.
    fn takes(&self, piece: &str) -> bool {
        self.indent.min(self.used) + width(piece.trim_end_matches(' ')) <= self.columns
    }

    /// Adds `piece`, on the next line where this one has no room.
    fn fill(&mut self, piece: &str) {
        let seen = piece.trim_end_matches(' ');
        if self.used + width(seen) > self.columns && self.used > self.indent {
            self.lines.push(std::mem::replace(&mut self.line, " ".repeat(self.indent)));
            self.used = self.indent;
        }
        let piece = if self.used + width(piece) <= self.columns { piece } else { seen };
        let needed = width(piece);
        if self.used + needed <= self.columns {
            self.line.push_str(piece);
            self.used += needed;
        }
    }
}

/// A number in at most `columns` columns: with k, M, G where it does not fit, never cut.
pub fn number(n: i64, columns: usize, more: &str) -> String {
    let mut text = n.to_string();
    let mut rest = n;
    for unit in ["k", "M", "G", "T", "P"] {
        if text.len() <= columns {
            return text;
        }
        rest /= 1000;
        text = format!("{rest}{unit}");
    }
    if text.len() <= columns { text } else { more.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_cut_between_characters_and_marked() {
        for (text, columns, expected) in [
            ("team-a", 6, "team-a"),
            ("team-a", 5, "team…"),
            ("team-a", 1, "…"),
            ("team-a", 0, ""),
            ("réseau 北京 مرحبا", 9, "réseau …"),
            ("réseau 北京 مرحبا", 10, "réseau 北…"),
            ("until 14:41:00", 12, "until …"),
            ("account-12345", 11, "account…"),
            ("1234567890", 5, "1234…"),
            ("", 3, ""),
        ] {
            assert_eq!(fit(text, columns, "…"), expected, "{text:?} in {columns}");
        }
        assert_eq!(fit("team-a", 5, "~"), "team~");
    }

    #[test]
    fn columns_are_skipped_by_whole_characters() {
        for (text, columns, rest) in [
            ("abc", 0, "abc"),
            ("abc", 2, "c"),
            ("北京x", 1, "京x"),
            ("北京x", 2, "京x"),
            ("ab", 2, ""),
            ("", 1, ""),
        ] {
            assert_eq!(skip(text, columns), rest);
        }
    }

    #[test]
    fn lines_break_between_words_and_long_words_break_anywhere() {
        assert_eq!(
            wrap("will be refreshed at the next tick", 14),
            ["will be", "refreshed at", "the next tick"]
        );
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("北京北京", 3), ["北", "京", "北", "京"]);
        assert!(wrap("a b", 0).is_empty() && wrap("  ", 5).is_empty());
    }

    #[test]
    fn broken_text_keeps_its_blanks_and_its_indent() {
        assert_eq!(broken(r#"  "a":  1"#, 20), [r#"  "a":  1"#]);
        assert_eq!(broken(r#"  "abcdefghij""#, 10), [r#"  "abcdefg"#, r#"    hij""#]);
        assert_eq!(broken(r#"  "limitRemaining": null,"#, 22), [r#"  "limitRemaining": "#, "    null,"]);
        assert_eq!(broken(r#"  "onOverageEnabled": no"#, 21), [r#"  "onOverageEnabled":"#, "    no"]);
        assert_eq!(broken(r#"  "id": "d29f-e9d1-8f5e""#, 18), [r#"  "id": "d29f-"#, r#"    e9d1-8f5e""#]);
        assert_eq!(broken("北京北京", 3), ["北", "京", "北", "京"]);
        assert_eq!(broken("", 5), [""]);
    }

    #[test]
    fn numbers_are_shortened_and_never_cut() {
        for (n, expected) in
            [(0, "0"), (999, "999"), (1000, "1k"), (-12, "-12"), (-4500, "-4k"), (1_200_000, "1M")]
        {
            assert_eq!(number(n, 3, "…"), expected);
        }
        assert_eq!(number(i64::MIN, 3, "…"), "…");
    }

    proptest! {
        #[test]
        fn cut_and_wrapped_text_keeps_its_width(text in "\\PC{0,40}", columns in 0usize..30) {
            prop_assert!(width(&fit(&text, columns, "…")) <= columns);
            for line in wrap(&text, columns).into_iter().chain(broken(&text, columns)) {
                prop_assert!(width(&line) <= columns, "{line:?}");
            }
        }
    }
}
