//! `usageData`: what an account has used, in the shape of its provider (`docs/server-contract.md`, section 3).
//!
//! The shapes are not told apart by the provider's name but by what is in them, so that a new limit, or a provider that is not
//! known here, is shown as far as it says a percentage, and otherwise name by name.

use chrono::TimeDelta;
use serde_json::value::RawValue;

use super::json::{compact, is_null, members, moment, number, rows, text, truth};
use crate::model::{
    Fact, MASK, Meter, Named, Plain, Provider, Usage, Utilization, is_count, is_secret, masked,
    parse_timestamp,
};

/// Most limits, and most facts, of one account. The row itself has them all.
const MOST: usize = 64;
/// Most characters of a fact.
const LONGEST: usize = 300;
/// Beyond this depth a value is not taken apart.
const DEEPEST: usize = 4;

/// The names under which the providers tell how much is spent.
const SPENT: [&str; 4] = ["utilization", "percentage", "percentUsed", "utilizationPercent"];
/// The names under which they tell when a limit empties.
const RESETS: [&str; 3] = ["resets_at", "resetAt", "resetsAt"];

/// Reads `usageData`; none where it is null or no object.
pub(super) fn read_usage(provider: &Provider, raw: &RawValue) -> Option<Usage> {
    let mut usage = Usage::default();
    let mut here = Vec::new();
    members(raw.get(), |name, value| here.push((name.to_owned(), value))).ok()?;
    if here.iter().any(|(name, _)| SPENT.contains(&name.as_str())) {
        // The limit's own members stand among the others (kilo): there is one, of credits.
        usage.meters.extend(meter(provider, "credits", raw));
        return Some(usage);
    }
    for (name, value) in here {
        match meter(provider, &name, value) {
            Some(meter) if usage.meters.len() < MOST => usage.meters.push(meter),
            _ => flatten(&name, value, 0, &mut usage.facts),
        }
    }
    // The shorter windows first, as the table has them; what is no window comes last.
    usage.meters.sort_by_key(|meter| meter.length.unwrap_or(TimeDelta::MAX));
    Some(usage)
}

/// One limit, where the value says how much of it is spent, if only that this is not known.
fn meter(provider: &Provider, name: &str, raw: &RawValue) -> Option<Meter> {
    let mut meter = Meter {
        name: Plain::new(name),
        spent: None,
        resets_at: None,
        length: length(provider, name),
        more: Vec::new(),
    };
    let mut told = false;
    members(raw.get(), |member, value| match member {
        _ if SPENT.contains(&member) => {
            told = true;
            // nanogpt counts its share from 0 to 1, all others from 0 to 100.
            let scale = if provider.as_str() == "nanogpt" { 100.0 } else { 1.0 };
            meter.spent = number(value).and_then(|n| Utilization::from_percent(n * scale));
        }
        _ if RESETS.contains(&member) => meter.resets_at = moment(value),
        // It says again which limit this is.
        "type" if text(value).is_some_and(|t| t == name) => {}
        _ => match dollars(member, value) {
            Some(amount) => meter.more.push(amount),
            None => flatten(member, value, 1, &mut meter.more),
        },
    })
    .ok()?;
    told.then_some(meter)
}

/// An amount of money in dollars, whatever it is counted in.
fn dollars(name: &str, raw: &RawValue) -> Option<Named> {
    let amount = number(raw)?;
    let (name, amount) = match name {
        "microdollarsUsed" => ("used", amount / 1e6),
        "totalMicrodollarsAcquired" => ("of", amount / 1e6),
        "remainingUsd" => ("left", amount),
        _ => return None,
    };
    Some((Plain::new(name), Fact::Text(Plain::new(&format!("${amount:.2}")))))
}

/// How long the window of a limit is.
fn length(provider: &Provider, name: &str) -> Option<TimeDelta> {
    match name {
        "tokens_limit" if *provider == Provider::Zai => Some(TimeDelta::hours(5)),
        _ if name.starts_with("five_hour") => Some(TimeDelta::hours(5)),
        _ if name.starts_with("seven_day") || name == "weekly" => Some(TimeDelta::days(7)),
        "daily" => Some(TimeDelta::days(1)),
        _ => None,
    }
}

