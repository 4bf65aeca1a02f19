//! The built-in scenarios as the dashboard shows them: played by a simulated clock, with what the server says fed to the program.

#![allow(missing_docs, reason = "tests are named for their claims")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod scene;

use std::collections::{BTreeSet, VecDeque};

use chrono::{SubsecRound as _, TimeDelta};
use flaretop::api::{Record as Wire, read_accounts, read_record};
use flaretop::app::{AccountsAnswer, Effect, Msg, Options, Seq, State, next_wake, standing, switch, update};
use flaretop::demo::Dialect;
use flaretop::demo::api::Request;
use flaretop::demo::log::{History, Record};
use flaretop::demo::scenario::Scenario;
use flaretop::demo::simulate::Simulation;
use flaretop::model::{Failure, LogLine, Plain, Setting, Timestamp, parse_timestamp};
use flaretop::view::theme::Theme;
use flaretop::view::words;
use insta::assert_snapshot;
use ratatui::layout::Size;

/// The time between two looks at what is due, well below what the screen shows.
const STEP: TimeDelta = TimeDelta::milliseconds(100);

/// What STATE says; all but the two that the observed server's list cannot show: a first choice, and a row that cannot be read.
const STATES: [&str; 10] =
    ["SIGN-IN", "paused", "cooling", "limited", "throttled", "DUE", "over", "unused", "warning", "ready"];

/// What the events say.
const EVENTS: [&str; 7] = [
    "new window",
    "refresh failed",
    "paused by the server",
    "cooldown",
    "strike 1 of 5",
    "scheduler started",
    "switched off by the server",
];

/// What AUTO says.
const SWITCHES: [&str; 4] = ["on", "off", "off!", "n/a"];

/// A dashboard on a simulated server. Every request is answered at once.
struct Player {
    simulation: Simulation,
    history: History,
    state: State,
    now: Timestamp,
    ahead: TimeDelta,
    stream: Option<Seq>,
}

impl Player {
    fn new(name: &str) -> Self {
        let scenario = Scenario::load(name).expect("a built-in scenario");
        let now = parse_timestamp("2026-11-24T14:02:37Z").expect("a time");
        let ahead = scenario.clock_ahead();
        let options = Options { server: Plain::new("127.0.0.1:8080"), ..Options::default() };
        Self {
            simulation: scenario.simulation(Dialect::Observed, 1, now + ahead),
            history: History::default(),
            state: State::new(now, Size::new(80, 24), options),
            now,
            ahead,
            stream: None,
        }
    }

    /// So many seconds later.
    fn play(&mut self, seconds: i64) {
        let end = self.now + TimeDelta::seconds(seconds);
        while self.now < end {
            self.step();
            self.now += STEP;
        }
    }

    fn step(&mut self) {
        let records = self.simulation.run_until(self.now + self.ahead);
        let lines: Vec<LogLine> = records.iter().map(line).collect();
        for record in records {
            self.history.push(record);
        }
        match self.stream {
            Some(seq) if !self.simulation.is_up() => {
                self.stream = None;
                self.tell(Msg::StreamClosed { seq, why: Failure::Closed });
            }
            Some(seq) if !lines.is_empty() => self.tell(Msg::StreamRecords { seq, lines, skipped: 0 }),
            _ => {}
        }
        if next_wake(&self.state).is_some_and(|t| t <= self.now) {
            self.tell(Msg::Tick);
        }
    }

    /// Gives the program a message, and then what its effects come to.
    fn tell(&mut self, msg: Msg) {
        let mut queue = VecDeque::from([msg]);
        while let Some(msg) = queue.pop_front() {
            let effects = update(&mut self.state, self.now, msg);
            queue.extend(effects.into_iter().map(|effect| self.answer(effect)));
        }
    }

    fn keys(mut self, keys: &str) -> Self {
        for key in keys.split(' ') {
            self.tell(Msg::Key(key.parse().expect("a key")));
        }
        self
    }

