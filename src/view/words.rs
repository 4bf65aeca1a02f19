//! The words for an account's state: STATE, the switches, NEXT REFRESH, why a refresh failed.

use chrono::TimeDelta;
use ratatui::style::Style;

use super::theme::{Glyphs, Theme};
use super::{text, when};
use crate::app::logs::Outcome;
use crate::app::{Obstacle, Phase, Prognosis, Standing, State, Switch, is_unsure};
use crate::model::{Account, Cause, Matter, PauseReason, Timestamp, Value, masked};

/// The columns of NEXT REFRESH.
const NEXT: usize = 16;

/// The word for STATE.
pub fn standing(standing: &Standing) -> &'static str {
    match standing {
        Standing::Unreadable => "?",
        Standing::SignIn => "SIGN-IN",
        Standing::Paused(_) => "paused",
        Standing::Cooling => "cooling",
        Standing::Limited => "limited",
        Standing::Throttled => "throttled",
        Standing::Due => "DUE",
        Standing::Over => "over",
        Standing::Unused => "unused",
        Standing::Warning => "warning",
        Standing::Primary => "primary",
        Standing::Ready => "ready",
    }
}

/// The same with a question mark where it may be otherwise by now.
pub(super) fn standing_now(state: &State, account: &Account, standing: &Standing) -> String {
    let word = self::standing(standing);
    let known = match standing {
        Standing::Due => !is_unsure(state, account, &Prognosis::NextTick),
        _ => state.links.list.is_live(),
    };
    let mark = if known || word.len() >= 9 || word == "?" { "" } else { "?" };
    format!("{word}{mark}")
}

/// How that word is drawn.
pub(super) fn standing_style(standing: &Standing, theme: &Theme) -> Style {
    match standing {
        Standing::Unreadable | Standing::SignIn | Standing::Paused(Some(PauseReason::Failures)) => {
            theme.bad()
        }
        Standing::Cooling | Standing::Limited | Standing::Throttled | Standing::Warning => theme.warn(),
        Standing::Due => theme.due(),
        Standing::Paused(_) | Standing::Over | Standing::Unused => theme.mute(),
        Standing::Primary => theme.ok().patch(theme.strong()),
        Standing::Ready => theme.ok(),
    }
}

/// The word for a switch. Where a change is under way, the word is the wanted position, marked.
pub fn switch(switch: Switch, glyph: &Glyphs) -> String {
    match switch {
        Switch::On => "on".to_owned(),
        Switch::Off => "off".to_owned(),
        Switch::OffByServer => "off!".to_owned(),
        Switch::Changing(to) => format!("{}{}", on_off(to), glyph.more),
        Switch::Unsure(to) => format!("{}?", on_off(to)),
        Switch::NotOffered => "n/a".to_owned(),
    }
}

pub(super) fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// How that word is drawn.
pub(super) fn switch_style(switch: Switch, theme: &Theme) -> Style {
    match switch {
        Switch::On => theme.text(),
        Switch::Off | Switch::NotOffered => theme.mute(),
        Switch::OffByServer => theme.bad(),
        Switch::Changing(_) => theme.you(),
        Switch::Unsure(_) => theme.warn(),
    }
}

/// The priority in `columns` columns, and how it is drawn. Where a change is under way, it is the wanted one, marked where the mark fits.
pub(super) fn priority(state: &State, account: &Account, columns: usize, theme: &Theme) -> (String, Style) {
    let wish = state.pending.get(&account.id, Matter::Priority);
    let glyph = theme.glyph();
    let (number, mark, style) = match wish.map(|w| (w.to.value(), &w.phase)) {
        Some((Some(Value::Priority(to)), Phase::Unsure { .. })) => (to, "?", theme.warn()),
        Some((Some(Value::Priority(to)), _)) => (to, glyph.more, theme.you()),
        _ => (account.priority, "", theme.text()),
    };
    let marked = format!("{number}{mark}");
    if text::width(&marked) <= columns {
        return (marked, style);
    }
    (text::number(number, columns, glyph.more), style)
}

/// The endpoint, marked where it is being changed.
pub(super) fn endpoint(state: &State, account: &Account, glyph: &Glyphs) -> Option<String> {
    let Some(wish) = state.pending.get(&account.id, Matter::Endpoint) else {
        return account.endpoint.as_ref().map(|e| masked(e.as_str()).into_owned());
    };
    let mark = if matches!(wish.phase, Phase::Unsure { .. }) { "?" } else { glyph.under_way };
    wish.to.value().map(|to| format!("{}{mark}", to.shown()))
}

