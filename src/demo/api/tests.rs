//! The answers as a pure step; the recorded requests are replayed over HTTP in `tests/demo/recorded.rs`.

use super::super::Dialect;
use super::super::account::{Account, PauseReason};
use super::*;

fn now() -> Timestamp {
    crate::model::parse_timestamp("2026-11-24T12:00:00Z").unwrap()
}

fn world() -> World {
    let accounts = [
        ("active-window", "anthropic"),
        ("openai-compat", "openai-compatible"),
        ("bedrock-eu", "bedrock"),
        ("zai-coding", "zai"),
        ("codex-main", "codex"),
        ("console-api-key", "claude-console-api"),
        ("never-used", "anthropic"),
    ];
    let account =
        |(name, provider): (&str, &str)| Account::new(&format!("id-of-{name}"), name, provider, now());
    World::new(accounts.map(account).to_vec(), Dialect::Observed, 1)
}

fn ask(world: &mut World, method: &str, path: &str, body: &[u8]) -> Answer {
    world.respond(Request { method, path, body }, now())
}

#[test]
fn one_account_can_be_asked_for_and_unknown_paths_are_not_found() {
    let mut world = world();
    let answer = ask(&mut world, "GET", "/api/accounts/id-of-zai-coding", b"");
    assert_eq!((answer.status, &answer.json["name"]), (200, &json!("zai-coding")));
    assert_eq!(ask(&mut world, "GET", "/api/accounts/nobody", b""), Answer::no_account());
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/api"),
        ("GET", "/api/accounts/"),
        ("PUT", "/api/accounts"),
        ("POST", "/api/accounts/"),
        ("DELETE", "/api/accounts/"),
        ("DELETE", "/api/accounts/zai-coding/x"),
        ("PUT", "/api/accounts/id-of-zai-coding/auto-refresh"),
        ("POST", "/api/accounts/id-of-zai-coding/auto-refresh/"),
        ("POST", "/v1/messages"),
        ("GET", "/health/"),
    ] {
        assert_eq!(ask(&mut world, method, path, b"{}"), Answer::not_found(), "{method} {path}");
    }
}

/// The shapes of the recorded health answers.
#[test]
fn health_is_503_where_no_account_can_be_used() {
    let health = |world: &mut World| ask(world, "GET", "/health", b"");
    let mut full = world();
    full.account_mut("id-of-never-used").unwrap().paused = true;
    full.account_mut("id-of-codex-main").unwrap().rate_limited_until =
        Some(now() + chrono::TimeDelta::minutes(9));
    let answer = health(&mut full);
    assert_eq!((answer.status, answer.json["status"].as_str()), (200, Some("ok")));
    assert_eq!(
        answer.json["pool"],
        json!({ "configured": 7, "paused": 1, "rate_limited": 1, "routable": 5, "next_available_at": "2026-11-24T12:09:00.000Z" })
    );
    let mut limited = world();
    for account in &mut limited.accounts {
        account.rate_limited_until = Some(now() + chrono::TimeDelta::minutes(5));
    }
    let answer = health(&mut limited);
    assert_eq!((answer.status, answer.json["status"].as_str()), (503, Some("degraded")));
    for account in &mut limited.accounts {
        account.paused = true;
    }
    let answer = health(&mut limited);
    assert_eq!((answer.status, answer.json["status"].as_str()), (503, Some("unhealthy")));
    assert_eq!(answer.json["pool"]["next_available_at"], Value::Null);
    assert_eq!(health(&mut World::default()).status, 503);
}

