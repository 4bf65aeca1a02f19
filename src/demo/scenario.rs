//! Scenarios: accounts, windows, provider and traffic, as TOML.

use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Dialect;
use super::account::{Account, PauseReason, Usage};
use super::provider::Mode;
use super::server::Outage;
use super::simulate::Simulation;
use super::world::{Noise, Treatment, Turn, World};
use crate::model::Timestamp;

/// The scenarios that are built in.
const BUILT_IN: [(&str, &str); 9] = [
    ("tour", include_str!("../../assets/scenarios/tour.toml")),
    ("guide", include_str!("../../assets/scenarios/guide.toml")),
    ("failing", include_str!("../../assets/scenarios/failing.toml")),
    ("exhausted", include_str!("../../assets/scenarios/exhausted.toml")),
    ("restart", include_str!("../../assets/scenarios/restart.toml")),
    ("skewed-clock", include_str!("../../assets/scenarios/skewed-clock.toml")),
    ("flood", include_str!("../../assets/scenarios/flood.toml")),
    ("hostile", include_str!("../../assets/scenarios/hostile.toml")),
    ("crowd", include_str!("../../assets/scenarios/crowd.toml")),
];

/// Longest window, latency and the like: a century of seconds, which no sum of times can overflow.
const LONGEST: f64 = 3.2e9;
/// Most accounts.
const MOST_ACCOUNTS: usize = 20_000;
/// Most records a second.
const MOST_FLOOD: u32 = 100_000;
/// The longest record.
const MOST_BYTES: usize = 16 << 20;

/// Why a scenario cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// Neither a built-in one nor a file.
    #[error("no scenario `{0}`; there are {names}, or name a file", names = names())]
    Unknown(String),
    /// The file cannot be read.
    #[error("scenario {0}: {1}")]
    Unreadable(String, std::io::Error),
    /// It is not what a scenario is; where, and why.
    #[error("scenario {0}: {1}")]
    Wrong(String, String),
}

fn names() -> String {
    BUILT_IN.map(|(name, _)| name).join(", ")
}

/// A scenario, read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows.
    pub about: String,
    /// Seconds between two checks.
    #[serde(default = "minute")]
    tick: f64,
    /// Seconds that a window lasts.
    #[serde(default = "five_hours")]
    window: f64,
    /// Percent of a window that is used in a second by requests that go to one account at a time.
    #[serde(default)]
    traffic: f64,
    /// Seconds that the provider takes to answer.
    #[serde(default = "latency")]
    latency: f64,
    /// Seconds by which the server's clock is ahead of the machine's.
    #[serde(default)]
    clock_ahead: f64,
    /// Seconds from a start of the server until it goes away.
    outage_after: Option<f64>,
    /// Seconds that it then stays away.
    #[serde(default)]
    outage_lasts: f64,
    /// Records a second that say nothing.
    #[serde(default)]
    flood: u32,
    /// Records that are written now and then.
    #[serde(default)]
    chatter: Vec<String>,
    /// Bytes of a record that is written now and then; 0 for none.
    #[serde(default)]
    longest_record: usize,
    /// The accounts.
    #[serde(default)]
    accounts: Vec<Entry>,
}

fn minute() -> f64 {
    60.0
}

fn five_hours() -> f64 {
    18_000.0
}

fn one() -> usize {
    1
}

/// How an account signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SignIn {
    /// As its provider does.
    #[default]
    Well,
    /// The access token has expired and there is no other.
    Dead,
    /// The access token has expired and will be renewed.
    Expired,
}

/// Why an account is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Pause {
    Manual,
    Overage,
    Failures,
    PeakHours,
}

/// The provider changes its mind.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Then {
    at: f64,
    mode: Mode,
}

