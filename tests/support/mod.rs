//! What the outer tests stand on: a server on loopback, a pseudo-terminal, and runs without one.

pub(crate) mod account;
pub(crate) mod once;
pub(crate) mod screen;
pub(crate) mod server;
pub(crate) mod term;

use std::time::{Duration, Instant};

/// How long a condition is waited for before it counts as one that will not come. Far more than a slow machine needs: no
/// test passes by it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at a condition.
pub(crate) const LOOK: Duration = Duration::from_millis(5);

/// The clock of waiting; what the program shows is never compared with it.
#[expect(
    clippy::disallowed_methods,
    reason = "the program's clock is replayed in its own tests; these are outside of it"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The time of day, for what a server writes.
#[expect(
    clippy::disallowed_methods,
    reason = "the program's clock is replayed in its own tests; these are outside of it"
)]
pub(crate) fn wall_clock() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}

/// Waits until `look` finds something, or fails with `what` and the words of `otherwise`.
pub(crate) fn wait<T>(what: &str, look: impl FnMut() -> Option<T>, otherwise: impl FnOnce() -> String) -> T {
    wait_long(PATIENCE, what, look, otherwise)
}

/// The same with more patience.
pub(crate) fn wait_long<T>(
    patience: Duration,
    what: &str,
    mut look: impl FnMut() -> Option<T>,
    otherwise: impl FnOnce() -> String,
) -> T {
    let deadline = now() + patience;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(now() < deadline, "waited in vain: {what}\n{}", otherwise());
        std::thread::sleep(LOOK);
    }
}