/// The value as facts, one for each thing that it holds.
pub(super) fn flatten(name: &str, raw: &RawValue, depth: usize, out: &mut Vec<Named>) {
    if out.len() >= MOST {
        return;
    }
    let json = raw.get();
    if json.starts_with('{') && depth < DEEPEST && !is_secret(name) {
        let mut any = false;
        let _ = members(json, |member, value| {
            any = true;
            flatten(&format!("{name} {member}"), value, depth + 1, out);
        });
        if any {
            return;
        }
    }
    out.push((Plain::new(name), fact(name, raw)));
}

/// One value as a fact.
pub(super) fn fact(name: &str, raw: &RawValue) -> Fact {
    if is_null(raw) {
        return Fact::None;
    }
    if let Some(truth) = truth(raw) {
        return Fact::Truth(truth);
    }
    // The last part of a name that was put together is the value's own.
    let own = name.rsplit(' ').next().unwrap_or(name);
    if is_secret(own) && !(is_count(own) && number(raw).is_some()) {
        return Fact::Text(Plain::new(MASK));
    }
    if let Some(words) = text(raw) {
        return parse_timestamp(&words).map_or_else(|| Fact::Text(shortened(&masked(&words))), Fact::Time);
    }
    if let Some(n) = number(raw) {
        let time = ["At", "Until", "_at", "_until"].iter().any(|end| own.ends_with(end)) && n > 1e11;
        return moment(raw).filter(|_| time).map_or(Fact::Number(n), Fact::Time);
    }
    let mut words = Vec::new();
    let _ = rows(raw.get(), |value| words.push(text(value)));
    if !words.is_empty() && words.iter().all(Option::is_some) {
        let words: Vec<_> = words.into_iter().flatten().collect();
        return Fact::Text(shortened(&masked(&words.join(", "))));
    }
    // What is left is too deep, or of several kinds: the row itself shows it, with its secrets masked by name.
    match raw.get() {
        "{}" | "[]" => Fact::None,
        json if json.len() <= LONGEST && !json.contains('"') => Fact::Text(Plain::new(&compact(json))),
        _ => Fact::Text(Plain::new("see the row itself")),
    }
}

