//! The scheduler as pure steps, by the rule of `docs/server-contract.md`, section 5.

use chrono::{TimeDelta, Timelike as _};

use super::account::{Account, PauseReason, Usage};
use super::balancer::Balancer;
use super::log::Record;
use super::provider::{Answer, Mode, PROMPTS, Reply, Reset};
use super::wording::{self, Pen};
use super::world::{Treatment, World};
use crate::model::Timestamp;

/// Failures in a row after which an account is paused.
pub const THRESHOLD: u32 = 5;
/// The cooldown after a 429 that names no time.
const COOLDOWN: TimeDelta = TimeDelta::seconds(60);
/// So long after tokens could not be renewed it is not tried again.
const TOKEN_BACKOFF: TimeDelta = TimeDelta::seconds(60);
/// Words by which a provider says that an account is limited, whatever its status.
pub(super) const LIMITED: [&str; 5] =
    ["rate_limited", "blocked", "queueing_hard", "payment_required", "rejected"];

/// Who is to be refreshed, one after another, and what was written on finding it out.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The accounts' ids.
    pub due: Vec<String>,
    /// The records.
    pub records: Vec<Record>,
}

/// One dummy message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The account.
    pub id: String,
    /// Where to, where not to the built-in provider.
    pub endpoint: Option<String>,
    /// The text.
    pub prompt: &'static str,
    /// The model.
    pub model: &'static str,
}

/// What stands in the way of refreshing an account now.
fn obstacle(account: &Account, last: Option<Timestamp>, now: Timestamp) -> Option<&'static str> {
    if !account.auto_refresh_enabled {
        return Some("auto-refresh is off");
    }
    if !account.is_eligible() {
        return Some("its provider has no auto-refresh");
    }
    if account.paused && !account.is_paused_for_overage() {
        return Some("it is paused");
    }
    if account.rate_limited_until.is_some_and(|t| t > now) {
        return Some("it is cooling down");
    }
    match (account.rate_limit_reset, last) {
        (Some(reset), _) if reset > now => Some("its window is still open"),
        (None, Some(_)) => Some("it was refreshed, and no reset is known since"),
        _ => None,
    }
}

impl World {
    /// The server starts: what the scheduler kept in memory is gone.
    pub fn start(&mut self, now: Timestamp) -> Vec<Record> {
        self.tracked.clear();
        self.failures.clear();
        self.unrenewed.clear();
        self.balancer = Balancer::default();
        self.started = Some(now);
        let mut pen = self.pen(now);
        pen.started();
        pen.done()
    }

    /// One tick: finds out who is due.
    pub fn check(&mut self, now: Timestamp) -> Batch {
        let mut pen = self.pen(now);
        self.keep_peak_hours(now, &mut pen);
        let kept = |id: &String| {
            self.accounts.iter().any(|account| account.id == *id && account.auto_refresh_enabled)
        };
        self.tracked.retain(|id, _| kept(id));
        self.failures.retain(|id, _| kept(id));
        pen.considering(self.accounts.iter().filter(|a| a.auto_refresh_enabled).count());
        let mut due = Vec::new();
        for account in &self.accounts {
            let last = self.tracked.get(&account.id).copied();
            if let Some(why) = obstacle(account, last, now) {
                pen.skipped(&account.name, why);
                continue;
            }
            pen.due(account, last);
            due.push(account.id.clone());
        }
        if !due.is_empty() {
            pen.found(due.len());
        }
        Batch { due, records: pen.done() }
    }

    /// The account's turn has come. No message where it was changed while it waited and is not to be refreshed any more.
    pub fn begin(&mut self, id: &str, now: Timestamp) -> (Option<Probe>, Vec<Record>) {
        let mut pen = self.pen(now);
        let last = self.tracked.get(id).copied();
        let Some(account) = self.accounts.iter().find(|a| a.id == id) else { return (None, pen.done()) };
        if let Some(why) = obstacle(account, last, now) {
            pen.skipped(&account.name, why);
            return (None, pen.done());
        }
        pen.sending(account, self.port);
        if self.treatment(id).mode != Mode::KeyWanted {
            pen.proxied(account);
        }
        let endpoint = account.custom_endpoint.clone();
        let choice = self.roll(PROMPTS.len() as u64) as usize;
        let prompt = PROMPTS.get(choice).copied().unwrap_or_default();
        let model = wording::MODELS.first().copied().unwrap_or_default();
        (Some(Probe { id: id.to_owned(), endpoint, prompt, model }), pen.done())
    }

