//! The embedded server over HTTP, as a stranger to it would ask it.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

#[path = "demo/control.rs"]
mod control;
#[path = "demo/recorded.rs"]
mod recorded;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use flaretop::demo::Dialect;
use flaretop::demo::account::Account;
use flaretop::demo::log::Level;
use flaretop::demo::provider::{Mode, PROMPTS};
use flaretop::demo::server::{Outage, Server, Setup, StartError};
use flaretop::demo::world::{Treatment, World};
use flaretop::runtime::clock;
use serde_json::{Value, json};

/// A server in a thread of its own.
struct Demo {
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

fn setup(world: World, listen: &str) -> Setup {
    Setup {
        world,
        listen: listen.parse().expect("an address"),
        tick: Some(Duration::from_millis(100)),
        level: Level::Info,
        clock: clock::now,
        ahead: chrono::TimeDelta::zero(),
        outage: None,
        files: None,
    }
}

impl Demo {
    fn start(world: World) -> Self {
        Self::with(setup(world, "127.0.0.1:0"))
    }

    fn with(setup: Setup) -> Self {
        let (tell, told) = std::sync::mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let server = Server::start(setup).await.expect("a server");
                tell.send(server.address()).expect("someone waits");
                let _ = stopped.await;
            });
        });
        let address = told.recv().expect("its address");
        Self { address, stop: Some(stop), thread: Some(thread) }
    }

    fn connect(&self, request: &str) -> BufReader<TcpStream> {
        let mut socket = TcpStream::connect(self.address).expect("a connection");
        socket.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        socket.write_all(request.as_bytes()).expect("sent");
        BufReader::new(socket)
    }

    /// Status, content type and body.
    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String, Value) {
        let length = body.len();
        let mut answer = String::new();
        self.connect(&format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
        .read_to_string(&mut answer)
        .expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        assert!(head.contains("\r\ndate: ") && head.contains("\r\ncontent-length: "), "{head}");
        let kind = head.split("content-type: ").nth(1).and_then(|t| t.lines().next()).unwrap_or_default();
        // HEAD is answered without a body.
        let json = if body.is_empty() { Value::Null } else { serde_json::from_str(body).expect("JSON") };
        (status, kind.to_owned(), json)
    }

    fn get(&self, path: &str) -> Value {
        self.ask("GET", path, "").2
    }

    fn log(&self) -> Vec<String> {
        let history = self.get("/api/logs/history");
        history
            .as_array()
            .expect("an array")
            .iter()
            .map(|r| r["msg"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Waits until the log holds a line with these words.
    fn wait_for(&self, words: &str) -> Vec<String> {
        for _ in 0..200 {
            let log = self.log();
            if log.iter().any(|line| line.contains(words)) {
                return log;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("`{words}` did not come: {:#?}", self.log());
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.stop.take());
        let thread = self.thread.take().expect("it runs");
        let ended = thread.join();
        assert!(ended.is_ok() || std::thread::panicking(), "the server ended well");
    }
}

fn account(name: &str) -> Account {
    let mut account = Account::new(&format!("id-{name}"), name, "anthropic", clock::now());
    account.auto_refresh_enabled = true;
    account
}

fn world(accounts: &[(&str, Mode)]) -> World {
    let list = accounts.iter().map(|(name, _)| account(name)).collect();
    let mut world = World::new(list, Dialect::Observed, 1);
    for (name, mode) in accounts {
        world.treatments.insert(format!("id-{name}"), Treatment { mode: *mode, ..Treatment::default() });
    }
    world
}

#[test]
fn an_account_that_is_switched_on_is_refreshed_at_the_next_tick() {
    let mut world = world(&[("work", Mode::Ok)]);
    world.accounts[0].auto_refresh_enabled = false;
    let demo = Demo::start(world);
    let (status, kind, health) = demo.ask("GET", "/health", "");
    assert_eq!((status, kind.as_str(), &health["status"]), (200, "application/json", &json!("ok")));
    assert_eq!(demo.get("/api/accounts/id-work")["rateLimitReset"], Value::Null);
    let (status, _, answer) = demo.ask("POST", "/api/accounts/id-work/auto-refresh", r#"{"enabled": 1}"#);
    assert_eq!((status, &answer["autoRefreshEnabled"]), (200, &json!(true)));
    demo.wait_for("Updated rate_limit_reset for work to ");
    let row = demo.get("/api/accounts/id-work");
    assert!(row["rateLimitReset"].is_string(), "{row}");
    assert!(row["rateLimitStatus"].as_str().is_some_and(|s| s.starts_with("allowed (30")), "{row}");
    assert_eq!(demo.get("/api/stats")["totalRequests"], 1);
    let sent = demo.log().iter().filter(|l| l.starts_with("Sending ")).count();
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(demo.log().iter().filter(|l| l.starts_with("Sending ")).count(), sent, "once");
    assert_eq!(demo.ask("GET", "/api/nope", "").0, 404);
    assert_eq!(demo.ask("GET", "/api/nope", "").2, json!({ "error": "Not found" }));
}

#[test]
fn the_dummy_message_says_what_it_is_and_carries_no_credential() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let mut world = world(&[("work", Mode::Ok)]);
    world.accounts[0].custom_endpoint = Some(format!("http://localhost:{port}/mine"));
    let demo = Demo::start(world);
    let (mut socket, _) = listener.accept().expect("the message");
    let mut reader = BufReader::new(socket.try_clone().expect("a second handle"));
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(text) = line.strip_prefix("content-length: ") {
            length = text.parse().expect("a length");
        }
        if line.is_empty() {
            break;
        }
        head.push(line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    assert_eq!(head[0], "post /mine/v1/messages http/1.1");
    let mut names: Vec<&str> = head[1..].iter().filter_map(|l| Some(l.split_once(':')?.0)).collect();
    names.sort_unstable();
    assert_eq!(names, ["content-length", "content-type", "host", "user-agent"]);
    assert!(head.contains(&format!("user-agent: flaretop-demo/{}", env!("CARGO_PKG_VERSION"))), "{head:?}");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(body["max_tokens"], 10);
    assert!(PROMPTS.contains(&body["messages"][0]["content"].as_str().expect("a prompt")));
    let answer =
        "HTTP/1.1 200 OK\r\nanthropic-ratelimit-unified-reset: 4102444800\r\nContent-Length: 2\r\n\r\n{}";
    socket.write_all(answer.as_bytes()).expect("answered");
    demo.wait_for("Updated rate_limit_reset for work to 2100-01-01T00:00:00.000Z");
}

#[test]
fn an_endpoint_elsewhere_is_stored_and_shown_and_nothing_is_sent_to_it() {
    let mut world = world(&[("work", Mode::Ok)]);
    world.accounts[0].auto_refresh_enabled = false;
    let demo = Demo::start(world);
    let endpoint = "https://custom.api.endpoint/v1/messages";
    let body = json!({ "customEndpoint": endpoint }).to_string();
    assert_eq!(demo.ask("POST", "/api/accounts/id-work/custom-endpoint", &body).0, 200);
    assert_eq!(demo.get("/api/accounts/id-work")["customEndpoint"], endpoint);
    demo.ask("POST", "/api/accounts/id-work/auto-refresh", r#"{"enabled":1}"#);
    let log = demo.wait_for("Auto-refresh message failed for account work: 503 Service Unavailable");
    assert!(log.iter().any(|l| l.contains("nothing was sent to") && l.contains("loopback only")), "{log:#?}");
}

#[test]
fn every_failure_comes_over_the_wire_as_it_is_meant() {
    let demo = Demo::start(world(&[
        ("limited", Mode::Limited),
        ("forbidden", Mode::Forbidden),
        ("overloaded", Mode::Overloaded),
        ("closed", Mode::Close),
        ("nonsense", Mode::Nonsense),
        ("refused", Mode::Unauthorized),
    ]));
    demo.wait_for("[ccflare] account=limited cooldown_applied reason=model_fallback_429 until=");
    demo.wait_for("Auto-refresh message failed for account forbidden: 403 Forbidden");
    demo.wait_for("Auto-refresh message failed for account overloaded: 529 HM");
    demo.wait_for("Failed to proxy request with account closed");
    demo.wait_for(
        "Cleared rate_limited_until for nonsense as account has been refreshed (no new reset time)",
    );
    demo.wait_for("Authentication failed (401) for account refused");
    demo.wait_for(r#"Account "forbidden" has been PAUSED"#);
    let row = demo.get("/api/accounts/id-limited");
    assert_eq!(row["rateLimitedReason"], "model_fallback_429");
    assert_eq!(demo.get("/api/accounts/id-forbidden")["paused"], true);
}

#[test]
fn the_stream_greets_and_tells_what_the_history_keeps() {
    let demo = Demo::start(world(&[("work", Mode::NoReset)]));
    let mut stream = demo.connect("GET /api/logs/stream HTTP/1.1\r\nHost: x\r\n\r\n");
    let (mut kind, mut events) = (false, Vec::new());
    while events.len() < 40 {
        let mut line = String::new();
        stream.read_line(&mut line).expect("a line");
        kind |= line.starts_with("content-type: text/event-stream");
        if let Some(event) = line.strip_prefix("data: ") {
            events.push(serde_json::from_str::<Value>(event).expect("JSON"));
        }
    }
    assert!(kind);
    assert_eq!(events[0], json!({ "connected": true }));
    let history = demo.get("/api/logs/history");
    for event in &events[1..] {
        assert!(history.as_array().expect("an array").contains(event), "{event}");
    }
}

#[test]
fn an_address_that_others_could_reach_is_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let refused = runtime.block_on(Server::start(setup(World::default(), listen)));
        assert!(matches!(refused, Err(StartError::NotLoopback(_))), "{listen}");
    }
}

#[test]
fn a_server_that_went_away_comes_back_and_begins_anew() {
    let outage = Outage { up: Duration::from_secs(2), down: Duration::from_millis(1500) };
    let demo =
        Demo::with(Setup { outage: Some(outage), ..setup(world(&[("work", Mode::Ok)]), "127.0.0.1:0") });
    let mut stream = demo.connect("GET /api/logs/stream HTTP/1.1\r\nHost: x\r\n\r\n");
    let mut heard = String::new();
    // Its body ends without its terminator.
    let _ = stream.read_to_string(&mut heard);
    assert!(heard.contains("connected") && !heard.ends_with("0\r\n\r\n"), "{heard}");
    assert!(TcpStream::connect(demo.address).is_err(), "it is away");
    for _ in 0..500 {
        if TcpStream::connect(demo.address).is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    demo.wait_for("Starting auto-refresh scheduler");
    let starts = demo.log().iter().filter(|l| *l == "Starting auto-refresh scheduler").count();
    assert_eq!(starts, 2);
    let sent = demo.log().iter().filter(|l| l.starts_with("Sending ")).count();
    assert_eq!(sent, 1, "a restart does not refresh an open window");
}
