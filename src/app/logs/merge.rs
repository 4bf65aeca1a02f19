//! Fitting the history and the stream together: each record once, however often both tell it.

use std::collections::{HashMap, VecDeque};

use chrono::TimeDelta;
use foldhash::fast::RandomState;

use super::Entry;
use super::classify::classify;
use super::ring::{self, LOOK_BACK, Ring};
use crate::model::{LogLine, Timestamp};

/// How far the stream and the history can overlap: from the moment in which the stream was opened to that in which the
/// history was answered.
const OVERLAP: TimeDelta = TimeDelta::minutes(2);

/// Records that only the history has told so far. The stream, which is opened before the history is asked for, may still
/// tell them too.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Claims {
    open: HashMap<LogLine, u32, RandomState>,
    /// The newest of them is of then.
    until: Option<Timestamp>,
}

impl Claims {
    pub(super) fn clear(&mut self) {
        self.open.clear();
        self.until = None;
    }

    fn add(&mut self, line: &LogLine) {
        self.until = self.until.max(Some(line.at));
        *self.open.entry(line.clone()).or_default() += 1;
    }

    fn forget_old(&mut self) {
        let until = self.until;
        self.open.retain(|line, _| until.is_some_and(|until| until - line.at <= OVERLAP));
    }

    /// True where the record from the stream is one that the history has told. Each is claimed once.
    pub(super) fn settle(&mut self, line: &LogLine) -> bool {
        let Some(until) = self.until else { return false };
        if line.at - until > LOOK_BACK {
            self.clear(); // the stream is past them
            return false;
        }
        if line.at > until {
            return false; // newer than each of them
        }
        let Some(count) = self.open.get_mut(line) else { return false };
        *count -= 1;
        if *count == 0 {
            self.open.remove(line);
        }
        true
    }
}

/// Puts into `ring` what only `history` tells, and says whether there was anything. A record that stands twice there and
/// once here is put in once. Of equally old ones, the history's order holds.
pub(super) fn fill(ring: &mut Ring, history: Vec<LogLine>, claims: &mut Claims) -> bool {
    let mut lines = ordered(history);
    let found = matches(ring, &lines);
    let missing = |(key, _): &(Timestamp, LogLine), found: Option<usize>| {
        found.is_none() && ring.dropped_to.is_none_or(|dropped| *key > dropped)
    };
    if !lines.iter().zip(&found).any(|(line, found)| missing(line, *found)) {
        return false;
    }
    let dropped_to = ring.dropped_to;
    let mut old = std::mem::take(&mut ring.slots).into_iter().enumerate().peekable();
    let mut slots = VecDeque::with_capacity(old.len() + lines.len());
    for ((key, line), found) in lines.drain(..).zip(found) {
        while let Some((_, slot)) = old.next_if(|(_, slot)| slot.key < key) {
            slots.push_back(slot);
        }
        if let Some(found) = found {
            // The records before this one are before it here as well.
            while let Some((_, slot)) = old.next_if(|(index, slot)| *index <= found && slot.key == key) {
                slots.push_back(slot);
            }
        } else if dropped_to.is_none_or(|dropped| key > dropped) {
            claims.add(&line);
            let event = classify(&line);
            slots.push_back(ring.slot(key, line, event));
        }
    }
    slots.extend(old.map(|(_, slot)| slot));
    ring.slots = slots;
    claims.forget_old();
    true
}

/// The history with the times by which it is ordered, in that order.
fn ordered(history: Vec<LogLine>) -> Vec<(Timestamp, LogLine)> {
    let mut newest: Option<Timestamp> = None;
    let keyed = history.into_iter().map(|line| {
        let key = ring::key(line.at, newest.unwrap_or(line.at));
        newest = newest.max(Some(key));
        (key, line)
    });
    let mut lines: Vec<_> = keyed.collect();
    lines.sort_by_key(|(key, _)| *key);
    lines
}

/// For each record of the history its twin in the ring, none of them twice. Of twins of one moment those are matched that keep
/// the others in order.
fn matches(ring: &Ring, lines: &[(Timestamp, LogLine)]) -> Vec<Option<usize>> {
    let mut wanted: HashMap<&LogLine, VecDeque<usize>, RandomState> =
        HashMap::with_capacity_and_hasher(lines.len(), RandomState::default());
    let (mut oldest, mut newest) = (None::<Timestamp>, None::<Timestamp>);
    for (index, (_, line)) in lines.iter().enumerate() {
        oldest = Some(oldest.map_or(line.at, |t| t.min(line.at)));
        newest = newest.max(Some(line.at));
        wanted.entry(line).or_default().push_back(index);
    }
    let mut found = vec![None; lines.len()];
    let mut last: Option<(Timestamp, usize)> = None;
    for (index, slot) in ring.slots.iter().enumerate() {
        let Entry::Record(record) = &slot.entry else { continue };
        if Some(record.line.at) < oldest || Some(record.line.at) > newest {
            continue;
        }
        let Some(twins) = wanted.get_mut(&record.line) else { continue };
        let after = last.filter(|(key, _)| *key == slot.key);
        let next = after.map_or(0, |(_, last)| twins.partition_point(|twin| *twin <= last));
        let twin = twins.remove(next).or_else(|| twins.pop_front());
        if let Some((twin, place)) = twin.and_then(|twin| Some((twin, found.get_mut(twin)?))) {
            *place = Some(index);
            last = Some((slot.key, twin));
        }
    }
    found
}
