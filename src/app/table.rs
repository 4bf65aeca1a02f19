//! Which accounts the table shows, and in which order; and the selection, which stays with its account.
//!
//! Both are worked out when a list comes and when a key asks for it, and kept as places in the list: drawing a frame looks at
//! nothing but the rows that it shows. Where time alone can change what a filter shows, the moment is kept too. What was worked
//! out at one poll holds until the next one: rows do not move under a reader's eyes.

use std::ops::Range;

use super::filter::Filter;
use super::sort::{self, Sort};
use super::state::Accounts;
use super::{State, accounts};
use crate::model::{Account, AccountId, Timestamp};

/// Which accounts the table shows, and in which order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// In which order they stand.
    pub sort: Sort,
    /// Which page of the columns is shown, the first being 0.
    pub page: usize,
    /// The filters that were kept, the newest last.
    pub(super) past: Vec<String>,
    /// All accounts in that order, as places in the list; none where that is the list's own.
    order: Option<Vec<u32>>,
    /// Those that are shown, in that order; none where all are.
    shown: Option<Vec<u32>>,
    /// Where time may next change what the filter shows, by the server's clock.
    turns_at: Option<Timestamp>,
    /// The selection to go back to: while a filter is typed, and while nothing is shown.
    home: Option<AccountId>,
    /// A filter is being typed.
    typed: bool,
    /// This account was changed by a key. While it stays selected it is shown whatever the filter says, so that the next key does not
    /// meet another one in its place.
    kept: Option<AccountId>,
}

impl Accounts {
    /// How many rows the table has.
    pub fn shown_len(&self) -> usize {
        match (&self.table.shown, &self.table.order) {
            (Some(places), _) | (None, Some(places)) => places.len(),
            (None, None) => self.rows().len(),
        }
    }

    /// The account in that row of the table.
    pub fn shown_at(&self, row: usize) -> Option<&Account> {
        let place = match (&self.table.shown, &self.table.order) {
            (Some(places), _) | (None, Some(places)) => usize::try_from(*places.get(row)?).ok()?,
            (None, None) => row,
        };
        self.rows().get(place)
    }

    /// The accounts in those rows of the table.
    pub fn shown(&self, rows: Range<usize>) -> impl Iterator<Item = &Account> {
        rows.map_while(|row| self.shown_at(row))
    }
}

/// A list came, or another order is wanted: sorts, and filters.
pub(super) fn arrange(state: &mut State) {
    state.accounts.table.order = sort::order(state, state.accounts.table.sort);
    sift(state);
}

/// The filter is another one, or time has passed that may matter to it.
pub(super) fn sift(state: &mut State) {
    let (shown, turns_at) = sifted(state);
    let table = &mut state.accounts.table;
    (table.shown, table.turns_at) = (shown, turns_at);
}

fn sifted(state: &State) -> (Option<Vec<u32>>, Option<Timestamp>) {
    let Accounts { filter, table, selected, .. } = &state.accounts;
    if filter.is_empty() {
        return (None, None);
    }
    let rows = state.accounts.rows();
    let kept = table.kept.as_ref().filter(|id| selected.as_ref() == Some(id));
    let mut shown = Vec::new();
    let mut turns_at: Option<Timestamp> = None;
    let mut sift = |place: u32| {
        let Some(account) = usize::try_from(place).ok().and_then(|at| rows.get(at)) else { return };
        if filter.matches(state, account) || kept == Some(&account.id) {
            shown.push(place);
        }
        if filter.follows_time() {
            turns_at = turns_at.into_iter().chain(filter.turns_at(state, account)).min();
        }
    };
    match &table.order {
        Some(order) => order.iter().copied().for_each(&mut sift),
        None => (0..).take(rows.len()).for_each(&mut sift),
    }
    (Some(shown), turns_at)
}

/// Takes in that time has passed.
pub(super) fn due(state: &mut State) {
    let now = state.server_second();
    if state.accounts.table.turns_at.is_some_and(|t| t <= now) {
        refresh(state);
    }
}

