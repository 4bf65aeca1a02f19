//! Keys: what a person means ([`Action`]), which keys say it ([`Chord`]), and the one table that joins them ([`BINDINGS`]).
//!
//! Dispatch, the footer, the help, the configuration's `[keys]` and README's key table all come from that table; no key is
//! matched anywhere else. [`Keymap`] is the table with the user's own keys in it.

mod bindings;
mod chord;
mod find;
mod map;

pub use bindings::{Action, BINDINGS, Binding, Scope};
pub use chord::{Chord, ChordError, Code};
pub use find::find;
pub use map::{Bound, KeyError, Keymap, Override, parse_key};