#[test]
fn the_list_is_in_the_servers_order_and_the_guides_filters_find_their_fields() {
    let mut world = world();
    world.account_mut("id-of-zai-coding").unwrap().priority = 9;
    world.account_mut("id-of-codex-main").unwrap().request_count = 3;
    let list = ask(&mut world, "GET", "/api/accounts", b"").json;
    let names: Vec<&str> = list.as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap()).collect();
    assert_eq!(names.get(..2).unwrap(), ["zai-coding", "codex-main"]);
    for field in
        ["id", "name", "provider", "autoRefreshEnabled", "rateLimitStatus", "rateLimitReset", "paused"]
    {
        assert!(list[0].get(field).is_some(), "{field}");
    }
    assert_eq!(list[0]["rateLimitStatus"], "OK");
    let stats = ask(&mut world, "GET", "/api/stats", b"").json;
    assert_eq!((&stats["totalRequests"], &stats["activeAccounts"]), (&json!(3), &json!(1)));
}

#[test]
fn deleting_goes_by_the_name_and_must_be_confirmed() {
    let mut world = world();
    let path = "/api/accounts/zai-coding";
    assert_eq!(ask(&mut world, "DELETE", path, br#"{"confirm":"other"}"#).status, 400);
    assert_eq!(ask(&mut world, "DELETE", path, br#"{"confirm":"zai-coding"}"#).status, 200);
    assert_eq!(ask(&mut world, "DELETE", path, br#"{"confirm":"zai-coding"}"#).status, 404);
    assert_eq!(world.accounts.len(), 6);
}

#[test]
fn switching_the_peak_hours_off_ends_their_pause_and_no_other() {
    let mut world = world();
    let path = "/api/accounts/id-of-zai-coding/peak-hours-pause";
    for (why, paused_after) in [(PauseReason::PeakHours, false), (PauseReason::Manual, true)] {
        let account = world.account_mut("id-of-zai-coding").unwrap();
        account.peak_hours_pause_enabled = true;
        account.pause(why);
        assert_eq!(ask(&mut world, "POST", path, br#"{"enabled":1}"#).status, 200);
        assert!(world.account("id-of-zai-coding").unwrap().paused, "{why:?}: it is still switched on");
        assert_eq!(ask(&mut world, "POST", path, br#"{"enabled":0}"#).status, 200);
        assert_eq!(world.account("id-of-zai-coding").unwrap().paused, paused_after, "{why:?}");
    }
}

#[test]
fn usage_that_is_read_anew_is_known_unless_the_tokens_are_dead() {
    let mut world = world();
    let path = "/api/accounts/id-of-never-used/refresh-usage";
    let row = |world: &mut World| ask(world, "GET", "/api/accounts/id-of-never-used", b"").json;
    assert_eq!(row(&mut world)["usageData"], Value::Null);
    let account = world.account_mut("id-of-never-used").unwrap();
    let token = account.token;
    account.token.refresh = false;
    account.token.expires = Some(now());
    assert_eq!(ask(&mut world, "POST", path, b"").json["cacheRefreshed"], false);
    assert_eq!(row(&mut world)["usageData"], Value::Null);
    world.account_mut("id-of-never-used").unwrap().token = token;
    assert_eq!(ask(&mut world, "POST", path, b"").json["cacheRefreshed"], true);
    assert_eq!(row(&mut world)["usageData"]["five_hour"]["utilization"], 0.0);
}

#[test]
fn an_added_account_is_refreshed_like_any_other_and_the_pool_is_bounded() {
    let mut world = world();
    let body = br#"{"name":"new","accessToken":"a","refreshToken":"b"}"#;
    let answer = ask(&mut world, "POST", "/api/accounts", body);
    let id = answer.json["accountId"].as_str().unwrap().to_owned();
    let path = format!("/api/accounts/{id}/auto-refresh");
    assert_eq!(ask(&mut world, "POST", &path, br#"{"enabled":1}"#).status, 200);
    assert_eq!(world.check(now()).due, [id]);
    let account = world.account("id-of-never-used").unwrap().clone();
    world.accounts.resize(20_000, account);
    let answer = ask(&mut world, "POST", "/api/accounts", body);
    assert_eq!((answer.status, world.accounts.len()), (500, 20_000));
    assert!(answer.json["error"].as_str().unwrap().contains("at most 20000"), "{}", answer.json);
}
