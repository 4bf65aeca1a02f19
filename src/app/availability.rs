//! Whether an action can be done now: one answer for the keystroke, the footer and the help.

use std::borrow::Cow;

use super::State;
use crate::keymap::Action;

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
    use crate::model::{Account, Setting};
    let Some(setting) = setting_of(action) else { return Availability::Ready };
    let blocked = |why: String| Availability::Blocked(why.into());
    let still = |why: &'static str| Availability::Blocked(why.into());
    let name = match setting {
        Setting::AutoRefresh => "auto-refresh",
        Setting::AutoFallback => "auto-fallback",
        Setting::Paused => "pause",
    };
    if state.options.read_only {
        return still("read-only: nothing is changed");
    }
    let Some(account): Option<&Account> = state.accounts.selection() else {
        return if state.accounts.list.is_none() {
            still("no list yet")
        } else {
            still("there is no account")
        };
    };
    if !state.links.list.is_live() {
        return still("no connection: changes are off until the list is back (ctrl-r tries now)");
    }
    if let Some(fault) = &account.fault {
        return blocked(format!("{name}: this row could not be read ({fault})"));
    }
    if account.id.path_segment().is_none() {
        return blocked(format!("{name}: the account's id cannot be named in a request"));
    }
    if account.setting(setting).is_none() {
        return blocked(format!("{name}: not offered by this server"));
    }
    if setting == Setting::AutoRefresh && !account.provider.is_refreshable() {
        return blocked(format!("{name}: not offered for {} accounts", account.provider.as_str()));
    }
    Availability::Ready
}

/// The switch that an action changes.
pub(crate) fn setting_of(action: Action) -> Option<crate::model::Setting> {
    use crate::model::Setting;
    match action {
        Action::ToggleAutoRefresh => Some(Setting::AutoRefresh),
        Action::ToggleAutoFallback => Some(Setting::AutoFallback),
        Action::TogglePause => Some(Setting::Paused),
        _ => None,
    }
}
