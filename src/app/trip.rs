//! How long the server takes to answer, as it is shown: a number that stands still as long as it is about right, so that a quiet screen
//! stays quiet.

use chrono::TimeDelta;

/// How much of the newest answer goes into what is usual.
const WEIGHT: f64 = 0.3;
/// What is shown stays while what is usual is no further from it than this, or than [`PART`] of it.
const LEAST: f64 = 1.5;
const PART: f64 = 0.25;

/// How long the server takes to answer, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Trip {
    /// None before the second answer: the first one's time may have gone into connecting.
    usual: Option<f64>,
    shown: Option<f64>,
}

impl Trip {
    /// The whole milliseconds to show; none before the first answer.
    pub fn millis(self) -> Option<i64> {
        self.shown.map(|ms| ms.round() as i64)
    }

    /// An answer took so long.
    #[must_use]
    pub fn after(self, took: TimeDelta) -> Self {
        let took = took.max(TimeDelta::zero()).as_seconds_f64() * 1000.0;
        let later = self.shown.map(|_| self.usual.map_or(took, |usual| usual + (took - usual) * WEIGHT));
        let usual = later.unwrap_or(took);
        let holds = |shown: &f64| (usual - shown).abs() <= (shown * PART).max(LEAST);
        Self { usual: later, shown: self.shown.filter(holds).or(Some(usual)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn after(all: &[i64]) -> Trip {
        all.iter().fold(Trip::default(), |trip, ms| trip.after(TimeDelta::milliseconds(*ms)))
    }

    #[test]
    fn it_stands_still_while_answers_are_about_as_quick() {
        assert_eq!(Trip::default().millis(), None);
        assert_eq!(after(&[41]).millis(), Some(41));
        assert_eq!(after(&[41, 44, 38, 49, 35, 41]).millis(), Some(41));
        assert_eq!(after(&[1, 2, 1, 3, 0, 2]).millis(), Some(1));
    }

    #[test]
    fn it_follows_a_line_that_has_become_slower_or_quicker() {
        let slower = after(&[&[10; 5][..], &[400; 12]].concat()).millis().expect("shown");
        assert!((320..=400).contains(&slower), "{slower}");
        let quicker = after(&[&[400; 5][..], &[10; 20]].concat()).millis().expect("shown");
        assert!((7..=14).contains(&quicker), "{quicker}");
    }

    #[test]
    fn what_connecting_took_is_forgotten_with_the_next_answer() {
        assert_eq!(after(&[160]).millis(), Some(160));
        assert_eq!(after(&[160, 40]).millis(), Some(40));
        assert_eq!(after(&[160, 40, 41, 39]).millis(), Some(40));
    }

    #[test]
    fn less_than_one_is_said_only_where_it_is_about_so() {
        let micros =
            |all: &[i64]| all.iter().fold(Trip::default(), |t, us| t.after(TimeDelta::microseconds(*us)));
        assert_eq!(micros(&[300, 400, 350]).millis(), Some(0));
        assert_eq!(micros(&[300, 3_200, 3_200]).millis(), Some(3));
    }

    proptest! {
        #[test]
        fn it_is_never_far_from_what_is_usual(all in prop::collection::vec(-50i64..100_000, 1..60)) {
            let trip = after(&all);
            let shown = trip.shown.expect("shown");
            let usual = trip.usual.unwrap_or(shown);
            prop_assert!((usual - shown).abs() <= (shown * PART).max(LEAST));
            prop_assert!(trip.millis().is_some_and(|ms| ms >= 0));
        }
    }
}
