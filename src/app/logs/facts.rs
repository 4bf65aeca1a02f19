//! What the log tells about each name, and what the list has shown to be over.

use std::collections::HashMap;

use chrono::TimeDelta;
use foldhash::fast::RandomState;

use super::{Facts, Outcome};
use crate::model::{Account, Cause, LogLine, PauseReason, Plain, Timestamp};

/// Most names outside the list of accounts about which anything is kept. Accounts come and go; a log that names thousands
/// that never existed must not fill the memory.
const MOST_STRANGERS: usize = 512;

/// When the list last showed each account's state: what a log line from before then says is over.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Known(HashMap<Plain, Seen, RandomState>);

#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Seen {
    /// Auto-refresh was on in the list that was asked for then.
    on: Option<Timestamp>,
    /// The account was not paused.
    running: Option<Timestamp>,
}

impl Known {
    /// Takes in a list that was asked for at `asked`. Where a name stands twice, both must agree.
    pub(super) fn observe(&mut self, accounts: &[Account], asked: Timestamp) {
        let mut now: HashMap<Plain, (bool, bool)> = HashMap::with_capacity(accounts.len());
        for account in accounts.iter().filter(|a| a.fault.is_none()) {
            let (on, running) = now.entry(account.name.clone()).or_insert((true, true));
            *on &= account.auto_refresh == Some(true);
            *running &= !account.paused;
        }
        let before = std::mem::take(&mut self.0);
        let seen = |name: Plain, (on, running): (bool, bool)| {
            let old = before.get(&name).copied().unwrap_or_default();
            let later = |old: Option<Timestamp>, holds: bool| old.max(holds.then_some(asked));
            (name, Seen { on: later(old.on, on), running: later(old.running, running) })
        };
        self.0 = now.into_iter().map(|(name, holds)| seen(name, holds)).collect();
    }

    fn seen(&self, name: &Plain) -> Seen {
        self.0.get(name).copied().unwrap_or_default()
    }
}

/// The facts about every name.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Book(HashMap<Plain, Page, RandomState>);

#[derive(Debug, Clone, PartialEq)]
struct Page {
    facts: Facts,
    touched: Timestamp,
    /// The list has an account of that name.
    listed: bool,
}

impl Book {
    pub(super) fn get(&self, name: &Plain) -> Option<&Facts> {
        self.0.get(name).map(|page| &page.facts)
    }

    /// A refresh began, or ended so. A success also settles what was held against the tokens.
    pub(super) fn last(&mut self, name: &Plain, at: Timestamp, outcome: Outcome, known: &Known) {
        self.write(name, at, known, |facts| facts.ended(at, outcome));
    }

    /// The refresh that began will never end: the server stopped.
    pub(super) fn abandoned(&mut self, name: &Plain) {
        if let Some(page) = self.0.get_mut(name) {
            page.facts.last.take_if(|(_, outcome)| *outcome == Outcome::UnderWay);
        }
    }

    /// A failure was the how manieth in a row.
    pub(super) fn counted(&mut self, name: &Plain, count: u32) {
        let last = self.0.get_mut(name).and_then(|page| page.facts.last.as_mut());
        if let Some((_, Outcome::Failed { strike, .. })) = last {
            *strike = Some(count);
        }
    }

    /// What made the last refresh fail became known better.
    pub(super) fn refined(&mut self, name: &Plain, better: Cause) {
        let last = self.0.get_mut(name).and_then(|page| page.facts.last.as_mut());
        if let Some((_, Outcome::Failed { cause, .. })) = last {
            *cause = better;
        }
    }

    pub(super) fn new_window(
        &mut self,
        name: &Plain,
        at: Timestamp,
        resets: Option<Timestamp>,
        took: Option<TimeDelta>,
        known: &Known,
    ) {
        self.write(name, at, known, |facts| {
            facts.ended(at, Outcome::Done { resets, took });
            facts.new_reset_at = Some(at);
        });
    }

    pub(super) fn token_failed(&mut self, name: &Plain, line: &LogLine, known: &Known) {
        if !is_passing(line, name) {
            self.write(name, line.at, known, |facts| facts.token_dead_at = Some(line.at));
        }
    }

