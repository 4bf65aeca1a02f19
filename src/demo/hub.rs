//! What the parts of the running server share: the world, the log and its readers, and what goes wrong on command.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use chrono::TimeDelta;
use hyper::body::Bytes;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, watch};

use super::faults::Faults;
use super::files::Files;
use super::log::{History, Level, Record};
use super::world::World;
use crate::model::Timestamp;

/// Bytes that may wait for one reader of the stream. One that keeps up never has so many waiting; one that does not is cut
/// off, so that the memory is bounded.
const MOST_WAITING: usize = 8 << 20;
/// Writes that are held back while the server is frozen; it makes none by itself then.
const MOST_HELD: usize = 10_000;

/// What is sent to a reader.
#[derive(Debug)]
enum Sent {
    Events(Bytes),
    Cut,
}

/// One reader of the stream, from the server's side.
struct Reader {
    sender: UnboundedSender<Sent>,
    waiting: Arc<AtomicUsize>,
    too_slow: Arc<AtomicBool>,
}

impl Reader {
    /// False where the reader has left, or is too slow and is let go.
    fn send(&self, bytes: &Bytes) -> bool {
        let waiting = self.waiting.fetch_add(bytes.len(), Ordering::Relaxed);
        // A single event may be larger than all that may wait.
        if waiting > 0 && waiting + bytes.len() > MOST_WAITING {
            self.too_slow.store(true, Ordering::Relaxed);
            return false;
        }
        self.sender.send(Sent::Events(bytes.clone())).is_ok()
    }
}

/// One reader of the stream, from its own side.
#[derive(Debug)]
pub(super) struct Stream {
    receiver: UnboundedReceiver<Sent>,
    waiting: Arc<AtomicUsize>,
    too_slow: Arc<AtomicBool>,
}

impl Stream {
    /// The next events as they are sent; none where the stream has ended.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        match self.receiver.poll_recv(cx) {
            Poll::Ready(Some(Sent::Events(bytes))) => {
                self.waiting.fetch_sub(bytes.len(), Ordering::Relaxed);
                Poll::Ready(Some(bytes))
            }
            Poll::Ready(Some(Sent::Cut) | None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }

    /// True where the stream ended because too much was waiting.
    pub(super) fn was_too_slow(&self) -> bool {
        self.too_slow.load(Ordering::Relaxed)
    }
}

/// What the server as a whole is kept from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Condition {
    /// It accepts connections and answers nothing, like a process that was stopped.
    pub(super) frozen: bool,
    /// Requests that change an account wait.
    pub(super) changes_held: bool,
    /// It is away.
    pub(super) away: bool,
}

/// What is behind the lock.
pub(super) struct Inner {
    pub(super) world: World,
    pub(super) faults: Faults,
    /// How often the provider was asked for each account, by id.
    pub(super) asked: BTreeMap<String, u64>,
    /// How far the server's clock is ahead of the machine's.
    pub(super) ahead: TimeDelta,
    /// How far the `Date` header is ahead of the server's clock.
    pub(super) date_ahead: TimeDelta,
    history: History,
    /// Records that reach the history only after it was read once more.
    late: Vec<Record>,
    readers: Vec<Reader>,
    /// What the readers get when the server thaws.
    held: Vec<Bytes>,
    files: Option<Files>,
}

/// The shared state.
pub(super) struct Hub {
    inner: Mutex<Inner>,
    clock: fn() -> Timestamp,
    level: Level,
    condition: watch::Sender<Condition>,
    /// Asks for a check at once.
    pub(super) check: Notify,
}

