//! What is asked about before it is done, and the answer.

use super::availability::obstacle;
use super::msg::Effect;
use super::notice::Notice;
use super::standing::standing;
use super::state::{Dialog, Doubt};
use super::undo::Done;
use super::{State, change};
use crate::model::{Account, AccountId, Deed, Endpoint, Setting};

/// Why a deed is asked about first, if it is.
pub(crate) fn doubt(state: &State, account: &Account, deed: &Deed) -> Option<Doubt> {
    match deed {
        Deed::Switch(change) if change.setting == Setting::Paused => pause(state, account, change.to),
        Deed::ClearLimit => Some(Doubt::ForGood),
        Deed::Endpoint(_) => {
            let kept = account.endpoint.as_ref()?;
            Endpoint::parse(kept.as_str()).is_err().then_some(Doubt::NotPutBack)
        }
        _ => None,
    }
}

fn pause(state: &State, account: &Account, pause: bool) -> Option<Doubt> {
    if state.accounts.rows().iter().any(|a| a.id != account.id && a.name == account.name) {
        return Some(Doubt::Twin);
    }
    let leaves = |a: &Account| state.pending.position(&a.id, Setting::Paused) == Some(true);
    let usable = |a: &Account| standing(state, a).is_usable() && !leaves(a);
    let others = state.accounts.rows().iter().any(|a| a.id != account.id && usable(a));
    (pause && !others && usable(account)).then_some(Doubt::LastUsable)
}

/// Asks before `deed` is done.
pub(crate) fn question(
    state: &mut State,
    id: AccountId,
    deed: Deed,
    why: Doubt,
    undoes: Option<Done>,
) -> Vec<Effect> {
    state.dialog = Some(Dialog::Question { id, change: deed, why, undoes: undoes.map(Box::new) });
    Vec::new()
}

/// The question is answered with yes.
pub(crate) fn confirm(state: &mut State) -> Vec<Effect> {
    let Some(Dialog::Question { id, change: deed, undoes, .. }) = state.dialog.take() else {
        return Vec::new();
    };
    let Some(account) = state.accounts.get(&id) else { return Vec::new() };
    if let Some(why) = obstacle(state, account, deed.matter()) {
        let text = format!("nothing was changed: {why}");
        state.notice = Some(Notice::alarm(state.now, &text));
        return Vec::new();
    }
    change::ask(state, &id, deed, undoes.map(|done| *done))
}
