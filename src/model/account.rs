//! One account as the server describes it.

use std::fmt;
use std::sync::Arc;

use super::{Plain, Rows, Timestamp};

/// Names one account towards the server. Shown cleaned; sent as it came.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(Arc<str>);

impl AccountId {
    /// An id exactly as the server sent it.
    pub fn new(raw: &str) -> Self {
        Self(Arc::from(raw))
    }

    /// The id for a request path, or none where it would change the path.
    ///
    /// The server takes the third path segment as it is, without percent-decoding (`docs/server-contract.md`, section 1),
    /// so only `[A-Za-z0-9_-]+` can be named there.
    pub fn path_segment(&self) -> Option<&str> {
        let fits =
            !self.0.is_empty() && self.0.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        fits.then_some(&*self.0)
    }

    /// True where it begins so, whatever the case.
    pub fn begins_with(&self, prefix: &str) -> bool {
        self.0.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    }

    /// The id exactly as the server sent it, for text that spells every odd character out.
    pub(crate) fn raw(&self) -> &str {
        &self.0
    }

    /// The id for showing.
    pub fn to_plain(&self) -> Plain {
        Plain::new(&self.0)
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountId({:?})", &*self.0)
    }
}

/// Who is behind an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// Anthropic by OAuth.
    Anthropic,
    /// Codex.
    Codex,
    /// Z.ai.
    Zai,
    /// Qwen, by OAuth; never auto-refreshed.
    Qwen,
    /// Any other, under the server's name for it.
    Other(Plain),
}

impl Provider {
    /// From the server's word.
    pub fn new(word: &str) -> Self {
        match word {
            "anthropic" => Self::Anthropic,
            "codex" => Self::Codex,
            "zai" => Self::Zai,
            "qwen" => Self::Qwen,
            other => Self::Other(Plain::new(other)),
        }
    }

    /// The server's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Anthropic => "anthropic",
            Self::Codex => "codex",
            Self::Zai => "zai",
            Self::Qwen => "qwen",
            Self::Other(word) => word.as_str(),
        }
    }

    /// True where the server's scheduler refreshes accounts of this provider (`docs/server-contract.md`, section 5).
    pub fn is_refreshable(&self) -> bool {
        matches!(self, Self::Anthropic | Self::Codex | Self::Zai)
    }

    /// True where an account signs in by OAuth, so that dead tokens are a person's business.
    pub fn is_oauth(&self) -> bool {
        matches!(self, Self::Anthropic | Self::Codex | Self::Qwen)
    }

    /// True where the server asks the provider what its accounts have used (`docs/server-contract.md`, section 3).
    pub fn tells_usage(&self) -> bool {
        self.is_refreshable() || matches!(self.as_str(), "nanogpt" | "kilo" | "alibaba-coding-plan")
    }

    /// True where the provider has windows at all, so that none yet means unused.
    pub fn has_windows(&self) -> bool {
        self.is_refreshable()
    }
}

/// The part of a window already spent, in percent. Providers report more than 100 during overage, and that is kept.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Utilization(f32);

impl Utilization {
    /// From percent; none where it is no number.
    pub fn from_percent(percent: f64) -> Option<Self> {
        percent.is_finite().then(|| Self(percent.clamp(0.0, 9999.0) as f32))
    }

    /// Percent, not below 0, possibly above 100.
    pub fn percent(self) -> f32 {
        self.0
    }
}

/// One window of `usageData`: how full it is, and when it empties. Its reset belongs to the bar and may differ by hours
/// from [`Account::reset`], which is the time that the scheduler compares.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageWindow {
    /// How much is spent.
    pub utilization: Utilization,
    /// When the provider says it empties.
    pub resets_at: Option<Timestamp>,
}

impl UsageWindow {
    /// What is spent of it at `now`; none where it has emptied since.
    pub fn spent_at(&self, now: Timestamp) -> Option<Utilization> {
        self.resets_at.is_none_or(|t| t > now).then_some(self.utilization)
    }
}

/// What is known of an account's sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// There is a refresh token: the server can renew the access token by itself.
    pub renewable: bool,
    /// The access token is valid. Means nothing for accounts with an API key.
    pub valid: bool,
    /// When the access token ends.
    pub expires_at: Option<Timestamp>,
}

/// Why an account is paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PauseReason {
    /// By a person.
    Manual,
    /// Use went over the plan's limit.
    Overage,
    /// Five refreshes in a row failed.
    Failures,
    /// Z.ai's peak hours.
    PeakHours,
    /// A rate-limit window.
    RateLimitWindow,
    /// A word that is not known here.
    Other(Plain),
}

