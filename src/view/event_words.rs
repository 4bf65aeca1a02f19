//! What an event says, as fields: what happened, its details, and what is noted at the right.

use chrono::TimeDelta;
use ratatui::style::Style;

use super::theme::Theme;
use super::{when, words};
use crate::app::State;
use crate::app::logs::Record;
use crate::model::{Cause, DueReason, Kind, Level, Plain, Weight, masked};

/// A refresh that takes longer holds up the accounts behind it noticeably.
const SLOW: TimeDelta = TimeDelta::seconds(10);

/// One event as fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Fields {
    /// What happened.
    pub(super) what: String,
    /// Its details; possibly none.
    pub(super) detail: String,
    /// The details in a word, for where they do not fit; possibly none.
    pub(super) short: String,
    /// What is noted at the right; possibly nothing.
    pub(super) tag: String,
    /// The message stands as the server wrote it.
    pub(super) raw: bool,
}

/// What `record` says, where at most so many columns of it could be shown. Keys and tokens that a message holds are masked.
pub(super) fn fields(record: &Record, state: &State, columns: usize) -> Fields {
    // A character is at most four bytes with three marks as long on it. What is longer is cut by the line anyway.
    let start = |text: &Plain| state.shown_text(&masked(text.start(columns.saturating_mul(16)))).into_owned();
    let until = |t: &Option<_>, before: &str| t.map(|t| format!("{before} {}", words::until_word(t, state)));
    let kind = &record.event.kind;
    let (what, detail) = kind.words();
    let said = Fields { what: what.to_owned(), detail: detail.to_owned(), ..Fields::default() };
    let mut fields = match kind {
        Kind::NewWindow(t) => Fields { detail: until(t, "resets").unwrap_or_default(), ..said },
        Kind::Failed(cause) => Fields {
            short: match cause {
                Cause::TokenRefresh => "sign in again".to_owned(),
                _ => words::cause_short(cause),
            },
            detail: match cause {
                Cause::NoAnswer(text) if !text.is_blank() => format!("{}: {}", cause.words(), start(text)),
                Cause::Status(text) => start(text),
                _ => words::cause(cause, state),
            },
            ..said
        },
        Kind::Strike(n) => Fields { what: format!("{what} {n} of 5"), ..said },
        Kind::Exception(text) | Kind::CheckFailed(text) => Fields { detail: start(text), ..said },
        Kind::AuthFailed if record.switched_off => Fields {
            short: "401, switched off".into(),
            detail: "401, auto-refresh switched off by the server".into(),
            ..said
        },
        Kind::CooldownApplied { reason, until: t } => {
            let until = until(t, "until").map(|u| format!("{u} ")).unwrap_or_default();
            Fields {
                short: t.map(|t| format!("until {}", when::minutes(t, state.zone))).unwrap_or_default(),
                detail: format!("{until}({})", words::cooldown_reason(reason.as_str())),
                ..said
            }
        }
        Kind::Batch(n) if *n != 1 => Fields { what: format!("{n} accounts are due"), ..Fields::default() },
        _ if what.is_empty() => Fields { what: start(&record.line.message), raw: true, ..Fields::default() },
        _ => said,
    };
    if let Some(n) = record.strike {
        fields.tag = format!("strike {n} of 5");
    } else if let Some(took) = record.took {
        let secs = words::duration_of(took);
        fields.tag = match record.event.kind {
            // How long a failure took matters where it held up the accounts behind it.
            Kind::Succeeded | Kind::NewWindow(_) | Kind::CooldownCleared { .. } => format!("ok in {secs}"),
            _ if took < SLOW => String::new(),
            _ => format!("after {secs}"),
        };
    }
    fields
}

/// What happened in so few words that a small screen cuts none that carries the meaning; none where the usual ones are few, or where they
/// begin with it.
pub(super) fn in_few_words(record: &Record) -> Option<String> {
    let words = match &record.event.kind {
        Kind::Strike(n) => return Some(format!("failed {n} in a row")),
        Kind::StrikeOut => "failed 5 in a row",
        Kind::PausedByFailures => "paused: 5 failures",
        Kind::AuthFailed if record.switched_off => "refused, auto off",
        Kind::AuthFailed => "refused by the server",
        Kind::SwitchedOff => "auto off by the server",
        Kind::PeakPaused => "paused: peak hours",
        Kind::PeakResumed => "resumed: peak over",
        Kind::CooldownCleared { new_reset: false } => "no new reset time",
        Kind::NoProvider => "no such provider",
        Kind::UsageReadFailed => "usage not read",
        Kind::TokenRefreshFailed => "token not renewed",
        Kind::ProviderLimited => "request refused 429",
        Kind::ProviderRefused => "request refused 401",
        Kind::ProxyFailed => "request: no answer",
        Kind::Due(DueReason::FirstTime) => "due, reset not known",
        Kind::Due(_) => "due, window over",
        _ => return None,
    };
    Some(words.to_owned())
}

/// How what happened is drawn.
pub(super) fn what_style(record: &Record, theme: &Theme) -> Style {
    match &record.event.kind {
        Kind::NewWindow(_) | Kind::Succeeded | Kind::AutoResumed | Kind::PeakResumed => theme.ok(),
        kind if kind.weight() == Weight::Refresh && record.line.level.severity() < 2 => theme.text(),
        _ => match record.line.level {
            Level::Error => theme.bad().remove_modifier(ratatui::style::Modifier::BOLD),
            // As heavy as an error's: without colours neither stands out before the other, and the level's word tells them apart.
            Level::Warn | Level::Other(_) => theme.warn().remove_modifier(ratatui::style::Modifier::BOLD),
            Level::Info => theme.text(),
            Level::Debug => theme.mute(),
        },
    }
}

/// How the level's word is drawn.
pub(super) fn level_style(level: &Level, theme: &Theme) -> Style {
    match level {
        Level::Error => theme.bad(),
        Level::Warn | Level::Other(_) => theme.warn(),
        Level::Info | Level::Debug => theme.mute(),
    }
}
