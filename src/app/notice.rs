//! What the program has to say: one line, for a while. Keys and tokens in it are masked.

use chrono::TimeDelta;

use crate::model::{Plain, Timestamp, masked};

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// What was asked for is done.
    Done,
    /// Something is under way, or was not done and needs nothing.
    Quiet,
    /// Something did not work.
    Alarm,
}

/// One line, shown until its time is over, another comes, or `esc`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What is said.
    pub text: Plain,
    /// How it is meant.
    pub tone: Tone,
    /// Until when, by our clock.
    pub until: Timestamp,
}

impl Notice {
    /// Something is done. Said now, for 4 seconds.
    pub fn done(now: Timestamp, text: &str) -> Self {
        Self { tone: Tone::Done, ..Self::quiet(now, text) }
    }

    /// Said now, for 4 seconds.
    pub fn quiet(now: Timestamp, text: &str) -> Self {
        Self { text: Plain::new(&masked(text)), tone: Tone::Quiet, until: now + TimeDelta::seconds(4) }
    }

    /// Said now, for 12 seconds: long enough to be read by someone who looked away.
    pub fn alarm(now: Timestamp, text: &str) -> Self {
        Self { text: Plain::new(&masked(text)), tone: Tone::Alarm, until: now + TimeDelta::seconds(12) }
    }
}
