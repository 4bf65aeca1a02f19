//! Whether an action can be done now: one answer for the keystroke, the footer and the help.

use std::borrow::Cow;

use super::{State, events};
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
    let Some(setting) = setting_of(action) else { return of_events(action, state) };
    match state.accounts.selection() {
        _ if state.options.read_only => Availability::Blocked("read-only: nothing is changed".into()),
        Some(account) => obstacle(state, account, setting).map_or(Availability::Ready, Availability::Blocked),
        None if state.accounts.list.is_none() => Availability::Blocked("no list yet".into()),
        None => Availability::Blocked("there is no account".into()),
    }
}

/// Whether something can be done to the events.
fn of_events(action: Action, state: &State) -> Availability {
    let blocked = |why: &'static str| Availability::Blocked(why.into());
    match action {
        Action::HoldEvents if !events::can_hold(state) => blocked("there is nothing to hold yet"),
        Action::WholeEvent if events::record_under_cursor(state).is_none() => {
            blocked("there is no event here")
        }
        Action::NextMatch | Action::PreviousMatch if state.events.lens.needle.is_none() => {
            blocked("nothing is searched for yet: / searches")
        }
        Action::OnlyAccount if state.events.lens.only.is_none() && events::account_meant(state).is_none() => {
            blocked("there is no account that this could be about")
        }
        _ => Availability::Ready,
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
