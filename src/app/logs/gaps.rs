//! Where records may be missing: the stream was lost, and the history does not reach back to it (or could not be had).
//!
//! A cut of the stream after minutes of silence is routine (`docs/server-contract.md`, section 4): the history then tells
//! everything since, and nothing is marked.

use super::ring::{Ring, Slot};
use super::{Entry, EntryId};
use crate::model::Timestamp;

/// Most losses of the stream that wait for a history.
const MOST_BREAKS: usize = 32;

/// One loss of the stream.
#[derive(Debug, Clone, PartialEq)]
struct Break {
    /// The newest record that was known then.
    after: EntryId,
    at: Timestamp,
    /// The mark, where there is one.
    mark: Option<EntryId>,
}

/// The losses of the stream that no history has bridged.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Breaks(Vec<Break>);

impl Breaks {
    /// The stream was lost. Where nothing has come since the last loss, it is the same one.
    pub(super) fn add(&mut self, ring: &Ring) {
        let Some(newest) = ring.newest() else { return };
        if self.0.last().is_none_or(|last| last.after != newest.id) {
            if self.0.len() >= MOST_BREAKS {
                self.0.remove(0); // its mark stays, if it has one
            }
            self.0.push(Break { after: newest.id, at: newest.line.at, mark: None });
        }
    }

    /// A history came that reaches back to then, if it holds anything. True where a mark came or went.
    pub(super) fn bridge(&mut self, ring: &mut Ring, reaches: Option<Timestamp>) -> bool {
        let mut changed = false;
        self.0.retain(|lost| {
            let bridged = reaches.is_some_and(|reaches| reaches <= lost.at);
            if let (true, Some(mark)) = (bridged, lost.mark) {
                changed |= ring.index_of(mark).and_then(|index| ring.slots.remove(index)).is_some();
            }
            !bridged
        });
        self.show(ring) || changed
    }

    /// Marks each loss that is not bridged. True where a mark came.
    pub(super) fn show(&mut self, ring: &mut Ring) -> bool {
        let mut changed = false;
        self.0.retain_mut(|lost| {
            if lost.mark.is_some() {
                return true;
            }
            let place = match ring.index_of(lost.after) {
                Some(index) => ring.slots.get(index).map(|slot| (index + 1, slot.key)),
                // It was dropped meanwhile, with all of its time but what is about refreshes.
                None if ring.kept.reaches_back_to(lost.at) => ring.slots.front().map(|slot| (0, slot.key)),
                // A loss before everything that is kept is no gap in it.
                None => None,
            };
            let Some((index, key)) = place else { return false };
            let id = ring.next_id();
            let before = ring.slots.iter().skip(index).find_map(|slot| match &slot.entry {
                Entry::Record(record) => Some(record.line.at),
                Entry::Gap { .. } | Entry::Note(_) => None,
            });
            ring.slots.insert(index, Slot { key, entry: Entry::Gap { id, after: lost.at, before } });
            lost.mark = Some(id);
            changed = true;
            true
        });
        changed
    }
}

/// The record that came last ends the gap before it, if that is still open.
pub(super) fn close_last(ring: &mut Ring) {
    let mut last = ring.slots.iter_mut().rev().filter(|slot| !matches!(slot.entry, Entry::Note(_)));
    if let (
        Some(Slot { entry: Entry::Record(record), .. }),
        Some(Slot { entry: Entry::Gap { before, .. }, .. }),
    ) = (last.next(), last.next())
    {
        before.get_or_insert(record.line.at);
    }
}
