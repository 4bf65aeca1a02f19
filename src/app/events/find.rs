//! Words that are searched for.

use std::ops::Range;
use std::sync::Arc;

use crate::app::logs::{Note, Record};
use crate::app::names::Aliases;
use crate::model::{Cause, Kind, Value, masked};

/// How much of a message is searched: as much of it as can be shown whole.
const SEARCHED: usize = 64 << 10;

/// What is searched for, in capitals or not.
#[derive(Debug, Clone)]
pub struct Needle {
    text: String,
    folded: String,
    /// What stands in the place of names where they are hidden: they are not found then, and it is.
    hidden: Option<Arc<Aliases>>,
}

impl PartialEq for Needle {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&Arc<Aliases>, &Arc<Aliases>)| Arc::ptr_eq(a, b);
        let hidden = self.hidden.as_ref().zip(other.hidden.as_ref()).map(same);
        self.text == other.text && hidden.unwrap_or(self.hidden.is_none() && other.hidden.is_none())
    }
}

impl Eq for Needle {}

impl Needle {
    /// None where there is nothing to search for.
    pub fn new(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self { text: text.to_owned(), folded: text.to_lowercase(), hidden: None })
    }

    /// The same in what is shown where these stand in the place of names.
    #[must_use]
    pub(crate) fn among(&self, hidden: Option<&Arc<Aliases>>) -> Self {
        Self { hidden: hidden.cloned(), ..self.clone() }
    }

    /// As it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it stands first in `text`, from `from` on.
    pub fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        if self.folded.is_ascii() {
            return self.find_ascii(text.as_bytes(), from);
        }
        let rest = text.get(from..)?;
        rest.char_indices().find_map(|(at, _)| {
            let start = from + at;
            Some(start..start + self.length_at(text.get(start..)?)?)
        })
    }

    fn find_ascii(&self, text: &[u8], from: usize) -> Option<Range<usize>> {
        let needle = self.folded.as_bytes();
        let first = *needle.first()?;
        let last = text.len().checked_sub(needle.len())?;
        let upper = first.to_ascii_uppercase();
        let mut at = from;
        while at <= last {
            at += text.get(at..=last)?.iter().position(|b| *b == first || *b == upper)?;
            if text.get(at..at + needle.len())?.eq_ignore_ascii_case(needle) {
                return Some(at..at + needle.len());
            }
            at += 1;
        }
        None
    }

    /// How long it is where `text` begins with it.
    fn length_at(&self, text: &str) -> Option<usize> {
        let mut wanted = self.folded.chars();
        let mut next = wanted.next();
        for (at, c) in text.char_indices() {
            for lower in c.to_lowercase() {
                match next {
                    None => return Some(at),
                    Some(w) if w == lower => next = wanted.next(),
                    Some(_) => return None,
                }
            }
        }
        next.is_none().then_some(text.len())
    }

    fn is_in(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    /// True where it stands in what is shown of `text`: in what is masked there, nothing can be found.
    fn is_shown_in(&self, text: &str) -> bool {
        match &self.hidden {
            // Most of what is typed is no part of an alias, and then it is looked for where it would have to be.
            Some(_) if !self.may_touch_alias() && !self.is_in(text) => false,
            Some(known) => self.is_in(&known.all_replaced(&masked(text))),
            None => self.is_in(text) && self.is_in(&masked(text)),
        }
    }

    /// True where a part of `account-12` may be a part of it, or may lie at one of its ends.
    fn may_touch_alias(&self) -> bool {
        let of_alias = |c: char| c.is_ascii_digit() || "account-?".contains(c);
        self.folded.starts_with(of_alias)
            || self.folded.ends_with(of_alias)
            || self.folded.contains("account-")
    }

    /// True where it stands in the name as that is shown.
    fn is_in_name(&self, name: &str) -> bool {
        match &self.hidden {
            Some(known) => self.is_in(&known.alias(name)),
            None => self.is_in(name),
        }
    }

    /// True where the record has it: in the message, in what came with it, in the account's name, or in what the record was
    /// taken for.
    pub fn hits(&self, record: &Record) -> bool {
        let event = &record.event;
        let (what, detail) = event.kind.words();
        let (cause, text) = match &event.kind {
            Kind::Failed(cause @ (Cause::NoAnswer(text) | Cause::Status(text))) => {
                (cause.words(), text.start(SEARCHED))
            }
            Kind::Failed(cause) => (cause.words(), ""),
            _ => ("", ""),
        };
        self.is_shown_in(record.line.message.start(SEARCHED))
            || self.is_in(what)
            || self.is_in(detail)
            || self.is_in(cause)
            || self.is_shown_in(text)
            || event.account.as_ref().is_some_and(|name| self.is_in_name(name.as_str()))
            || self.is_in(record.line.level.as_str())
            || record.line.data.as_ref().is_some_and(|data| self.is_shown_in(data.start(SEARCHED)))
    }

    /// True where the note has it: in what it says, in the account's name, or in whose it is.
    pub fn hits_note(&self, note: &Note) -> bool {
        let showing = if self.hidden.is_some() { Value::without_address } else { Value::clone };
        self.is_in(note.news.whose())
            || (!note.account.is_empty() && self.is_in_name(note.account.as_str()))
            || crate::view::note_lines(note, showing).iter().any(|line| self.is_shown_in(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn capitals_do_not_matter_and_the_place_is_told() {
        for (needle, text, found) in [
            ("429", "refused: 429 until", Some(9..12)),
            ("Refresh", "auto-REFRESH", Some(5..12)),
            ("aab", "aaab", Some(1..4)),
            ("ÉTÉ", "l'été", Some(2..7)),
            ("北", "réseau 北京", Some(8..11)),
            ("x", "", None),
            ("longer", "long", None),
        ] {
            assert_eq!(Needle::new(needle).and_then(|n| n.find(text, 0)), found, "{needle} in {text}");
        }
        assert_eq!(Needle::new("a").and_then(|n| n.find("aba", 1)), Some(2..3));
        assert_eq!(Needle::new(""), None);
    }

    proptest! {
        #[test]
        fn what_is_cut_out_of_a_text_is_found_in_it(text in "\\PC{1,30}", from in 0usize..30, len in 1usize..9) {
            let part: String = text.chars().skip(from).take(len).collect();
            if let Some(needle) = Needle::new(&part) {
                let found = needle.find(&text, 0);
                prop_assert!(found.is_some_and(|r| text.get(r).is_some()));
            }
        }
    }
}
