//! The loop: waits for what happens, lets the app decide, does it, and draws.

use std::io;
use std::time::Duration;

use anyhow::Context as _;
use crossterm::event::Event;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{Instant, timeout_at};

use super::alarm::Alarm;
use super::clipboard::{self, Between};
use super::effects::Requests;
use super::encode::Encoder;
use super::pace::Pace;
use super::signals::{Asked, Signals};
use super::terminal::{self, Terminal};
use super::{clock, input, logfile};
use crate::app::{Effect, Link, Look, Msg, Notice, State, next_wake, update};
use crate::config::{Asks, Config};
use crate::view::{self, theme::Theme};

/// Answers that wait to be taken in. When that many wait, the tasks do: a flood is held back at the socket.
const WAITING: usize = 16;
/// Messages taken in before keys are looked at again, at most. A batch of a flood holds some 600 records and takes about a
/// millisecond.
const BURST: usize = 8;
/// The least time between two frames that no key asked for, on average: twenty a second are more than can be read of a flood.
const FRAME: Duration = Duration::from_millis(50);
/// Frames that may follow each other at once after a quiet time: what comes first is seen first.
const FRAMES_AT_ONCE: u32 = 3;
/// How long the first frame waits for the list. A server on this machine has answered by then, and the screen does not flicker;
/// of any other nobody notices the wait.
const FIRST_LIST: Duration = Duration::from_millis(7);
/// How long it does so in all once the list has begun to come: a long one takes a while, and another frame before it would make it
/// later.
const FIRST_LIST_COMES: Duration = Duration::from_millis(20);
/// How long the answers to changes are waited for when the user leaves.
const LAST_ANSWERS: Duration = Duration::from_secs(2);
/// How often the machine's zone is read again: it changes twice a year, or on a journey.
const ZONE_KEEPS: Duration = Duration::from_secs(60);
/// The signals that this program's own stopping sends to itself come within this time of its going on.
const ECHO: Duration = Duration::from_millis(300);

/// Whether the screen may be written to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Screen {
    Moves,
    /// It says that it is frozen: nothing is written until it goes on.
    Stands,
}

impl Screen {
    fn of(state: &State) -> Self {
        if state.display.frozen { Self::Stands } else { Self::Moves }
    }
}

/// The dashboard while it runs.
struct Dashboard {
    state: State,
    theme: Theme,
    terminal: Terminal,
    encoder: Encoder,
    buffer: Buffer,
    bytes: Vec<u8>,
    requests: Option<Requests>,
    /// What is between the program and the terminal's clipboard.
    between: Between,
    alarm: Alarm,
    /// When as many frames as are allowed at once will be allowed again.
    paid: Instant,
    pace: Pace,
    resumed: Option<Instant>,
    zone_read: Instant,
    /// The user leaves; changes that are under way have until then.
    quitting: Option<Instant>,
    screen: Screen,
    /// What is to be drawn.
    due: Look,
    urgent: bool,
    leave: bool,
}

/// Runs the dashboard until the user leaves it, a signal ends it, or the terminal vanishes.
///
/// # Errors
/// Where the terminal cannot be taken, or the client cannot be made.
pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    // The key is fetched and certificates are read before the terminal is taken: that may take long, ask something, or fail.
    let client = config.server.connect(Asks::OnTheTerminal).await?;
    let mut signals = Signals::listen()?;
    let terminal = Terminal::take(config.mouse).context("taking the terminal")?;
    let size = terminal.size();
    let area = Rect::new(0, 0, size.width, size.height);
    let mut state = State::new(clock::now(), size, config.options());
    state.zone = clock::zone();
    let mut dashboard = Dashboard {
        state,
        theme: config.theme(),
        terminal,
        encoder: Encoder::new(area),
        buffer: Buffer::empty(area),
        bytes: Vec::with_capacity(16 * 1024),
        requests: None,
        between: Between::read(),
        alarm: Alarm::new()?,
        paid: Instant::now(),
        pace: Pace::default(),
        resumed: None,
        zone_read: Instant::now(),
        quitting: None,
        screen: Screen::Moves,
        due: Look::New,
        urgent: true,
        leave: false,
    };
    let mut keys = input::listen()?;
    let (sender, mut answers) = channel(WAITING);
    dashboard.requests = Some(Requests::new(client.clone(), config.servers.clone(), config.place, sender));
    dashboard.take_in(Msg::Tick)?;
    // The requests leave first, and the first frame is drawn while the server thinks.
    let begun = Instant::now();
    let mut until = begun + FIRST_LIST;
    while matches!(dashboard.state.links.list, Link::Connecting { .. }) {
        match timeout_at(until, answers.recv()).await {
            Ok(Some(msg)) => dashboard.take_in(msg)?,
            Err(_) if client.has_list_begun() && until < begun + FIRST_LIST_COMES => {
                until = begun + FIRST_LIST_COMES;
            }
            Ok(None) | Err(_) => break,
        }
    }
    dashboard.draw()?;
    while !dashboard.leave {
        dashboard.turn(&mut keys, &mut answers, &mut signals).await?;
    }
    Ok(())
}

