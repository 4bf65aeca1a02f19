//! Whether a filter holds for an account, by what the table shows of it.

use chrono::{DurationRound as _, TimeDelta};

use super::terms::Usage;
use super::{Term, Test};
use crate::app::State;
use crate::app::change::{Switch, switch};
use crate::app::refresh::counts_to;
use crate::app::standing::{Standing, needs_you, standing};
use crate::model::{Account, Setting, Timestamp, UsageWindow};

/// What has been worked out about an account, for the terms that ask for it.
struct Subject<'a> {
    state: &'a State,
    account: &'a Account,
    standing: Option<Standing>,
}

/// True where all terms of one of `groups` hold.
pub(super) fn any(groups: &[Vec<Term>], state: &State, account: &Account) -> bool {
    let mut subject = Subject { state, account, standing: None };
    groups.iter().any(|group| group.iter().all(|term| subject.holds(&term.test) != term.negated))
}

impl Subject<'_> {
    fn holds(&mut self, test: &Test) -> bool {
        let (state, account) = (self.state, self.account);
        match test {
            Test::Name(word) => {
                word.is_in(account.name.as_str())
                    || state.names.are_hidden() && word.is_in(&state.shown_name(account))
            }
            Test::Id(prefix) => account.id.begins_with(prefix),
            Test::NeedsMe => needs_you(state, account),
            Test::State(word) => {
                self.standing.get_or_insert_with(|| standing(state, account)).word() == *word
            }
            // Of a row that could not be read nothing else means anything.
            _ if account.fault.is_some() => false,
            Test::Auto(word) => match switch(state, account, Setting::AutoRefresh) {
                Switch::On | Switch::Changing(true) | Switch::Unsure(true) => *word == "on",
                Switch::Off | Switch::Changing(false) | Switch::Unsure(false) => *word == "off",
                Switch::OffByServer => matches!(*word, "off" | "off!"),
                Switch::NotOffered => *word == "n/a",
            },
            Test::Provider(word) => account.provider.as_str().eq_ignore_ascii_case(word),
            Test::Priority(range) => range.holds(account.priority),
            Test::Use(of, range) => used(state, account, *of).is_some_and(|percent| range.holds(percent)),
            Test::Resets(range) => {
                let now = state.server_second();
                // What is over has no time left; `state:over` and `state:due` find it.
                let left = counts_to(state, account).map(|to| (to.at - now).num_seconds());
                left.is_some_and(|left| left > 0 && range.holds(left))
            }
        }
    }
}

/// Percent as the table shows them, so that what is found is what is seen.
fn used(state: &State, account: &Account, of: Usage) -> Option<f32> {
    let now = state.server_second();
    let shown = |w: &Option<UsageWindow>| Some(as_written(w.as_ref()?.spent_at(now)?.percent()));
    let (five, seven) = (shown(&account.five_hour), shown(&account.seven_day));
    match of {
        Usage::FiveHour => five,
        Usage::SevenDay => seven,
        Usage::Fuller => five.into_iter().chain(seven).reduce(f32::max),
    }
}

/// Whole percent, with `<1%` between none and one, and all only where it is so.
fn as_written(percent: f32) -> f32 {
    match percent {
        p if p > 0.0 && p < 1.0 => 0.5,
        p if (99.0..100.0).contains(&p) => 99.0,
        p => p.round(),
    }
}

/// When one of `tests` may next turn out otherwise for `account`, by nothing but time; by the server's clock, a whole second.
pub(super) fn turns_at<'a>(
    tests: impl Iterator<Item = &'a Test>,
    state: &State,
    account: &Account,
) -> Option<Timestamp> {
    let now = state.server_second();
    let window = |w: &Option<UsageWindow>| w.as_ref().and_then(|w| w.resets_at);
    let to = counts_to(state, account).map(|to| to.at);
    let mut next: Option<Timestamp> = None;
    let mut turn = |t: Option<Timestamp>| {
        let t = t.and_then(whole_second).filter(|t| *t > now);
        next = next.into_iter().chain(t).min();
    };
    for test in tests {
        match test {
            Test::State(_) | Test::NeedsMe => {
                turn(account.reset);
                turn(account.cooldown_until);
                turn(account.throttled_until);
            }
            Test::Use(..) => {
                turn(window(&account.five_hour));
                turn(window(&account.seven_day));
            }
            Test::Resets(range) => {
                turn(account.reset);
                turn(account.cooldown_until);
                // `resets<30m` begins to hold one second after 30 minutes are left, `resets>30m` ends with them.
                let (first, second) = range.ends();
                for end in [Some(first), second].into_iter().flatten() {
                    for around in [1, 0, -1] {
                        turn(to.and_then(|to| to.checked_sub_signed(TimeDelta::seconds(end + around))));
                    }
                }
            }
            _ => {}
        }
    }
    next
}

/// The whole second at or after `t`.
fn whole_second(t: Timestamp) -> Option<Timestamp> {
    let second = TimeDelta::seconds(1);
    let whole = t.duration_trunc(second).ok()?;
    if whole == t { Some(t) } else { whole.checked_add_signed(second) }
}
