//! The auto-refresh guide, played against the built program: every request of its command blocks, and what it says comes of it.
//!
//! The blocks themselves, with curl and jq, are in the README and are run by `tests/readme-walk`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, and fails where it does not come"
)]

#[expect(dead_code, reason = "the terminal and the other servers are for other tests")]
mod support;

#[path = "guide/serving.rs"]
mod serving;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta};
use flaretop::model::{Timestamp, parse_timestamp};
use serde_json::{Value, json};
use serving::Serving;
use support::wait;
use tempfile::TempDir;

const ON: &str = r#"{"enabled": 1}"#;
const OFF: &str = r#"{"enabled": 0}"#;

/// Windows of a second or two, and the accounts of the guide's examples with nothing switched on.
const SHORT: &str = r#"
about = "The guide's accounts, with windows of a second or two."
tick = 0.1
window = 1

[[accounts]]
name = "my-account"
priority = 5

[[accounts]]
name = "primary"
resets_in = 1.5

[[accounts]]
name = "premium"
priority = 1
resets_in = 1.5
used = 100

[[accounts]]
name = "spare"
priority = 10
resets_in = -600

[[accounts]]
name = "rarely"
priority = 20
resets_in = -5
"#;

/// A folder with a scenario in it, for a log as well.
struct Folder(TempDir);

impl Folder {
    fn with(scenario: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        std::fs::write(folder.path().join("scenario.toml"), scenario).expect("written");
        Self(folder)
    }

    fn logs(&self) -> PathBuf {
        self.0.path().join("better-ccflare/logs")
    }

    /// The server with that scenario, in the guide's words.
    fn serve(&self, more: &[&str]) -> Serving {
        let text = |path: &Path| path.to_str().expect("a path").to_owned();
        let (scenario, logs) = (text(&self.0.path().join("scenario.toml")), text(&self.logs()));
        let args = ["--scenario", &scenario, "--dialect", "guide", "--log-dir", &logs];
        Serving::start(&[&args[..], more].concat())
    }

    /// `better-ccflare.log` as it is now.
    fn log(&self) -> String {
        std::fs::read_to_string(self.logs().join("better-ccflare.log")).unwrap_or_default()
    }

    /// Waits until a line of it is as wanted.
    fn wait_for(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        wait(what, || self.log().lines().find(|l| wanted(l)).map(str::to_owned), || self.log())
    }
}

/// `grep "first.*then"`
fn matches(line: &str, first: &str, then: &str) -> bool {
    line.split_once(first).is_some_and(|(_, rest)| rest.contains(then))
}

/// `jq '.[] | select(…) | .name'`
fn names(accounts: &[Value], wanted: impl Fn(&Value) -> bool) -> Vec<String> {
    let mut names: Vec<String> = accounts
        .iter()
        .filter(|a| wanted(a))
        .map(|a| a["name"].as_str().expect("a name").to_owned())
        .collect();
    names.sort();
    names
}

fn reset(account: &Value) -> Timestamp {
    parse_timestamp(account["rateLimitReset"].as_str().expect("a time")).expect("a time")
}

