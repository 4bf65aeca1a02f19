//! How each source (the list, the stream) is connected, and when a lost one is tried again.

use chrono::TimeDelta;

use super::State;
use super::msg::Seq;
use super::trip::Trip;
use crate::model::{Failure, Timestamp};

/// The pause before the first retry.
const FIRST_RETRY: f64 = 0.5;
/// A stream that lived this long was a good one.
const LIVED: TimeDelta = TimeDelta::seconds(10);
/// The longest pause between two retries.
const LONGEST_RETRY: f64 = 30.0;

/// How one source is connected.
#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    /// Nothing has come yet.
    Connecting {
        /// Since when, by our clock.
        since: Timestamp,
    },
    /// It works.
    Live {
        /// Since when, by our clock.
        since: Timestamp,
    },
    /// It does not.
    Lost {
        /// Since when, by our clock.
        since: Timestamp,
        /// Why, as of the last try.
        why: Failure,
        /// How many tries have failed in a row.
        tries: u32,
        /// When it is tried next, by our clock.
        retry_at: Timestamp,
    },
}

impl Link {
    /// True while it works.
    pub fn is_live(&self) -> bool {
        matches!(self, Self::Live { .. })
    }

    /// When it is tried next.
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Lost { retry_at, .. } => Some(*retry_at),
            _ => None,
        }
    }

    pub(crate) fn succeed(&mut self, now: Timestamp) {
        if !self.is_live() {
            *self = Self::Live { since: now };
        }
    }
}

/// How each source is connected, and which requests are under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Links {
    /// The list.
    pub list: Link,
    /// The stream of records.
    pub stream: Link,
    /// The server has no stream: the history is polled instead.
    pub streamless: bool,
    /// The poll that is under way, and since when.
    pub(crate) polling: Option<(Seq, Timestamp)>,
    /// Another poll is wanted as soon as the one under way is answered.
    pub(crate) poll_again: bool,
    /// When the next poll is due; none while one is under way.
    pub(crate) next_poll: Option<Timestamp>,
    /// When the list is wanted because of log lines.
    pub(crate) nudge: Option<Timestamp>,
    /// When what a list that says nothing new may have changed is shown.
    pub(crate) look_by: Option<Timestamp>,
    /// How many records of the stream could not be read.
    pub unreadable: u64,
    /// How many polls because of log lines are still allowed, and when that was counted.
    pub(crate) allowance: (f64, Timestamp),
    /// How long the server takes to begin its answer to a poll.
    pub trip: Trip,
    /// The last poll's duration.
    pub(crate) poll_took: TimeDelta,
    /// How many times in a row the stream failed: it could not be opened, or did not live long.
    pub(crate) stream_tries: u32,
    /// The stream that is open or being opened.
    pub(crate) stream_seq: Option<Seq>,
    /// The last time anything came on it.
    pub(crate) stream_heard: Timestamp,
    /// The history that is under way.
    pub(crate) history_seq: Option<Seq>,
    /// How many times the history failed in a row.
    pub(crate) history_tries: u32,
    /// When the history is asked for next.
    pub(crate) next_history: Option<Timestamp>,
}

impl Links {
    /// Nothing is connected yet.
    pub fn new(now: Timestamp) -> Self {
        Self {
            list: Link::Connecting { since: now },
            stream: Link::Connecting { since: now },
            streamless: false,
            polling: None,
            poll_again: false,
            next_poll: Some(now),
            nudge: None,
            look_by: None,
            unreadable: 0,
            allowance: (5.0, now),
            trip: Trip::default(),
            poll_took: TimeDelta::zero(),
            stream_tries: 0,
            stream_seq: None,
            stream_heard: now,
            history_seq: None,
            history_tries: 0,
            next_history: None,
        }
    }
}

/// The pause before try number `tries` + 1: doubling from 0.5 s to 30 s, each shortened by up to half at random so that many
/// clients of one server do not come back at once.
pub(crate) fn pause(state: &mut State, tries: u32) -> TimeDelta {
    let full = (FIRST_RETRY * 2f64.powi(i32::try_from(tries.saturating_sub(1).min(10)).unwrap_or(10)))
        .min(LONGEST_RETRY);
    let seconds = full * (0.5 + state.roll() / 2.0);
    TimeDelta::milliseconds((seconds * 1000.0) as i64)
}

/// The list could not be had.
pub(crate) fn list_failed(state: &mut State, why: Failure) {
    let tries = tries(&state.links.list) + 1;
    let since = lost_since(&state.links.list, state.now);
    let retry_at = state.now + pause(state, tries);
    state.links.list = Link::Lost { since, why, tries, retry_at };
    state.links.next_poll = Some(retry_at);
}

/// The stream could not be had, or ended in a way that is not routine.
pub(crate) fn stream_failed(state: &mut State, why: Failure) {
    // A stream that is opened and cut again at once has not recovered.
    let lived = matches!(state.links.stream, Link::Live { since } if state.now - since >= LIVED);
    let tries = if lived { 1 } else { state.links.stream_tries + 1 };
    state.links.stream_tries = tries;
    let since = lost_since(&state.links.stream, state.now);
    let retry_at = state.now + pause(state, tries);
    state.links.stream = Link::Lost { since, why, tries, retry_at };
}

fn tries(link: &Link) -> u32 {
    match link {
        Link::Lost { tries, .. } => *tries,
        _ => 0,
    }
}

fn lost_since(link: &Link, now: Timestamp) -> Timestamp {
    match link {
        Link::Lost { since, .. } => *since,
        _ => now,
    }
}