impl Hub {
    pub(super) fn new(
        world: World,
        clock: fn() -> Timestamp,
        ahead: TimeDelta,
        level: Level,
        files: Option<Files>,
    ) -> Self {
        let inner = Inner {
            world,
            faults: Faults::default(),
            asked: BTreeMap::new(),
            ahead,
            date_ahead: TimeDelta::zero(),
            history: History::default(),
            late: Vec::new(),
            readers: Vec::new(),
            held: Vec::new(),
            files,
        };
        let (inner, condition) = (Mutex::new(inner), watch::Sender::default());
        Self { inner, clock, level, condition, check: Notify::new() }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        // A step that panicked left a world that is still a world.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server's time.
    pub(super) fn now(&self) -> Timestamp {
        (self.clock)() + self.lock().ahead
    }

    /// Looks at the world, or changes it, without a record.
    pub(super) fn with<T>(&self, step: impl FnOnce(&mut World, Timestamp) -> T) -> T {
        let now = self.now();
        step(&mut self.lock().world, now)
    }

    /// One step of the world, whose records go to the log.
    pub(super) fn step<T>(&self, step: impl FnOnce(&mut World, Timestamp) -> (T, Vec<Record>)) -> T {
        let now = self.now();
        let mut inner = self.lock();
        let (result, records) = step(&mut inner.world, now);
        inner.write(records, self.level, self.condition().frozen);
        result
    }

    /// A new reader of the stream: its first event is the greeting.
    pub(super) fn read(&self) -> Stream {
        let (sender, receiver) = unbounded_channel();
        let (waiting, too_slow) = (Arc::default(), Arc::default());
        let reader = Reader { sender, waiting: Arc::clone(&waiting), too_slow: Arc::clone(&too_slow) };
        reader.send(&Bytes::from_static(b"data: {\"connected\":true}\n\n"));
        self.lock().readers.push(reader);
        Stream { receiver, waiting, too_slow }
    }

    /// The history as JSON.
    pub(super) fn history(&self) -> Value {
        let mut inner = self.lock();
        let history = inner.history.records().map(Record::to_json).collect();
        for record in std::mem::take(&mut inner.late) {
            inner.history.push(record);
        }
        history
    }

    /// Keeps a record from the history until it was read once more, and from the stream for good: the observed server sends
    /// a record at once and writes it into its file a moment later.
    pub(super) fn log_late(&self, record: Record) {
        self.lock().late.push(record);
    }

    /// How many readers the stream has.
    pub(super) fn readers(&self) -> usize {
        self.lock().readers.iter().filter(|r| !r.sender.is_closed()).count()
    }

    /// Sends bytes as they are to all readers.
    pub(super) fn send(&self, bytes: Bytes) {
        let frozen = self.condition().frozen;
        self.lock().send(bytes, frozen);
    }

    /// Ends all streams, without their end.
    pub(super) fn cut(&self) {
        for reader in self.lock().readers.drain(..) {
            let _ = reader.sender.send(Sent::Cut);
        }
    }

    pub(super) fn condition(&self) -> Condition {
        *self.condition.borrow()
    }

    /// Changes what the server is kept from. What was held back is sent when it thaws.
    pub(super) fn set_condition(&self, change: impl FnOnce(&mut Condition)) {
        self.condition.send_modify(change);
        if !self.condition().frozen {
            let mut inner = self.lock();
            for bytes in std::mem::take(&mut inner.held) {
                inner.send(bytes, false);
            }
        }
    }

    /// Waits until the server is as `wanted`.
    pub(super) async fn wait(&self, wanted: impl Fn(&Condition) -> bool) {
        // The sender is here, so it is not gone.
        let _ = self.condition.subscribe().wait_for(wanted).await;
    }

    /// Waits while the server is frozen.
    pub(super) async fn thawed(&self) {
        self.wait(|c| !c.frozen).await;
    }
}

impl Inner {
    fn write(&mut self, records: Vec<Record>, level: Level, frozen: bool) {
        let mut events = String::new();
        for record in records.into_iter().filter(|r| r.level >= level) {
            let trouble = self.files.as_mut().and_then(|files| files.write(&record));
            if let Some(trouble) = &trouble {
                tracing::warn!("{}", trouble.message);
            }
            for record in [Some(record), trouble].into_iter().flatten() {
                events.push_str("data: ");
                events.push_str(&record.to_line());
                events.push_str("\n\n");
                self.history.push(record);
            }
        }
        if !events.is_empty() {
            self.send(Bytes::from(events), frozen);
        }
    }

