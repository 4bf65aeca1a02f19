//! The same rule, read by the dashboard from the list and the log: they agree at every tick.

use proptest::prelude::*;
use ratatui::layout::Size;

use super::*;
use crate::api::{Record as Wire, read_accounts, read_record};
use crate::app::{Obstacle, Options, Prognosis, State, prognosis};

/// What the dashboard knows of a world.
fn watch(state: &mut State, world: &World, now: Timestamp) {
    let rows: Vec<_> = world.accounts.iter().map(|a| a.to_row(now)).collect();
    let accounts = read_accounts(serde_json::json!(rows).to_string().as_bytes()).unwrap();
    state.now = now;
    state.logs.reconcile(&accounts, now);
    state.accounts.list = Some(accounts);
}

fn hear(state: &mut State, records: &[Record]) {
    for record in records {
        let Wire::Line(line) = read_record(record.to_json().to_string().as_bytes()) else {
            panic!("{record:?}")
        };
        state.logs.push(vec![line]);
    }
}

fn accounts() -> impl Strategy<Value = Vec<(Account, Mode)>> {
    let provider = prop::sample::select(vec!["anthropic", "codex", "zai", "nanogpt"]);
    let mode = prop::sample::select(vec![
        Mode::Ok,
        Mode::Ok,
        Mode::NoReset,
        Mode::Nonsense,
        Mode::Past,
        Mode::LimitedWord,
        Mode::Unauthorized,
        Mode::NotFound,
        Mode::Limited,
        Mode::LimitedNoReset,
        Mode::Overloaded,
        Mode::Close,
        Mode::Hang,
        Mode::NoUsage,
        Mode::KeyWanted,
    ]);
    let reset = prop::option::of(-300i64..300);
    let one = (provider, mode, reset, prop::option::of(-60i64..300), any::<[bool; 4]>());
    prop::collection::vec(one, 1..6).prop_map(|list| {
        type Drawn = (&'static str, Mode, Option<i64>, Option<i64>, [bool; 4]);
        let account =
            |(n, (provider, mode, reset, cooling, [on, paused, overage, known])): (usize, Drawn)| {
                let name = format!("account {n}");
                let mut account = Account::new(&format!("id-{n}"), &name, provider, noon());
                let after = |s: Option<i64>| s.map(|s: i64| noon() + TimeDelta::seconds(s));
                account.auto_refresh_enabled = on || known;
                account.rate_limit_reset = after(reset);
                account.rate_limited_until = after(cooling);
                account.paused = paused && overage;
                account.auto_pause_on_overage_enabled = overage;
                account.pause_reason = (account.paused && known).then_some(PauseReason::Overage);
                (account, mode)
            };
        list.into_iter().enumerate().map(account).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_dashboard_expects_what_the_scheduler_does(list in accounts(), restart in 0i64..40) {
        let mut world = World::new(Vec::new(), Dialect::Observed, 1);
        for (account, mode) in list {
            let treatment = Treatment { mode, window: TimeDelta::minutes(7), ..Treatment::default() };
            world.treatments.insert(account.id.clone(), treatment);
            world.accounts.push(account);
        }
        // Where keys are on, the dashboard has one, and knows what the refusals at the server's own door are worth.
        let options = Options { key_set: true, ..Options::default() };
        let mut state = State::new(noon(), Size::new(80, 24), options);
        hear(&mut state, &world.start(noon()));
        for minute in 0..40 {
            let now = minutes(minute);
            if minute == restart {
                hear(&mut state, &world.start(now));
            }
            watch(&mut state, &world, now);
            let due = world.clone().check(now).due;
            for account in state.accounts.rows() {
                let expected = prognosis(&state, account);
                let taken = due.iter().any(|id| *id == account.id.to_plain().as_str());
                let says = expected == Prognosis::NextTick;
                prop_assert_eq!(says, taken, "minute {}: {:?} for {:?}", minute, expected, account);
                if let Prognosis::Never(why) = expected {
                    prop_assert!(!why.contains(&Obstacle::SignIn));
                }
            }
            hear(&mut state, &tick(&mut world, now).1);
        }
    }
}
