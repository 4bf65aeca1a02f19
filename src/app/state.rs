//! Everything the program knows.

use chrono::{FixedOffset, Offset as _, TimeDelta, Utc};
use ratatui::layout::Size;

use super::change::Pending;
use super::details::Details;
use super::events::EventsPane;
use super::filter::Filter;
use super::help::Help;
use super::link::Links;
use super::logs::Logs;
use super::msg::Seq;
use super::notice::Notice;
use super::palette::Palette;
use super::prompt::Prompt;
use crate::keymap::Scope;
use crate::layout::Regions;
use crate::model::{Account, AccountId, Change, Plain, ServerClock, Timestamp};

/// What was settled before the screen was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The server's address as it is shown: host and port.
    pub server: Plain,
    /// The server's address as it is typed: `http://localhost:8080`.
    pub url: Plain,
    /// The time between two polls.
    pub interval: TimeDelta,
    /// Nothing is ever sent that changes something.
    pub read_only: bool,
    /// An API key is sent with each request.
    pub key_set: bool,
    /// Where the jitter of retries starts; any number.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            server: Plain::new("localhost:8080"),
            url: Plain::new("http://localhost:8080"),
            interval: TimeDelta::seconds(5),
            read_only: false,
            key_set: false,
            seed: 1,
        }
    }
}

/// A pane that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pane {
    /// The table of accounts.
    Accounts,
    /// Why the selected account is, or is not, refreshed.
    Why,
    /// The events.
    Events,
}

/// Something that lies over the panes and takes the keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    /// Every key.
    Help(Help),
    /// A command that is being typed.
    Palette(Palette),
    /// What of the selected account is to be copied.
    Copy,
    /// A line that is being typed.
    Prompt(Prompt),
    /// A question before a change.
    Question {
        /// The account.
        id: AccountId,
        /// The change that `y` makes.
        change: Change,
        /// Why it is asked.
        why: Doubt,
    },
}

/// Why a change is asked about first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Another account has the same name, and the server acts by name (`docs/server-contract.md`, section 2).
    Twin,
    /// It is the last account that can be used.
    LastUsable,
    /// It is what the why pane offers.
    Offered,
}

/// The list as it came last.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Accounts {
    /// The accounts, the first to be used on top; none before the first answer.
    pub list: Option<Vec<Account>>,
    /// When that list came, by our clock.
    pub came: Option<Timestamp>,
    /// Which account is selected.
    pub selected: Option<AccountId>,
    /// How many rows are scrolled off the top.
    pub offset: usize,
    /// Which are shown.
    pub filter: Filter,
}

impl Accounts {
    /// The accounts, none before the first answer.
    pub fn rows(&self) -> &[Account] {
        self.list.as_deref().unwrap_or_default()
    }

    /// The selected row's place.
    pub fn position(&self) -> Option<usize> {
        let id = self.selected.as_ref()?;
        self.rows().iter().position(|a| a.id == *id)
    }

    /// The selected account.
    pub fn selection(&self) -> Option<&Account> {
        self.rows().get(self.position()?)
    }

    /// The account with that id.
    pub fn get(&self, id: &AccountId) -> Option<&Account> {
        self.rows().iter().find(|a| a.id == *id)
    }
}

/// Everything the program knows. Changed by [`super::update`] alone.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Our clock at the last message.
    pub now: Timestamp,
    /// The terminal's size.
    pub size: Size,
    /// What was settled before the screen was taken.
    pub options: Options,
    /// The zone in which times of day are shown.
    pub zone: FixedOffset,
    /// The server's clock.
    pub clock: ServerClock,
    /// How each source is connected.
    pub links: Links,
    /// The list.
    pub accounts: Accounts,
    /// What has been asked of the server and is not settled.
    pub pending: Pending,
    /// The log so far, and what follows from it.
    pub logs: Logs,
    /// How the events pane looks at the log.
    pub events: EventsPane,
    /// Where the keys go.
    pub focus: Pane,
    /// The pane that has the keys fills the screen.
    pub zoomed: bool,
    /// How many lines the why pane is scrolled.
    pub why_scroll: u16,
    /// What the why pane tells of the selected account.
    pub details: Details,
    /// What lies over the panes.
    pub dialog: Option<Dialog>,
    /// What was said last.
    pub notice: Option<Notice>,
    /// The newest request's number.
    pub(crate) last_seq: Seq,
    /// The state of the jitter.
    pub(crate) dice: u64,
    /// The last key, and when: for telling a held key.
    pub(crate) last_key: Option<(crate::keymap::Chord, Timestamp)>,
}

impl State {
    /// Nothing is known yet.
    pub fn new(now: Timestamp, size: Size, options: Options) -> Self {
        Self {
            now,
            size,
            zone: Utc.fix(),
            clock: ServerClock::default(),
            links: Links::new(now),
            accounts: Accounts::default(),
            pending: Pending::default(),
            logs: Logs::default(),
            events: EventsPane::default(),
            focus: Pane::Accounts,
            zoomed: false,
            why_scroll: 0,
            details: Details::default(),
            dialog: None,
            notice: None,
            last_seq: Seq(0),
            dice: options.seed | 1,
            last_key: None,
            options,
        }
    }

    /// The server's time, cut to the whole second: what everything on the screen counts from, so that all of it ticks at once.
    pub fn server_second(&self) -> Timestamp {
        use chrono::SubsecRound as _;
        self.clock.at(self.now).trunc_subsecs(0)
    }

    /// Where each pane is.
    pub fn regions(&self) -> Regions {
        self.regions_on(self.size)
    }

    /// Where each pane is on a screen of `size`.
    pub fn regions_on(&self, size: Size) -> Regions {
        super::panes::arranged(self, Regions::of(size, self.accounts.list.as_ref().map_or(4, Vec::len)))
    }

    /// Where the keys mean something now.
    pub fn scope(&self) -> Scope {
        match (&self.dialog, self.focus) {
            (Some(Dialog::Help(_)), _) => Scope::Help,
            (Some(Dialog::Prompt(_) | Dialog::Palette(_)), _) => Scope::Prompt,
            (Some(Dialog::Copy), _) => Scope::Copy,
            (Some(Dialog::Question { .. }), _) => Scope::Question,
            (None, Pane::Accounts) => Scope::Accounts,
            (None, Pane::Why) => Scope::Why,
            (None, Pane::Events) => Scope::Events,
        }
    }

    /// The next request's number.
    pub(crate) fn next_seq(&mut self) -> Seq {
        self.last_seq.0 += 1;
        self.last_seq
    }

    /// A number in `0.0..1.0`, another one each time (xorshift64).
    pub(crate) fn roll(&mut self) -> f64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        (self.dice >> 11) as f64 / (1u64 << 53) as f64
    }
}
