//! Everything the program knows.

use chrono::{FixedOffset, Offset as _, TimeDelta, Utc};
use ratatui::layout::Size;

use super::choose::Choosing;
use super::details::Details;
use super::display::Display;
use super::elsewhere::Open;
use super::event::Opened;
use super::events::EventsPane;
use super::failed::Failed;
use super::filter::Filter;
use super::help::Help;
use super::link::Links;
use super::logs::Logs;
use super::look::Look;
use super::msg::Seq;
use super::names::Names;
use super::notice::Notice;
use super::palette::Palette;
use super::pending::Pending;
use super::prompt::Prompt;
use super::table::Table;
use super::undo::{Done, Undo};
use crate::keymap::{Action, Keymap, Scope};
use crate::layout::columns::Columns;
use crate::layout::{ColumnChoice, Regions};
use crate::model::{Account, AccountId, Deed, Plain, ServerClock, Timestamp};

/// A server that can be watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// What the configuration calls it; none where only its address was given.
    pub name: Option<Plain>,
    /// Its address as it is shown: host and port.
    pub server: Plain,
    /// Its address as it is typed.
    pub url: Plain,
    /// An API key is sent with each request.
    pub key_set: bool,
}

/// What was settled before the screen was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// What the configuration calls the server; none where only its address was given.
    pub name: Option<Plain>,
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
    /// The keys.
    pub keymap: Keymap,
    /// The columns that are wanted.
    pub columns: ColumnChoice,
    /// The servers that can be gone to, this one among them.
    pub servers: Vec<Served>,
    /// The place of this one among them.
    pub place: usize,
}

