//! Whether an action can be done now: one answer for the keystroke, the footer and the help.

use std::borrow::Cow;

use super::{State, copy, fix};
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
    let Some(setting) = setting_of(action) else { return looking(action, state) };
    match state.accounts.selection() {
        _ if state.options.read_only => Availability::Blocked("read-only: nothing is changed".into()),
        Some(account) => obstacle(state, account, setting).map_or(Availability::Ready, Availability::Blocked),
        None if state.accounts.list.is_none() => Availability::Blocked("no list yet".into()),
        None => Availability::Blocked("there is no account".into()),
    }
}

/// As [`availability`], for what changes nothing.
fn looking(action: Action, state: &State) -> Availability {
    let why: Option<Cow<'static, str>> = match action {
        Action::Details | Action::Why | Action::NextTab | Action::PreviousTab => {
            let none = if state.accounts.list.is_none() { "no list yet" } else { "there is no account" };
            state.accounts.selection().is_none().then_some(none.into())
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
        _ => None,
    };
    why.map_or(Availability::Ready, Availability::Blocked)
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
