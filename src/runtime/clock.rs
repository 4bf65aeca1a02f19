//! The clock: the one place where time is read.

use std::sync::OnceLock;

use chrono::{FixedOffset, Local, TimeDelta, Utc};
use rustix::time::{ClockId, clock_gettime};

use crate::model::Timestamp;

/// The clock that goes on while the machine sleeps and is never set: a deadline in a minute is in a minute, whatever is done to
/// the time of day.
#[cfg(any(target_os = "linux", target_os = "android"))]
const STEADY: ClockId = ClockId::Boottime;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const STEADY: ClockId = ClockId::Monotonic;

fn steady() -> TimeDelta {
    let t = clock_gettime(STEADY);
    TimeDelta::seconds(t.tv_sec) + TimeDelta::nanoseconds(t.tv_nsec)
}

/// Now: the time of day at the program's start plus what has passed since on a clock that is never set.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
pub fn now() -> Timestamp {
    static START: OnceLock<(Timestamp, TimeDelta)> = OnceLock::new();
    let (wall, then) = START.get_or_init(|| (Utc::now(), steady()));
    *wall + (steady() - *then)
}

/// The machine's zone, now.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
pub fn zone() -> FixedOffset {
    *Local::now().offset()
}
