//! The bounded, ordered store of entries.
//!
//! Entries are in time order, those of one moment in the order in which they came. A record that is older than the newest
//! by more than [`LOOK_BACK`] was not late: the server's clock was set back. It stands where it came.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::classify::classify;
use super::context::{Change, Place};
use super::kept::Kept;
use super::{Entry, EntryId, MOST_BYTES, MOST_RECORDS, Record};
use crate::model::{Event, Kind, LogLine, Timestamp};

/// How late a record can be and still be put in its place. The server's worker threads are behind by fractions of a second.
pub(super) const LOOK_BACK: TimeDelta = TimeDelta::seconds(10);
/// How many records back a late one can be put, so that a flood out of order costs no more than one in order.
const MOST_BACK: usize = 256;

/// An entry and the time by which it is ordered: its own, or that of the newest before it where the clock was set back.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    pub(super) key: Timestamp,
    pub(super) entry: Entry,
}

/// The entries.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Ring {
    pub(super) slots: VecDeque<Slot>,
    /// The place of the first slot: how many entries were taken off the front.
    pub(super) first: Place,
    /// Those of them that are worth it.
    pub(super) kept: Kept,
    pub(super) records: usize,
    pub(super) notes: usize,
    pub(super) bytes: usize,
    pub(super) dropped: u64,
    /// The newest record that was dropped is of then.
    pub(super) dropped_to: Option<Timestamp>,
    /// The newest record's key. Notes, which have their times from here, say nothing about the server's clock.
    newest_key: Option<Timestamp>,
    next_id: u64,
    /// The places of entries that are told otherwise than before, until someone [asks](super::Logs::take_touched).
    pub(super) touched: Vec<Place>,
    /// How often everything was moved or told anew.
    pub(super) generation: u64,
}

/// Room for what the ring holds, marks of gaps and a newcomer among it. A ring whose room is doubled whenever it is short would go round
/// through up to twice the memory that it needs.
const ROOM: usize = MOST_RECORDS + 64;

/// Most places that are remembered as touched.
const MOST_TOUCHED: usize = 1024;

/// Where a record was put.
pub(super) enum Put {
    /// At the end, at that place.
    Last(Place),
    /// Before others.
    Between,
}

impl Ring {
    pub(super) fn next_id(&mut self) -> EntryId {
        self.next_id += 1;
        EntryId(self.next_id)
    }

    /// Names the entry that came last.
    pub(super) fn newest_id(&self) -> EntryId {
        EntryId(self.next_id)
    }

    /// A slot for a new record.
    pub(super) fn slot(&mut self, key: Timestamp, line: LogLine, event: Event) -> Slot {
        self.records += 1;
        self.newest_key = self.newest_key.max(Some(key));
        self.bytes = self.bytes.saturating_add(line.weight());
        let id = self.next_id();
        Slot {
            key,
            entry: Entry::Record(Record {
                id,
                line,
                event,
                folded: false,
                took: None,
                strike: None,
                part_of: None,
                holds: 0,
                switched_off: false,
            }),
        }
    }

    /// Puts a record in its place.
    pub(super) fn put(&mut self, line: LogLine, event: Event) -> Put {
        let at = line.at;
        let newest = self.newest_key.filter(|_| !self.slots.is_empty()).unwrap_or(at);
        let key = key(at, newest);
        let last = self.slots.back().map_or(key, |slot| slot.key);
        if key < last {
            let from = self.slots.len().saturating_sub(MOST_BACK);
            let behind = self.slots.range(from..).rev().take_while(|slot| slot.key > key);
            let (back, records) = behind.fold((0, 0), |(back, records), slot| {
                (back + 1, records + usize::from(!matches!(slot.entry, Entry::Note(_))))
            });
            if back < MOST_BACK {
                let slot = self.slot(key, line, event);
                let index = self.slots.len() - back;
                self.slots.insert(index, slot);
                if records > 0 {
                    return Put::Between;
                }
                // Notes behind it have moved, but mean nothing to the walk over the records.
                if back > 0 {
                    self.all_is_new();
                }
                return Put::Last(self.first + index as Place);
            }
        }
        let slot = self.slot(last.max(key), line, event);
        self.slots.push_back(slot);
        Put::Last(self.first + self.slots.len() as Place - 1)
    }

    /// The entry at a place.
    pub(super) fn at(&self, place: Place) -> Option<&Entry> {
        let index = usize::try_from(place.checked_sub(self.first)?).ok()?;
        self.slots.get(index).map(|slot| &slot.entry)
    }

