//! What the list says of one account besides what the table shows.

use chrono::TimeDelta;

use super::{Plain, Timestamp, Utilization};

/// A value as the details show it.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// A moment.
    Time(Timestamp),
    /// Words.
    Text(Plain),
    /// A number.
    Number(f64),
    /// Yes or no.
    Truth(bool),
    /// The server says that there is none.
    None,
}

/// A fact under the server's name for it.
pub type Named = (Plain, Fact);

/// What is used of one of an account's limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Meter {
    /// The server's name for the limit.
    pub name: Plain,
    /// The part that is spent; none where the provider does not say.
    pub spent: Option<Utilization>,
    /// When it empties.
    pub resets_at: Option<Timestamp>,
    /// How long the limit's window is, where that is known.
    pub length: Option<TimeDelta>,
    /// What else is said of it: amounts, mostly.
    pub more: Vec<Named>,
}

/// What an account has used, as its provider tells it. The shape differs by provider (`docs/server-contract.md`, section 3).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Usage {
    /// The limits.
    pub meters: Vec<Meter>,
    /// What is no limit.
    pub facts: Vec<Named>,
}

/// The models that stand for a model, the first to be tried first.
pub type Models = (Plain, Vec<Plain>);

/// What the account's requests have used since its session began.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SessionStats {
    /// Requests.
    pub requests: Option<f64>,
    /// Tokens that were sent.
    pub input: Option<f64>,
    /// Tokens that were written to the provider's cache.
    pub cache_written: Option<f64>,
    /// Tokens that were read from it.
    pub cache_read: Option<f64>,
    /// Tokens that came back.
    pub output: Option<f64>,
    /// What that is worth under the plan, in dollars.
    pub plan_cost: Option<f64>,
    /// What the provider charges by use, in dollars.
    pub api_cost: Option<f64>,
    /// What else is said.
    pub more: Vec<Named>,
}

/// One row of the list, as far as the table does not show it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Detail {
    /// Requests that count towards the order of the list.
    pub requests: Option<f64>,
    /// Requests in all.
    pub requests_in_all: Option<f64>,
    /// When it was added.
    pub created: Option<Timestamp>,
    /// When it was used last.
    pub last_used: Option<Timestamp>,
    /// Requests that the provider says are left in the window.
    pub remaining: Option<f64>,
    /// When the cooldown began.
    pub cooldown_since: Option<Timestamp>,
    /// The server does not ask the provider for its usage until then.
    pub usage_held_until: Option<Timestamp>,
    /// The windows for which the server holds it back.
    pub throttled_for: Vec<Plain>,
    /// There is a refresh token.
    pub renewable: Option<bool>,
    /// The server pauses it by itself when its use goes over the plan's limit.
    pub pauses_on_overage: Option<bool>,
    /// The server pauses it by itself in the provider's peak hours.
    pub pauses_in_peak_hours: Option<bool>,
    /// Which models stand for which.
    pub mappings: Vec<Models>,
    /// Which models are tried where one is limited.
    pub fallbacks: Vec<Models>,
    /// How it is billed.
    pub billing: Option<Plain>,
    /// Where its requests may go.
    pub cross_region: Option<Plain>,
    /// The limit of which most is spent.
    pub fullest: Option<Plain>,
    /// What is used; none where the server does not say.
    pub usage: Option<Usage>,
    /// The session, in the server's words.
    pub session: Option<Plain>,
    /// What the session has used.
    pub stats: Option<SessionStats>,
    /// What other versions of the server send besides.
    pub others: Vec<Named>,
    /// The row as it came, indented, with everything masked that may be a secret.
    pub raw: Vec<Plain>,
}

/// How many accounts the server can use by its own count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// The server's word for itself.
    pub status: Plain,
    /// Accounts that it routes requests to.
    pub routable: Option<u64>,
    /// Accounts in all.
    pub configured: Option<u64>,
}
