//! The whole server without a clock and without a network: from one moment to a later one, as fast as it can be computed.
//!
//! It does what [`server`](super::server) does, one thing after another: a second of use each second, a check at each tick, and the
//! messages of a batch one by one, each answered when the provider's latency is over. The same world and seed make the same run.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::log::Record;
use super::message;
use super::provider::{self, Mode, Reply};
use super::scheduler::Probe;
use super::server::Outage;
use super::world::World;
use crate::model::Timestamp;

/// How long a dummy message waits for its answer.
const PATIENCE: TimeDelta = TimeDelta::seconds(20);
/// The time between two steps of use.
const SECOND: TimeDelta = TimeDelta::seconds(1);

/// A message that is on its way.
#[derive(Debug, Clone)]
struct Sent {
    id: String,
    answered: Timestamp,
    by: By,
}

/// Who answers a message.
#[derive(Debug, Clone)]
enum By {
    /// The provider, as it was minded when the message came.
    Provider(Mode, TimeDelta),
    /// Nobody: what is said of that is known already.
    Nobody(Reply),
}

/// A server that runs in simulated time.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// The accounts; to be read, or changed as a person would, between two steps.
    pub world: World,
    tick: TimeDelta,
    outage: Option<(TimeDelta, TimeDelta)>,
    /// None while it is away.
    life: Option<Life>,
    /// When it goes away, or comes back.
    turns: Option<Timestamp>,
    /// The records of its start.
    fresh: Vec<Record>,
}

/// What is under way while the server runs.
#[derive(Debug, Clone)]
struct Life {
    second: Timestamp,
    check: Timestamp,
    waiting: VecDeque<String>,
    sent: Option<Sent>,
}

impl Simulation {
    /// The server starts at `start`, and checks at once and then every `tick`.
    pub fn new(world: World, start: Timestamp, tick: TimeDelta, outage: Option<Outage>) -> Self {
        let span = |d| TimeDelta::from_std(d).unwrap_or(TimeDelta::MAX);
        let outage = outage.map(|Outage { up, down }| (span(up), span(down)));
        let tick = tick.max(TimeDelta::milliseconds(1));
        let mut simulation = Self { world, tick, outage, life: None, turns: None, fresh: Vec::new() };
        simulation.start(start);
        simulation
    }

    /// True while the server runs, so that it can be asked.
    pub fn is_up(&self) -> bool {
        self.life.is_some()
    }

    /// Goes on to `to`, that moment included, and says what was written meanwhile.
    pub fn run_until(&mut self, to: Timestamp) -> Vec<Record> {
        let mut records = std::mem::take(&mut self.fresh);
        loop {
            let turn = self.turns.filter(|t| *t <= to);
            let next = self.life.as_ref().map(Life::next).filter(|t| *t <= to);
            match (next, turn) {
                (Some(next), turn) if turn.is_none_or(|t| next < t) => records.extend(self.step(next)),
                (_, Some(turn)) => {
                    self.turn(turn);
                    records.append(&mut self.fresh);
                }
                _ => return records,
            }
        }
    }

    fn start(&mut self, now: Timestamp) {
        self.fresh = self.world.start(now);
        self.life = Some(Life { second: now, check: now, waiting: VecDeque::new(), sent: None });
        self.turns = self.outage.and_then(|(up, _)| now.checked_add_signed(up));
    }

    /// Goes away with all that was under way, or comes back.
    fn turn(&mut self, now: Timestamp) {
        if self.life.take().is_none() {
            self.start(now);
        } else {
            self.turns = self.outage.and_then(|(_, down)| now.checked_add_signed(down));
        }
    }

    /// The one thing that comes next. Use comes before the scheduler in the same moment.
    fn step(&mut self, now: Timestamp) -> Vec<Record> {
        let Self { world, life: Some(life), tick, .. } = self else { return Vec::new() };
        if life.second <= now {
            life.second = now + SECOND;
            return world.live(now);
        }
        let mut records;
        if let Some(Sent { id, by, .. }) = life.sent.take() {
            let reply = match by {
                By::Provider(mode, window) => provider::reply(mode, window, now),
                By::Nobody(reply) => reply,
            };
            records = world.settle(&id, &reply, now);
        } else {
            let batch = world.check(now);
            records = batch.records;
            life.waiting = batch.due.into();
        }
        while life.sent.is_none() {
            let Some(id) = life.waiting.pop_front() else { break };
            let (probe, lines) = world.begin(&id, now);
            records.extend(lines);
            life.sent = probe.map(|probe| send(world, probe, now));
        }
        // A check never begins while another is under way: those that were missed are left out.
        while life.sent.is_none() && life.check <= now {
            life.check += *tick;
        }
        records
    }
}

impl Life {
    /// When something happens next.
    fn next(&self) -> Timestamp {
        self.second.min(self.sent.as_ref().map_or(self.check, |sent| sent.answered))
    }
}

/// The message leaves.
fn send(world: &World, probe: Probe, now: Timestamp) -> Sent {
    let treatment = world.treatment(&probe.id);
    let (latency, by) = if world.account(&probe.id).is_some_and(|a| a.is_signed_out(now)) {
        (TimeDelta::zero(), By::Nobody(Reply::SignedOut))
    } else if let Some(endpoint) = &probe.endpoint {
        (TimeDelta::zero(), By::Nobody(Reply::Broken(elsewhere(endpoint))))
    } else if treatment.mode == Mode::Hang || treatment.latency > PATIENCE {
        (PATIENCE, By::Nobody(Reply::TimedOut))
    } else {
        (treatment.latency.max(TimeDelta::zero()), By::Provider(treatment.mode, treatment.window))
    };
    Sent { id: probe.id, answered: now + latency, by }
}

