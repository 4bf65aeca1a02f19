//! The list of accounts, as the server sends it (`docs/server-contract.md`, section 3).
//!
//! Only six fields of a row are asked for: `id`, `name`, `provider`, `paused`, `rateLimitStatus` and `rateLimitReset`. A row
//! that lacks one of them is kept with a fault that names the field. Any other field that is missing, or of another type than
//! the contract's, counts as absent.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use serde_json::value::RawValue;

use super::json::{body_text, is_null, members, moment, number, rows, text, truth};
use super::not_json;
use crate::model::{
    Account, AccountId, NotJson, Offers, PauseReason, Plain, Provider, Rows, Timestamp, Token, UsageWindow,
    Utilization,
};

/// Reads a list of accounts, in the server's order.
///
/// The list must be a bare array. A row that cannot be read becomes an account with a fault and hides no other. Every account
/// has an id of its own: where the server's cannot be read, or was there before, it gets one that no request can name.
///
/// # Errors
///
/// What the body was, where it is no JSON array.
pub fn read_accounts(body: &[u8]) -> Result<Vec<Account>, NotJson> {
    let body = body_text(body);
    let mut accounts = Vec::new();
    read(&body, |account, _| accounts.push(account))?;
    Ok(accounts)
}

/// As [`read_accounts`], with the rows as they came.
///
/// # Errors
///
/// What the body was, where it is no JSON array.
pub fn read_list(body: Vec<u8>) -> Result<(Vec<Account>, Rows), NotJson> {
    let text = String::from_utf8(body)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    let json = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let begin = text.len() - json.len();
    let (mut accounts, mut places) = (Vec::new(), Vec::new());
    read(json, |account, row| {
        // The list's own bound is far below what these can hold.
        let [start, end] = [row.start, row.end].map(|at| u32::try_from(begin + at).unwrap_or(u32::MAX));
        places.push((account.id.clone(), start..end));
        accounts.push(account);
    })?;
    Ok((accounts, Rows::new(text, places)))
}

/// Calls `take` with each account and with where its row stands in `json`.
fn read(json: &str, mut take: impl FnMut(Account, Range<usize>)) -> Result<(), NotJson> {
    let mut seen = HashSet::new();
    let walked = rows(json, |row| {
        let number = seen.len() + 1;
        let mut account = read_row(row, number);
        if !seen.insert(account.id.clone()) {
            account.fault.get_or_insert_with(|| "another account above has the same id".into());
            account.id = unaddressable(number, &seen);
            seen.insert(account.id.clone());
        }
        let start = row.get().as_ptr().addr() - json.as_ptr().addr();
        take(account, start..start + row.get().len());
    });
    walked.map_err(|error| not_json(json, &error))
}

/// An id that is not in `seen` and that no request path can hold.
fn unaddressable(row: usize, seen: &HashSet<AccountId>) -> AccountId {
    let mut raw = format!("?row-{row}");
    loop {
        let id = AccountId::new(&raw);
        if !seen.contains(&id) {
            return id;
        }
        raw.push('?');
    }
}

/// The fields of one row that are used, each as it came.
#[derive(Default)]
struct Row<'a> {
    id: Option<&'a RawValue>,
    name: Option<&'a RawValue>,
    provider: Option<&'a RawValue>,
    paused: Option<&'a RawValue>,
    rate_limit_status: Option<&'a RawValue>,
    rate_limit_reset: Option<&'a RawValue>,
    priority: Option<&'a RawValue>,
    pause_reason: Option<&'a RawValue>,
    auto_refresh: Option<&'a RawValue>,
    auto_fallback: Option<&'a RawValue>,
    auto_pause_on_overage: Option<&'a RawValue>,
    rate_limited_until: Option<&'a RawValue>,
    rate_limited_reason: Option<&'a RawValue>,
    usage_throttled_until: Option<&'a RawValue>,
    has_refresh_token: Option<&'a RawValue>,
    token_status: Option<&'a RawValue>,
    token_expires_at: Option<&'a RawValue>,
    requires_reauth: Option<&'a RawValue>,
    is_primary: Option<&'a RawValue>,
    usage_data: Option<&'a RawValue>,
    usage_utilization: Option<&'a RawValue>,
    custom_endpoint: Option<&'a RawValue>,
}