    /// What came of the message that [`Self::begin`] gave.
    pub fn settle(&mut self, id: &str, reply: &Reply, now: Timestamp) -> Vec<Record> {
        let mut pen = self.pen(now);
        let (port, Treatment { window, mode, .. }) = (self.port, self.treatment(id));
        let Some(account) = self.accounts.iter_mut().find(|a| a.id == id) else { return pen.done() };
        let name = account.name.clone();
        let mut kind = "non-401 error";
        match reply {
            Reply::Answer(answer) if answer.status == 200 && !is_limited(answer) => {
                succeed(account, answer, window, now);
                pen.succeeded(account, answer);
                if let Some(reset) = answer.reset.time() {
                    self.tracked.insert(id.to_owned(), reset);
                }
                if mode != Mode::NoUsage {
                    pen.fetched(account);
                    self.failures.remove(id);
                    return pen.done();
                }
                account.usage = None;
                pen.no_usage(&name);
                kind = "exception";
            }
            Reply::Answer(answer) if answer.status == 200 => {
                // The answer came, so what its headers say is known.
                use_once(account, now);
                take_in(account, answer);
                let until = cool(account, answer, "upstream_429_with_reset", now);
                pen.cooldown(&name, "upstream_429_with_reset", until);
                pen.exceeded(account);
                pen.proxy_failed();
                pen.unavailable(&name, &wording::status_text(429));
            }
            Reply::Answer(answer) if answer.status == 429 => {
                let until = cool(account, answer, "model_fallback_429", now);
                pen.limited(&name);
                pen.cooldown(&name, "model_fallback_429", until);
                pen.proxy_failed();
                pen.unavailable(&name, &wording::status_text(429));
            }
            Reply::Answer(answer) if answer.status == 401 && mode == Mode::KeyWanted => {
                account.auto_refresh_enabled = false;
                pen.key_wanted(&name, port);
                return pen.done(); // not counted
            }
            Reply::Answer(answer) if answer.status == 401 => {
                pen.unauthorized(&name);
                pen.unavailable(&name, &wording::status_text(401));
            }
            Reply::Answer(answer) => {
                if answer.status == 404 {
                    for model in 1..wording::MODELS.len() {
                        pen.attempt(account, model, port);
                        pen.proxied(account);
                    }
                } else {
                    use_once(account, now);
                }
                pen.refused(&name, answer);
            }
            Reply::Broken(text) => {
                pen.broken(&name, text);
                pen.unavailable(&name, &wording::status_text(503));
            }
            Reply::SignedOut => {
                let is_backing_off = self.unrenewed.get(id).is_some_and(|t| now - *t <= TOKEN_BACKOFF);
                if !is_backing_off {
                    self.unrenewed.insert(id.to_owned(), now);
                }
                pen.signed_out(account, is_backing_off);
                pen.unavailable(&name, &wording::status_text(401));
            }
            Reply::TimedOut => {
                pen.timed_out(account, port);
                return pen.done(); // not counted, so it happens again
            }
        }
        let count = self.failures.entry(id.to_owned()).or_default();
        *count += 1;
        pen.strike(&name, *count, kind, THRESHOLD);
        if *count >= THRESHOLD {
            pen.struck_out(&name, *count);
            account.pause(PauseReason::FailureThreshold);
            self.failures.remove(id);
        }
        pen.done()
    }

    /// Z.ai's peak hours are those from 06 to 10 by UTC.
    fn keep_peak_hours(&mut self, now: Timestamp, pen: &mut Pen) {
        let peak = (6..10).contains(&now.hour());
        for account in self.accounts.iter_mut().filter(|a| a.provider == "zai" && a.peak_hours_pause_enabled)
        {
            if peak && !account.paused {
                account.pause(PauseReason::PeakHours);
                pen.peak(&account.name, true);
            } else if !peak && account.paused && account.pause_reason == Some(PauseReason::PeakHours) {
                account.resume();
                pen.peak(&account.name, false);
            }
        }
    }

    pub(super) fn pen(&self, now: Timestamp) -> Pen {
        Pen::new(self.dialect, self.debug, now)
    }
}

fn is_limited(answer: &Answer) -> bool {
    answer.word.as_deref().is_some_and(|word| LIMITED.contains(&word))
}

fn use_once(account: &mut Account, now: Timestamp) {
    account.request_count += 1;
    account.total_requests += 1;
    account.last_used = Some(now);
}

/// What the answer's headers say.
fn take_in(account: &mut Account, answer: &Answer) {
    match answer.reset {
        Reset::At(reset) => account.rate_limit_reset = Some(reset),
        Reset::Nonsense => account.rate_limit_reset = None,
        Reset::Absent => {}
    }
    if answer.word.is_some() {
        account.rate_limit_status.clone_from(&answer.word);
    }
    if answer.remaining.is_some() {
        account.rate_limit_remaining = answer.remaining;
    }
}

/// The account cools down until the time that the answer names, and says until when that is.
fn cool(account: &mut Account, answer: &Answer, why: &'static str, now: Timestamp) -> Timestamp {
    let until = answer.reset.time().filter(|t| *t > now).unwrap_or(now + COOLDOWN);
    account.rate_limited_until = Some(until);
    account.rate_limited_reason = Some(why);
    account.rate_limited_at = Some(now);
    until
}

fn succeed(account: &mut Account, answer: &Answer, window: TimeDelta, now: Timestamp) {
    use_once(account, now);
    account.end_cooldown();
    take_in(account, answer);
    if account.provider == "anthropic" || answer.reset.time().is_some() {
        let before = account.usage;
        let seven_ends = before.and_then(|usage| usage.seven_day_resets).filter(|t| *t > now);
        account.usage = Some(Usage {
            five_hour: if answer.reset == Reset::Absent { before.map_or(1.0, |u| u.five_hour) } else { 1.0 },
            five_hour_resets: answer.reset.time().or(before.and_then(|u| u.five_hour_resets)),
            seven_day: before.map_or(12.3, |usage| usage.seven_day),
            seven_day_resets: seven_ends.or(Some(now + window * 34)),
        });
    }
    if account.is_paused_for_overage() {
        account.resume(); // the log says nothing of it
    }
}

#[cfg(test)]
mod tests;
