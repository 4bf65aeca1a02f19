//! Years of windows, with a provider that gives valid resets.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Chance for the test itself, apart from the world's.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 >> 11).unwrap() % n.max(1)
    }

    fn one_in(&mut self, n: i64) -> bool {
        self.below(n) == 0
    }
}

/// A simulated run, and what it has seen.
struct Run {
    world: World,
    dice: Dice,
    now: Timestamp,
    /// The end of the window that the last refresh of each opened. What a person forgets by force is forgotten here too.
    open: BTreeMap<String, Timestamp>,
    /// When each was last kept from being refreshed by something else than its window or cooldown, or was changed by a person.
    held: BTreeMap<String, Timestamp>,
    /// Brought a reset since the start of the server, by the test's own account.
    brought: std::collections::BTreeSet<String>,
    sent: usize,
    /// The longest batch, and the last one.
    most_queue: TimeDelta,
    last_queue: TimeDelta,
    /// The last check.
    begun: Timestamp,
}

/// The scheduler takes the account whenever its window is over and no cooldown is ahead.
fn is_looked_after(account: &Account) -> bool {
    let eligible = ["anthropic", "codex", "zai"].contains(&account.provider.as_str());
    let overage = account.auto_pause_on_overage_enabled
        && account.pause_reason.is_none_or(|why| why == PauseReason::Overage);
    account.auto_refresh_enabled && eligible && (!account.paused || overage)
}

const TICK: TimeDelta = TimeDelta::seconds(60);

impl Run {
    fn new(seed: u64, accounts: usize) -> Self {
        let mut dice = Dice(seed | 1);
        let mut world = World::new(Vec::new(), Dialect::Guide, seed);
        for n in 0..accounts {
            let id = format!("account-{n}");
            let provider = ["anthropic", "anthropic", "codex", "zai", "bedrock"][dice.below(5) as usize];
            let mut account = Account::new(&id, &id, provider, noon());
            account.auto_refresh_enabled = !dice.one_in(4);
            account.paused = dice.one_in(6);
            account.pause_reason = dice.one_in(2).then_some(PauseReason::Overage);
            account.auto_pause_on_overage_enabled = dice.one_in(2);
            account.peak_hours_pause_enabled = provider == "zai" && dice.one_in(2);
            account.rate_limit_reset =
                (!dice.one_in(3)).then(|| noon() + TimeDelta::seconds(dice.below(40_000) - 20_000));
            account.rate_limited_until =
                dice.one_in(4).then(|| noon() + TimeDelta::seconds(dice.below(4_000) - 1_000));
            let window = TimeDelta::seconds(60 + dice.below(30_000));
            world.treatments.insert(id, Treatment { window, ..Treatment::default() });
            world.accounts.push(account);
        }
        Self {
            world,
            dice,
            now: noon(),
            open: BTreeMap::new(),
            held: BTreeMap::new(),
            brought: std::collections::BTreeSet::new(),
            sent: 0,
            most_queue: TimeDelta::zero(),
            last_queue: TimeDelta::zero(),
            begun: noon(),
        }
    }

    /// The rule in the test's own words.
    fn may(&self, account: &Account, at: Timestamp) -> bool {
        let cooling = account.rate_limited_until.is_some_and(|t| t > at);
        let over = account.rate_limit_reset.map_or(!self.brought.contains(&account.id), |t| t <= at);
        is_looked_after(account) && !cooling && over
    }

    /// The account could be refreshed from this moment on, whenever the checks are.
    fn ready_since(&self, account: &Account) -> Timestamp {
        let held = self.held.get(&account.id).copied();
        [held, account.rate_limit_reset, account.rate_limited_until]
            .into_iter()
            .flatten()
            .fold(noon(), Ord::max)
    }

    fn note_held(&mut self, at: Timestamp) {
        for account in &self.world.accounts {
            if !is_looked_after(account) {
                self.held.insert(account.id.clone(), at);
            }
        }
    }

