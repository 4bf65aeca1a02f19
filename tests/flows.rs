//! The story of the dashboard on the embedded server. `tests/real_server.rs` tells the same one on the real server.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects"
)]

#[path = "flows/mod.rs"]
mod flows;
#[expect(dead_code, reason = "the server with other accounts is for the other tests")]
mod support;

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use flaretop::demo::Dialect;
use flaretop::demo::account::{Account, PauseReason};
use flaretop::demo::control::Control;
use flaretop::demo::files::Files;
use flaretop::demo::log::Level;
use flaretop::demo::provider::Mode;
use flaretop::demo::server::{Server, Setup};
use flaretop::demo::world::{Treatment, World};
use flaretop::runtime::clock;
use flows::{ACCOUNTS, Answer, Backend, WINDOW};
use serde_json::{Map, Value, json};
use support::wait;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The embedded server in a thread of its own. Its scheduler looks as it starts, and then when it is told to.
struct Embedded {
    control: Control,
    address: SocketAddr,
    ids: BTreeMap<String, String>,
    logs: TempDir,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Embedded {
    fn start() -> Self {
        let logs = TempDir::new().expect("a folder");
        let files = Files::open(logs.path(), Dialect::Observed).expect("a log");
        let world = world();
        let ids = world.accounts.iter().map(|a| (a.name.clone(), a.id.clone())).collect();
        let setup = Setup {
            world,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tick: Some(Duration::from_secs(3_600)),
            level: Level::Info,
            clock: clock::now,
            ahead: TimeDelta::zero(),
            outage: None,
            files: Some(files),
        };
        let (tell, told) = std::sync::mpsc::channel();
        let (end, ended) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let server = Server::start(setup).await.expect("a server");
                tell.send((server.address(), server.control())).expect("someone waits");
                let _ = ended.await;
            });
        });
        let (address, control) = told.recv().expect("a server");
        Self { control, address, ids, logs, end: Some(end), thread: Some(thread) }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        drop(self.end.take());
        let ended = self.thread.take().expect("it runs").join();
        assert!(ended.is_ok() || thread::panicking(), "the server ended well");
    }
}

/// The accounts of the story in a world.
fn world() -> World {
    let (seeds, now) = (serde_json::from_str::<Vec<Value>>(ACCOUNTS).expect("JSON"), clock::now());
    let mut world = World::new(Vec::new(), Dialect::Observed, 1);
    for (number, seed) in seeds.iter().enumerate() {
        let text = |key: &str| seed[key].as_str();
        let id = format!("00000000-0000-4000-8000-{number:012}");
        let name = text("name").expect("a name");
        let mut account = Account::new(&id, name, text("provider").unwrap_or("anthropic"), now);
        for (column, value) in seed.as_object().expect("columns") {
            if let Some((field, value)) = field(column, value, now) {
                account.set(field, value);
            }
        }
        account.pause_reason = seed["pause_reason"].as_str().map(|reason| match reason {
            "manual" => PauseReason::Manual,
            "overage" => PauseReason::Overage,
            "failure_threshold" => PauseReason::FailureThreshold,
            "peak_hours" => PauseReason::PeakHours,
            other => panic!("no account is paused for {other}"),
        });
        let mode = match text("slug").and_then(|slug| seed["upstream"][slug].as_str()) {
            None => Mode::Ok,
            Some("500") => Mode::ServerError,
            Some(other) => panic!("no seed begins with {other}"),
        };
        let window = TimeDelta::seconds(WINDOW);
        world.treatments.insert(id, Treatment { mode, window, ..Treatment::default() });
        world.accounts.push(account);
    }
    world
}

