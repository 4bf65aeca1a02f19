//! The recorded requests, replayed.

use super::super::Dialect;
use super::super::account::Account;
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

/// The recorded requests, but those that were forwarded and those that add accounts.
#[test]
fn the_recorded_requests_are_answered_as_recorded() {
    let recorded: Vec<Value> =
        serde_json::from_str(include_str!("../../../tests/fixtures/errors.json")).unwrap();
    let mut world = world();
    let mut replayed = 0;
    for case in &recorded {
        let title = case["case"].as_str().unwrap();
        let request = &case["request"];
        let (method, mut path) =
            (request["method"].as_str().unwrap(), request["path"].as_str().unwrap().to_owned());
        let forwarded = case["json"]["type"] == "message" || matches!(method, "HEAD" | "OPTIONS");
        if let Some((before, rest)) = path.clone().split_once('{') {
            let (name, after) = rest.split_once('}').unwrap();
            path = format!("{before}id-of-{name}{after}");
        }
        let body = match &request["body"] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let answer = ask(&mut world, method, &path, body.as_bytes());
        if forwarded {
            if title == "GET account by id" {
                assert_eq!(answer.json["name"], "active-window", "this one has it");
                continue;
            }
            assert_eq!(answer.status, 404, "{title}: nothing is forwarded");
            continue;
        }
        if title.starts_with("add ") {
            continue;
        }
        replayed += 1;
        assert_eq!(i64::from(answer.status), case["status"].as_i64().unwrap(), "{title}: {}", answer.json);
        assert_eq!(answer.json, case["json"], "{title}");
    }
    assert!(replayed > 120, "{replayed} requests were replayed");
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
        ("POST", "/api/accounts"),
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