    fn send(&mut self, bytes: Bytes, frozen: bool) {
        if frozen {
            if self.held.len() < MOST_HELD {
                self.held.push(bytes);
            }
        } else {
            self.readers.retain(|reader| reader.send(&bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hub() -> Hub {
        Hub::new(World::default(), || Timestamp::UNIX_EPOCH, TimeDelta::zero(), Level::Info, None)
    }

    fn say(hub: &Hub, count: usize) {
        let text = "x".repeat(1_000);
        let records = (0..count).map(|_| Record::new(hub.now(), Level::Info, text.as_str())).collect();
        hub.step(|_, _| ((), records));
    }

    /// The events that wait, and whether the stream has ended behind them.
    fn heard(stream: &mut Stream) -> (usize, bool) {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let mut count = 0;
        loop {
            match stream.poll(&mut cx) {
                Poll::Ready(Some(bytes)) => count += bytes.windows(2).filter(|w| w == b"\n\n").count(),
                Poll::Ready(None) => return (count, true),
                Poll::Pending => return (count, false),
            }
        }
    }

    #[test]
    fn a_reader_that_keeps_up_loses_nothing_and_a_slow_one_is_cut_off() {
        let hub = hub();
        let (mut quick, mut slow) = (hub.read(), hub.read());
        let mut got = 0;
        for _ in 0..50 {
            say(&hub, 1_000);
            got += heard(&mut quick).0;
        }
        assert_eq!(got, 50_000 + 1);
        assert!(!quick.was_too_slow());
        assert!(slow.waiting.load(Ordering::Relaxed) < MOST_WAITING + (4 << 20), "what waits is bounded");
        let (got, ended) = heard(&mut slow);
        assert!((1_001..50_000).contains(&got) && got % 1_000 == 1, "{got}");
        assert!(ended && slow.was_too_slow());
        assert_eq!(hub.readers(), 1);
        assert_eq!(hub.history().as_array().map(Vec::len), Some(1_000));
    }

    #[test]
    fn one_record_may_be_larger_than_all_that_may_wait() {
        let hub = hub();
        let mut stream = hub.read();
        assert_eq!(heard(&mut stream), (1, false));
        let record = Record::new(hub.now(), Level::Info, "x".repeat(MOST_WAITING));
        hub.step(|_, _| ((), vec![record]));
        assert_eq!(heard(&mut stream), (1, false));
    }

    #[test]
    fn a_reader_that_left_is_forgotten_and_low_levels_are_not_kept() {
        let hub = hub();
        drop(hub.read());
        hub.step(|_, now| ((), vec![Record::new(now, Level::Debug, "x")]));
        assert_eq!(hub.history(), serde_json::json!([]));
        say(&hub, 1);
        assert!(hub.lock().readers.is_empty());
    }

    #[test]
    fn a_frozen_server_sends_nothing_until_it_thaws_and_a_cut_ends_the_stream() {
        let hub = hub();
        let mut stream = hub.read();
        hub.set_condition(|c| c.frozen = true);
        say(&hub, 3);
        assert_eq!(heard(&mut stream), (1, false));
        hub.set_condition(|c| c.frozen = false);
        assert_eq!(heard(&mut stream), (3, false));
        say(&hub, 1);
        hub.cut();
        assert_eq!(heard(&mut stream), (1, true));
        assert!(!stream.was_too_slow());
    }

    #[test]
    fn a_late_record_is_in_the_history_the_second_time() {
        let hub = hub();
        hub.log_late(Record::new(hub.now(), Level::Warn, "late"));
        let count = || hub.history().as_array().map(Vec::len);
        assert_eq!((count(), count()), (Some(0), Some(1)));
    }
}
