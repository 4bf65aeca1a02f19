//! The sentences of the why pane: what will come of an account's next refresh, and each condition of it in a few words.

use chrono::TimeDelta;
use ratatui::style::Style;

use super::countdown::{Grain, countdown};
use super::header::clock_words;
use super::theme::Theme;
use super::{text, when, words};
use crate::app::logs::Outcome;
use crate::app::{
    Check, Fix, Obstacle, Pane, Prognosis, State, Switch, Why, due_since, fix, is_unsure, promised_until,
    switch, way,
};
use crate::keymap::Action;
use crate::model::{Account, Cause, Setting, Timestamp};

/// Names longer than this are cut in sentences.
const NAME: usize = 24;

/// A refresh that takes longer holds up those behind it.
const LONG: TimeDelta = TimeDelta::seconds(10);
/// After three models of 300 s each the server gives a refresh up; what is older has no outcome in the log.
const GIVEN_UP: TimeDelta = TimeDelta::seconds(910);

/// Between what follows from old data and the time of it.
pub(super) const BY_DATA: &str = ", by data of ";

/// The account's name as it stands in sentences.
pub(super) fn name(state: &State, account: &Account, theme: &Theme) -> String {
    text::fit(&state.shown_name(account), NAME, theme.glyph().more).into_owned()
}

/// What will come of the next refresh: one sentence, and what else is worth saying, the most useful first.
pub(super) fn verdict(state: &State, account: &Account, why: &Why, theme: &Theme) -> (String, Vec<String>) {
    let name = name(state, account, theme);
    if is_unsure(state, account, &why.prognosis) && !matches!(why.prognosis, Prognosis::Unknown) {
        return by_old_data(state, account, why, &name);
    }
    // What followed from the position that is being left is worth no word.
    if let Switch::Changing(to) = switch(state, account, Setting::AutoRefresh) {
        return (format!("{name}: switching auto-refresh {}.", words::on_off(to)), times(state, account));
    }
    settled(state, account, why, &name)
}

/// As [`verdict`], by what the server last said.
fn settled(state: &State, account: &Account, why: &Why, name: &str) -> (String, Vec<String>) {
    let now = state.server_second();
    match &why.prognosis {
        Prognosis::Unknown => {
            let fault = account.fault.as_ref().map(|f| state.shown_text(f.as_str())).unwrap_or_default();
            (format!("{name}: this row of the server's list could not be read: {fault}."), Vec::new())
        }
        Prognosis::NotOffered if account.auto_refresh.is_none() && account.provider.is_refreshable() => {
            (format!("{name} is not refreshed: this server has no auto-refresh."), Vec::new())
        }
        Prognosis::NotOffered => {
            let provider = account.provider.as_str();
            (format!("{name} is not refreshed: not offered for {provider} accounts."), Vec::new())
        }
        Prognosis::NextTick => {
            let begun = state.logs.facts(&account.name).and_then(|f| f.last.as_ref());
            let main = match begun {
                Some((at, Outcome::UnderWay)) => {
                    format!("{name} is being refreshed since {}.", when::past(*at, now, state.zone))
                }
                _ => match busy_with(state) {
                    Some((other, since)) => {
                        let since = when::past(since, now, state.zone);
                        format!("{name} is due and waits: the server is refreshing {other} since {since}.")
                    }
                    None if promised_until(account).is_some_and(|t| t <= now) => {
                        format!("{name} will be refreshed at the next tick.")
                    }
                    None => format!("{name} will be refreshed at the next tick, within 60 s."),
                },
            };
            (main, times(state, account))
        }
        Prognosis::After(t) => {
            let at = words::until_word(*t, state);
            (format!("{name}: next refresh at the first tick after {at}."), times(state, account))
        }
        Prognosis::Never(obstacles) => never(name, obstacles, account, why, state),
    }
}

/// The refresh of another account that has been under way for so long that those behind it wait.
fn busy_with(state: &State) -> Option<(String, Timestamp)> {
    let now = state.server_second();
    let (name, since) = state.logs.under_way()?;
    let waits = (LONG..GIVEN_UP).contains(&(now - since));
    waits.then(|| (text::fit(&state.shown(name), NAME, "..").into_owned(), since))
}

/// What follows from the data that came before the connection was lost. What has been done since is not known.
fn by_old_data(state: &State, account: &Account, why: &Why, name: &str) -> (String, Vec<String>) {
    let now = state.server_second();
    let follows = match (&why.prognosis, due_since(account)) {
        (Prognosis::NextTick, Some(t)) => format!("due since {}", when::past(t, now, state.zone)),
        (Prognosis::NextTick, None) => "due".to_owned(),
        (Prognosis::After(t), _) => format!("next refresh after {}", words::until_word(*t, state)),
        (Prognosis::Never(_), _) => "no refresh to come".to_owned(),
        (Prognosis::NotOffered | Prognosis::Unknown, _) => "refresh not offered".to_owned(),
    };
    let of = state.accounts.came.map(|came| when::past(state.clock.at(came), now, state.zone));
    let of = of.map(|at| format!("{BY_DATA}{at}")).unwrap_or_default();
    let unsure = matches!(why.prognosis, Prognosis::NextTick);
    let tails = if unsure { vec!["Not known whether it was refreshed.".to_owned()] } else { Vec::new() };
    (format!("{name}: {follows}{of}."), tails)
}