/// One account; every time is in seconds from the start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "they are the account's independent switches")]
struct Entry {
    name: String,
    #[serde(default = "anthropic")]
    provider: String,
    #[serde(default)]
    priority: i64,
    #[serde(default)]
    auto_refresh: bool,
    #[serde(default)]
    auto_fallback: bool,
    #[serde(default)]
    auto_pause_on_overage: bool,
    #[serde(default)]
    peak_hours_pause: bool,
    paused: Option<Pause>,
    resets_in: Option<f64>,
    cooling_for: Option<f64>,
    throttled_for: Option<f64>,
    status: Option<String>,
    used: Option<f64>,
    #[serde(default)]
    week: f64,
    #[serde(default)]
    sign_in: SignIn,
    endpoint: Option<String>,
    window: Option<f64>,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    then: Vec<Then>,
    latency: Option<f64>,
    /// Percent of the window that is used in a second.
    #[serde(default)]
    traffic: f64,
    /// So many of it, numbered.
    #[serde(default = "one")]
    copies: usize,
    /// By so much each copy's window ends later than the one's before it.
    #[serde(default)]
    spread: f64,
    /// Fields of the list in its own spelling and as they are, whatever else is said here.
    #[serde(default)]
    fields: toml::Table,
    /// Fields that its row lacks.
    #[serde(default)]
    without: Vec<String>,
}

fn anthropic() -> String {
    "anthropic".to_owned()
}

fn latency() -> f64 {
    0.4
}

/// Seconds as a span.
fn span(seconds: f64) -> TimeDelta {
    TimeDelta::milliseconds((seconds.clamp(-LONGEST, LONGEST) * 1_000.0) as i64)
}

impl Scenario {
    /// The built-in one of that name, else the file.
    ///
    /// # Errors
    /// Where there is neither, or it is not what a scenario is.
    pub fn load(name: &str) -> Result<Self, ScenarioError> {
        if let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
            return Self::read(name, text);
        }
        if !Path::new(name).exists() {
            return Err(ScenarioError::Unknown(name.to_owned()));
        }
        let text = std::fs::read_to_string(name);
        Self::read(name, &text.map_err(|error| ScenarioError::Unreadable(name.to_owned(), error))?)
    }

    fn read(name: &str, text: &str) -> Result<Self, ScenarioError> {
        let wrong = |why: String| ScenarioError::Wrong(name.to_owned(), why);
        let scenario: Self = toml::from_str(text).map_err(|error| {
            let (line, why) = wrong::explain(text, &error);
            ScenarioError::Wrong(format!("{name}:{line}"), why)
        })?;
        if scenario.accounts.iter().map(|a| a.copies).fold(0, usize::saturating_add) > MOST_ACCOUNTS {
            return Err(wrong(format!("more than {MOST_ACCOUNTS} accounts")));
        }
        if !(0.05..=LONGEST).contains(&scenario.tick) {
            return Err(wrong("tick: must be 0.05 seconds or more".to_owned()));
        }
        Ok(scenario)
    }

    /// The time between two checks.
    pub fn tick(&self) -> Duration {
        Duration::from_secs_f64(self.tick)
    }

    /// How far the server's clock is ahead.
    pub fn clock_ahead(&self) -> TimeDelta {
        span(self.clock_ahead)
    }

    /// When the server goes away and for how long, where it does.
    pub fn outage(&self) -> Option<Outage> {
        let seconds = |s: f64| Duration::from_secs_f64(s.clamp(0.1, LONGEST));
        let up = self.outage_after.map(seconds)?;
        Some(Outage { up, down: seconds(self.outage_lasts) })
    }

    /// The server of this scenario in simulated time, which starts at `now` by its own clock.
    pub fn simulation(&self, dialect: Dialect, seed: u64, now: Timestamp) -> Simulation {
        Simulation::new(self.world(dialect, seed, now), now, span(self.tick), self.outage())
    }

    /// The world as it is at `now`, when the run begins.
    pub fn world(&self, dialect: Dialect, seed: u64, now: Timestamp) -> World {
        let mut world = World::new(Vec::new(), dialect, seed);
        world.traffic = self.traffic;
        world.noise = Noise {
            flood: self.flood.min(MOST_FLOOD),
            chatter: self.chatter.clone(),
            longest: self.longest_record.min(MOST_BYTES),
        };
        for entry in &self.accounts {
            for copy in 0..entry.copies {
                let (number, random) = (world.accounts.len(), world.roll(1 << 32));
                let id = format!("{random:08x}-0000-4000-8000-{number:012x}");
                world.accounts.push(entry.account(&id, copy, now));
                let treatment = Treatment {
                    mode: entry.mode,
                    window: span(entry.window.unwrap_or(self.window)),
                    latency: span(entry.latency.unwrap_or(self.latency)),
                    traffic: entry.traffic,
                };
                let turns = entry.then.iter();
                world.turns.extend(turns.map(|then| Turn {
                    at: now + span(then.at),
                    id: id.clone(),
                    mode: then.mode,
                }));
                world.treatments.insert(id, treatment);
            }
        }
        world.turns.sort_by_key(|turn| turn.at);
        world
    }
}

