//! The log so far: a bounded ring of records in time order, each with its meaning, and the facts that follow from them.

use crate::model::{Cause, Event, LogLine, PauseReason, Plain, Timestamp};
use chrono::TimeDelta;

/// Most records that are kept: an hour of a very busy server, and less than a screen of scrolling for most.
pub const MOST_RECORDS: usize = 10_000;
/// Most bytes that the kept records hold.
pub const MOST_BYTES: usize = 32 << 20;

/// Names one entry for as long as it is kept. Says nothing about order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u64);

/// One record with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Names it.
    pub id: EntryId,
    /// As the server sent it.
    pub line: LogLine,
    /// What it says.
    pub event: Event,
    /// Another line says it better: hidden unless INFO and up are shown. (A `Sending` whose outcome has come, a `Succeeded`
    /// whose new window has come, the proxy's lines and the body and the count of a failure that is told in one line.)
    pub folded: bool,
    /// On the line that tells a refresh's outcome: how long the refresh took.
    pub took: Option<TimeDelta>,
    /// On a failure: the how manieth in a row it was, of five.
    pub strike: Option<u32>,
}

/// One line of the pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A record.
    Record(Record),
    /// Records are missing here.
    Gap {
        /// Names it.
        id: EntryId,
        /// After the last record that is known.
        after: Timestamp,
        /// Before the next one that is known; none while nothing has come since.
        before: Option<Timestamp>,
    },
}

/// How the last refresh of an account went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded; with the new window's end where it brought one.
    Done {
        /// The new window's end.
        resets: Option<Timestamp>,
    },
    /// It failed.
    Failed {
        /// What it really was.
        cause: Cause,
        /// The how manieth in a row, where the log said.
        strike: Option<u32>,
    },
    /// It began and nothing has come yet.
    UnderWay,
}

/// What the log tells about one name. Inferred: two accounts may share it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The last refresh and when it began or ended.
    pub last: Option<(Timestamp, Outcome)>,
    /// When the last refresh of it brought a new reset time.
    pub new_reset_at: Option<Timestamp>,
    /// When its tokens could not be renewed, nothing having succeeded since.
    pub token_dead_at: Option<Timestamp>,
    /// When the server refused its own refresh at its door (or the sign-in was refused), nothing having succeeded since.
    pub auth_failed_at: Option<Timestamp>,
    /// When the server switched auto-refresh off.
    pub switched_off_at: Option<Timestamp>,
    /// When and why the server paused it.
    pub paused: Option<(Timestamp, PauseReason)>,
}

/// The log so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Logs {
    entries: std::collections::VecDeque<Entry>,
}

impl Logs {
    /// Takes in records from the stream, in its order. True where one of them says that an account changed.
    pub fn push(&mut self, _lines: Vec<LogLine>) -> bool {
        false
    }

    /// Fills in what the history knows and the ring does not. Records are compared as a multiset: one that stands twice in the
    /// history and once here is added once. Where the history does not reach back to what is known, a gap is marked.
    pub fn merge(&mut self, _history: Vec<LogLine>) {}

    /// The stream was lost: whatever comes after the newest record may be missing until the next merge.
    pub fn interrupted(&mut self) {}

    /// The history could not be had after the stream was lost: marks that something may be missing after the newest record.
    pub fn mark_gap(&mut self) {}

    /// The entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// How many records are kept.
    pub fn kept(&self) -> usize {
        0
    }

    /// How many records were dropped because there were too many.
    pub fn dropped(&self) -> u64 {
        0
    }

    /// What the log tells about a name.
    pub fn facts(&self, _name: &Plain) -> Option<&Facts> {
        None
    }

    /// When the server's scheduler started last, where the log says.
    pub fn started_at(&self) -> Option<Timestamp> {
        None
    }

    /// Forgets what a list, asked for at `asked` by the server's clock, shows to be over: `switched_off_at` where
    /// auto-refresh is on, `paused` where the account is not.
    pub fn reconcile(&mut self, _accounts: &[crate::model::Account], _asked: Timestamp) {}
}