impl<'a> Row<'a> {
    fn read(raw: &'a RawValue) -> Result<Self, serde_json::Error> {
        let mut row = Self::default();
        members(raw.get(), |name, value| {
            let field = match name {
                "id" => &mut row.id,
                "name" => &mut row.name,
                "provider" => &mut row.provider,
                "paused" => &mut row.paused,
                "rateLimitStatus" => &mut row.rate_limit_status,
                "rateLimitReset" => &mut row.rate_limit_reset,
                "priority" => &mut row.priority,
                "pauseReason" => &mut row.pause_reason,
                "autoRefreshEnabled" => &mut row.auto_refresh,
                "autoFallbackEnabled" => &mut row.auto_fallback,
                "autoPauseOnOverageEnabled" => &mut row.auto_pause_on_overage,
                "rateLimitedUntil" => &mut row.rate_limited_until,
                "rateLimitedReason" => &mut row.rate_limited_reason,
                "usageThrottledUntil" => &mut row.usage_throttled_until,
                "hasRefreshToken" => &mut row.has_refresh_token,
                "tokenStatus" => &mut row.token_status,
                "tokenExpiresAt" => &mut row.token_expires_at,
                "requiresReauth" => &mut row.requires_reauth,
                "isPrimary" => &mut row.is_primary,
                "usageData" => &mut row.usage_data,
                "usageUtilization" => &mut row.usage_utilization,
                "customEndpoint" => &mut row.custom_endpoint,
                _ => return,
            };
            *field = Some(value);
        })?;
        Ok(row)
    }

    /// The account, or which field was missing or unreadable.
    fn fill(&self, account: &mut Account) -> Result<(), &'static str> {
        text_of(self.id).ok_or("id")?;
        text_of(self.name).ok_or("name")?;
        account.provider = Provider::new(&text_of(self.provider).ok_or("provider")?);
        account.paused = self.paused.and_then(truth).ok_or("paused")?;
        account.rate_limit_status = Plain::new(&text_of(self.rate_limit_status).ok_or("rateLimitStatus")?);
        account.reset = match self.rate_limit_reset.ok_or("rateLimitReset")? {
            raw if is_null(raw) => None,
            raw => Some(moment(raw).ok_or("rateLimitReset")?),
        };

        account.priority = self.priority.and_then(number).unwrap_or(0.0) as i64;
        account.pause_reason =
            text_of(self.pause_reason).filter(|word| !word.is_empty()).map(|word| PauseReason::new(&word));
        account.auto_refresh = self.auto_refresh.and_then(truth);
        account.auto_fallback = self.auto_fallback.and_then(truth);
        account.auto_pause_on_overage = self.auto_pause_on_overage.and_then(truth).unwrap_or(false);
        account.cooldown_until = self.rate_limited_until.and_then(moment);
        account.cooldown_reason = text_of(self.rate_limited_reason).map(Plain::from);
        account.throttled_until = self.usage_throttled_until.and_then(moment);
        account.token = self.token(&account.provider);
        account.requires_reauth = self.requires_reauth.and_then(truth).unwrap_or(false);
        account.primary = self.is_primary.and_then(truth).unwrap_or(false);
        (account.five_hour, account.seven_day) =
            self.usage_data.map_or((None, None), |raw| windows(&account.provider, raw));
        account.highest = self.usage_utilization.and_then(number).and_then(Utilization::from_percent);
        account.endpoint = text_of(self.custom_endpoint).filter(|url| !url.is_empty()).map(Plain::from);
        account.offers = Offers {
            priority: self.priority.and_then(number).is_some(),
            endpoint: is_told(self.custom_endpoint),
            // The servers that tell why they limit have both commands.
            commands: is_told(self.rate_limited_reason),
        };
        Ok(())
    }

    /// The sign-in, where the row says something about it that means anything.
    ///
    /// The server reports the tokens of accounts with an API key as expired, since they have none, so the status counts
    /// only for accounts that sign in by OAuth.
    fn token(&self, provider: &Provider) -> Option<Token> {
        let renewable = self.has_refresh_token.and_then(truth)?;
        let valid = match &*text_of(self.token_status)? {
            "valid" => true,
            "expired" => false,
            _ => return None,
        };
        let expires_at = self.token_expires_at.and_then(moment);
        (renewable || provider.is_oauth()).then_some(Token { renewable, valid, expires_at })
    }
}

