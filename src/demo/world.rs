//! Everything that the embedded server knows, at one moment.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::Dialect;
use super::account::Account;
use super::balancer::Balancer;
use super::provider::Mode;
use crate::model::Timestamp;

/// How the simulated provider treats one account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Treatment {
    /// What it answers.
    pub mode: Mode,
    /// How long its windows last.
    pub window: TimeDelta,
    /// How long it takes to answer.
    pub latency: TimeDelta,
    /// How much of a window requests use in a second, in percent, that come to this account whatever the balancer chooses.
    pub traffic: f64,
}

/// The provider changes its mind about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// About which.
    pub id: String,
    /// What it answers from then on.
    pub mode: Mode,
}

impl Default for Treatment {
    fn default() -> Self {
        Self {
            mode: Mode::Ok,
            window: TimeDelta::hours(5),
            latency: TimeDelta::milliseconds(40),
            traffic: 0.0,
        }
    }
}

/// Records that are about nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Noise {
    /// So many in each second.
    pub flood: u32,
    /// One of these in each second, in turn.
    pub chatter: Vec<String>,
    /// One of so many bytes every half minute; 0 for none.
    pub longest: usize,
}

/// The accounts, and what the scheduler keeps in memory.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// The store.
    pub accounts: Vec<Account>,
    /// How the provider treats each, by id; the default where nothing is said.
    pub treatments: BTreeMap<String, Treatment>,
    /// What the provider will do, soonest first.
    pub turns: Vec<Turn>,
    /// How much of a window the requests use in a second, in percent, that go to whom the balancer chooses.
    pub traffic: f64,
    /// Records that are about nothing.
    pub noise: Noise,
    /// In whose words the log is written.
    pub dialect: Dialect,
    /// Write the reasons for passing over an account.
    pub debug: bool,
    /// The server's own port, for the log.
    pub port: u16,
    /// When the server started.
    pub started: Option<Timestamp>,
    /// The window that the last refresh of each account brought.
    pub(super) tracked: BTreeMap<String, Timestamp>,
    /// How many refreshes of each failed in a row.
    pub(super) failures: BTreeMap<String, u32>,
    /// When the tokens of each could not be renewed.
    pub(super) unrenewed: BTreeMap<String, Timestamp>,
    /// Where real requests go.
    pub(super) balancer: Balancer,
    /// Numbers for whatever is left to chance.
    dice: u64,
}

impl World {
    /// A world of these accounts. The same seed makes the same choices.
    pub fn new(accounts: Vec<Account>, dialect: Dialect, seed: u64) -> Self {
        Self { accounts, dialect, dice: seed.wrapping_mul(2) | 1, ..Self::default() }
    }

    /// The account with that id.
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|a| a.id == id)
    }

    /// The account with that id, to be changed.
    pub fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|a| a.id == id)
    }

    /// How the provider treats an account.
    pub fn treatment(&self, id: &str) -> Treatment {
        self.treatments.get(id).copied().unwrap_or_default()
    }

    /// An id that no account has.
    pub(super) fn new_id(&mut self) -> String {
        let (random, number) = (self.roll(1 << 32), self.roll(1 << 48));
        format!("{random:08x}-0000-4000-8000-{number:012x}")
    }

    /// A number below `below`, another one each time (xorshift64).
    pub(super) fn roll(&mut self, below: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        (self.dice >> 11) % below.max(1)
    }
}