    /// The entries that stand at `from` or behind it, oldest first.
    pub(super) fn since(&self, from: Place) -> impl DoubleEndedIterator<Item = (Place, &Entry)> {
        let skipped =
            usize::try_from(from.saturating_sub(self.first)).unwrap_or(usize::MAX).min(self.slots.len());
        let first = self.first + skipped as Place;
        let behind = self.slots.range(skipped..).enumerate();
        behind.map(move |(index, slot)| (first + index as Place, &slot.entry))
    }

    /// True where the oldest entry is to go. A mark of a gap never stands first: what is missing there is not known to be
    /// missing.
    pub(super) fn is_too_full(&self) -> bool {
        let gap_first = matches!(self.slots.front(), Some(Slot { entry: Entry::Gap { .. }, .. }));
        self.records + self.notes > MOST_RECORDS || self.bytes > MOST_BYTES || gap_first
    }

    /// Gives the ring its room, which costs no memory before it is used.
    pub(super) fn fit(&mut self) {
        if self.slots.capacity() < ROOM {
            self.slots.reserve_exact(ROOM - self.slots.len());
        } else if self.slots.capacity() > ROOM && self.slots.len() <= MOST_RECORDS {
            self.slots.shrink_to(ROOM);
        }
    }

    /// Takes the oldest entry off, and keeps it elsewhere where it is worth that.
    pub(super) fn pop(&mut self) {
        let Some(slot) = self.slots.pop_front() else { return };
        let place = self.first;
        self.first += 1;
        match &slot.entry {
            Entry::Record(record) => {
                self.records -= 1;
                self.bytes = self.bytes.saturating_sub(record.line.weight());
                self.dropped_to = self.dropped_to.max(Some(slot.key));
            }
            Entry::Note(note) => {
                self.notes -= 1;
                self.bytes = self.bytes.saturating_sub(note.weight());
            }
            Entry::Gap { .. } => {}
        }
        self.dropped += self.kept.take(place, slot.entry);
    }

    /// The record at a place, to be told otherwise.
    fn record_mut(&mut self, place: Place) -> Option<&mut Record> {
        let Some(index) = place.checked_sub(self.first) else { return self.kept.record_mut(place) };
        match self.slots.get_mut(usize::try_from(index).ok()?) {
            Some(Slot { entry: Entry::Record(record), .. }) => Some(record),
            _ => None,
        }
    }

    /// Does to the records what the walk says. Those that are gone already need nothing.
    pub(super) fn apply(&mut self, changes: &mut Vec<Change>) {
        for change in changes.drain(..) {
            let place = change.place();
            let Some(record) = self.record_mut(place) else { continue };
            match change {
                Change::Fold(_) => record.folded = true,
                Change::Took(_, took) => record.took = Some(took),
                Change::Strike(_, count) => record.strike = Some(count),
                Change::Cause(_, cause) => record.event.kind = Kind::Failed(cause),
                Change::Join(_, told) => record.part_of = Some(told),
                Change::Holds(_, count) => record.holds = count,
                Change::SwitchedOff(_) => record.switched_off = true,
            }
            self.touched.push(place);
        }
        if self.touched.len() > MOST_TOUCHED {
            self.all_is_new();
        }
    }

    /// Nothing is where it was, or as it was told.
    pub(super) fn all_is_new(&mut self) {
        self.generation += 1;
        self.touched.clear();
    }

    /// Takes back what was derived, so that each record is as it came, and tells each gap anew what follows it.
    pub(super) fn forget_derived(&mut self) {
        self.kept.forget_joined(self.first);
        let mut next = None;
        for slot in self.slots.iter_mut().rev() {
            match &mut slot.entry {
                Entry::Record(record) => {
                    (record.folded, record.took, record.strike) = (false, None, None);
                    (record.part_of, record.holds, record.switched_off) = (None, 0, false);
                    if matches!(record.event.kind, Kind::Failed(_)) {
                        record.event = classify(&record.line);
                    }
                    next = Some(record.line.at);
                }
                Entry::Gap { before, .. } => *before = next,
                Entry::Note(_) => {}
            }
        }
    }

    /// The newest record.
    pub(super) fn newest(&self) -> Option<&Record> {
        self.slots.iter().rev().find_map(|slot| match &slot.entry {
            Entry::Record(record) => Some(record),
            Entry::Gap { .. } | Entry::Note(_) => None,
        })
    }

    /// Where the entry with that id stands.
    pub(super) fn index_of(&self, id: EntryId) -> Option<usize> {
        self.slots.iter().rposition(|slot| slot.entry.id() == id)
    }
}

/// The time by which a record of `at` is ordered after one of `newest`.
pub(super) fn key(at: Timestamp, newest: Timestamp) -> Timestamp {
    if newest - at > LOOK_BACK { newest } else { at }
}
