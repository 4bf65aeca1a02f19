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
//! [`server`] runs it: the API on a loopback address ([`api`] answers, as pure as the world), the scheduler's dummy messages as real
//! HTTP requests, and a provider that answers them on a loopback port of its own. Nothing is ever sent beyond loopback.
//!
//! # Differences from the observed server, each with its reason
//!
//! What a reader sees of a refresh, its lines in the log and its row in the list, is the same: `tests/flows` holds it against both.
//!
//! | here | there | why |
//! |---|---|---|
//! | an account that is switched off, paused or deleted while it waits in the batch is passed over | refreshed all the same, a paused or deleted one with another account's credentials | who waits behind a slow provider must be able to change his mind |
//! | a provider that does not answer is given up once, and all that is written about it comes at the end | three models, 300 s each | nobody watches a demonstration for 15 minutes |
//! | a model that is not found is asked for once, though the log has an attempt for each of the three | three requests | they would be answered alike |
//! | a connection that the provider closes is not made again | its HTTP client asks three times, and logs one | nobody can tell from the log |
//! | an expired access token is renewed without a word, and its time stays in the list | four lines, twice where usage is read too, and a new time | not about auto-refresh as long as it succeeds |
//! | tokens that cannot be renewed are met by refreshes only, and the list says that there is no refresh token | met by reading usage too; the list knows of no refusal | without the log a reader can tell that someone must sign in |
//! | names stay as they are | at a start all but ASCII letters, digits, space, `-`, `_` and `.` becomes `_` | hostile names are for readers to be tried on |
//! | `GET /api/accounts/{id}` gives the account | forwarded | the guide asks for it |
//! | unknown paths get 404 `{"error":"Not found"}` | forwarded with an account's credentials, or a web page | nothing is ever forwarded here |
//! | an added account is an Anthropic one whose tokens are looked at and forgotten | other providers have paths of their own; tokens are kept | nothing is ever sent with a credential |
//! | no token health, configuration, analytics; the statistics count what was answered, without what failed | there | not about auto-refresh |
//! | `model-mappings` and `model-fallbacks` get 404 | stored | not about auto-refresh |
//! | `reload` keeps the usage that is shown | forgets it until it is next polled | nobody polls here |
//! | in the guide's dialect the log says nothing of changes | it does | the guide knows six patterns |
//! | the fields of a JSON object come by the alphabet | in the order in which they were written down | JSON gives the order no meaning |
//! | numbers beyond what a double holds are no JSON | infinite, and refused as out of range | refused either way |
//! | a custom endpoint beyond loopback fails at once with a line that says so | is asked | nothing is sent beyond loopback |
//! | usage is known at once, from refreshes and simulated requests | null until the first poll, then read about every 90 s | the bars move with what happens |
//! | of simulated requests the log has only a change of account, and limits | several lines for each | the log would be about nothing else |
//! | a start is one line | dozens, about other parts | not about auto-refresh |
//! | tokens that could not be renewed are left alone for 60 s | for at least 60 s and less than 120 s | not known more exactly |
//! | the stack trace of an exception is its first lines | whole | it names files that are not here |
//! | the stream stays open on a quiet server, and a slow reader is cut off with a last record that says so | cut after 252 s of silence; not bounded | as a demonstration for readers, and bounded memory |
//! | `force-reset-rate-limit` makes the reset null; by the rule, an account whose refresh has brought a time is then not taken again until a restart or until auto-refresh was off at a tick | the same rule, but also said to be probed at the next tick | the rule is what was recorded |
//! | `pause` and `resume` act by the id | by the name, so that of twins the other may be paused | a known fault, not worth copying by default |

pub mod account;
pub mod api;
mod balancer;
mod body;
mod changes;
mod command;
pub mod control;
pub mod faults;
mod fields;
pub mod files;
mod http;
mod hub;
mod listen;
pub mod log;
mod message;
pub mod provider;
mod roster;
mod row;
pub mod scenario;
pub mod scheduler;
pub mod server;
pub mod simulate;
mod traffic;
mod upstream;
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