fn shortened(words: &str) -> Plain {
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => Plain::new(&format!("{}...", words.get(..end).unwrap_or_default())),
        None => Plain::new(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(provider: &str, json: &str) -> Option<Usage> {
        read_usage(&Provider::new(provider), serde_json::from_str(json).expect("JSON"))
    }

    /// Each limit as `name percent% +seconds-of-its-window`, and all else as `name=value`.
    fn shown(provider: &str, json: &str) -> Vec<String> {
        let usage = read(provider, json).expect("usage");
        let value = |fact: &Fact| match fact {
            Fact::Time(t) => t.timestamp_millis().to_string(),
            Fact::Text(t) => t.to_string(),
            Fact::Number(n) => n.to_string(),
            Fact::Truth(b) => b.to_string(),
            Fact::None => "none".to_owned(),
        };
        let more = |all: &[Named]| all.iter().map(|(n, f)| format!("{n}={}", value(f))).collect::<Vec<_>>();
        let meters = usage.meters.iter().map(|m| {
            let spent = m.spent.map_or("--".to_owned(), |s| s.percent().to_string());
            let length = m.length.map(|l| format!("/{}h", l.num_hours())).unwrap_or_default();
            let resets = m.resets_at.map(|t| format!(" @{}", t.timestamp_millis())).unwrap_or_default();
            format!("{}{length} {spent}%{resets} {}", m.name, more(&m.more).join(" ")).trim().to_owned()
        });
        meters.chain(more(&usage.facts)).collect()
    }

    #[test]
    fn anthropics_windows_are_limits_and_extra_usage_too() {
        let json = r#"{"five_hour":{"utilization":37,"resets_at":"2026-11-23T07:41:19.852473+00:00"},"seven_day":{"utilization":12.3,"resets_at":null},
            "seven_day_oauth_apps":null,"seven_day_opus":{"utilization":0,"resets_at":null},
            "extra_usage":{"is_enabled":false,"monthly_limit":null,"used_credits":2.5,"utilization":null},
            "seven_day_haiku":{"utilization":3},"iguana_necktie":{"x":[1,2]},"note":"hello"}"#;
        assert_eq!(
            shown("anthropic", json),
            [
                "five_hour/5h 37% @1795419679852",
                "seven_day/168h 12.3%",
                "seven_day_opus/168h 0%",
                "seven_day_haiku/168h 3%",
                "extra_usage --% is_enabled=false monthly_limit=none used_credits=2.5",
                "seven_day_oauth_apps=none",
                "iguana_necktie x=[1,2]",
                "note=hello",
            ]
        );
        assert_eq!(shown("codex", json), shown("anthropic", json));
    }

    #[test]
    fn every_other_providers_shape_is_read() {
        assert_eq!(
            shown(
                "zai",
                r#"{"time_limit":{"used":12,"remaining":88,"percentage":12,"resetAt":1795419583619,"type":"time_limit"},"tokens_limit":null}"#
            ),
            ["time_limit 12% @1795419583619 used=12 remaining=88", "tokens_limit=none"]
        );
        assert_eq!(
            shown(
                "nanogpt",
                r#"{"active":true,"limits":{"daily":5000},"daily":{"used":1250,"remaining":3750,"percentUsed":0.25,"resetAt":1795441106600},"graceUntil":null,"period":{"currentPeriodEnd":"2026-12-02T07:38:26.600Z"}}"#
            ),
            [
                "daily/24h 25% @1795441106600 used=1250 remaining=3750",
                "active=true",
                "limits daily=5000",
                "graceUntil=none",
                "period currentPeriodEnd=1796197106600",
            ]
        );
        assert_eq!(
            shown(
                "kilo",
                r#"{"microdollarsUsed":3250000,"totalMicrodollarsAcquired":20000000,"remainingUsd":16.75,"utilizationPercent":16.25}"#
            ),
            ["credits 16.25% used=$3.25 of=$20.00 left=$16.75"]
        );
        assert_eq!(
            shown(
                "alibaba-coding-plan",
                r#"{"five_hour":{"used":10,"total":100,"percentUsed":10,"resetAt":1795441106600},"weekly":{"used":1,"total":2,"percentUsed":50,"resetAt":null},"planName":"Pro","status":null,"remainingDays":12}"#
            ),
            [
                "five_hour/5h 10% @1795441106600 used=10 total=100",
                "weekly/168h 50% used=1 total=2",
                "planName=Pro",
                "status=none",
                "remainingDays=12",
            ]
        );
    }

    #[test]
    fn what_is_no_object_is_no_usage_and_what_is_endless_is_bounded() {
        assert_eq!(read("anthropic", "null"), None);
        assert_eq!(read("anthropic", "[1]"), None);
        assert_eq!(read("anthropic", "{}"), Some(Usage::default()));
        let many: Vec<String> = (0..500).map(|i| format!(r#""w{i}":{{"utilization":1}}"#)).collect();
        let usage = read("anthropic", &format!("{{{}}}", many.join(","))).expect("usage");
        assert_eq!((usage.meters.len(), usage.facts.len()), (MOST, MOST));
    }

    #[test]
    fn no_fact_shows_a_secret() {
        let json = r#"{"accessToken":"abc","session":{"cookie":["c1"]},"deep":{"a":{"b":{"c":{"d":{"api_key":"k1"}}}}},"inputTokens":7,"list":[{"token":"t1"}]}"#;
        let shown = shown("other", json).join("\n");
        for secret in ["abc", "c1", "k1", "t1"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
        assert!(shown.contains("inputTokens=7"), "{shown}");
    }
}
