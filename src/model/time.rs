//! Points in time, and the forms in which the server writes them.

use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};

/// A point in time, in UTC.
pub type Timestamp = DateTime<Utc>;

/// A point in time from milliseconds since 1970, or none where a date cannot hold it.
pub fn timestamp_from_millis(ms: i64) -> Option<Timestamp> {
    Utc.timestamp_millis_opt(ms).single()
}

/// Reads an ISO 8601 time as JavaScript writes it, with expanded years such as `+058864-07-28T03:46:40.000Z`.
///
/// RFC 3339 knows four-digit years only; the server passes on what a provider's header made of a date
/// (`docs/server-contract.md`, section 3).
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    if let Ok(t) = DateTime::parse_from_rfc3339(text) {
        return Some(t.with_timezone(&Utc));
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let (year, rest) = rest.split_at_checked(6)?;
    if !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year: i32 = year.parse().ok()?;
    // The rest has the shape of a four-digit year's, so that parser reads it, in a leap year so that 29 February passes.
    let rest = DateTime::parse_from_rfc3339(&format!("2000{rest}")).ok()?.with_timezone(&Utc);
    let date = rest.date_naive();
    let date = {
        use chrono::Datelike as _;
        NaiveDate::from_ymd_opt(sign * year, date.month(), date.day())?
    };
    Some(date.and_time(rest.time()).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_javascript_writes_them() {
        for (text, ms) in [
            ("1970-01-01T00:00:00.000Z", 0),
            ("2026-11-23T07:42:00.250Z", 1_795_419_720_250),
            ("2026-11-23T07:44:18.388119+00:00", 1_795_419_858_388),
            ("+002026-11-23T07:42:00.250Z", 1_795_419_720_250),
            ("+058864-07-28T03:46:40.000Z", 1_795_419_316_000_000),
            ("-000001-01-01T00:00:00.000Z", -62_198_755_200_000),
        ] {
            assert_eq!(parse_timestamp(text).map(|t| t.timestamp_millis()), Some(ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "soon",
            "2026-11-23",
            "+58864-07-28T03:46:40Z",
            "+999999-01-01T00:00:00.000Z",
            "+05886é-07-28",
        ] {
            assert_eq!(parse_timestamp(text), None, "{text}");
        }
        assert_eq!(timestamp_from_millis(i64::MAX), None);
    }
}
