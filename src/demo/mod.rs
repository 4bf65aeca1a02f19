//! The whole auto-refresh system in one process: accounts, scheduler, provider, log.
//!
//! It is written from `docs/server-contract.md`, and shares no code with the dashboard's reading of the same rule or with its
//! reading of the log, so that each can prove the other.
//!
//! ```text
//! World::check(now) ─▶ who is due ─▶ World::begin(id, now) ─▶ Probe ─▶ provider ─▶ Reply ─▶ World::settle(id, reply, now)
//!        └──────────────────── records, in the wording of the chosen dialect ────────────────────┘
//! ```
//!
//! [`world`] is pure: it is given the time and answers with values, so a year of windows is run in milliseconds.
//!
//! # Differences from the observed server, each with its reason
//!
//! | here | there | why |
//! |---|---|---|
//! | an account that is switched off, paused or deleted while it waits in the batch is passed over | not observed | who waits behind a slow provider must be able to change his mind |
//! | a provider that does not answer is given up once, and all that is written about it comes at the end | three models, 300 s each | nobody watches a demonstration for 15 minutes |
//! | dead tokens: no back-off between two tries | tried less often, with the same end | the fifth failure comes sooner |

pub mod account;
pub mod log;
pub mod provider;
mod row;
pub mod scheduler;
mod wording;
pub mod world;

/// In whose words the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Those of the observed server (`docs/server-contract.md`, section 4).
    #[default]
    Observed,
    /// The six patterns of the auto-refresh guide.
    Guide,
}
