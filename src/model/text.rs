//! Text that is safe to show: the only form in which a server's words exist inside the program.

use std::borrow::Cow;
use std::fmt;

use smol_str::SmolStr;

/// What stands in the place of a character that must not reach a terminal.
const REPLACEMENT: char = '\u{FFFD}';

/// How many combining marks one character keeps. Real scripts need up to three; a heap of hundreds is an attack on the reader.
const MARKS: usize = 3;

/// Text without control, bidirectional or invisible characters, whatever a server sent.
///
/// There is no way to make one around the cleaning, so whoever holds a `Plain` may write it to the terminal, to the
/// log file or into a notification. Line breaks and tabs become a space, other characters that a terminal could act
/// upon (C0, C1, DEL, bidirectional controls, zero-width and other format characters) become U+FFFD, the joiners and
/// variation selectors of emoji are dropped, and a pile of combining marks is cut to three.
///
/// ```
/// use flaretop::model::Plain;
/// assert_eq!(Plain::new("a\u{1b}[2Jb\nc").as_str(), "a\u{FFFD}[2Jb c");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Plain(SmolStr);

impl Plain {
    /// Cleans `text`.
    pub fn new(text: &str) -> Self {
        // By pieces, and each piece whole: so the compiler compares many bytes at once.
        let is_clean = |piece: &[u8]| piece.iter().fold(true, |clean, b| clean & matches!(b, 0x20..=0x7e));
        if text.as_bytes().chunks(64).all(is_clean) {
            return Self(SmolStr::new(text));
        }
        Self(SmolStr::from(clean(text)))
    }

    /// The cleaned text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its beginning, at most so many bytes: messages of megabytes are not looked at whole where a line is drawn.
    pub fn start(&self, most: usize) -> &str {
        let mut end = self.0.len().min(most);
        while !self.0.is_char_boundary(end) {
            end -= 1;
        }
        self.0.get(..end).unwrap_or_default()
    }

    /// True where there is nothing to see.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The bytes that this text holds in memory.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True for the empty text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How one character is treated.
enum Fate {
    Keep,
    Mark,
    Drop,
    Space,
    Replace,
}

fn fate(c: char) -> Fate {
    match c {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Fate::Space,
        c if c.is_control() => Fate::Replace,
        // Variation selectors and the joiner change only how emoji are drawn; dropping them leaves the characters themselves.
        '\u{200d}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0100}'..='\u{e01ef}'
        | '\u{180b}'..='\u{180d}'
        | '\u{180f}' => Fate::Drop,
        // Unicode category Cf, fillers that show nothing, and the line-drawing-free tag block.
        '\u{ad}'
        | '\u{34f}'
        | '\u{600}'..='\u{605}'
        | '\u{61c}'
        | '\u{6dd}'
        | '\u{70f}'
        | '\u{890}'..='\u{891}'
        | '\u{8e2}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}'
        | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => Fate::Replace,
        c if !c.is_ascii() && unicode_width::UnicodeWidthChar::width(c) == Some(0) => Fate::Mark,
        _ => Fate::Keep,
    }
}

fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = MARKS; // a mark with nothing before it has nothing to stand on
    for c in text.chars() {
        match fate(c) {
            Fate::Keep => {
                out.push(c);
                marks = 0;
            }
            Fate::Mark if marks < MARKS => {
                out.push(c);
                marks += 1;
            }
            Fate::Mark | Fate::Drop => {}
            Fate::Space => {
                out.push(' ');
                marks = MARKS;
            }
            Fate::Replace => {
                out.push(REPLACEMENT);
                marks = MARKS;
            }
        }
    }
    out
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl From<&str> for Plain {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Plain {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<Cow<'_, str>> for Plain {
    fn from(text: Cow<'_, str>) -> Self {
        Self::new(&text)
    }
}

impl PartialEq<str> for Plain {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Plain {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr as _;

    #[test]
    fn the_start_ends_between_characters() {
        let text = Plain::new("aé北");
        for (most, start) in [(0, ""), (1, "a"), (2, "a"), (3, "aé"), (5, "aé"), (6, "aé北"), (9, "aé北")]
        {
            assert_eq!(text.start(most), start);
        }
    }

    #[test]
    fn what_a_terminal_could_act_upon_is_replaced_and_the_rest_is_kept() {
        for (raw, clean) in [
            ("plain text, 100 %", "plain text, 100 %"),
            ("\u{1b}[2J\u{1b}[31mred\u{1b}[0m", "\u{FFFD}[2J\u{FFFD}[31mred\u{FFFD}[0m"),
            ("\u{9b}2J\u{9d}0;title\u{9c}", "\u{FFFD}2J\u{FFFD}0;title\u{FFFD}"),
            ("one\ntwo\r\nthree\tfour\u{2028}five", "one two  three four five"),
            ("\u{202e}gnp.exe\u{2066}\u{2069}", "\u{FFFD}gnp.exe\u{FFFD}\u{FFFD}"),
            ("zero\u{200b}width\u{feff}", "zero\u{FFFD}width\u{FFFD}"),
            ("\u{0}\u{7f}\u{7}\u{8}", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
            ("réseau 北京 مرحبا", "réseau 北京 مرحبا"),
            ("e\u{301}", "e\u{301}"),
            ("team 🚀👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}", "team 🚀👨👩👧 ❤"),
            ("\u{e0041}tag", "\u{FFFD}tag"),
        ] {
            assert_eq!(Plain::new(raw).as_str(), clean, "{raw:?}");
        }
    }

    #[test]
    fn a_heap_of_combining_marks_is_cut() {
        let zalgo = format!("z{}algo", "\u{300}".repeat(400));
        assert_eq!(Plain::new(&zalgo).as_str(), "z\u{300}\u{300}\u{300}algo");
        assert_eq!(Plain::new("\u{300}x").as_str(), "x", "a mark with nothing to stand on");
    }

    proptest! {
        #[test]
        fn no_text_gets_a_control_a_bidi_or_a_zero_width_character_through(text in "\\PC*|(.|\\p{Cc}|\\p{Cf}|\\p{Mn}){0,40}") {
            let plain = Plain::new(&text);
            for c in plain.as_str().chars() {
                prop_assert!(!c.is_control(), "{c:?}");
                prop_assert!(!matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'), "{c:?}");
            }
            prop_assert!(plain.as_str().width() <= text.chars().count() * 2);
            let again = Plain::new(plain.as_str());
            prop_assert_eq!(again, plain, "cleaning twice changes nothing");
        }
    }
}
