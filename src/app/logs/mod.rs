//! The log so far: a bounded ring of records in time order, each with its meaning, and the facts that follow from them.
//!
//! ```text
//! stream ──push──▶ ┌──────┐ ◀──merge── history
//!          kept ◀──│ ring │   classify: what one record says
//!                  └──┬───┘   context:  what belongs together → folded, took, strike, the true cause
//!                     └────── facts:    what follows for each name
//! ```
//!
//! Among the records stand [`Note`]s of what was asked for here, and of what was changed elsewhere.

mod attempt;
mod belongs;
mod classify;
pub use classify::classify;
mod context;
mod facts;
mod gaps;
mod kept;
mod merge;
mod notes;
mod ring;

use chrono::TimeDelta;

pub use self::context::Place;
use self::context::{Change, Context};
use self::facts::Known;
use self::gaps::Breaks;
use self::merge::Claims;
pub use self::notes::{By, Fate, News, Note};
use self::ring::{Put, Ring};
use crate::model::{Account, Cause, Event, Kind, LogLine, PauseReason, Plain, Timestamp};

/// Most records that are kept whatever they say: three times what the server's own history holds. Of older ones stays what is about
/// refreshes.
pub const MOST_RECORDS: usize = 3_000;
/// Most bytes that the kept records hold.
pub const MOST_BYTES: usize = 16 << 20;

/// Names one entry for as long as it is kept. Says nothing about its place: a record can come late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
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
    /// Where the event is told to which it belongs, if that is another record. It may have been dropped.
    pub part_of: Option<Place>,
    /// On the line that tells an event: how many others belong to it, those that were dropped among them.
    pub holds: u32,
    /// On a refusal: it made the server switch auto-refresh off.
    pub switched_off: bool,
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
    /// What the server's log does not tell.
    Note(Note),
}

impl Entry {
    /// Names it.
    pub fn id(&self) -> EntryId {
        match self {
            Self::Record(record) => record.id,
            Self::Gap { id, .. } => *id,
            Self::Note(note) => note.id,
        }
    }

    /// About how many bytes it holds in memory.
    fn weight(&self) -> usize {
        match self {
            Self::Record(record) => record.line.weight(),
            Self::Gap { .. } => size_of::<Self>(),
            Self::Note(note) => note.weight(),
        }
    }
}

/// How the last refresh of an account went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded; with the new window's end where it brought one.
    Done {
        /// The new window's end.
        resets: Option<Timestamp>,
        /// How long it took, where its beginning is in the log.
        took: Option<TimeDelta>,
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
    /// When the server resumed it last, and from what where that is told.
    pub resumed: Option<(Timestamp, Option<PauseReason>)>,
}

/// The log so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Logs {
    ring: Ring,
    /// What all records so far mean for the next.
    context: Context,
    /// What those mean that are no longer in the ring.
    before: Context,
    breaks: Breaks,
    claims: Claims,
    known: Known,
}

impl Logs {
    /// Takes in records from the stream, in its order. True where one of them says that an account changed.
    pub fn push(&mut self, lines: Vec<LogLine>) -> bool {
        let mut changed = false;
        let mut out_of_order = false;
        let mut said = Vec::new();
        for line in lines {
            let event = classify::classify(&line);
            changed |= event.kind.changes_accounts();
            if self.claims.settle(&line) {
                continue;
            }
            let relevant = context::is_relevant(&line, &event);
            match self.ring.put(line, event) {
                Put::Last(place) => {
                    gaps::close_last(&mut self.ring);
                    if relevant && !out_of_order {
                        self.walk_last(place, &mut said);
                    }
                }
                Put::Between => out_of_order = true,
            }
            self.keep_bounds(&mut said);
        }
        if out_of_order {
            self.walk_all();
        }
        changed
    }

    /// Fills in what the history knows and the ring does not. Records are compared as a multiset: one that stands twice in the
    /// history and once here is added once. Where the history does not reach back to what was known before the stream was
    /// [interrupted](Self::interrupted), a gap is marked.
    pub fn merge(&mut self, history: Vec<LogLine>) {
        let reaches = history.iter().map(|line| line.at).min();
        let mut changed = merge::fill(&mut self.ring, history, &mut self.claims);
        changed |= self.breaks.bridge(&mut self.ring, reaches);
        if changed {
            // What leaves is to be told as it is known now.
            self.walk_all();
            self.keep_bounds(&mut Vec::new());
        }
    }

    /// The stream was lost: from here on records may be missed, until a [merge](Self::merge) reaches back to the newest record
    /// that is known now. To be called each time the stream is lost, and before each merge where the history is polled
    /// instead of a stream.
    pub fn interrupted(&mut self) {
        self.claims.clear();
        self.breaks.add(&self.ring);
    }