#[test]
fn every_request_of_the_guide_is_answered() {
    let serving = Serving::start(&["--scenario", "guide", "--dialect", "guide"]);
    let switched = |name: &str, on: bool| {
        let word = if on { "enabled" } else { "disabled" };
        json!({ "success": true, "message": format!("Auto-refresh {word} for account '{name}'"), "autoRefreshEnabled": on })
    };
    // Setting up: enable, then check the status.
    assert_eq!(serving.post(&serving.path("my-account", "auto-refresh"), ON), switched("my-account", true));
    for account in serving.accounts() {
        assert!(account["name"].is_string() && account["autoRefreshEnabled"].is_boolean(), "{account}");
        assert!(account["rateLimitReset"].is_string() || account["rateLimitReset"].is_null(), "{account}");
    }
    // The configuration examples.
    assert_eq!(serving.post(&serving.path("primary", "auto-refresh"), ON), switched("primary", true));
    assert_eq!(serving.post(&serving.path("premium", "auto-refresh"), ON), switched("premium", true));
    assert_eq!(
        serving.post(&serving.path("premium", "auto-fallback"), ON),
        json!({ "success": true, "message": "Auto-fallback enabled for account 'premium'", "autoFallbackEnabled": true })
    );
    let accounts = serving.accounts();
    for account in accounts.iter().filter(|a| a["priority"].as_i64().expect("a number") < 10) {
        let (id, name) = (account["id"].as_str().expect("an id"), account["name"].as_str().expect("a name"));
        assert_eq!(serving.post(&format!("/api/accounts/{id}/auto-refresh"), ON), switched(name, true));
    }
    // What `watch` shows.
    let on = names(&serving.accounts(), |a| a["autoRefreshEnabled"] == true);
    assert_eq!(on, ["my-account", "premium", "primary"]);
    // Health.
    let health = serving.get("/health");
    assert_eq!((&health["status"], &health["accounts"]), (&json!("ok"), &json!(accounts.len())));
    let stats = serving.get("/api/stats");
    assert!(stats["totalRequests"].is_u64() && stats["accounts"].is_array(), "{stats}");
    // The reference: disable, and one account by itself.
    assert_eq!(serving.post(&serving.path("my-account", "auto-refresh"), OFF), switched("my-account", false));
    let id = serving.account("my-account")["id"].as_str().expect("an id").to_owned();
    assert_eq!(serving.get(&format!("/api/accounts/{id}")), serving.account("my-account"));
    // A custom endpoint.
    let endpoint = "https://custom.api.endpoint/v1/messages";
    let body = json!({ "customEndpoint": endpoint }).to_string();
    let answer = serving.post(&serving.path("my-account", "custom-endpoint"), &body);
    assert_eq!(answer, json!({ "success": true, "message": "Custom endpoint updated successfully" }));
    assert_eq!(serving.account("my-account")["customEndpoint"], endpoint);
    assert_eq!(serving.post(&serving.path("my-account", "auto-refresh"), ON), switched("my-account", true));
}

#[test]
fn an_account_has_the_fields_that_the_guide_shows() {
    let serving = Serving::start(&["--scenario", "guide"]);
    let account = serving.account("my-account");
    let id = account["id"].as_str().expect("an id");
    assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "a UUID");
    for (field, value) in [
        ("name", json!("my-account")),
        ("provider", json!("anthropic")),
        ("autoRefreshEnabled", json!(false)),
        ("rateLimitStatus", json!("OK")),
        ("paused", json!(false)),
    ] {
        assert_eq!(account[field], value, "{field}");
    }
    let text = account["rateLimitReset"].as_str().expect("a time");
    let written =
        DateTime::parse_from_rfc3339(text).expect("a time").format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    assert_eq!(text, written, "as JavaScript writes it");
    assert!(serving.account("console")["provider"] != "anthropic", "one to be told by its provider");
}

/// "Setup to keep your primary account always refreshed."
#[test]
fn the_primary_account_is_refreshed_each_time_its_window_is_over() {
    let folder = Folder::with(SHORT);
    let serving = folder.serve(&[]);
    let before = reset(&serving.account("primary"));
    serving.post(&serving.path("primary", "auto-refresh"), ON);
    let updates =
        || serving.log().iter().filter(|l| l.starts_with("Updated rate_limit_reset for primary")).count();
    wait("three windows", || (updates() >= 3).then_some(()), || serving.log().join("\n"));
    // By the server's clock: each message is sent after the window's end and not long after it.
    let mut over = before;
    let mut sent = Vec::new();
    let history = serving.get("/api/logs/history");
    for record in history.as_array().expect("a list") {
        let at = Timestamp::from_timestamp_millis(record["ts"].as_i64().expect("a time")).expect("a time");
        let message = record["msg"].as_str().expect("text");
        if message == "Sending auto-refresh message to account: primary" {
            assert!(at >= over, "{at} is before {over}");
            assert!(at < over + TimeDelta::seconds(10), "{at} is long after {over}");
            sent.push(at);
        } else if let Some(text) = message.strip_prefix("Updated rate_limit_reset for primary to ") {
            let next = parse_timestamp(text).expect("a time");
            assert!(next > at && next < at + TimeDelta::seconds(3), "a window begins: {at} to {next}");
            over = next;
        }
    }
    assert!(sent.len() >= 3, "{sent:?}");
    let row = serving.account("primary");
    assert!(reset(&row) > before && row["requestCount"].as_i64() >= Some(3), "{row}");
    assert_eq!(names(&serving.accounts(), |a| a["requestCount"] != 0), ["primary"], "no other was used");
}

