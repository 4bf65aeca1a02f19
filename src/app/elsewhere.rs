//! What the list shows to have been changed by others: someone else, or the server itself where its log tells.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::change::conclude;
use super::logs::{By, EntryId, News, Outcome};
use super::standing::pause_reason;
use super::{State, settle};
use crate::model::{Account, AccountId, Matter, PauseReason, Plain, Setting, Timestamp, Value};

/// Most changes of one list that are told one by one. A script that changes every account must not push out all other events.
const MOST_TOLD: usize = 50;
/// The log's line may come so long after the list that shows what it tells of.
const LINE_COMES: TimeDelta = TimeDelta::seconds(20);
/// The server's clock is known to about a second, and the list before was asked for a moment before it came.
const UNSURE: TimeDelta = TimeDelta::seconds(5);

/// A change of which the log may still tell whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Open {
    note: EntryId,
    id: AccountId,
    matter: Matter,
    is: Value,
    overage: bool,
    /// It was not so then, by the server's clock.
    since: Timestamp,
    /// Until when a line is waited for, by our clock.
    until: Timestamp,
}

/// One difference between two lists.
struct Difference {
    id: AccountId,
    name: Plain,
    matter: Matter,
    was: Value,
    is: Value,
    /// The account was taken out of use by overage, or may have been.
    overage: bool,
}

/// Tells what differs between the list and the one before it, which had come at `came` (our clock), and was not asked for here.
pub(crate) fn compare(state: &mut State, before: &[Account], came: Timestamp) {
    let since = state.clock.at(came) - UNSURE;
    let at = state.clock.at(state.now);
    let mut told = 0;
    let differences = differences(before, state.accounts.rows());
    for difference in differences {
        let Difference { id, name, matter, was, is, overage } = difference;
        let key = (id.clone(), matter);
        if let Some(sent) = state.pending.claim(&key, &is) {
            if sent.given_up.is_some() {
                conclude(state, &id, &sent.deed, sent.trail);
                settle::say_after_all(state, &key);
            }
            continue;
        }
        told += 1;
        if told > MOST_TOLD {
            continue;
        }
        let unknown = if overage { By::SomeoneOrOverage } else { By::Someone };
        let by = by_log(state, &id, matter, &is, overage, since);
        let is_open = by.is_none();
        let news = News::Seen { matter, was, is: is.clone(), by: by.unwrap_or(unknown) };
        let note = state.logs.note(at, name, news);
        if is_open && matches!(matter, Matter::Switch(_)) {
            state.open.push(Open { note, id, matter, is, overage, since, until: state.now + LINE_COMES });
        }
    }
    if told > MOST_TOLD {
        state.logs.note(at, Plain::default(), News::MoreSeen(told - MOST_TOLD));
    }
}

fn differences(before: &[Account], now: &[Account]) -> Vec<Difference> {
    let mut found = Vec::new();
    // Rows seldom move, so that most stand where they stood.
    let mut rest: Option<HashMap<&AccountId, &Account>> = None;
    for (index, account) in now.iter().enumerate() {
        let same = before.get(index).filter(|b| b.id == account.id);
        let old = same.or_else(|| {
            let all = || before.iter().map(|b| (&b.id, b)).collect();
            rest.get_or_insert_with(all).get(&account.id).copied()
        });
        if let Some(old) = old {
            compare_rows(old, account, &mut found);
        }
    }
    found
}

fn compare_rows(old: &Account, new: &Account, found: &mut Vec<Difference>) {
    let same = old.auto_refresh == new.auto_refresh
        && old.auto_fallback == new.auto_fallback
        && old.paused == new.paused
        && old.priority == new.priority
        && old.endpoint == new.endpoint;
    if same {
        return;
    }
    for matter in Matter::SHOWN {
        let (Some(was), Some(is)) = (Value::of(old, matter), Value::of(new, matter)) else { continue };
        if was == is {
            continue;
        }
        let paused = if new.paused { new } else { old };
        let by_overage = match &paused.pause_reason {
            Some(reason) => *reason == PauseReason::Overage,
            None => paused.auto_pause_on_overage,
        };
        let overage = by_overage && matter == Matter::Switch(Setting::Paused);
        found.push(Difference { id: new.id.clone(), name: new.name.clone(), matter, was, is, overage });
    }
}

/// Whose doing it is, where the log or the list tells.
fn by_log(
    state: &State,
    id: &AccountId,
    matter: Matter,
    is: &Value,
    overage: bool,
    since: Timestamp,
) -> Option<By> {
    let account = state.accounts.get(id)?;
    let facts = state.logs.facts(&account.name);
    match (matter, is) {
        (Matter::Switch(Setting::AutoRefresh), Value::Switch(false)) => {
            facts?.switched_off_at.map(|_| By::SignIn)
        }
        (Matter::Switch(Setting::Paused), Value::Switch(true)) => match pause_reason(state, account)? {
            PauseReason::Manual => Some(By::Someone),
            reason => Some(By::Pause(reason)),
        },
        (Matter::Switch(Setting::Paused), Value::Switch(false)) => {
            let facts = facts?;
            let told = facts.resumed.clone().filter(|(at, _)| *at >= since);
            // A refresh that succeeds ends a pause by overage, without a line of its own.
            let done = matches!(&facts.last, Some((at, Outcome::Done { .. })) if *at >= since);
            let over = (overage && done).then_some(By::Resume(Some(PauseReason::Overage)));
            told.map(|(_, from)| By::Resume(from)).or(over)
        }
        _ => None,
    }
}

/// New lines came: perhaps they tell whose doing a change was.
pub(crate) fn attribute(state: &mut State) {
    if state.open.is_empty() {
        return;
    }
    let now = state.now;
    for open in std::mem::take(&mut state.open) {
        match by_log(state, &open.id, open.matter, &open.is, open.overage, open.since) {
            Some(known) => state.logs.amend(open.note, |news| {
                if let News::Seen { by, .. } = news {
                    *by = known;
                }
            }),
            None if now < open.until => state.open.push(open),
            None => {}
        }
    }
}
