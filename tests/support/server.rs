//! A server on loopback that answers as better-ccflare does, with faults on command.
//!
//! It keeps every request. A path that the real server would forward to a provider is kept as one that no program may ask
//! for, and fails the test when the server is dropped.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::account::Account;
use super::{wait, wall_clock};

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The account's id and what is to be done to it, where it is a request that changes something.
    fn change(&self) -> Option<(&str, &str)> {
        let path = self.path.strip_prefix("/api/accounts/")?;
        let (id, action) = path.split_once('/')?;
        let known = matches!(action, "auto-refresh" | "auto-fallback" | "pause" | "resume");
        (self.method == "POST" && known && !id.is_empty()).then_some((id, action))
    }

    /// True where the real server answers by itself, and does not forward it with an account's credentials.
    fn is_listed(&self) -> bool {
        let reads = ["/api/accounts", "/api/logs/history", "/api/logs/stream", "/health"];
        self.change().is_some() || (self.method == "GET" && reads.contains(&self.path.as_str()))
    }
}

/// An answer in place of the usual one.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    kind: &'static str,
    location: Option<String>,
    body: String,
    missing: usize,
}

impl Answer {
    /// JSON under a status.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let body = body.to_string();
        Self { status, kind: "application/json", location: None, body, missing: 0 }
    }

    /// An error in the server's form.
    pub(crate) fn error(status: u16, text: &str) -> Self {
        Self::json(status, &json!({ "error": text }))
    }

    /// A web page.
    pub(crate) fn page() -> Self {
        let body = "<!doctype html><html><head><title>Something else</title></head></html>".to_owned();
        Self { status: 200, kind: "text/html", location: None, body, missing: 0 }
    }

    /// A pointer elsewhere.
    pub(crate) fn redirect(to: &str) -> Self {
        let body = String::new();
        Self { status: 302, kind: "text/plain", location: Some(to.to_owned()), body, missing: 0 }
    }

    /// A list that ends in the middle.
    pub(crate) fn cut_short() -> Self {
        let body = r#"[{"id":"one","name":"on"#.to_owned();
        Self { status: 200, kind: "application/json", location: None, body, missing: 500 }
    }
}

/// An open stream of records: what is to be sent on it.
#[derive(Debug, Default)]
struct Stream {
    id: usize,
    unsent: VecDeque<Vec<u8>>,
    cut: bool,
}

