//! Faults on command: what a test, or a curious person by way of `docs/demo-api.md`, does to a running server.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use hyper::body::Bytes;
use serde_json::{Map, Value};

use super::account::Account;
use super::faults::{Fault, Seen};
use super::hub::Hub;
use super::log::{Level, Record};
use super::world::Treatment;

/// A hand on a running server. It may be used from any thread, and outlives the server without harm.
#[derive(Clone)]
pub struct Control {
    pub(super) hub: Arc<Hub>,
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control").field("condition", &self.hub.condition()).finish_non_exhaustive()
    }
}

impl Control {
    /// Changes how the provider treats an account. False where there is no such id.
    pub fn treat(&self, id: &str, change: impl FnOnce(&mut Treatment)) -> bool {
        self.hub.with(|world, _| {
            let is_there = world.account(id).is_some();
            if is_there {
                change(world.treatments.entry(id.to_owned()).or_default());
                world.turns.retain(|turn| turn.id != id);
            }
            is_there
        })
    }

    /// Adds an account from a row in the list's spelling, in place of one of the same id. Gives the id, which is a new one
    /// where the row has none.
    pub fn put_account(&self, row: &Value) -> String {
        self.hub.with(|world, now| {
            let mut account = Account::from_row(row, now);
            if account.id.is_empty() {
                account.id = world.new_id();
            }
            let id = account.id.clone();
            match world.account_mut(&id) {
                Some(known) => *known = account,
                None => world.accounts.push(account),
            }
            id
        })
    }

    /// Sets fields of an account, in the list's spelling. False where there is no such id.
    pub fn set(&self, id: &str, fields: &Map<String, Value>) -> bool {
        self.hub.with(|world, _| {
            let account = world.account_mut(id);
            account.map(|a| fields.iter().for_each(|(name, value)| a.set(name, value.clone()))).is_some()
        })
    }

    /// Drops an account. False where there is no such id.
    pub fn drop_account(&self, id: &str) -> bool {
        self.hub.with(|world, _| {
            let before = world.accounts.len();
            world.accounts.retain(|a| a.id != id);
            world.accounts.len() < before
        })
    }

    /// Has these accounts and no others.
    pub fn set_accounts(&self, rows: &[Value]) {
        self.hub
            .with(|world, now| world.accounts = rows.iter().map(|row| Account::from_row(row, now)).collect());
    }

    /// Accepts connections and answers nothing, like a process that was stopped.
    pub fn freeze(&self) {
        self.hub.set_condition(|c| c.frozen = true);
    }

    /// Answers again, what waited first.
    pub fn thaw(&self) {
        self.hub.set_condition(|c| c.frozen = false);
    }

    /// Keeps requests that change an account waiting: they are done, and answered, on [`Self::release_changes`].
    pub fn hold_changes(&self) {
        self.hub.set_condition(|c| c.changes_held = true);
    }

    /// Answers the requests that wait.
    pub fn release_changes(&self) {
        self.hub.set_condition(|c| c.changes_held = false);
    }

    /// Goes away with every connection, a moment later.
    pub fn stop(&self) {
        self.hub.set_condition(|c| c.away = true);
    }

    /// Comes back at the same address, with its memory gone.
    pub fn start(&self) {
        self.hub.set_condition(|c| c.away = false);
    }

    /// Answers otherwise from now on.
    pub fn fault(&self, fault: Fault) {
        self.hub.lock().faults.add(fault);
    }

    /// Answers as usual again.
    pub fn mend(&self) {
        self.hub.lock().faults.mend();
    }

    /// Wants this API key from now on, or none.
    pub fn require_key(&self, key: Option<String>) {
        self.hub.lock().faults.key = key;
    }

    /// Sets the server's clock so far ahead of the machine's.
    pub fn set_clock_ahead(&self, by: TimeDelta) {
        self.hub.lock().ahead = by;
    }

    /// Sets the `Date` header so far ahead of the server's clock.
    pub fn set_date_ahead(&self, by: TimeDelta) {
        self.hub.lock().date_ahead = by;
    }

    /// Writes a record into the log, now.
    pub fn log(&self, level: Level, message: &str, data: Option<Value>) {
        self.hub.step(|_, now| ((), vec![Record { data, ..Record::new(now, level, message) }]));
    }

    /// Writes a record that no stream gets, and the history only when it is asked for the second time.
    pub fn log_late(&self, level: Level, message: &str) {
        self.hub.log_late(Record::new(self.hub.now(), level, message));
    }

    /// Sends bytes as they are on every open stream of the log.
    pub fn send_raw(&self, bytes: &[u8]) {
        self.hub.send(Bytes::copy_from_slice(bytes));
    }

    /// Cuts every open stream of the log, after these bytes.
    pub fn cut_streams(&self, after: &[u8]) {
        if !after.is_empty() {
            self.send_raw(after);
        }
        self.hub.cut();
    }

    /// How many streams of the log are open.
    pub fn streams(&self) -> usize {
        self.hub.readers()
    }

    /// Has the scheduler look now. A check that is under way is finished first.
    pub fn check(&self) {
        self.hub.check.notify_one();
    }

    /// What was asked for, oldest first; at most the last 1,000 requests, and none of this control's own.
    pub fn requests(&self) -> Vec<Seen> {
        self.hub.lock().faults.seen().cloned().collect()
    }

    /// How often the provider was asked for each account, by id.
    pub fn asked(&self) -> BTreeMap<String, u64> {
        self.hub.lock().asked.clone()
    }

    /// Forgets what was asked for.
    pub fn forget_requests(&self) {
        self.hub.lock().faults.forget();
    }
}
