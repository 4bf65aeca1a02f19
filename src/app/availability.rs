//! Whether an action can be done now: one answer for the keystroke, the footer and the help.

use std::borrow::Cow;

use super::{Dialog, State, choose, copy, events, fix};
use crate::keymap::Action;
use crate::layout::Shape;
use crate::layout::columns::Column;
use crate::model::{Account, Matter, Provider, Setting, Value};

/// Whether an action can be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// It can.
    Ready,
    /// It cannot, and why.
    Blocked(Cow<'static, str>),
    /// It makes no sense here.
    Absent,
}

/// Whether `action` can be done now.
pub fn availability(action: Action, state: &State) -> Availability {
    if let Some(of_table) = of_table(action, state) {
        return of_table;
    }
    match action {
        Action::NextServer | Action::PreviousServer => return super::server::availability(state),
        Action::Undo | Action::Retry if state.options.read_only => return read_only(),
        Action::Undo if state.undo.is_empty() => {
            return Availability::Blocked("there is nothing to undo".into());
        }
        Action::Retry | Action::WhatWasSent if state.failed.is_none() => return Availability::Absent,
        _ => {}
    }
    if action == Action::Endpoint && state.names.are_hidden() {
        return Availability::Blocked("names are hidden, and endpoints with them".into());
    }
    let Some(matter) = matter_of(action) else { return looking(action, state) };
    match state.accounts.selection() {
        _ if state.options.read_only => read_only(),
        Some(account) => obstacle(state, account, matter).map_or(Availability::Ready, Availability::Blocked),
        None => Availability::Blocked(without(state).into()),
    }
}

/// As [`availability`], for what changes nothing.
fn looking(action: Action, state: &State) -> Availability {
    let why: Option<Cow<'static, str>> = match action {
        Action::Details | Action::Why | Action::NextTab | Action::PreviousTab => {
            // The selection is always one that is shown.
            state.accounts.selected.is_none().then(|| without(state).into())
        }
        Action::Copy
        | Action::CopyPane
        | Action::CopyEvent
        | Action::CopyName
        | Action::CopyId
        | Action::CopyReset
        | Action::CopyWhy
        | Action::CopyCurl => copy::obstacle(state, action).map(Cow::Borrowed),
        Action::Fix => fix::blocked(state),
        _ => return of_events(action, state),
    };
    why.map_or(Availability::Ready, Availability::Blocked)
}

/// Why there is no selected account.
pub(super) fn without(state: &State) -> &'static str {
    if state.accounts.list.is_none() {
        "the accounts have not been read yet"
    } else if state.accounts.rows().is_empty() {
        "there is no account"
    } else {
        "nothing matches the filter; esc clears it"
    }
}

/// What acts on the table as a whole.
fn of_table(action: Action, state: &State) -> Option<Availability> {
    let blocked = |why: &'static str| Some(Availability::Blocked(why.into()));
    let sort = state.accounts.table.sort;
    match action {
        // A filter can be typed before there is anything to filter: what follows the key is not meant as keys.
        Action::NextSort
        | Action::FlipSort
        | Action::SortLeft
        | Action::SortRight
        | Action::ColumnsLeft
        | Action::ColumnsRight
            if state.accounts.rows().is_empty() =>
        {
            blocked(without(state))
        }
        Action::SortLeft if sort.left(state.choice()).is_none() => blocked("this is the first column"),
        Action::SortRight if sort.right(state.choice()).is_none() => blocked("this is the last column"),
        // Where another pane has the screen for itself, it is not known how many pages there are.
        Action::ColumnsLeft | Action::ColumnsRight if !state.regions().accounts.is_empty() => {
            of_pages(action, state)
        }
        _ => choose::availability(action, state),
    }
}

