//! Which entries the pane shows, in order: kept up to date as records come, so that no frame walks over all of them.

use std::collections::VecDeque;

use super::find::Needle;
use crate::app::logs::{Entry, EntryId, Logs, Place, Record};
use crate::model::{Plain, Weight};

/// Which records are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Show {
    /// Refresh events.
    Refresh,
    /// And every record at WARN and above.
    #[default]
    Warn,
    /// And every record at INFO and above, whole.
    Info,
    /// Every record.
    All,
}

impl Show {
    /// The next wider one; the narrowest after the widest.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Refresh => Self::Warn,
            Self::Warn => Self::Info,
            Self::Info => Self::All,
            Self::All => Self::Refresh,
        }
    }

    /// True where `entry` is shown. Marks of a gap always are.
    pub fn includes(self, entry: &Entry) -> bool {
        let Entry::Record(record) = entry else { return true };
        let refresh = || record.event.kind.weight() == Weight::Refresh;
        match self {
            Self::Refresh => !record.folded && refresh(),
            Self::Warn => !record.folded && (record.line.level.severity() >= 2 || refresh()),
            Self::Info => record.line.level.severity() >= 1 || (!record.folded && refresh()),
            Self::All => true,
        }
    }

    /// True where each event is one line, and not each record.
    pub fn folds(self) -> bool {
        self <= Self::Warn
    }
}

/// Through what the pane looks at the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lens {
    /// Which records are shown.
    pub show: Show,
    /// Only those about this account.
    pub only: Option<Plain>,
    /// Only what came after this one.
    pub cleared: Option<EntryId>,
    /// What is searched for.
    pub needle: Option<Needle>,
    /// Only lines that have it.
    pub matching: bool,
}

impl Lens {
    /// None where `entry` is not shown; else whether it has what is searched for.
    fn look(&self, entry: &Entry, source: &impl Source) -> Option<bool> {
        if !self.show.includes(entry) || self.cleared.is_some_and(|mark| entry.id() <= mark) {
            return None;
        }
        let (about, hit) = match entry {
            Entry::Record(record) => {
                let hit = self.needle.as_ref().is_some_and(|needle| needle.hits(record));
                (account_of(record, source), hit)
            }
            Entry::Note(note) => {
                let hit = self.needle.as_ref().is_some_and(|needle| needle.hits_note(note));
                // One that is about several accounts may be about this one.
                let one = Some(&note.account).filter(|name| !name.is_empty());
                (one.or(self.only.as_ref()), hit)
            }
            Entry::Gap { .. } => return Some(false),
        };
        if self.only.as_ref().is_some_and(|name| about != Some(name)) {
            return None;
        }
        (hit || !self.matching || self.needle.is_none()).then_some(hit)
    }
}

/// Entries at places.
pub(crate) trait Source {
    /// Those that stand at `from` or behind it, oldest first.
    fn since(&self, from: Place) -> impl Iterator<Item = (Place, &Entry)>;
    /// The entry that stands there.
    fn at(&self, place: Place) -> Option<&Entry>;
}

impl Source for Logs {
    fn since(&self, from: Place) -> impl Iterator<Item = (Place, &Entry)> {
        Logs::since(self, from)
    }

    fn at(&self, place: Place) -> Option<&Entry> {
        Logs::at(self, place)
    }
}

/// Whom a record is about: what it says itself, or the event to which it belongs.
pub(crate) fn account_of<'a>(record: &'a Record, source: &'a impl Source) -> Option<&'a Plain> {
    let own = record.event.account.as_ref();
    own.or_else(|| match source.at(record.part_of?)? {
        Entry::Record(told) => told.event.account.as_ref(),
        Entry::Gap { .. } | Entry::Note(_) => None,
    })
}

/// One line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) place: Place,
    pub(crate) id: EntryId,
    /// It has what is searched for.
    pub(crate) hit: bool,
}

/// The entries that are shown, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct List {
    lens: Lens,
    items: VecDeque<Item>,
    /// The first place that has not been looked at.
    next: Place,
    /// Where the log began to be whole when it was looked at.
    whole: Place,
    /// That of the log as it was looked at.
    generation: u64,
    hits: usize,
    /// Entries that came after this one are new.
    since: EntryId,
    /// How many of those are shown, and how many were until they were dropped.
    fresh: usize,
    gone: u64,
}

impl List {
    /// What is shown of `source` through `lens`.
    pub(crate) fn of(source: &impl Source, lens: &Lens) -> Self {
        let mut list = Self { lens: lens.clone(), ..Self::default() };
        list.look_on(source);
        list
    }

