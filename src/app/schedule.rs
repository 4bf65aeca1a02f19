//! What is due, and when something would next change by itself.

use super::State;
use super::msg::{Effect, Seq};
use crate::model::{Failure, LogLine, Timestamp};

pub(crate) fn due(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(crate) fn poll_now(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(crate) fn list_is_back(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(crate) fn stream_opened(_state: &mut State, _seq: Seq) -> Vec<Effect> {
    Vec::new()
}

pub(crate) fn stream_records(
    _state: &mut State,
    _seq: Seq,
    _lines: Vec<LogLine>,
    _skipped: u64,
) -> Vec<Effect> {
    Vec::new()
}

pub(crate) fn stream_closed(_state: &mut State, _seq: Seq, _why: Failure) -> Vec<Effect> {
    Vec::new()
}

pub(crate) fn history(_state: &mut State, _seq: Seq, _result: Result<Vec<LogLine>, Failure>) -> Vec<Effect> {
    Vec::new()
}

/// When something would next change by itself, by our clock; none where nothing would.
pub fn next_wake(_state: &State) -> Option<Timestamp> {
    None
}
