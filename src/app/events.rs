//! How the events pane looks at the log: what it shows, and whether it follows the newest line.

use super::State;
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
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Refresh => Self::Warn,
            Self::Warn => Self::Info,
            Self::Info => Self::All,
            Self::All => Self::Refresh,
        }
    }

    /// True where `entry` is shown. Marks of a gap always are, and so is what was asked for here or changed elsewhere.
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
    /// The topmost line while the view is held; none while it follows the newest, which is on top.
    pub held: Option<EntryId>,
}

/// The entries that the pane includes, newest first.
fn included(state: &State) -> impl Iterator<Item = &Entry> {
    let show = state.events.show;
    state.logs.entries().rev().filter(move |e| show.includes(e))
}

/// The first `lines` entries of the pane as it stands, newest first, and how many newer ones are above them.
pub fn visible(state: &State, lines: usize) -> (Vec<&Entry>, usize) {
    let Some(held) = state.events.held else { return (included(state).take(lines).collect(), 0) };
    // The line itself may not be included any more (another tells it better, or its gap was filled): then the next older one is on
    // top. Where it was dropped from the ring, the view ends at the oldest that is left.
    let show = state.events.show;
    let newer =
        state.logs.entries().rev().take_while(|e| e.id() != held).filter(|e| show.includes(e)).count();
    let kept = state.logs.entries().any(|e| e.id() == held);
    let above = if kept { newer } else { newer.saturating_sub(lines.max(1)) };
    (included(state).skip(above).take(lines).collect(), above)
}

/// Moves the view by `by` lines, down (older) if positive. At the top it follows the newest again.
pub(crate) fn scroll(state: &mut State, by: isize) {
    let lines = state.regions().event_lines().max(1);
    let (_, above) = visible(state, 0);
    let total = included(state).count();
    let place = above.saturating_add_signed(by).min(total.saturating_sub(lines));
    state.events.held = if place == 0 { None } else { included(state).nth(place).map(Entry::id) };
}