    /// Takes in what has happened to the log.
    pub(crate) fn keep_up(&mut self, logs: &mut Logs, lens: &Lens) {
        // Several things are said of one record at once.
        let mut touched = logs.take_touched();
        touched.sort_unstable();
        touched.dedup();
        self.let_go(logs);
        if self.generation != logs.generation() || self.lens != *lens {
            let gone = if self.lens == *lens { self.gone } else { 0 };
            let mut anew = Self { since: self.since, gone, ..Self::of(logs, lens) };
            (anew.generation, anew.whole) = (logs.generation(), logs.whole_from());
            anew.fresh = anew.items.iter().filter(|item| item.id > anew.since).count();
            *self = anew;
            return;
        }
        let looked_at = ..self.next;
        for place in touched.into_iter().filter(|place| looked_at.contains(place)) {
            self.look_again(place, logs);
        }
        self.look_on(logs);
        self.next = logs.end();
    }

    /// Lets go of what the log no longer has. Where others have moved meanwhile, it was not these: they were the oldest.
    fn let_go(&mut self, logs: &Logs) {
        let first = logs.oldest();
        while let Some(item) = self.items.front().copied().filter(|item| item.place < first) {
            self.items.pop_front();
            self.forget(item);
        }
        let whole = logs.whole_from();
        let [from, to] =
            [self.whole, whole].map(|bound| self.items.partition_point(|item| item.place < bound));
        // What the log went through since then: all of it was there, and some of it stays. That closes up in its place.
        let mut there = logs.since(self.whole).map(|(place, _)| place).peekable();
        self.whole = whole;
        let mut left = from;
        for at in from..to {
            let Some(item) = self.items.get(at).copied() else { break };
            while there.next_if(|place| *place < item.place).is_some() {}
            if there.peek() == Some(&item.place) {
                self.items.swap(left, at);
                left += 1;
            } else {
                self.forget(item);
            }
        }
        self.items.drain(left..to.max(left));
    }

    /// It is no longer shown, as it is no longer there.
    fn forget(&mut self, item: Item) {
        self.count_out(item);
        self.gone += u64::from(item.id > self.since);
    }

    /// True where nothing has happened to the log that is not taken in.
    pub(crate) fn is_current(&self, logs: &Logs, lens: &Lens) -> bool {
        let trimmed = self.items.front().is_none_or(|item| item.place >= logs.oldest());
        let same = self.generation == logs.generation() && self.whole == logs.whole_from();
        same && self.next == logs.end() && trimmed && self.lens == *lens
    }

    fn look_on(&mut self, source: &impl Source) {
        for (place, entry) in source.since(self.next) {
            self.next = place + 1;
            if let Some(hit) = self.lens.look(entry, source) {
                let item = Item { place, id: entry.id(), hit };
                self.count_in(item);
                self.items.push_back(item);
            }
        }
    }

    /// The entry there is told otherwise than before.
    fn look_again(&mut self, place: Place, source: &impl Source) {
        let Some(entry) = source.at(place) else { return };
        let index = self.items.partition_point(|item| item.place < place);
        let was = self.items.get(index).copied().filter(|item| item.place == place);
        let is = self.lens.look(entry, source).map(|hit| Item { place, id: entry.id(), hit });
        if let Some(item) = was {
            self.count_out(item);
        }
        if let Some(item) = is {
            self.count_in(item);
        }
        // Most are shown as before, only told otherwise; to move those behind it costs more than all else here.
        match (was, is) {
            (Some(_), Some(item)) => {
                if let Some(there) = self.items.get_mut(index) {
                    *there = item;
                }
            }
            (Some(_), None) => drop(self.items.remove(index)),
            (None, Some(item)) => self.items.insert(index, item),
            (None, None) => {}
        }
    }

    fn count_in(&mut self, item: Item) {
        self.hits += usize::from(item.hit);
        self.fresh += usize::from(item.id > self.since);
    }

    fn count_out(&mut self, item: Item) {
        self.hits = self.hits.saturating_sub(usize::from(item.hit));
        self.fresh = self.fresh.saturating_sub(usize::from(item.id > self.since));
    }

    /// What comes after this one is new from now on.
    pub(crate) fn count_from(&mut self, id: EntryId) {
        self.since = id;
        self.fresh = self.items.iter().filter(|item| item.id > id).count();
        self.gone = 0;
    }

    /// How many came since then.
    pub(crate) fn come(&self) -> u64 {
        self.fresh as u64 + self.gone
    }

    /// How many lines have what is searched for.
    pub(crate) fn hits(&self) -> usize {
        self.hits
    }

    /// How many lines there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// The lines, the newest first.
    pub(crate) fn newest_first(&self) -> impl ExactSizeIterator<Item = Item> + DoubleEndedIterator {
        self.items.iter().rev().copied()
    }

    /// The line with so many newer ones above it.
    pub(crate) fn get(&self, above: usize) -> Option<Item> {
        self.items.get(self.items.len().checked_sub(above + 1)?).copied()
    }

    /// How many lines are above that place: those that are newer.
    pub(crate) fn above(&self, place: Place) -> usize {
        self.items.len() - self.items.partition_point(|item| item.place <= place)
    }
}