/// True where the row has the field, if only as null.
fn is_told(field: Option<&RawValue>) -> bool {
    field.is_some_and(|raw| is_null(raw) || text(raw).is_some())
}

fn text_of(field: Option<&RawValue>) -> Option<Cow<'_, str>> {
    field.and_then(text)
}

/// One row, counted from 1.
fn read_row(raw: &RawValue, number: usize) -> Account {
    let synthetic = format!("?row-{number}");
    let unknown = || Provider::Other(Plain::default());
    let Ok(row) = Row::read(raw) else {
        let mut account = Account::named(&synthetic, &format!("row {number}"), unknown());
        account.fault = Some("the row is not an object".into());
        return account;
    };
    let name = text_of(row.name).unwrap_or_else(|| format!("row {number}").into());
    let mut account = Account::named(&text_of(row.id).unwrap_or(synthetic.into()), &name, unknown());
    if let Err(field) = row.fill(&mut account) {
        account.fault = Some(format!("`{field}` is missing or cannot be read").into());
    }
    account
}

/// The five-hour and the seven-day window of `usageData`, whose shape differs by provider. Other shapes say nothing here.
fn windows(provider: &Provider, raw: &RawValue) -> (Option<UsageWindow>, Option<UsageWindow>) {
    // What the two windows are called, and in each of them how much is spent and when it empties.
    let (five, seven, percent, reset) = match provider.as_str() {
        "zai" => ("tokens_limit", "", "percentage", "resetAt"),
        "alibaba-coding-plan" => ("five_hour", "weekly", "percentUsed", "resetAt"),
        _ => ("five_hour", "seven_day", "utilization", "resets_at"),
    };
    let (mut five_hour, mut seven_day) = (None, None);
    let walked = members(raw.get(), |name, value| match name {
        _ if name == five => five_hour = window(value, percent, reset),
        _ if name == seven => seven_day = window(value, percent, reset),
        _ => {}
    });
    match walked {
        Ok(()) => (five_hour, seven_day),
        Err(_) => (None, None), // null until the server's first look, or no object at all
    }
}

