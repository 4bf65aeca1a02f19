//! An account's fields in the list's spelling: set, left out, read from a row (`docs/server-contract.md`, section 3).
//!
//! What a column can hold becomes the column, so that the scheduler goes by it and later changes show. What none can hold is
//! laid over the row as it was given.

use serde_json::{Map, Value};

use super::account::{Account, PauseReason, Usage};
use crate::model::{Timestamp, parse_timestamp, timestamp_from_millis};

/// The server's words for why an account cools down; it reads any other as null.
const REASONS: [&str; 5] = [
    "upstream_429_with_reset",
    "upstream_429_no_reset_default_5h",
    "upstream_429_no_reset_probe_cooldown",
    "model_fallback_429",
    "all_models_exhausted_429",
];

impl Account {
    /// An account whose row at `now` is this one.
    pub fn from_row(row: &Value, now: Timestamp) -> Self {
        let mut account = Self::new("", "", "anthropic", now);
        let Some(fields) = row.as_object() else { return account };
        for (field, value) in fields {
            account.set(field, value.clone());
        }
        // Some fields follow from others: they are odd only where they do not.
        account.odd.clear();
        let given = account.to_row(now);
        for (field, value) in fields {
            if !is_same(field, given.get(field), value) {
                account.odd.insert(field.clone(), value.clone());
            }
        }
        let lacks = given.as_object().into_iter().flat_map(Map::keys).filter(|f| !fields.contains_key(*f));
        account.omitted = lacks.cloned().collect();
        account
    }

    /// Sets a field of the row, such as `rateLimitReset`: its column where there is one that can hold the value, else the
    /// field as it is given, whatever it may be.
    ///
    /// A date in another spelling than the server's is held as the date. `rateLimitStatus` is the display text: without its
    /// minutes it is the provider's word, and `OK` and `Rate limited (9m)` are what the row says where there is no word.
    pub fn set(&mut self, field: &str, value: Value) {
        self.omitted.remove(field);
        if self.hold(field, &value).is_some() {
            self.odd.remove(field);
        } else {
            self.odd.insert(field.to_owned(), value);
        }
    }

    /// Leaves a field out of the row, until it is set again.
    pub fn omit(&mut self, field: &str) {
        self.omitted.insert(field.to_owned());
    }

    /// Sets the column. None where no column can hold the value.
    fn hold(&mut self, field: &str, value: &Value) -> Option<()> {
        match field {
            "id" => self.id = text(value)?,
            "name" => self.name = text(value)?,
            "provider" => self.provider = text(value)?,
            "requestCount" => self.request_count = value.as_u64()?,
            "totalRequests" => self.total_requests = value.as_u64()?,
            "lastUsed" => or_null(&mut self.last_used, value, date)?,
            "created" => self.created = date(value)?,
            "paused" => {
                self.paused = value.as_bool()?;
                if !self.paused {
                    self.pause_reason = None;
                }
            }
            "pauseReason" => {
                or_null(&mut self.pause_reason, value, pause_reason)?;
                return None; // the list of the observed server lacks the field, so the row has it only by being given it
            }
            "priority" => self.priority = value.as_i64()?,
            "tokenExpiresAt" => or_null(&mut self.token.expires, value, date)?,
            "hasRefreshToken" => self.token.refresh = value.as_bool()?,
            "rateLimitStatus" => self.rate_limit_status = word(value.as_str()?),
            "rateLimitReset" => or_null(&mut self.rate_limit_reset, value, date)?,
            "rateLimitRemaining" => or_null(&mut self.rate_limit_remaining, value, Value::as_i64)?,
            "rateLimitedUntil" => or_null(&mut self.rate_limited_until, value, millis)?,
            "rateLimitedReason" => or_null(&mut self.rate_limited_reason, value, reason)?,
            "rateLimitedAt" => or_null(&mut self.rate_limited_at, value, millis)?,
            "usageThrottledUntil" => or_null(&mut self.usage_throttled_until, value, millis)?,
            "sessionInfo" if value == "-" => self.session_requests = None,
            "sessionInfo" => self.session_requests = Some(session(value.as_str()?)?),
            "autoFallbackEnabled" => self.auto_fallback_enabled = value.as_bool()?,
            "autoRefreshEnabled" => self.auto_refresh_enabled = value.as_bool()?,
            "autoPauseOnOverageEnabled" => self.auto_pause_on_overage_enabled = value.as_bool()?,
            "peakHoursPauseEnabled" => self.peak_hours_pause_enabled = value.as_bool()?,
            "customEndpoint" => or_null(&mut self.custom_endpoint, value, text)?,
            "billingType" => or_null(&mut self.billing_type, value, text)?,
            "usageData" if value.is_null() => self.usage = None,
            "usageData" => (self.usage, self.usage_beside) = usage(value)?,
            _ => return None,
        }
        Some(())
    }
}

