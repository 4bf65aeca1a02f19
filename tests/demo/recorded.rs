//! What the real server was asked and what it said (`tests/fixtures`), asked again over HTTP.

#![expect(clippy::indexing_slicing, reason = "a field that is missing ends the test")]

use chrono::TimeDelta;
use flaretop::demo::Dialect;
use flaretop::demo::account::{Account, PauseReason};
use flaretop::demo::world::World;
use flaretop::runtime::clock;
use serde_json::{Value, json};

use super::{Demo, Setup, setup};

/// The recorded accounts that the requests name.
const ACCOUNTS: [(&str, &str); 12] = [
    ("active-window", "anthropic"),
    ("never-used", "anthropic"),
    ("codex-main", "codex"),
    ("zai-coding", "zai"),
    ("zai-peak-paused", "zai"),
    ("console-api-key", "claude-console-api"),
    ("openai-compat", "openai-compatible"),
    ("anthropic-compat", "anthropic-compatible"),
    ("bedrock-eu", "bedrock"),
    ("kilo-1", "kilo"),
    ("minimax-1", "minimax"),
    ("nanogpt-1", "nanogpt"),
];

fn id(name: &str) -> String {
    format!("id-of-{name}")
}

fn demo(dialect: Dialect) -> Demo {
    let account = |(name, provider)| Account::new(&id(name), name, provider, clock::now());
    let mut world = World::new(ACCOUNTS.map(account).to_vec(), dialect, 1);
    let peak = world.account_mut(&id("zai-peak-paused")).expect("it is there");
    peak.peak_hours_pause_enabled = true;
    peak.pause(PauseReason::PeakHours);
    // Nothing is refreshed in between.
    Demo::with(Setup { tick: None, ..setup(world, "127.0.0.1:0") })
}

/// The placeholders of a recorded text, filled in.
fn filled(text: &str) -> String {
    ACCOUNTS.iter().fold(text.to_owned(), |text, (name, _)| text.replace(&format!("{{{name}}}"), &id(name)))
}

struct Case {
    title: String,
    method: String,
    path: String,
    body: String,
    status: u16,
    json: Value,
    log: Value,
}

fn cases(fixture: &str) -> Vec<Case> {
    let recorded: Vec<Value> = serde_json::from_str(fixture).expect("JSON");
    let case = |case: Value| {
        let text = |v: &Value| v.as_str().expect("text").to_owned();
        let request = &case["request"];
        Case {
            title: text(&case["case"]),
            method: text(&request["method"]),
            path: filled(&text(&request["path"])),
            body: match &request["body"] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
            status: case["status"].as_u64().and_then(|s| s.try_into().ok()).expect("a status"),
            json: case["json"].clone(),
            log: case["log"].clone(),
        }
    };
    recorded.into_iter().map(case).collect()
}

impl Case {
    /// It was passed on to the provider, which is never done here.
    fn was_forwarded(&self) -> bool {
        self.json["type"] == "message" || matches!(self.method.as_str(), "HEAD" | "OPTIONS")
    }

    fn replay(&self, demo: &Demo) {
        let title = &self.title;
        let (status, kind, mut json) = demo.ask(&self.method, &self.path, &self.body);
        assert_eq!(kind, "application/json", "{title}");
        if self.was_forwarded() {
            if title == "GET account by id" {
                assert_eq!((status, &json["name"]), (200, &json!("active-window")), "this one is told");
            } else {
                assert_eq!(status, 404, "{title}: nothing is forwarded");
                assert_eq!(json["error"].is_string(), self.method != "HEAD", "{title}: {json}");
            }
            return;
        }
        assert_eq!(status, self.status, "{title}: {json}");
        let mut wanted = self.json.clone();
        // The one answer that differs each time.
        if let (Some(ours), Some(theirs)) = (json.get_mut("accountId"), wanted.get_mut("accountId")) {
            let form = |id: &Value| {
                let id = id.as_str().expect("an id");
                id.split('-').map(|part| (part.len(), part.chars().all(|c| c.is_ascii_hexdigit()))).collect()
            };
            let (a, b): (Vec<_>, Vec<_>) = (form(ours), form(theirs));
            assert_eq!(a, b, "{title}: {ours}");
            let row = demo.get(&format!("/api/accounts/{}", ours.as_str().expect("an id")));
            assert_eq!(row["priority"], self.json["priority"], "{title}: {row}");
            assert_eq!((&row["hasRefreshToken"], &row["tokenExpiresAt"]), (&json!(true), &Value::Null));
            *ours = Value::Null;
            *theirs = Value::Null;
        }
        assert_eq!(json, wanted, "{title}");
    }
}

