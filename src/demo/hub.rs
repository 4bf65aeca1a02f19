//! What the parts of the running server share: the world, the log and its readers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use hyper::body::Bytes;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::files::Files;
use super::log::{History, Level, Record};
use super::world::World;
use crate::model::Timestamp;

/// Records that may wait for one reader of the stream. One that keeps up never has so many waiting; one that does not is cut
/// off, so that the memory is bounded.
const MOST_WAITING: usize = 16_384;

/// One reader of the stream, from the server's side.
struct Reader {
    records: Sender<Bytes>,
    too_slow: Arc<AtomicBool>,
}

/// One reader of the stream, from its own side.
#[derive(Debug)]
pub(super) struct Stream {
    /// Events as they are sent.
    pub(super) events: Receiver<Bytes>,
    too_slow: Arc<AtomicBool>,
}

impl Stream {
    /// True where the stream ended because too many events were waiting.
    pub(super) fn was_too_slow(&self) -> bool {
        self.too_slow.load(Ordering::Relaxed)
    }
}

struct Inner {
    world: World,
    history: History,
    readers: Vec<Reader>,
    files: Option<Files>,
}

/// The shared state.
pub(super) struct Hub {
    inner: Mutex<Inner>,
    clock: fn() -> Timestamp,
    ahead: TimeDelta,
    level: Level,
}

impl Hub {
    pub(super) fn new(
        world: World,
        clock: fn() -> Timestamp,
        ahead: TimeDelta,
        level: Level,
        files: Option<Files>,
    ) -> Self {
        let inner = Inner { world, history: History::default(), readers: Vec::new(), files };
        Self { inner: Mutex::new(inner), clock, ahead, level }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A step that panicked left a world that is still a world.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server's time.
    pub(super) fn now(&self) -> Timestamp {
        (self.clock)() + self.ahead
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
        inner.write(records, self.level);
        result
    }

    /// A new reader of the stream: its first event is the greeting.
    pub(super) fn read(&self) -> Stream {
        let (sender, events) = channel(MOST_WAITING);
        let too_slow = Arc::new(AtomicBool::new(false));
        // A new channel has room.
        let _ = sender.try_send(Bytes::from_static(b"data: {\"connected\":true}\n\n"));
        self.lock().readers.push(Reader { records: sender, too_slow: Arc::clone(&too_slow) });
        Stream { events, too_slow }
    }

    /// The history as JSON.
    pub(super) fn history(&self) -> serde_json::Value {
        self.lock().history.records().map(Record::to_json).collect()
    }
}

impl Inner {
    fn write(&mut self, records: Vec<Record>, level: Level) {
        for record in records.into_iter().filter(|r| r.level >= level) {
            let event = Bytes::from(format!("data: {}\n\n", record.to_line()));
            self.readers.retain(|reader| match reader.records.try_send(event.clone()) {
                Ok(()) => true,
                Err(TrySendError::Closed(_)) => false,
                Err(TrySendError::Full(_)) => {
                    reader.too_slow.store(true, Ordering::Relaxed);
                    false
                }
            });
            if let Some(Err(error)) = self.files.as_mut().map(|files| files.write(&record)) {
                tracing::warn!(%error, "the demo's log cannot be written any more");
                self.files = None;
            }
            self.history.push(record);
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
        let records = (0..count).map(|n| Record::new(hub.now(), Level::Info, n.to_string())).collect();
        hub.step(|_, _| ((), records));
    }

    #[test]
    fn a_reader_that_keeps_up_loses_nothing_and_a_slow_one_is_cut_off() {
        let hub = hub();
        let (mut quick, mut slow) = (hub.read(), hub.read());
        let mut heard = 0;
        for _ in 0..50 {
            say(&hub, 1_000);
            while quick.events.try_recv().is_ok() {
                heard += 1;
            }
        }
        assert_eq!(heard, 50_000 + 1);
        assert!(!quick.was_too_slow());
        let mut waiting = 0;
        while slow.events.try_recv().is_ok() {
            waiting += 1;
        }
        assert_eq!(waiting, MOST_WAITING);
        assert!(slow.was_too_slow());
        assert_eq!(hub.lock().readers.len(), 1);
        assert_eq!(hub.history().as_array().map(Vec::len), Some(1_000));
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
}
