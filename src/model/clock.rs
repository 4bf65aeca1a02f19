//! The server's clock as seen from here: an offset with bounds.

use chrono::TimeDelta;

use super::Timestamp;

/// How far two clocks may drift apart in between, in parts per million. Quartz is specified to about 50.
const DRIFT_PPM: i64 = 100;

/// How far behind its clock a server's `Date` may be: its resolution of one second (RFC 9110, 5.6.7), and as much again because
/// servers write the header once a second and not for each answer (`docs/server-contract.md`, section 1).
const BEHIND: TimeDelta = TimeDelta::seconds(2);

/// The offset of the server's clock from ours, bounded by what its `Date` headers allow.
///
/// A server that writes `12:00:00` had a clock in `[12:00:00, 12:00:02)` at some moment between our sending and our receiving.
/// Each answer thus bounds the offset, and the bounds of several answers are intersected, which narrows them. While they allow
/// that the clocks agree, they are taken to: most clocks are kept by the network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServerClock {
    bounds: Option<Bounds>,
    /// The last answer contradicted the bounds.
    doubt: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Bounds {
    low: TimeDelta,
    high: TimeDelta,
    offset: TimeDelta,
    seen: Timestamp,
}

impl Bounds {
    fn new(low: TimeDelta, high: TimeDelta, seen: Timestamp) -> Self {
        let middle = low + (high - low) / 2;
        Self { low, high, offset: middle, seen }.settled()
    }

    /// With the offset that is most likely within the bounds.
    fn settled(self) -> Self {
        let agree = self.low <= TimeDelta::zero() && self.high >= TimeDelta::zero();
        let offset = if agree { TimeDelta::zero() } else { self.offset.clamp(self.low, self.high) };
        Self { offset, ..self }
    }
}

impl ServerClock {
    /// Takes in one answer: sent and received by our clock, and the server's `Date`.
    pub fn observe(&mut self, sent: Timestamp, received: Timestamp, date: Timestamp) {
        let low = date - received;
        let high = date + BEHIND - sent;
        if low > high {
            return; // our own clock was set back meanwhile: this answer says nothing
        }
        let narrowed = self.bounds.as_ref().and_then(|old| {
            let slack = (received - old.seen).abs().num_milliseconds().saturating_mul(DRIFT_PPM) / 1_000_000;
            let slack = TimeDelta::milliseconds(slack);
            let (low, high) = (low.max(old.low - slack), high.min(old.high + slack));
            (low <= high).then(|| Bounds { low, high, offset: old.offset, seen: received }.settled())
        });
        // Bounds that exclude each other mean that a clock was set, and then a second answer says so too; a single one comes from a
        // server that was busy or stopped between writing its header and answering.
        self.doubt = narrowed.is_none() && self.bounds.is_some() && !self.doubt;
        if !self.doubt {
            self.bounds = Some(narrowed.unwrap_or_else(|| Bounds::new(low, high, received)));
        }
    }

    /// The server's time at our time `now`. Without any answer the clocks are taken to agree.
    pub fn at(&self, now: Timestamp) -> Timestamp {
        now.checked_add_signed(self.offset()).unwrap_or(now)
    }

    /// Our time at the server's time `then`.
    pub fn to_local(&self, then: Timestamp) -> Timestamp {
        then.checked_sub_signed(self.offset()).unwrap_or(then)
    }

    /// The server's clock minus ours; positive where the server is ahead.
    pub fn offset(&self) -> TimeDelta {
        self.bounds.as_ref().map_or(TimeDelta::zero(), |b| b.offset)
    }

    /// Half the width of the bounds: the offset is right to within this. None before the first answer.
    pub fn uncertainty(&self) -> Option<TimeDelta> {
        self.bounds.as_ref().map(|b| (b.high - b.offset).max(b.offset - b.low))
    }

    /// The offset is certainly not zero and at least a second: worth telling.
    pub fn differs(&self) -> bool {
        self.bounds.as_ref().is_some_and(|b| {
            (b.low > TimeDelta::zero() || b.high < TimeDelta::zero())
                && b.offset.abs() >= TimeDelta::seconds(1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::timestamp_from_millis;
    use chrono::SubsecRound as _;
    use proptest::prelude::*;

    fn at(ms: i64) -> Timestamp {
        timestamp_from_millis(1_795_000_000_000 + ms).expect("a time")
    }

    #[test]
    fn before_any_answer_the_clocks_are_taken_to_agree() {
        let clock = ServerClock::default();
        assert_eq!(clock.at(at(0)), at(0));
        assert_eq!(clock.uncertainty(), None);
        assert!(!clock.differs());
    }

    #[test]
    fn a_clock_that_was_set_is_noticed() {
        let mut clock = ServerClock::default();
        clock.observe(at(0), at(5), at(0));
        clock.observe(at(5000), at(5005), at(95_000));
        assert!(!clock.differs(), "one answer may be from a server that was stopped");
        clock.observe(at(10_000), at(10_005), at(100_000));
        let offset = clock.offset().num_milliseconds();
        assert!((89_000..=92_000).contains(&offset), "{offset}");
        assert!(clock.differs());
    }

    #[test]
    fn a_server_that_was_stopped_does_not_move_the_clock() {
        let mut clock = ServerClock::default();
        for second in 0..20 {
            let now = second * 5000;
            let date = if second == 10 { now - 30_000 } else { now };
            clock.observe(at(now), at(now + 3), at(date).trunc_subsecs(0));
            assert_eq!(clock.offset(), TimeDelta::zero(), "after {second} answers");
        }
    }

    proptest! {
        #[test]
        fn the_offset_is_bounded_by_every_answer_and_narrows(
            offset in -100_000_000i64..100_000_000,
            behind in 0i64..1000,
            polls in proptest::collection::vec((0i64..400, 0i64..400, 4000i64..6000), 1..40),
        ) {
            let mut clock = ServerClock::default();
            let mut now = 0;
            let mut last = i64::MAX;
            for (there, back, pause) in polls {
                let date = at(now + there + offset - behind).trunc_subsecs(0);
                clock.observe(at(now), at(now + there + back), date);
                let error = (clock.offset().num_milliseconds() - offset).abs();
                let claimed = clock.uncertainty().expect("known").num_milliseconds();
                prop_assert!(error <= claimed + 1, "off by {error} ms and claims {claimed} ms");
                let width = clock.bounds.as_ref().map_or(0, |b| (b.high - b.low).num_milliseconds());
                prop_assert!(width <= last.saturating_add(2), "wider than before: {last} to {width}");
                last = width;
                now += there + back + pause;
            }
        }
    }
}
