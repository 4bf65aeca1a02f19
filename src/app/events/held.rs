//! The log as it was when the view was held: nothing that comes, goes or is told anew afterwards can move a line of it.

use std::collections::HashMap;

use super::list::{Item, Lens, List, Source};
use crate::app::logs::{Entry, EntryId, Logs, Place};

/// Most bytes that are kept for a view that is held, while the log itself goes on. What is older is let go. It holds
/// all that the log does: what is in its ring, and what is kept from before it.
const MOST_BYTES: usize = 20 << 20;

/// The log as it was, and the place in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Held {
    entries: Vec<(Place, Entry)>,
    list: List,
    /// The line under the cursor: so many newer ones are above it.
    cursor: usize,
    /// How many lines are scrolled off the top.
    top: usize,
    /// How many lines down to the cursor have what is searched for.
    hits_above: usize,
}

impl Source for Held {
    fn since(&self, from: Place) -> impl Iterator<Item = (Place, &Entry)> {
        let index = self.entries.partition_point(|(place, _)| *place < from);
        self.entries.iter().skip(index).map(|(place, entry)| (*place, entry))
    }

    fn at(&self, place: Place) -> Option<&Entry> {
        let index = self.entries.binary_search_by_key(&place, |(place, _)| *place).ok()?;
        self.entries.get(index).map(|(_, entry)| entry)
    }
}

impl Held {
    /// The log as it is now, the cursor on the newest line.
    pub(super) fn of(logs: &Logs, lens: &Lens) -> Self {
        let mut bytes = 0_usize;
        let fits = logs.since(0).rev().take_while(|(_, entry)| {
            if let Entry::Record(record) = entry {
                bytes = bytes.saturating_add(record.line.weight());
            }
            bytes <= MOST_BYTES
        });
        let first = fits.last().map_or(Place::MAX, |(place, _)| place);
        let entries = logs.since(first).map(|(place, entry)| (place, entry.clone())).collect();
        let mut held = Self { entries, ..Self::default() };
        held.list = List::of(&held, lens);
        held.count_hits();
        held
    }

    pub(super) fn list(&self) -> &List {
        &self.list
    }

    pub(super) fn cursor(&self) -> usize {
        self.cursor
    }

    /// The first line that is shown where `lines` fit, be it more than when it was scrolled: the cursor is always in sight, and no
    /// line stays empty while there is one for it.
    pub(super) fn top(&self, lines: usize) -> usize {
        let last = self.list.len().saturating_sub(lines.max(1));
        self.top.min(last).min(self.cursor).max((self.cursor + 1).saturating_sub(lines.max(1)))
    }

    /// How many lines down to the cursor have what is searched for.
    pub(super) fn hits_above(&self) -> usize {
        self.hits_above
    }

    /// Moves the cursor to a line, and scrolls as little as shows it where `lines` fit.
    pub(super) fn go(&mut self, cursor: usize, lines: usize) {
        self.cursor = cursor.min(self.list.len().saturating_sub(1));
        self.top = self.top(lines);
        self.count_hits();
    }

    fn count_hits(&mut self) {
        let down_to = self.list.newest_first().take(self.cursor + 1);
        self.hits_above = if self.list.hits() == 0 { 0 } else { down_to.filter(|item| item.hit).count() };
    }

    /// The nearest line that `is` one, beyond the cursor: older ones first comes first. With `from_here`, the cursor's own counts.
    pub(super) fn older(&self, from: usize, is: impl Fn(&Item, &Self) -> bool) -> Option<usize> {
        let mut lines = self.list.newest_first().enumerate().skip(from);
        lines.find(|(_, item)| is(item, self)).map(|(above, _)| above)
    }

    /// The nearest line above the cursor that `is` one.
    pub(super) fn newer(&self, is: impl Fn(&Item, &Self) -> bool) -> Option<usize> {
        (0..self.cursor).rev().find(|above| self.list.get(*above).is_some_and(|item| is(&item, self)))
    }

    /// Looks at the same through another lens. The cursor stays on its line, or goes to the next older one that is shown.
    pub(super) fn look_through(&mut self, lens: &Lens, lines: usize) {
        let place = self.list.get(self.cursor).map(|item| item.place);
        let row = self.cursor - self.top(lines);
        self.list = List::of(self, lens);
        let cursor = place.map_or(0, |place| self.list.above(place));
        self.top = cursor.saturating_sub(row);
        self.go(cursor, lines);
    }

    /// Takes in what has come since. The cursor stays on its line; where that is gone, it goes to the next older one that is there.
    pub(super) fn take_in(&mut self, logs: &Logs, lens: &Lens, lines: usize) {
        let mut now = Self::of(logs, lens);
        let above: HashMap<EntryId, usize> = now.list.newest_first().map(|item| item.id).zip(0..).collect();
        let older = self.list.newest_first().skip(self.cursor);
        let cursor = older.map(|item| item.id).find_map(|id| above.get(&id).copied());
        let cursor = cursor.unwrap_or(now.list.len().saturating_sub(1));
        now.top = cursor.saturating_sub(self.cursor - self.top(lines));
        now.go(cursor, lines);
        *self = now;
    }
}