/// True where a row that says `ours` says the same. The minutes of `rateLimitStatus` go with the time.
fn is_same(field: &str, ours: Option<&Value>, given: &Value) -> bool {
    let shape = |value: &Value| value.as_str().map(|text| bare(text).to_owned());
    ours == Some(given)
        || field == "rateLimitStatus" && ours.and_then(shape).is_some_and(|ours| Some(ours) == shape(given))
}

/// Sets a column to none for null, and else to what `read` makes of the value. None where it makes nothing of it.
fn or_null<'v, T>(
    column: &mut Option<T>,
    value: &'v Value,
    read: impl FnOnce(&'v Value) -> Option<T>,
) -> Option<()> {
    *column = if value.is_null() { None } else { Some(read(value)?) };
    Some(())
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn date(value: &Value) -> Option<Timestamp> {
    parse_timestamp(value.as_str()?)
}

fn millis(value: &Value) -> Option<Timestamp> {
    timestamp_from_millis(value.as_i64()?)
}

fn reason(value: &Value) -> Option<&'static str> {
    let word = value.as_str()?;
    REASONS.into_iter().find(|known| *known == word)
}

fn pause_reason(value: &Value) -> Option<PauseReason> {
    Some(match value.as_str()? {
        "manual" => PauseReason::Manual,
        "overage" => PauseReason::Overage,
        "failure_threshold" => PauseReason::FailureThreshold,
        "peak_hours" => PauseReason::PeakHours,
        _ => return None,
    })
}

/// The display text without its minutes.
fn bare(text: &str) -> &str {
    let minutes = text.strip_suffix("m)").and_then(|head| head.rsplit_once(" ("));
    minutes.filter(|(_, n)| n.parse::<u64>().is_ok()).map_or(text, |(word, _)| word)
}

/// The provider's word in the display text; none where it says what is said without one.
fn word(text: &str) -> Option<String> {
    let word = bare(text);
    let plain = text == "OK" || (word == "Rate limited" && word != text);
    (!plain).then(|| word.to_owned())
}

fn session(text: &str) -> Option<u64> {
    text.strip_prefix("Active: ")?.strip_suffix(" reqs")?.parse().ok()
}

/// Usage of Anthropic's shape, and what stands beside the two windows.
fn usage(value: &Value) -> Option<(Option<Usage>, Map<String, Value>)> {
    let mut beside = value.as_object()?.clone();
    let (five_hour, five_hour_resets) = window(&beside.remove("five_hour")?)?;
    let (seven_day, seven_day_resets) = window(&beside.remove("seven_day")?)?;
    Some((Some(Usage { five_hour, five_hour_resets, seven_day, seven_day_resets }), beside))
}