/// "Use both auto-refresh and auto-fallback for optimal availability."
#[test]
fn the_premium_account_has_a_window_as_soon_as_its_old_one_is_over() {
    let folder = Folder::with(&SHORT.replace("window = 1", "window = 18000"));
    let serving = folder.serve(&[]);
    assert_eq!(serving.account("premium")["usageUtilization"], 100.0);
    serving.post(&serving.path("premium", "auto-refresh"), ON);
    serving.post(&serving.path("premium", "auto-fallback"), ON);
    folder.wait_for("its new window", |l| l.starts_with("[INFO] Updated rate_limit_reset for premium to "));
    let row = serving.account("premium");
    assert_eq!((&row["autoRefreshEnabled"], &row["autoFallbackEnabled"]), (&json!(true), &json!(true)));
    let status = row["rateLimitStatus"].as_str().expect("text");
    assert!(["allowed (300m)", "allowed (301m)"].contains(&status), "five hours, rounded up: {status}");
    assert!(row["usageUtilization"].as_f64().expect("a number") < 50.0, "it can be used again: {row}");
    let log = folder.log();
    let told =
        log.lines().find(|l| l.contains("Updated")).expect("a line").rsplit_once(" to ").expect("a time").1;
    assert_eq!(row["rateLimitReset"], told);
    assert_eq!(log.matches("Sending").count(), 1, "and no more messages in it: {log}");
}

/// "Enable auto-refresh only on high-priority accounts."
#[test]
fn only_accounts_below_priority_ten_are_refreshed() {
    let folder = Folder::with(SHORT);
    let serving = folder.serve(&[]);
    let before = serving.accounts();
    let high = names(&before, |a| a["priority"].as_i64().expect("a number") < 10);
    assert_eq!(high, ["my-account", "premium", "primary"]);
    for name in &high {
        serving.post(&serving.path(name, "auto-refresh"), ON);
    }
    for name in &high {
        folder.wait_for(name, |l| {
            l == format!("[INFO] Auto-refresh message sent successfully for account: {name}")
        });
    }
    let after = serving.accounts();
    assert_eq!(names(&after, |a| a["autoRefreshEnabled"] == true), high);
    for name in ["spare", "rarely"] {
        let find = |list: &[Value]| list.iter().find(|a| a["name"] == name).cloned().expect("it is there");
        assert_eq!(find(&before), find(&after), "{name} is as it was");
        assert!(!folder.log().contains(name), "{}", folder.log());
    }
}

#[test]
fn an_account_that_is_switched_off_again_is_left_alone() {
    let folder = Folder::with(SHORT);
    let serving = folder.serve(&[]);
    for name in ["my-account", "primary"] {
        serving.post(&serving.path(name, "auto-refresh"), ON);
    }
    let count =
        |name: &str| folder.log().matches(&format!("sent successfully for account: {name}\n")).count();
    wait("both", || (count("my-account") > 0 && count("primary") > 0).then_some(()), || folder.log());
    serving.post(&serving.path("my-account", "auto-refresh"), OFF);
    // A message may be under way still.
    let off = folder.log().len();
    let then = count("primary");
    wait("the other goes on", || (count("primary") >= then + 2).then_some(()), || folder.log());
    let since = &folder.log()[off..];
    assert!(since.matches("Sending auto-refresh message to account: my-account").count() <= 1, "{since}");
    assert_eq!(serving.account("my-account")["autoRefreshEnabled"], false);
}

/// "Account not being refreshed when window resets": the three checks find the three reasons.
#[test]
fn the_checks_of_an_account_that_is_not_refreshed_find_why() {
    let scenario = format!("{SHORT}\n[[accounts]]\nname = \"console\"\nprovider = \"claude-console-api\"\n");
    let folder = Folder::with(&scenario);
    let serving = folder.serve(&[]);
    serving.post(&serving.path("primary", "pause"), "");
    for name in ["my-account", "primary"] {
        serving.post(&serving.path(name, "auto-refresh"), ON);
    }
    let (status, _) = serving.ask("POST", &serving.path("console", "auto-refresh"), ON);
    assert_eq!(status, 400, "it is offered for some providers only");
    let refreshed = || folder.log().matches("sent successfully for account: my-account").count();
    wait("windows end, and another's is refreshed", || (refreshed() >= 3).then_some(()), || folder.log());
    for (name, field, value) in [
        ("spare", "autoRefreshEnabled", json!(false)),
        ("console", "provider", json!("claude-console-api")),
        ("primary", "paused", json!(true)),
    ] {
        assert_eq!(serving.account(name)[field], value, "{name}");
        assert!(!folder.log().contains(&format!("account: {name}")), "{}", folder.log());
    }
    // It was the pause: without it the account is refreshed.
    serving.post(&serving.path("primary", "resume"), "");
    folder.wait_for("the other", |l| l.ends_with("sent successfully for account: primary"));
}

