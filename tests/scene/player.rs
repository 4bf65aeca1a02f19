//! The dashboard on a simulated server, with a simulated clock: the same in every run.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    reason = "each test file uses its own part of it"
)]
#![allow(clippy::expect_used, clippy::panic, reason = "a scene that is wrong ends its test")]

use std::collections::VecDeque;

use chrono::{SubsecRound as _, TimeDelta};
use flaretop::api::{Record as Wire, read_accounts, read_record};
use flaretop::app::{AccountsAnswer, Effect, Look, Msg, Options, Seq, State, next_wake};
use flaretop::demo::Dialect;
use flaretop::demo::api::Request;
use flaretop::demo::log::{History, Record};
use flaretop::demo::scenario::Scenario;
use flaretop::demo::simulate::Simulation;
use flaretop::model::{Failure, LogLine, Plain, Timestamp, parse_timestamp};
use ratatui::layout::Size;

use crate::scene;

/// The time between two looks at what is due, well below what the screen shows.
const STEP: TimeDelta = TimeDelta::milliseconds(100);

/// A dashboard on a simulated server. Every request is answered at once.
pub struct Player {
    /// The server.
    pub simulation: Simulation,
    history: History,
    /// The program.
    pub state: State,
    /// How much each message has changed of what is shown.
    pub looks: Vec<Look>,
    now: Timestamp,
    ahead: TimeDelta,
    stream: Option<Seq>,
}

impl Player {
    /// At the scenario's beginning.
    pub fn new(name: &str) -> Self {
        let scenario = Scenario::load(name).expect("a built-in scenario");
        let now = parse_timestamp("2026-11-24T14:02:37Z").expect("a time");
        let ahead = scenario.clock_ahead();
        let options = Options { server: Plain::new("127.0.0.1:8080"), ..Options::default() };
        Self {
            simulation: scenario.simulation(Dialect::Observed, 1, now + ahead),
            history: History::default(),
            state: State::new(now, Size::new(80, 24), options),
            looks: Vec::new(),
            now,
            ahead,
            stream: None,
        }
    }

    /// The same on a screen of that size.
    pub fn sized(mut self, width: u16, height: u16) -> Self {
        self.tell(Msg::Resized(Size::new(width, height)));
        self
    }

    /// So many seconds later.
    pub fn play(&mut self, seconds: i64) {
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
            let effects = scene::looks::update(&mut self.state, self.now, msg);
            self.looks.push(self.state.look);
            queue.extend(effects.into_iter().map(|effect| self.answer(effect)));
        }
    }

    /// Presses keys.
    pub fn keys(mut self, keys: &str) -> Self {
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
            Effect::AskHealth { seq } => Msg::Health { seq, result: Err(Failure::Refused) },
            other => panic!("nobody asked for {other:?}"),
        }
    }

    /// Does what a command of the guide asks for.
    pub fn command(&mut self, name: &str, switch: &str) {
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
        AccountsAnswer {
            accounts,
            sent: self.now,
            received: self.now,
            date: Some(now.trunc_subsecs(0)),
            rows: flaretop::model::Rows::default(),
        }
    }

    /// The screen as text.
    pub fn shot(&self, width: u16, height: u16) -> String {
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
pub fn played(scenario: &str, seconds: i64) -> Player {
    let mut player = Player::new(scenario);
    player.play(seconds);
    player
}
