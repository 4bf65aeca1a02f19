//! One row of the list, read for everything that the table does not show (`docs/server-contract.md`, section 3).

use serde_json::value::RawValue;

use super::json::{members, moment, number, rows, text, truth};
use super::raw::laid_out;
use super::usage::{flatten, read_usage};
use crate::model::{Detail, Models, Plain, Provider, SessionStats, masked};

/// Most models of one mapping, and most of one model.
const MOST_MODELS: usize = 100;

/// The fields that the table, or the details by name, already show.
const SHOWN: [&str; 20] = [
    "id",
    "name",
    "provider",
    "paused",
    "rateLimitStatus",
    "rateLimitReset",
    "priority",
    "pauseReason",
    "autoRefreshEnabled",
    "autoFallbackEnabled",
    "rateLimitedUntil",
    "rateLimitedReason",
    "usageThrottledUntil",
    "tokenStatus",
    "tokenExpiresAt",
    "requiresReauth",
    "isPrimary",
    "usageUtilization",
    "usageRateLimitedUntil",
    "customEndpoint",
];

/// Reads one row, as it stands in the list.
pub fn read_detail(row: &str) -> Detail {
    let Ok(raw) = serde_json::from_str::<&RawValue>(row) else { return Detail::default() };
    let mut detail = Detail { raw: laid_out(raw), ..Detail::default() };
    let mut provider = Provider::Other(Plain::default());
    let mut usage = None;
    let walked = members(raw.get(), |name, value| match name {
        "provider" => provider = Provider::new(&text(value).unwrap_or_default()),
        "requestCount" => detail.requests = number(value),
        "totalRequests" => detail.requests_in_all = number(value),
        "created" => detail.created = moment(value),
        "lastUsed" => detail.last_used = moment(value),
        "rateLimitRemaining" => detail.remaining = number(value),
        "rateLimitedAt" => detail.cooldown_since = moment(value),
        "usageRateLimitedUntil" => detail.usage_held_until = moment(value),
        "usageThrottledWindows" => detail.throttled_for = texts(value),
        "hasRefreshToken" => detail.renewable = truth(value),
        "autoPauseOnOverageEnabled" => detail.pauses_on_overage = truth(value),
        "peakHoursPauseEnabled" => detail.pauses_in_peak_hours = truth(value),
        "modelMappings" => detail.mappings = models(value),
        "modelFallbacks" => detail.fallbacks = models(value),
        "billingType" => detail.billing = plain(value),
        "crossRegionMode" => detail.cross_region = plain(value),
        "usageWindow" => detail.fullest = plain(value),
        "usageData" => usage = Some(value),
        "sessionInfo" => detail.session = plain(value),
        "sessionStats" => detail.stats = stats(value),
        _ if SHOWN.contains(&name) => {}
        _ => flatten(name, value, 0, &mut detail.others),
    });
    if walked.is_ok() {
        detail.usage = usage.and_then(|raw| read_usage(&provider, raw));
    }
    detail
}

fn plain(raw: &RawValue) -> Option<Plain> {
    text(raw).filter(|t| !t.is_empty()).map(|t| Plain::new(&masked(&t)))
}

/// The texts of an array, or the one text.
fn texts(raw: &RawValue) -> Vec<Plain> {
    let mut all = Vec::new();
    if rows(raw.get(), |value| {
        if all.len() < MOST_MODELS {
            all.extend(plain(value));
        }
    })
    .is_err()
    {
        all.extend(plain(raw));
    }
    all
}

/// A mapping of models: each value is a text or an array of texts.
fn models(raw: &RawValue) -> Vec<Models> {
    let mut all = Vec::new();
    let _ = members(raw.get(), |name, value| {
        if all.len() < MOST_MODELS {
            all.push((Plain::new(name), texts(value)));
        }
    });
    all
}

