//! Keys: what a person means ([`Action`]), which keys say it ([`Chord`]), and the one table that joins them ([`BINDINGS`]).
//!
//! Dispatch, the footer, the help and README's key table all come from that table; no key is matched anywhere else.

mod bindings;
mod chord;
mod find;

pub use bindings::{Action, BINDINGS, Binding, Scope, bindings_of, resolve};
pub use chord::{Chord, ChordError, Code};
pub use find::find;