/// NEXT REFRESH in at most 16 columns, with a question mark where it may be otherwise by now and the mark has room.
pub fn next_refresh(state: &State, account: &Account, prognosis: &Prognosis) -> String {
    let now = state.server_second();
    let unsure = is_unsure(state, account, prognosis);
    let marked = |words: String| {
        let mark = if unsure && text::width(&words) < NEXT { "?" } else { "" };
        words + mark
    };
    match prognosis {
        Prognosis::Unknown => "?".to_owned(),
        Prognosis::NotOffered => "not offered".to_owned(),
        Prognosis::NextTick if unsure => "not known".to_owned(),
        Prognosis::NextTick => "next tick".to_owned(),
        Prognosis::After(t) => {
            let near = (*t - now).abs() < chrono::TimeDelta::days(1);
            let at = if near { when::seconds(*t, state.zone) } else { when::day(*t, now, state.zone) };
            let after = if at.starts_with(|c: char| c.is_ascii_digit()) { "after " } else { "" };
            marked(format!("{after}{at}"))
        }
        Prognosis::Never(obstacles) => marked(match obstacles.as_slice() {
            [Obstacle::Off] => "never: off".to_owned(),
            [Obstacle::TakenOnce] => "no: no reset yet".to_owned(),
            [only] => format!("no: {}", obstacle(*only)),
            // Of three the pause is left out, and of two where both have no room: it says least about what a person can do.
            [one, .., other] => {
                let both = format!("no: {}, {}", obstacle(*one), obstacle(*other));
                if text::width(&both) <= NEXT { both } else { format!("no: {}", obstacle(*other)) }
            }
            [] => "no".to_owned(),
        }),
    }
}

fn obstacle(what: Obstacle) -> &'static str {
    match what {
        Obstacle::Off => "off",
        Obstacle::Paused => "paused",
        Obstacle::SignIn => "sign in",
        Obstacle::TakenOnce => "no reset yet",
    }
}

/// Why an account is paused, to go after "paused".
pub(super) fn paused_by(reason: &PauseReason) -> String {
    match reason {
        PauseReason::Manual => "by a person".to_owned(),
        PauseReason::Overage => "for overage".to_owned(),
        PauseReason::Failures => "by the server after 5 failures".to_owned(),
        PauseReason::PeakHours => "by the server for its peak hours".to_owned(),
        PauseReason::RateLimitWindow => "for a rate-limit window".to_owned(),
        PauseReason::Other(word) => format!("({})", masked(word.as_str())),
    }
}

/// What made a refresh fail, in a word or two.
pub fn cause_short(cause: &Cause) -> String {
    match cause {
        Cause::Unauthorized => "401".to_owned(),
        Cause::RateLimited(_) => "429".to_owned(),
        Cause::Overloaded => "529".to_owned(),
        Cause::NoAnswer(_) => "no answer".to_owned(),
        Cause::TokenRefresh => "sign-in".to_owned(),
        Cause::Status(text) => text.as_str().split(' ').next().unwrap_or_default().to_owned(),
    }
}

/// What made a refresh fail.
pub(super) fn cause(cause: &Cause, state: &State) -> String {
    match cause {
        Cause::RateLimited(Some(until)) => format!("429 until {}", until_word(*until, state)),
        Cause::NoAnswer(text) if !text.is_blank() => {
            format!("{}: {}", cause.words(), state.shown_text(&masked(text.as_str())))
        }
        Cause::Status(text) => state.shown_text(&masked(text.as_str())).into_owned(),
        _ => cause.words().to_owned(),
    }
}

/// A moment to come.
pub(super) fn until_word(t: Timestamp, state: &State) -> String {
    when::ahead(t, state.server_second(), state.zone)
}

/// How the last refresh went: `13:57 ok 1.9s`, `13:58 × 429 2/5`; what does not fit into `columns` leaves, how long it took and the
/// count first.
pub(super) fn last_refresh(
    state: &State,
    at: Timestamp,
    outcome: &Outcome,
    columns: usize,
    glyph: &Glyphs,
) -> String {
    let at = if when::same_day(at, state.server_second(), state.zone) {
        when::minutes(at, state.zone)
    } else {
        when::day(at, state.server_second(), state.zone)
    };
    match outcome {
        Outcome::Done { took, .. } => {
            let timed = took.map(|took| format!("{at} ok {}", duration_of(took).replace(' ', "")));
            timed.filter(|words| text::width(words) <= columns).unwrap_or_else(|| format!("{at} ok"))
        }
        Outcome::Failed { cause, strike } => {
            let cause = cause_short(cause);
            let failed = format!("{at} {} {cause}", glyph.no);
            let counted = strike.map(|n| format!("{failed} {n}/5"));
            let fits = |words: &String| text::width(words) <= columns;
            // Where the mark has no room the cause may tell by itself; a word of the server's that is cut tells nothing.
            let unmarked = format!("{at} {cause}");
            let all = counted.into_iter().chain([failed, unmarked]);
            all.into_iter().find(fits).unwrap_or_else(|| format!("{at} {} failed", glyph.no))
        }
        Outcome::UnderWay => format!("{at} sent"),
    }
}

/// How long a refresh took: `1.9 s`, `900 s`.
pub(super) fn duration_of(refresh: TimeDelta) -> String {
    let secs = refresh.num_milliseconds().max(0) as f64 / 1000.0;
    if secs < 100.0 { format!("{secs:.1} s") } else { format!("{secs:.0} s") }
}

/// The server's word for a cooldown's reason, short: a status code where it has one.
pub(super) fn cooldown_reason(word: &str) -> String {
    ["429", "529", "503"]
        .iter()
        .find(|code| word.contains(*code))
        .map_or_else(|| masked(word).replace('_', " "), |c| (*c).to_owned())
}