impl PauseReason {
    /// From the server's word.
    pub fn new(word: &str) -> Self {
        match word {
            "manual" => Self::Manual,
            "overage" => Self::Overage,
            "failure_threshold" => Self::Failures,
            "peak_hours" => Self::PeakHours,
            "rate_limit_window" => Self::RateLimitWindow,
            other => Self::Other(Plain::new(other)),
        }
    }
}

/// A switch of one account that can be changed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// Refresh the account when its window is over.
    AutoRefresh,
    /// Return to the account when its window resets.
    AutoFallback,
    /// Take the account out of use.
    Paused,
}

/// One switch to be set one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Which switch.
    pub setting: Setting,
    /// To what.
    pub to: bool,
}

/// What else than the switches the server lets be changed, as far as the row shows it. A path that a server does not have would be
/// forwarded to a provider (`docs/server-contract.md`, section 1), so nothing is asked for that is not known to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    /// The priority can be set.
    pub priority: bool,
    /// The endpoint can be set.
    pub endpoint: bool,
    /// Usage can be read anew, and a limit cleared.
    pub commands: bool,
}

impl Offers {
    /// All of it.
    pub const ALL: Self = Self { priority: true, endpoint: true, commands: true };
}

/// One account of the server's list (`docs/server-contract.md`, section 3).
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the server's independent switches, not one state in pieces"
)]
pub struct Account {
    /// Names it towards the server.
    pub id: AccountId,
    /// What people call it. Not unique.
    pub name: Plain,
    /// Why the row could not be read, if so; then only `id` and `name` mean anything.
    pub fault: Option<Plain>,
    /// Who is behind it.
    pub provider: Provider,
    /// Lower is used first.
    pub priority: i64,
    /// Out of use.
    pub paused: bool,
    /// Why, where the server says (newer servers only).
    pub pause_reason: Option<PauseReason>,
    /// The auto-refresh switch; none where the server has no such feature.
    pub auto_refresh: Option<bool>,
    /// The auto-fallback switch; none where the server has no such feature.
    pub auto_fallback: Option<bool>,
    /// Paused and resumed by the server on overage.
    pub auto_pause_on_overage: bool,
    /// The server's display text, matched by prefix only.
    pub rate_limit_status: Plain,
    /// End of the window, which the scheduler compares. In the past: over.
    pub reset: Option<Timestamp>,
    /// End of the cooldown after a refused request. A past one means nothing.
    pub cooldown_until: Option<Timestamp>,
    /// The server's word for why.
    pub cooldown_reason: Option<Plain>,
    /// Held back by the server's usage throttling until then.
    pub throttled_until: Option<Timestamp>,
    /// The sign-in; none where the list says nothing about it.
    pub token: Option<Token>,
    /// The server knows that a person must sign in again (newer servers only).
    pub requires_reauth: bool,
    /// The server's first choice (newer servers only).
    pub primary: bool,
    /// The five-hour window's use.
    pub five_hour: Option<UsageWindow>,
    /// The seven-day window's use.
    pub seven_day: Option<UsageWindow>,
    /// The fullest window's use.
    pub highest: Option<Utilization>,
    /// Where its requests go instead of the provider's own address.
    pub endpoint: Option<Plain>,
    /// What can be changed besides the switches.
    pub offers: Offers,
}

impl Account {
    /// An account of which only its names are known. Everything else is empty, off or none.
    pub fn named(id: &str, name: &str, provider: Provider) -> Self {
        Self {
            id: AccountId::new(id),
            name: Plain::new(name),
            fault: None,
            provider,
            priority: 0,
            paused: false,
            pause_reason: None,
            auto_refresh: None,
            auto_fallback: None,
            auto_pause_on_overage: false,
            rate_limit_status: Plain::default(),
            reset: None,
            cooldown_until: None,
            cooldown_reason: None,
            throttled_until: None,
            token: None,
            requires_reauth: false,
            primary: false,
            five_hour: None,
            seven_day: None,
            highest: None,
            endpoint: None,
            offers: Offers::default(),
        }
    }

    /// The switch's position, or none where the server does not have it.
    pub fn setting(&self, setting: Setting) -> Option<bool> {
        match setting {
            Setting::AutoRefresh => self.auto_refresh,
            Setting::AutoFallback => self.auto_fallback,
            Setting::Paused => Some(self.paused),
        }
    }
}

/// An answer to a request for the list.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountsAnswer {
    /// The accounts, in the server's order.
    pub accounts: Vec<Account>,
    /// When the request left, by our clock.
    pub sent: Timestamp,
    /// When the head of the answer came, by our clock.
    pub received: Timestamp,
    /// The answer's `Date` header.
    pub date: Option<Timestamp>,
    /// The rows as they came.
    pub rows: Rows,
}