    fn answer(&mut self, effect: Effect) -> Msg {
        let is_up = self.simulation.is_up();
        match effect {
            Effect::Poll { seq } => {
                Msg::Accounts { seq, result: if is_up { Ok(self.list()) } else { Err(Failure::Refused) } }
            }
            Effect::OpenStream { seq } if is_up => {
                self.stream = Some(seq);
                Msg::StreamOpened { seq }
            }
            Effect::OpenStream { seq } => Msg::StreamClosed { seq, why: Failure::Refused },
            Effect::FetchHistory { seq } if is_up => {
                Msg::History { seq, result: Ok(self.history.records().map(line).collect()) }
            }
            Effect::FetchHistory { seq } => Msg::History { seq, result: Err(Failure::Refused) },
            other => panic!("nobody asked for {other:?}"),
        }
    }

    /// Does what a command of the guide asks for.
    fn command(&mut self, name: &str, switch: &str) {
        let world = &mut self.simulation.world;
        let id = &world.accounts.iter().find(|a| a.name == name).expect("the account").id;
        let path = format!("/api/accounts/{id}/{switch}");
        let request = Request { method: "POST", path: &path, body: br#"{"enabled": 1}"# };
        assert_eq!(world.respond(request, self.now + self.ahead).status, 200);
    }

    fn list(&mut self) -> AccountsAnswer {
        let now = self.now + self.ahead;
        let request = Request { method: "GET", path: "/api/accounts", body: b"" };
        let body = self.simulation.world.respond(request, now).json.to_string();
        let accounts = read_accounts(body.as_bytes()).expect("a list");
        AccountsAnswer { accounts, sent: self.now, received: self.now, date: Some(now.trunc_subsecs(0)) }
    }

    fn shot(&self, width: u16, height: u16) -> String {
        scene::text(&self.state, width, height)
    }
}

fn line(record: &Record) -> LogLine {
    match read_record(record.to_line().as_bytes()) {
        Wire::Line(line) => line,
        other => panic!("{record:?} is read as {other:?}"),
    }
}

/// Plays a scenario to a telling moment.
fn played(scenario: &str, seconds: i64) -> Player {
    let mut player = Player::new(scenario);
    player.play(seconds);
    player
}

/// The guide's scenario, with its commands given after ten seconds.
fn guided(seconds: i64) -> Player {
    let mut player = played("guide", 10);
    for name in ["my-account", "primary", "premium"] {
        player.command(name, "auto-refresh");
    }
    player.command("premium", "auto-fallback");
    player.play(seconds - 10);
    player
}

macro_rules! scenarios {
    ($($name:ident: $player:expr;)+) => {
        $(#[test]
        fn $name() {
            let player = $player;
            assert_snapshot!(concat!(stringify!($name), "-80x24"), player.shot(80, 24));
            assert_snapshot!(concat!(stringify!($name), "-120x40"), player.shot(120, 40));
        })+
    };
}

scenarios! {
    tour: played("tour", 48);
    guide: guided(62);
    guide_after_all_is_refreshed: guided(122);
    failing: played("failing", 22);
    failing_held_up: played("failing", 74).keys("j j j");
    exhausted: played("exhausted", 32);
    restart: played("restart", 35);
    restart_over: played("restart", 52);
    skewed_clock: played("skewed-clock", 34);
    flood: played("flood", 26);
    hostile: played("hostile", 20);
    crowd: played("crowd", 64);
}

#[test]
fn the_tour_shows_every_state_within_two_minutes() {
    let mut player = Player::new("tour");
    let mut seen = BTreeSet::new();
    for _ in 0..120 {
        player.play(1);
        for account in player.state.accounts.rows() {
            assert!(account.fault.is_none(), "{account:?}");
            seen.insert(words::standing(&standing(&player.state, account)).to_owned());
            let auto = switch(&player.state, account, Setting::AutoRefresh);
            seen.insert(words::switch(auto, Theme::new(false, false).glyph()));
        }
        for line in player.shot(120, 40).lines() {
            seen.extend(
                EVENTS.iter().filter(|words| line.contains(**words)).map(|words| (*words).to_owned()),
            );
        }
    }
    let missing: Vec<_> =
        STATES.iter().chain(&EVENTS).chain(&SWITCHES).filter(|word| !seen.contains(**word)).collect();
    assert!(missing.is_empty(), "{missing:?} never seen; seen were {seen:?}");
}