#[test]
fn recorded_requests_are_answered_as_recorded_and_nothing_is_forwarded() {
    let demo = demo(Dialect::Observed);
    let cases = cases(include_str!("../fixtures/errors.json"));
    for case in &cases {
        case.replay(&demo);
    }
    assert_eq!((cases.len(), cases.iter().filter(|c| c.was_forwarded()).count()), (147, 9));
    assert_eq!(demo.get("/api/stats")["totalRequests"], 0, "nothing was used");
}

/// Numbers and white space as JavaScript has them, the order of the checks, and what the log says of each.
#[test]
fn recorded_edges_are_answered_and_logged_as_recorded() {
    let demo = demo(Dialect::Observed);
    let cases = cases(include_str!("../fixtures/changes.json"));
    let mut wanted = Vec::new();
    for case in &cases {
        case.replay(&demo);
        for record in case.log.as_array().expect("a log") {
            let mut record = record.clone();
            record["msg"] = json!(filled(record["msg"].as_str().expect("text")));
            wanted.push((case.title.as_str(), record));
        }
    }
    assert!(cases.len() > 200 && wanted.len() > 90, "{} requests, {} records", cases.len(), wanted.len());
    let told = |record: &Value| {
        let mut record = record.clone();
        let fields = record.as_object_mut().expect("an object");
        assert!(fields.remove("ts").is_some_and(|ts| ts.is_i64()));
        if let Some(data) = fields.get_mut("data").and_then(Value::as_object_mut) {
            data.remove("timestamp");
        }
        record
    };
    let history = demo.get("/api/logs/history");
    let ours: Vec<Value> = history.as_array().expect("a list").iter().map(told).collect();
    // The first lines are the scheduler's.
    let ours = &ours[ours.len() - wanted.len()..];
    for (ours, (title, theirs)) in ours.iter().zip(&wanted) {
        assert_eq!(ours, theirs, "{title}");
    }
}

#[test]
fn the_guides_log_holds_nothing_of_changes() {
    let demo = demo(Dialect::Guide);
    let before = demo.log();
    let path = format!("/api/accounts/{}", id("active-window"));
    assert_eq!(demo.ask("POST", &format!("{path}/auto-refresh"), "{}").0, 400);
    assert_eq!(demo.ask("POST", &format!("{path}/custom-endpoint"), "{}").0, 200);
    assert_eq!(demo.log(), before);
}

/// An answer to HEAD has no body, whatever its length is said to be, and the connection stays usable.
#[test]
fn methods_that_are_not_offered_are_answered_as_http() {
    use std::io::{BufRead as _, Read as _, Write as _};
    let demo = demo(Dialect::Observed);
    let request = |method, path| format!("{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    let mut reader = demo.connect(&request("HEAD", "/api/accounts"));
    for method in ["OPTIONS", "HEAD", "PUT", "PATCH", "BREW", "GET"] {
        reader.get_mut().write_all(request(method, "/api/accounts").as_bytes()).expect("sent");
    }
    for method in ["HEAD", "OPTIONS", "HEAD", "PUT", "PATCH", "BREW", "GET"] {
        let (mut lines, mut length) = (Vec::new(), None);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("a line");
            if line.trim_end().is_empty() {
                break;
            }
            if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = text.trim_end().parse::<usize>().ok();
            }
            lines.push(line);
        }
        let wanted = if method == "GET" { "HTTP/1.1 200 OK\r\n" } else { "HTTP/1.1 404 Not Found\r\n" };
        assert_eq!(lines.first().map(String::as_str), Some(wanted), "{method}");
        let mut body = vec![0; if method == "HEAD" { 0 } else { length.expect("a length") }];
        reader.read_exact(&mut body).expect("a body");
        let json = serde_json::from_slice::<Value>(&body);
        assert_eq!(json.is_ok(), method != "HEAD", "{method}: {}", String::from_utf8_lossy(&body));
    }
}

