//! One row of the list, in the server's spelling (`docs/server-contract.md`, section 3).

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use super::account::{Account, Usage};
use super::wording::iso;
use crate::model::Timestamp;

/// What Anthropic's usage answer holds beside the two windows.
pub(super) fn usage_beside() -> Map<String, Value> {
    [
        ("seven_day_oauth_apps", Value::Null),
        ("seven_day_opus", json!({ "utilization": 0, "resets_at": null })),
        ("seven_day_sonnet", Value::Null),
        (
            "extra_usage",
            json!({ "is_enabled": false, "monthly_limit": null, "used_credits": null, "utilization": null }),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect()
}

/// A number as JavaScript writes it: a whole one without a fraction.
fn number(n: f64) -> Value {
    if n.fract() == 0.0 && n.abs() < 9e15 { json!(n as i64) } else { json!(n) }
}

impl Account {
    /// The row as `GET /api/accounts` gives it: all 35 fields, but for those that were made odd or left out on purpose.
    pub fn to_row(&self, now: Timestamp) -> Value {
        let mut row = self.columns(now);
        if let Some(fields) = row.as_object_mut() {
            fields.extend(self.odd.clone());
            fields.retain(|name, _| !self.omitted.contains(name));
        }
        row
    }

    /// The row as the columns give it.
    fn columns(&self, now: Timestamp) -> Value {
        let millis = |t: Option<Timestamp>| t.map(|t| t.timestamp_millis());
        let weekly = |u: &Usage| u.seven_day > u.five_hour && self.provider != "zai";
        let utilization = self.usage.map(|u| number(if weekly(&u) { u.seven_day } else { u.five_hour }));
        let window = self.usage.map(|u| if weekly(&u) { "seven_day" } else { "five_hour" });
        json!({
            "id": self.id,
            "name": self.name,
            "provider": self.provider,
            "requestCount": self.request_count,
            "totalRequests": self.total_requests,
            "lastUsed": self.last_used.map(iso),
            "created": iso(self.created),
            "paused": self.paused,
            "priority": self.priority,
            "tokenStatus": if self.token.expires.is_some_and(|t| t > now) { "valid" } else { "expired" },
            "tokenExpiresAt": self.token.expires.map(iso),
            "rateLimitStatus": self.status_text(now),
            "rateLimitReset": self.rate_limit_reset.map(iso),
            "rateLimitRemaining": self.rate_limit_remaining,
            "rateLimitedUntil": millis(self.rate_limited_until),
            "rateLimitedReason": self.rate_limited_reason,
            "rateLimitedAt": millis(self.rate_limited_at),
            "sessionInfo": self.session_requests.map_or_else(|| "-".to_owned(), |n| format!("Active: {n} reqs")),
            "autoFallbackEnabled": self.auto_fallback_enabled,
            "autoRefreshEnabled": self.auto_refresh_enabled,
            "autoPauseOnOverageEnabled": self.auto_pause_on_overage_enabled,
            "peakHoursPauseEnabled": self.peak_hours_pause_enabled,
            "customEndpoint": self.custom_endpoint,
            "modelMappings": null,
            "usageUtilization": utilization,
            "usageWindow": window,
            "usageData": self.usage_data(),
            "usageRateLimitedUntil": null,
            "usageThrottledUntil": millis(self.usage_throttled_until),
            "usageThrottledWindows": if self.usage_throttled_until.is_some_and(|t| t > now) { json!(["five_hour"]) } else { json!([]) },
            "hasRefreshToken": self.token.refresh,
            "crossRegionMode": "geographic",
            "modelFallbacks": null,
            "billingType": self.billing_type,
            "sessionStats": null,
        })
    }

    /// The display text: the provider's word first, then the cooldown, then `OK`.
    fn status_text(&self, now: Timestamp) -> String {
        let minutes = |t: Timestamp| ((t - now).num_milliseconds().max(0) + 59_999) / 60_000;
        let ahead = |t: Option<Timestamp>| t.filter(|t| *t > now);
        match (&self.rate_limit_status, ahead(self.rate_limit_reset), ahead(self.rate_limited_until)) {
            (Some(word), Some(reset), _) => format!("{word} ({}m)", minutes(reset)),
            (Some(word), None, _) => word.clone(),
            (None, _, Some(until)) => format!("Rate limited ({}m)", minutes(until)),
            (None, _, None) => "OK".to_owned(),
        }
    }

    fn usage_data(&self) -> Value {
        let Some(usage) = self.usage else { return Value::Null };
        if self.provider == "zai" {
            let used = (usage.five_hour.clamp(0.0, 100.0) * 100_000.0) as i64;
            return json!({
                "time_limit": null,
                "tokens_limit": {
                    "used": used, "remaining": 10_000_000 - used, "percentage": number(usage.five_hour),
                    "resetAt": usage.five_hour_resets.map(|t| t.timestamp_millis()), "type": "tokens_limit",
                },
            });
        }
        let micros = |t: Option<Timestamp>| t.map(|t| t.to_rfc3339_opts(SecondsFormat::Micros, false));
        let window = |percent: f64, resets: Option<Timestamp>| json!({ "utilization": number(percent), "resets_at": micros(resets) });
        let mut data = self.usage_beside.clone();
        data.insert("five_hour".to_owned(), window(usage.five_hour, usage.five_hour_resets));
        data.insert("seven_day".to_owned(), window(usage.seven_day, usage.seven_day_resets));
        Value::Object(data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The recorded list has the same fields.
    #[test]
    fn a_row_has_the_fields_of_the_recorded_list() {
        let recorded: Value =
            serde_json::from_str(include_str!("../../tests/fixtures/accounts-standard.json")).unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let row = Account::new("a", "b", "anthropic", now).to_row(now);
        let names =
            |v: &Value| v.as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(names(&row), names(&recorded[0]));
        assert_eq!(names(&row).len(), 35);
    }

    #[test]
    fn the_usage_of_zai_has_the_shape_of_the_recorded_one() {
        let recorded: Vec<Value> =
            serde_json::from_str(include_str!("../../tests/fixtures/accounts-standard.json")).unwrap();
        let recorded = recorded.iter().find(|row| row["provider"] == "zai").unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let mut account = Account::new("a", "b", "zai", now);
        let resets = Some(now + chrono::TimeDelta::milliseconds(1_795_419_860_186));
        account.usage = Some(Usage {
            five_hour: 40.0,
            five_hour_resets: resets,
            seven_day: 90.0,
            seven_day_resets: None,
        });
        let row = account.to_row(now);
        let tokens = &row["usageData"]["tokens_limit"];
        for field in ["used", "remaining", "resetAt", "type"] {
            assert_eq!(tokens[field], recorded["usageData"]["tokens_limit"][field], "{field}");
        }
        assert_eq!((&tokens["percentage"], &row["usageUtilization"]), (&json!(40), &json!(40)));
        assert_eq!(row["usageWindow"], recorded["usageWindow"]);
    }
}
