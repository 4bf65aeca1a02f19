//! The list: taking it in, and the selection that stays with its account.

use chrono::TimeDelta;
use ratatui::buffer::CellWidth as _;

use super::msg::{Effect, Seq};
use super::notice::Notice;
use super::state::Dialog;
use super::{State, details, elsewhere, link, look, names, schedule, settle, table};
use crate::model::{Account, AccountsAnswer, Failure};

/// The list came, or did not.
pub(crate) fn arrived(state: &mut State, seq: Seq, result: Result<AccountsAnswer, Failure>) -> Vec<Effect> {
    let now = state.now;
    let Some((_, since)) = state.links.polling.filter(|(polling, _)| *polling == seq) else {
        return Vec::new(); // overtaken: a newer request is under way or was answered
    };
    state.links.polling = None;
    state.links.poll_took = now - since;
    let mut effects = match result {
        Ok(answer) => taken_in(state, answer),
        Err(why) => {
            link::list_failed(state, why);
            Vec::new()
        }
    };
    if state.links.poll_again {
        effects.extend(schedule::poll_now(state));
    }
    effects
}

fn taken_in(state: &mut State, answer: AccountsAnswer) -> Vec<Effect> {
    let now = state.now;
    let (was_quiet, was_measured) = (look::is_quiet(state), measured(state));
    state.links.trip = state.links.trip.after(answer.received - answer.sent);
    if let Some(date) = answer.date {
        state.clock.observe(answer.sent, answer.received, date);
    }
    let place = state.accounts.position();
    // Where the server answered, if only with an error, the stream's connection was as good as the list's.
    let lost_since = match &state.links.list {
        link::Link::Lost { since, why, .. } if !why.is_answer() => Some(*since),
        _ => None,
    };
    state.links.list.succeed(now);
    state.links.next_poll = Some(schedule::next_poll(state));
    let came = state.accounts.came.replace(answer.received);
    state.details.came(answer.rows, state.accounts.selected.as_ref());
    let mut accounts = answer.accounts;
    in_order(&mut accounts);
    let longest = |of: fn(&Account) -> &str| accounts.iter().map(|a| of(a).cell_width()).max().unwrap_or(0);
    state.accounts.longest_name = longest(|a| a.name.as_str());
    state.accounts.longest_provider = longest(|a| a.provider.as_str());
    let is_new = state.accounts.list.as_ref() != Some(&accounts);
    let before = state.accounts.list.replace(accounts);
    look::find_next_turn(state);
    // What the list shows is certainly newer only than what was logged before this.
    let asked = state.clock.at(answer.sent) - state.clock.uncertainty().unwrap_or_default();
    let State { logs, accounts, .. } = state;
    logs.reconcile(accounts.rows(), asked);
    names::learn(state);
    table::arrange(state);
    keep_selection(state, place);
    if let (Some(before), Some(came)) = (before, came) {
        elsewhere::compare(state, &before, came);
    }
    elsewhere::attribute(state);
    let mut effects = settle::settle(state, answer.sent);
    if let Some(since) = lost_since {
        effects.extend(schedule::list_is_back(state, since));
    }
    effects.extend(details::ask_health(state));
    if was_quiet && !is_new && measured(state) == was_measured && effects.is_empty() {
        look::can_wait(state);
    }
    effects
}

/// What an answer tells of the server, whatever is in it.
fn measured(state: &State) -> (TimeDelta, bool, Option<i64>) {
    (state.clock.offset(), state.clock.differs(), state.links.trip.millis())
}

/// The first to be used on top, and below all others what could not be read. The server's own order begins with the last, and moves
/// whenever a request is counted (`docs/server-contract.md`, section 3).
fn in_order(accounts: &mut [Account]) {
    accounts.sort_by(|a, b| {
        (a.fault.is_some(), a.priority, &a.name, &a.id).cmp(&(b.fault.is_some(), b.priority, &b.name, &b.id))
    });
}

/// The selection stays with its account; where that is gone, it goes to the one that took its place.
fn keep_selection(state: &mut State, place: Option<usize>) {
    let before = state.accounts.selected.clone();
    table::reselect(state, place);
    if state.dialog == Some(Dialog::Copy) && state.accounts.selected != before {
        state.dialog = None; // what would be copied is another account's
    }
    if let Some(Dialog::Question { id, .. }) = &state.dialog
        && state.accounts.get(id).is_none()
    {
        let text = format!("account {} is gone; nothing was changed", state.shown_id(id));
        state.notice = Some(Notice::alarm(state.now, &text));
        state.dialog = None;
    }
}

/// Moves the selection to a row.
pub(crate) fn select(state: &mut State, place: usize) {
    let accounts = &mut state.accounts;
    let place = place.min(accounts.shown_len().saturating_sub(1));
    accounts.selected = accounts.shown_at(place).map(|a| a.id.clone());
    table::moved(accounts);
    state.why_scroll = 0;
    scroll_to_selection(state);
}

/// Scrolls as little as shows the selected row, and leaves no empty rows at the end. Where no row is shown, the place is kept.
pub(crate) fn scroll_to_selection(state: &mut State) {
    let fits = state.account_rows();
    if fits == 0 {
        let place = state.accounts.position().unwrap_or(0);
        state.accounts.offset = state.accounts.offset.min(place);
        return;
    }
    let total = state.accounts.shown_len();
    let place = state.accounts.position().unwrap_or(0);
    let offset = &mut state.accounts.offset;
    *offset = (*offset).min(place).max((place + 1).saturating_sub(fits)).min(total.saturating_sub(fits));
}
