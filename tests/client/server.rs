//! Small servers on loopback, each on a thread of its own, that answer as a test tells them and remember what they were asked.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flaretop::client::{Client, Secret, Target, Timeouts};
use flaretop::model::{Timestamp, timestamp_from_millis};

/// A request, as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    /// The number of its connection, from 0.
    pub(crate) connection: usize,
    /// Method and path.
    pub(crate) line: String,
    /// The header lines, names in small letters.
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn has(&self, header: &str) -> bool {
        self.headers.iter().any(|line| line == header)
    }

    pub(crate) fn mentions(&self, words: &str) -> bool {
        self.headers.iter().any(|line| line.contains(words))
    }
}

/// What becomes of the connection after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Keep,
    Close,
}

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
}

pub(crate) trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

impl Server {
    /// Answers every request by `answer`.
    pub(crate) fn answering(
        answer: impl Fn(&Request, &mut dyn Wire) -> Then + Send + Sync + 'static,
    ) -> Self {
        Self::wrapped(|socket| Some(Box::new(socket)), answer)
    }

    /// Answers every request with these bytes.
    pub(crate) fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::answering(move |_, wire| {
            let _ = wire.write_all(&answer); // the client may have had enough
            Then::Close
        })
    }

    /// The same over connections that `wrap` makes of the sockets.
    pub(crate) fn wrapped(
        wrap: impl Fn(TcpStream) -> Option<Box<dyn Wire>> + Send + Sync + 'static,
        answer: impl Fn(&Request, &mut dyn Wire) -> Then + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (noted, tools) = (Arc::clone(&seen), Arc::new((wrap, answer)));
        let address = listening(move |connection, socket| {
            let (noted, tools) = (Arc::clone(&noted), Arc::clone(&tools));
            std::thread::spawn(move || {
                let Some(wire) = (tools.0)(socket) else { return };
                let mut wire = BufReader::new(wire);
                while let Some(mut request) = read_request(&mut wire) {
                    request.connection = connection;
                    noted.lock().expect("requests").push(request.clone());
                    if (tools.1)(&request, wire.get_mut()) == Then::Close {
                        return;
                    }
                }
            });
        });
        Self { address, seen }
    }

    /// What was asked so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.lock().expect("requests").clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.line).collect()
    }

    pub(crate) fn client(&self) -> Client {
        client(&format!("http://{}", self.address))
    }
}

/// A socket that hands every connection to `each`.
pub(crate) fn listening(mut each: impl FnMut(usize, TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for (number, socket) in listener.incoming().enumerate() {
            each(number, socket.expect("a connection"));
        }
    });
    address
}

fn read_request(wire: &mut BufReader<Box<dyn Wire>>) -> Option<Request> {
    let mut request = Request::default();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if wire.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if request.line.is_empty() {
            line.trim_end_matches(" HTTP/1.1").clone_into(&mut request.line);
        } else if line.is_empty() {
            break;
        } else {
            let (name, value) = line.split_once(':')?;
            let header = format!("{}:{value}", name.to_ascii_lowercase());
            length = header.strip_prefix("content-length: ").and_then(|n| n.parse().ok()).unwrap_or(length);
            request.headers.push(header);
        }
    }
    let mut body = vec![0; length];
    wire.read_exact(&mut body).ok()?;
    request.body = String::from_utf8(body).ok()?;
    Some(request)
}

/// A whole answer.
pub(crate) fn answer(status: &str, kind: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// A whole answer of JSON.
pub(crate) fn json(status: &str, body: &str) -> String {
    answer(status, "application/json", body)
}

/// The time in all of these tests.
pub(crate) fn noon() -> Timestamp {
    timestamp_from_millis(1_795_435_200_000).expect("a time")
}

pub(crate) const TIMEOUTS: Timeouts =
    Timeouts { connect: Duration::from_secs(1), answer: Duration::from_millis(1900) };

pub(crate) fn client(url: &str) -> Client {
    with_key(url, None)
}

pub(crate) fn with_key(url: &str, key: Option<&str>) -> Client {
    let target = Target::parse(url).expect("an address");
    let key = key.map(|key| Secret::from_env_value(key).expect("a key"));
    Client::with_timeouts(target, key, None, noon, TIMEOUTS).expect("a client")
}
