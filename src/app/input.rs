//! Keys, pastes and sizes.

use ratatui::layout::Size;

use super::availability::{Availability, availability, matter_of};
use super::details::Tab;
use super::filter::Filter;
use super::help::Help;
use super::msg::Effect;
use super::notice::{Notice, Tone};
use super::prompt::{self, Ask};
use super::state::{Dialog, Pane};
use super::switch::{Press, REPEAT, SUSPECT, toggle};
use super::{
    State, accounts, amend, change, choose, copy, details, display, doubt, event, events, failed, fix, help,
    names, palette, panes, schedule, server, table, undo,
};
use crate::keymap::{Action, Chord, Scope};
use crate::layout::{Shape, event_room};
use crate::model::{Change, Deed, Matter, Setting};

/// A key was pressed.
pub(crate) fn key(state: &mut State, chord: Chord) -> Vec<Effect> {
    if display::thaw(state) {
        return Vec::new(); // whoever has selected text means nothing else by the key
    }
    let tight = state.regions().shape == Shape::Tight;
    let scope = if tight { Scope::Anywhere } else { state.scope() };
    if !tight {
        match state.dialog.take() {
            Some(Dialog::Help(help)) => return help::key(state, help, chord),
            Some(Dialog::Palette(palette)) => {
                if opened_by_held(state, chord) {
                    state.dialog = Some(Dialog::Palette(palette));
                    return Vec::new();
                }
                return palette::key(state, palette, chord);
            }
            other => state.dialog = other,
        }
    }
    if scope == Scope::Prompt {
        return if opened_by_held(state, chord) { Vec::new() } else { prompt::key(state, chord) };
    }
    // What is said of a failed change has keys of its own, where keys change the server at all.
    let failed = state.failed.is_some() && scope == Scope::Accounts;
    let action = Some(Scope::Failed).filter(|_| failed).and_then(|s| state.keymap().own(s, chord));
    let action = action.or_else(|| state.keymap().resolve(scope, chord));
    let action = action.filter(|a| availability(*a, state) != Availability::Absent);
    if tight && !matches!(action, Some(Action::Quit | Action::Suspend | Action::Redraw)) {
        return Vec::new(); // nothing could be seen of it
    }
    // What was said of the key before is not to be read as said of this one; a step back puts away nothing else.
    if action != Some(Action::Back) {
        state.notice.take_if(|notice| notice.tone == Tone::Quiet);
    }
    let press = press(state, chord);
    let Some(action) = action else {
        if scope == Scope::Copy {
            state.dialog = None;
        }
        if scope != Scope::Question {
            // What lies over the panes has few keys, all of them named; the one for the help is not among them.
            let help = state.hint(Action::Help, "shows every key").filter(|_| !scope.is_over_panes());
            let help = help.map(|h| format!("; {h}"));
            let text = format!("{chord} means nothing here{}", help.unwrap_or_default());
            state.notice = Some(Notice::quiet(state.now, &text));
        }
        return Vec::new();
    };
    let effects = perform(state, action, press);
    state.opener = Some(chord);
    effects
}

/// Does what is meant if it can be done now, and says why where it cannot.
pub(crate) fn perform(state: &mut State, action: Action, press: Press) -> Vec<Effect> {
    match availability(action, state) {
        Availability::Ready => act(state, action, press),
        Availability::Blocked(why) => {
            state.notice = Some(Notice::quiet(state.now, &why));
            Vec::new()
        }
        Availability::Absent => Vec::new(),
    }
}

/// Whether this press is one, or a held key's repeat. Terminals send both alike, so only the time between tells.
fn press(state: &mut State, chord: Chord) -> Press {
    let now = state.now;
    let before = state.last_key.replace((chord, now));
    match before.filter(|(same, at)| *same == chord && *at <= now).map(|(_, at)| now - at) {
        Some(apart) if apart < REPEAT => Press::Repeat,
        Some(apart) if apart < SUSPECT => Press::Suspect,
        _ => Press::Clear,
    }
}

/// True for the key that opened the prompt, while it is still held down: it is no text.
fn opened_by_held(state: &mut State, chord: Chord) -> bool {
    let press = press(state, chord);
    let held = press != Press::Clear && state.opener == Some(chord);
    if !held {
        state.opener = None;
    }
    held
}

/// Does what a key asked for that might have been held down, and was not.
pub(crate) fn suspected(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    let Some((action, _)) = state.suspected.take_if(|(_, until)| *until <= now) else { return Vec::new() };
    act(state, action, Press::Clear)
}

