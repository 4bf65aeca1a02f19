//! What the server's log does not tell and stands among its records all the same: what was asked for here and what became of
//! it, and what the list showed to have been changed by others.
//!
//! A note stands where it came, as the server's clock had it. It means nothing for the records around it.

use chrono::TimeDelta;

use super::ring::{Ring, Slot};
use super::{Entry, EntryId, Logs, Place};
use crate::model::{Deed, Matter, PauseReason, Plain, Timestamp, Value};

/// The server's clock is known to about a second: a note that came this little before the newest record came after it.
const UNSURE: TimeDelta = TimeDelta::seconds(2);

/// Something that the server's log does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Names it.
    pub id: EntryId,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// The account's name as it was then; blank where it is about several.
    pub account: Plain,
    /// What it is.
    pub news: News,
}

/// What a note says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Something was asked for here.
    Yours {
        /// What.
        deed: Deed,
        /// What the account showed before; none for the commands.
        was: Option<Value>,
        /// What became of it.
        fate: Fate,
    },
    /// The list shows a change that was not asked for here.
    Seen {
        /// Of what.
        matter: Matter,
        /// What the account showed before.
        was: Value,
        /// What it shows now.
        is: Value,
        /// Whose doing it is.
        by: By,
    },
    /// So many more changes at once as are not told one by one.
    MoreSeen(usize),
}

/// What became of something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is under way.
    Asked,
    /// It was done.
    Confirmed,
    /// It was not done, and why.
    Refused(Plain),
    /// Whether it was done is not known.
    Unknown,
}

/// Whose doing a change is that was not asked for here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Someone's: another flaretop's, the web dashboard's, a script's.
    Someone,
    /// The server's, which refused its own refresh and waits for a new sign-in.
    SignIn,
    /// The server's, which paused the account for that reason.
    Pause(PauseReason),
    /// The server's, which resumed what it had paused, for that reason where it is known.
    Resume(Option<PauseReason>),
    /// Someone's, or the server's after an overage, which its log does not tell.
    SomeoneOrOverage,
}

impl News {
    /// Whose it is, in the place of a record's level: what was asked for here, or what was seen in the list.
    pub fn whose(&self) -> &'static str {
        match self {
            Self::Yours { .. } => "YOU",
            Self::Seen { .. } | Self::MoreSeen(_) => "SEEN",
        }
    }
}

impl Note {
    /// About how many bytes it holds in memory.
    pub(super) fn weight(&self) -> usize {
        let said = match &self.news {
            News::Yours { fate: Fate::Refused(why), .. } => why.len(),
            _ => 0,
        };
        size_of::<Self>() + self.account.len() + said
    }
}

impl Logs {
    /// Puts a note behind everything that is known, made at `at` by the server's clock.
    pub fn note(&mut self, at: Timestamp, account: Plain, news: News) -> EntryId {
        let id = self.ring.put_note(at, account, news);
        self.keep_bounds(&mut Vec::new());
        id
    }

    /// Changes what a note says, if it is still there.
    pub fn amend(&mut self, id: EntryId, change: impl FnOnce(&mut News)) {
        let ring = &mut self.ring;
        let Some(index) = ring.index_of(id) else {
            let place = ring.kept.amend(id, change);
            ring.touched.extend(place);
            return;
        };
        if let Some(Slot { entry: Entry::Note(note), .. }) = ring.slots.get_mut(index) {
            let before = note.weight();
            change(&mut note.news);
            ring.bytes = ring.bytes.saturating_sub(before).saturating_add(note.weight());
            ring.touched.push(ring.first + index as Place);
        }
    }

    /// What a note says now, if it is still there.
    pub(crate) fn find_note(&self, id: EntryId) -> Option<&Note> {
        self.entries().rev().find_map(|entry| match entry {
            Entry::Note(note) if note.id == id => Some(note),
            _ => None,
        })
    }

    /// Says what became of something that was asked for.
    pub fn settle_note(&mut self, id: EntryId, became: Fate) {
        self.amend(id, |news| {
            if let News::Yours { fate, .. } = news {
                *fate = became;
            }
        });
    }
}

impl Ring {
    fn put_note(&mut self, at: Timestamp, account: Plain, news: News) -> EntryId {
        let newest = self.slots.back().map_or(at, |slot| slot.key);
        let late = newest - at;
        let at = if late > TimeDelta::zero() && late <= UNSURE { newest } else { at };
        let note = Note { id: self.next_id(), at, account, news };
        let id = note.id;
        self.notes += 1;
        self.bytes = self.bytes.saturating_add(note.weight());
        self.slots.push_back(Slot { key: newest.max(at), entry: Entry::Note(note) });
        id
    }
}
