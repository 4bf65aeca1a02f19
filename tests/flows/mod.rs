//! One story about the dashboard, told on two servers: the embedded one, and the real one.
//!
//! The story ([`story`]) drives the built program in a pseudo-terminal and knows the server as a [`Backend`] only. What the
//! server writes for each outcome of a refresh, and what its list says then, is compared with one recording ([`outcomes`]),
//! made from the real server. So what one of them does differently is seen, or stands as a difference in `flaretop::demo`.

mod outcomes;
pub(crate) mod story;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::PATIENCE;

/// The accounts of the story, as `tests/real-server/real-server` seeds them: columns of the database, and texts such as
/// `-1000` for milliseconds from now.
pub(crate) const ACCOUNTS: &str = include_str!("accounts.json");

/// How long the windows are that the provider gives, in seconds.
pub(crate) const WINDOW: i64 = 600;

/// What the provider answers to an account's refreshes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Success, with the end of a window of [`WINDOW`] seconds.
    Ok,
    /// Success that says nothing of a window.
    NoReset,
    /// Success with a window's end of which no time can be made.
    Nonsense,
    /// Success, with the word that the account is limited until the end of such a window.
    LimitedWord,
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 429 with the end of such a window.
    Limited,
    /// 429 that says nothing of a window.
    LimitedNoReset,
    /// 500.
    ServerError,
    /// 529.
    Overloaded,
    /// The connection is closed.
    Closed,
}

/// A server with the accounts of the story.
pub(crate) trait Backend {
    /// Its address.
    fn url(&self) -> String;

    /// The file that its log is written to.
    fn log_file(&self) -> PathBuf;

    /// Has the scheduler look: at once where it can be told to, else it does so within a minute.
    fn tick(&self);

    /// Sets a column of accounts, all of them in one step, to a value as [`ACCOUNTS`] has them.
    fn set(&self, names: &[&str], column: &str, value: &Value);

    /// Has the provider answer so from now on.
    fn answer(&self, name: &str, answer: Answer);

    /// Accepts connections and answers nothing.
    fn freeze(&self);

    /// Answers again.
    fn thaw(&self);

    /// Goes away with every connection.
    fn stop(&self);

    /// Comes back at the same address.
    fn start(&self);

    /// How often the provider was asked with each account's credentials, by the account's name.
    fn asked(&self) -> BTreeMap<String, u64>;

    /// STATE of `token-expired`: its tokens are refused when someone tries to renew them.
    fn state_of_token_expired(&self) -> &'static str;

    /// True where this line of the log is about the server's own affairs, and about no refresh.
    fn is_own_affair(&self, message: &str) -> bool;

    /// True where the recording of the outcomes is to be made anew.
    fn records(&self) -> bool {
        false
    }
}

/// One record of the log.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    pub(crate) level: String,
    pub(crate) message: String,
    pub(crate) data: Option<Value>,
}

impl Record {
    fn of(json: &Value) -> Option<Self> {
        let text = |field: &str| json[field].as_str().map(str::to_owned);
        Some(Self { level: text("level")?, message: text("msg")?, data: json.get("data").cloned() })
    }
}

impl dyn Backend + '_ {
    /// The list, asked for without the program.
    fn list(&self) -> Vec<Value> {
        let list = ask("GET", &format!("{}/api/accounts", self.url()), "");
        list.as_array().expect("a list").clone()
    }

    /// One account of the list.
    fn row(&self, name: &str) -> Value {
        let mut list = self.list().into_iter();
        list.find(|a| a["name"] == name).expect("an account of that name")
    }

    /// The log from its beginning. A line that is not whole yet is left out.
    fn log(&self) -> Vec<Record> {
        let text = std::fs::read_to_string(self.log_file()).expect("the log");
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(|l| serde_json::from_str(l).ok().and_then(|r| Record::of(&r)).expect(l)).collect()
    }

    /// The end of the log as the server tells it.
    fn history(&self) -> Vec<Record> {
        let history = ask("GET", &format!("{}/api/logs/history", self.url()), "");
        history.as_array().expect("a list").iter().map(|r| Record::of(r).expect("a record")).collect()
    }

    /// How often the server sent a refresh to the provider, by account: once for each model that it tried.
    pub(crate) fn sent(&self) -> BTreeMap<String, u64> {
        let mut sent = BTreeMap::new();
        for record in self.log() {
            if let Some(rest) = record.message.strip_prefix("Attempting auto-refresh for ") {
                let (name, _) = rest.split_once(" with model: ").expect("a model");
                *sent.entry(name.to_owned()).or_default() += 1;
            }
        }
        sent
    }

    /// How many refreshes of the account began.
    fn refreshes(&self, name: &str) -> usize {
        let begins = format!("Sending auto-refresh message to account: {name}");
        self.log().iter().filter(|r| r.message == begins).count()
    }
}

/// JSON from an address on loopback.
pub(crate) fn ask(method: &str, url: &str, body: &str) -> Value {
    let rest = url.strip_prefix("http://").expect("an http address");
    let (host, path) = rest.split_once('/').expect("a path");
    let mut socket = TcpStream::connect(host).expect("a connection");
    socket.set_read_timeout(Some(PATIENCE)).expect("a limit");
    let length = body.len();
    write!(
        socket,
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .expect("a request");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    serde_json::from_str(body).expect("JSON")
}