    pub(super) fn token_renewed(&mut self, name: &Plain) {
        if let Some(page) = self.0.get_mut(name) {
            page.facts.token_dead_at = None;
            page.facts.auth_failed_at = None;
        }
    }

    pub(super) fn auth_failed(&mut self, name: &Plain, at: Timestamp, known: &Known) {
        self.write(name, at, known, |facts| {
            facts.ended(at, Outcome::Failed { cause: Cause::Unauthorized, strike: None });
            facts.auth_failed_at = Some(at);
        });
    }

    pub(super) fn switched_off(&mut self, name: &Plain, at: Timestamp, known: &Known) {
        if known.seen(name).on.is_none_or(|seen| seen <= at) {
            self.write(name, at, known, |facts| facts.switched_off_at = Some(at));
        }
    }

    pub(super) fn paused(&mut self, name: &Plain, at: Timestamp, why: PauseReason, known: &Known) {
        if known.seen(name).running.is_none_or(|seen| seen <= at) {
            self.write(name, at, known, |facts| facts.paused = Some((at, why)));
        }
    }

    pub(super) fn resumed(&mut self, name: &Plain, at: Timestamp, from: Option<PauseReason>, known: &Known) {
        self.write(name, at, known, |facts| {
            facts.paused = None;
            facts.resumed = Some((at, from));
        });
    }

    /// Forgets what the list has shown to be over.
    pub(super) fn reconcile(&mut self, known: &Known) {
        for (name, page) in &mut self.0 {
            let seen = known.0.get(name);
            page.listed = seen.is_some();
            let Some(seen) = seen else { continue };
            page.facts.switched_off_at.take_if(|at| seen.on.is_some_and(|seen| *at < seen));
            page.facts.paused.take_if(|(at, _)| seen.running.is_some_and(|seen| *at < seen));
        }
    }

    /// Writes something down about a name. Nearly always there is a page for it, and finding that is all that it costs.
    fn write(&mut self, name: &Plain, at: Timestamp, known: &Known, what: impl FnOnce(&mut Facts)) {
        if let Some(page) = self.0.get_mut(name) {
            page.touched = at;
            what(&mut page.facts);
            return;
        }
        if self.0.len() >= known.0.len() + MOST_STRANGERS {
            self.forget_strangers();
        }
        let mut page = Page { facts: Facts::default(), touched: at, listed: known.0.contains_key(name) };
        what(&mut page.facts);
        self.0.insert(name.clone(), page);
    }

    /// Drops the older half of the names that are not in the list, and those that were touched in the same moment as the last of it.
    fn forget_strangers(&mut self) {
        let strangers = self.0.values().filter(|page| !page.listed);
        let mut touched: Vec<_> = strangers.map(|page| page.touched).collect();
        let Some(last) = touched.len().div_ceil(2).checked_sub(1) else { return };
        let (_, last, _) = touched.select_nth_unstable(last);
        self.0.retain(|_, page| page.listed || page.touched > *last);
    }
}

impl Facts {
    fn ended(&mut self, at: Timestamp, outcome: Outcome) {
        if matches!(outcome, Outcome::Done { .. }) {
            self.token_dead_at = None;
            self.auth_failed_at = None;
        }
        self.last = Some((at, outcome));
    }
}

/// What a renewal that failed for now says; it is tried again and needs no person. Any other failure means dead tokens.
const PASSING: [&str; 13] = [
    "status 5",
    "status 429",
    "status 408",
    "timed out",
    "timeout",
    "unable to connect",
    "socket",
    "econn",
    "enotfound",
    "eai_again",
    "fetch failed",
    "network",
    "backoff period",
];

/// True where the token could not be renewed for a reason that passes by itself.
fn is_passing(line: &LogLine, name: &Plain) -> bool {
    let mut text = line.message.as_str().replace(name.as_str(), "");
    text.make_ascii_lowercase();
    PASSING.iter().any(|word| text.contains(word))
}

#[cfg(test)]
impl Book {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
