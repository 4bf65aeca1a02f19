//! How the events pane looks at the log: what it shows, and whether it follows the newest line or is held.
//!
//! ```text
//! logs ──keep_up──▶ List through a Lens ──▶ the newest lines, while it follows
//!   └────hold─────▶ Held: the log as it was, and a List of its own ──▶ the same lines, whatever comes
//! ```

mod act;
mod back;
mod find;
mod held;
mod list;

pub(crate) use act::act;
pub(crate) use back::{Narrowed, back, narrowed};
pub use find::Needle;
pub use held::Held;
pub(crate) use list::Source;
pub use list::{Lens, Show};

use self::list::{Item, List, account_of};
use super::State;
use super::event::Happened;
use super::logs::{Entry, Note, Place, Record};
use super::notice::Notice;
use crate::model::Plain;

/// How many columns a step to the side is.
const STEP: usize = 20;

/// How the events pane looks at the log.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EventsPane {
    /// Through what.
    pub lens: Lens,
    /// The line under the cursor is shown whole.
    pub wrap: bool,
    /// How many columns long lines are scrolled to the left.
    pub left: usize,
    list: List,
    held: Option<Box<Held>>,
}

impl EventsPane {
    /// True while the view is held: it does not follow the newest line.
    pub fn is_held(&self) -> bool {
        self.held.is_some()
    }
}

/// One line of the pane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen<'a> {
    /// What stands there.
    pub entry: &'a Entry,
    /// It has what is searched for.
    pub hit: bool,
}

/// The pane as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Window<'a> {
    /// The lines that are seen, newest first.
    pub lines: Vec<Seen<'a>>,
    /// Which of them the cursor is on: the newest, while the view follows it.
    pub cursor: usize,
    /// How many have come since the view is held; none while it follows.
    pub new: Option<u64>,
    /// How many lines have what is searched for.
    pub hits: usize,
    /// The how manieth of them the cursor is on, from the newest on.
    pub nth: Option<usize>,
}

/// The first `lines` lines of the pane as it stands.
pub fn window(state: &State, lines: usize) -> Window<'_> {
    let pane = &state.events;
    if let Some(held) = &pane.held {
        let top = held.top(lines);
        let items = held.list().newest_first().skip(top).take(lines);
        let seen = items.filter_map(|item| Some(Seen { entry: held.at(item.place)?, hit: item.hit }));
        return Window {
            lines: seen.collect(),
            cursor: held.cursor() - top,
            new: Some(pane.list.come()),
            hits: held.list().hits(),
            nth: held.list().get(held.cursor()).filter(|item| item.hit).map(|_| held.hits_above()),
        };
    }
    // Whoever changes the log keeps the list up with it; a state that was put together otherwise is looked through anew.
    let anew = (!pane.list.is_current(&state.logs, &pane.lens)).then(|| List::of(&state.logs, &pane.lens));
    let list = anew.as_ref().unwrap_or(&pane.list);
    let items = list.newest_first().take(lines);
    let seen = items.filter_map(|item| Some(Seen { entry: state.logs.at(item.place)?, hit: item.hit }));
    Window { lines: seen.collect(), cursor: 0, new: None, hits: list.hits(), nth: None }
}

/// Takes in what has happened to the log.
pub(crate) fn keep_up(state: &mut State) {
    if let Some(needle) = &state.events.lens.needle {
        // What is searched is what is shown, and that is another thing once names are hidden.
        let among = needle.among(state.names.aliases());
        if among != *needle {
            look_through(state, |lens| lens.needle = Some(among));
        }
    }
    let State { logs, events, .. } = state;
    events.list.keep_up(logs, &events.lens);
}

/// How many lines fit.
fn fits(state: &State) -> usize {
    state.regions().event_lines().max(1)
}

/// The line under the cursor.
fn under_cursor(state: &State) -> Option<Item> {
    let pane = &state.events;
    match &pane.held {
        Some(held) => held.list().get(held.cursor()),
        None => pane.list.get(0),
    }
}

/// What stands at a place of the log that is looked at.
fn at(state: &State, place: Place) -> Option<&Entry> {
    match &state.events.held {
        Some(held) => held.at(place),
        None => state.logs.at(place),
    }
}

