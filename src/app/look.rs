//! When the screen looks different: by itself, as time passes, and whether a message may have made it so.

use chrono::{TimeDelta, Timelike as _};

use super::link::Link;
use super::refresh::counts_to;
use super::schedule::next_deed;
use super::{State, details, table};
use crate::layout::Shape;
use crate::model::{Account, Timestamp, UsageWindow};

/// Added to a length of time, makes whole seconds of it that are not too few.
const LAST_PART: TimeDelta = TimeDelta::nanoseconds(999_999_999);

/// How much of what is shown the last message may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Look {
    /// Nothing, or so little that it can wait for [`next_wake`](super::next_wake).
    Same,
    /// Countdowns: what stands in the rows of the table and of pane 2.
    Counts,
    /// Anything.
    #[default]
    New,
}

/// What time alone changes until `then`, and a poll that begins then: that is seen only where the list is lost.
pub(super) fn by_time(state: &State, then: Timestamp) -> Look {
    let next = Next::of(state);
    let is_due = |t: Option<Timestamp>| t.is_some_and(|t| t <= then);
    // What is done then may show, too.
    if !state.links.list.is_live() || is_due(next.other) || is_due(next_deed(state)) {
        return Look::New;
    }
    if next.count.is_none_or(|t| then < t) {
        return Look::Same;
    }
    let covered = state.dialog.is_some() || state.failed.is_some() || state.notice.is_some();
    // On small screens the panes lie among others.
    let boxes = matches!(state.regions().shape, Shape::Stacked | Shape::Wide);
    if covered || !boxes { Look::New } else { Look::Counts }
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
    let Next { count, other } = Next::of(state);
    count.into_iter().chain(other).min()
}

/// When the screen would next look different by itself, by our clock. Where time is shown, it is a whole second of the server's.
#[derive(Default)]
struct Next {
    /// A countdown shows another time.
    count: Option<Timestamp>,
    /// Something else.
    other: Option<Timestamp>,
}

impl Next {
    fn of(state: &State) -> Self {
        if state.display.frozen {
            return Self::default();
        }
        let late = state.accounts.came.map(|came| came + state.options.interval * 2);
        let seconds = Seconds::of(state);
        let server = state.server_second();
        let then = |seconds: i64| state.clock.to_local(server + TimeDelta::seconds(seconds.clamp(1, 60)));
        let others = [
            late.filter(|t| *t > state.now),
            state.links.look_by,
            state.notice.as_ref().map(|n| n.until),
            state.failed.as_ref().map(|f| f.until),
            table::next_turn(state),
            Some(then(seconds.other)),
        ];
        Self { count: seconds.count.map(then), other: others.into_iter().flatten().min() }
    }
}

/// In how many seconds a cell that shows time shows another one.
struct Seconds {
    count: Option<i64>,
    other: i64,
}

impl Seconds {
    fn of(state: &State) -> Self {
        let connecting = matches!(state.links.stream, Link::Connecting { .. });
        if !state.links.list.is_live() || connecting || state.late().is_some() {
            return Self { count: None, other: 1 }; // since when, and when it is tried again
        }
        let server = state.server_second();
        let selected = state.accounts.selected.as_ref();
        let start = state.accounts.offset;
        let fits = state.account_rows();
        let rows = state.accounts.shown(start..start.saturating_add(fits));
        // The why pane counts the selected account's seconds, whether or not its row is seen.
        let told =
            if fits == 0 && !state.regions().why.is_empty() { state.accounts.selection() } else { None };
        let mut all = Self { count: None, other: 60 - i64::from(server.second()) };
        for account in rows.chain(told) {
            let counts = counts_to(state, account).filter(|_| !state.display.is_clock());
            let left = counts.map(|to| (to.at - server).num_seconds());
            let count = left.map(|left| seconds_until_other(left, selected == Some(&account.id)));
            all.count = all.count.into_iter().chain(count).min();
        }
        let turn = state.accounts.next_turn.filter(|turn| *turn > server);
        let moments = turn.into_iter().chain(details::next_moment(state));
        let others = moments.map(|t| (t - server + LAST_PART).num_seconds());
        all.other = others.fold(all.other, i64::min);
        all
    }
}

/// Finds out when one of any account's times is over next: something else is shown of it then, be it only an empty bar or a count of all
/// accounts.
pub(super) fn find_next_turn(state: &mut State) {
    let server = state.server_second();
    state.accounts.next_turn = state.accounts.rows().iter().filter_map(|a| next_turn(a, server)).min();
}

fn next_turn(account: &Account, server: Timestamp) -> Option<Timestamp> {
    let window = |w: &Option<UsageWindow>| w.as_ref().and_then(|w| w.resets_at);
    let times = [
        account.reset,
        account.cooldown_until,
        account.throttled_until,
        window(&account.five_hour),
        window(&account.seven_day),
    ];
    times.into_iter().flatten().filter(|t| *t > server).min()
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
