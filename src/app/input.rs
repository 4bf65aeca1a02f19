//! Keys, pastes and sizes.

use ratatui::layout::Size;

use super::availability::{Availability, availability, obstacle, setting_of};
use super::change::{Press, REPEAT, SUSPECT};
use super::details::Tab;
use super::help::Help;
use super::msg::Effect;
use super::notice::Notice;
use super::prompt::Ask;
use super::standing::standing;
use super::state::{Dialog, Doubt, Pane};
use super::{State, accounts, change, copy, details, events, fix, help, palette, panes, prompt, schedule};
use crate::keymap::{Action, Chord, Scope, resolve};
use crate::layout::Shape;
use crate::model::{Account, Change, Setting};

/// A key was pressed.
pub(crate) fn key(state: &mut State, chord: Chord) -> Vec<Effect> {
    let tight = state.regions().shape == Shape::Tight;
    let scope = if tight { Scope::Anywhere } else { state.scope() };
    if !tight {
        match state.dialog.take() {
            Some(Dialog::Help(help)) => return help::key(state, help, chord),
            Some(Dialog::Palette(palette)) => return palette::key(state, palette, chord),
            other => state.dialog = other,
        }
    }
    if scope == Scope::Prompt {
        return prompt::key(state, chord);
    }
    let action = resolve(scope, chord);
    if tight && !matches!(action, Some(Action::Quit | Action::Suspend | Action::Redraw)) {
        return Vec::new(); // nothing could be seen of it
    }
    let press = press(state, chord);
    let Some(action) = action else {
        if scope == Scope::Copy {
            state.dialog = None;
        }
        if scope != Scope::Question {
            let text = format!("{chord} means nothing here; ? shows every key");
            state.notice = Some(Notice::quiet(state.now, &text));
        }
        return Vec::new();
    };
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

fn act(state: &mut State, action: Action, press: Press) -> Vec<Effect> {
    match action {
        Action::ToggleAutoRefresh | Action::ToggleAutoFallback | Action::TogglePause => {
            let Some(setting) = setting_of(action) else { return Vec::new() };
            toggle(state, setting, press)
        }
        Action::Up
        | Action::Down
        | Action::First
        | Action::Last
        | Action::HalfPageUp
        | Action::HalfPageDown
        | Action::PageUp
        | Action::PageDown => go(state, action),
        Action::Filter => {
            let text = state.accounts.filter.text().to_owned();
            prompt::open(state, Ask::Filter, &text)
        }
        Action::Level => {
            state.events.show = state.events.show.next();
            state.events.held = None;
            Vec::new()
        }
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
        // Held down, the key would tear down each connection before it could be used.
        Action::Reconnect if press != Press::Clear => Vec::new(),
        Action::Reconnect => schedule::reconnect(state),
        Action::Help => {
            state.dialog = Some(Dialog::Help(Help::default()));
            Vec::new()
        }
        Action::Back | Action::Cancel => back(state),
        Action::Confirm => confirm(state),
        Action::Redraw => vec![Effect::Redraw],
        Action::Suspend => vec![Effect::Suspend],
        Action::Quit => {
            let mut effects = change::flush(state);
            effects.push(Effect::Quit);
            effects
        }
    }
}

fn toggle(state: &mut State, setting: Setting, press: Press) -> Vec<Effect> {
    let Some(account) = state.accounts.selection() else { return Vec::new() };
    let id = account.id.clone();
    if setting == Setting::Paused && press != Press::Repeat {
        let to = !state.pending.get(&id, setting).map_or(account.paused, |wish| wish.to);
        let change = Change { setting, to };
        if let Some(why) = doubt(state, account, to) {
            state.dialog = Some(Dialog::Question { id, change, why });
            return Vec::new();
        }
    }
    change::toggle(state, &id, setting, press)
}

/// Why a pause or resume is asked about first, if it is.
fn doubt(state: &State, account: &Account, pause: bool) -> Option<Doubt> {
    if state.accounts.rows().iter().any(|a| a.id != account.id && a.name == account.name) {
        return Some(Doubt::Twin);
    }
    let leaves = |a: &Account| state.pending.get(&a.id, Setting::Paused).is_some_and(|wish| wish.to);
    let usable = |a: &Account| standing(state, a).is_usable() && !leaves(a);
    let others = state.accounts.rows().iter().any(|a| a.id != account.id && usable(a));
    (pause && !others && usable(account)).then_some(Doubt::LastUsable)
}

fn confirm(state: &mut State) -> Vec<Effect> {
    let Some(Dialog::Question { id, change, .. }) = state.dialog.take() else { return Vec::new() };
    let Some(account) = state.accounts.get(&id) else { return Vec::new() };
    if let Some(why) = obstacle(state, account, change.setting) {
        let text = format!("nothing was changed: {why}");
        state.notice = Some(Notice::alarm(state.now, &text));
        return Vec::new();
    }
    change::ask(state, &id, change)
}

/// One step back: the topmost thing is closed.
fn back(state: &mut State) -> Vec<Effect> {
    if state.dialog.take().is_some() || state.notice.take().is_some() {
        return Vec::new();
    }
    if state.focus == Pane::Events && state.events.held.take().is_some() {
        return Vec::new();
    }
    panes::back(state)
}

/// Does what was asked for by name, which no held key does.
pub(crate) fn act_by_name(state: &mut State, action: Action) -> Vec<Effect> {
    act(state, action, Press::Clear)
}

/// True where the action is a movement.
pub(crate) fn is_step(action: Action) -> bool {
    step_of(action).is_some()
}

fn step_of(action: Action) -> Option<Step> {
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
pub(crate) fn scrolled(scroll: u16, most: usize, action: Action, page: usize) -> u16 {
    let by = step_of(action).map_or(0, |step| step.lines(page));
    let place = usize::from(scroll).min(most).saturating_add_signed(by).min(most);
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// How far a movement goes.
#[derive(Clone, Copy)]
enum Step {
    Lines(isize),
    Pages(f32),
    First,
    Last,
}

impl Step {
    /// In lines, where a page has `page` of them.
    fn lines(self, page: usize) -> isize {
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

fn go(state: &mut State, action: Action) -> Vec<Effect> {
    let regions = state.regions();
    let Some(step) = step_of(action) else { return Vec::new() };
    match state.focus {
        Pane::Accounts => {
            let by = step.lines(regions.account_rows());
            let place = state.accounts.position().unwrap_or(0).saturating_add_signed(by);
            accounts::select(state, place);
        }
        Pane::Why => {
            let page = usize::from(regions.why_lines().height);
            let most = crate::view::details_overflow(state);
            state.why_scroll = scrolled(state.why_scroll, most, action, page);
        }
        Pane::Events => events::scroll(state, step.lines(regions.event_lines())),
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
    accounts::scroll_to_selection(state);
    Vec::new()
}

/// The program goes on after it was stopped: everything on the screen may be old.
pub(crate) fn resumed(state: &mut State) -> Vec<Effect> {
    let mut effects = vec![Effect::Redraw];
    effects.extend(schedule::poll_now(state));
    effects
}
