//! What a log record says: the kinds of events that matter to auto-refresh.
//!
//! The kinds are data; reading them out of messages is [`crate::app::logs`].

use super::{Plain, Timestamp};

/// Why the server found an account due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueReason {
    /// No refresh of it has brought a reset time since the server started.
    FirstTime,
    /// Its window rolled over.
    WindowOver,
    /// The stored reset is newer than the one of the last refresh (newer servers).
    NewReset,
    /// The stored reset is stale (newer servers).
    Stale,
}

/// What really made a refresh fail; the failure line alone says 503 for several of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The provider refused the credentials (401).
    Unauthorized,
    /// The provider limits the account (429), until then where it is known.
    RateLimited(Option<Timestamp>),
    /// The provider is overloaded (529).
    Overloaded,
    /// No answer: the connection was refused, closed or garbled, or the time ran out.
    NoAnswer(Plain),
    /// The account's tokens could not be renewed: sign in again.
    TokenRefresh,
    /// Any other status, as the server wrote it (`403 Forbidden`).
    Status(Plain),
}

impl Cause {
    /// What it is called.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Unauthorized => "401 Unauthorized",
            Self::RateLimited(_) => "429 Too Many Requests",
            Self::Overloaded => "529 Overloaded",
            Self::NoAnswer(_) => "no answer",
            Self::TokenRefresh => "tokens not renewed: sign in again",
            Self::Status(_) => "",
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The scheduler started: the server did.
    SchedulerStarted,
    /// The scheduler stopped.
    SchedulerStopped,
    /// An account is due.
    Due(DueReason),
    /// So many accounts are due; they are refreshed one after another.
    Batch(u32),
    /// A refresh begins.
    Sending,
    /// One model is tried.
    Attempting,
    /// A detail of a refresh under way that nobody needs (token times and the like).
    Detail,
    /// The refresh succeeded.
    Succeeded,
    /// The provider's answer to a refresh, verbatim.
    Response,
    /// The new window's end.
    NewWindow(Option<Timestamp>),
    /// A cooldown was cleared; `false`: the refresh brought no new reset, so it is repeated every minute.
    CooldownCleared {
        /// The refresh brought a new reset.
        new_reset: bool,
    },
    /// The stored status or the remaining count was updated.
    StatusUpdated,
    /// Usage was read after a refresh.
    UsageRead,
    /// Usage could not be read; where the line names an account, after a refresh of it, which itself succeeded.
    UsageReadFailed,
    /// The refresh failed.
    Failed(Cause),
    /// The body that belongs to the failure before it.
    FailureBody,
    /// So many failures in a row, of five.
    Strike(u32),
    /// The fifth failure: the server takes the account out of use.
    StrikeOut,
    /// The server paused the account after five failures.
    PausedByFailures,
    /// An exception inside the server during a refresh.
    Exception(Plain),
    /// The exception's stack trace.
    StackTrace,
    /// The server's own door, or the provider's sign-in, refused the refresh: the first of seven lines.
    AuthFailed,
    /// One of the seven lines that explains the failure before it.
    AuthDetail,
    /// The server switched auto-refresh off.
    SwitchedOff,
    /// The server paused a Z.ai account for its peak hours.
    PeakPaused,
    /// The server resumed it.
    PeakResumed,
    /// The server resumed an account by itself (newer servers).
    AutoResumed,
    /// The check itself failed.
    CheckFailed(Plain),
    /// The server knows no such provider.
    NoProvider,
    /// A request (a refresh or another) was refused and the account cools down.
    CooldownApplied {
        /// The server's word for why.
        reason: Plain,
        /// Until when.
        until: Option<Timestamp>,
    },
    /// The provider answered a request of the account with 429.
    ProviderLimited,
    /// The provider answered a request of the account with 401.
    ProviderRefused,
    /// A request of the account got no proper answer.
    ProxyFailed,
    /// The account's access token could not be renewed.
    TokenRefreshFailed,
    /// The account's access token was renewed.
    TokenRenewed,
    /// Changing the auto-refresh switch failed inside the server.
    ToggleFailed,
    /// Any other record.
    Plain,
}

