//! What an event says, as fields: what happened, its details, and what is noted at the right.

use chrono::TimeDelta;
use ratatui::style::Style;

use super::theme::Theme;
use super::words;
use crate::app::State;
use crate::app::logs::Record;
use crate::model::{DueReason, Kind, Level, Weight};

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

/// What `record` says.
pub(super) fn fields(record: &Record, state: &State) -> Fields {
    let said = |what: &str, detail: String| Fields { what: what.into(), detail, ..Fields::default() };
    let until = |t: &Option<_>, before: &str| t.map(|t| format!("{before} {}", words::until_word(t, state)));
    let mut fields = match &record.event.kind {
        Kind::SchedulerStarted => said("scheduler started", String::new()),
        Kind::SchedulerStopped => said("scheduler stopped", String::new()),
        Kind::Sending => said("refresh sent", String::new()),
        Kind::Succeeded => said("refreshed", String::new()),
        Kind::NewWindow(t) => said("new window", until(t, "resets").unwrap_or_default()),
        Kind::CooldownCleared { new_reset: false } => said("refreshed, no new reset time", String::new()),
        Kind::Failed(cause) => {
            Fields { short: words::cause_short(cause), ..said("refresh failed", words::cause(cause, state)) }
        }
        Kind::Strike(n) => said("refresh failed", format!("{n} in a row, paused at 5")),
        Kind::StrikeOut => said("refresh failed", "5 in a row: the server pauses it".into()),
        Kind::PausedByFailures => said("paused by the server after 5 failures", String::new()),
        Kind::Exception(text) => said("refresh broke off", text.to_string()),
        Kind::AuthFailed if record.switched_off => Fields {
            short: "401, switched off".into(),
            ..said("refresh refused", "401, auto-refresh switched off by the server".into())
        },
        Kind::AuthFailed => said("refresh refused", "401 at the server's own door".into()),
        Kind::SwitchedOff => said("auto-refresh switched off by the server", String::new()),
        Kind::PeakPaused => said("paused by the server for its peak hours", String::new()),
        Kind::PeakResumed => said("resumed by the server after its peak hours", String::new()),
        Kind::AutoResumed => said("resumed by the server", String::new()),
        Kind::CheckFailed(text) => said("refresh check failed", text.to_string()),
        Kind::NoProvider => said("not refreshed", "the server knows no such provider".into()),
        Kind::UsageReadFailed => said("usage not read", "after a refresh that succeeded".into()),
        Kind::TokenRefreshFailed => said("access token not renewed", String::new()),
        Kind::ToggleFailed => said("switch not changed", "the server failed to set auto-refresh".into()),
        Kind::CooldownApplied { reason, until: t } => {
            let until = until(t, "until").map(|u| format!("{u} ")).unwrap_or_default();
            said("cooldown", format!("{until}({})", words::cooldown_reason(reason.as_str())))
        }
        Kind::ProviderLimited => said("request refused", "429 by the provider".into()),
        Kind::ProviderRefused => said("request refused", "401 by the provider".into()),
        Kind::ProxyFailed => said("request failed", "no proper answer from the provider".into()),
        Kind::Due(DueReason::FirstTime) => said("due", "no reset time known since the server started".into()),
        Kind::Due(_) => said("due", "its window is over".into()),
        Kind::Batch(1) => said("1 account is due", String::new()),
        Kind::Batch(n) => Fields { what: format!("{n} accounts are due"), ..Fields::default() },
        _ => Fields { what: record.line.message.to_string(), raw: true, ..Fields::default() },
    };
    if let Some(n) = record.strike {
        fields.tag = format!("strike {n} of 5");
    } else if let Some(took) = record.took {
        let secs = took.num_milliseconds().max(0) as f64 / 1000.0;
        let secs = if secs < 100.0 { format!("{secs:.1} s") } else { format!("{secs:.0} s") };
        fields.tag = match record.event.kind {
            // How long a failure took matters where it held up the accounts behind it.
            Kind::Succeeded | Kind::NewWindow(_) | Kind::CooldownCleared { .. } => format!("ok in {secs}"),
            _ if took < SLOW => String::new(),
            _ => format!("after {secs}"),
        };
    }
    fields
}

/// How what happened is drawn.
pub(super) fn what_style(record: &Record, theme: &Theme) -> Style {
    match &record.event.kind {
        Kind::NewWindow(_) | Kind::Succeeded | Kind::AutoResumed | Kind::PeakResumed => theme.ok(),
        kind if kind.weight() == Weight::Refresh && record.line.level.severity() < 2 => theme.text(),
        _ => match record.line.level {
            Level::Error => theme.bad().remove_modifier(ratatui::style::Modifier::BOLD),
            Level::Warn | Level::Other(_) => theme.warn(),
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
