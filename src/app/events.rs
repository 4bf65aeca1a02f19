//! How the events pane looks at the log: what it shows, and whether it follows the newest line.

use super::logs::{Entry, EntryId};
use crate::model::Weight;

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
        let refresh = record.event.kind.weight() == Weight::Refresh && !record.folded;
        match self {
            Self::Refresh => refresh,
            Self::Warn => refresh || (record.line.level.severity() >= 2 && !record.folded),
            Self::Info => refresh || record.line.level.severity() >= 1,
            Self::All => true,
        }
    }
}

/// How the events pane looks at the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventsPane {
    /// Which records are shown.
    pub show: Show,
    /// The lowest line shown while the view is held; none while it follows the newest.
    pub held: Option<EntryId>,
}