/// The record under the cursor, and its place.
fn record_under_cursor(state: &State) -> Option<(Place, &Record)> {
    let place = under_cursor(state)?.place;
    match at(state, place)? {
        Entry::Record(record) => Some((place, record)),
        Entry::Gap { .. } | Entry::Note(_) => None,
    }
}

/// The note under the cursor.
fn note_under_cursor(state: &State) -> Option<&Note> {
    match at(state, under_cursor(state)?.place)? {
        Entry::Note(note) => Some(note),
        Entry::Record(_) | Entry::Gap { .. } => None,
    }
}

/// True where the cursor is on something that can be opened and copied: all but the mark of a gap.
pub(crate) fn is_on_event(state: &State) -> bool {
    record_under_cursor(state).is_some() || note_under_cursor(state).is_some()
}

/// The event under the cursor: its note, or its records, oldest first, and which of them tells it (the line under the cursor, where
/// that one was dropped).
pub(crate) fn event_under_cursor(state: &State) -> Option<Happened> {
    fn parts(source: &impl Source, told: Place) -> Vec<Record> {
        let own = source.since(0).filter_map(|(place, entry)| match entry {
            Entry::Record(r) if place == told || r.part_of == Some(told) => Some(r.clone()),
            _ => None,
        });
        own.collect()
    }
    if let Some(note) = note_under_cursor(state) {
        return Some(Happened::Note(note.clone()));
    }
    let (place, record) = record_under_cursor(state)?;
    let told = record.part_of.unwrap_or(place);
    let records = match &state.events.held {
        Some(held) => parts(&**held, told),
        None => parts(&state.logs, told),
    };
    let teller = match at(state, told) {
        Some(Entry::Record(teller)) => teller.id,
        _ => record.id,
    };
    let index = records.iter().position(|r| r.id == teller)?;
    Some(Happened::Records(records, index))
}

/// Follows the newest line.
pub(crate) fn follow(state: &mut State) {
    state.events.held = None;
}

/// True where there is something to hold, or it is held.
pub(crate) fn can_hold(state: &State) -> bool {
    state.events.is_held() || !window(state, 1).lines.is_empty()
}

/// Holds the view as it is.
fn hold(state: &mut State) -> &mut Held {
    keep_up(state);
    let State { logs, events, .. } = state;
    events.held.get_or_insert_with(|| {
        events.list.count_from(logs.newest_id());
        Box::new(Held::of(logs, &events.lens))
    })
}

/// Takes in what has come since the view is held, and goes on holding it.
fn take_in(state: &mut State) {
    let lines = fits(state);
    let State { logs, events, .. } = state;
    if let Some(held) = &mut events.held {
        held.take_in(logs, &events.lens, lines);
        events.list.count_from(logs.newest_id());
    }
}

/// Holds the view, or follows again.
fn toggle_hold(state: &mut State) {
    if state.events.is_held() {
        follow(state);
    } else {
        hold(state);
    }
}

/// Moves the cursor by so many lines, down (older) if positive. On top of everything, the view follows the newest again.
pub(crate) fn go(state: &mut State, by: isize) {
    keep_up(state);
    let lines = fits(state);
    let up = by < 0;
    let on_top = state.events.held.as_ref().is_none_or(|held| held.cursor() == 0);
    if up && on_top {
        if state.events.list.come() == 0 || !state.events.is_held() {
            follow(state);
            return;
        }
        take_in(state);
    } else if !can_hold(state) {
        return;
    }
    let held = hold(state);
    held.go(held.cursor().saturating_add_signed(by), lines);
    let on_top = held.cursor() == 0;
    if up && on_top && state.events.list.come() == 0 {
        follow(state);
    }
}

/// Goes to the next line, away from the newest, that `is` one; to the nearest newer one if `newer`.
fn seek(state: &mut State, way: Way, name: &str, is: impl Fn(&Item, &Held) -> bool) {
    let lines = fits(state);
    let following = !state.events.is_held();
    let held = hold(state);
    let found = match way {
        // The cursor of a view that follows was never put where it is.
        Way::Older => held.older(held.cursor() + usize::from(!following), &is),
        Way::Newer => held.newer(&is).or_else(|| {
            if following || state.events.list.come() == 0 {
                return None;
            }
            take_in(state);
            state.events.held.as_ref().and_then(|held| held.newer(&is))
        }),
    };
    if let Some(found) = found {
        hold(state).go(found, lines);
        return;
    }
    if following {
        follow(state);
    }
    let way = if way == Way::Older { "older" } else { "newer" };
    state.notice = Some(Notice::quiet(state.now, &format!("no {way} {name} among what is shown")));
}

