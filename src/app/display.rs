//! How things are shown: times, the table's columns, and whether the screen stands still.

use chrono::{FixedOffset, Offset as _, Utc};

use super::State;
use super::notice::Notice;
use crate::layout::ColumnChoice;

/// How things are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Display {
    /// How the time until a reset is shown.
    pub times: Times,
    /// The screen stands still, so that text can be selected on it.
    pub frozen: bool,
    /// The columns that are wanted.
    pub columns: ColumnChoice,
    /// Times are shown in UTC, and this is the machine's own zone.
    local: Option<FixedOffset>,
}

/// How the time until a reset is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Times {
    /// The time that is left: it counts.
    #[default]
    Left,
    /// The time of day: nothing moves.
    Clock,
}

impl Display {
    /// As it is at the start, with the columns that the configuration wants.
    pub(crate) fn of(columns: ColumnChoice) -> Self {
        Self { columns, ..Self::default() }
    }

    /// True where times of day are shown in UTC instead of the machine's zone.
    pub fn is_utc(&self) -> bool {
        self.local.is_some()
    }

    /// True where nothing counts.
    pub fn is_clock(&self) -> bool {
        self.times == Times::Clock
    }
}

/// From countdowns to times of day, and back.
pub(super) fn toggle_times(state: &mut State) {
    state.display.times = match state.display.times {
        Times::Left => Times::Clock,
        Times::Clock => Times::Left,
    };
}

/// From the machine's zone to UTC, and back.
pub(super) fn toggle_zone(state: &mut State) {
    let said = if let Some(local) = state.display.local.take() {
        state.zone = local;
        format!("times are this machine's ({local})")
    } else {
        state.display.local = Some(state.zone);
        state.zone = Utc.fix();
        "times are UTC".to_owned()
    };
    state.notice = Some(Notice::done(state.now, &said));
}

/// The machine's zone is another one now.
pub(super) fn zone_changed(state: &mut State, zone: FixedOffset) {
    match &mut state.display.local {
        Some(local) => *local = zone,
        None => state.zone = zone,
    }
}

/// Lets the screen stand still.
pub(super) fn freeze(state: &mut State) {
    // What stands in the way of reading is not kept for as long as the screen stands.
    state.notice = None;
    state.display.frozen = true;
}

/// Lets the screen go on. True where it had stood still.
pub(super) fn thaw(state: &mut State) -> bool {
    std::mem::take(&mut state.display.frozen)
}
