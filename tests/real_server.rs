//! The built program against the real server, npm `better-ccflare`, with made-up accounts and a made-up provider on loopback.
//!
//! `tests/real-server/real-server` installs and starts it; `.ci/run` runs these tests. The server's scheduler looks once a
//! minute, so each test is a story over one start of it.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test says what it expects")]

#[expect(dead_code, reason = "the server in the same process is for the other tests")]
mod support;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use support::now;
use support::once::run;
use support::screen::Shot;
use support::term::{Launch, Term};
use tempfile::TempDir;

/// A tick comes once a minute, and the accounts that are due are taken one after another.
const TICK: Duration = Duration::from_secs(100);

/// The real server, running. It is ended when this is dropped.
struct Real {
    home: TempDir,
    url: String,
}

impl Real {
    /// Starts it with these options.
    fn start(options: &[&str]) -> Self {
        let home = TempDir::new().expect("a directory");
        let mut real = Self { home, url: String::new() };
        real.script(&[&["start"], options].concat()).trim().clone_into(&mut real.url);
        real
    }

    fn directory(&self) -> PathBuf {
        self.home.path().join("run")
    }

    /// Runs the script, and gives what it prints.
    fn script(&self, words: &[&str]) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real-server/real-server");
        let mut command = Command::new("python3");
        command.arg(script).args(words).arg("--dir").arg(self.directory());
        let output = command.stdin(Stdio::null()).output().expect("python3 runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The list, asked for without the program.
    fn accounts(&self) -> Vec<Value> {
        let list = get(&format!("{}/api/accounts", self.url));
        list.as_array().expect("a list").clone()
    }

    /// One account of the list.
    fn account(&self, name: &str) -> Value {
        let mut list = self.accounts().into_iter();
        list.find(|a| a["name"] == name).expect("an account of that name")
    }

    /// The messages of the server's log so far.
    fn log(&self) -> Vec<String> {
        let text = self.script(&["log"]);
        let records = text.lines().filter_map(|l| serde_json::from_str::<Value>(l).ok());
        records.filter_map(|r| r["msg"].as_str().map(str::to_owned)).collect()
    }

    /// What the made-up provider was asked for: how often, by account and purpose.
    fn hits(&self) -> BTreeMap<String, u64> {
        let state = std::fs::read_to_string(self.directory().join("state.json")).expect("the script's notes");
        let state: Value = serde_json::from_str(&state).expect("JSON");
        let hits = get(&format!("http://127.0.0.1:{}/__hits", state["upstream_port"]));
        let hits = hits.as_object().expect("an object");
        hits.iter().map(|(k, v)| (k.clone(), v["count"].as_u64().expect("a count"))).collect()
    }

    /// How often the server tried to refresh each account, by its log.
    fn attempts(&self) -> BTreeMap<String, u64> {
        let mut attempts: BTreeMap<String, u64> = BTreeMap::new();
        for message in self.log() {
            if let Some(rest) = message.strip_prefix("Attempting auto-refresh for ") {
                let name = rest.split(" with model: ").next().unwrap_or_default();
                *attempts.entry(name.to_owned()).or_default() += 1;
            }
        }
        attempts
    }

    /// The requests to the made-up provider that were made with an account's credentials, by account.
    fn messages(&self) -> BTreeMap<String, u64> {
        // Reading usage and prices, renewing tokens and asking for the newest version are the server's own.
        let prices = "unknown:nano-gpt.com/api/v1/models";
        let own = |what: &str| {
            what == prices || ["usage:", "oauth:", "connect:"].iter().any(|p| what.starts_with(p))
        };
        self.hits().into_iter().filter(|(what, _)| !own(what)).collect()
    }

    /// Fails if the provider was asked for anything that the server does not do by itself: then requests of the program's were
    /// forwarded with an account's credentials.
    fn assert_nothing_was_forwarded(&self) {
        let mut attempts = self.attempts();
        let mut explained: BTreeMap<String, u64> = BTreeMap::new();
        for account in self.accounts() {
            let (name, endpoint) = (account["name"].as_str(), account["customEndpoint"].as_str());
            let slug = endpoint.and_then(|e| e.split_once("/u/")).map(|(_, slug)| slug);
            if let (Some(name), Some(slug)) = (name, slug)
                && let Some(count) = attempts.remove(name)
            {
                explained.insert(slug.to_owned(), count);
            }
        }
        assert!(attempts.is_empty(), "refreshes of unknown accounts: {attempts:?}");
        assert!(!explained.is_empty(), "no refresh at all: nothing was tested");
        assert_eq!(self.messages(), explained, "the provider got requests that no refresh explains");
    }

    /// The same where the list cannot be had here, or refreshes do not reach the provider: never more than were tried.
    fn assert_no_more_than_was_tried(&self) {
        let (messages, attempts) = (self.messages(), self.attempts());
        assert!(
            messages.values().sum::<u64>() <= attempts.values().sum(),
            "{messages:?}, and tried {attempts:?}"
        );
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real-server/real-server");
        let mut command = Command::new("python3");
        command.arg(script).args(["stop", "--dir"]).arg(self.directory());
        let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// JSON from an address on loopback.
fn get(url: &str) -> Value {
    let rest = url.strip_prefix("http://").expect("an http address");
    let (host, path) = rest.split_once('/').expect("a path");
    let mut socket = TcpStream::connect(host).expect("a connection");
    write!(socket, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("a request");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    serde_json::from_str(body).expect("JSON")
}

/// A dashboard on a screen that has room for all accounts.
fn dashboard(options: &[&str]) -> Launch {
    Launch::new(&[&["--interval", "1"], options].concat()).size(200, 70)
}

fn wait_tick(term: &mut Term, what: &str, shows: impl Fn(&Shot) -> bool) -> Shot {
    term.wait_longer(TICK, what, shows)
}

/// True where an event of the account says these words.
fn event(shot: &Shot, name: &str, words: &str) -> bool {
    let events = shot.lines().into_iter().skip_while(|l| !l.contains("4 Events"));
    events.into_iter().any(|l| l.contains(name) && l.contains(words))
}

#[test]
#[ignore = "needs node, npm and python3; run by .ci/run"]
fn accounts_refreshes_failures_and_restarts_of_a_real_server() {
    let real = Real::start(&["--reset-in", "20"]);
    let mut term = dashboard(&[&real.url]).start();
    term.wait_for("the list", |shot| shot.has(" live") && shot.has("/27 usable"));

    the_states_are_those_of_the_contract(&mut term);
    a_countdown_falls(&mut term);
    a_switch_is_set_and_set_back(&real, &mut term);
    values_are_set_and_taken_back_and_a_limit_is_cleared(&real, &mut term);
    a_tick_brings_refreshes_and_failures(&real, &mut term);
    a_frozen_server_and_a_killed_one_come_back(&real, &mut term);

    term.keys("q");
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    end.assert_restored();
    real.assert_nothing_was_forwarded();
}

fn the_states_are_those_of_the_contract(term: &mut Term) {
    for (name, auto, state) in [
        ("active-window", "on", "ready"),
        ("expired-refresh-off", "off", "over"),
        ("never-used", "off", "unused"),
        ("reauth-soon", "off", "unused"),
        ("paused-manual", "on", "paused"),
        ("paused-threshold", "on", "paused"),
        ("paused-overage", "off", "paused"),
        ("rate-limited", "on", "cooling"),
        ("rate-limited-no-status", "off", "cooling"),
        ("custom-endpoint", "on", "warning"),
        ("codex-main", "on", "ready"),
        ("zai-coding", "on", "ready"),
        ("zai-peak-paused", "off", "paused"),
        ("token-missing", "off", "SIGN-IN"),
        ("token-expired", "off", "SIGN-IN"),
        ("anthropic-compat", "n/a", "ready"),
        ("bedrock-eu", "n/a", "ready"),
        ("console-api-key", "n/a", "ready"),
        ("kilo-1", "n/a", "ready"),
        ("minimax-1", "n/a", "ready"),
        ("nanogpt-1", "n/a", "ready"),
        ("openai-compat", "n/a", "ready"),
    ] {
        term.wait_for(&format!("{name} is {auto} and {state}"), |shot| {
            shot.shows(name, "AUTO", auto) && shot.shows(name, "STATE", state)
        });
    }
    let shot = term.shot();
    assert!(shot.has("réseau 北京") && shot.has("team 🚀") && shot.has("quarterly-"), "{shot}");
    // The server refreshed these two while it started.
    for (name, shown) in
        [("expired-window", "expired-window"), ("paused-overage-refreshable", "paused-overage")]
    {
        term.wait_for(&format!("the refresh of {name}"), |shot| {
            shot.shows(name, "AUTO", "on") && event(shot, shown, "new window")
        });
    }
}

fn a_countdown_falls(term: &mut Term) {
    let first = term.shot().seconds_left("codex-main").expect("a countdown");
    term.wait_for("a smaller countdown", |shot| {
        shot.seconds_left("codex-main").is_some_and(|left| left <= first - 2)
    });
}

/// Moves to an account.
fn select(term: &mut Term, name: &str) {
    term.keys("g");
    let selected = |shot: &Shot| shot.row(name).is_some_and(|y| shot.line(y).contains('▸'));
    for _ in 0..40 {
        if selected(&term.shot()) {
            return;
        }
        let before = marked(&term.shot());
        term.keys("j");
        term.wait_for("the selection moves", |shot| marked(shot) != before);
    }
    term.wait_for(&format!("{name} is selected"), selected);
}

/// The line of the selected account.
fn marked(shot: &Shot) -> Option<usize> {
    (2..shot.rows.len()).find(|y| shot.line(*y).contains('▸'))
}

fn a_switch_is_set_and_set_back(real: &Real, term: &mut Term) {
    let name = "never-used";
    assert_eq!(real.account(name)["autoRefreshEnabled"], false);
    select(term, name);
    term.keys("space");
    term.wait_for_cell(name, "AUTO", "on");
    assert_eq!(real.account(name)["autoRefreshEnabled"], true);
    std::thread::sleep(Duration::from_millis(900)); // a second press that is nobody's repeat
    term.keys("space");
    term.wait_for_cell(name, "AUTO", "off");
    assert_eq!(real.account(name)["autoRefreshEnabled"], false);

    assert_eq!(real.account(name)["autoFallbackEnabled"], false);
    term.keys("f");
    term.wait_for_cell(name, "FALL", "on");
    assert_eq!(real.account(name)["autoFallbackEnabled"], true);

    term.keys("p");
    term.wait_for_cell(name, "STATE", "paused");
    assert_eq!(real.account(name)["paused"], true);
    std::thread::sleep(Duration::from_millis(900));
    term.keys("p");
    term.wait_for_cell(name, "STATE", "unused");
    assert_eq!(real.account(name)["paused"], false);
}

/// Of accounts that are not refreshed, so that no tick comes of it.
fn values_are_set_and_taken_back_and_a_limit_is_cleared(real: &Real, term: &mut Term) {
    let name = "reauth-soon";
    let (priority, endpoint) =
        (real.account(name)["priority"].clone(), real.account(name)["customEndpoint"].clone());
    select(term, name);
    term.keys("P");
    term.wait_for_text(&format!("priority of {name}:"));
    term.keys("ctrl-u 9 7 enter");
    term.wait_for_cell(name, "PRI", "97");
    assert_eq!(real.account(name)["priority"], 97);
    term.keys("e");
    term.wait_for_text(&format!("endpoint of {name}:"));
    term.keys("ctrl-u");
    term.send(b"\x1b[200~http://127.0.0.1:1/elsewhere?a=%20\x1b[201~");
    term.keys("enter");
    term.wait_for_words("endpoint http://127.0.0.1:1/elsewhere?a=%20");
    term.wait_for("both are confirmed", |shot| {
        let own: Vec<String> =
            shot.lines().into_iter().filter(|l| l.contains("YOU") && l.contains(name)).collect();
        own.len() == 2 && own.iter().all(|l| l.contains("confirmed"))
    });
    assert_eq!(real.account(name)["customEndpoint"], "http://127.0.0.1:1/elsewhere?a=%20");
    term.keys("u");
    term.wait_for_words("again (was http://127.0.0.1:1/elsewhere?a=%20)");
    let (begun, patience) = (now(), Duration::from_secs(10));
    while real.account(name)["customEndpoint"] != endpoint {
        assert!(begun.elapsed() < patience, "the endpoint is as it was: {}", real.account(name));
    }
    std::thread::sleep(Duration::from_millis(900)); // a press that is nobody's repeat
    term.keys("u");
    term.wait_for_cell(name, "PRI", &priority.to_string());
    assert_eq!(real.account(name)["priority"], priority);
    let shot = term.shot();
    assert!(!shot.lines().iter().any(|l| l.contains("SEEN") && l.contains(name)), "{shot}");

    let name = "rate-limited-no-status";
    select(term, name);
    term.keys("X");
    term.wait_for_text(&format!("Clear the limit of {name}?"));
    term.keys("y");
    term.wait_for_cell(name, "STATE", "unused");
    let account = real.account(name);
    assert_eq!((&account["rateLimitedUntil"], &account["rateLimitReset"]), (&Value::Null, &Value::Null));
}

/// Every outcome at one tick: a refresh that succeeds, and one refused in each way, each told as what it was and not as the
/// `503` that the server's own line has for most of them.
fn a_tick_brings_refreshes_and_failures(real: &Real, term: &mut Term) {
    let due = "rate_limit_reset=now-1000";
    real.script(&["upstream", "custom", "429", "reset_in=600"]);
    real.script(&["upstream", "never", "401"]);
    real.script(&["upstream", "limited", "500"]);
    real.script(&["upstream", "expired-off", "529"]);
    real.script(&["set", "custom-endpoint", due]);
    real.script(&["set", "rate-limited", due, "rate_limited_until=null"]);
    real.script(&["set", "never-used", due, "auto_refresh_enabled=1"]);
    real.script(&["set", "expired-refresh-off", "auto_refresh_enabled=1"]);
    real.script(&["set", "active-window", due]);
    term.wait_for_cell("active-window", "STATE", "DUE");
    term.wait_for_cell("active-window", "NEXT REFRESH", "next tick");

    let shot =
        wait_tick(term, "the refresh of active-window", |shot| event(shot, "active-window", "new window"));
    assert!(shot.has("following"), "{shot}");
    // The made-up provider's windows last 20 seconds.
    term.wait_for("the new countdown", |shot| {
        shot.seconds_left("active-window").is_some_and(|left| (1..=20).contains(&left))
    });
    for (name, words) in [
        ("custom-endpoint", "429"),
        ("never-used", "401 Unauthorized"),
        ("rate-limited", "500 Internal Server Error"),
        ("expired-refresh-off", "529"),
    ] {
        wait_tick(term, &format!("{words} for {name}"), |shot| {
            let lines = shot.lines();
            lines.iter().any(|l| l.contains(name) && l.contains("refresh failed") && l.contains(words))
        });
    }
    term.wait_for_cell("custom-endpoint", "STATE", "cooling");
    term.wait_for("the cooldown", |shot| {
        shot.cell("custom-endpoint", "RESETS IN").is_some_and(|c| c.starts_with("cd "))
    });
    for slug in ["custom", "never", "limited", "expired-off"] {
        real.script(&["upstream", slug, "ok"]);
    }
}

fn a_frozen_server_and_a_killed_one_come_back(real: &Real, term: &mut Term) {
    real.script(&["freeze"]);
    term.wait_for_text("last data");
    term.keys("?");
    term.wait_for_text("Help");
    term.keys("esc");
    real.script(&["thaw"]);
    term.wait_for("all is well again", |shot| shot.has(" live") && !shot.has("last data"));

    real.script(&["kill"]);
    let shot = term.wait_for_text("LOST");
    assert!(shot.row("active-window").is_some(), "{shot}");
    real.script(&["restart"]);
    term.wait_for("all is well again", |shot| shot.has(" live") && shot.has("following"));
    // Its log is the same file, and it says that it started.
    term.wait_for("the start is among the events", |shot| event(shot, "server", "scheduler started"));
}

#[test]
#[ignore = "needs node, npm and python3; run by .ci/run"]
fn a_real_server_with_keys_lets_in_who_has_one() {
    let real = Real::start(&["--reset-in", "600", "--api-key"]);
    let (admin, client) = (real.script(&["key"]), real.script(&["key", "client"]));
    let (admin, client) = (admin.trim(), client.trim());

    let mut term = dashboard(&[&real.url]).start();
    let shot = term.wait_for_words("This server wants an API key");
    assert!(shot.has("FLARETOP_API_KEY"), "{shot}");
    drop(term);

    let mut term = dashboard(&[&real.url]).env("FLARETOP_API_KEY", client).start();
    let shot = term.wait_for_words("has no access to the dashboard");
    assert!(shot.says("--generate-api-key NAME --admin"), "{shot}");
    drop(term);

    let mut term = dashboard(&[&real.url]).env("FLARETOP_API_KEY", "btr-not-a-key").start();
    term.wait_for_words("does not know the API key");
    drop(term);

    let mut term = dashboard(&[&real.url]).env("FLARETOP_API_KEY", admin).start();
    term.wait_for("the list", |shot| shot.has(" live") && shot.row("active-window").is_some());
    term.wait_for_text("following");
    // With keys on, this version fails its refreshes at its own door and switches them off; that is no expired sign-in.
    term.wait_for_cell("expired-window", "AUTO", "off!");
    let shot = term.wait_for("expired-window is over", |shot| shot.shows("expired-window", "STATE", "over"));
    assert!(!shot.has(admin), "{shot}");
    select(&mut term, "paused-manual");
    term.keys("space");
    term.wait_for_cell("paused-manual", "AUTO", "off");
    term.keys("q");
    let end = term.wait_for_end();
    end.assert_restored();
    assert!(!String::from_utf8_lossy(&end.raw).contains(admin), "the key is never shown");

    let refused = run(&[&real.url], &[]);
    assert_eq!(refused.code, Some(3), "{refused:?}");
    let printed = run(&[&real.url], &[("FLARETOP_API_KEY", admin)]);
    assert_eq!(printed.code, Some(4), "token-missing needs a person: {printed:?}");
    assert!(printed.out.contains("active-window"), "{}", printed.out);
    real.assert_no_more_than_was_tried();
}

#[test]
#[ignore = "needs node, npm and python3; run by .ci/run"]
fn a_real_server_with_tls_is_trusted_through_its_ca() {
    let real = Real::start(&["--reset-in", "600", "--tls"]);
    let ca = real.script(&["ca"]);

    let mut term = dashboard(&[&real.url]).start();
    let shot = term.wait_for_words("certificate not accepted");
    assert!(shot.has("--ca-cert"), "{shot}");
    drop(term);

    let mut term = dashboard(&["--ca-cert", ca.trim(), &real.url]).start();
    term.wait_for("the list", |shot| shot.has(" live") && shot.row("active-window").is_some());
    term.wait_for_text("following");
    select(&mut term, "never-used");
    term.keys("space");
    term.wait_for_cell("never-used", "AUTO", "on");
    drop(term);

    let plain = real.url.replace("https://", "http://");
    let mut term = dashboard(&[&plain]).start();
    term.wait_for_words("Does this port want https:// instead of http://");
    real.assert_no_more_than_was_tried();
}

#[test]
#[ignore = "needs node, npm and python3; run by .ci/run"]
fn a_real_server_with_a_thousand_accounts_is_shown() {
    let real = Real::start(&["--seed", "many:1000"]);
    let began = now();
    let mut term = dashboard(&[&real.url]).start();
    term.wait_for("the list", |shot| shot.has(" live") && shot.has("of 1000"));
    term.keys("G");
    term.wait_for("the last rows", |shot| shot.has("-1000 of 1000"));
    assert_eq!(real.messages(), BTreeMap::new(), "nothing is due, and nothing is asked for");
    term.keys("q");
    assert_eq!(term.wait_for_end().code, 0, "after {:?}", began.elapsed());
}
