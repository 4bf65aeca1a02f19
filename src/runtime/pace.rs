//! How fast the line to the screen is. A slow one holds frames that were written long ago: what is drawn then is old before it is
//! seen, and each frame more makes it older.
//!
//! A terminal says only when it takes no more, and, often much later, that it does again. What it has to show for that time is what
//! the line carried: that is its rate. From then on frames wait until most of what was written has arrived by that rate. Before, and
//! on a line that never says so, nothing waits.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// So much of what was written may still be on the way when the next frame is written.
const ON_THE_WAY: Duration = Duration::from_millis(500);
/// The times between two full moments that say something about the line: less is chance, and in more it may have stood still. (Linux
/// lets the writer go on when a terminal's 20 kB are nearly gone, which takes ten seconds where 2 kB a second are read.)
const TELLING: std::ops::Range<Duration> = Duration::from_millis(500)..Duration::from_secs(30);
/// The part of a rate that is used: what falls behind a little with each frame is far behind in the end.
const CAUTION: f64 = 0.85;
/// What was written in this time before the line was full may have filled it.
const JUST_BEFORE: Duration = Duration::from_secs(5);
/// How long a rate is believed. Lines change.
const KEEPS: Duration = Duration::from_secs(300);
/// How far back it is remembered what was written: as much as buffers on the way may hold.
const REMEMBERED: Duration = Duration::from_secs(60);

/// What is known about the line.
#[derive(Debug, Default)]
pub(super) struct Pace {
    rate: Option<Rate>,
    /// What was written, the oldest first.
    written: VecDeque<(Instant, usize)>,
    /// How much was written since the beginning.
    total: usize,
    /// When the line was full last, and how much it had taken by then.
    full: Option<(Instant, usize)>,
}

/// What the line carries.
#[derive(Debug, Clone, Copy)]
struct Rate {
    /// So many a second.
    bytes: f64,
    /// When that was found.
    found: Instant,
    /// The bytes that were on the way, by that rate, when something was written last.
    behind: f64,
    /// When that was.
    at: Instant,
}

impl Rate {
    /// The bytes that are still on the way.
    fn behind(&self, now: Instant) -> f64 {
        (self.behind - self.bytes * (now - self.at).as_secs_f64()).max(0.0)
    }

    fn wrote(&mut self, now: Instant, bytes: usize) {
        self.behind = self.behind(now) + bytes as f64;
        self.at = now;
    }
}

impl Pace {
    /// So many bytes were written, of which the terminal has not taken `held` yet.
    pub(super) fn wrote(&mut self, now: Instant, bytes: usize, held: usize) {
        while self.written.front().is_some_and(|(then, _)| now - *then > REMEMBERED) {
            self.written.pop_front();
        }
        self.written.push_back((now, bytes));
        self.total += bytes;
        if let Some(rate) = &mut self.rate {
            rate.wrote(now, bytes);
        }
        if held == 0 {
            return;
        }
        let taken = self.total - held;
        match self.full {
            Some((then, _)) if now - then < TELLING.start => {}
            Some((then, before)) if TELLING.contains(&(now - then)) => {
                self.found((taken - before) as f64 / (now - then).as_secs_f64(), now);
                self.full = Some((now, taken));
            }
            _ => self.full = Some((now, taken)),
        }
    }

    /// The terminal takes everything again. What was written just before it was full has gone meanwhile, or most of it; the next time
    /// that it is full tells more.
    pub(super) fn went_on(&mut self, now: Instant) {
        let Some((then, _)) =
            self.full.filter(|(then, _)| self.rate.is_none() && TELLING.contains(&(now - *then)))
        else {
            return;
        };
        let recent = self.written.iter().filter(|(when, _)| then - *when <= JUST_BEFORE);
        let bytes = recent.map(|(_, bytes)| *bytes as f64).sum::<f64>();
        self.found(bytes / (now - then).as_secs_f64(), now);
    }

