//! What is due, and when something would next change by itself.

use chrono::{SubsecRound as _, TimeDelta};

use super::link::{self, Link};
use super::look::{self, next_look};
use super::msg::{Effect, Seq};
use super::{State, change, elsewhere, input, names, table};
use crate::model::{Failure, LogLine, Timestamp};

/// A log line that says an account changed is followed by others of the same refresh: the list is asked for this long after it.
const SETTLE: TimeDelta = TimeDelta::milliseconds(120);
/// Polls because of log lines: so many at once, then one a second, so that a flood of log lines makes no flood of polls.
const MOST_NUDGES: f64 = 5.0;
/// A poll because of log lines may take at most this part of the time: a list of 10,000 accounts is not read every second.
const NUDGE_DUTY: f64 = 0.05;
/// The server cuts a stream after about 252 s of silence (`docs/server-contract.md`, section 4): an end after at least this
/// much silence is routine.
const ROUTINE_SILENCE: TimeDelta = TimeDelta::seconds(240);
/// The server sends a record at once and writes it to the file behind the history a moment later (`docs/server-contract.md`,
/// section 4): one from just before the stream was opened is found by reading the history a second time after this long.
const WRITTEN: TimeDelta = TimeDelta::seconds(2);
/// Where there is no stream, the history, which may be a megabyte, is read no more often than this.
const HISTORY_POLL: TimeDelta = TimeDelta::seconds(15);
/// What a server does not have it may have after an update.
const ASK_AGAIN: TimeDelta = TimeDelta::minutes(5);
/// From this interval on, half a second more or less is none.
const ROUNDED: TimeDelta = TimeDelta::seconds(2);
/// A stream that is silent for longer than the server would keep it is dead without having ended.
const DEAD_SILENCE: TimeDelta = TimeDelta::seconds(300);

/// Does what is due now.
pub(crate) fn due(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    let mut effects = change::due(state);
    table::due(state);
    state.links.look_by.take_if(|by| *by <= now);
    if state.accounts.next_turn.is_none_or(|turn| turn <= state.server_second()) {
        look::find_next_turn(state);
    }
    effects.extend(input::suspected(state));
    state.failed.take_if(|failed| failed.until <= now);
    if state.notice.as_ref().is_some_and(|n| n.until <= now) {
        state.notice = None;
    }
    let wanted = state.links.nudge.into_iter().chain(state.links.next_poll).min();
    if state.links.polling.is_none() && wanted.is_some_and(|t| t <= now) {
        effects.push(poll(state));
    }
    let links = &mut state.links;
    if links.stream_seq.is_some() && links.stream.is_live() && now - links.stream_heard >= DEAD_SILENCE {
        lose_stream(state);
        state.links.stream = Link::Connecting { since: now };
    }
    let open = state.links.stream_seq.is_none() && !state.links.streamless;
    if open && state.links.stream.retry_at().is_none_or(|t| t <= now) {
        effects.push(open_stream(state));
    }
    if next_history(state).is_some_and(|t| t <= now) {
        effects.push(fetch_history(state));
    }
    effects
}

fn poll(state: &mut State) -> Effect {
    let seq = state.next_seq();
    state.details.make_room(state.accounts.selected.as_ref());
    let links = &mut state.links;
    links.polling = Some((seq, state.now));
    links.poll_again = false;
    links.next_poll = None;
    links.nudge = None;
    Effect::Poll { seq }
}

/// When the list is asked for next, after an answer: together with the second in which countdowns change, so that the program wakes up
/// once for both. A shorter interval is kept to the letter.
pub(crate) fn next_poll(state: &State) -> Timestamp {
    let then = state.now + state.options.interval;
    if state.options.interval < ROUNDED {
        then
    } else {
        state.clock.to_local(state.clock.at(then).round_subsecs(0))
    }
}

/// Asks for the list now, or as soon as the poll under way is answered.
pub(crate) fn poll_now(state: &mut State) -> Vec<Effect> {
    if state.links.polling.is_some() {
        state.links.poll_again = true;
        return Vec::new();
    }
    vec![poll(state)]
}

/// The stream is not there any more: what comes until it is open again may be missing, and a history that is under way, or due,
/// does not cover it.
fn lose_stream(state: &mut State) {
    state.logs.interrupted();
    state.links.stream_seq = None;
    state.links.history_seq = None;
    state.links.next_history = None;
}

/// When the history is to be read: only while the stream is open, or where there is none.
fn next_history(state: &State) -> Option<Timestamp> {
    let links = &state.links;
    let open = links.stream_seq.is_some() && links.stream.is_live();
    if links.history_seq.is_none() && (open || links.streamless) { links.next_history } else { None }
}

/// Connects anew: list and stream.
pub(crate) fn reconnect(state: &mut State) -> Vec<Effect> {
    lose_stream(state);
    state.links.stream = Link::Connecting { since: state.now };
    state.links.stream_tries = 0;
    state.links.streamless = false;
    state.links.polling = None;
    vec![Effect::DropConnections, poll(state), open_stream(state)]
}

/// The list could be had again after it was lost since then: the stream is opened anew, as its connection may be dead without
/// having ended, unless something has come on it meanwhile.
pub(crate) fn list_is_back(state: &mut State, since: Timestamp) -> Vec<Effect> {
    let links = &state.links;
    let opening = links.stream_seq.is_some() && !links.stream.is_live();
    let heard = links.stream_seq.is_some() && links.stream_heard > since;
    if opening || heard {
        return Vec::new();
    }
    lose_stream(state);
    state.links.stream = Link::Connecting { since: state.now };
    state.links.streamless = false; // perhaps it was something in between that did not know the stream
    vec![open_stream(state)]
}