    /// The history could not be had after the stream was lost: marks that something may be missing after the newest record
    /// that was known then. A later merge that reaches back to it removes the mark.
    pub fn mark_gap(&mut self) {
        if self.breaks.show(&mut self.ring) {
            self.walk_all();
            self.keep_bounds(&mut Vec::new());
        }
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.since(0).map(|(_, entry)| entry)
    }

    /// The entries that stand at `from` or behind it with their places, oldest first. An entry keeps its place until
    /// [`Self::generation`] changes.
    pub fn since(&self, from: Place) -> impl DoubleEndedIterator<Item = (Place, &Entry)> {
        self.ring.kept.since(from).chain(self.ring.since(from))
    }

    /// The entry that stands there.
    pub fn at(&self, place: Place) -> Option<&Entry> {
        self.ring.at(place).or_else(|| self.ring.kept.at(place))
    }

    /// The oldest entry's place.
    pub(crate) fn oldest(&self) -> Place {
        self.ring.kept.oldest().unwrap_or(self.ring.first)
    }

    /// From this place on nothing was dropped.
    pub(crate) fn whole_from(&self) -> Place {
        self.ring.first
    }

    /// The place of the entry that comes next.
    pub(crate) fn end(&self) -> Place {
        self.ring.first + self.ring.slots.len() as Place
    }

    /// Another number whenever entries have moved, or all have been told anew.
    pub fn generation(&self) -> u64 {
        self.ring.generation
    }

    /// Names the entry that came last. Of two entries, the one that came later has the greater name.
    pub fn newest_id(&self) -> EntryId {
        self.ring.newest_id()
    }

    /// The places of entries that are told otherwise since this was asked last, if the generation is still the same.
    pub(crate) fn take_touched(&mut self) -> Vec<Place> {
        std::mem::take(&mut self.ring.touched)
    }

    /// How many records are kept.
    pub fn kept(&self) -> usize {
        self.ring.records + self.ring.kept.records
    }

    /// How many records were dropped because there were too many.
    pub fn dropped(&self) -> u64 {
        self.ring.dropped
    }

    /// What the log tells about a name.
    pub fn facts(&self, name: &Plain) -> Option<&Facts> {
        self.context.book.get(name)
    }

    /// The refresh that has begun and of which nothing has come yet: whose it is, and since when. The server refreshes one account
    /// after another (`docs/server-contract.md`, section 5), so the others wait for it.
    pub fn under_way(&self) -> Option<(&Plain, Timestamp)> {
        self.context.under_way()
    }

    /// When the server's scheduler started last, where the log says.
    pub fn started_at(&self) -> Option<Timestamp> {
        self.context.started_at
    }

    /// Forgets what a list, asked for at `asked` by the server's clock, shows to be over: `switched_off_at` where
    /// auto-refresh is on, `paused` where the account is not. Where two accounts share a name, both must show it.
    pub fn reconcile(&mut self, accounts: &[Account], asked: Timestamp) {
        self.known.observe(accounts, asked);
        self.context.book.reconcile(&self.known);
        self.before.book.reconcile(&self.known);
    }

    /// Walks on over the record that came last.
    fn walk_last(&mut self, place: context::Place, changes: &mut Vec<Change>) {
        if let Some(Entry::Record(record)) = self.ring.at(place) {
            self.context.step(place, &record.line, &record.event, &self.known, changes);
            self.ring.apply(changes);
        }
    }

    /// Walks anew over everything that is kept.
    fn walk_all(&mut self) {
        self.ring.forget_derived();
        let mut changes = Vec::new();
        self.context = self.before.clone();
        for (place, slot) in (self.ring.first..).zip(&self.ring.slots) {
            match &slot.entry {
                Entry::Record(record) => {
                    self.context.step(place, &record.line, &record.event, &self.known, &mut changes);
                }
                Entry::Gap { .. } => self.context.gap(),
                Entry::Note(_) => {}
            }
        }
        self.ring.apply(&mut changes);
        self.ring.all_is_new();
    }

    /// Drops the oldest entries where there are too many.
    fn keep_bounds(&mut self, said: &mut Vec<Change>) {
        while self.ring.is_too_full() {
            self.drop_oldest(said);
        }
        self.ring.fit();
    }

    /// Takes the oldest entry off the ring, and remembers what it means. `said` is a place for what it says about others, emptied
    /// again.
    fn drop_oldest(&mut self, said: &mut Vec<Change>) {
        let place = self.ring.first;
        match self.ring.slots.front().map(|slot| &slot.entry) {
            Some(Entry::Record(Record { line, event, .. })) => {
                // The walk wants what the record itself says. What it says about others was done to them when it was walked over.
                if matches!(event.kind, Kind::Failed(_)) {
                    self.before.step(place, line, &classify::classify(line), &self.known, said);
                } else {
                    self.before.step(place, line, event, &self.known, said);
                }
                said.clear();
            }
            Some(Entry::Gap { .. }) => self.before.gap(),
            Some(Entry::Note(_)) | None => {}
        }
        self.ring.pop();
    }
}

#[cfg(test)]
mod tests;
