//! The demo's server on loopback, with faults on command.
//!
//! It keeps every request. A path that the real server would forward to a provider is one that no program may ask for, and
//! fails the test when the server is dropped.

use std::net::{SocketAddr, TcpStream};
use std::thread::{self, JoinHandle};

use chrono::TimeDelta;
use flaretop::demo::Dialect;
use flaretop::demo::control::Control;
use flaretop::demo::faults::{Fault, MOST_SEEN, Seen};
use flaretop::demo::log::Level;
use flaretop::demo::server::{Server as Demo, Setup};
use flaretop::demo::world::World;
use flaretop::runtime::clock;
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::account::Account;
use super::wait;

/// An answer in place of the usual one.
#[derive(Debug, Clone)]
pub(crate) struct Answer(Fault);

impl Answer {
    /// JSON under a status.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self(Fault { status: Some(status), body: Some(body.clone()), ..Fault::default() })
    }

    /// An error in the server's form.
    pub(crate) fn error(status: u16, text: &str) -> Self {
        Self::json(status, &json!({ "error": text }))
    }

    /// A web page.
    pub(crate) fn page() -> Self {
        let body = json!("<!doctype html><html><head><title>Something else</title></head></html>");
        let content_type = Some("text/html".to_owned());
        Self(Fault { body: Some(body), content_type, ..Fault::default() })
    }

    /// A pointer elsewhere.
    pub(crate) fn redirect(to: &str) -> Self {
        Self(Fault { location: Some(to.to_owned()), ..Fault::default() })
    }

    /// The usual answer, which ends in the middle.
    pub(crate) fn cut_short() -> Self {
        Self(Fault { cut_after: Some(20), ..Fault::default() })
    }
}

/// The account's id and what is to be done to it, where it is a request that changes something.
fn change(request: &Seen) -> Option<(&str, &str)> {
    let path = request.path.strip_prefix("/api/accounts/")?;
    let (id, action) = path.split_once('/')?;
    let known = matches!(
        action,
        "auto-refresh"
            | "auto-fallback"
            | "pause"
            | "resume"
            | "priority"
            | "custom-endpoint"
            | "refresh-usage"
            | "force-reset-rate-limit"
    );
    (request.method == "POST" && known && !id.is_empty()).then_some((id, action))
}

/// True where the real server answers by itself, and does not forward it with an account's credentials.
fn is_listed(request: &Seen) -> bool {
    let reads = ["/api/accounts", "/api/logs/history", "/api/logs/stream", "/health"];
    change(request).is_some() || (request.method == "GET" && reads.contains(&request.path.as_str()))
}

/// The server. It ends when it is dropped, and then fails the test if it was asked for something that is not to be asked for.
#[derive(Debug)]
pub(crate) struct Server {
    control: Control,
    address: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server with these accounts, on a port of its own. Its scheduler looks only when it is told to.
    pub(crate) fn with(accounts: impl IntoIterator<Item = Account>) -> Self {
        let (tell, told) = std::sync::mpsc::channel();
        let (end, ended) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let setup = Setup {
                    world: World::new(Vec::new(), Dialect::Observed, 1),
                    listen: SocketAddr::from(([127, 0, 0, 1], 0)),
                    tick: None,
                    level: Level::Debug,
                    clock: clock::now,
                    ahead: TimeDelta::zero(),
                    outage: None,
                    files: None,
                };
                let server = Demo::start(setup).await.expect("a server");
                tell.send((server.address(), server.control())).expect("someone waits");
                let _ = ended.await;
            });
        });
        let (address, control) = told.recv().expect("a server");
        let server = Self { control, address, end: Some(end), thread: Some(thread) };
        server.set_accounts(accounts);
        server
    }

    /// Where it is: `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Goes away: connections are closed, new ones refused.
    pub(crate) fn stop(&mut self) {
        self.control.stop();
        let refused = || TcpStream::connect(self.address).is_err().then_some(());
        wait("the server is away", refused, || self.address.to_string());
    }

    /// Comes back on the same port.
    pub(crate) fn start(&mut self) {
        self.control.start();
    }

    /// Accepts connections and answers nothing.
    pub(crate) fn freeze(&self) {
        self.control.freeze();
    }

    /// Answers again, what waited first.
    pub(crate) fn thaw(&self) {
        self.control.thaw();
    }

    /// Keeps requests that change something waiting. They are done and answered on [`Server::release_changes`].
    pub(crate) fn hold_changes(&self) {
        self.control.hold_changes();
    }

    /// Answers the requests that wait.
    pub(crate) fn release_changes(&self) {
        self.control.release_changes();
    }

    /// Answers paths that end in `path` with `answer`.
    pub(crate) fn fault(&self, path: &str, answer: Answer) {
        self.control.fault(Fault { path: path.to_owned(), ..answer.0 });
    }

    /// Answers as usual.
    pub(crate) fn mend(&self) {
        self.control.mend();
    }

    /// Wants this key from now on.
    pub(crate) fn require_key(&self, key: &str) {
        self.control.require_key(Some(key.to_owned()));
    }

    /// Has a clock that is so far ahead.
    pub(crate) fn set_clock_ahead(&self, by: TimeDelta) {
        self.control.set_clock_ahead(by);
    }

    /// Has other accounts from now on.
    pub(crate) fn set_accounts(&self, accounts: impl IntoIterator<Item = Account>) {
        let rows: Vec<Value> = accounts.into_iter().map(|account| Value::Object(account.fields)).collect();
        self.control.set_accounts(&rows);
    }

    /// Has one field of one account another way. The account's id is made of its first name.
    pub(crate) fn set(&self, name: &str, field: &str, value: impl Into<Value>) {
        let fields = Map::from_iter([(field.to_owned(), value.into())]);
        assert!(self.control.set(&format!("id-{name}"), &fields), "an account of that name");
    }

    /// Writes a record: into the history, and to the streams that are open.
    pub(crate) fn log(&self, level: &str, msg: &str) {
        self.control.log(word(level), msg, None);
    }

    /// Writes a record that no stream gets, and that the history has only when it is asked for the second time: the real
    /// server sends a record at once and writes it to its file a moment later.
    pub(crate) fn log_late(&self, level: &str, msg: &str) {
        self.control.log_late(word(level), msg);
    }

    /// Ends the streams that are open without their end, after the first bytes of a record that are sent as they are.
    pub(crate) fn cut_streams(&self, after: &[u8]) {
        self.control.cut_streams(after);
    }

    /// Sends bytes as they are on the streams that are open.
    pub(crate) fn send_on_streams(&self, bytes: &[u8]) {
        self.control.send_raw(bytes);
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.control.requests()
    }

    /// How often the path was asked for.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.requests().iter().filter(|r| r.path == path).count()
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
        let open = || (self.control.streams() > 0).then_some(());
        wait("a stream is opened", open, || format!("{:#?}", self.requests()));
    }
}

fn word(level: &str) -> Level {
    match level {
        "DEBUG" => Level::Debug,
        "WARN" => Level::Warn,
        "ERROR" => Level::Error,
        _ => Level::Info,
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.end.take());
        let ended = self.thread.take().is_none_or(|thread| thread.join().is_ok());
        if !thread::panicking() {
            assert!(ended, "the server ended well");
            let requests = self.requests();
            assert!(
                requests.len() < MOST_SEEN,
                "more requests than are kept, so that a stray one may be forgotten"
            );
            let stray: Vec<&Seen> = requests.iter().filter(|r| !is_listed(r)).collect();
            assert!(stray.is_empty(), "asked for what a real server forwards to a provider: {stray:#?}");
        }
    }
}
