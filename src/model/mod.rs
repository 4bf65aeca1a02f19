//! What the program talks about: accounts, their usage windows, log records and failures.
//!
//! Nothing here knows how the server spells a field (that is [`crate::api`]) or how a value is drawn
//! (that is [`crate::view`]). Text that came from a server exists here only as [`Plain`].

mod account;
mod clock;
mod deed;
mod detail;
mod event;
mod failure;
mod log;
mod mask;
mod rows;
mod text;
mod time;

pub use account::{
    Account, AccountId, AccountsAnswer, Change, Offers, PauseReason, Provider, Setting, Token, UsageWindow,
    Utilization,
};
pub use clock::ServerClock;
pub use deed::{Deed, Endpoint, Matter, Priority, Told, Value};
pub use detail::{Detail, Fact, Health, Meter, Models, Named, SessionStats, Usage};
pub use event::{Cause, DueReason, Event, Kind, Weight};
pub use failure::{AuthProblem, Failure, NotJson};
pub use log::{Level, LogLine};
pub use mask::{MASK, is_count, is_secret, is_secret_name, masked};
pub use rows::Rows;
pub use text::Plain;
pub use time::{Timestamp, parse_timestamp, timestamp_from_millis};