/// The keys that change a switch that is in the way; where that is what the why pane offers and it has the keys, its own.
fn helps(state: &State, account: &Account, action: Action, words: &str) -> Option<String> {
    let offered = state.focus == Pane::Why && matches!(fix(state, account), Some(Fix::Switch(_)));
    let own = if offered { way(state, Action::Fix, words) } else { None };
    own.or_else(|| way(state, action, words))
}

fn never(
    name: &str,
    obstacles: &[Obstacle],
    account: &Account,
    why: &Why,
    state: &State,
) -> (String, Vec<String>) {
    let [only] = obstacles else {
        let many = obstacles.len();
        return (format!("{name} will NOT be refreshed. {many} things stand in the way:"), Vec::new());
    };
    let off_by_server = why.checks.iter().find_map(|c| match c {
        Check::AutoRefresh { by_server, .. } => *by_server,
        _ => None,
    });
    let auto = helps(state, account, Action::ToggleAutoRefresh, "switches it on.").unwrap_or_default();
    let resume = helps(state, account, Action::TogglePause, "resumes it.").unwrap_or_default();
    let (reason, tail) = match (only, off_by_server) {
        (Obstacle::Off, Some(at)) => {
            let at = when::past(at, state.server_second(), state.zone);
            (format!("the server switched it off at {at}."), auto)
        }
        (Obstacle::Off, None) => ("auto-refresh is off.".to_owned(), auto),
        (Obstacle::Paused, _) => {
            let by = crate::app::pause_reason(state, account).map(|r| format!(" {}", words::paused_by(&r)));
            (format!("it is paused{}.", by.unwrap_or_default()), resume)
        }
        (Obstacle::SignIn, _) => ("a person must sign in again first.".to_owned(), String::new()),
        (Obstacle::TakenOnce, _) => {
            ("its reset is not known; a real request will bring one.".to_owned(), String::new())
        }
    };
    let tails = if tail.is_empty() { Vec::new() } else { vec![tail] };
    (format!("{name} will not be refreshed: {reason}"), tails)
}

/// The window's end and the cooldown's, told apart.
fn times(state: &State, account: &Account) -> Vec<String> {
    let now = state.server_second();
    let cooldown = account.cooldown_until.filter(|t| *t > now);
    let window = match account.reset {
        None if cooldown.is_some() => "No window known;".to_owned(),
        None => "No window is known yet.".to_owned(),
        Some(t) if t <= now => {
            format!("Window over {}{}", since(state, t), if cooldown.is_some() { ";" } else { "." })
        }
        Some(t) if cooldown.is_some() => format!("Window ends {};", words::until_word(t, state)),
        Some(_) => return Vec::new(),
    };
    let Some(until) = cooldown else { return vec![window] };
    let reason =
        account.cooldown_reason.as_ref().map(|r| format!(" ({})", words::cooldown_reason(r.as_str())));
    let until = words::until_word(until, state);
    vec![format!("{window} cooldown until {until}{}.", reason.unwrap_or_default())]
}

/// The warning about API keys on 3.5.4.
pub(super) const KEYS: &str =
    "This server has API keys on: version 3.5.4 then fails its own refreshes and switches auto-refresh off.";
/// The same for one line of 76 columns.
pub(super) const KEYS_SHORT: &str =
    "API keys are on: 3.5.4 then fails its own refreshes, and switches them off.";

/// How a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// It stands in the way.
    No,
    /// It only takes time, or is worth knowing.
    Wait,
    /// It holds.
    Yes,
}

impl Verdict {
    pub(super) fn glyph(self, theme: &Theme) -> &'static str {
        match self {
            Self::No => theme.glyph().no,
            Self::Wait => theme.glyph().wait,
            Self::Yes => theme.glyph().yes,
        }
    }

    pub(super) fn style(self, theme: &Theme) -> Style {
        match self {
            Self::No => theme.bad(),
            Self::Wait => theme.warn(),
            Self::Yes => theme.ok(),
        }
    }
}

/// One condition in words: `long` for a line of its own, `short` for a row of them. Empty where it is not worth its place.
pub(super) struct Said {
    pub(super) verdict: Verdict,
    pub(super) long: String,
    pub(super) short: String,
    /// It goes without saying of most accounts, and is said on a line of its own where there is room.
    pub(super) spare: bool,
}

/// The conditions in words, those that stand in the way first.
pub(super) fn conditions(state: &State, account: &Account, why: &Why, theme: &Theme) -> Vec<Said> {
    let mut all: Vec<Said> =
        why.checks.iter().filter_map(|check| condition(state, account, why, check, theme)).collect();
    all.sort_by_key(|said| said.verdict);
    all
}