impl Dashboard {
    /// Waits for one thing and deals with it.
    async fn turn(
        &mut self,
        keys: &mut Receiver<io::Result<Event>>,
        answers: &mut Receiver<Msg>,
        signals: &mut Signals,
    ) -> io::Result<()> {
        let mut until_frame = None;
        if Screen::of(&self.state) == Screen::Moves {
            self.screen = Screen::Moves;
        }
        if self.due > Look::Same && self.screen == Screen::Moves && self.terminal.is_idle() {
            let now = Instant::now();
            let wait = self.paid.saturating_duration_since(now + FRAME * (FRAMES_AT_ONCE - 1));
            let wait = wait.max(self.pace.wait(now));
            if self.urgent || wait.is_zero() {
                self.draw()?;
            } else {
                until_frame = Some(wait);
            }
        }
        let until_wake = next_wake(&self.state).map(|t| (t - clock::now()).to_std().unwrap_or_default());
        let until_end = self.quitting.map(|t| t.saturating_duration_since(Instant::now()));
        self.alarm.set(until_wake.into_iter().chain(until_frame).chain(until_end).min())?;
        let blocked = !self.terminal.is_idle();
        tokio::select! {
            biased;
            asked = signals.next() => self.obey(asked)?,
            event = keys.recv() => self.typed(event)?,
            result = self.terminal.drain(), if blocked => {
                result?;
                self.pace.went_on(Instant::now());
            }
            msg = answers.recv() => {
                if let Some(msg) = msg {
                    self.take_in(msg)?;
                    for _ in 0..BURST {
                        let Ok(msg) = answers.try_recv() else { break };
                        self.take_in(msg)?;
                    }
                }
            }
            result = self.alarm.rings() => {
                result?;
                self.tick()?;
            }
        }
        if let Some(end) = self.quitting {
            self.leave |= !self.state.pending.is_awaited() || Instant::now() >= end;
        }
        Ok(())
    }

    fn tick(&mut self) -> io::Result<()> {
        if self.terminal.is_gone() {
            self.leave = true;
            return Ok(());
        }
        if next_wake(&self.state).is_some_and(|t| t <= clock::now()) {
            if self.zone_read.elapsed() >= ZONE_KEEPS {
                self.zone_read = Instant::now();
                self.take_in(Msg::Zone(clock::zone()))?;
            }
            self.take_in(Msg::Tick)?;
        }
        Ok(())
    }

    fn typed(&mut self, event: Option<io::Result<Event>>) -> io::Result<()> {
        match event {
            None | Some(Err(_)) => self.leave = true, // the terminal is gone
            Some(Ok(Event::Resize(..))) => self.resized()?,
            Some(Ok(event)) => {
                if let Some(msg) = input::message(&event) {
                    self.urgent = true;
                    self.take_in(msg)?;
                }
            }
        }
        Ok(())
    }

    fn resized(&mut self) -> io::Result<()> {
        let size = self.terminal.size();
        if size != self.state.size {
            self.take_in(Msg::Resized(size))?;
        }
        Ok(())
    }

    fn obey(&mut self, asked: Asked) -> io::Result<()> {
        match asked {
            Asked::Leave => self.leave = true,
            _ if self.resumed.is_some_and(|t| t.elapsed() < ECHO) => {}
            Asked::Stop => self.suspend()?,
            Asked::GoOn => {
                self.terminal.enter()?;
                self.resized()?;
                self.take_in(Msg::Resumed)?;
            }
        }
        Ok(())
    }

    fn take_in(&mut self, msg: Msg) -> io::Result<()> {
        logfile::note(&msg);
        let effects = update(&mut self.state, clock::now(), msg);
        self.due = self.due.max(self.state.look);
        for effect in effects {
            match &effect {
                Effect::Redraw => self.encoder.forget(whole(self.state.size)),
                Effect::Suspend => self.suspend()?,
                // Between two frames, of which each is sent whole.
                Effect::Copy(lines) => {
                    self.terminal.send(&clipboard::sequence(lines, self.between))?;
                }
                Effect::Quit => self.quit(),
                request => {
                    tracing::debug!(?request, "begin");
                    if let Some(requests) = &mut self.requests {
                        requests.begin(request);
                    }
                }
            }
        }
        Ok(())
    }

    /// Leaves as soon as the changes that were asked for are answered; at once where the user insists.
    fn quit(&mut self) {
        self.leave = self.quitting.is_some() || !self.state.pending.is_awaited();
        self.quitting = Some(Instant::now() + LAST_ANSWERS);
    }

    /// Stops until somebody brings the program back.
    fn suspend(&mut self) -> io::Result<()> {
        self.terminal.leave();
        let stopped = terminal::stop();
        self.terminal.enter()?;
        self.resized()?;
        match stopped {
            Ok(()) => {
                self.resumed = Some(Instant::now());
                self.take_in(Msg::Resumed)
            }
            Err(why) => {
                self.encoder.forget(whole(self.state.size));
                self.state.notice = Some(Notice::news(self.state.now, why));
                self.due = Look::New;
                Ok(())
            }
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        let area = whole(self.state.size);
        if self.buffer.area != area {
            self.buffer = Buffer::empty(area);
        }
        self.bytes.clear();
        if self.due == Look::Counts && self.encoder.knows(area) {
            let rows = view::render_counts(&self.state, &self.theme, area, &mut self.buffer);
            self.encoder.encode_rows(&mut self.buffer, rows, &mut self.bytes);
        } else {
            view::render(&self.state, &self.theme, area, &mut self.buffer);
            self.encoder.encode(&mut self.buffer, &mut self.bytes);
        }
        // Frames that keys asked for are not held against those that come after.
        let now = Instant::now();
        self.paid = self.paid.max(now).min(now + FRAME * (FRAMES_AT_ONCE - 1)) + FRAME;
        self.screen = Screen::of(&self.state);
        self.due = Look::Same;
        self.urgent = false;
        self.terminal.send(&self.bytes)?;
        self.pace.wrote(now, self.bytes.len(), self.terminal.held());
        Ok(())
    }
}

fn whole(size: Size) -> Rect {
    Rect::new(0, 0, size.width, size.height)
}
