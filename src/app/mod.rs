//! The program's decisions: [`update`] takes the state from one message to the next and says what is to be done.
//!
//! ```text
//! server → client → Msg → update(&mut State, now, Msg) → Vec<Effect> → runtime → client, terminal
//!                                   └── State → view → frame
//! ```
//!
//! Nothing here waits, draws, reads a clock or touches a file: every decision is a value that can be printed and replayed.
//!
//! What a pane says in words is the view's. Where a decision needs the words (how far they can be scrolled, what is copied of
//! them), the view is asked for them: a function of the state like every other.

mod accounts;
mod amend;
mod availability;
mod change;
mod choose;
mod copy;
mod details;
mod display;
mod doubt;
mod elsewhere;
mod event;
mod events;
mod failed;
mod filter;
mod filtering;
mod fix;
mod help;
mod hints;
mod input;
mod line;
mod link;
pub mod logs;
mod look;
mod mouse;
mod msg;
mod names;
mod notice;
mod palette;
mod panes;
mod pending;
mod prompt;
mod refresh;
mod schedule;
mod server;
mod settle;
mod sort;
mod standing;
mod state;
mod switch;
mod table;
mod trip;
mod undo;
mod why;

pub use crate::model::AccountsAnswer;
pub use availability::{Availability, availability};
pub use choose::Choosing;
pub use details::{Details, Tab};
pub use display::{Display, Times};
pub use event::{Happened, Opened, ROOMY, Row};
pub use events::{EventsPane, Held, Lens, Needle, Seen, Show, Window, window};
pub use failed::Failed;
pub use filter::{Completion, Filter, FilterError, TERMS, TermHelp, complete};
pub use filtering::Typing;
pub use fix::{Fix, fix};
pub use help::Help;
pub use hints::{Hint, hints, lead, way};
pub(crate) use input::step_of;
pub use line::{Edit, Line};
pub use link::{Link, Links};
pub use look::Look;
pub use mouse::Gesture;
pub use msg::{ChangeKey, Effect, Msg, Seq};
pub use names::Names;
pub use notice::{Notice, Tone};
pub use palette::{Palette, commands};
pub use pending::{Pending, Phase, Wish};
pub use prompt::{Ask, Prompt};
pub use refresh::{
    CountsTo, Obstacle, Prognosis, counts_to, due_since, is_unsure, prognosis, promised_until,
};
pub use schedule::next_wake;
pub use sort::{Direction, Sort, SortBy};
pub use standing::{Standing, Tally, needs_you, pause_reason, standing, tally};
pub use state::{Accounts, Dialog, Doubt, Options, Pane, Served, State};
pub use switch::{Switch, switch};
pub use table::Table;
pub use trip::Trip;
pub use undo::{Done, Undo};
pub use why::{Check, Why, why};

use crate::model::Timestamp;

/// Takes in one message at our time `now`, and says what is to be done.
pub fn update(state: &mut State, now: Timestamp, msg: Msg) -> Vec<Effect> {
    let by_time = if matches!(msg, Msg::Tick) { look::by_time(state, now) } else { Look::New };
    state.now = now;
    state.look = Look::New;
    let effects = match msg {
        Msg::Tick => schedule::due(state),
        Msg::Key(chord) => input::key(state, chord),
        Msg::Mouse { gesture, at } => mouse::used(state, gesture, at),
        Msg::Pasted(text) => input::pasted(state, &text),
        Msg::Resized(size) => input::resized(state, size),
        Msg::Resumed => input::resumed(state),
        Msg::Zone(zone) => {
            display::zone_changed(state, zone);
            Vec::new()
        }
        Msg::Accounts { seq, result } => accounts::arrived(state, seq, result),
        Msg::ChangeDone { seq, id, change, result } => change::done(state, seq, &id, &change, result),
        Msg::StreamOpened { seq } => schedule::stream_opened(state, seq),
        Msg::StreamRecords { seq, lines, skipped } => schedule::stream_records(state, seq, lines, skipped),
        Msg::StreamClosed { seq, why } => schedule::stream_closed(state, seq, why),
        Msg::History { seq, result } => schedule::history(state, seq, result),
        Msg::Health { seq, result } => details::health(state, seq, result),
    };
    details::keep_up(state);
    events::keep_up(state);
    event::keep_up(state);
    if matches!(effects[..], [] | [Effect::Poll { .. }]) {
        state.look = state.look.min(by_time);
    }
    effects
}