/// How much an event matters to someone who watches refreshes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Not about auto-refresh.
    Plain,
    /// About a refresh, but only worth a line when everything is shown.
    Detail,
    /// A refresh event: shown in every view.
    Refresh,
}

impl Kind {
    /// What it is called, and what is always added to that: nothing where the server's own message says it.
    pub fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::SchedulerStarted => ("scheduler started", ""),
            Self::SchedulerStopped => ("scheduler stopped", ""),
            Self::Sending => ("refresh sent", ""),
            Self::Succeeded => ("refreshed", ""),
            Self::NewWindow(_) => ("new window", ""),
            Self::CooldownCleared { new_reset: false } => ("refreshed, no new reset time", ""),
            Self::Failed(_) => ("refresh failed", ""),
            // Its count stands beside the failure that it counts, and must not read as another one.
            Self::Strike(_) => ("strike", "pauses at 5"),
            Self::StrikeOut => ("strike 5 of 5", "the server pauses it"),
            Self::PausedByFailures => ("paused by the server after 5 failures", ""),
            Self::Exception(_) => ("refresh broke off", ""),
            Self::AuthFailed => ("refresh refused", "401 at the server's own door"),
            Self::SwitchedOff => ("auto-refresh switched off by the server", ""),
            Self::PeakPaused => ("paused by the server for its peak hours", ""),
            Self::PeakResumed => ("resumed by the server after its peak hours", ""),
            Self::AutoResumed => ("resumed by the server", ""),
            Self::CheckFailed(_) => ("refresh check failed", ""),
            Self::NoProvider => ("not refreshed", "the server knows no such provider"),
            Self::UsageReadFailed => ("usage not read", "after a refresh that succeeded"),
            Self::TokenRefreshFailed => ("access token not renewed", ""),
            Self::ToggleFailed => ("switch not changed", "the server failed to set auto-refresh"),
            Self::CooldownApplied { .. } => ("cooldown", ""),
            Self::ProviderLimited => ("request refused", "429 by the provider"),
            Self::ProviderRefused => ("request refused", "401 by the provider"),
            Self::ProxyFailed => ("request failed", "no proper answer from the provider"),
            Self::Due(DueReason::FirstTime) => ("due", "no reset time known since the server started"),
            Self::Due(_) => ("due", "its window is over"),
            Self::Batch(1) => ("1 account is due", ""),
            _ => ("", ""),
        }
    }

    /// True where something went wrong: a refresh failed, or the server took an account out of use.
    pub fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::Failed(_)
                | Self::Exception(_)
                | Self::NoProvider
                | Self::StrikeOut
                | Self::PausedByFailures
                | Self::AuthFailed
                | Self::SwitchedOff
                | Self::TokenRefreshFailed
                | Self::CheckFailed(_)
                | Self::ToggleFailed
        )
    }

    /// How much it matters.
    pub fn weight(&self) -> Weight {
        match self {
            Self::Plain
            | Self::CooldownApplied { .. }
            | Self::ProviderLimited
            | Self::ProviderRefused
            | Self::ProxyFailed => Weight::Plain,
            Self::Due(_)
            | Self::Batch(_)
            | Self::Attempting
            | Self::Detail
            | Self::Response
            | Self::CooldownCleared { new_reset: true }
            | Self::StatusUpdated
            | Self::UsageRead
            | Self::UsageReadFailed
            | Self::TokenRenewed
            | Self::FailureBody
            | Self::StackTrace
            | Self::AuthDetail => Weight::Detail,
            _ => Weight::Refresh,
        }
    }

    /// True where the list of accounts is different after it, so that it is worth asking for.
    pub fn changes_accounts(&self) -> bool {
        matches!(
            self,
            Self::Succeeded
                | Self::NewWindow(_)
                | Self::CooldownCleared { .. }
                | Self::StatusUpdated
                | Self::UsageRead
                | Self::Failed(_)
                | Self::PausedByFailures
                | Self::SwitchedOff
                | Self::PeakPaused
                | Self::PeakResumed
                | Self::AutoResumed
                | Self::CooldownApplied { .. }
                | Self::TokenRefreshFailed
                | Self::TokenRenewed
                | Self::SchedulerStarted
        )
    }
}

/// One record's meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: Kind,
    /// The account's name as the record has it; two accounts may share it.
    pub account: Option<Plain>,
}
