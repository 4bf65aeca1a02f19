//! One refresh as the log tells it, and the lines about it that name no account.

use chrono::TimeDelta;

use super::context::{Change, Place};
use crate::model::{Cause, Level, LogLine, Plain, Timestamp};

/// How long before a failure a line may stand that explains it, where the refresh's beginning is not in the log (a server
/// that logs warnings only). They are milliseconds apart.
pub(super) const CLOSE: TimeDelta = TimeDelta::seconds(2);
/// Most records that are shown as one refresh: three models, each with a dozen lines.
const MOST_PARTS: usize = 64;

/// One refresh, from its beginning to well after its outcome.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refresh {
    pub(super) name: Plain,
    /// When it began, or where that is not in the log, when the first line came that might explain its failure.
    pub(super) since: Timestamp,
    pub(super) sending: Option<Place>,
    pub(super) stage: Stage,
    /// When it ended.
    pub(super) ended: Option<Timestamp>,
    /// What the lines since then say went wrong.
    pub(super) cause: Option<Cause>,
    /// The lines that explain it.
    pub(super) lines: Vec<Place>,
    /// The line that says that the account is taken out of use.
    pub(super) strike_out: Option<Place>,
    /// The record that tells its outcome.
    told: Option<Place>,
    /// The other records that belong to it.
    parts: Vec<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stage {
    UnderWay,
    /// It succeeded.
    Succeeded {
        /// Where that is told; none once a better line has come.
        at: Option<Place>,
        /// How long it took.
        took: Option<TimeDelta>,
    },
    /// It failed.
    Failed {
        /// Where that is told.
        at: Place,
        /// It is told as the 503 that stands for several causes.
        vague: bool,
    },
}

/// An error without a name, which the next line may give one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stray {
    pub(super) place: Place,
    pub(super) at: Timestamp,
    pub(super) text: Plain,
}

impl Refresh {
    pub(super) fn new(name: &Plain, since: Timestamp, sending: Option<Place>) -> Self {
        Self {
            name: name.clone(),
            since,
            sending,
            stage: Stage::UnderWay,
            ended: None,
            cause: None,
            lines: Vec::new(),
            strike_out: None,
            told: None,
            parts: Vec::new(),
        }
    }

    /// The record at `place` belongs to it.
    pub(super) fn join(&mut self, place: Place, out: &mut Vec<Change>) {
        if self.parts.len() >= MOST_PARTS || self.parts.contains(&place) {
            return;
        }
        self.parts.push(place);
        if let Some(told) = self.told {
            out.push(Change::Join(place, told));
            out.push(Change::Holds(told, self.holds()));
        }
    }

    /// The record at `place` belongs to it, and another one tells it better.
    pub(super) fn fold(&mut self, place: Place, out: &mut Vec<Change>) {
        out.push(Change::Fold(place));
        self.join(place, out);
    }

    /// Its outcome is told at `place`, and everything that belongs to it stands there from now on.
    pub(super) fn tell(&mut self, place: Place, out: &mut Vec<Change>) {
        if let Some(before) = self.told.replace(place)
            && self.parts.len() < MOST_PARTS
        {
            self.parts.push(before);
        }
        out.extend(self.parts.iter().map(|part| Change::Join(*part, place)));
        out.push(Change::Holds(place, self.holds()));
    }

    /// What comes next is another story: an exception after a success, a second failure.
    pub(super) fn begin_anew(&mut self) {
        if self.stage != Stage::UnderWay {
            self.told = None;
            self.parts.clear();
        }
    }

    /// Where its failure is told, while lines about that can still come.
    pub(super) fn failed_at(&self, now: Timestamp) -> Option<Place> {
        match self.stage {
            Stage::Failed { at, .. } if !self.is_over(now) => Some(at),
            _ => None,
        }
    }

    fn holds(&self) -> u32 {
        u32::try_from(self.parts.len()).unwrap_or(u32::MAX)
    }

    /// True where a line at `at` can no longer belong to it: its outcome is too long ago, or its beginning is unknown and
    /// what was taken for its first line is.
    pub(super) fn is_over(&self, at: Timestamp) -> bool {
        match self.ended {
            Some(ended) => at - ended > CLOSE,
            None => self.sending.is_none() && at - self.since > CLOSE,
        }
    }
}

/// The longest name of an error: `SomethingSomethingSomethingError`.
const LONGEST_WORD: usize = 40;

/// The text of an error that names no account: `Error: The socket connection was closed …`. The word before the colon may be
/// minified.
pub(super) fn stray_text(line: &LogLine) -> Option<&str> {
    if line.level != Level::Error {
        return None;
    }
    let message = line.message.as_str();
    let end = message.bytes().take(LONGEST_WORD + 1).position(|b| b == b':')?;
    let (word, text) = message.split_at_checked(end)?;
    let fits = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$');
    text.strip_prefix(": ").filter(|_| fits)
}

/// A request that no account could answer; the line names none.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    pub(super) place: Place,
    pub(super) at: Timestamp,
    /// The error that was told with it.
    pub(super) error: Option<Place>,
    /// Whose it is, where that is known.
    pub(super) whose: Option<Plain>,
}

impl Request {
    /// True where it can be one of `name`'s.
    pub(super) fn fits(&self, name: &Plain) -> bool {
        self.whose.as_ref().is_none_or(|whose| whose == name)
    }

    pub(super) fn places(self) -> impl Iterator<Item = Place> {
        [Some(self.place), self.error].into_iter().flatten()
    }
}