fn open_stream(state: &mut State) -> Effect {
    let seq = state.next_seq();
    state.links.stream_seq = Some(seq);
    state.links.stream_heard = state.now;
    Effect::OpenStream { seq }
}

fn fetch_history(state: &mut State) -> Effect {
    let seq = state.next_seq();
    state.links.history_seq = Some(seq);
    state.links.next_history = None;
    Effect::FetchHistory { seq }
}

/// The stream is open: only now is the history read, so that nothing falls between the two.
pub(crate) fn stream_opened(state: &mut State, seq: Seq) -> Vec<Effect> {
    if state.links.stream_seq != Some(seq) {
        return Vec::new();
    }
    let now = state.now;
    state.links.stream.succeed(now);
    state.links.stream_heard = now;
    let mut effects = vec![fetch_history(state)];
    state.links.next_history = Some(now + WRITTEN);
    if matches!(&state.links.list, Link::Lost { why, .. } if !why.is_answer())
        && state.links.stream_tries <= 1
    {
        // The server is there: no reason to wait for the list's next try.
        effects.extend(poll_now(state));
    }
    effects
}

/// Records came on the stream.
pub(crate) fn stream_records(state: &mut State, seq: Seq, lines: Vec<LogLine>, skipped: u64) -> Vec<Effect> {
    if state.links.stream_seq != Some(seq) {
        return Vec::new();
    }
    state.links.stream_heard = state.now;
    state.links.unreadable += skipped;
    let count = lines.len();
    if state.logs.push(lines) {
        nudge(state);
        elsewhere::attribute(state);
    }
    names::learn_records(state, count);
    Vec::new()
}

/// A log line says that an account changed: the list is wanted soon.
fn nudge(state: &mut State) {
    let now = state.now;
    if !state.links.list.is_live() {
        return; // its retries have their own times
    }
    if state.links.nudge.is_some() {
        return;
    }
    let took = state.links.poll_took.num_milliseconds().max(0) as f64 / 1000.0;
    let rate = if took > 0.0 { (NUDGE_DUTY / took).min(1.0) } else { 1.0 };
    let (left, counted) = state.links.allowance;
    let elapsed = (now - counted).num_milliseconds().max(0) as f64 / 1000.0;
    let left = (left + elapsed * rate).min(MOST_NUDGES);
    let wait = if left >= 1.0 { 0.0 } else { (1.0 - left) / rate };
    state.links.allowance = ((left - 1.0).max(-1.0), now);
    state.links.nudge = Some(now + SETTLE.max(TimeDelta::milliseconds((wait * 1000.0) as i64)));
}

/// The stream ended, or could not be opened.
pub(crate) fn stream_closed(state: &mut State, seq: Seq, why: Failure) -> Vec<Effect> {
    if state.links.stream_seq != Some(seq) {
        return Vec::new();
    }
    let now = state.now;
    lose_stream(state);
    if why == Failure::NotOffered {
        state.links.streamless = true;
        return vec![fetch_history(state)];
    }
    let silent = now - state.links.stream_heard;
    if state.links.stream.is_live() && why == Failure::Closed && silent >= ROUTINE_SILENCE {
        return vec![open_stream(state)];
    }
    link::stream_failed(state, why);
    Vec::new()
}

/// The history came, or did not.
pub(crate) fn history(state: &mut State, seq: Seq, result: Result<Vec<LogLine>, Failure>) -> Vec<Effect> {
    if state.links.history_seq != Some(seq) {
        return Vec::new();
    }
    let now = state.now;
    state.links.history_seq = None;
    match result {
        Ok(lines) => {
            state.links.history_tries = 0;
            if state.links.streamless {
                state.logs.interrupted(); // between two polls nobody listens
            }
            state.logs.merge(lines);
            names::learn_all_records(state);
            elsewhere::attribute(state);
            if state.links.streamless {
                state.links.stream.succeed(now);
                state.links.next_history = Some(now + state.options.interval.max(HISTORY_POLL));
            }
        }
        Err(why) => {
            state.logs.mark_gap();
            state.links.history_tries += 1;
            if state.links.streamless {
                link::stream_failed(state, why.clone());
            }
            let pause = link::pause(state, state.links.history_tries);
            let missing = why == Failure::NotOffered;
            state.links.next_history = Some(now + if missing { ASK_AGAIN } else { pause });
        }
    }
    Vec::new()
}

/// When something would next change by itself, by our clock; none where nothing would.
pub fn next_wake(state: &State) -> Option<Timestamp> {
    let links = &state.links;
    let idle = |t: Option<Timestamp>| if links.polling.is_none() { t } else { None };
    let all = [idle(links.next_poll), idle(links.nudge), next_deed(state), next_look(state)];
    all.into_iter().flatten().min()
}

/// When something else than a poll would next be done.
pub(super) fn next_deed(state: &State) -> Option<Timestamp> {
    let links = &state.links;
    let stream = if links.streamless {
        None
    } else if links.stream_seq.is_none() {
        Some(links.stream.retry_at().unwrap_or(state.now))
    } else if links.stream.is_live() {
        Some(links.stream_heard + DEAD_SILENCE)
    } else {
        None
    };
    let history = next_history(state);
    let suspected = state.suspected.map(|(_, until)| until);
    let send = state.pending.next_send();
    [stream, history, send, suspected].into_iter().flatten().min()
}