    /// One check and its batch.
    fn tick(&mut self) {
        let begun = self.now;
        self.note_held(begun);
        let batch = self.world.check(begun);
        self.note_held(begun); // the check itself pauses and resumes by the hour
        let expected: Vec<String> =
            self.world.accounts.iter().filter(|a| self.may(a, begun)).map(|a| a.id.clone()).collect();
        assert_eq!(batch.due, expected, "exactly those that are due");
        let Self { world, brought, open, .. } = self;
        brought.retain(|id| world.account(id).is_some_and(|a| a.auto_refresh_enabled));
        // Where the store was made to forget a window, and the scheduler too, nobody can know of it.
        open.retain(|id, _| {
            brought.contains(id) || world.account(id).is_some_and(|a| a.rate_limit_reset.is_some())
        });
        for id in batch.due {
            let (probe, _) = self.world.begin(&id, self.now);
            let Some(probe) = probe else { continue };
            let account = self.world.account(&probe.id).unwrap();
            assert!(self.may(account, self.now), "{account:?}");
            let waited = self.now - self.ready_since(account);
            assert!(waited <= TICK + (self.now - begun) + self.last_queue, "{waited} for {account:?}");
            if let Some(end) = self.open.get(&id) {
                assert!(*end <= self.now, "{id} is refreshed twice within one window");
            }
            self.now += TimeDelta::milliseconds(self.dice.below(9_000));
            let window = self.world.treatment(&id).window;
            let reply = provider::reply(Mode::Ok, window, self.now);
            self.world.settle(&id, &reply, self.now);
            let end = self.world.account(&id).unwrap().rate_limit_reset.unwrap();
            assert!(end > self.now);
            self.open.insert(id.clone(), end);
            self.brought.insert(id);
            self.sent += 1;
        }
        self.begun = begun;
        self.last_queue = self.now - begun;
        self.most_queue = self.most_queue.max(self.last_queue);
        let late: Vec<_> = self.world.accounts.iter().filter(|a| self.may(a, begun)).collect();
        assert!(late.is_empty(), "left behind after the batch: {late:?}");
        // The next minute of the grid: a check never begins while another is under way.
        let passed = (self.now - noon()).num_seconds() / 60 + 1;
        self.now = noon() + TICK * passed as i32;
    }

    /// Something that a person does between two ticks.
    fn meddle(&mut self) {
        if self.world.accounts.is_empty() {
            return;
        }
        let place = self.dice.below(i64::try_from(self.world.accounts.len()).unwrap()) as usize;
        let now = self.now;
        let what = self.dice.below(9);
        let account = &mut self.world.accounts[place];
        self.held.insert(account.id.clone(), now);
        match what {
            0 => account.auto_refresh_enabled = !account.auto_refresh_enabled,
            1 => account.pause(PauseReason::Manual),
            2 | 3 => account.resume(),
            4 => account.rate_limited_until = Some(now + TimeDelta::seconds(self.dice.below(9_000))),
            5 => account.rate_limit_reset = None,
            6 if self.dice.one_in(4) => drop(self.world.accounts.remove(place)),
            _ => {
                self.world.start(now); // a restart
                self.brought.clear();
                let lost = self.world.accounts.iter().filter(|a| a.rate_limit_reset.is_none());
                self.held.extend(lost.map(|a| (a.id.clone(), now)));
            }
        }
    }

    /// The next minute in which anything can happen that the last check did not see.
    fn skip(&mut self, at_most: Timestamp) {
        let accounts = self.world.accounts.iter();
        let soon = accounts
            .flat_map(|a| [a.rate_limit_reset, a.rate_limited_until])
            .flatten()
            .filter(|t| *t > self.begun)
            .min()
            .unwrap_or(at_most)
            .min(at_most);
        let minutes = (soon - noon()).num_milliseconds().div_euclid(60_000);
        self.now = self.now.max(noon() + TICK * minutes as i32);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    /// Two years, skipping the minutes in which nothing can be due.
    #[test]
    fn years_of_windows_hold_the_rule(seed: u64, accounts in 1i32..7) {
        let mut run = Run::new(seed, accounts as usize);
        let end = noon() + TimeDelta::days(730);
        let mut meddle = noon() + TimeDelta::hours(7);
        run.world.start(noon());
        while run.now < end {
            run.tick();
            if run.now >= meddle {
                run.meddle();
                meddle = run.now + TimeDelta::minutes(run.dice.below(4_000));
                continue; // what was changed may be due at the next check
            }
            // Peak hours begin and end on the hour.
            let hour = noon() + TimeDelta::hours((run.now - noon()).num_hours() + 1);
            let limit = if run.world.accounts.iter().any(|a| a.peak_hours_pause_enabled) { hour } else { meddle };
            run.skip(limit);
        }
        prop_assert!(run.most_queue <= TimeDelta::seconds(9) * accounts);
    }

    /// Every minute of a week.
    #[test]
    fn every_minute_of_a_week_holds_the_rule(seed: u64, accounts in 1usize..12) {
        let mut run = Run::new(seed, accounts);
        while run.now < noon() + TimeDelta::days(7) {
            run.tick();
            if run.dice.one_in(90) {
                run.meddle();
            }
        }
    }
}

#[test]
fn a_year_of_five_hour_windows_is_a_refresh_each() {
    let mut world = one(Mode::Ok);
    world.dialect = Dialect::Guide;
    let mut count = 0;
    for minute in 0..(365 * 24 * 60) {
        count += tick(&mut world, minutes(minute)).0.len();
    }
    assert_eq!(count, 365 * 24 / 5);
}
