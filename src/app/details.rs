//! What the why pane tells of the selected account: one of several views of it, and where that stands.
//!
//! The row behind all but the first is read when it is first looked at, and again whenever the list or the selection is another
//! one; nothing of the other rows is ever taken apart.

use super::msg::{Effect, Seq};
use super::state::Pane;
use super::{State, promised_until, schedule};
use crate::layout::Shape;
use crate::model::{AccountId, Detail, Fact, Failure, Health, Rows, Timestamp};

/// From this size on, in bytes, the rows of a list are kept only while they are looked at, and not while the next list comes: there
/// would be two of it.
const LARGE: usize = 4 * 1024 * 1024;

/// A view of the selected account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Tab {
    /// Will it be refreshed, when, and if not, what stands in the way.
    #[default]
    Why,
    /// Everything that the list says of it, in words.
    Facts,
    /// What it has used of each of its limits.
    Usage,
    /// What its session has used.
    Session,
    /// The row as the server sent it.
    Raw,
}

impl Tab {
    /// All of them, in the order of the keys.
    pub const ALL: [Self; 5] = [Self::Why, Self::Facts, Self::Usage, Self::Session, Self::Raw];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Why => "Why",
            Self::Facts => "Facts",
            Self::Usage => "Usage",
            Self::Session => "Session",
            Self::Raw => "Raw",
        }
    }

    fn further(self, steps: usize) -> Self {
        let here = Self::ALL.iter().position(|t| *t == self).unwrap_or(0);
        Self::ALL.get((here + steps) % Self::ALL.len()).copied().unwrap_or_default()
    }
}

/// What the details stand on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Details {
    /// Which view is shown.
    pub tab: Tab,
    /// The rows of the list as they came last.
    pub rows: Rows,
    /// The selected account's row; none where it is not at hand.
    pub row: Option<Box<Detail>>,
    /// The server's own count, as it was told last.
    pub health: Option<Health>,
    /// Whose row was read.
    read: Option<AccountId>,
    /// The question for the server's count that is under way.
    asked: Option<Seq>,
}

impl Details {
    /// True where more than the why is looked at.
    pub fn is_open(&self) -> bool {
        self.tab != Tab::Why
    }

    /// A list came.
    pub(crate) fn came(&mut self, rows: Rows, selected: Option<&AccountId>) {
        self.rows = rows;
        self.read = None;
        if !self.is_open() {
            self.make_room(selected);
        }
    }

    /// Of a large list only the row of the selected account is kept: while nobody looks at it, and while the next one comes.
    pub(crate) fn make_room(&mut self, selected: Option<&AccountId>) {
        if self.rows.size() >= LARGE {
            self.rows.keep_only(selected);
        }
    }
}

/// Shows one view.
pub(crate) fn show(state: &mut State, tab: Tab) -> Vec<Effect> {
    let was_open = state.details.is_open();
    state.details.tab = tab;
    state.why_scroll = 0;
    if was_open || !state.details.is_open() {
        return Vec::new();
    }
    let mut effects = ask_health(state);
    // Of a large list no more than one row was kept.
    let State { details, accounts, links, .. } = state;
    let is_there = accounts.selected.as_ref().is_none_or(|id| details.rows.get(id).is_some());
    if !is_there && links.list.is_live() {
        effects.extend(schedule::poll_now(state));
    }
    effects
}

/// Shows the view that is so many steps further. Where the pane has no room for it, it gets the keys and thereby the screen.
pub(crate) fn step(state: &mut State, steps: usize) -> Vec<Effect> {
    let effects = show(state, state.details.tab.further(steps));
    if state.regions().shape == Shape::Compact || (state.zoomed && state.focus == Pane::Accounts) {
        super::panes::focus(state, Pane::Why);
    }
    effects
}

/// Opens the details of the selected account.
pub(crate) fn open(state: &mut State) -> Vec<Effect> {
    let tab = if state.details.is_open() { state.details.tab } else { Tab::Facts };
    let effects = show(state, tab);
    super::panes::focus(state, Pane::Why);
    effects
}

/// Shows why the account is, or is not, refreshed.
pub(crate) fn why(state: &mut State) -> Vec<Effect> {
    show(state, Tab::Why);
    super::panes::focus(state, Pane::Why)
}

/// Asks for the server's own count, where the details show it.
pub(crate) fn ask_health(state: &mut State) -> Vec<Effect> {
    if !state.details.is_open() || state.details.asked.is_some() || !state.links.list.is_live() {
        return Vec::new();
    }
    let seq = state.next_seq();
    state.details.asked = Some(seq);
    vec![Effect::AskHealth { seq }]
}

/// The server's own count came, or did not.
pub(crate) fn health(state: &mut State, seq: Seq, result: Result<Health, Failure>) -> Vec<Effect> {
    if state.details.asked == Some(seq) {
        state.details.asked = None;
        state.details.health = result.ok(); // without it the details say one thing less
    }
    Vec::new()
}

/// When something that pane 2 tells of the selected account would next be over, by the server's clock.
pub(crate) fn next_moment(state: &State) -> Option<Timestamp> {
    let account = state.accounts.selection().filter(|_| !state.regions().why.is_empty())?;
    let mut times = vec![
        account.reset,
        account.cooldown_until,
        account.throttled_until,
        account.token.and_then(|t| t.expires_at),
        account.five_hour.as_ref().and_then(|w| w.resets_at),
        account.seven_day.as_ref().and_then(|w| w.resets_at),
        promised_until(account),
    ];
    if let Some(row) = &state.details.row {
        times.push(row.usage_held_until);
        let usage = row.usage.as_ref();
        let meters = || usage.iter().flat_map(|u| &u.meters);
        times.extend(meters().map(|m| m.resets_at));
        let named = meters().flat_map(|m| &m.more).chain(usage.iter().flat_map(|u| &u.facts));
        let named = named.chain(&row.others).chain(row.stats.iter().flat_map(|s| &s.more));
        times.extend(named.map(|(_, fact)| if let Fact::Time(t) = fact { Some(*t) } else { None }));
    }
    let now = state.server_second();
    times.into_iter().flatten().filter(|t| *t > now).min()
}

/// Reads the selected account's row where it is looked at and was not read yet.
pub(crate) fn keep_up(state: &mut State) {
    let State { details, accounts, .. } = state;
    if !details.is_open() {
        (details.row, details.read) = (None, None);
        details.make_room(accounts.selected.as_ref());
        return;
    }
    if details.read.is_some() && details.read == accounts.selected {
        return;
    }
    details.row = accounts.selected.as_ref().and_then(|id| details.rows.detail(id)).map(Box::new);
    details.read.clone_from(&accounts.selected);
}
