//! `flaretop demo`: the dashboard on the simulated server, and that server alone.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::support::once::run;
use crate::support::term::{Launch, PROGRAM};

#[test]
fn the_tour_runs_and_a_refresh_is_seen() {
    let mut term = Launch::new(&["demo", "--tick", "0.5", "--interval", "0.5"]).start();
    let shot = term.wait_for("the list", |shot| shot.has(" live") && shot.row("primary").is_some());
    assert!(shot.shows("signed-out", "STATE", "SIGN-IN"), "{shot}");
    assert!(shot.shows("limited", "STATE", "limited"), "{shot}");
    assert!(shot.shows("throttled", "STATE", "throttled"), "{shot}");
    term.wait_for_text("zai-coding");
    term.wait_for("an outcome", |shot| shot.has("new window"));
    term.wait_for_cell("broken", "STATE", "paused");
    term.keys("q");
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    end.assert_restored();
}

#[test]
fn a_skewed_clock_and_hostile_names_are_seen_for_what_they_are() {
    let mut term = Launch::new(&["demo", "--scenario", "skewed-clock"]).start();
    term.wait_for_text("clock +32");
    term.keys("q");
    assert_eq!(term.wait_for_end().code, 0);
    let mut term = Launch::new(&["demo", "--scenario", "hostile"]).start();
    term.wait_for("the list", |shot| shot.has(" live") && shot.row("twin").is_some());
    term.wait_for_text("cleared");
    let raw = String::from_utf8_lossy(&term.raw()).into_owned();
    for bad in ["\u{1b}]0;owned", "\u{1b}]52", "\u{202e}", "\u{2066}"] {
        assert!(!raw.contains(bad), "{bad:?}");
    }
    term.keys("q");
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    end.assert_restored();
}

/// `flaretop demo --serve`, ended when it is dropped.
struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["demo", "--serve", "--listen", "127.0.0.1:0"])
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut url).expect("a line");
        Self { child, url: url.trim_end().to_owned() }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let mut socket = TcpStream::connect(self.url.trim_start_matches("http://")).expect("a connection");
        let length = body.len();
        write!(
            socket,
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("sent");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("an answer");
        answer
    }

    fn ids(&self) -> Vec<(String, String)> {
        let answer = self.ask("GET", "/api/accounts", "");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        let list: serde_json::Value = serde_json::from_str(body).expect("JSON");
        let text = |v: &serde_json::Value| v.as_str().expect("text").to_owned();
        list.as_array().expect("a list").iter().map(|a| (text(&a["name"]), text(&a["id"]))).collect()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_guides_log_appears_in_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let logs = folder.path().join("logs");
    let args = ["--scenario", "guide", "--dialect", "guide", "--tick", "0.5", "--log-dir"];
    let serving = Serving::start(&[&args[..], &[logs.to_str().expect("a path")]].concat());
    for (name, id) in serving.ids() {
        let answer = serving.ask("POST", &format!("/api/accounts/{id}/auto-refresh"), r#"{"enabled": 1}"#);
        let expected = if name == "console" { "HTTP/1.1 400" } else { "HTTP/1.1 200" };
        assert!(answer.starts_with(expected), "{name}: {answer}");
    }
    let file = logs.join("better-ccflare.log");
    let read = || std::fs::read_to_string(&file).unwrap_or_default();
    let names = ["my-account", "primary", "spare"];
    let is_there = |name: &&str| read().contains(&format!("Updated rate_limit_reset for {name} to "));
    crate::support::wait("the refreshes", || names.iter().all(is_there).then_some(()), read);
    let text = read();
    assert!(text.starts_with("[INFO] Starting auto-refresh scheduler\n"), "{text}");
    assert!(text.contains(" account(s) with reset windows for auto-refresh\n"), "{text}");
    assert!(!text.contains("account: premium"), "its window is still open: {text}");
    assert!(text.lines().all(|line| line.starts_with("[INFO] ")), "{text}");
    assert!(logs.join("app.log").exists());
}

#[test]
fn wrong_usage_is_told_before_anything_is_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("a path").to_owned()
    };
    let unknown = file("unknown.toml", b"about = 'x.'\n[[accounts]]\nname = 'a'\ncolour = 1\n");
    let tick = file("tick.toml", b"about = 'x.'\ntick = 0\n");
    let binary = file("binary.toml", b"\xff\xfe");
    let nothing: &[(&str, &str)] = &[];
    let loud: &[(&str, &str)] = &[("FLARETOP_LOG", "loud")];
    for (args, env, words) in [
        (&["demo"][..], loud, &["FLARETOP_LOG: unknown level `loud`; use error, warn"][..]),
        (&["demo", "--serve", "--listen", "127.0.0.1:0"], loud, &["FLARETOP_LOG: unknown level `loud`"]),
        (&["demo", "--serve", "--listen", "0.0.0.0:0"], nothing, &["0.0.0.0:0 is not a loopback address"]),
        (&["demo", "--scenario", "nonesuch"], nothing, &["no scenario `nonesuch`; there are tour, guide"]),
        (&["demo", "--scenario", &unknown], nothing, &["unknown.toml:4", "unknown field `colour`"]),
        (&["demo", "--scenario", &tick], nothing, &["tick.toml", "tick: must be 0.05 seconds or more"]),
        (&["demo", "--scenario", &binary], nothing, &["binary.toml", "UTF-8"]),
        (&["http://localhost:1", "demo"], nothing, &["a URL and `demo` do not go together; leave one out"]),
        (&["--ca-cert", "x", "demo"], nothing, &["--ca-cert and `demo` do not go together"]),
        (&["--api-key-file", "x", "demo"], nothing, &["--api-key-file and `demo` do not go together"]),
        (
            &["demo", "--listen", "127.0.0.1:0"],
            nothing,
            &["required arguments were not provided:\n  --serve"],
        ),
        (&["demo", "--tick", "0"], nothing, &["--tick", "between 0.5 and 86400 seconds"]),
    ] {
        let run = run(args, env);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{args:?}: {}", run.err);
        for words in words {
            assert_eq!(run.err.matches(words).count(), 1, "{args:?}: {}", run.err);
        }
        assert!(!run.err.contains("no terminal"), "{args:?}: {}", run.err);
    }
    let term = Launch::new(&["demo"]).env("FLARETOP_LOG", "loud").start();
    let end = term.wait_for_end();
    assert_eq!(end.code, 2);
    end.assert_restored();
    assert!(end.shot.has("FLARETOP_LOG") && !end.raw.contains(&0x1b), "{}", end.shot);
}

#[test]
fn what_stands_in_the_demos_way_is_named_with_what_to_try() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    let inside = file.join("logs");
    let inside = inside.to_str().expect("a path");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let logs = format!("--log-dir {inside}: cannot write there: Not a directory");
    let port = format!("cannot listen on {address}: Address already in use");
    for (args, words) in [
        (
            &["demo", "--serve", "--listen", &address][..],
            [port.as_str(), "try --listen 127.0.0.1:0, which picks"],
        ),
        (
            &["demo", "--serve", "--listen", "127.0.0.1:0", "--log-dir", inside],
            [&logs, "name another folder"],
        ),
        (&["demo", "--log-dir", inside], [&logs, "name another folder"]),
    ] {
        let run = run(args, &[]);
        assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "{args:?}: {}", run.err);
        for words in words {
            assert_eq!(run.err.matches(words).count(), 1, "{args:?}: {}", run.err);
        }
        assert_eq!(run.err.matches("(os error").count(), 1, "said once: {}", run.err);
    }
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