    fn found(&mut self, rate: f64, now: Instant) {
        let mut rate = Rate { bytes: CAUTION * rate, found: now, behind: 0.0, at: now };
        rate.at = self.written.front().map_or(now, |(first, _)| *first);
        for (then, bytes) in &self.written {
            rate.wrote(*then, *bytes);
        }
        self.rate = Some(rate);
    }

    /// How long the next frame waits.
    pub(super) fn wait(&mut self, now: Instant) -> Duration {
        self.rate = self.rate.filter(|rate| now - rate.found < KEEPS);
        let Some(rate) = self.rate else { return Duration::ZERO };
        let late = rate.behind(now) / rate.bytes - ON_THE_WAY.as_secs_f64();
        Duration::try_from_secs_f64(late).unwrap_or_default().min(REMEMBERED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of `rate` bytes a second with `buffer` bytes of room on the way, which goes on when no more than `low` of them are held,
    /// to which frames of 1,000 bytes are written as often as the pace allows, at most twenty a second. The age of what arrives, in
    /// seconds, at the end of each second.
    fn ages(rate: f64, buffer: f64, low: f64, seconds: u32) -> Vec<f64> {
        let start = Instant::now();
        let mut pace = Pace::default();
        let (mut on_the_way, mut is_full, mut ages) = (0.0_f64, false, Vec::new());
        for step in 0..seconds * 20 {
            let now = start + Duration::from_millis(u64::from(step) * 50);
            on_the_way = (on_the_way - rate * 0.05).max(0.0);
            if is_full && on_the_way <= low {
                is_full = false;
                pace.went_on(now);
            }
            if !is_full && pace.wait(now).is_zero() {
                on_the_way += 1000.0;
                let held = (on_the_way - buffer).max(0.0) as usize;
                is_full = held > 0;
                pace.wrote(now, 1000, held);
            }
            if step % 20 == 19 {
                ages.push(on_the_way / rate);
            }
        }
        ages
    }

    #[test]
    fn a_fast_line_is_never_waited_for() {
        assert!(ages(1e6, 20_000.0, 256.0, 60).iter().all(|age| *age < 0.01));
    }

    #[test]
    fn what_arrives_over_a_slow_line_is_new_once_it_is_known_to_be_slow() {
        for (rate, buffer, low) in [
            (2_000.0, 20_000.0, 256.0),
            (2_000.0, 20_000.0, 19_000.0),
            (2_000.0, 4_000.0, 2_000.0),
            (500.0, 4_000.0, 256.0),
            (5_000.0, 64_000.0, 40_000.0),
        ] {
            let ages = ages(rate, buffer, low, 120);
            let worst = ages.iter().skip(45).copied().fold(0.0, f64::max);
            assert!(worst < 0.5 + 1000.0 / rate + 0.6, "{rate} bytes a second: {worst} s of {ages:?}");
            let silent = ages.iter().skip(45).filter(|age| **age == 0.0).count();
            assert!(silent * 4 < ages.len(), "the line is used: {ages:?}");
        }
    }

    #[test]
    fn a_line_that_stood_still_for_long_is_not_called_slow() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.wrote(start, 30_000, 500);
        pace.wrote(start + Duration::from_secs(60), 1_000, 500);
        assert_eq!(pace.wait(start + Duration::from_secs(61)), Duration::ZERO);
    }

    #[test]
    fn a_rate_is_believed_for_a_while_only() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.wrote(start, 30_000, 500);
        pace.wrote(start + Duration::from_secs(1), 1_000, 500);
        let wait = pace.wait(start + Duration::from_secs(1));
        assert!(wait > Duration::from_secs(20), "{wait:?}");
        let later = start + KEEPS + Duration::from_secs(2);
        pace.wrote(later, 30_000, 0);
        assert_eq!(pace.wait(later), Duration::ZERO);
    }
}
