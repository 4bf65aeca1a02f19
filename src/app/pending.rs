//! The changes that have been asked for and are not settled. They lie over the rows of the list.

use std::collections::BTreeMap;

use super::logs::EntryId;
use super::msg::{ChangeKey, Seq};
use super::undo::Done;
use crate::model::{AccountId, Deed, Matter, Timestamp, Value};

/// Most values that were sent and that no list has shown yet. Far more than anyone asks for between two lists.
const MOST_SENT: usize = 256;

/// How far a change has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// It will be sent at that time, if the key turns out not to be held.
    Held {
        /// When.
        until: Timestamp,
        /// The wish before the key, which is restored if the key is held; none where there was no change.
        before: Option<Box<Wish>>,
    },
    /// It was sent, and its answer is awaited.
    Sent {
        /// The request.
        seq: Seq,
        /// What was sent; the wish may have changed since.
        deed: Deed,
    },
    /// It was answered; a list asked for at or after `since` must agree.
    Confirming {
        /// When the answer came, by our clock.
        since: Timestamp,
    },
    /// No answer came: a list asked for at or after `since` tells whether it was done.
    Unsure {
        /// When it was given up, by our clock.
        since: Timestamp,
        /// What was sent; the wish may have changed since.
        deed: Deed,
    },
}

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What is wanted now.
    pub to: Deed,
    /// How far it has come.
    pub phase: Phase,
    /// Until then a wish that was changed while under way may prove to be a held key's work, and is changed back.
    pub doubtful: Option<Timestamp>,
    /// What is remembered of what was sent last; none while nothing was.
    pub(crate) trail: Option<Trail>,
}

/// What is remembered of something that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trail {
    /// Where it is told among the events.
    pub(crate) note: EntryId,
    /// What the account showed before.
    pub(crate) was: Option<Value>,
    /// When it was sent, by the server's clock.
    pub(crate) at: Timestamp,
    /// What it undoes.
    pub(crate) undoes: Option<Box<Done>>,
}

/// A value that was sent and that no list has shown yet: when one does, it is nobody else's doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) key: ChangeKey,
    pub(crate) deed: Deed,
    pub(crate) trail: Trail,
    /// It was given up at that time, by our clock: the list showed it undone. It may still be done.
    pub(crate) given_up: Option<Timestamp>,
}

/// The changes that have been asked for and are not settled. At most one for each of an account's matters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pending {
    pub(crate) wishes: BTreeMap<ChangeKey, Wish>,
    pub(crate) sent: Vec<Sent>,
}

impl Pending {
    /// The wish for one matter of an account.
    pub fn get(&self, id: &AccountId, matter: impl Into<Matter>) -> Option<&Wish> {
        if self.wishes.is_empty() {
            return None; // most of the time, and asked for each cell
        }
        self.wishes.get(&(id.clone(), matter.into()))
    }

    /// The position that a switch is to have; none where nothing is asked for.
    pub fn position(&self, id: &AccountId, matter: impl Into<Matter>) -> Option<bool> {
        self.get(id, matter).and_then(|wish| wish.to.position())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.wishes.len()
    }

    /// True where nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.wishes.is_empty()
    }

    /// True while the answer to a change is awaited.
    pub fn is_awaited(&self) -> bool {
        self.wishes.values().any(|w| matches!(w.phase, Phase::Sent { .. }))
    }

    /// When the next held-back change is to be sent.
    pub fn next_send(&self) -> Option<Timestamp> {
        self.wishes
            .values()
            .filter_map(|w| match w.phase {
                Phase::Held { until, .. } => Some(until),
                _ => None,
            })
            .min()
    }

    /// Remembers what is sent.
    pub(crate) fn sends(&mut self, key: &ChangeKey, deed: &Deed, trail: &Trail) {
        if deed.value().is_none() {
            return; // no list shows it
        }
        if self.sent.len() >= MOST_SENT {
            self.sent.remove(0);
        }
        self.sent.push(Sent { key: key.clone(), deed: deed.clone(), trail: trail.clone(), given_up: None });
    }

    /// Forgets what was sent and will not be done, or has been seen.
    pub(crate) fn forget_sent(&mut self, key: &ChangeKey, which: impl Fn(&Sent) -> bool) {
        self.sent.retain(|sent| sent.key != *key || !which(sent));
    }

    /// The list shows `value` for the first time: takes out what was sent to make it so, and what was sent before that.
    pub(crate) fn claim(&mut self, key: &ChangeKey, value: &Value) -> Option<Sent> {
        let fits = |sent: &Sent| sent.key == *key && sent.deed.value().as_ref() == Some(value);
        let place = self.sent.iter().rposition(fits)?;
        let claimed = self.sent.remove(place);
        let mut index = 0;
        self.sent.retain(|sent| {
            let keeps = index >= place || sent.key != *key;
            index += 1;
            keeps
        });
        Some(claimed)
    }
}
