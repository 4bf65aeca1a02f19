//! The built program against the real server, npm `better-ccflare`, with made-up accounts and a made-up provider on loopback.
//!
//! `tests/real-server/real-server` installs and starts it; `.ci/run` runs these tests. The server's scheduler looks once a
//! minute, so each test is a story over one start of it. The longest one is [`flows`], which `tests/flows.rs` tells on the embedded
//! server too.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects"
)]

#[path = "flows/mod.rs"]
mod flows;
#[expect(dead_code, reason = "the server in the same process is for the other tests")]
mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flows::story::select;
use flows::{ACCOUNTS, Answer, Backend, WINDOW, ask};
use serde_json::{Value, json};
use support::now;
use support::once::run;
use support::term::Launch;
use tempfile::TempDir;

/// How the lines begin in which the server tells of prices, of its speed, and of usage that it reads from time to time.
const OWN_AFFAIRS: [&str; 7] = [
    "Failed to fetch NanoGPT pricing data",
    "Failed to fetch fresh NanoGPT pricing data",
    "Failed to fetch pricing data",
    "Token/s calculation",
    "Token provider failed for account ",
    "Usage poll backoff for account ",
    "Usage window reset detected for account ",
];

/// The real server, running. It is ended when this is dropped.
struct Real {
    home: TempDir,
    url: String,
}

impl Real {
    /// Starts it with these options.
    fn start(options: &[&str]) -> Self {
        Self::start_in(TempDir::new().expect("a directory"), options)
    }

    /// Starts it with the accounts of the story.
    fn with_the_story() -> Self {
        let home = TempDir::new().expect("a directory");
        let seed = home.path().join("accounts.json");
        std::fs::write(&seed, ACCOUNTS).expect("the accounts are written");
        let window = WINDOW.to_string();
        let seed = seed.to_str().expect("a path").to_owned();
        Self::start_in(home, &["--seed", &seed, "--reset-in", &window])
    }

    fn start_in(home: TempDir, options: &[&str]) -> Self {
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

    /// The address of the made-up provider.
    fn provider(&self) -> String {
        let state = std::fs::read_to_string(self.directory().join("state.json")).expect("the script's notes");
        let state: Value = serde_json::from_str(&state).expect("JSON");
        format!("http://127.0.0.1:{}", state["upstream_port"])
    }

    /// The requests to the made-up provider that were made with an account's credentials: how often, by the account's slug.
    fn messages(&self) -> BTreeMap<String, u64> {
        // Reading usage and prices, renewing tokens and asking for the newest version are the server's own.
        let prices = ["unknown:nano-gpt.com/api/v1/models", "unknown:models.dev/api.json"];
        let own = |what: &str| {
            prices.contains(&what) || ["usage:", "oauth:", "connect:"].iter().any(|p| what.starts_with(p))
        };
        let hits = ask("GET", &format!("{}/__hits", self.provider()), "");
        let hits = hits.as_object().expect("an object").iter().filter(|(what, _)| !own(what));
        hits.map(|(what, v)| (what.clone(), v["count"].as_u64().expect("a count"))).collect()
    }

    /// Fails if the provider was asked for more than the log tells of, where the list cannot be had here or refreshes do not
    /// reach the provider.
    fn assert_no_more_than_was_tried(&self) {
        let (messages, server): (_, &dyn Backend) = (self.messages(), self);
        let sent = server.sent();
        assert!(messages.values().sum::<u64>() <= sent.values().sum(), "{messages:?}, and tried {sent:?}");
    }
}

impl Backend for Real {
    fn url(&self) -> String {
        self.url.clone()
    }

    fn log_file(&self) -> PathBuf {
        self.directory().join("logs/app.log")
    }

    fn tick(&self) {
        // It looks once a minute, and cannot be told to.
    }

    fn set(&self, names: &[&str], column: &str, value: &Value) {
        let value = value.as_str().expect("a time from now");
        self.script(&["set", &names.join(","), &format!("{column}=now{value}")]);
    }

    fn answer(&self, name: &str, answer: Answer) {
        let mut rule = match answer {
            Answer::Ok => json!({"mode": "ok"}),
            Answer::NoReset => json!({"mode": "ok-noreset"}),
            Answer::Nonsense => json!({"mode": "ok", "reset_raw": "soon"}),
            Answer::LimitedWord => json!({"mode": "ok", "status": "rate_limited"}),
            Answer::Unauthorized => json!({"mode": "401"}),
            Answer::Forbidden => json!({"mode": "403"}),
            Answer::NotFound => json!({"mode": "404"}),
            Answer::Limited => json!({"mode": "429"}),
            Answer::LimitedNoReset => json!({"mode": "429-noreset"}),
            Answer::ServerError => json!({"mode": "500"}),
            Answer::Overloaded => json!({"mode": "529"}),
            Answer::Closed => json!({"mode": "close"}),
        };
        rule["slug"] = slugs().into_iter().find(|(_, known)| known == name).expect("an account").0.into();
        ask("POST", &format!("{}/__control", self.provider()), &rule.to_string());
    }

    fn freeze(&self) {
        self.script(&["freeze"]);
    }

    fn thaw(&self) {
        self.script(&["thaw"]);
    }

    fn stop(&self) {
        self.script(&["kill"]);
    }

    fn start(&self) {
        self.script(&["restart"]);
    }

    fn asked(&self) -> BTreeMap<String, u64> {
        let names = slugs();
        let name = |slug: String| names.get(&slug).cloned().unwrap_or(slug);
        self.messages().into_iter().map(|(slug, count)| (name(slug), count)).collect()
    }

    fn state_of_token_expired(&self) -> &'static str {
        // Reading usage needs a renewed token, so that its refusal is in the log.
        "SIGN-IN"
    }

    fn is_own_affair(&self, message: &str) -> bool {
        // Reading usage tries to renew tokens, where nothing is refreshed.
        message.contains("token-expired") || OWN_AFFAIRS.iter().any(|begin| message.starts_with(begin))
    }

    fn records(&self) -> bool {
        std::env::var_os("FLOWS_RECORD").is_some()
    }
}

/// The names of the story's accounts by the words under which the provider knows them.
fn slugs() -> BTreeMap<String, String> {
    let seeds: Vec<Value> = serde_json::from_str(ACCOUNTS).expect("JSON");
    let text = |seed: &Value, key: &str| seed[key].as_str().expect("a text").to_owned();
    seeds.iter().map(|seed| (text(seed, "slug"), text(seed, "name"))).collect()
}

impl Drop for Real {
    fn drop(&mut self) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real-server/real-server");
        let mut command = Command::new("python3");
        command.arg(script).args(["stop", "--dir"]).arg(self.directory());
        let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// A dashboard on a screen that has room for all accounts.
fn dashboard(options: &[&str]) -> Launch {
    Launch::new(&[&["--interval", "1"], options].concat()).size(200, 70)
}

#[test]
#[ignore = "needs node, npm and python3; run by .ci/run"]
fn the_dashboard_story_on_a_real_server() {
    flows::story::tell(&Real::with_the_story());
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
