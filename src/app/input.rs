//! Keys, pastes and sizes.

use ratatui::layout::Size;

use super::availability::{Availability, availability, obstacle, setting_of};
use super::change::{Press, REPEAT, SUSPECT};
use super::msg::Effect;
use super::notice::Notice;
use super::prompt::{self, Ask};
use super::standing::standing;
use super::state::{Dialog, Doubt, Pane};
use super::{State, accounts, change, event, events, schedule};
use crate::keymap::{Action, Chord, Scope, resolve};
use crate::layout::{Shape, event_room};
use crate::model::{Account, Change, Setting};

/// More lines than the why pane ever has.
const MOST_WHY_LINES: usize = 30;

/// A key was pressed.
pub(crate) fn key(state: &mut State, chord: Chord) -> Vec<Effect> {
    let tight = state.regions().shape == Shape::Tight;
    let scope = if tight { Scope::Anywhere } else { state.scope() };
    if scope == Scope::Prompt {
        return prompt::key(state, chord);
    }
    let action = resolve(scope, chord);
    if tight && !matches!(action, Some(Action::Quit | Action::Suspend | Action::Redraw)) {
        return Vec::new(); // nothing could be seen of it
    }
    let press = press(state, chord);
    let Some(action) = action else {
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
        Action::Up => go(state, Step::Lines(-1)),
        Action::Down => go(state, Step::Lines(1)),
        Action::First => go(state, Step::First),
        Action::Last => go(state, Step::Last),
        Action::HalfPageUp => go(state, Step::Pages(-0.5)),
        Action::HalfPageDown => go(state, Step::Pages(0.5)),
        Action::PageUp => go(state, Step::Pages(-1.0)),
        Action::PageDown => go(state, Step::Pages(1.0)),
        Action::Filter => {
            let text = state.accounts.filter.text().to_owned();
            prompt::open(state, Ask::Filter, &text)
        }
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
        Action::NextPane => focus(state, next_pane(state, 1)),
        Action::PreviousPane => focus(state, next_pane(state, 2)),
        Action::PaneAccounts => focus(state, Pane::Accounts),
        Action::PaneWhy => focus(state, Pane::Why),
        Action::PaneEvents => focus(state, Pane::Events),
        Action::PollNow => schedule::poll_now(state),
        // Held down, the key would tear down each connection before it could be used.
        Action::Reconnect if press != Press::Clear => Vec::new(),
        Action::Reconnect => schedule::reconnect(state),
        Action::Help => {
            state.dialog = Some(Dialog::Help { scroll: 0 });
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
    if state.focus == Pane::Events && events::back(state) {
        return Vec::new();
    }
    state.focus = Pane::Accounts;
    Vec::new()
}

fn next_pane(state: &State, steps: usize) -> Pane {
    const ORDER: [Pane; 3] = [Pane::Accounts, Pane::Why, Pane::Events];
    let here = ORDER.iter().position(|p| *p == state.focus).unwrap_or(0);
    ORDER.get((here + steps) % ORDER.len()).copied().unwrap_or(Pane::Accounts)
}

fn focus(state: &mut State, pane: Pane) -> Vec<Effect> {
    state.focus = pane;
    Vec::new()
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

fn go(state: &mut State, step: Step) -> Vec<Effect> {
    let regions = state.regions();
    if let Some(Dialog::Help { scroll }) = &mut state.dialog {
        let by = step.lines(usize::from(state.size.height / 2));
        let most = crate::keymap::BINDINGS.len().saturating_sub(usize::from(state.size.height / 2));
        *scroll = u16::try_from(usize::from(*scroll).saturating_add_signed(by).min(most)).unwrap_or(0);
        return Vec::new();
    }
    if let Some(Dialog::Event(opened)) = &mut state.dialog {
        let fits = usize::from(event_room(state.size).height);
        event::scroll(opened, step.lines(fits), fits);
        return Vec::new();
    }
    match state.focus {
        Pane::Accounts => {
            let by = step.lines(regions.account_rows());
            let place = state.accounts.position().unwrap_or(0).saturating_add_signed(by);
            accounts::select(state, place);
        }
        Pane::Why => {
            let by = step.lines(usize::from(regions.why.height));
            let place = usize::from(state.why_scroll).saturating_add_signed(by).min(MOST_WHY_LINES);
            state.why_scroll = u16::try_from(place).unwrap_or(0);
        }
        Pane::Events if matches!(step, Step::First) => events::follow(state),
        Pane::Events => events::go(state, step.lines(regions.event_lines())),
    }
    Vec::new()
}

/// Text was pasted. It is not taken as keys: a password in the wrong window must not switch anything.
pub(crate) fn pasted(state: &mut State, text: &str) -> Vec<Effect> {
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
    events::resized(state);
    event::resized(state);
    Vec::new()
}

/// The program goes on after it was stopped: everything on the screen may be old.
pub(crate) fn resumed(state: &mut State) -> Vec<Effect> {
    let mut effects = vec![Effect::Redraw];
    effects.extend(schedule::poll_now(state));
    effects
}