#[derive(Debug, Default)]
struct State {
    accounts: Vec<Account>,
    log: Vec<Value>,
    late: Vec<Value>,
    requests: Vec<Request>,
    faults: Vec<(String, Answer)>,
    key: Option<String>,
    ahead: TimeDelta,
    frozen: bool,
    changes_held: bool,
    streams: Vec<Stream>,
    opened: usize,
    sockets: Vec<TcpStream>,
    down: bool,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while `held` holds and the server is up.
    fn pass(&self, held: impl Fn(&State) -> bool) {
        let mut state = self.lock();
        while held(&state) && !state.down {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The server. It ends when it is dropped, and then fails the test if it was asked for something that is not to be asked for.
#[derive(Debug)]
pub(crate) struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    listening: Option<JoinHandle<()>>,
}

impl Server {
    /// A server with these accounts, on a port of its own.
    pub(crate) fn with(accounts: impl IntoIterator<Item = Account>) -> Self {
        let shared = Arc::new(Shared::default());
        shared.lock().accounts = accounts.into_iter().collect();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let mut server = Self { shared, address, listening: None };
        server.listen(listener);
        server
    }

    fn listen(&mut self, listener: TcpListener) {
        let shared = Arc::clone(&self.shared);
        self.listening = Some(thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let mut state = shared.lock();
                if state.down {
                    return;
                }
                state.sockets.push(socket.try_clone().expect("a second handle"));
                drop(state);
                let shared = Arc::clone(&shared);
                thread::spawn(move || converse(&shared, socket));
            }
        }));
    }

    /// Where it is: `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Goes away: connections are closed, new ones refused.
    pub(crate) fn stop(&mut self) {
        let mut state = self.shared.lock();
        state.down = true;
        for socket in state.sockets.drain(..) {
            let _ = socket.shutdown(Shutdown::Both);
        }
        state.streams.clear();
        drop(state);
        self.shared.changed.notify_all();
        let _ = TcpStream::connect(self.address); // so that the listener looks up
        if let Some(listening) = self.listening.take() {
            listening.join().expect("the listener ends by itself");
        }
    }

    /// Comes back on the same port.
    pub(crate) fn start(&mut self) {
        let listener = wait(
            "the port is free again",
            || TcpListener::bind(self.address).ok(),
            || self.address.to_string(),
        );
        self.shared.lock().down = false;
        self.listen(listener);
    }

    fn change_state(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.shared.lock());
        self.shared.changed.notify_all();
    }

    /// Accepts connections and answers nothing.
    pub(crate) fn freeze(&self) {
        self.change_state(|s| s.frozen = true);
    }

    /// Answers again, what waited first.
    pub(crate) fn thaw(&self) {
        self.change_state(|s| s.frozen = false);
    }

    /// Keeps requests that change something waiting. They are done and answered on [`Server::release_changes`].
    pub(crate) fn hold_changes(&self) {
        self.change_state(|s| s.changes_held = true);
    }

    /// Answers the requests that wait.
    pub(crate) fn release_changes(&self) {
        self.change_state(|s| s.changes_held = false);
    }

    /// Answers paths that end in `path` with `answer`.
    pub(crate) fn fault(&self, path: &str, answer: Answer) {
        self.change_state(|s| {
            s.faults.retain(|(p, _)| p != path);
            s.faults.push((path.to_owned(), answer));
        });
    }

    /// Answers as usual.
    pub(crate) fn mend(&self) {
        self.change_state(|s| s.faults.clear());
    }

    /// Wants this key from now on.
    pub(crate) fn require_key(&self, key: &str) {
        self.change_state(|s| s.key = Some(key.to_owned()));
    }

    /// Has a clock that is so far ahead.
    pub(crate) fn set_clock_ahead(&self, by: TimeDelta) {
        self.change_state(|s| s.ahead = by);
    }

    /// Has other accounts from now on.
    pub(crate) fn set_accounts(&self, accounts: impl IntoIterator<Item = Account>) {
        let accounts = accounts.into_iter().collect();
        self.change_state(|s| s.accounts = accounts);
    }

    /// Has one field of one account another way.
    pub(crate) fn set(&self, name: &str, field: &str, value: impl Into<Value>) {
        self.change_state(|s| {
            let account =
                s.accounts.iter_mut().find(|a| a.text("name") == name).expect("an account of that name");
            account.fields.insert(field.to_owned(), value.into());
        });
    }

    /// Writes a record: into the history, and to the streams that are open.
    pub(crate) fn log(&self, level: &str, msg: &str) {
        self.change_state(|s| {
            let record =
                json!({ "ts": (wall_clock() + s.ahead).timestamp_millis(), "level": level, "msg": msg });
            let event = format!("data: {record}\n\n");
            s.log.push(record);
            for stream in &mut s.streams {
                stream.unsent.push_back(event.clone().into_bytes());
            }
        });
    }

    /// Writes a record that no stream gets, and that the history has only when it is asked for the second time: the real
    /// server sends a record at once and writes it to its file a moment later.
    pub(crate) fn log_late(&self, level: &str, msg: &str) {
        self.change_state(|s| {
            let ts = (wall_clock() + s.ahead).timestamp_millis();
            s.late.push(json!({ "ts": ts, "level": level, "msg": msg }));
        });
    }

    /// Ends the streams that are open without their end, after the first bytes of a record that are sent as they are.
    pub(crate) fn cut_streams(&self, after: &[u8]) {
        self.change_state(|s| {
            for stream in &mut s.streams {
                stream.unsent.push_back(after.to_vec());
                stream.cut = true;
            }
        });
    }

    /// Sends bytes as they are on the streams that are open.
    pub(crate) fn send_on_streams(&self, bytes: &[u8]) {
        self.change_state(|s| {
            for stream in &mut s.streams {
                stream.unsent.push_back(bytes.to_vec());
            }
        });
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.lock().requests.clone()
    }

    /// How often the path was asked for.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.shared.lock().requests.iter().filter(|r| r.path == path).count()
    }

    /// The requests so far that were to change something, each as `auto-refresh {"enabled":1}`.
    pub(crate) fn changes(&self) -> Vec<String> {
        let requests = self.requests();
        let changes = requests.iter().filter(|r| r.method != "GET");
        changes
            .map(|r| {
                let action = r.path.rsplit('/').next().unwrap_or_default();
                format!("{action} {}", r.body).trim().to_owned()
            })
            .collect()
    }

    /// Waits until so many changes have been asked for.
    pub(crate) fn wait_for_changes(&self, count: usize) {
        let enough = || (self.changes().len() >= count).then_some(());
        wait(&format!("{count} changes are asked for"), enough, || format!("{:?}", self.changes()));
    }

    /// Waits until the path has been asked for so often.
    pub(crate) fn wait_for_count(&self, path: &str, count: usize) {
        let enough = || (self.count(path) >= count).then_some(());
        wait(&format!("{path} is asked for {count} times"), enough, || format!("{:#?}", self.requests()));
    }

    /// Waits until a stream is open.
    pub(crate) fn wait_for_stream(&self) {
        let open = || self.shared.lock().streams.iter().any(|s| !s.cut).then_some(());
        wait("a stream is opened", open, || format!("{:#?}", self.requests()));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        if !thread::panicking() {
            let stray: Vec<Request> = self.requests().into_iter().filter(|r| !r.is_listed()).collect();
            assert!(stray.is_empty(), "asked for what a real server forwards to a provider: {stray:#?}");
        }
    }
}

