//! Accounts' names, and the aliases that stand in their place while names are hidden.
//!
//! Everything that is shown or copied gets its names from [`State::shown_name`], and text in which names may stand (a record, a
//! notice, a failure) goes through [`State::shown_text`]. An alias belongs to a name as long as the program runs. Two accounts of
//! one name have one alias, as they have one name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::State;
use super::logs::{Entry, Record};
use crate::model::{Account, AccountId, Deed, Plain, Value};

/// Names of accounts that are not in the list are told apart up to this many: a log may name anything.
const MOST_STRANGERS: usize = 2_000;
/// Of a text that is longer than this no more is shown anyway.
const MOST_BYTES: usize = 8 << 10;
/// A late record is put in its place this many records back at most.
const LATE: usize = 256;

/// What stands in the place of names.
#[derive(Debug, Clone, Default)]
pub struct Names {
    hidden: bool,
    known: Arc<Aliases>,
}

/// The names that are known, and the number of each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aliases {
    numbers: HashMap<String, u32, RandomState>,
    /// The names' lengths in bytes, the longest first.
    lengths: Vec<usize>,
}

impl PartialEq for Names {
    fn eq(&self, other: &Self) -> bool {
        self.hidden == other.hidden && self.known.numbers == other.known.numbers
    }
}

impl Names {
    /// True while aliases stand in the place of names.
    pub fn are_hidden(&self) -> bool {
        self.hidden
    }

    /// What stands in the place of names, while they are hidden.
    pub(crate) fn aliases(&self) -> Option<&Arc<Aliases>> {
        self.hidden.then_some(&self.known)
    }

    fn learn(&mut self, name: &Plain, most: usize) {
        if self.known.numbers.len() >= most || self.known.numbers.contains_key(name.as_str()) {
            return;
        }
        let known = Arc::make_mut(&mut self.known);
        let number = u32::try_from(known.numbers.len() + 1).unwrap_or(u32::MAX);
        known.numbers.insert(name.as_str().to_owned(), number);
        if let Err(at) = known.lengths.binary_search_by(|l| name.len().cmp(l)) {
            known.lengths.insert(at, name.len());
        }
    }
}

impl Aliases {
    /// What stands in the place of a name.
    pub(crate) fn alias(&self, name: &str) -> Cow<'static, str> {
        match self.numbers.get(name) {
            Some(number) => format!("account-{number}").into(),
            None => "account-?".into(),
        }
    }

    /// `text` with aliases for the names in it. A name is found where it stands by itself, not inside another word.
    pub(crate) fn replaced(&self, text: &str) -> String {
        self.all_replaced(text.get(..floor(text, MOST_BYTES)).unwrap_or_default())
    }

    /// The same in a text of any length.
    pub(crate) fn all_replaced(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut before: Option<char> = None;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let starts = !(is_word(before) && is_word(Some(c)));
            if let Some(name) = starts.then(|| self.name_at(rest)).flatten() {
                out.push_str(&self.alias(name));
                before = name.chars().next_back();
                rest = rest.get(name.len()..).unwrap_or_default();
            } else {
                out.push(c);
                before = Some(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
        out
    }

    /// The longest name with which `text` begins.
    fn name_at<'a>(&self, text: &'a str) -> Option<&'a str> {
        let fitting = self.lengths.iter().filter(|l| **l > 0 && **l <= text.len());
        fitting.filter_map(|length| text.split_at_checked(*length)).find_map(|(name, rest)| {
            let ends = !(is_word(name.chars().next_back()) && is_word(rest.chars().next()));
            (ends && self.numbers.contains_key(name)).then_some(name)
        })
    }
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// The largest place in `text` up to `most` that is between two characters.
fn floor(text: &str, most: usize) -> usize {
    let mut at = text.len().min(most);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl State {
    /// The account's name as it may be shown.
    pub fn shown_name<'a>(&self, account: &'a Account) -> Cow<'a, str> {
        self.shown(&account.name)
    }

    /// A name as it may be shown.
    pub fn shown<'a>(&self, name: &'a Plain) -> Cow<'a, str> {
        match self.names.aliases() {
            Some(known) => known.alias(name.as_str()),
            None => name.as_str().into(),
        }
    }

    /// An id as it may be shown: like a name it tells whose account it is.
    pub fn shown_id(&self, id: &AccountId) -> String {
        if self.names.hidden { "(hidden)".to_owned() } else { id.to_plain().to_string() }
    }

    /// Makes of a value what may be shown of it: like a name, an address tells whose account it is.
    pub(crate) fn showing(&self) -> fn(&Value) -> Value {
        if self.names.hidden { Value::without_address } else { Value::clone }
    }

    /// A value in words, as it may be shown.
    pub fn shown_value(&self, value: &Value) -> String {
        self.showing()(value).shown()
    }

    /// A deed in words, as it may be shown.
    pub fn shown_deed(&self, deed: &Deed) -> String {
        deed.told(self.showing())
    }

    /// Text in which names may stand, as it may be shown.
    pub fn shown_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.names.aliases() {
            Some(known) => known.replaced(text).into(),
            None => text.into(),
        }
    }
}

/// Hides names, or shows them again.
pub(super) fn toggle(state: &mut State) {
    state.names.hidden = !state.names.hidden;
    learn(state);
    learn_all_records(state);
    super::table::refresh(state);
}

/// A list came: its names get their aliases while names are hidden.
pub(super) fn learn(state: &mut State) {
    if state.names.hidden {
        for account in state.accounts.list.iter().flatten() {
            state.names.learn(&account.name, usize::MAX);
        }
    }
}

/// So many records came: whom they name gets an alias while names are hidden.
pub(super) fn learn_records(state: &mut State, count: usize) {
    learn_last(state, count.saturating_add(LATE));
}

/// The history came.
pub(super) fn learn_all_records(state: &mut State) {
    learn_last(state, usize::MAX);
}

fn learn_last(state: &mut State, count: usize) {
    if !state.names.hidden {
        return;
    }
    let most = state.accounts.rows().len() + MOST_STRANGERS;
    for entry in state.logs.entries().rev().take(count) {
        if let Entry::Record(Record { event, .. }) = entry
            && let Some(name) = &event.account
        {
            state.names.learn(name, most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_where_they_stand_by_themselves() {
        let mut names = Names { hidden: true, ..Names::default() };
        for name in ["work", "work-max", "", "réseau 北京", "a"] {
            names.learn(&Plain::new(name), usize::MAX);
        }
        for (text, shown) in [
            ("failed for account: work", "failed for account: account-1"),
            ("account=work-max reason=429", "account=account-2 reason=429"),
            ("\"work\", work-max2 and homework", "\"account-1\", account-1-max2 and homework"),
            ("for réseau 北京: a", "for account-4: account-5"),
            ("nothing", "nothing"),
            ("", ""),
        ] {
            assert_eq!(names.known.replaced(text), shown);
        }
        assert_eq!(names.known.alias("stranger"), "account-?");
        assert!(names.known.replaced(&"é".repeat(9_000)).len() <= MOST_BYTES);
    }

    #[test]
    fn the_names_that_are_told_apart_are_bounded() {
        let mut names = Names::default();
        for i in 0..10 {
            names.learn(&Plain::new(&format!("n{i}")), 3);
        }
        assert_eq!(names.known.numbers.len(), 3);
    }
}
