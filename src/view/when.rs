//! Times of day in the shown zone. Total for every time that a date can hold.

use chrono::{Datelike as _, FixedOffset, NaiveDateTime, TimeDelta, Timelike as _};

use crate::model::Timestamp;

fn local(t: Timestamp, zone: FixedOffset) -> NaiveDateTime {
    let utc = t.naive_utc();
    utc.checked_add_offset(zone).unwrap_or(utc)
}

/// `14:02:37`.
pub fn seconds(t: Timestamp, zone: FixedOffset) -> String {
    let t = local(t, zone);
    format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())
}

/// `14:02:37.310`.
pub fn millis(t: Timestamp, zone: FixedOffset) -> String {
    format!("{}.{:03}", seconds(t, zone), local(t, zone).and_utc().timestamp_subsec_millis())
}

/// `2026-11-23 14:02:37.310 +01:00`.
pub fn whole(t: Timestamp, zone: FixedOffset) -> String {
    let date = local(t, zone).date();
    format!("{:04}-{:02}-{:02} {} {zone}", date.year(), date.month(), date.day(), millis(t, zone))
}

/// `14:02`.
pub fn minutes(t: Timestamp, zone: FixedOffset) -> String {
    let t = local(t, zone);
    format!("{:02}:{:02}", t.hour(), t.minute())
}

/// A moment to come or past as a time of day: `15:14` today, `Thu 15:14` within a week, else its day. In at most `columns` columns, and
/// marked where it is the end of a cooldown.
pub fn clock_within(
    t: Timestamp,
    now: Timestamp,
    zone: FixedOffset,
    cooldown: bool,
    columns: usize,
) -> String {
    let mark = if cooldown { "cd " } else { "" };
    let (at, today) = (local(t, zone), local(now, zone));
    let days = (at.date() - today.date()).num_days();
    let time = minutes(t, zone);
    match days {
        0 => format!("{mark}{time}"),
        // Of a past weekday it could not be told whether the next one is meant.
        1..7 => {
            let weekday = at.weekday();
            let full = format!("{mark}{weekday} {time}");
            if full.len() <= columns { full } else { format!("{mark}{weekday}") }
        }
        _ => format!("{mark}{}", day(t, now, zone)),
    }
}

/// `2026-11-24 14:02:37`.
pub fn full(t: Timestamp, zone: FixedOffset) -> String {
    let day = local(t, zone);
    match day.year() {
        y if y > 9999 => "far off".to_owned(),
        y if y < 0 => "long ago".to_owned(),
        y => format!("{y:04}-{:02}-{:02} {}", day.month(), day.day(), seconds(t, zone)),
    }
}

/// A moment to come to the minute: `14:41`, on another day `11-24 14:41`.
pub fn ahead_minutes(t: Timestamp, now: Timestamp, zone: FixedOffset) -> String {
    if same_day(t, now, zone) {
        minutes(t, zone)
    } else {
        format!("{} {}", day(t, now, zone), minutes(t, zone))
    }
}

/// `11-24`; in another year than `now`'s `2027-03`.
pub fn day(t: Timestamp, now: Timestamp, zone: FixedOffset) -> String {
    let (t, now) = (local(t, zone), local(now, zone));
    match t.year() {
        y if y == now.year() || (t - now).abs() < TimeDelta::days(180) => {
            format!("{:02}-{:02}", t.month(), t.day())
        }
        y if (0..=9999).contains(&y) => format!("{y:04}-{:02}", t.month()),
        y if y > 9999 => "far off".to_owned(),
        _ => "long ago".to_owned(),
    }
}

/// True where both are on one day.
pub fn same_day(t: Timestamp, now: Timestamp, zone: FixedOffset) -> bool {
    local(t, zone).date() == local(now, zone).date()
}

/// A past moment: `14:02:37`, with the day before it where that is not today: `11-22 14:02`.
pub fn past(t: Timestamp, now: Timestamp, zone: FixedOffset) -> String {
    if same_day(t, now, zone) {
        seconds(t, zone)
    } else {
        format!("{} {}", day(t, now, zone), minutes(t, zone))
    }
}

/// A moment to come: within a day `15:14:20`, later with the day: `11-28 15:14`.
pub fn ahead(t: Timestamp, now: Timestamp, zone: FixedOffset) -> String {
    if (t - now).abs() < TimeDelta::days(1) {
        return seconds(t, zone);
    }
    let day = day(t, now, zone);
    // A year says enough by itself.
    if day.len() > 5 { day } else { format!("{day} {}", minutes(t, zone)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parse_timestamp;

    fn at(text: &str) -> Timestamp {
        parse_timestamp(text).expect("a time")
    }

    #[test]
    fn a_time_of_day_names_the_day_that_it_is_not_today() {
        let zone = FixedOffset::east_opt(3600).expect("a zone");
        let now = at("2026-11-23T13:02:37Z"); // a Monday
        for (t, cooldown, shown) in [
            ("2026-11-23T14:14:20Z", false, "15:14"),
            ("2026-11-23T12:00:00Z", false, "13:00"),
            ("2026-11-23T14:14:20Z", true, "cd 15:14"),
            ("2026-11-23T23:30:00Z", false, "Tue 00:30"),
            ("2026-11-29T14:14:20Z", false, "Sun 15:14"),
            ("2026-11-24T14:14:20Z", true, "cd Tue"),
            ("2026-11-30T14:14:20Z", false, "11-30"),
            ("2026-11-22T14:14:20Z", false, "11-22"),
            ("+058864-07-28T03:46:40.000Z", false, "far off"),
        ] {
            assert_eq!(clock_within(at(t), now, zone, cooldown, 9), shown, "{t}");
        }
    }

    #[test]
    fn the_day_is_named_where_it_is_not_clear() {
        let zone = FixedOffset::east_opt(3600).expect("a zone");
        let now = at("2026-11-23T13:02:37Z");
        assert_eq!(past(at("2026-11-23T12:41:02Z"), now, zone), "13:41:02");
        assert_eq!(past(at("2026-11-22T22:59:02Z"), now, zone), "11-22 23:59");
        assert_eq!(ahead(at("2026-11-24T01:10:00Z"), now, zone), "02:10:00");
        assert_eq!(ahead(at("2026-11-28T14:14:20Z"), now, zone), "11-28 15:14");
        assert_eq!(ahead(at("2028-03-28T14:14:20Z"), now, zone), "2028-03");
        assert_eq!(ahead(at("+058864-07-28T03:46:40.000Z"), now, zone), "far off");
        assert_eq!(whole(at("2026-11-22T22:59:02.310Z"), zone), "2026-11-22 23:59:02.310 +01:00");
        for t in [Timestamp::MIN_UTC, Timestamp::MAX_UTC] {
            assert!(!ahead(t, now, zone).is_empty() && !past(t, now, zone).is_empty());
        }
    }
}