impl Entry {
    fn account(&self, id: &str, copy: usize, now: Timestamp) -> Account {
        let name = if self.copies > 1 {
            let digits = (self.copies - 1).to_string().len();
            format!("{}-{copy:0digits$}", self.name)
        } else {
            self.name.clone()
        };
        let mut account = Account::new(id, &name, &self.provider, now);
        let after = |seconds: Option<f64>| seconds.map(|s| now + span(s));
        account.priority = self.priority;
        account.auto_refresh_enabled = self.auto_refresh;
        account.auto_fallback_enabled = self.auto_fallback;
        account.auto_pause_on_overage_enabled = self.auto_pause_on_overage;
        account.peak_hours_pause_enabled = self.peak_hours_pause;
        if let Some(pause) = self.paused {
            account.pause(match pause {
                Pause::Manual => PauseReason::Manual,
                Pause::Overage => PauseReason::Overage,
                Pause::Failures => PauseReason::FailureThreshold,
                Pause::PeakHours => PauseReason::PeakHours,
            });
        }
        account.rate_limit_reset = after(self.resets_in.map(|s| s + self.spread * copy as f64));
        account.rate_limit_status.clone_from(&self.status);
        account.rate_limited_until = after(self.cooling_for);
        if self.cooling_for.is_some() {
            account.rate_limited_at = Some(now);
            account.rate_limited_reason = Some("upstream_429_with_reset");
        }
        account.usage_throttled_until = after(self.throttled_for);
        account.usage = self.used.map(|used| Usage {
            five_hour: used,
            five_hour_resets: account.rate_limit_reset,
            seven_day: self.week,
            seven_day_resets: Some(now + TimeDelta::days(3)),
        });
        match self.sign_in {
            SignIn::Well => {}
            SignIn::Expired => account.token.expires = Some(now - TimeDelta::hours(1)),
            SignIn::Dead => {
                account.token.refresh = false;
                account.token.expires = Some(now - TimeDelta::hours(1));
            }
        }
        account.custom_endpoint.clone_from(&self.endpoint);
        for (field, value) in &self.fields {
            account.set(field, as_json(value));
        }
        for field in &self.without {
            account.omit(field);
        }
        account
    }
}

/// A value of TOML as one of JSON; a date is its text.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text.as_str()),
        toml::Value::Integer(n) => Value::from(*n),
        toml::Value::Float(n) => Value::from(*n),
        toml::Value::Boolean(yes) => Value::from(*yes),
        toml::Value::Datetime(date) => Value::from(date.to_string()),
        toml::Value::Array(list) => list.iter().map(as_json).collect(),
        toml::Value::Table(table) => Value::Object(
            table.iter().map(|(name, value)| (name.clone(), as_json(value))).collect::<Map<_, _>>(),
        ),
    }
}

mod wrong;

#[cfg(test)]
mod tests;
