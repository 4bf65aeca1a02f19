//! The balancer: real requests go to one account at a time (`docs/server-contract.md`, section 3, and the guide's auto-fallback).
//!
//! It stays with an account while that can be used, and then takes the usable one with the lowest priority number. An account with
//! auto-fallback takes over again when the window in which it was given up has ended.

use std::collections::BTreeMap;

use super::account::Account;
use super::log::Level;
use super::scheduler::LIMITED;
use super::wording::Pen;
use super::world::World;
use crate::model::Timestamp;

/// Where requests go, and where they went before.
#[derive(Debug, Clone, Default)]
pub(super) struct Balancer {
    /// The account that gets them, by id.
    current: Option<String>,
    /// Accounts that were left because they could not be used any more, and when the window ends in which that was.
    left: BTreeMap<String, Timestamp>,
}

impl Account {
    /// True where requests can be sent by it.
    pub(super) fn is_usable(&self, now: Timestamp) -> bool {
        let refused = self.rate_limit_status.as_deref().is_some_and(|word| LIMITED.contains(&word))
            && self.rate_limit_reset.is_some_and(|t| t > now);
        !self.paused
            && !refused
            && !self.is_signed_out(now)
            && self.rate_limited_until.is_none_or(|t| t <= now)
    }
}

impl World {
    /// Chooses who gets the requests of this second, by id.
    pub(super) fn choose(&mut self, now: Timestamp, pen: &mut Pen) -> Option<String> {
        let Self { accounts, balancer, .. } = self;
        let find = |id: &str| accounts.iter().find(|a| a.id == id);
        let Balancer { current, left } = balancer;
        left.retain(|id, _| find(id).is_some());
        let held = current.as_deref().and_then(find);
        if let Some(account) = held.filter(|a| !a.is_usable(now)) {
            let ends = account.rate_limit_reset.max(account.rate_limited_until).unwrap_or(now);
            left.insert(account.id.clone(), ends);
        }
        let held = held.filter(|a| a.is_usable(now));
        let comes_back = |account: &Account| {
            let is_first = held.is_none_or(|held| account.priority < held.priority);
            account.auto_fallback_enabled && is_first && left.get(&account.id).is_some_and(|t| *t <= now)
        };
        let usable = || accounts.iter().filter(|a| a.is_usable(now));
        let chosen = usable()
            .filter(|a| comes_back(a))
            .min_by_key(|a| a.priority)
            .or(held)
            .or_else(|| usable().min_by_key(|a| a.priority));
        let chosen = chosen.map(|a| (a.id.clone(), a.name.clone()));
        if let Some((id, name)) = &chosen {
            left.remove(id);
            if current.as_ref() != Some(id) {
                pen.tell(Level::Info, format!("Starting new session for account {name}"));
            }
        }
        let id = chosen.map(|(id, _)| id);
        if *current != id {
            let before = std::mem::replace(current, id.clone());
            for account in &mut self.accounts {
                if before.as_ref() == Some(&account.id) {
                    account.session_requests = None;
                } else if id.as_ref() == Some(&account.id) {
                    account.session_requests = Some(0);
                }
            }
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::Dialect;
    use super::super::account::PauseReason;
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    /// Three accounts with windows that end at 100, 200 and 300 seconds; the list has the first choice last.
    fn world(traffic: f64) -> World {
        let account = |name: &str, priority, ends| {
            let mut account = Account::new(name, name, "anthropic", at(0));
            account.priority = priority;
            account.rate_limit_reset = Some(at(ends));
            account
        };
        let accounts = vec![account("third", 9, 300), account("second", 1, 200), account("first", 0, 100)];
        let mut world = World::new(accounts, Dialect::Observed, 3);
        world.traffic = traffic;
        world
    }

    /// Who has a session after each second.
    fn run(world: &mut World, seconds: std::ops::Range<i64>) -> Vec<String> {
        let active = |world: &World| {
            let mut active = world.accounts.iter().filter(|a| a.session_requests.is_some());
            let name = active.next().map(|a| a.name.clone());
            assert!(active.next().is_none(), "only one account has a session");
            name.unwrap_or_default()
        };
        let step = |second| {
            world.live(at(second));
            active(world)
        };
        seconds.map(step).collect()
    }

    #[test]
    fn requests_go_to_the_lowest_priority_number_and_stay_there() {
        let mut world = world(0.1);
        assert_eq!(run(&mut world, 0..10), ["first"; 10]);
        world.account_mut("second").unwrap().priority = -5;
        assert_eq!(run(&mut world, 10..20), ["first"; 10], "a better one is no reason to change");
        let first = world.account("first").unwrap();
        assert_eq!((first.request_count, first.session_requests), (20, Some(20)));
        assert_eq!(first.to_row(at(20))["sessionInfo"], "Active: 20 reqs");
        assert!((1.0..3.0).contains(&first.usage.unwrap().five_hour));
        assert_eq!(world.account("third").unwrap().request_count, 0);
    }

    #[test]
    fn who_is_used_up_paused_or_signed_out_is_left_for_the_next() {
        let mut world = world(3.0);
        let seen = run(&mut world, 0..90);
        assert_eq!(seen[..25], ["first"; 25]);
        assert!(seen[50..60].iter().all(|name| name == "second"), "{seen:?}");
        assert!(seen[85..].iter().all(|name| name == "third"), "{seen:?}");
        assert_eq!(world.account("first").unwrap().rate_limited_until, Some(at(100)));

        for spoil in [
            |a: &mut Account| a.pause(PauseReason::Manual),
            |a: &mut Account| a.token = super::super::account::Token { refresh: false, expires: None },
            |a: &mut Account| a.rate_limited_until = Some(at(50)),
            |a: &mut Account| a.rate_limit_status = Some("rejected".to_owned()),
        ] {
            let mut world = super::tests::world(0.1);
            run(&mut world, 0..3);
            spoil(world.account_mut("first").unwrap());
            assert_eq!(run(&mut world, 3..5), ["second"; 2]);
        }
    }

    #[test]
    fn only_an_account_with_auto_fallback_takes_over_again_when_its_window_resets() {
        for fallback in [false, true] {
            let mut world = world(0.1);
            world.account_mut("first").unwrap().auto_fallback_enabled = fallback;
            run(&mut world, 0..3);
            world.account_mut("first").unwrap().rate_limited_until = Some(at(60));
            assert_eq!(run(&mut world, 3..99), vec!["second"; 96], "its window is not over yet");
            let expected = if fallback { "first" } else { "second" };
            assert_eq!(run(&mut world, 100..110), [expected; 10]);
        }
    }

    #[test]
    fn with_nobody_left_nothing_is_sent_until_someone_is_back() {
        let mut world = world(0.1);
        for account in &mut world.accounts {
            account.rate_limited_until = account.rate_limit_reset;
        }
        assert_eq!(run(&mut world, 0..5), [""; 5]);
        let counted: u64 = world.accounts.iter().map(|a| a.request_count).sum();
        assert_eq!(counted, 0);
        assert_eq!(run(&mut world, 98..103), ["", "", "first", "first", "first"]);
    }

    #[test]
    fn an_account_without_windows_takes_what_nobody_else_can() {
        let mut world = world(0.1);
        world.accounts.truncate(1);
        world.accounts[0].pause(PauseReason::Manual);
        world.accounts.push(Account::new("key", "key", "claude-console-api", at(0)));
        assert_eq!(run(&mut world, 0..5), ["key"; 5]);
        let key = world.account("key").unwrap();
        assert_eq!((key.request_count, key.rate_limit_reset, key.usage), (5, None, None));
    }

    #[test]
    fn a_change_of_account_is_said_once_in_the_servers_words() {
        let mut world = world(0.1);
        let mut records = Vec::new();
        for second in 0..10 {
            if second == 5 {
                world.account_mut("first").unwrap().pause(PauseReason::Manual);
            }
            records.extend(world.live(at(second)));
        }
        let said: Vec<_> = records.iter().map(|r| r.message.as_str()).collect();
        assert_eq!(
            said,
            ["Starting new session for account first", "Starting new session for account second"]
        );
    }
}