/// Answers one connection's requests until it is closed.
fn converse(shared: &Shared, socket: TcpStream) {
    let mut reader = BufReader::new(socket.try_clone().expect("a second handle"));
    let mut socket = socket;
    while let Some(request) = read(&mut reader) {
        shared.lock().requests.push(request.clone());
        let is_change = request.change().is_some();
        shared.pass(|s| s.frozen || (is_change && s.changes_held));
        let answer = answer(&mut shared.lock(), &request);
        let date = (wall_clock() + shared.lock().ahead).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let Some(answer) = answer else {
            stream(shared, &mut socket, &date);
            break;
        };
        let mut head = format!("HTTP/1.1 {} {}\r\nDate: {date}\r\n", answer.status, reason(answer.status));
        let _ = write!(head, "Content-Type: {}\r\n", answer.kind);
        if let Some(to) = &answer.location {
            let _ = write!(head, "Location: {to}\r\n");
        }
        let _ = write!(head, "Content-Length: {}\r\n\r\n", answer.body.len() + answer.missing);
        if socket.write_all(head.as_bytes()).is_err() || socket.write_all(answer.body.as_bytes()).is_err() {
            break;
        }
        if answer.missing > 0 {
            break;
        }
    }
    let _ = socket.shutdown(Shutdown::Both);
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Other",
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = Request { method, path, headers, body: String::new() };
    let length = request.header("content-length").and_then(|l| l.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(request)
}

/// The answer to a request, none where it is the stream.
fn answer(state: &mut State, request: &Request) -> Option<Answer> {
    if !request.is_listed() {
        return Some(Answer::error(502, "this would have been forwarded to a provider"));
    }
    if let Some((_, answer)) = state.faults.iter().find(|(path, _)| request.path.ends_with(path)) {
        return Some(answer.clone());
    }
    if request.path == "/health" {
        return Some(Answer::json(200, &json!({ "status": "ok" })));
    }
    if let Some(key) = &state.key {
        match request.header("x-api-key") {
            None | Some("") => {
                let text =
                    "API key required. Include it in the 'x-api-key' header or Authorization: Bearer <key>";
                return Some(Answer::error(401, text));
            }
            Some(sent) if sent != key => return Some(Answer::error(401, "Invalid API key")),
            Some(_) => {}
        }
    }
    if let Some((id, action)) = request.change() {
        let (id, action) = (id.to_owned(), action.to_owned());
        return Some(change(state, &id, &action, &request.body));
    }
    match request.path.as_str() {
        "/api/accounts" => {
            let list = state.accounts.iter().map(|a| Value::Object(a.fields.clone())).collect();
            Some(Answer::json(200, &Value::Array(list)))
        }
        "/api/logs/history" => {
            let answer = Answer::json(200, &Value::Array(state.log.clone()));
            let late = std::mem::take(&mut state.late);
            state.log.extend(late);
            Some(answer)
        }
        _ => None,
    }
}

/// Does a change, or refuses it in the server's words.
fn change(state: &mut State, id: &str, action: &str, body: &str) -> Answer {
    let toggles = matches!(action, "auto-refresh" | "auto-fallback");
    let mut enabled = false;
    if toggles {
        let Ok(body) = serde_json::from_str::<Value>(body) else {
            return Answer::error(500, "Failed to parse JSON");
        };
        enabled = match &body["enabled"] {
            Value::Null => return Answer::error(400, "enabled is required"),
            Value::Number(n) if n.as_f64() == Some(1.0) => true,
            Value::Number(n) if n.as_f64() == Some(0.0) => false,
            Value::Number(_) => return Answer::error(400, "enabled must be one of: 0, 1"),
            _ => return Answer::error(400, "enabled must be a number"),
        };
    }
    let Some(account) = state.accounts.iter_mut().find(|a| a.text("id") == id) else {
        return Answer::error(404, "Account not found");
    };
    let (name, provider) = (account.text("name").to_owned(), account.text("provider").to_owned());
    if action == "auto-refresh" && !matches!(provider.as_str(), "anthropic" | "codex" | "zai") {
        return Answer::error(400, "Auto-refresh is only available for Anthropic, Codex, and Zai accounts");
    }
    if toggles {
        let (field, label) = match action {
            "auto-refresh" => ("autoRefreshEnabled", "Auto-refresh"),
            _ => ("autoFallbackEnabled", "Auto-fallback"),
        };
        account.fields.insert(field.to_owned(), enabled.into());
        let word = if enabled { "enabled" } else { "disabled" };
        let message = format!("{label} {word} for account '{name}'");
        return Answer::json(200, &json!({ "success": true, "message": message, field: enabled }));
    }
    let pause = action == "pause";
    if account.fields["paused"] == Value::Bool(pause) {
        let word = if pause { "paused" } else { "resumed" };
        return Answer::error(400, &format!("Account '{name}' is already {word}"));
    }
    // The row is found by its id and changed by its name: all that have it.
    for account in state.accounts.iter_mut().filter(|a| a.text("name") == name) {
        account.fields.insert("paused".to_owned(), pause.into());
    }
    let word = if pause { "paused" } else { "resumed" };
    Answer::json(200, &json!({ "success": true, "message": format!("Account '{name}' {word} successfully") }))
}

/// Sends records as they come until the stream is cut or the other side leaves.
fn stream(shared: &Shared, socket: &mut TcpStream, date: &str) {
    let head = format!(
        "HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    if socket.write_all(head.as_bytes()).is_err() || !chunk(socket, b"data: {\"connected\":true}\n\n") {
        return;
    }
    let mut state = shared.lock();
    state.opened += 1;
    let id = state.opened;
    state.streams.push(Stream { id, ..Stream::default() });
    drop(state);
    loop {
        let quiet = |s: &Stream| s.id == id && s.unsent.is_empty() && !s.cut;
        shared.pass(|s| s.frozen || s.streams.iter().any(quiet));
        let mut state = shared.lock();
        let Some(stream) = state.streams.iter_mut().find(|s| s.id == id) else { return };
        let events = std::mem::take(&mut stream.unsent);
        let cut = stream.cut;
        drop(state);
        let sent = events.iter().filter(|e| !e.is_empty()).all(|e| chunk(socket, e));
        if cut || !sent {
            shared.lock().streams.retain(|s| s.id != id);
            return;
        }
    }
}

fn chunk(socket: &mut TcpStream, bytes: &[u8]) -> bool {
    let mut framed = format!("{:x}\r\n", bytes.len()).into_bytes();
    framed.extend_from_slice(bytes);
    framed.extend_from_slice(b"\r\n");
    socket.write_all(&framed).is_ok()
}