/// The names of the fields and the kinds of their values, without the values.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, v)| (name.clone(), shape(v))).collect(),
        Value::Array(list) => list.first().map_or(json!([]), |v| json!([shape(v)])),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        Value::Bool(_) => json!("bool"),
        Value::Null => Value::Null,
    }
}

fn recorded(fixture: &str) -> Value {
    serde_json::from_str(fixture).expect("JSON")
}

/// A pool with so many accounts of each kind, answering `/health`.
fn health(ready: usize, paused: usize, limited: usize) -> (u16, Value) {
    let now = clock::now();
    let mut world = World::default();
    for n in 0..ready + paused + limited {
        let mut account = Account::new(&id(&n.to_string()), &n.to_string(), "anthropic", now);
        account.paused = n < paused;
        // Whoever is paused is not counted as limited as well.
        account.rate_limited_until = (n < paused + limited).then(|| now + TimeDelta::minutes(9));
        world.accounts.push(account);
    }
    let (status, _, json) = Demo::start(world).ask("GET", "/health", "");
    (status, json)
}

#[test]
fn health_is_as_recorded_and_503_where_no_account_can_be_used() {
    let ok = include_str!("../fixtures/health-ok.json");
    let degraded = include_str!("../fixtures/health-degraded-503.json");
    let empty = include_str!("../fixtures/health-unhealthy-503.json");
    let paused = include_str!("../fixtures/health-unhealthy-paused-503.json");
    for (fixture, status, accounts) in
        [(ok, 200, (23, 4, 2)), (degraded, 503, (0, 1, 2)), (empty, 503, (0, 0, 0)), (paused, 503, (0, 1, 0))]
    {
        let mut wanted = recorded(fixture);
        let (answered, mut json) = health(accounts.0, accounts.1, accounts.2);
        assert_eq!(answered, status, "{json}");
        // While it starts, the observed server does not know of its parts.
        for value in [&mut wanted, &mut json] {
            let runtime = value["runtime"].as_object_mut().expect("parts");
            for part in ["usageWorker", "storage"] {
                assert!(runtime.remove(part).is_some_and(|part| part.is_object()), "{part}");
            }
        }
        assert_eq!(shape(&json), shape(&wanted));
        for field in ["status", "accounts", "strategy"] {
            assert_eq!(json[field], wanted[field], "{field}");
        }
        for field in ["configured", "paused", "rate_limited", "routable"] {
            assert_eq!(json["pool"][field], wanted["pool"][field], "{field}");
        }
    }
    let (_, json) = health(1, 0, 0);
    assert_eq!(shape(&json["runtime"]), shape(&recorded(ok)["runtime"]), "once it has started");
}

#[test]
fn statistics_are_as_recorded() {
    let demo = demo(Dialect::Observed);
    assert_eq!(demo.get("/api/stats"), recorded(include_str!("../fixtures/stats-empty.json")));
    let mut world = World::default();
    let mut account = Account::new("id", "active-window", "anthropic", clock::now());
    (account.request_count, account.total_requests) = (3, 1_241);
    world.accounts.push(account);
    let demo = Demo::start(world);
    let (stats, wanted) = (demo.get("/api/stats"), recorded(include_str!("../fixtures/stats.json")));
    assert_eq!(shape(&stats), shape(&wanted));
    for field in ["totalRequests", "successRate", "totalTokens", "topModels", "accounts", "recentErrors"] {
        assert_eq!(stats[field], wanted[field], "{field}");
    }
    let cost = |v: &Value| v["totalCostUsd"].as_f64().expect("a number");
    assert!((cost(&stats) - cost(&wanted)).abs() < 1e-9);
    assert_eq!(demo.get("/api/stats?since=1"), stats, "a query changes nothing");
}