/// In which direction something is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Down.
    Older,
    /// Up.
    Newer,
}

/// Goes to the next event that failed.
fn seek_error(state: &mut State, way: Way) {
    seek(state, way, "error", |item, held| match held.at(item.place) {
        Some(Entry::Record(record)) => record.line.level.severity() >= 3 || record.event.kind.is_failure(),
        _ => false,
    });
}

/// Goes to the next line that has what is searched for.
fn seek_match(state: &mut State, way: Way) {
    let Some(needle) = &state.events.lens.needle else { return };
    if window(state, 0).hits == 0 {
        let text = format!("nothing that is shown matches {}", state.shown_text(needle.text()));
        state.notice = Some(Notice::quiet(state.now, &text));
        return;
    }
    seek(state, way, "match", |item, _| item.hit);
}

/// Looks through another lens.
fn look_through(state: &mut State, change: impl FnOnce(&mut Lens)) {
    let lines = fits(state);
    let State { logs, events, .. } = state;
    change(&mut events.lens);
    events.list.keep_up(logs, &events.lens);
    if let Some(held) = &mut events.held {
        held.look_through(&events.lens, lines);
    }
}

/// Shows the next wider selection, or the narrowest again.
fn next_level(state: &mut State) {
    look_through(state, |lens| lens.show = lens.show.next());
}

/// Searches for `text`; for nothing, where it is empty.
pub(crate) fn search(state: &mut State, text: &str) {
    let needle = Needle::new(text).map(|needle| needle.among(state.names.aliases()));
    look_through(state, |lens| lens.needle = needle);
}

/// Ends the search.
pub(crate) fn end_search(state: &mut State) {
    look_through(state, |lens| (lens.needle, lens.matching) = (None, false));
}

/// Shows only the lines that match, or all again.
pub(crate) fn toggle_matching(state: &mut State) {
    look_through(state, |lens| lens.matching = !lens.matching);
}

/// Whom `only this account` means now: that of the event under the cursor, or the selected one.
pub(crate) fn account_meant(state: &State) -> Option<Plain> {
    let own = record_under_cursor(state).and_then(|(_, record)| match &state.events.held {
        Some(held) => account_of(record, &**held).cloned(),
        None => account_of(record, &state.logs).cloned(),
    });
    let noted = || note_under_cursor(state).map(|note| &note.account).filter(|name| !name.is_blank());
    let own = own.or_else(|| noted().cloned());
    own.or_else(|| state.accounts.selection().map(|account| account.name.clone()))
}

/// Shows only what is about one account, or everything again.
fn toggle_account(state: &mut State) {
    let only = if state.events.lens.only.is_some() { None } else { account_meant(state) };
    look_through(state, |lens| lens.only = only);
}

/// Shows only what comes from now on, or everything again. Nothing is forgotten.
fn toggle_clear(state: &mut State) {
    let newest = state.logs.newest_id();
    if state.events.lens.cleared.is_none() {
        follow(state);
    }
    look_through(state, |lens| lens.cleared = if lens.cleared.is_some() { None } else { Some(newest) });
}

/// Shows the line under the cursor whole, or cut again.
fn toggle_wrap(state: &mut State) {
    state.events.wrap = !state.events.wrap;
    state.events.left = 0;
}

/// Scrolls long lines to the side, as far as the longest that is seen can be.
fn sideways(state: &mut State, steps: isize) {
    let seen = window(state, fits(state)).lines;
    let longest = seen.iter().map(|seen| match seen.entry {
        Entry::Record(record) => record.line.message.len(),
        Entry::Note(note) => {
            crate::view::note_lines(note, state.showing()).iter().map(|line| line.len() + 2).sum()
        }
        Entry::Gap { .. } => 0,
    });
    let most = longest.max().unwrap_or(0).saturating_sub(STEP);
    let to = state.events.left.saturating_add_signed(steps.saturating_mul(STEP.cast_signed()));
    state.events.left = to.min(most);
    if steps > 0 {
        state.events.wrap = false;
    }
}

/// The screen has another size.
pub(crate) fn resized(state: &mut State) {
    let lines = fits(state);
    if let Some(held) = &mut state.events.held {
        held.go(held.cursor(), lines);
    }
}