fn act(state: &mut State, action: Action, press: Press) -> Vec<Effect> {
    match action {
        // Held down, the keys would ask for the same again and again, and tear down each connection before it could be used.
        Action::ReadUsage | Action::Retry | Action::Reconnect if press != Press::Clear => Vec::new(),
        Action::ToggleAutoRefresh | Action::ToggleAutoFallback | Action::TogglePause => {
            let Some(Matter::Switch(setting)) = matter_of(action) else { return Vec::new() };
            toggle_selected(state, setting, press)
        }
        Action::Priority => amend::priority(state),
        Action::Endpoint => amend::endpoint(state),
        Action::ClearLimit => amend::command(state, Deed::ClearLimit),
        Action::ReadUsage => amend::command(state, Deed::ReadUsage),
        Action::Retry => failed::retry(state),
        Action::WhatWasSent => failed::show_sent(state),
        Action::Undo => match press {
            Press::Clear => undo::undo(state),
            Press::Suspect => {
                state.suspected = Some((action, state.now + REPEAT));
                Vec::new()
            }
            Press::Repeat => {
                state.suspected = None;
                Vec::new()
            }
        },
        Action::Up
        | Action::Down
        | Action::First
        | Action::Last
        | Action::HalfPageUp
        | Action::HalfPageDown
        | Action::PageUp
        | Action::PageDown => step_of(action).map_or_else(Vec::new, |step| go(state, step)),
        Action::Filter => {
            table::mark_home(state);
            let text = state.accounts.filter.to_string();
            prompt::open(state, Ask::Filter, &text)
        }
        Action::NextSort | Action::FlipSort | Action::SortLeft | Action::SortRight => sort(state, action),
        Action::ColumnsLeft => turn(state, -1),
        Action::ColumnsRight => turn(state, 1),
        Action::ChooseColumns
        | Action::ToggleColumn
        | Action::KeepColumn
        | Action::AllColumns
        | Action::CopyColumns => choose::act(state, action),
        Action::Times => done(state, display::toggle_times),
        Action::Zone => done(state, display::toggle_zone),
        Action::HideNames => done(state, names::toggle),
        Action::Freeze => done(state, display::freeze),
        Action::Search
        | Action::OnlyMatches
        | Action::Level
        | Action::HoldEvents
        | Action::WholeEvent
        | Action::NextMatch
        | Action::PreviousMatch
        | Action::NextError
        | Action::PreviousError
        | Action::OnlyAccount
        | Action::ClearEvents
        | Action::Wrap
        | Action::Left
        | Action::Right => events::act(state, action),
        Action::NextPane => panes::step(state, 1),
        Action::PreviousPane => panes::step(state, 2),
        Action::PaneAccounts => panes::focus(state, Pane::Accounts),
        Action::PaneWhy => panes::focus(state, Pane::Why),
        Action::PaneEvents => panes::focus(state, Pane::Events),
        Action::Zoom => panes::zoom(state),
        Action::Details => details::open(state),
        Action::Why => details::why(state),
        Action::NextTab => details::step(state, 1),
        Action::PreviousTab => details::step(state, Tab::ALL.len() - 1),
        Action::Fix => fix::apply(state),
        Action::Copy => copy::ask(state),
        Action::CopyPane => copy::of_pane(state),
        Action::CopyEvent => copy::of_events(state),
        Action::CopyName | Action::CopyId | Action::CopyReset | Action::CopyWhy | Action::CopyCurl => {
            copy::of_account(state, action)
        }
        Action::Palette => palette::open(state),
        Action::PollNow => schedule::poll_now(state),
        Action::Reconnect => schedule::reconnect(state),
        Action::NextServer => server::go(state, 1),
        Action::PreviousServer => server::go(state, state.options.servers.len().saturating_sub(1)),
        Action::Help => {
            state.dialog = Some(Dialog::Help(Help::default()));
            Vec::new()
        }
        Action::Back | Action::CloseHelp | Action::Cancel => back(state),
        Action::Confirm => doubt::confirm(state),
        Action::Redraw => vec![Effect::Redraw],
        Action::Suspend => vec![Effect::Suspend],
        Action::Quit => {
            let mut effects = change::flush(state);
            effects.push(Effect::Quit);
            effects
        }
    }
}

fn toggle_selected(state: &mut State, setting: Setting, press: Press) -> Vec<Effect> {
    let Some(account) = state.accounts.selection() else { return Vec::new() };
    let id = account.id.clone();
    if setting == Setting::Paused && press != Press::Repeat {
        let to = !state.pending.position(&id, setting).unwrap_or(account.paused);
        let deed = Deed::Switch(Change { setting, to });
        if let Some(why) = doubt::doubt(state, account, &deed) {
            return doubt::question(state, id, deed, why, None);
        }
    }
    toggle(state, &id, setting, press)
}

/// One step back: the topmost thing is closed.
fn back(state: &mut State) -> Vec<Effect> {
    if state.dialog.take().is_some() || state.failed.take().is_some() || state.notice.take().is_some() {
        return Vec::new();
    }
    if state.is_zoomed() {
        return panes::zoom(state);
    }
    if state.focus == Pane::Events && events::back(state) {
        return Vec::new();
    }
    if state.focus == Pane::Accounts && !state.accounts.filter.is_empty() {
        table::filter(state, Filter::default());
        return Vec::new();
    }
    panes::back(state)
}

