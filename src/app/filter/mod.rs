//! The language of filters: which accounts are meant. The prompt of the table speaks it, and whatever else chooses accounts.
//!
//! ```text
//! filter = [ group { "or" group } ]      one of the groups holds; where there is none, every account is meant
//! group  = term { term }                 all of its terms hold
//! term   = { "!" | "not:" } test         holds where the test does not
//! test   = word                          a part of the name, whatever its case
//!        | name ":" value                auto:off
//!        | name ("<" | "<=" | ">" | ">=") number
//! ```
//!
//! What is between `"` is taken as it stands: blanks, `:` and the rest. A `"` or `\` among it has a `\` before it.
//! Whether an account is meant is decided by what the table shows of it, by the same functions.

mod complete;
mod holds;
mod read;
mod terms;
mod tokens;
mod write;

use super::State;
use crate::model::Account;

pub use complete::{Completion, complete};
pub use read::FilterError;
pub use terms::{TERMS, TermHelp};

use terms::{Range, Usage, Word};

/// Which accounts are meant. Made from text, and printed as text that means the same.
///
/// ```
/// use flaretop::app::Filter;
/// let filter: Filter = "auto:off not:pri>5 or needs:me".parse()?;
/// assert_eq!(filter.to_string(), "auto:off !pri>5 or needs:me");
/// # Ok::<(), flaretop::app::FilterError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    groups: Vec<Vec<Term>>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    /// It holds where the test does not.
    negated: bool,
    test: Test,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// The name has this in it.
    Name(Word),
    /// The position of auto-refresh, as the table's word.
    Auto(&'static str),
    /// STATE, as its word.
    State(&'static str),
    /// The provider, whole.
    Provider(String),
    /// The priority.
    Priority(Range<i64>),
    /// Percent of a window.
    Use(Usage, Range<u16>),
    /// Seconds until what RESETS IN counts to.
    Resets(Range<i64>),
    /// It needs a person.
    NeedsMe,
    /// The id begins with this.
    Id(String),
}

impl Filter {
    /// True where every account is meant.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// True where the account is meant, as things stand.
    pub fn matches(&self, state: &State, account: &Account) -> bool {
        self.is_empty() || holds::any(&self.groups, state, account)
    }

    /// True where time alone can change which accounts are meant.
    pub fn follows_time(&self) -> bool {
        self.tests().any(|t| matches!(t, Test::State(_) | Test::Use(..) | Test::Resets(_) | Test::NeedsMe))
    }

    /// When `account` may next be meant, or no longer be, by nothing but time; by the server's clock.
    pub(crate) fn turns_at(&self, state: &State, account: &Account) -> Option<crate::model::Timestamp> {
        holds::turns_at(self.tests(), state, account)
    }

    /// Printed without the parts of names: for a screen on which names are hidden.
    pub(crate) fn without_names(&self) -> String {
        write::text(self, write::Names::Hidden)
    }

    fn tests(&self) -> impl Iterator<Item = &Test> {
        self.groups.iter().flatten().map(|term| &term.test)
    }
}

#[cfg(test)]
mod tests;
