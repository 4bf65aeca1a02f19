//! Whether an action can be done now: one answer for the keystroke, the footer and the help.

use std::borrow::Cow;

use super::State;
use crate::keymap::Action;
use crate::model::{Account, Setting};

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
    let Some(setting) = setting_of(action) else { return Availability::Ready };
    match state.accounts.selection() {
        _ if state.options.read_only => Availability::Blocked("read-only: nothing is changed".into()),
        Some(account) => obstacle(state, account, setting).map_or(Availability::Ready, Availability::Blocked),
        None if state.accounts.list.is_none() => Availability::Blocked("no list yet".into()),
        None if !state.accounts.rows().is_empty() => {
            Availability::Blocked("nothing matches the filter; esc clears it".into())
        }
        None => Availability::Blocked("there is no account".into()),
    }
}

/// What acts on the table as a whole.
fn of_table(action: Action, state: &State) -> Option<Availability> {
    let blocked = |why: &'static str| Some(Availability::Blocked(why.into()));
    let (page, pages) = (state.page(), state.pages());
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
            blocked(if state.accounts.list.is_none() { "no list yet" } else { "there is no account" })
        }
        Action::SortLeft if sort.left().is_none() => blocked("this is the first column"),
        Action::SortRight if sort.right().is_none() => blocked("this is the last column"),
        Action::ColumnsLeft | Action::ColumnsRight if pages == 1 => blocked("every column is shown"),
        Action::ColumnsLeft if page == 0 => blocked("these are the first columns"),
        Action::ColumnsRight if page + 1 == pages => blocked("these are the last columns"),
        _ => None,
    }
}

/// Why `account`'s switch cannot be changed now; none where it can.
pub(crate) fn obstacle(state: &State, account: &Account, setting: Setting) -> Option<Cow<'static, str>> {
    let name = match setting {
        Setting::AutoRefresh => "auto-refresh",
        Setting::AutoFallback => "auto-fallback",
        Setting::Paused => "pause",
    };
    if !state.links.list.is_live() {
        return Some("no connection: changes are off until the list is back (ctrl-r tries now)".into());
    }
    if let Some(fault) = &account.fault {
        return Some(format!("{name}: this row could not be read ({fault})").into());
    }
    if account.id.path_segment().is_none() {
        return Some(format!("{name}: the account's id cannot be named in a request").into());
    }
    if account.setting(setting).is_none() {
        return Some(format!("{name}: not offered by this server").into());
    }
    if setting == Setting::AutoRefresh && !account.provider.is_refreshable() {
        return Some(format!("{name}: not offered for {} accounts", account.provider.as_str()).into());
    }
    None
}

/// The switch that an action changes.
pub(crate) fn setting_of(action: Action) -> Option<Setting> {
    match action {
        Action::ToggleAutoRefresh => Some(Setting::AutoRefresh),
        Action::ToggleAutoFallback => Some(Setting::AutoFallback),
        Action::TogglePause => Some(Setting::Paused),
        _ => None,
    }
}