fn window(value: &Value) -> Option<(f64, Option<Timestamp>)> {
    let window = value.as_object().filter(|w| w.len() == 2)?;
    let mut resets = None;
    or_null(&mut resets, window.get("resets_at")?, date)?;
    Some((window.get("utilization")?.as_f64()?, resets))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> Timestamp {
        parse_timestamp(text).unwrap()
    }

    fn account() -> Account {
        Account::new("a", "a", "anthropic", at("2026-11-24T12:00:00Z"))
    }

    /// Each recording at a moment at which its minutes are right.
    #[test]
    fn a_recorded_row_becomes_an_account_and_the_same_row_again() {
        for (recording, now) in [
            (include_str!("../../tests/fixtures/accounts-standard.json"), "2026-11-23T07:42:59Z"),
            (include_str!("../../tests/fixtures/accounts-odd-values.json"), "2026-11-23T07:43:45Z"),
            (include_str!("../../tests/fixtures/accounts-after-failures.json"), "2026-11-23T07:36:00Z"),
            (include_str!("../../tests/fixtures/accounts-after-traffic.json"), "2026-11-23T07:39:59Z"),
        ] {
            let rows: Vec<Value> = serde_json::from_str(recording).unwrap();
            assert!(rows.len() >= 10);
            for row in rows {
                let account = Account::from_row(&row, at(now));
                let (ours, name) = (account.to_row(at(now)), row["name"].clone());
                for (field, value) in row.as_object().unwrap() {
                    assert_eq!(&ours[field], value, "{name} {field}");
                }
                assert_eq!(ours, row);
                let odd = ["usageData", "usageUtilization", "usageWindow", "modelMappings", "sessionStats"];
                for field in account.odd.keys() {
                    assert!(odd.contains(&field.as_str()), "{name}: {field} has a column");
                }
            }
        }
    }

    #[test]
    fn a_value_that_fits_is_the_column_and_the_scheduler_goes_by_it() {
        let now = at("2026-11-24T12:00:00Z");
        let mut account = account();
        for (field, value) in [
            ("autoRefreshEnabled", json!(true)),
            ("autoFallbackEnabled", json!(true)),
            ("autoPauseOnOverageEnabled", json!(true)),
            ("peakHoursPauseEnabled", json!(true)),
            ("paused", json!(true)),
            ("priority", json!(7)),
            ("rateLimitReset", json!("2026-11-24T14:30:00.000Z")),
            ("rateLimitedUntil", json!(now.timestamp_millis())),
            ("rateLimitedReason", json!("model_fallback_429")),
            ("rateLimitStatus", json!("allowed (150m)")),
            ("hasRefreshToken", json!(false)),
            ("sessionInfo", json!("Active: 17 reqs")),
            ("requestCount", json!(41)),
        ] {
            account.set(field, value.clone());
            assert_eq!(account.to_row(now)[field], value, "{field}");
        }
        assert!(account.odd.is_empty(), "{:?}", account.odd);
        assert_eq!(account.rate_limit_reset, Some(at("2026-11-24T14:30:00Z")));
        assert_eq!(account.rate_limited_until, Some(now));
        assert!(account.auto_refresh_enabled && account.paused && !account.token.refresh);
        let later = account.to_row(at("2026-11-24T14:00:30Z"));
        assert_eq!(later["rateLimitStatus"], "allowed (30m)", "the minutes go on");
        account.resume();
        assert_eq!(account.to_row(now)["paused"], false);
    }

    #[test]
    fn what_fits_no_column_is_shown_as_it_is_until_it_is_set_again() {
        let now = at("2026-11-24T12:00:00Z");
        for (field, value) in [
            ("id", Value::Null),
            ("paused", json!("yes")),
            ("priority", json!(0.5)),
            ("requestCount", json!(-3)),
            ("rateLimitReset", json!("soon")),
            ("rateLimitStatus", Value::Null),
            ("rateLimitedUntil", json!("2026-11-24T12:00:00.000Z")),
            ("rateLimitedReason", json!("bad luck")),
            ("usageData", json!({ "five_hour": null, "seven_day": { "utilization": "much" } })),
            ("usageThrottledWindows", json!(["seven_day"])),
            ("requiresReauth", json!(true)),
            ("isPrimary", json!(true)),
            ("pauseReason", json!("bad luck")),
        ] {
            let mut account = account();
            let before = account.clone();
            account.set(field, value.clone());
            assert_eq!(account.to_row(now)[field], value, "{field}");
            account.odd.clear();
            assert_eq!(account, before, "{field} touches no column");
        }
        let mut account = account();
        account.set("priority", json!("first"));
        account.set("priority", json!(1));
        assert_eq!(account.to_row(now)["priority"], 1);
        account.set("pauseReason", json!("overage"));
        assert_eq!(account.pause_reason, Some(PauseReason::Overage), "the scheduler is to know");
    }

    #[test]
    fn a_field_can_be_left_out_and_come_back() {
        let now = at("2026-11-24T12:00:00Z");
        let mut account = account();
        account.set("isPrimary", json!(true));
        account.omit("isPrimary");
        account.omit("paused");
        let row = account.to_row(now);
        assert!(row.get("paused").is_none() && row.get("isPrimary").is_none());
        assert_eq!(Account::from_row(&row, now).to_row(now), row);
        account.set("paused", json!(false));
        assert_eq!(account.to_row(now)["paused"], false);
    }

    #[test]
    fn the_display_text_is_read_back_to_the_word() {
        for (text, expected) in [
            ("OK", None),
            ("Rate limited (9m)", None),
            ("Rate limited", Some("Rate limited")),
            ("allowed", Some("allowed")),
            ("allowed (150m)", Some("allowed")),
            ("usage_exhausted (1m)", Some("usage_exhausted")),
            ("", Some("")),
            ("a (b) (xm)", Some("a (b) (xm)")),
            ("a (2m) (3m)", Some("a (2m)")),
        ] {
            assert_eq!(word(text).as_deref(), expected, "{text}");
        }
        // A text that does not follow from the columns is kept where a whole row is given.
        let now = at("2026-11-24T12:00:00Z");
        let mut account = account();
        account.rate_limited_until = Some(now + chrono::TimeDelta::minutes(3));
        let mut row = account.to_row(now);
        assert_eq!(row["rateLimitStatus"], "Rate limited (3m)");
        row["rateLimitStatus"] = json!("OK");
        assert_eq!(Account::from_row(&row, now).to_row(now), row);
    }
}