/// Why there is no answer from an endpoint of the account's own: nothing is sent beyond loopback, and here nobody listens there.
fn elsewhere(endpoint: &str) -> String {
    message::place(endpoint).err().unwrap_or_else(|| message::REFUSED.to_owned())
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};
    use std::time::Duration;

    use super::super::Dialect;
    use super::super::account::Account;
    use super::super::log::Level;
    use super::super::scenario::Scenario;
    use super::super::world::Treatment;
    use super::*;

    fn noon() -> Timestamp {
        crate::model::parse_timestamp("2026-11-24T12:00:00Z").unwrap()
    }

    fn after(seconds: i64) -> Timestamp {
        noon() + TimeDelta::seconds(seconds)
    }

    /// Accounts that are due, each treated so.
    fn due(treatments: &[Treatment]) -> Simulation {
        let mut world = World::new(Vec::new(), Dialect::Observed, 1);
        for (n, treatment) in treatments.iter().enumerate() {
            let id = format!("a{n}");
            let mut account = Account::new(&id, &id, "anthropic", noon());
            account.auto_refresh_enabled = true;
            account.rate_limit_reset = Some(after(-10));
            world.accounts.push(account);
            world.treatments.insert(id, *treatment);
        }
        Simulation::new(world, noon(), TimeDelta::seconds(10), None)
    }

    /// When each message with `words` was written, in seconds.
    fn when(records: &[Record], words: &str) -> Vec<f64> {
        let found = records.iter().filter(|r| r.message.contains(words));
        found.map(|r| (r.at - noon()).num_milliseconds() as f64 / 1_000.0).collect()
    }

    #[test]
    fn latency_moves_the_time_on_and_the_next_waits() {
        let slow = Treatment { latency: TimeDelta::milliseconds(2_500), ..Treatment::default() };
        let mut simulation = due(&[slow, slow]);
        let records = simulation.run_until(after(2));
        assert_eq!(when(&records, "Starting auto-refresh scheduler"), [0.0]);
        assert_eq!(when(&records, "Sending auto-refresh"), [0.0]);
        let records = simulation.run_until(after(60));
        assert_eq!(when(&records, "sent successfully"), [2.5, 5.0]);
        assert_eq!(when(&records, "Sending auto-refresh"), [2.5]);
        assert!(records.is_sorted_by_key(|r| r.at));
    }

    #[test]
    fn a_provider_that_hangs_is_given_up_after_twenty_seconds_and_ticks_are_missed() {
        let hang = Treatment { mode: Mode::Hang, ..Treatment::default() };
        let late = Treatment { latency: TimeDelta::seconds(21), ..Treatment::default() };
        for treatment in [hang, late] {
            let records = due(&[treatment]).run_until(after(80));
            assert_eq!(when(&records, "with any model: The operation timed out."), [20.0, 50.0, 80.0]);
        }
    }

    #[test]
    fn the_same_seed_is_the_same_run_however_it_is_cut() {
        for name in ["tour", "failing", "restart", "hostile"] {
            let run = |steps: &[i64]| {
                let scenario = Scenario::load(name).unwrap();
                let mut simulation = scenario.simulation(Dialect::Observed, 5, noon());
                let records: Vec<_> = steps.iter().flat_map(|s| simulation.run_until(after(*s))).collect();
                (records, simulation.world.accounts)
            };
            let every: Vec<i64> = (0..=150).collect();
            assert_eq!(run(&[150]), run(&every), "{name}");
        }
    }

    #[test]
    fn the_server_goes_away_with_what_is_under_way_and_comes_back() {
        let slow = Treatment { latency: TimeDelta::seconds(15), ..Treatment::default() };
        let mut simulation = due(&[slow]);
        let outage = Outage { up: Duration::from_secs(10), down: Duration::from_secs(5) };
        simulation = Simulation::new(simulation.world, noon(), TimeDelta::seconds(10), Some(outage));
        let records = simulation.run_until(after(12));
        assert!(!simulation.is_up());
        assert_eq!(when(&records, "Sending"), [0.0]);
        let records = simulation.run_until(after(31));
        assert_eq!(when(&records, "Starting"), [15.0, 30.0]);
        assert!(records.iter().all(|r| r.level != Level::Error), "the answer never came");
        assert!(simulation.is_up());
    }

    #[test]
    fn what_is_sent_nowhere_is_said_in_the_running_servers_words() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for endpoint in [
            "https://custom.api.endpoint/v1/messages",
            "http://custom.api.endpoint/v1/messages",
            "http://192.0.2.1/",
            "http://localhost.example/",
            "http://[::ffff:192.0.2.1]/",
            "bedrock:work:eu-west-1",
            "nonsense",
        ] {
            let probe = Probe { id: String::new(), endpoint: Some(endpoint.into()), prompt: "", model: "" };
            let nobody = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
            let reply = runtime.block_on(message::send(&probe, nobody, Duration::ZERO));
            assert_eq!(reply, Reply::Broken(elsewhere(endpoint)));
        }
    }

    #[test]
    fn dead_tokens_and_endpoints_without_an_answer_fail_at_once() {
        let mut simulation = due(&[Treatment::default(), Treatment::default()]);
        simulation.world.accounts[0].token = super::super::account::Token { refresh: false, expires: None };
        simulation.world.accounts[1].custom_endpoint = Some("http://127.0.0.1:9".to_owned());
        let records = simulation.run_until(noon());
        assert_eq!(when(&records, "Token refresh failed for account a0"), [0.0]);
        assert_eq!(when(&records, "Error: Unable to connect"), [0.0]);
    }
}