#[test]
fn a_custom_endpoint_on_this_machine_gets_the_message() {
    let folder = Folder::with(SHORT);
    let serving = folder.serve(&[]);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}/v1/messages", listener.local_addr().expect("its address"));
    let body = json!({ "customEndpoint": endpoint }).to_string();
    serving.post(&serving.path("my-account", "custom-endpoint"), &body);
    serving.post(&serving.path("my-account", "auto-refresh"), ON);
    let (mut socket, _) = listener.accept().expect("the message");
    let mut reader = BufReader::new(socket.try_clone().expect("a second handle"));
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let start = head.len();
        assert!(reader.read_line(&mut head).expect("a line") > 0, "{head}");
        if let Some(text) = head[start..].to_ascii_lowercase().strip_prefix("content-length: ") {
            length = text.trim_end().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    assert!(head.starts_with("POST /v1/messages HTTP/1.1\r\n"), "{head}");
    let message: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(message["max_tokens"], 10);
    let sentences = [
        "Write a hello world program in Python",
        "What is 2+2?",
        "Tell me a programmer joke",
        "What is the capital of France?",
        "Explain recursion in one sentence",
    ];
    assert!(sentences.contains(&message["messages"][0]["content"].as_str().expect("text")), "{message}");
    let answer =
        "HTTP/1.1 200 OK\r\nanthropic-ratelimit-unified-reset: 4102444800\r\nContent-Length: 2\r\n\r\n{}";
    socket.write_all(answer.as_bytes()).expect("answered");
    serving.wait_for("Updated rate_limit_reset for my-account to 2100-01-01T00:00:00.000Z");
    assert_eq!(serving.account("my-account")["rateLimitReset"], "2100-01-01T00:00:00.000Z");
}

#[test]
fn a_custom_endpoint_elsewhere_fails_with_its_reason() {
    let folder = Folder::with(SHORT);
    let serving = folder.serve(&[]);
    let endpoint = "https://custom.api.endpoint/v1/messages";
    serving.post(
        &serving.path("my-account", "custom-endpoint"),
        &json!({ "customEndpoint": endpoint }).to_string(),
    );
    serving.post(&serving.path("my-account", "auto-refresh"), ON);
    folder.wait_for("the failure", |l| {
        l == "[ERROR] Auto-refresh message failed for account my-account: 503 Service Unavailable"
    });
    folder.wait_for("its reason", |l| {
        l.starts_with(&format!("[ERROR] Error: nothing was sent to {endpoint}: "))
            && l.ends_with("loopback only")
    });
    assert_eq!(serving.account("my-account")["customEndpoint"], endpoint, "it stays as it was set");
}

/// "Monitor detailed logs" looks for `(Auto-refresh|AutoRefreshScheduler)`.
#[test]
fn the_debug_level_shows_why_nothing_is_refreshed() {
    let folder = Folder::with(SHORT);
    let serving = folder.serve(&["--log-level", "DEBUG"]);
    let found = |l: &str| {
        l.starts_with("[DEBUG] ") && (l.contains("Auto-refresh") || l.contains("AutoRefreshScheduler"))
    };
    folder.wait_for("a line that the guide's search finds", found);
    folder.wait_for("a reason", |l| l == "[DEBUG] Skipping account: my-account: auto-refresh is off");
    drop(serving);
    let quiet = Folder::with(SHORT);
    let serving = quiet.serve(&[]);
    serving.post(&serving.path("my-account", "auto-refresh"), ON);
    quiet.wait_for("a refresh", |l| l.contains("sent successfully"));
    assert!(!quiet.log().contains("[DEBUG]"), "{}", quiet.log());
}

