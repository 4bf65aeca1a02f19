//! Simulated use, so that the accounts live: it fills windows, uses them up, opens new ones.

use chrono::{SubsecRound as _, TimeDelta};

use super::account::{Account, PauseReason, Usage};
use super::log::{Level, Record};
use super::wording::Pen;
use super::world::{Noise, World};
use crate::model::Timestamp;

/// From so much use on the provider warns.
const WARNS_AT: f64 = 90.0;
/// A window that nobody refreshes is opened by a real request, which comes in one of so many seconds where the balancer sends none.
const OPENED_IN: u64 = 30;

impl World {
    /// A second of use. Also makes the provider change its mind where the scenario says so.
    pub fn live(&mut self, now: Timestamp) -> Vec<Record> {
        let mut pen = self.pen(now);
        self.make_noise(now, &mut pen);
        let due = self.turns.iter().filter(|turn| turn.at <= now);
        for (id, mode) in due.map(|turn| (turn.id.clone(), turn.mode)).collect::<Vec<_>>() {
            self.treatments.entry(id).or_default().mode = mode;
        }
        self.turns.retain(|turn| turn.at > now);
        let chosen = if self.traffic > 0.0 { self.choose(now, &mut pen) } else { None };
        for place in 0..self.accounts.len() {
            let chance = (self.roll(OPENED_IN), self.roll(1_000) as f64 / 1_000.0);
            let Some(account) = self.accounts.get_mut(place) else { continue };
            let treatment = self.treatments.get(&account.id).copied().unwrap_or_default();
            let share = if chosen.as_ref() == Some(&account.id) { self.traffic } else { 0.0 };
            let traffic = treatment.traffic + share;
            if traffic <= 0.0 || !account.is_usable(now) {
                continue;
            }
            if !account.is_eligible() {
                count(account, now); // it has no windows
                continue;
            }
            if account.rate_limit_reset.is_none_or(|reset| reset <= now) {
                // Where the scheduler refreshes, it comes first.
                if (share > 0.0 || chance.0 == 0) && !account.auto_refresh_enabled {
                    open(account, treatment.window, now);
                }
                continue;
            }
            let used = spend(account, traffic * (0.5 + chance.1), now);
            if used < 100.0 {
                let word = if used >= WARNS_AT { "allowed_warning" } else { "allowed" };
                account.rate_limit_status = Some(word.to_owned());
            } else if account.auto_pause_on_overage_enabled {
                account.pause(PauseReason::Overage);
            } else {
                let until = account.rate_limit_reset.unwrap_or(now);
                account.rate_limit_status = Some("rate_limited".to_owned());
                account.rate_limited_until = Some(until);
                account.rate_limited_reason = Some("upstream_429_with_reset");
                account.rate_limited_at = Some(now);
                pen.limited(&account.name);
                pen.cooldown(&account.name, "upstream_429_with_reset", until);
            }
        }
        pen.done()
    }

    /// The records of this second that are about nothing.
    fn make_noise(&self, now: Timestamp, pen: &mut Pen) {
        let Noise { flood, chatter, longest } = &self.noise;
        let second = now.timestamp().unsigned_abs() as usize;
        for n in 0..*flood {
            pen.say(Level::Info, format!("Request {n}: POST /v1/messages"));
        }
        if let Some(text) = chatter.get(second % chatter.len().max(1)) {
            pen.say(Level::Warn, text.as_str());
        }
        if *longest > 0 && second.is_multiple_of(30) {
            pen.say(Level::Warn, "long ".repeat(longest.div_ceil(5)));
        }
    }
}

/// A real request opens a window.
fn open(account: &mut Account, window: TimeDelta, now: Timestamp) {
    let reset = (now + window).trunc_subsecs(0);
    account.rate_limit_reset = Some(reset);
    account.rate_limit_status = Some("allowed".to_owned());
    if let Some(usage) = &mut account.usage {
        usage.five_hour = 0.0;
        usage.five_hour_resets = Some(reset);
    }
    spend(account, 0.0, now);
}

/// Counts a request.
fn count(account: &mut Account, now: Timestamp) {
    account.request_count += 1;
    account.total_requests += 1;
    account.session_requests = Some(account.session_requests.unwrap_or_default() + 1);
    account.last_used = Some(now);
}

/// Counts a request and what it used, and says how much of the window is used now.
fn spend(account: &mut Account, percent: f64, now: Timestamp) -> f64 {
    count(account, now);
    let reset = account.rate_limit_reset;
    let usage = account.usage.get_or_insert(Usage {
        five_hour: 0.0,
        five_hour_resets: reset,
        seven_day: 0.0,
        seven_day_resets: Some(now + TimeDelta::days(7)),
    });
    let tenths = |percent: f64| (percent * 10.0).round() / 10.0;
    usage.five_hour = tenths((usage.five_hour + percent).min(100.0));
    usage.seven_day = tenths((usage.seven_day + percent / 34.0).min(99.0));
    usage.five_hour
}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::super::world::Treatment;
    use super::*;

    fn busy(overage: bool) -> World {
        let mut account = Account::new("a", "a", "anthropic", Timestamp::UNIX_EPOCH);
        account.rate_limit_reset = Some(Timestamp::UNIX_EPOCH + TimeDelta::minutes(5));
        account.auto_pause_on_overage_enabled = overage;
        let mut world = World::new(vec![account], Dialect::Observed, 7);
        world.treatments.insert("a".to_owned(), Treatment { traffic: 1.0, ..Treatment::default() });
        world
    }

    fn run(world: &mut World, seconds: i32) -> Vec<Record> {
        (0..seconds).flat_map(|s| world.live(Timestamp::UNIX_EPOCH + TimeDelta::seconds(1) * s)).collect()
    }

    #[test]
    fn use_fills_a_window_and_then_the_provider_refuses() {
        let mut world = busy(false);
        run(&mut world, 20);
        let used = world.accounts[0].usage.unwrap().five_hour;
        assert!((10.0..30.0).contains(&used), "{used}");
        let records = run(&mut world, 280);
        let account = &world.accounts[0];
        assert_eq!(account.rate_limited_until, account.rate_limit_reset);
        assert_eq!(records.len(), 2);
        assert_eq!(account.rate_limit_status.as_deref(), Some("rate_limited"));
    }

    #[test]
    fn overage_pauses_where_it_is_asked_to() {
        let mut world = busy(true);
        run(&mut world, 299);
        assert_eq!(world.accounts[0].pause_reason, Some(PauseReason::Overage));
    }

    #[test]
    fn a_window_that_nobody_refreshes_is_opened_by_use() {
        let mut world = busy(false);
        world.accounts[0].rate_limit_reset = None;
        run(&mut world, 300);
        assert!(world.accounts[0].rate_limit_reset.is_some());
    }

    #[test]
    fn the_same_seed_is_the_same_run() {
        let (mut a, mut b) = (busy(false), busy(false));
        assert_eq!(run(&mut a, 200), run(&mut b, 200));
        assert_eq!(a.accounts, b.accounts);
    }
}
