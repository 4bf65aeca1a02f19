//! What the why pane says about the selected account, as values; the words are the view's.

use super::State;
use super::logs::Facts;
use super::refresh::{Obstacle, Prognosis, prognosis};
use super::standing::pause_reason;
use crate::model::{Account, Cause, PauseReason, Timestamp};

/// One condition of the refresh rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// Auto-refresh is on; otherwise whether the server switched it off, and when.
    AutoRefresh {
        /// It is on.
        on: bool,
        /// The server switched it off itself, then.
        by_server: Option<Timestamp>,
    },
    /// The provider's accounts are refreshed.
    Provider(bool),
    /// The window is over, or ends then, or is not known.
    Window(Option<Timestamp>),
    /// The account is not paused; otherwise why it is. `taken`: the scheduler takes it all the same.
    Paused {
        /// It is paused.
        paused: bool,
        /// Why, where that is known.
        why: Option<PauseReason>,
        /// The scheduler takes it all the same.
        taken: bool,
    },
    /// There is no cooldown; otherwise until when, and the server's word for why.
    Cooldown(Option<(Timestamp, Option<crate::model::Plain>)>),
    /// The tokens are good; otherwise a person must sign in again.
    SignIn {
        /// A person must sign in again.
        needed: bool,
        /// The access token has ended, and the server renews it by itself at the next use.
        renews: bool,
    },
    /// The clocks agree within what is known.
    Clock,
}

/// What the why pane says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// What will come of the next refresh.
    pub prognosis: Prognosis,
    /// The conditions, with what they are now.
    pub checks: Vec<Check>,
    /// The server has API keys on and this breaks its refreshes (`docs/server-contract.md`, section 6).
    pub keys_break_refresh: bool,
    /// The last failure, where nothing has succeeded since: when, what, the how manieth in a row.
    pub last_failure: Option<(Timestamp, Cause, Option<u32>)>,
    /// The last refresh that succeeded, as far as the log goes.
    pub last_success: Option<Timestamp>,
}

/// What the why pane says about `account`.
pub fn why(state: &State, account: &Account) -> Why {
    use super::logs::Outcome;
    let now = state.server_second();
    let facts = state.logs.facts(&account.name);
    let prognosis = prognosis(state, account);
    let blocked = |o: Obstacle| matches!(&prognosis, Prognosis::Never(all) if all.contains(&o));
    let on = account.auto_refresh == Some(true);
    let by_server = facts.and_then(|f| f.switched_off_at).filter(|_| !on);
    let checks = vec![
        Check::AutoRefresh { on, by_server },
        Check::Provider(account.provider.is_refreshable() && account.auto_refresh.is_some()),
        Check::Window(account.reset),
        Check::Paused {
            paused: account.paused,
            why: pause_reason(state, account),
            taken: account.paused && !blocked(Obstacle::Paused),
        },
        Check::Cooldown(
            account.cooldown_until.filter(|t| *t > now).map(|t| (t, account.cooldown_reason.clone())),
        ),
        Check::SignIn {
            needed: super::standing::needs_sign_in(state, account),
            renews: account.token.is_some_and(|t| t.renewable && !t.valid),
        },
        Check::Clock,
    ];
    let (last_failure, last_success) = match facts.and_then(|f| f.last.as_ref()) {
        Some((at, Outcome::Failed { cause, strike })) => (Some((*at, cause.clone(), *strike)), None),
        Some((at, Outcome::Done { .. })) => (None, Some(*at)),
        _ => (None, None),
    };
    let keys_break_refresh = state.options.key_set
        && facts.is_some_and(|f: &Facts| f.auth_failed_at.is_some() || by_server.is_some());
    Why { prognosis, checks, keys_break_refresh, last_failure, last_success }
}
