//! The embedded server under load: a thousand accounts, fifty readers of the log, ten thousand records a second, and one reader
//! that does not read.
//!
//! `cargo test --release --test load -- --ignored --nocapture` runs it for a minute and prints what it saw; what must hold is
//! asserted, and no time is.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const READERS: usize = 50;
const FLOOD: usize = 10_000;
/// What the server may need at most, in KiB: what may wait for the one slow reader, and as much again for all else.
const MOST_MEMORY: u64 = 96 << 10;

struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("load.toml");
        let text = format!(
            "about = \"load\"\nflood = {FLOOD}\n[[accounts]]\nname = \"many\"\ncopies = 1000\nauto_refresh = true\nresets_in = 9000\nused = 20\ntraffic = 0.01\n"
        );
        std::fs::write(&file, text).expect("a scenario");
        let mut child = Command::new(env!("CARGO_BIN_EXE_flaretop"))
            .args(["demo", "--serve", "--listen", "127.0.0.1:0", "--scenario"])
            .arg(&file)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut url).expect("its address");
        let address = url.trim().strip_prefix("http://").expect("an address").to_owned();
        Self { child, address }
    }

    fn open(&self, path: &str) -> BufReader<TcpStream> {
        let mut socket = TcpStream::connect(&self.address).expect("a connection");
        socket.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        write!(socket, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("a request");
        BufReader::with_capacity(256 << 10, socket)
    }

    /// How many streams it serves.
    fn streams(&self) -> usize {
        let mut answer = String::new();
        self.open("/demo").read_to_string(&mut answer).expect("an answer");
        let count = answer.split_once("\"streams\":").expect("a count").1;
        count.split(['}', ',']).next().and_then(|n| n.parse().ok()).expect("a number")
    }

    /// A line of the server's status, in KiB.
    fn memory(&self, what: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("Linux");
        let line = status.lines().find(|l| l.starts_with(what)).expect("the line");
        line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a number")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The number in `… "msg":"Request 17: POST …`.
fn number(line: &str) -> Option<usize> {
    line.split_once("\"msg\":\"Request ")?.1.split_once(':')?.0.parse().ok()
}

/// Reads until it is told to stop, and gives how many records came. They are numbered, and none may be missing.
fn listen(mut stream: BufReader<TcpStream>, stop: &AtomicBool) -> usize {
    let (mut line, mut last, mut count) = (String::new(), None, 0);
    loop {
        line.clear();
        assert!(stream.read_line(&mut line).expect("the stream goes on") > 0, "the stream goes on");
        let Some(n) = number(&line) else { continue };
        if let Some(last) = last {
            assert_eq!(n, (last + 1) % FLOOD, "a record is missing");
        }
        last = Some(n);
        count += 1;
        if n == FLOOD - 1 && stop.load(Ordering::Relaxed) {
            return count;
        }
    }
}

#[test]
#[ignore = "a minute of load on both cores; run by hand, and for some seconds by .ci/run"]
fn fifty_readers_of_ten_thousand_records_a_second_lose_nothing() {
    let seconds =
        std::env::var("FLARETOP_LOAD_SECS").ok().and_then(|text| text.parse().ok()).unwrap_or(60_u64);
    let serving = Serving::start();
    let stop = Arc::new(AtomicBool::new(false));
    // This one asks, and then does not read: it is cut off when too much waits for it.
    let mut slow = serving.open("/api/logs/stream");
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let (stream, stop) = (serving.open("/api/logs/stream"), Arc::clone(&stop));
            std::thread::spawn(move || listen(stream, &stop))
        })
        .collect();
    let mut bodies = 0;
    for _ in 0..seconds {
        // A dashboard's polls go on meanwhile.
        let mut list = String::new();
        serving.open("/api/accounts").read_to_string(&mut list).expect("the list");
        assert_eq!(list.matches("\"id\":").count(), 1_000);
        bodies += list.len();
        std::thread::sleep(Duration::from_secs(1));
    }
    // Until the one that does not read is let go.
    while serving.streams() > READERS {
        std::thread::sleep(Duration::from_millis(200));
    }
    let memory = (serving.memory("VmRSS"), serving.memory("VmHWM"));
    stop.store(true, Ordering::Relaxed);
    let counts: Vec<usize> = readers.into_iter().map(|r| r.join().expect("none is missing")).collect();
    println!(
        "{seconds} s, {READERS} readers: {} to {} records each, none missing; polls of {} bytes; resident {} KiB, at most {} KiB",
        counts.iter().min().expect("readers"),
        counts.iter().max().expect("readers"),
        bodies / usize::try_from(seconds.max(1)).expect("a few"),
        memory.0,
        memory.1
    );
    assert!(memory.1 < MOST_MEMORY, "{memory:?}");
    let mut rest = Vec::new();
    let _ = slow.read_to_end(&mut rest);
    let text = String::from_utf8_lossy(&rest);
    let last = text.lines().rfind(|l| l.starts_with("data: ")).expect("records");
    assert!(last.contains("was too slow and is cut off here"), "the last it hears: {last}");
}
