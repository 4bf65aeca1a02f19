//! The time until a moment, or since it, in few characters.

use chrono::TimeDelta;

use crate::model::Timestamp;

/// Farther than this many days nobody counts.
const FAR: i64 = 999;

/// How fine a countdown is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Seconds below an hour, minutes below a day, hours beyond: changes once a minute or less often.
    Coarse,
    /// Seconds below a day, minutes beyond.
    Fine,
}

/// The time from `now` until `at`: `5d23h`, `4h54m`, `38:40`, `0:09`; once past, counted up: `+0:21`, `+26h02m`.
pub fn countdown(now: Timestamp, at: Timestamp, grain: Grain) -> String {
    let left = at - now;
    // A part of a second that is left is neither counted nor past: whoever wakes at whole seconds is then never late.
    if left <= TimeDelta::zero() {
        let past = (-left).num_seconds();
        return match past {
            ..3_600 => format!("+{}", clock(past)),
            // Hours are kept well past a day, as the time since a window's end is a matter of hours.
            3_600..360_000 if grain == Grain::Fine => {
                format!("+{}h{:02}m{:02}s", past / 3600, past / 60 % 60, past % 60)
            }
            3_600..360_000 => format!("+{}h{:02}m", past / 3600, past / 60 % 60),
            _ if past / 86_400 > FAR => format!(">+{FAR}d"),
            _ => format!("+{}d{:02}h", past / 86_400, past / 3600 % 24),
        };
    }
    let secs = left.num_seconds();
    match (secs, grain) {
        (..3_600, _) => clock(secs),
        (3_600..86_400, Grain::Fine) => format!("{}h{:02}m{:02}s", secs / 3600, secs / 60 % 60, secs % 60),
        (3_600..86_400, Grain::Coarse) => format!("{}h{:02}m", secs / 3600, secs / 60 % 60),
        _ if secs / 86_400 > FAR => format!(">{FAR}d"),
        (_, Grain::Fine) => {
            format!("{}d{:02}h{:02}m", secs / 86_400, secs / 3600 % 24, secs / 60 % 60)
        }
        _ => format!("{}d{:02}h", secs / 86_400, secs / 3600 % 24),
    }
}

/// As [`countdown`], marked where it counts to the end of a cooldown, in at most `columns` columns: the finer form where it
/// was asked for and fits, else the coarse one.
pub fn countdown_within(
    now: Timestamp,
    at: Timestamp,
    cooldown: bool,
    grain: Grain,
    columns: usize,
) -> String {
    let mark = if cooldown { "cd " } else { "" };
    let full = format!("{mark}{}", countdown(now, at, grain));
    if full.len() <= columns { full } else { format!("{mark}{}", countdown(now, at, Grain::Coarse)) }
}

/// A length of time in words as short as can be: `48s`, `12m`, `3h04m`, `2d05h`.
pub fn duration(length: TimeDelta) -> String {
    let secs = length.num_seconds().max(0);
    match secs {
        ..60 => format!("{secs}s"),
        60..3_600 => format!("{}m", secs / 60),
        3_600..86_400 => format!("{}h{:02}m", secs / 3600, secs / 60 % 60),
        _ => format!("{}d{:02}h", secs / 86_400, secs / 3600 % 24),
    }
}

/// `m:ss`.
fn clock(secs: i64) -> String {
    format!("{}:{:02}", secs / 60, secs % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parse_timestamp;

    fn at(text: &str) -> Timestamp {
        parse_timestamp(text).expect("a time")
    }

    #[test]
    fn the_time_left_is_written_in_few_characters() {
        let now = at("2026-11-23T07:42:00Z");
        for (then, coarse, fine) in [
            ("2026-11-29T06:42:00Z", "5d23h", "5d23h00m"),
            ("2026-11-23T12:36:53Z", "4h54m", "4h54m53s"),
            ("2026-11-23T08:20:40Z", "38:40", "38:40"),
            ("2026-11-23T07:42:09Z", "0:09", "0:09"),
            ("2026-11-23T07:42:00.500Z", "0:00", "0:00"),
            ("2026-11-23T07:42:00Z", "+0:00", "+0:00"),
            ("2026-11-23T07:41:39Z", "+0:21", "+0:21"),
            ("2026-11-23T06:39:59Z", "+1h02m", "+1h02m01s"),
            ("2026-11-22T05:40:00Z", "+26h02m", "+26h02m00s"),
            ("2026-11-17T05:42:00Z", "+6d02h", "+6d02h"),
            ("+058864-07-28T03:46:40.000Z", ">999d", ">999d"),
            ("1970-01-01T00:00:00Z", ">+999d", ">+999d"),
        ] {
            assert_eq!(countdown(now, at(then), Grain::Coarse), coarse, "{then}");
            assert_eq!(countdown(now, at(then), Grain::Fine), fine, "{then}");
        }
        assert_eq!(countdown(Timestamp::MIN_UTC, Timestamp::MAX_UTC, Grain::Fine), ">999d");
        assert_eq!(countdown(Timestamp::MAX_UTC, Timestamp::MIN_UTC, Grain::Fine), ">+999d");
    }

    #[test]
    fn a_cooldown_is_marked_and_seconds_leave_where_they_do_not_fit() {
        let now = at("2026-11-23T07:42:00Z");
        let shown = |then, cooldown| countdown_within(now, at(then), cooldown, Grain::Fine, 9);
        assert_eq!(shown("2026-11-23T07:51:53Z", true), "cd 9:53");
        assert_eq!(shown("2026-11-23T09:14:53Z", true), "cd 1h32m");
        assert_eq!(shown("2026-11-23T09:14:53Z", false), "1h32m53s");
        assert_eq!(shown("2026-11-22T05:40:00Z", false), "+26h02m");
    }
}
