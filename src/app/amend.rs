//! The keys that ask for a value or a command: priority, endpoint, usage, a limit that is stuck.

use super::State;
use super::availability::obstacle;
use super::change::{ask, not_done};
use super::doubt::{doubt, question};
use super::msg::Effect;
use super::notice::Notice;
use super::prompt::{self, Ask};
use crate::model::{AccountId, Deed, Endpoint, MASK, Matter, Priority, Value};

/// Opens the line in which the selected account's priority is typed.
pub(crate) fn priority(state: &mut State) -> Vec<Effect> {
    open(state, Matter::Priority, Ask::Priority)
}

/// Opens the line in which the selected account's endpoint is typed. A key in it is not shown there either.
pub(crate) fn endpoint(state: &mut State) -> Vec<Effect> {
    open(state, Matter::Endpoint, Ask::Endpoint)
}

fn open(state: &mut State, matter: Matter, of: fn(AccountId) -> Ask) -> Vec<Effect> {
    let Some(account) = state.accounts.selection() else { return Vec::new() };
    let wanted = state.pending.get(&account.id, matter).and_then(|wish| wish.to.value());
    let text = match wanted.or_else(|| Value::of(account, matter)) {
        Some(Value::Endpoint(None)) | None => String::new(),
        Some(value) => value.shown(),
    };
    let id = account.id.clone();
    prompt::open(state, of(id), &text)
}

/// The typed text is to be the account's priority or endpoint. The error says what is wrong with it.
pub(crate) fn typed(
    state: &mut State,
    id: &AccountId,
    matter: Matter,
    text: &str,
) -> Result<Vec<Effect>, String> {
    let Some(account) = state.accounts.get(id) else {
        let text = format!("account {} is gone; nothing was changed", id.to_plain());
        state.notice = Some(Notice::alarm(state.now, &text));
        return Ok(Vec::new());
    };
    let text = text.trim();
    let shown = Value::of(account, matter);
    let wanted = state.pending.get(id, matter).and_then(|wish| wish.to.value()).or(shown);
    if wanted.is_some_and(|value| is_written(&value, text)) {
        let text = format!("{}: {matter} unchanged: nothing was sent", account.name);
        state.notice = Some(Notice::quiet(state.now, &text));
        return Ok(Vec::new());
    }
    let deed = match matter {
        Matter::Priority => Deed::Priority(Priority::parse(text)?),
        _ if is_none(text) => Deed::Endpoint(None),
        _ if text.contains(MASK) => {
            return Err(format!("{MASK} stands for what is not shown: type the whole address"));
        }
        _ => Deed::Endpoint(Some(Endpoint::parse(text)?)),
    };
    if let Some(why) = obstacle(state, account, matter) {
        return Err(format!("{}: {why}", not_done(&deed)));
    }
    if let Some(why) = doubt(state, account, &deed) {
        return Ok(question(state, id.clone(), deed, why, None));
    }
    Ok(ask(state, id, deed, None))
}

/// True where the text says the value.
fn is_written(value: &Value, text: &str) -> bool {
    match value {
        Value::Endpoint(None) => is_none(text),
        value => value.words() == text || value.shown() == text,
    }
}

fn is_none(text: &str) -> bool {
    text.is_empty() || text.eq_ignore_ascii_case("none")
}

/// Asks for a command for the selected account.
pub(crate) fn command(state: &mut State, deed: Deed) -> Vec<Effect> {
    let Some(account) = state.accounts.selection() else { return Vec::new() };
    let id = account.id.clone();
    if state.pending.get(&id, deed.matter()).is_some() {
        let text = format!("{}: that was asked for already", account.name);
        state.notice = Some(Notice::quiet(state.now, &text));
        return Vec::new();
    }
    if let Some(why) = doubt(state, account, &deed) {
        return question(state, id, deed, why, None);
    }
    ask(state, &id, deed, None)
}
