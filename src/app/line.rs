//! One line of typed text, and the keys that edit it: those of a shell's line.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::keymap::{Chord, Code};
use crate::model::Plain;

/// The longest text that can be typed, in bytes: a URL fits, a pasted book does not.
const LONGEST: usize = 2_000;

/// A line of text with a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    text: String,
    /// In bytes, always between two characters as people see them.
    cursor: usize,
}

/// What a key did to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// The text is another one.
    Changed,
    /// At most the cursor moved.
    Moved,
    /// The key does not edit.
    None,
}

impl Line {
    /// A line with this text, the cursor behind it.
    pub fn new(text: &str) -> Self {
        let mut line = Self::default();
        line.paste(text);
        line
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before and behind the cursor.
    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at_checked(self.cursor).unwrap_or((&self.text, ""))
    }

    /// Puts `text` in the place of all, the cursor behind it.
    pub fn set(&mut self, text: &str) {
        *self = Self::new(text);
    }

    /// Puts `text` in the place of what stands from `start` up to the cursor.
    pub fn complete(&mut self, start: usize, text: &str) {
        self.cut(start.min(self.cursor), self.cursor);
        self.paste(text);
    }

    /// Puts `text` in at the cursor: cleaned, and on one line.
    pub fn paste(&mut self, text: &str) -> Edit {
        let clean = Plain::new(text);
        let room = LONGEST.saturating_sub(self.text.len());
        let mut end = clean.as_str().len().min(room);
        while !clean.as_str().is_char_boundary(end) {
            end -= 1;
        }
        let Some(fits) = clean.as_str().get(..end).filter(|t| !t.is_empty()) else { return Edit::Moved };
        self.text.insert_str(self.cursor, fits);
        self.cursor += fits.len();
        Edit::Changed
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Edit {
        let Chord { code, ctrl, alt } = chord;
        match (code, ctrl, alt) {
            (Code::Char(c), false, false) => self.paste(c.encode_utf8(&mut [0; 4])),
            (Code::Backspace, false, false) | (Code::Char('h'), true, false) => {
                self.cut(self.before(), self.cursor)
            }
            (Code::Delete, false, false) | (Code::Char('d'), true, false) => {
                self.cut(self.cursor, self.behind())
            }
            (Code::Char('w'), true, false) | (Code::Backspace, _, _) => {
                self.cut(self.word_before(), self.cursor)
            }
            (Code::Char('u'), true, false) => self.cut(0, self.cursor),
            (Code::Char('k'), true, false) => self.cut(self.cursor, self.text.len()),
            (Code::Left, false, false) | (Code::Char('b'), true, false) => self.go(self.before()),
            (Code::Right, false, false) | (Code::Char('f'), true, false) => self.go(self.behind()),
            (Code::Left, _, _) | (Code::Char('b'), false, true) => self.go(self.word_before()),
            (Code::Right, _, _) | (Code::Char('f'), false, true) => self.go(self.word_behind()),
            (Code::Home, ..) | (Code::Char('a'), true, false) => self.go(0),
            (Code::End, ..) | (Code::Char('e'), true, false) => self.go(self.text.len()),
            _ => Edit::None,
        }
    }

    fn go(&mut self, to: usize) -> Edit {
        self.cursor = to;
        Edit::Moved
    }

    fn cut(&mut self, from: usize, to: usize) -> Edit {
        if from >= to {
            return Edit::Moved;
        }
        self.text.replace_range(from..to, "");
        self.cursor = from;
        Edit::Changed
    }

    /// Where the character before the cursor begins.
    fn before(&self) -> usize {
        self.halves().0.grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    /// Where the character behind the cursor ends.
    fn behind(&self) -> usize {
        self.cursor + self.halves().1.graphemes(true).next().map_or(0, str::len)
    }

    /// Where the word before the cursor begins.
    fn word_before(&self) -> usize {
        let before = self.halves().0.trim_end();
        before.char_indices().rfind(|(_, c)| c.is_whitespace()).map_or(0, |(at, blank)| at + blank.len_utf8())
    }

    /// Where the word behind the cursor ends.
    fn word_behind(&self) -> usize {
        let behind = self.halves().1;
        let blank = behind.len() - behind.trim_start().len();
        let word = behind.trim_start().find(char::is_whitespace).unwrap_or(behind.len() - blank);
        self.cursor + blank + word
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(line: &str, keys: &str) -> String {
        let mut line = Line::new(line);
        for key in keys.split(' ') {
            line.key(key.parse().expect("a key"));
        }
        let (before, behind) = line.halves();
        format!("{before}|{behind}")
    }

    #[test]
    fn the_keys_edit_as_in_a_shell() {
        for (line, keys, expected) in [
            ("", "a space b", "a b|"),
            ("abc", "left left X", "aX|bc"),
            ("abc", "backspace", "ab|"),
            ("abc", "home del", "|bc"),
            ("one two", "ctrl-w", "one |"),
            ("one two", "left ctrl-w", "one |o"),
            ("one\u{3000}two", "ctrl-w", "one\u{3000}|"),
            ("one two", "ctrl-u", "|"),
            ("one two", "ctrl-a alt-f", "one| two"),
            ("one two", "alt-b ctrl-k", "one |"),
            ("one", "ctrl-a ctrl-e X", "oneX|"),
            ("one\u{a0}two", "alt-b", "one\u{a0}|two"),
            ("é👨‍👩‍👧x", "left backspace", "é👨👩|x"),
            ("", "backspace ctrl-w left right del", "|"),
        ] {
            assert_eq!(typed(line, keys), expected, "{line:?} {keys}");
        }
    }

    #[test]
    fn pasted_text_is_one_clean_line_of_bounded_length() {
        let mut line = Line::new("ab");
        line.key("left".parse().expect("a key"));
        line.paste("x\n\u{1b}[2Jy");
        assert_eq!(line.text(), "ax \u{fffd}[2Jyb");
        line.paste(&"é".repeat(5_000));
        assert!(line.text().len() <= LONGEST);
    }

    proptest! {
        #[test]
        fn the_cursor_stays_between_characters(text in ".{0,40}", keys in prop::collection::vec(0usize..16, 0..60)) {
            const KEYS: [&str; 16] = [
                "left", "right", "home", "end", "backspace", "del", "ctrl-w", "ctrl-u", "ctrl-k", "alt-b", "alt-f",
                "x", "space", "é", "ctrl-d", "ctrl-h",
            ];
            let mut line = Line::new(&text);
            for key in keys {
                line.key(KEYS[key].parse().expect("a key"));
                prop_assert!(line.text.is_char_boundary(line.cursor));
                prop_assert!(line.cursor <= line.text.len());
            }
        }
    }
}