/// Whether the columns' pages can be turned. They are planned anew for it, so this is asked for no other action.
fn of_pages(action: Action, state: &State) -> Option<Availability> {
    let blocked = |why: &'static str| Some(Availability::Blocked(why.into()));
    let (page, pages) = (state.page(), state.pages());
    match action {
        _ if pages == 1 => {
            let hidden = Column::CHOSEN.into_iter().any(|c| state.display.columns.hides(c));
            blocked(if hidden { "all others are hidden" } else { "every column is shown" })
        }
        Action::ColumnsLeft if page == 0 => blocked("these are the first columns"),
        Action::ColumnsRight if page + 1 == pages => blocked("these are the last columns"),
        _ => None,
    }
}

/// Whether something can be done to the events.
fn of_events(action: Action, state: &State) -> Availability {
    let blocked = |why: &'static str| Availability::Blocked(why.into());
    if let Some(Dialog::Event(opened)) = &state.dialog
        && matches!(action, Action::Wrap | Action::Left | Action::Right)
        && !opened.has_long_lines()
    {
        return Availability::Absent;
    }
    match action {
        Action::HoldEvents if !events::can_hold(state) => blocked("there is nothing to hold yet"),
        Action::Wrap
            if !matches!(state.dialog, Some(Dialog::Event(_))) && state.regions().shape == Shape::Compact =>
        {
            blocked("there is no room for that: open the event")
        }
        Action::WholeEvent if !events::is_on_event(state) => blocked("there is no event here"),
        Action::NextMatch | Action::PreviousMatch if state.events.lens.needle.is_none() => {
            blocked("nothing is searched for yet: / searches")
        }
        Action::OnlyAccount if state.events.lens.only.is_none() && events::account_meant(state).is_none() => {
            blocked("there is no account that this could be about")
        }
        _ => Availability::Ready,
    }
}

fn read_only() -> Availability {
    Availability::Blocked("read-only: nothing is changed".into())
}

/// Why nothing can be done now about one of `account`'s matters; none where it can.
pub(crate) fn obstacle(
    state: &State,
    account: &Account,
    matter: impl Into<Matter>,
) -> Option<Cow<'static, str>> {
    let name = matter.into();
    if state.options.read_only {
        return Some("read-only: nothing is changed".into());
    }
    if !state.links.list.is_live() {
        let now = state.hint(Action::Reconnect, "tries now").map(|h| format!(" ({h})")).unwrap_or_default();
        return Some(format!("no connection: changes are off until the list is back{now}").into());
    }
    if let Some(fault) = &account.fault {
        return Some(format!("{name}: this row could not be read ({fault})").into());
    }
    if account.id.path_segment().is_none() {
        return Some(format!("{name}: the account's id cannot be named in a request").into());
    }
    let offered = match name {
        Matter::Usage | Matter::Limit => account.offers.commands,
        _ => Value::of(account, name).is_some(),
    };
    if !offered {
        return Some(format!("{name}: not offered by this server").into());
    }
    let fits = match name {
        Matter::Switch(Setting::AutoRefresh) => account.provider.is_refreshable(),
        Matter::Usage => account.provider == Provider::Anthropic,
        _ => true,
    };
    if !fits {
        return Some(format!("{name}: not offered for {} accounts", account.provider.as_str()).into());
    }
    (name == Matter::Limit && !is_limited(account)).then(|| "limit: nothing is stored to be cleared".into())
}

/// True where the server has stored something that clearing a limit would forget.
fn is_limited(account: &Account) -> bool {
    let status = account.rate_limit_status.as_str();
    account.reset.is_some() || account.cooldown_until.is_some() || !matches!(status, "" | "OK")
}

/// What an action is about, where it changes something of the selected account.
pub(crate) fn matter_of(action: Action) -> Option<Matter> {
    Some(match action {
        Action::ToggleAutoRefresh => Matter::Switch(Setting::AutoRefresh),
        Action::ToggleAutoFallback => Matter::Switch(Setting::AutoFallback),
        Action::TogglePause => Matter::Switch(Setting::Paused),
        Action::Priority => Matter::Priority,
        Action::Endpoint => Matter::Endpoint,
        Action::ReadUsage => Matter::Usage,
        Action::ClearLimit => Matter::Limit,
        _ => return None,
    })
}