fn condition(state: &State, account: &Account, why: &Why, check: &Check, theme: &Theme) -> Option<Said> {
    let now = state.server_second();
    let said = |verdict, long: String, short: &str| {
        Some(Said { verdict, long, short: short.to_owned(), spare: false })
    };
    let same = |verdict, long: String| Some(Said { verdict, short: long.clone(), long, spare: false });
    match check {
        // The verdict says what it is going to be.
        Check::AutoRefresh { .. } if is_changing(state, account) => None,
        Check::AutoRefresh { on: true, .. } => said(Verdict::Yes, "auto-refresh is on".into(), "auto on"),
        // A switch that the account does not have is not said to be off.
        Check::AutoRefresh { .. } if account.auto_refresh.is_none() => None,
        Check::AutoRefresh { by_server: Some(at), .. } => {
            let at = when::past(*at, now, state.zone);
            same(Verdict::No, format!("auto-refresh switched off by the server {at}"))
        }
        Check::AutoRefresh { .. } => said(Verdict::No, "auto-refresh is off".into(), "auto off"),
        Check::Provider(true) => {
            let provider = account.provider.as_str();
            let supported = said(Verdict::Yes, "provider supported".into(), provider);
            supported.map(|said| Said { spare: true, ..said })
        }
        Check::Provider(false) => {
            said(Verdict::No, format!("not offered for {}", account.provider.as_str()), "")
        }
        Check::Window(None) if !account.provider.has_windows() => None,
        Check::Window(None) => said(Verdict::Yes, "no window known".into(), ""),
        Check::Window(Some(t)) if *t <= now => {
            // Alone it could be taken for a time of day.
            let since = since(state, *t);
            let since = if state.display.is_clock() { since } else { format!("for {since}") };
            said(Verdict::Yes, format!("window over {since}"), "")
        }
        // The verdict has the time already.
        Check::Window(Some(t)) => {
            said(Verdict::Wait, format!("window ends {}", words::until_word(*t, state)), "")
        }
        Check::Paused { paused: false, .. } => same(Verdict::Yes, "not paused".into()),
        Check::Paused { why, taken, .. } => {
            let by = why.as_ref().map(|r| format!(" {}", words::paused_by(r))).unwrap_or_default();
            if *taken && why.is_none() {
                same(Verdict::Wait, "paused, refreshed all the same if for overage".into())
            } else if *taken {
                same(Verdict::Wait, format!("paused{by}, refreshed all the same"))
            } else {
                same(Verdict::No, format!("paused{by}"))
            }
        }
        Check::Cooldown(None) => same(Verdict::Yes, "no cooldown".into()),
        Check::Cooldown(Some((until, reason))) => {
            let reason = reason.as_ref().map(|r| format!(" ({})", words::cooldown_reason(r.as_str())));
            let until = words::until_word(*until, state);
            same(Verdict::Wait, format!("cooldown until {until}{}", reason.unwrap_or_default()))
        }
        Check::SignIn { needed: true, .. } => same(Verdict::No, "sign in again".into()),
        Check::SignIn { renews: true, .. } => same(Verdict::Wait, "token renews at next use".into()),
        Check::SignIn { .. } => {
            let token = account.token.filter(|_| account.provider.is_oauth())?;
            let until = token.expires_at.filter(|t| *t > now);
            let until = until.map(|t| format!(" until {}", words::until_word(t, state))).unwrap_or_default();
            if matches!(why.last_failure, Some((_, Cause::Unauthorized, _))) {
                return said(Verdict::Wait, "token refused with 401".into(), "token refused");
            }
            said(Verdict::Yes, format!("token ok{until}"), "token ok")
        }
        Check::Clock => {
            if state.clock.differs() {
                return said(
                    Verdict::Wait,
                    format!("server {}", clock_words(state, theme.glyph().about)),
                    "",
                );
            }
            state.clock.uncertainty()?;
            said(Verdict::Yes, "clocks agree".into(), "")
        }
    }
}

fn is_changing(state: &State, account: &Account) -> bool {
    matches!(switch(state, account, Setting::AutoRefresh), Switch::Changing(_))
}

/// For how long something has been so; where nothing counts, since when.
fn since(state: &State, t: Timestamp) -> String {
    let now = state.server_second();
    if state.display.is_clock() {
        return format!("since {}", when::past(t, now, state.zone));
    }
    countdown(now, t, Grain::Fine).trim_start_matches('+').to_owned()
}

/// How the last refresh went, as far as the log tells.
pub(super) fn last(state: &State, why: &Why) -> Option<(String, bool)> {
    let now = state.server_second();
    if let Some((at, cause, strike)) = &why.last_failure {
        let at = when::past(*at, now, state.zone);
        let strike = strike.map(|n| format!(", strike {n} of 5")).unwrap_or_default();
        return Some((format!("last refresh failed {at}: {}{strike}", words::cause(cause, state)), false));
    }
    why.last_success.map(|at| (format!("last refreshed {}", when::past(at, now, state.zone)), true))
}

/// The same where the room is scarce.
pub(super) fn short_last(last: &str) -> String {
    last.replace("last refresh failed", "last failed")
}