impl Options {
    /// Which server it is, in a sentence: `prod (localhost:8080)`, or its address alone where it has no name.
    pub fn which(&self) -> String {
        match &self.name {
            Some(name) => format!("{name} ({})", self.server),
            None => self.server.to_string(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: None,
            server: Plain::new("localhost:8080"),
            url: Plain::new("http://localhost:8080"),
            interval: TimeDelta::seconds(5),
            read_only: false,
            key_set: false,
            seed: 1,
            keymap: Keymap::default(),
            columns: ColumnChoice::default(),
            servers: Vec::new(),
            place: 0,
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
    /// Which columns the table has.
    Columns(Choosing),
    /// One event whole.
    Event(Box<Opened>),
    /// A line that is being typed.
    Prompt(Prompt),
    /// A question before a change.
    Question {
        /// The account.
        id: AccountId,
        /// The change that `y` makes.
        change: Deed,
        /// Why it is asked.
        why: Doubt,
        /// What the change takes back, if it does.
        undoes: Option<Box<Done>>,
    },
    /// What was sent for a change that failed.
    Sent(Box<Failed>),
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
    /// It cannot be undone.
    ForGood,
    /// What it replaces is no address, and cannot be put back from here.
    NotPutBack,
}

/// The list as it came last.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Accounts {
    /// The accounts, the first to be used on top; none before the first answer.
    pub list: Option<Vec<Account>>,
    /// How many columns the longest of their names takes.
    pub longest_name: u16,
    /// How many columns the longest provider has.
    pub longest_provider: u16,
    /// When that list came, by our clock.
    pub came: Option<Timestamp>,
    /// When one of any account's times is over next, by the server's clock.
    pub(crate) next_turn: Option<Timestamp>,
    /// Which account is selected.
    pub selected: Option<AccountId>,
    /// How many rows are scrolled off the top.
    pub offset: usize,
    /// Which are shown.
    pub filter: Filter,
    /// Those that are shown, in their order.
    pub table: Table,
}

impl Accounts {
    /// The accounts, none before the first answer.
    pub fn rows(&self) -> &[Account] {
        self.list.as_deref().unwrap_or_default()
    }

    /// The selected account's row in the table.
    pub fn position(&self) -> Option<usize> {
        let id = self.selected.as_ref()?;
        self.shown(0..self.shown_len()).position(|a| a.id == *id)
    }

    /// The selected account. It is always one that is shown.
    pub fn selection(&self) -> Option<&Account> {
        self.shown_at(self.position()?)
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
    /// What was changed here and can be taken back.
    pub undo: Undo,
    /// The change that failed last, while that is shown.
    pub failed: Option<Failed>,
    /// Changes elsewhere of which the log may still tell whose they are.
    pub(crate) open: Vec<Open>,
    /// The log so far, and what follows from it.
    pub logs: Logs,
    /// How the events pane looks at the log.
    pub events: EventsPane,
    /// Where the keys go.
    pub focus: Pane,
    /// The pane that has the keys fills the screen, if it does not do so anyway (see [`State::is_zoomed`]).
    pub zoomed: bool,
    /// How many lines the why pane is scrolled.
    pub why_scroll: u16,
    /// What the why pane tells of the selected account.
    pub details: Details,
    /// What lies over the panes.
    pub dialog: Option<Dialog>,
    /// What was said last.
    pub notice: Option<Notice>,
    /// How times are shown, and whether the screen stands still.
    pub display: Display,
    /// What stands in the place of names while they are hidden.
    pub names: Names,
    /// How much of what is shown the last message may have changed.
    pub look: Look,
    /// The newest request's number.
    pub(crate) last_seq: Seq,
    /// The state of the jitter.
    pub(crate) dice: u64,
    /// The last key, and when: for telling a held key.
    pub(crate) last_key: Option<(crate::keymap::Chord, Timestamp)>,
    /// The key that did something last: while it is held down, it is no text for the prompt that it may have opened.
    pub(crate) opener: Option<crate::keymap::Chord>,
    /// What a key asked for that may be held down: it is done then, if it turns out not to be.
    pub(crate) suspected: Option<(Action, Timestamp)>,
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
            undo: Undo::default(),
            failed: None,
            open: Vec::new(),
            logs: Logs::default(),
            events: EventsPane::default(),
            focus: Pane::Accounts,
            zoomed: false,
            why_scroll: 0,
            details: Details::default(),
            dialog: None,
            notice: None,
            display: Display::of(options.columns),
            names: Names::default(),
            look: Look::New,
            last_seq: Seq(0),
            dice: options.seed | 1,
            last_key: None,
            opener: None,
            suspected: None,
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

    /// True where the pane that has the keys fills the screen because that was asked for, and not for want of room.
    pub fn is_zoomed(&self) -> bool {
        super::panes::is_zoomed(self)
    }

    /// How many accounts fit at once.
    pub fn account_rows(&self) -> usize {
        let regions = self.regions();
        let heads = regions.has_heads_only_on_later_pages() && self.page() > 0;
        regions.account_rows() - usize::from(heads)
    }

    /// How many pages the table's columns have.
    pub fn pages(&self) -> usize {
        self.columns_of(self.regions().columns()).pages()
    }

    /// Which page of them is shown.
    pub fn page(&self) -> usize {
        self.accounts.table.page.min(self.pages().saturating_sub(1))
    }

    /// How old the list is, where it should have come anew by now.
    pub fn late(&self) -> Option<TimeDelta> {
        let age = self.now - self.accounts.came?;
        (age > self.options.interval * 2).then_some(age)
    }

    /// The same columns, planned for what stands in them.
    pub(crate) fn columns_of(&self, columns: Columns) -> Columns {
        let names = if self.names.are_hidden() { 0 } else { self.accounts.longest_name };
        columns.for_names(names).for_providers(self.accounts.longest_provider).choosing(self.choice())
    }

    /// Where the keys mean something now.
    pub fn scope(&self) -> Scope {
        match (&self.dialog, self.focus) {
            (Some(Dialog::Help(_) | Dialog::Sent(_)), _) => Scope::Help,
            (Some(Dialog::Event(_)), _) => Scope::Event,
            (Some(Dialog::Prompt(_) | Dialog::Palette(_)), _) => Scope::Prompt,
            (Some(Dialog::Copy), _) => Scope::Copy,
            (Some(Dialog::Columns(_)), _) => Scope::Columns,
            (Some(Dialog::Question { .. }), _) => Scope::Question,
            (None, Pane::Accounts) => Scope::Accounts,
            (None, Pane::Why) => Scope::Why,
            (None, Pane::Events) => Scope::Events,
        }
    }

    /// The keys of this run.
    pub fn keymap(&self) -> &Keymap {
        &self.options.keymap
    }

    /// `KEY words`, as a part of a sentence that names a key; none where the action has no key.
    pub fn hint(&self, action: Action, words: &str) -> Option<String> {
        self.keymap().key_of(action).map(|key| format!("{key} {words}"))
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
