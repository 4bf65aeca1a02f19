//! What happened ([`Msg`]) and what is to be done ([`Effect`]).

use chrono::FixedOffset;
use ratatui::layout::{Position, Size};

use super::mouse::Gesture;
use crate::keymap::Chord;
use crate::model::{AccountId, AccountsAnswer, Deed, Failure, Health, LogLine, Matter, Plain, Told};

/// Numbers requests in the order in which they were decided on, so that an answer that was overtaken can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Seq(pub u64);

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A moment came that [`super::next_wake`] had named.
    Tick,
    /// A key.
    Key(Chord),
    /// The mouse was used.
    Mouse {
        /// How.
        gesture: Gesture,
        /// Where on the screen.
        at: Position,
    },
    /// Text was pasted. It is never taken as keys: it goes into an open prompt, or nowhere.
    Pasted(String),
    /// The terminal has a new size.
    Resized(Size),
    /// The program goes on after it was stopped; the screen was lost.
    Resumed,
    /// The machine's zone is another one now.
    Zone(FixedOffset),
    /// The list came, or did not.
    Accounts {
        /// Of which request.
        seq: Seq,
        /// What came.
        result: Result<AccountsAnswer, Failure>,
    },
    /// A change was answered, or was not.
    ChangeDone {
        /// Of which request.
        seq: Seq,
        /// The account.
        id: AccountId,
        /// What was asked for.
        change: Deed,
        /// What came: what the server's answer says.
        result: Result<Told, Failure>,
    },
    /// The stream of log records is open.
    StreamOpened {
        /// Of which request.
        seq: Seq,
    },
    /// Records came on the stream, oldest first.
    StreamRecords {
        /// Of which stream.
        seq: Seq,
        /// The records.
        lines: Vec<LogLine>,
        /// Records that could not be read and were left out.
        skipped: u64,
    },
    /// The stream ended, or could not be opened.
    StreamClosed {
        /// Of which request.
        seq: Seq,
        /// Why.
        why: Failure,
    },
    /// The history came, or did not.
    History {
        /// Of which request.
        seq: Seq,
        /// The records, oldest first.
        result: Result<Vec<LogLine>, Failure>,
    },
    /// The server's own count of what it can use came, or did not.
    Health {
        /// Of which request.
        seq: Seq,
        /// What came.
        result: Result<Health, Failure>,
    },
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask for the list; answered by [`Msg::Accounts`].
    Poll {
        /// Numbers the request.
        seq: Seq,
    },
    /// Ask for a change; answered by [`Msg::ChangeDone`].
    Apply {
        /// Numbers the request.
        seq: Seq,
        /// The account.
        id: AccountId,
        /// What is to be done.
        change: Deed,
    },
    /// Close any open stream and open one; answered by [`Msg::StreamOpened`] or [`Msg::StreamClosed`].
    OpenStream {
        /// Numbers the request.
        seq: Seq,
    },
    /// Ask for the history; answered by [`Msg::History`].
    FetchHistory {
        /// Numbers the request.
        seq: Seq,
    },
    /// Ask for the server's own count; answered by [`Msg::Health`].
    AskHealth {
        /// Numbers the request.
        seq: Seq,
    },
    /// Give these lines to the terminal's clipboard.
    Copy(Vec<Plain>),
    /// Forget the connections that are kept open, so that the next request makes a new one.
    DropConnections,
    /// Ask another server from now on, and take no answer of this one any more.
    UseServer {
        /// Its place among [`super::Options::servers`].
        place: usize,
    },
    /// Draw the whole screen anew.
    Redraw,
    /// Give the terminal back and stop.
    Suspend,
    /// Leave.
    Quit,
}

/// One key of the overlay of asked-for changes.
pub type ChangeKey = (AccountId, Matter);