#[test]
fn the_log_is_written_in_the_guides_six_patterns() {
    let mut scenario = SHORT.replace("window = 1", "window = 18000");
    for name in ["my-account", "primary"] {
        let entry = format!("name = \"{name}\"\nauto_refresh = true");
        scenario = scenario.replace(&format!("name = \"{name}\""), &entry);
    }
    let scenario = scenario.replace("resets_in = 1.5", "mode = \"limited\"\nresets_in = -1");
    let folder = Folder::with(&scenario);
    let serving = folder.serve(&["--tick", "0.5"]);
    let failure = "[ERROR] Auto-refresh message failed for account primary: 429 Too Many Requests";
    folder.wait_for("the failure", |l| l == failure);
    let log = folder.log();
    let told = serving.account("my-account")["rateLimitReset"].as_str().expect("a time").to_owned();
    assert_eq!(
        log.lines().collect::<Vec<_>>(),
        [
            "[INFO] Starting auto-refresh scheduler",
            "[INFO] Found 2 account(s) with reset windows for auto-refresh",
            "[INFO] Sending auto-refresh message to account: my-account",
            "[INFO] Auto-refresh message sent successfully for account: my-account",
            &format!("[INFO] Updated rate_limit_reset for my-account to {told}"),
            "[INFO] Sending auto-refresh message to account: primary",
            failure,
        ]
    );
    // The guide's two searches.
    assert!(matches(failure, "Auto-refresh", "failed"));
    let found: Vec<&str> = log.lines().filter(|l| matches(l, "Auto-refresh", "failed")).collect();
    assert_eq!(found, [failure], "and nothing else raises its alarm");
    assert_eq!(log.lines().filter(|l| l.contains("Auto-refresh")).count(), 2);
    // The same as records, for whoever reads JSON.
    let json = std::fs::read_to_string(folder.logs().join("app.log")).expect("text");
    let records: Vec<Value> = json.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(records.len(), 7);
    assert_eq!((&records[6]["level"], &records[6]["msg"]), (&json!("ERROR"), &json!(failure[8..])));
    assert_eq!(serving.get("/api/logs/history"), json!(records));
}

/// A file of eleven mebibytes is begun anew at the start, and a deleted folder is made again.
#[test]
fn the_log_outlives_its_files() {
    let folder = Folder::with(SHORT);
    std::fs::create_dir_all(folder.logs()).expect("a folder");
    for name in ["app.log", "better-ccflare.log"] {
        std::fs::write(folder.logs().join(name), "x".repeat(11 << 20)).expect("written");
    }
    let serving = folder.serve(&[]);
    folder.wait_for("the start", |l| l == "[INFO] Starting auto-refresh scheduler");
    for name in ["app.log", "better-ccflare.log"] {
        assert!(std::fs::metadata(folder.logs().join(name)).expect("it is there").len() < 1 << 20, "{name}");
    }
    serving.post(&serving.path("primary", "auto-refresh"), ON);
    folder.wait_for("a refresh", |l| l.contains("sent successfully"));
    // At one blow, or a file could come in between.
    let gone = folder.0.path().join("gone");
    std::fs::rename(folder.logs(), &gone).expect("moved away");
    std::fs::remove_dir_all(&gone).expect("deleted");
    folder.wait_for("a refresh after that", |l| l.contains("sent successfully"));
    assert!(folder.logs().join("app.log").exists());
    assert_eq!(serving.said(), "", "nothing was wrong");
}

/// Where the files cannot be written, the server goes on, and says so once in its log and on standard error.
#[test]
fn a_folder_that_cannot_be_written_is_told_once() {
    let folder = Folder::with(SHORT);
    let serving = folder.serve(&[]);
    folder.wait_for("the start", |l| l == "[INFO] Starting auto-refresh scheduler");
    std::fs::remove_dir_all(folder.logs()).expect("deleted");
    std::fs::write(folder.logs(), "a file in its place").expect("written");
    serving.post(&serving.path("primary", "auto-refresh"), ON);
    let sent = || serving.log().iter().filter(|l| l.contains("sent successfully")).count();
    wait("refreshes", || (sent() >= 2).then_some(()), || serving.log().join("\n"));
    let told: Vec<String> = serving.log().into_iter().filter(|l| l.contains("cannot be written")).collect();
    let [told] = told.as_slice() else { panic!("{told:?}") };
    let place = folder.logs().display().to_string();
    assert!(told.starts_with(&format!("The log files in {place} cannot be written: ")), "{told}");
    assert_eq!(serving.said().matches(told.as_str()).count(), 1, "{}", serving.said());
    assert_eq!(serving.said().lines().count(), 1, "{}", serving.said());
    std::fs::remove_file(folder.logs()).expect("deleted");
    folder.wait_for("it goes on", |l| l.contains("sent successfully"));
}

#[test]
fn the_programs_own_log_is_kept_while_it_serves() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("own.log");
    let serving = Serving::start(&["--log", log.to_str().expect("a path")]);
    let read = || std::fs::read_to_string(&log).unwrap_or_default();
    assert!(read().contains("flaretop starts"), "{}", read());
    drop(serving);
}
