//! Faults on command, over HTTP.

use std::io::{BufRead as _, Read as _};
use std::time::Duration;

use flaretop::demo::provider::Mode;
use serde_json::{Value, json};

use super::{Demo, Setup, setup, world};

/// A server whose scheduler looks only when it is told to.
fn quiet() -> Demo {
    Demo::with(Setup { tick: None, ..setup(world(&[("work", Mode::Ok)]), "127.0.0.1:0") })
}

impl Demo {
    /// Asks for something under `/demo`, which must be done.
    fn order(&self, method: &str, what: &str, body: &Value) -> Value {
        let (status, _, answer) = self.ask(method, &format!("/demo/{what}"), &body.to_string());
        assert_eq!(status, 200, "{what}: {answer}");
        answer
    }

    fn names(&self) -> Vec<String> {
        let list = self.get("/api/accounts");
        list.as_array()
            .expect("a list")
            .iter()
            .map(|a| a["name"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

#[test]
fn the_list_of_what_can_be_asked_for_is_the_documented_one() {
    let demo = quiet();
    let overview = demo.get("/demo");
    assert_eq!(overview["frozen"], false);
    let document = include_str!("../../docs/demo-api.md");
    let routes = overview["routes"].as_object().expect("routes");
    for route in routes.keys().filter(|route| *route != "POST /demo/thaw") {
        assert!(document.contains(&format!("| `{route}` |")), "{route} is documented");
    }
    let documented = document.lines().filter(|l| l.starts_with("| `") && l.contains(" /demo")).count();
    assert_eq!(documented, routes.len() - 1);
}

#[test]
fn the_provider_does_as_it_is_told() {
    let demo = quiet();
    demo.order("POST", "accounts/id-work/provider", &json!({ "mode": "overloaded" }));
    demo.order("POST", "check", &json!({}));
    demo.wait_for("Auto-refresh message failed for account work: 529 HM");
    demo.order("POST", "accounts/id-work/provider", &json!({ "mode": "ok", "window": 60 }));
    demo.order("POST", "check", &json!({}));
    demo.wait_for("Updated rate_limit_reset for work to ");
    assert_eq!(demo.get("/api/accounts/id-work")["rateLimitStatus"], "allowed (2m)");
}

#[test]
fn accounts_are_added_changed_and_dropped() {
    let demo = quiet();
    let added = demo.order("POST", "accounts", &json!({ "name": "new", "provider": "zai", "priority": 3 }));
    let id = added["id"].as_str().expect("its id").to_owned();
    assert_eq!(demo.get(&format!("/api/accounts/{id}"))["provider"], "zai");
    demo.order("POST", &format!("accounts/{id}"), &json!({ "paused": true, "rateLimitReset": "soon" }));
    let row = demo.get(&format!("/api/accounts/{id}"));
    assert_eq!((&row["paused"], &row["rateLimitReset"]), (&json!(true), &json!("soon")));
    demo.order("DELETE", "accounts/id-work", &json!({}));
    assert_eq!(demo.names(), ["new"]);
    demo.order("POST", "accounts", &json!({ "id": "id-work", "name": "work" }));
    assert_eq!(demo.names().len(), 2);
    assert_eq!(demo.ask("DELETE", "/demo/accounts/nobody", "").0, 404);
}

#[test]
fn a_frozen_server_answers_when_it_thaws() {
    let demo = quiet();
    demo.order("POST", "freeze", &json!({}));
    let mut waits = demo.connect("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    waits.get_ref().set_read_timeout(Some(Duration::from_millis(200))).expect("a limit");
    let mut line = String::new();
    assert!(waits.read_line(&mut line).is_err() && line.is_empty(), "nothing comes: {line}");
    demo.order("POST", "thaw", &json!({}));
    waits.get_ref().set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    waits.read_line(&mut line).expect("an answer");
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    demo.order("POST", "freeze", &json!({ "seconds": 0.2 }));
    assert_eq!(demo.ask("GET", "/health", "").0, 200, "it thaws by itself");
}

#[test]
fn answers_are_refused_replaced_and_cut() {
    let demo = quiet();
    let list = demo.get("/api/accounts").to_string();
    demo.order(
        "POST",
        "faults",
        &json!({ "path": "/api/accounts", "status": 500, "body": { "error": "Invalid Date" }, "times": 1 }),
    );
    let (status, kind, answer) = demo.ask("GET", "/api/accounts", "");
    assert_eq!(
        (status, kind.as_str(), answer),
        (500, "application/json", json!({ "error": "Invalid Date" }))
    );
    assert_eq!(demo.ask("GET", "/api/accounts", "").0, 200, "once");
    demo.order("POST", "faults", &json!({ "path": "/api/accounts", "content_type": "text/html" }));
    assert_eq!(demo.ask("GET", "/api/accounts", "").1, "text/html");
    demo.order("POST", "faults", &json!({ "path": "/api/accounts", "cut_after": 100 }));
    let mut answer = String::new();
    let _ = demo
        .connect("GET /api/accounts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .read_to_string(&mut answer);
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.contains(&format!("content-length: {}", list.len())), "{head}");
    assert_eq!(Some(body), list.get(..100));
    demo.order("DELETE", "faults", &json!({}));
    assert_eq!(demo.get("/api/accounts").to_string(), list);
}

#[test]
fn streams_are_cut_also_inside_a_character() {
    let demo = quiet();
    for (body, inside) in [(json!({}), false), (json!({ "inside": true }), true)] {
        let mut stream = demo.connect("GET /api/logs/stream HTTP/1.1\r\nHost: x\r\n\r\n");
        let mut line = String::new();
        while !line.contains("connected") {
            stream.read_line(&mut line).expect("a greeting");
        }
        demo.order("POST", "log", &json!({ "level": "WARN", "msg": "last" }));
        demo.order("POST", "streams/cut", &body);
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(!rest.ends_with(b"0\r\n\r\n"), "without its terminator");
        let text = String::from_utf8(rest.clone());
        assert_eq!(text.is_err(), inside);
        assert!(String::from_utf8_lossy(&rest).contains(r#""level":"WARN","msg":"last""#));
    }
}

#[test]
fn the_clock_and_the_date_header_are_set() {
    let demo = quiet();
    let date = |demo: &Demo| {
        let mut answer = String::new();
        demo.connect("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .read_to_string(&mut answer)
            .expect("an answer");
        let date = answer.split("date: ").nth(1).and_then(|t| t.lines().next()).expect("a date").to_owned();
        let body = answer.split_once("\r\n\r\n").expect("a head").1;
        let body: Value = serde_json::from_str(body).expect("JSON");
        let time = |text: &str| chrono::DateTime::parse_from_rfc3339(text).expect("a time");
        let header = chrono::DateTime::parse_from_rfc2822(&date).expect("a date");
        (header - time(body["timestamp"].as_str().expect("a time"))).num_seconds()
    };
    assert!(date(&demo).abs() <= 1);
    demo.order("POST", "date", &json!({ "seconds": 94 }));
    assert!((93..=94).contains(&date(&demo)), "only the header is off");
    let stamp = || demo.get("/health")["timestamp"].as_str().expect("a time").to_owned();
    let before = stamp();
    demo.order("POST", "clock", &json!({ "seconds": 3600 }));
    let ahead = |text: &str| chrono::DateTime::parse_from_rfc3339(text).expect("a time");
    assert!((ahead(&stamp()) - ahead(&before)).num_seconds() >= 3_600);
}

#[test]
fn a_restart_on_command_comes_back() {
    let demo = quiet();
    let mut stream = demo.connect("GET /api/logs/stream HTTP/1.1\r\nHost: x\r\n\r\n");
    demo.order("POST", "restart", &json!({ "seconds": 0.1 }));
    let mut heard = String::new();
    let _ = stream.read_to_string(&mut heard);
    assert!(heard.contains("connected") && !heard.ends_with("0\r\n\r\n"), "{heard}");
    for _ in 0..500 {
        if std::net::TcpStream::connect(demo.address).is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(demo.names(), ["work"]);
}

#[test]
fn a_key_is_wanted_where_it_is_asked_for_and_is_never_told() {
    let demo = quiet();
    demo.order("POST", "key", &json!({ "key": "btr-right" }));
    assert_eq!(demo.ask("GET", "/api/accounts", "").0, 401);
    assert_eq!(demo.ask("GET", "/health", "").0, 200);
    for (head, status) in [
        ("x-api-key: btr-right", "200"),
        ("Authorization: bearer btr-right", "200"),
        ("x-api-key: wrong\r\nAuthorization: Bearer btr-right", "401"),
    ] {
        let request = format!("GET /api/stats HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}\r\n\r\n");
        let mut answer = String::new();
        demo.connect(&request).read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
    }
    let requests = demo.get("/demo/requests");
    assert_eq!(requests[2], json!({ "method": "GET", "path": "/api/stats", "body": "", "key": true }));
    assert!(!requests.to_string().contains("btr-"), "{requests}");
    demo.order("DELETE", "requests", &json!({}));
    assert_eq!(demo.get("/demo/requests"), json!([]));
}

#[test]
fn what_is_not_understood_is_refused_by_name() {
    let demo = quiet();
    for (what, body, words) in [
        ("faults", r#"{"statsu":500}"#, "unknown field `statsu`"),
        ("accounts/id-work/provider", r#"{"mode":"odd"}"#, "unknown variant `odd`"),
        ("accounts", "{}", "name is required"),
        ("clock", "{}", "missing field `seconds`"),
        ("log", "nonsense", "expected"),
    ] {
        let (status, _, answer) = demo.ask("POST", &format!("/demo/{what}"), body);
        assert_eq!(status, 400, "{what}");
        assert!(answer["error"].as_str().is_some_and(|e| e.contains(words)), "{what}: {answer}");
    }
    assert_eq!(demo.ask("POST", "/demo/nonesuch", "").0, 404);
}