/// A column of the real server's database as a field of the list. None where the list says nothing of it.
fn field(column: &str, value: &Value, now: DateTime<Utc>) -> Option<(&'static str, Value)> {
    let relative = value.as_str().and_then(|text| text.parse().ok()).map(TimeDelta::milliseconds);
    let time =
        || relative.map_or(Value::Null, |by| json!((now + by).to_rfc3339_opts(SecondsFormat::Millis, true)));
    let millis = || relative.map_or(Value::Null, |by| json!((now + by).timestamp_millis()));
    let switch = || json!(value == 1);
    Some(match column {
        "priority" => ("priority", value.clone()),
        "request_count" => ("requestCount", value.clone()),
        "total_requests" => ("totalRequests", value.clone()),
        "session_request_count" => ("sessionInfo", json!(format!("Active: {value} reqs"))),
        "last_used" => ("lastUsed", time()),
        "created_at" => ("created", time()),
        "auto_refresh_enabled" => ("autoRefreshEnabled", switch()),
        "auto_fallback_enabled" => ("autoFallbackEnabled", switch()),
        "auto_pause_on_overage_enabled" => ("autoPauseOnOverageEnabled", switch()),
        "paused" => ("paused", switch()),
        "rate_limit_status" => ("rateLimitStatus", value.clone()),
        "rate_limit_remaining" => ("rateLimitRemaining", value.clone()),
        "rate_limit_reset" => ("rateLimitReset", time()),
        "rate_limited_until" => ("rateLimitedUntil", millis()),
        "rate_limited_at" => ("rateLimitedAt", millis()),
        "rate_limited_reason" => ("rateLimitedReason", value.clone()),
        "expires_at" => ("tokenExpiresAt", time()),
        "refresh_token" => ("hasRefreshToken", json!(value.as_str().is_some_and(|token| !token.is_empty()))),
        "custom_endpoint" => ("customEndpoint", value.clone()),
        "billing_type" => ("billingType", value.clone()),
        "name"
        | "slug"
        | "provider"
        | "upstream"
        | "pause_reason"
        | "session_start"
        | "access_token"
        | "api_key"
        | "refresh_token_issued_at"
        | "model_mappings"
        | "cross_region_mode" => return None,
        other => panic!("the embedded server knows no column {other}"),
    })
}

impl Backend for Embedded {
    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn log_file(&self) -> PathBuf {
        self.logs.path().join("app.log")
    }

    fn tick(&self) {
        self.control.check();
    }

    fn set(&self, names: &[&str], column: &str, value: &Value) {
        let (field, value) = field(column, value, clock::now()).expect("a field");
        let fields = Map::from_iter([(field.to_owned(), value)]);
        for name in names {
            assert!(self.control.set(&self.ids[*name], &fields), "{name} is there");
        }
    }

    fn answer(&self, name: &str, answer: Answer) {
        let mode = match answer {
            Answer::Ok => Mode::Ok,
            Answer::NoReset => Mode::NoReset,
            Answer::Nonsense => Mode::Nonsense,
            Answer::LimitedWord => Mode::LimitedWord,
            Answer::Unauthorized => Mode::Unauthorized,
            Answer::Forbidden => Mode::Forbidden,
            Answer::NotFound => Mode::NotFound,
            Answer::Limited => Mode::Limited,
            Answer::LimitedNoReset => Mode::LimitedNoReset,
            Answer::ServerError => Mode::ServerError,
            Answer::Overloaded => Mode::Overloaded,
            Answer::Closed => Mode::Close,
        };
        assert!(self.control.treat(&self.ids[name], |treatment| treatment.mode = mode), "{name} is there");
    }

    fn freeze(&self) {
        self.control.freeze();
    }

    fn thaw(&self) {
        self.control.thaw();
    }

    fn stop(&self) {
        self.control.stop();
        let refused = || TcpStream::connect(self.address).is_err().then_some(());
        wait("the server is away", refused, || self.address.to_string());
    }

    fn start(&self) {
        self.control.start();
    }

    fn asked(&self) -> BTreeMap<String, u64> {
        let asked = self.control.asked();
        let name =
            |id: &String| self.ids.iter().find(|(_, known)| *known == id).expect("an account").0.clone();
        asked.iter().map(|(id, count)| (name(id), *count)).collect()
    }

    fn state_of_token_expired(&self) -> &'static str {
        "unused"
    }

    fn is_own_affair(&self, _message: &str) -> bool {
        false
    }
}

#[test]
fn the_dashboard_story_on_the_embedded_server() {
    flows::story::tell(&Embedded::start());
}
