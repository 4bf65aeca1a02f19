//! What would take out of the way what stands in the way of an account's refresh.

use super::State;
use super::availability::obstacle;
use super::copy::shell_word;
use super::refresh::{Obstacle, Prognosis, prognosis};
use super::standing::needs_sign_in;
use super::state::Doubt;
use super::why::why;
use super::{Effect, copy, doubt};
use crate::model::{Account, Change, Deed, Plain, Setting};

/// What a person can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// Run this command on the server's machine.
    Run(Plain),
    /// Change a switch here.
    Switch(Change),
}

/// What helps first; none where nothing stands in the way, or where nothing that is known helps.
pub fn fix(state: &State, account: &Account) -> Option<Fix> {
    if account.fault.is_some() {
        return None;
    }
    // With API keys on, 3.5.4 undoes whatever is done here.
    if why(state, account).keys_break_refresh {
        return None;
    }
    if needs_sign_in(state, account) {
        return sign_in(account).map(Fix::Run);
    }
    let Prognosis::Never(obstacles) = prognosis(state, account) else { return None };
    let switch = |setting, to| Some(Fix::Switch(Change { setting, to }));
    match obstacles.as_slice() {
        [Obstacle::Paused, ..] => switch(Setting::Paused, false),
        [Obstacle::Off, ..] => switch(Setting::AutoRefresh, true),
        _ => None,
    }
}

/// The server's own command for a new sign-in. A name that had to be cleaned is not the account's, and one that begins with a
/// dash would be taken for an option.
fn sign_in(account: &Account) -> Option<Plain> {
    let name = account.name.as_str();
    let odd = name.is_empty() || name.starts_with('-') || name.contains('\u{fffd}');
    (!odd).then(|| Plain::new(&format!("better-ccflare --reauthenticate {}", shell_word(name))))
}

/// Does what the why pane offers: a command is copied, a switch is asked about.
pub(crate) fn apply(state: &mut State) -> Vec<Effect> {
    let Some(account) = state.accounts.selection() else { return Vec::new() };
    match fix(state, account) {
        Some(Fix::Run(command)) => copy::copied(state, &format!("`{command}`"), [command.as_str()]),
        Some(Fix::Switch(change)) => {
            let id = account.id.clone();
            let twin = state.accounts.rows().iter().any(|a| a.id != id && a.name == account.name);
            let why = if twin && change.setting == Setting::Paused { Doubt::Twin } else { Doubt::Offered };
            doubt::question(state, id, Deed::Switch(change), why, None)
        }
        None => Vec::new(),
    }
}

/// What is offered for the selected account, where it can be seen: in the first view.
pub(crate) fn offered(state: &State) -> Option<Fix> {
    if state.details.is_open() {
        return None;
    }
    fix(state, state.accounts.selection()?)
}

/// Why nothing can be done, if so.
pub(crate) fn blocked(state: &State) -> Option<std::borrow::Cow<'static, str>> {
    let Some(account) = state.accounts.selection() else { return Some("there is no account".into()) };
    match offered(state) {
        // The command has the name in it.
        Some(Fix::Run(_)) => state.names.are_hidden().then(|| "names are hidden".into()),
        Some(Fix::Switch(_)) if state.options.read_only => Some("read-only: nothing is changed".into()),
        Some(Fix::Switch(change)) => obstacle(state, account, change.setting),
        None => Some("nothing is offered here".into()),
    }
}
