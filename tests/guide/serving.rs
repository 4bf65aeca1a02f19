//! `flaretop demo --serve`, asked over a plain socket as a stranger to it would.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::term::{PROGRAM, environment};
use crate::support::{PATIENCE, wait};

/// The running server. It is ended when this is dropped.
pub(crate) struct Serving {
    child: Child,
    address: String,
    home: TempDir,
}

impl Serving {
    /// Starts it on a free port.
    pub(crate) fn start(args: &[&str]) -> Self {
        let home = TempDir::new().expect("a directory");
        let mut command = Command::new(PROGRAM);
        command.args(["demo", "--serve", "--listen", "127.0.0.1:0"]).args(args);
        command.env_clear().envs(environment(&home)).current_dir(home.path());
        let said = File::create(home.path().join("stderr")).expect("a file");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(said)
            .spawn()
            .expect("the program starts");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut url).expect("a line");
        let mut serving = Self { child, address: String::new(), home };
        let address = url.trim_end().strip_prefix("http://");
        assert!(address.is_some(), "{url:?} {}", serving.said());
        address.unwrap_or_default().clone_into(&mut serving.address);
        serving
    }

    /// What it wrote to standard error.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.home.path().join("stderr")).expect("text")
    }

    /// The status and the JSON.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut socket = TcpStream::connect(&self.address).expect("a connection");
        socket.set_read_timeout(Some(PATIENCE)).expect("a limit");
        let length = body.len();
        write!(
            socket,
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
        .expect("sent");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        (status, serde_json::from_str(body).expect("JSON"))
    }

    /// What `GET` gives, which must go well.
    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, json) = self.ask("GET", path, "");
        assert_eq!(status, 200, "{path}: {json}");
        json
    }

    /// What `POST` gives, which must go well.
    pub(crate) fn post(&self, path: &str, body: &str) -> Value {
        let (status, json) = self.ask("POST", path, body);
        assert_eq!(status, 200, "{path}: {json}");
        json
    }

    /// The list.
    pub(crate) fn accounts(&self) -> Vec<Value> {
        self.get("/api/accounts").as_array().expect("a list").clone()
    }

    /// The account of that name.
    pub(crate) fn account(&self, name: &str) -> Value {
        self.accounts().into_iter().find(|a| a["name"] == name).expect("the account")
    }

    /// The path of what can be asked of an account.
    pub(crate) fn path(&self, name: &str, action: &str) -> String {
        format!("/api/accounts/{}/{action}", self.account(name)["id"].as_str().expect("an id"))
    }

    /// The messages of the log.
    pub(crate) fn log(&self) -> Vec<String> {
        let history = self.get("/api/logs/history");
        let text = |r: &Value| r["msg"].as_str().expect("text").to_owned();
        history.as_array().expect("a list").iter().map(text).collect()
    }

    /// Waits until the log has that line.
    pub(crate) fn wait_for(&self, line: &str) {
        let look = || self.log().iter().any(|l| l == line).then_some(());
        wait(line, look, || self.log().join("\n"));
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