fn window(raw: &RawValue, percent: &str, reset: &str) -> Option<UsageWindow> {
    let mut utilization = None;
    let mut resets_at: Option<Timestamp> = None;
    members(raw.get(), |name, value| {
        if name == percent {
            utilization = number(value).and_then(Utilization::from_percent);
        } else if name == reset {
            resets_at = moment(value);
        }
    })
    .ok()?;
    Some(UsageWindow { utilization: utilization?, resets_at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RECORDED: [&str; 5] = [
        include_str!("../../tests/fixtures/accounts-standard.json"),
        include_str!("../../tests/fixtures/accounts-odd-values.json"),
        include_str!("../../tests/fixtures/accounts-after-failures.json"),
        include_str!("../../tests/fixtures/accounts-after-traffic.json"),
        include_str!("../../tests/fixtures/accounts-empty.json"),
    ];

    fn read(body: &str) -> Vec<Account> {
        read_accounts(body.as_bytes()).expect("a list")
    }

    fn one(row: &str) -> Account {
        let mut accounts = read(&format!("[{row}]"));
        assert_eq!(accounts.len(), 1);
        accounts.remove(0)
    }

    /// The six fields that a row must have, with more after them.
    fn with(more: &str) -> String {
        format!(
            r#"{{"id":"i","name":"n","provider":"anthropic","paused":false,"rateLimitStatus":"OK","rateLimitReset":null{more}}}"#
        )
    }

    fn named<'a>(accounts: &'a [Account], name: &str) -> &'a Account {
        accounts.iter().find(|a| a.name == name).unwrap_or_else(|| panic!("no account {name}"))
    }

    fn time(text: &str) -> Timestamp {
        crate::model::parse_timestamp(text).expect("a time")
    }

    #[test]
    fn every_recorded_row_is_read_without_a_fault() {
        for body in RECORDED {
            let rows: Vec<serde_json::Value> = serde_json::from_str(body).expect("fixture");
            let accounts = read(body);
            assert_eq!(accounts.len(), rows.len());
            for (account, row) in accounts.iter().zip(&rows) {
                assert_eq!(account.fault, None);
                assert_eq!(account.id, AccountId::new(row["id"].as_str().expect("id")));
                assert_eq!(account.name, Plain::new(row["name"].as_str().expect("name")));
                assert_eq!(account.provider.as_str(), row["provider"].as_str().expect("provider"));
                assert_eq!(Some(account.priority), row["priority"].as_i64());
                assert_eq!(Some(account.paused), row["paused"].as_bool());
                assert_eq!(account.auto_refresh, row["autoRefreshEnabled"].as_bool());
                assert_eq!(account.auto_fallback, row["autoFallbackEnabled"].as_bool());
                assert_eq!(account.reset.is_some(), row["rateLimitReset"].is_string());
                assert_eq!(account.cooldown_until.is_some(), row["rateLimitedUntil"].is_number());
                assert_eq!(
                    account.highest.map(|u| f64::from(u.percent()).round()),
                    row["usageUtilization"].as_f64().map(f64::round)
                );
                assert_eq!(
                    account.token.is_some(),
                    row["hasRefreshToken"] == true || account.provider.is_oauth()
                );
            }
        }
    }

    #[test]
    fn usage_windows_are_read_by_provider() {
        let accounts = read(RECORDED[0]);
        let first = &accounts[0];
        let five_hour = first.five_hour.as_ref().expect("five-hour window");
        assert_eq!(five_hour.utilization, Utilization::from_percent(37.0).expect("a number"));
        assert_eq!(five_hour.resets_at, Some(time("2026-11-23T07:44:18.388119+00:00")));
        assert_eq!(first.seven_day.as_ref().map(|w| w.utilization.percent()), Some(12.3));
        let of = |provider: &str, data: &str| {
            let row = with(&format!(r#","provider":"{provider}","usageData":{data}"#));
            let account = one(&row);
            let show = |w: Option<UsageWindow>| {
                w.map(|w| (w.utilization.percent(), w.resets_at.map(|t| t.timestamp_millis())))
            };
            (show(account.five_hour), show(account.seven_day))
        };
        let zai = r#"{"time_limit":{"percentage":9,"resetAt":3},"tokens_limit":{"used":1,"percentage":40.5,"resetAt":1795419106650,"type":"x"}}"#;
        assert_eq!(of("zai", zai), (Some((40.5, Some(1_795_419_106_650))), None));
        assert_eq!(
            of("zai", r#"{"tokens_limit":{"percentage":40.5,"resetAt":null}}"#),
            (Some((40.5, None)), None)
        );
        assert_eq!(of("zai", r#"{"tokens_limit":null}"#), (None, None));
        assert_eq!(of("anthropic", zai), (None, None));
        assert_eq!(
            of("codex", r#"{"five_hour":{"utilization":130,"resets_at":null},"seven_day":null}"#),
            (Some((130.0, None)), None)
        );
        assert_eq!(of("anthropic", r#"{"five_hour":{"utilization":null,"resets_at":null}}"#), (None, None));
        let alibaba = r#"{"five_hour":{"used":1,"percentUsed":3,"resetAt":7},"weekly":{"total":9,"percentUsed":50.5,"resetAt":null},"monthly":{"percentUsed":95}}"#;
        assert_eq!(of("alibaba-coding-plan", alibaba), (Some((3.0, Some(7))), Some((50.5, None))));
        assert_eq!(of("alibaba-coding-plan", r#"{"seven_day":{"utilization":3}}"#), (None, None));
        assert_eq!(of("anthropic", alibaba), (None, None));
        assert_eq!(of("nanogpt", r#"{"daily":{"percentUsed":0.5},"active":true}"#), (None, None));
        assert_eq!(of("anthropic", "null"), (None, None));
        assert_eq!(of("anthropic", "[1]"), (None, None));
    }

    #[test]
    fn expanded_years_and_negative_numbers_are_kept() {
        let accounts = read(RECORDED[1]);
        let far = named(&accounts, "ms-reset");
        assert_eq!(far.reset, Some(time("+058864-07-28T03:46:40.000Z")));
        assert_eq!(named(&accounts, "soft-limit").priority, -3);
        assert_eq!(named(&accounts, "soft-limit").reset, None);
        assert_eq!(
            named(&accounts, "hard-limit-200").cooldown_until.map(|t| t.timestamp_millis()),
            Some(1_795_419_833_000)
        );
    }

    #[test]
    fn accounts_of_one_name_stay_two() {
        let accounts = read(RECORDED[1]);
        let twins: Vec<_> = accounts.iter().filter(|a| a.name == "dup").collect();
        assert_eq!(twins.len(), 2);
        assert_ne!(twins[0].id, twins[1].id);
    }

    #[test]
    fn seven_fields_are_enough() {
        let account = one(
            r#"{"id":"account-uuid","name":"my-account","provider":"anthropic","autoRefreshEnabled":true,
                "rateLimitStatus":"OK","rateLimitReset":"2024-12-17T11:00:00.000Z","paused":false}"#,
        );
        assert_eq!(
            account,
            Account {
                auto_refresh: Some(true),
                rate_limit_status: "OK".into(),
                reset: Some(time("2024-12-17T11:00:00.000Z")),
                ..Account::named("account-uuid", "my-account", Provider::Anthropic)
            }
        );
    }

    #[test]
    fn six_fields_are_enough_and_say_nothing_of_switches() {
        let account = one(&with(""));
        assert_eq!((account.fault, account.auto_refresh, account.auto_fallback), (None, None, None));
        assert_eq!((account.reset, account.token), (None, None));
    }

    #[test]
    fn a_lacking_field_is_named_and_the_row_kept() {
        let whole: serde_json::Value = serde_json::from_str(&with("")).expect("JSON");
        for field in ["id", "name", "provider", "paused", "rateLimitStatus", "rateLimitReset"] {
            let mut lacking = whole.clone();
            lacking.as_object_mut().expect("object").remove(field);
            let mut wrong = whole.clone();
            wrong[field] = serde_json::json!({"x": 1});
            for row in [lacking, wrong] {
                let account = one(&row.to_string());
                let fault = account.fault.as_ref().expect("a fault").as_str();
                assert!(fault.contains(&format!("`{field}`")), "{fault}");
                assert_eq!(account.id == AccountId::new("i"), field != "id");
                assert_eq!(account.name == "n", field != "name");
            }
        }
        assert!(one(&with(r#","rateLimitReset":"tomorrow""#)).fault.is_some());
        assert!(one(&with(r#","rateLimitReset":1e300"#)).fault.is_some());
    }

    #[test]
    fn a_bad_row_hides_no_other() {
        let accounts = read(&format!("[{}, 7, null, [], \"x\", {{}}, {}]", with(""), with(r#","id":"j""#)));
        assert_eq!(accounts.len(), 7);
        assert_eq!(accounts.iter().filter(|a| a.fault.is_none()).count(), 2);
        for account in &accounts[1..6] {
            assert_eq!(account.id.path_segment(), None);
        }
        let ids: HashSet<_> = accounts.iter().map(|a| a.id.clone()).collect();
        assert_eq!(ids.len(), 7);
    }

    #[test]
    fn the_second_account_of_one_id_cannot_be_addressed() {
        let odd = with(r#","id":"?row-3""#);
        let accounts = read(&format!("[{}, {odd}, {}, {odd}]", with(""), with(r#","name":"m""#)));
        assert_eq!(accounts[0].fault, None);
        assert_eq!(accounts[1].fault, None);
        assert!(accounts[2].fault.is_some() && accounts[3].fault.is_some());
        assert_eq!(accounts[2].name, "m");
        assert_eq!(accounts[2].id.path_segment(), None);
        let ids: HashSet<_> = accounts.iter().map(|a| a.id.clone()).collect();
        assert_eq!(ids.len(), 4);
    }

    #[test]
    fn optional_fields_of_a_wrong_type_count_as_absent() {
        let odd = [
            "priority",
            "pauseReason",
            "autoRefreshEnabled",
            "autoFallbackEnabled",
            "autoPauseOnOverageEnabled",
            "rateLimitedUntil",
            "rateLimitedReason",
            "usageThrottledUntil",
            "hasRefreshToken",
            "tokenStatus",
            "tokenExpiresAt",
            "requiresReauth",
            "isPrimary",
            "usageData",
            "usageUtilization",
            "customEndpoint",
        ];
        let plain = one(&with(""));
        for field in odd {
            for value in ["{}", "[true]", "null"] {
                let told = value == "null";
                let offers = Offers {
                    endpoint: told && field == "customEndpoint",
                    commands: told && field == "rateLimitedReason",
                    ..Offers::default()
                };
                let expected = Account { offers, ..plain.clone() };
                assert_eq!(one(&with(&format!(r#","{field}":{value}"#))), expected, "{field} {value}");
            }
        }
    }

    #[test]
    fn what_can_be_changed_is_what_the_row_tells_of() {
        for account in RECORDED.iter().flat_map(|body| read(body)) {
            assert_eq!(account.offers, Offers::ALL);
        }
        assert_eq!(one(&with("")).offers, Offers::default());
        assert!(one(&with(r#","priority":7"#)).offers.priority);
        assert!(one(&with(r#","customEndpoint":"https://x.example""#)).offers.endpoint);
    }

    #[test]
    fn a_sign_in_is_known_only_where_it_means_something() {
        let of = |provider: &str, more: &str| one(&with(&format!(r#","provider":"{provider}"{more}"#))).token;
        let expired = r#","hasRefreshToken":false,"tokenStatus":"expired""#;
        assert_eq!(of("openrouter", expired), None);
        assert_eq!(
            of("anthropic", expired),
            Some(Token { renewable: false, valid: false, expires_at: None })
        );
        assert_eq!(
            of(
                "vertex-ai",
                r#","hasRefreshToken":true,"tokenStatus":"valid","tokenExpiresAt":"2026-12-01T15:39:53.997Z""#
            ),
            Some(Token { renewable: true, valid: true, expires_at: Some(time("2026-12-01T15:39:53.997Z")) })
        );
        assert_eq!(of("anthropic", r#","hasRefreshToken":true"#), None);
        assert_eq!(of("anthropic", r#","hasRefreshToken":true,"tokenStatus":"api_key""#), None);
    }

    #[test]
    fn newer_fields_are_read_where_they_are() {
        let account = one(&with(
            r#","pauseReason":"failure_threshold","requiresReauth":true,"isPrimary":true,"reserve5h":9"#,
        ));
        assert_eq!(account.pause_reason, Some(PauseReason::Failures));
        assert!(account.requires_reauth && account.primary);
        assert_eq!(one(&with(r#","provider":"new-one""#)).provider, Provider::Other("new-one".into()));
    }

    #[test]
    fn what_is_no_list_is_told() {
        for (body, expected) in [
            ("", NotJson::Empty),
            (" \n", NotJson::Empty),
            ("\u{feff}", NotJson::Empty),
            ("<!DOCTYPE html>", NotJson::Html),
            ("[{\"id\":", NotJson::CutShort),
            ("[", NotJson::CutShort),
            ("ok", NotJson::Other),
            ("[] []", NotJson::Other),
            ("[1,]", NotJson::Other),
            (r#"{"accounts":[]}"#, NotJson::WrongShape),
            (r#""x""#, NotJson::WrongShape),
            ("null", NotJson::WrongShape),
        ] {
            assert_eq!(read_accounts(body.as_bytes()), Err(expected), "{body}");
        }
        assert_eq!(read_accounts("\u{feff}[]".as_bytes()), Ok(Vec::new()));
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        use serde_json::Value;
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        let name = prop_oneof![
            proptest::sample::select(vec![
                "id",
                "name",
                "provider",
                "paused",
                "rateLimitStatus",
                "rateLimitReset",
                "usageData",
                "five_hour",
                "utilization",
                "resets_at",
                "rateLimitedUntil",
                "tokens_limit",
                "priority",
                "usageUtilization",
            ])
            .prop_map(str::to_owned),
            ".{0,4}",
        ];
        leaf.prop_recursive(4, 48, 12, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::vec((name.clone(), inner), 0..12)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_gives_as_many_accounts_as_rows_each_with_its_own_id(value in json()) {
            let rows = value.as_array().map(Vec::len);
            let accounts = read_accounts(value.to_string().as_bytes());
            prop_assert_eq!(accounts.as_ref().ok().map(Vec::len), rows);
            if let Ok(accounts) = accounts {
                let ids: HashSet<_> = accounts.iter().map(|a| &a.id).collect();
                prop_assert_eq!(ids.len(), accounts.len());
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_accounts(&body);
            let _ = super::super::read_history(&body);
            let _ = super::super::read_record(&body);
            let _ = super::super::error_text(&body);
        }

        #[test]
        fn a_damaged_list_is_read_or_refused(at in 0..30_000_usize, with in any::<u8>()) {
            let mut body = RECORDED[0].as_bytes().to_vec();
            if let Some(byte) = body.get_mut(at) {
                *byte = with;
            }
            let _ = read_accounts(&body);
        }
    }
}
