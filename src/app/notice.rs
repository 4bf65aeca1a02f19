//! What the program has to say: one line, for a while.

use chrono::TimeDelta;

use crate::model::{Plain, Timestamp};

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// What was asked for is done.
    Done,
    /// The answer to a key: something is under way, or was not done and needs nothing. The next key puts it away.
    Quiet,
    /// Something of that kind that comes by itself.
    News,
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

    /// The same of what comes by itself. Said now, for 4 seconds.
    pub fn news(now: Timestamp, text: &str) -> Self {
        Self { tone: Tone::News, ..Self::quiet(now, text) }
    }

    /// Said now, for 4 seconds or until the next key.
    pub fn quiet(now: Timestamp, text: &str) -> Self {
        Self { text: Plain::new(text), tone: Tone::Quiet, until: now + TimeDelta::seconds(4) }
    }

    /// Said now, for 12 seconds: long enough to be read by someone who looked away.
    pub fn alarm(now: Timestamp, text: &str) -> Self {
        Self { text: Plain::new(text), tone: Tone::Alarm, until: now + TimeDelta::seconds(12) }
    }
}