/// What the filter looks at has changed.
pub(super) fn refresh(state: &mut State) {
    let row = state.accounts.position();
    sift(state);
    reselect(state, row);
}

/// When time alone changes what is shown, by our clock.
pub(super) fn next_turn(state: &State) -> Option<Timestamp> {
    state.accounts.table.turns_at.map(|t| state.clock.to_local(t))
}

/// The selection stays with its account. Where that is not shown any more, the next one in the order takes its place; where it is
/// gone from the list, the one that is now in its `row`.
pub(super) fn reselect(state: &mut State, row: Option<usize>) {
    let accounts = &mut state.accounts;
    if accounts.position().is_none() {
        let before = accounts.selected.take().or(accounts.table.home.clone());
        let row = before.as_ref().and_then(|id| neighbour(accounts, id)).or(row).unwrap_or(0);
        let row = row.min(accounts.shown_len().saturating_sub(1));
        accounts.selected = accounts.shown_at(row).map(|a| a.id.clone());
        if accounts.selected.is_none() {
            accounts.table.home = before;
        } else if !accounts.table.typed {
            accounts.table.home = None;
        }
    }
    accounts::scroll_to_selection(state);
}

/// The row of the account `id`, else that of the next one in the order that is shown, else that of the one before it. None where it
/// is not in the list.
fn neighbour(accounts: &Accounts, id: &AccountId) -> Option<usize> {
    let place = accounts.rows().iter().position(|a| a.id == *id)?;
    let Some(shown) = &accounts.table.shown else {
        return match &accounts.table.order {
            Some(order) => order.iter().position(|p| usize::try_from(*p) == Ok(place)),
            None => Some(place),
        };
    };
    let mut row = 0;
    let mut passed = false;
    let mut look = |p: u32| {
        passed |= usize::try_from(p) == Ok(place);
        let is_shown = shown.get(row) == Some(&p);
        if is_shown && passed {
            return true;
        }
        row += usize::from(is_shown);
        false
    };
    let found = match &accounts.table.order {
        Some(order) => order.iter().copied().any(&mut look),
        None => (0..).take(accounts.rows().len()).any(&mut look),
    };
    if found { Some(row) } else { row.checked_sub(1) }
}

/// Another order.
pub(super) fn sort(state: &mut State, sort: Sort) {
    let row = state.accounts.position();
    state.accounts.table.sort = sort;
    // What is looked for stands on top: that is in sight where the selection leaves it there.
    state.accounts.offset = 0;
    arrange(state);
    reselect(state, row);
}

/// Another filter.
pub(super) fn filter(state: &mut State, filter: Filter) {
    let row = state.accounts.position();
    let table = &mut state.accounts.table;
    table.kept = None;
    // While it is typed, each filter is looked at from where the selection was before.
    if let Some(home) = &table.home {
        state.accounts.selected = Some(home.clone());
    }
    state.accounts.filter = filter;
    sift(state);
    reselect(state, row);
}

/// A filter is going to be typed: where the selection is now, it will be again if nothing comes of it.
pub(super) fn mark_home(state: &mut State) {
    let Accounts { selected, table, .. } = &mut state.accounts;
    table.typed = true;
    if selected.is_some() {
        table.home.clone_from(selected);
    }
}

/// The selection is where it is meant to be.
pub(super) fn settle(state: &mut State) {
    let Accounts { selected, table, .. } = &mut state.accounts;
    table.typed = false;
    if selected.is_some() {
        table.home = None;
    }
}

/// The selection was moved.
pub(super) fn moved(accounts: &mut Accounts) {
    accounts.table.home = None;
    accounts.table.kept = None;
}

/// The account is being changed from here.
pub(super) fn keep(state: &mut State, id: &AccountId) {
    if state.accounts.selected.as_ref() == Some(id) {
        state.accounts.table.kept = Some(id.clone());
    }
}