fn stats(raw: &RawValue) -> Option<SessionStats> {
    let mut stats = SessionStats::default();
    members(raw.get(), |name, value| match name {
        "requests" => stats.requests = number(value),
        "inputTokens" => stats.input = number(value),
        "cacheCreationInputTokens" => stats.cache_written = number(value),
        "cacheReadInputTokens" => stats.cache_read = number(value),
        "outputTokens" => stats.output = number(value),
        "planCostUsd" => stats.plan_cost = number(value),
        "apiCostUsd" => stats.api_cost = number(value),
        _ => flatten(name, value, 1, &mut stats.more),
    })
    .ok()?;
    Some(stats)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::read_list;
    use crate::model::{Fact, parse_timestamp};

    const RECORDED: [&str; 4] = [
        include_str!("../../tests/fixtures/accounts-standard.json"),
        include_str!("../../tests/fixtures/accounts-odd-values.json"),
        include_str!("../../tests/fixtures/accounts-after-failures.json"),
        include_str!("../../tests/fixtures/accounts-after-traffic.json"),
    ];

    #[test]
    fn every_recorded_row_is_found_and_read_and_has_no_field_that_is_not_known() {
        for body in RECORDED {
            let values: Vec<serde_json::Value> = serde_json::from_str(body).expect("fixture");
            let (accounts, rows) = read_list(body.as_bytes().to_vec()).expect("a list");
            for (account, value) in accounts.iter().zip(&values) {
                let row = rows.get(&account.id).expect("its row");
                assert_eq!(serde_json::from_str::<serde_json::Value>(row).expect("JSON"), *value);
                let detail = read_detail(row);
                assert_eq!(detail.others, [], "{}", account.name);
                assert_eq!(detail.requests, value["requestCount"].as_f64());
                assert_eq!(detail.requests_in_all, value["totalRequests"].as_f64());
                assert_eq!(detail.last_used.is_some(), value["lastUsed"].is_string());
                assert!(detail.created.is_some());
                assert_eq!(detail.renewable, value["hasRefreshToken"].as_bool());
                assert_eq!(detail.pauses_on_overage, value["autoPauseOnOverageEnabled"].as_bool());
                assert_eq!(detail.pauses_in_peak_hours, value["peakHoursPauseEnabled"].as_bool());
                assert_eq!(detail.usage.is_some(), value["usageData"].is_object());
                assert_eq!(detail.stats.is_some(), value["sessionStats"].is_object());
                assert_eq!(detail.session.as_ref().map(Plain::as_str), value["sessionInfo"].as_str());
                // The row as it is shown is the row as it came: there is nothing to mask in a recorded one.
                let shown: String = detail.raw.iter().map(Plain::as_str).collect::<Vec<_>>().join("\n");
                let again: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
                assert_eq!(again["usageData"], value["usageData"]);
                assert_eq!(again["id"], value["id"]);
            }
        }
    }

    #[test]
    fn models_are_one_text_or_several() {
        let detail = read_detail(
            r#"{"modelMappings":{"opus":"big","sonnet":["mid","mid-b"],"odd":7},"modelFallbacks":null,"billingType":"api"}"#,
        );
        let all: Vec<(&str, Vec<&str>)> = detail
            .mappings
            .iter()
            .map(|(n, m)| (n.as_str(), m.iter().map(Plain::as_str).collect()))
            .collect();
        assert_eq!(all, [("opus", vec!["big"]), ("sonnet", vec!["mid", "mid-b"]), ("odd", vec![])]);
        assert_eq!((detail.fallbacks.len(), detail.billing), (0, Some("api".into())));
    }

    #[test]
    fn fields_of_other_versions_are_kept_by_name() {
        let detail = read_detail(
            r#"{"id":"a","email":"a@b","reserve5h":9,"isShared":false,"seenAt":1795419106650,"apiToken":"t1","plan":{"tier":"max"}}"#,
        );
        let time = parse_timestamp("2026-11-23T07:31:46.650Z").expect("a time");
        let expected = [
            ("email", Fact::Text("a@b".into())),
            ("reserve5h", Fact::Number(9.0)),
            ("isShared", Fact::Truth(false)),
            ("seenAt", Fact::Time(time)),
            ("apiToken", Fact::Text("***".into())),
            ("plan tier", Fact::Text("max".into())),
        ];
        assert_eq!(detail.others, expected.map(|(n, f)| (Plain::new(n), f)));
    }

    #[test]
    fn a_row_that_is_no_object_is_only_shown() {
        assert_eq!(read_detail("7"), Detail { raw: vec!["7".into()], ..Detail::default() });
        assert_eq!(read_detail("{"), Detail::default());
    }
}