fn sort(state: &mut State, action: Action) -> Vec<Effect> {
    let sort = state.accounts.table.sort;
    let by = match action {
        Action::NextSort => Some(sort.next()),
        Action::FlipSort => Some(sort.flipped()),
        Action::SortLeft => sort.left(state.choice()),
        _ => sort.right(state.choice()),
    };
    if let Some(by) = by {
        table::sort(state, by);
    }
    Vec::new()
}

/// Turns the table's columns by so many pages.
fn turn(state: &mut State, by: isize) -> Vec<Effect> {
    let last = state.pages().saturating_sub(1);
    state.accounts.table.page = state.page().saturating_add_signed(by).min(last);
    accounts::scroll_to_selection(state);
    Vec::new()
}

fn done(state: &mut State, change: impl FnOnce(&mut State)) -> Vec<Effect> {
    change(state);
    Vec::new()
}

/// Does what was asked for by name, which no held key does.
pub(crate) fn act_by_name(state: &mut State, action: Action) -> Vec<Effect> {
    act(state, action, Press::Clear)
}

/// How far an action goes, where it is a movement.
pub(crate) fn step_of(action: Action) -> Option<Step> {
    Some(match action {
        Action::Up => Step::Lines(-1),
        Action::Down => Step::Lines(1),
        Action::First => Step::First,
        Action::Last => Step::Last,
        Action::HalfPageUp => Step::Pages(-0.5),
        Action::HalfPageDown => Step::Pages(0.5),
        Action::PageUp => Step::Pages(-1.0),
        Action::PageDown => Step::Pages(1.0),
        _ => return None,
    })
}

/// Where a text stands after a movement of which no more than `most` lines can be scrolled off the top.
pub(crate) fn scrolled(scroll: u16, most: usize, step: Step, page: usize) -> u16 {
    let place = usize::from(scroll).min(most).saturating_add_signed(step.lines(page)).min(most);
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// How far a movement goes.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    Lines(isize),
    Pages(f32),
    First,
    Last,
}

impl Step {
    /// In lines, where a page has `page` of them.
    pub(crate) fn lines(self, page: usize) -> isize {
        match self {
            Self::Lines(n) => n,
            Self::Pages(p) => {
                let lines = (page as f32 * p) as isize;
                if lines == 0 { p.signum() as isize } else { lines }
            }
            Self::First => isize::MIN / 2,
            Self::Last => isize::MAX / 2,
        }
    }
}

pub(crate) fn go(state: &mut State, step: Step) -> Vec<Effect> {
    if let Some(Dialog::Help(help)) = &state.dialog {
        let scroll = help::scrolled(state, help, step);
        if let Some(Dialog::Help(help)) = &mut state.dialog {
            help.scroll = scroll;
        }
        return Vec::new();
    }
    let lines = usize::from(state.regions().column_list().height);
    if let Some(Dialog::Columns(choosing)) = &mut state.dialog {
        choose::go(choosing, step, lines);
        return Vec::new();
    }
    if let Some(Dialog::Event(opened)) = &mut state.dialog {
        let fits = usize::from(event_room(state.size).height);
        event::scroll(opened, step.lines(fits), fits);
        return Vec::new();
    }
    go_in(state, state.focus, step)
}

/// Moves in a pane, whichever has the keys.
pub(crate) fn go_in(state: &mut State, pane: Pane, step: Step) -> Vec<Effect> {
    let regions = state.regions();
    match pane {
        Pane::Accounts => {
            let by = step.lines(state.account_rows());
            let place = state.accounts.position().unwrap_or(0).saturating_add_signed(by);
            accounts::select(state, place);
        }
        Pane::Why => {
            let fits = usize::from(regions.why_lines().height);
            let most = crate::view::details_overflow(state);
            state.why_scroll = scrolled(state.why_scroll, most, step, fits);
        }
        Pane::Events if matches!(step, Step::First) => events::follow(state),
        Pane::Events => events::go(state, step.lines(regions.event_lines())),
    }
    Vec::new()
}

/// Text was pasted. It is not taken as keys: a password in the wrong window must not switch anything.
pub(crate) fn pasted(state: &mut State, text: &str) -> Vec<Effect> {
    match state.dialog.take() {
        Some(Dialog::Help(help)) => return help::pasted(state, help, text),
        Some(Dialog::Palette(palette)) => return palette::pasted(state, palette, text),
        other => state.dialog = other,
    }
    if let Some(Dialog::Prompt(_)) = &state.dialog {
        return prompt::pasted(state, text);
    }
    state.notice = Some(Notice::quiet(state.now, "pasted text is not taken as keys"));
    Vec::new()
}

/// The terminal has a new size.
pub(crate) fn resized(state: &mut State, size: Size) -> Vec<Effect> {
    state.size = size;
    display::thaw(state); // what stood there was for another size
    accounts::scroll_to_selection(state);
    events::resized(state);
    event::resized(state);
    Vec::new()
}

/// The program goes on after it was stopped: everything on the screen may be old.
pub(crate) fn resumed(state: &mut State) -> Vec<Effect> {
    display::thaw(state);
    let mut effects = vec![Effect::Redraw];
    effects.extend(schedule::poll_now(state));
    effects
}
