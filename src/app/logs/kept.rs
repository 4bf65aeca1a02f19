//! What stays of the entries that had to leave the ring: what is about refreshes, and the notes.
//!
//! A busy server writes a thousand lines that say nothing about a refresh for each one that does. Without this place a failure
//! would be gone as soon as the ring is full again, in less than a second of a flood.

use std::collections::VecDeque;

use super::{Entry, EntryId, News, Place, Record};
use crate::model::{Kind, Timestamp, Weight};

/// Most records and notes that are kept here: three days of twenty accounts, each refreshed five times a day and told in three lines.
pub(super) const MOST_KEPT: usize = 1_000;
/// Most bytes that they hold, and most that one of them does.
const MOST_BYTES: usize = 4 << 20;
const LONGEST: usize = MOST_BYTES / 16;

/// The entries, each with the place that it had in the ring.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Kept {
    slots: VecDeque<(Place, Entry)>,
    /// How many of them are records.
    pub(super) records: usize,
    bytes: usize,
}

/// True where the entry is worth its place when others have to go: the event of a refresh, what belongs to one, a note. A renewal that
/// fails is told every second or so: its first time tells it.
fn is_telling(entry: &Entry) -> bool {
    match entry {
        Entry::Record(Record { event, folded, part_of, holds, .. }) => {
            let again = *folded && matches!(event.kind, Kind::TokenRefreshFailed);
            !again && (event.kind.weight() == Weight::Refresh || part_of.is_some() || *holds > 0)
        }
        Entry::Note(_) => true,
        Entry::Gap { .. } => false,
    }
}

impl Kept {
    /// Takes the entry that just left the ring, and says how many records are gone for that: its own, or older ones. A mark of a gap
    /// stays where it has something before it.
    pub(super) fn take(&mut self, place: Place, entry: Entry) -> u64 {
        let marks = matches!(entry, Entry::Gap { .. })
            && matches!(self.slots.back(), Some((_, Entry::Record(_) | Entry::Note(_))));
        let weight = entry.weight();
        if !(marks || is_telling(&entry) && weight <= LONGEST) {
            return u64::from(matches!(entry, Entry::Record(_)));
        }
        self.records += usize::from(matches!(entry, Entry::Record(_)));
        self.bytes = self.bytes.saturating_add(weight);
        self.slots.push_back((place, entry));
        let mut gone = 0;
        while self.is_too_full() {
            let Some((_, oldest)) = self.slots.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(oldest.weight());
            if matches!(oldest, Entry::Record(_)) {
                self.records -= 1;
                gone += 1;
            }
        }
        gone
    }

    /// A mark of a gap never stands first.
    fn is_too_full(&self) -> bool {
        let gap_first = matches!(self.slots.front(), Some((_, Entry::Gap { .. })));
        self.slots.len() > MOST_KEPT || self.bytes > MOST_BYTES || gap_first
    }

    /// The entries that stand at `from` or behind it, oldest first.
    pub(super) fn since(&self, from: Place) -> impl DoubleEndedIterator<Item = (Place, &Entry)> {
        let index = self.slots.partition_point(|(place, _)| *place < from);
        self.slots.range(index..).map(|(place, entry)| (*place, entry))
    }

    /// The entry that stands there.
    pub(super) fn at(&self, place: Place) -> Option<&Entry> {
        let index = self.slots.binary_search_by_key(&place, |(place, _)| *place).ok()?;
        self.slots.get(index).map(|(_, entry)| entry)
    }

    /// The record that stands there, to be told otherwise.
    pub(super) fn record_mut(&mut self, place: Place) -> Option<&mut Record> {
        let index = self.slots.binary_search_by_key(&place, |(place, _)| *place).ok()?;
        match self.slots.get_mut(index) {
            Some((_, Entry::Record(record))) => Some(record),
            _ => None,
        }
    }

    /// Takes back where it is told, if that is at `from` or behind it: that may stand elsewhere now, and says so again.
    pub(super) fn forget_joined(&mut self, from: Place) {
        for (_, entry) in &mut self.slots {
            if let Entry::Record(record) = entry
                && record.part_of.is_some_and(|told| told >= from)
            {
                record.part_of = None;
            }
        }
    }

    /// Changes what a note says, if it is here, and says where that is.
    pub(super) fn amend(&mut self, id: EntryId, change: impl FnOnce(&mut News)) -> Option<Place> {
        let (place, note) = self.slots.iter_mut().rev().find_map(|(place, entry)| match entry {
            Entry::Note(note) if note.id == id => Some((*place, note)),
            _ => None,
        })?;
        let before = note.weight();
        change(&mut note.news);
        self.bytes = self.bytes.saturating_sub(before).saturating_add(note.weight());
        Some(place)
    }

    /// True where the oldest entry is not younger than that.
    pub(super) fn reaches_back_to(&self, at: Timestamp) -> bool {
        match self.slots.front() {
            Some((_, Entry::Record(record))) => record.line.at <= at,
            Some((_, Entry::Note(note))) => note.at <= at,
            Some((_, Entry::Gap { .. })) | None => false,
        }
    }

    /// The oldest entry's place.
    pub(super) fn oldest(&self) -> Option<Place> {
        self.slots.front().map(|(place, _)| *place)
    }
}
