//! Accounts as the server lists them.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Map, Value, json};

use super::wall_clock;

/// One account of the list, with all of its fields.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) fields: Map<String, Value>,
}

/// A moment so many seconds from now, as the server writes it.
pub(crate) fn in_seconds(seconds: i64) -> String {
    (wall_clock() + TimeDelta::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Millis, true)
}

impl Account {
    /// An Anthropic account that is ready: auto-refresh on, almost two and a half hours left.
    pub(crate) fn named(name: &str) -> Self {
        let fields = json!({
            "id": format!("id-{name}"), "name": name, "provider": "anthropic",
            "requestCount": 0, "totalRequests": 0, "lastUsed": null, "created": in_seconds(-864_000),
            "paused": false, "priority": 5, "tokenStatus": "valid", "tokenExpiresAt": in_seconds(721_800),
            "rateLimitStatus": "allowed (150m)", "rateLimitReset": in_seconds(8_970), "rateLimitRemaining": 61,
            "rateLimitedUntil": null, "rateLimitedReason": null, "rateLimitedAt": null, "sessionInfo": "-",
            "autoFallbackEnabled": false, "autoRefreshEnabled": true, "autoPauseOnOverageEnabled": false,
            "peakHoursPauseEnabled": false, "customEndpoint": null, "modelMappings": null,
            "usageUtilization": 37, "usageWindow": "five_hour",
            "usageData": {
                "five_hour": {"utilization": 37, "resets_at": in_seconds(8_970)},
                "seven_day": {"utilization": 12.3, "resets_at": in_seconds(345_600)},
            },
            "usageRateLimitedUntil": null, "usageThrottledUntil": null, "usageThrottledWindows": [],
            "hasRefreshToken": true, "crossRegionMode": "geographic", "modelFallbacks": null,
            "billingType": null, "sessionStats": null,
        });
        let Value::Object(fields) = fields else { unreachable!("an object was written") };
        Self { fields }
    }

    /// With one field another way.
    pub(crate) fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// With auto-refresh on or off.
    pub(crate) fn auto_refresh(self, on: bool) -> Self {
        self.with("autoRefreshEnabled", on)
    }

    /// With a window that ends so many seconds from now.
    pub(crate) fn resets_in(self, seconds: i64) -> Self {
        self.with("rateLimitReset", in_seconds(seconds))
    }

    /// Of a provider whose accounts are not refreshed and have no windows.
    pub(crate) fn without_windows(self, provider: &str) -> Self {
        self.with("provider", provider)
            .with("rateLimitReset", Value::Null)
            .with("rateLimitStatus", "OK")
            .with("usageData", Value::Null)
            .with("usageUtilization", Value::Null)
            .with("usageWindow", Value::Null)
            .with("hasRefreshToken", false)
            .auto_refresh(false)
    }
}
