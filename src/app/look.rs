//! When the screen looks different: by itself, as time passes, and whether a message may have made it so.

use chrono::{TimeDelta, Timelike as _};

use super::link::Link;
use super::refresh::counts_to;
use super::{State, details, table};
use crate::model::{Account, Timestamp, UsageWindow};

/// Added to a length of time, makes whole seconds of it that are not too few.
const LAST_PART: TimeDelta = TimeDelta::nanoseconds(999_999_999);

/// Whether the last message may have changed what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// It may: a frame is due.
    #[default]
    New,
    /// It did not, or so little that it can wait for [`next_wake`](super::next_wake).
    Same,
}

/// True where time alone changes nothing that is shown before `then`.
pub(super) fn is_same_until(state: &State, then: Timestamp) -> bool {
    next_look(state).is_none_or(|next| then < next)
}

/// True where a list that says what the one before it did is no news: nothing is lost, late, asked for or looked at that it could settle.
pub(super) fn is_quiet(state: &State) -> bool {
    state.links.list.is_live()
        && state.late().is_none()
        && state.pending.is_empty()
        && !state.details.is_open()
}

/// A list came that says what the one before it did. What follows from that, if anything, is shown with the next second.
pub(super) fn can_wait(state: &mut State) {
    state.look = Look::Same;
    let next = state.clock.to_local(state.server_second() + TimeDelta::seconds(1));
    state.links.look_by.get_or_insert(next);
}

/// When the screen would next look different by itself. One that stands still never does.
pub(super) fn next_look(state: &State) -> Option<Timestamp> {
    if state.display.frozen {
        return None;
    }
    let late = state.accounts.came.map(|came| came + state.options.interval * 2).filter(|t| *t > state.now);
    [
        late,
        state.links.look_by,
        state.notice.as_ref().map(|n| n.until),
        state.failed.as_ref().map(|f| f.until),
        table::next_turn(state),
        Some(next_visible_change(state)),
    ]
    .into_iter()
    .flatten()
    .min()
}

/// The next moment at which a cell that shows time shows another one, by our clock. Always a whole second of the server's.
fn next_visible_change(state: &State) -> Timestamp {
    let server = state.server_second();
    let seconds = seconds_until_change(state).clamp(1, 60);
    state.clock.to_local(server + TimeDelta::seconds(seconds))
}

fn seconds_until_change(state: &State) -> i64 {
    let server = state.server_second();
    if !state.links.list.is_live() || matches!(state.links.stream, Link::Connecting { .. }) {
        return 1; // since when it is lost, and when it is tried again; how long connecting takes
    }
    if state.late().is_some() {
        return 1;
    }
    let minute = 60 - i64::from(server.second());
    let selected = state.accounts.selected.as_ref();
    let start = state.accounts.offset;
    let fits = state.account_rows();
    let rows = state.accounts.shown(start..start.saturating_add(fits));
    // The why pane counts the selected account's seconds, whether or not its row is seen.
    let told = if fits == 0 && !state.regions().why.is_empty() { state.accounts.selection() } else { None };
    rows.chain(told)
        .flat_map(|account| {
            let counts = counts_to(state, account).filter(|_| !state.display.is_clock());
            let left = counts.map(|to| (to.at - server).num_seconds());
            let other = left.map(|left| seconds_until_other(left, selected == Some(&account.id)));
            other.into_iter().chain(seconds_until_turn(account, server))
        })
        .chain(details::next_moment(state).map(|t| (t - server + LAST_PART).num_seconds()))
        .chain(std::iter::once(minute))
        .min()
        .unwrap_or(1)
}

/// In how many seconds one of the account's times is over, so that something else is shown of it, be it only an empty bar.
fn seconds_until_turn(account: &Account, server: Timestamp) -> Option<i64> {
    let window = |w: &Option<UsageWindow>| w.as_ref().and_then(|w| w.resets_at);
    let times = [
        account.reset,
        account.cooldown_until,
        account.throttled_until,
        window(&account.five_hour),
        window(&account.seven_day),
    ];
    let ahead = times.into_iter().flatten().filter(|t| *t > server);
    ahead.map(|t| ((t - server).num_milliseconds() + 999) / 1000).min()
}

/// In how many seconds a countdown that stands at `left` seconds shows something else.
fn seconds_until_other(left: i64, selected: bool) -> i64 {
    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;
    match left {
        _ if selected && left < DAY => 1,
        DAY.. => left % HOUR + 1,
        HOUR.. => left % 60 + 1,
        l if l > -HOUR => 1,
        _ => 60 - (-left) % 60,
    }
}
