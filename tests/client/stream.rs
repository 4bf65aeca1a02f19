//! The stream of log records.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use flaretop::client::{LogStream, StreamBatch};
use flaretop::model::{AuthProblem, Failure, LogLine, NotJson};

use crate::server::{Server, Then, Wire, answer, json};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

fn send(wire: &mut dyn Wire, bytes: &[u8]) {
    let _ = write!(wire, "{:x}\r\n", bytes.len());
    let _ = wire.write_all(bytes);
    let _ = wire.write_all(b"\r\n");
    let _ = wire.flush();
}

/// A server whose stream sends what the test hands it. When the test lets go, the stream is cut off.
fn streaming() -> (Server, Sender<Vec<u8>>) {
    let (sender, receiver): (_, Receiver<Vec<u8>>) = channel();
    let receiver = Mutex::new(receiver);
    let server = Server::answering(move |_, wire| {
        let _ = wire.write_all(HEAD.as_bytes());
        send(wire, b"data: {\"connected\":true}\n\n");
        for bytes in receiver.lock().expect("the channel").iter() {
            send(wire, &bytes);
        }
        Then::Close
    });
    (server, sender)
}

fn record(message: &str) -> Vec<u8> {
    format!("data: {{\"ts\":1795419106621,\"level\":\"INFO\",\"msg\":\"{message}\"}}\n\n").into_bytes()
}

fn messages(batch: Option<StreamBatch>) -> Vec<String> {
    batch.unwrap_or_default().lines.iter().map(|line| line.message.as_str().to_owned()).collect()
}

/// Everything up to the stream's end, and how it ended.
async fn drain(stream: &mut LogStream) -> (Vec<LogLine>, u64, Option<Failure>) {
    let (mut lines, mut skipped) = (Vec::new(), 0);
    loop {
        match stream.next().await {
            Ok(Some(batch)) => {
                lines.extend(batch.lines);
                skipped += batch.skipped;
            }
            Ok(None) => return (lines, skipped, None),
            Err(failure) => return (lines, skipped, Some(failure)),
        }
    }
}

#[tokio::test]
async fn the_recorded_streams_are_read_whole_and_their_cut_is_told() {
    for recorded in
        [include_str!("../fixtures/logs-stream.sse"), include_str!("../fixtures/logs-stream-odd.sse")]
    {
        let count = recorded.matches("\n\ndata: {\"ts\"").count();
        let server = Server::answering(move |_, wire| {
            let _ = wire.write_all(HEAD.as_bytes());
            for piece in recorded.as_bytes().chunks(1001) {
                send(wire, piece);
            }
            Then::Close
        });
        let mut stream = server.client().stream().await.expect("a stream");
        let (lines, skipped, end) = drain(&mut stream).await;
        assert_eq!((lines.len(), skipped, end), (count, 0, Some(Failure::Closed)));
        assert_eq!(server.lines(), ["GET /api/logs/stream"]);
        assert!(server.requests()[0].has("accept: text/event-stream"));
    }
}

#[tokio::test]
async fn a_proper_end_is_no_failure() {
    let server = Server::saying(format!("{HEAD}0\r\n\r\n"));
    let mut stream = server.client().stream().await.expect("a stream");
    assert_eq!(stream.next().await, Ok(None));
}

#[tokio::test]
async fn records_that_come_together_stay_together_and_bad_ones_are_counted() {
    let (server, sender) = streaming();
    let mut stream = server.client().stream().await.expect("a stream");
    let together =
        [&record("a")[..], b"data: junk\n\n", b": alive\n\n", b"data:\n\n", &record("b"), b"data: {\"ts\""];
    sender.send(together.concat()).expect("sent");
    let batch = stream.next().await.expect("records").expect("not the end");
    assert_eq!(batch.skipped, 1);
    assert_eq!(messages(Some(batch)), ["a", "b"]);
    sender.send(b":1,\"msg\":\"c\"}\n\n".to_vec()).expect("sent");
    assert_eq!(messages(stream.next().await.expect("records")), ["c"]);
}

#[tokio::test]
async fn a_record_beyond_the_bound_is_counted_and_the_stream_lives() {
    let (server, sender) = streaming();
    let mut stream = server.client().stream().await.expect("a stream");
    sender.send(record(&"x".repeat(9 << 20))).expect("sent");
    sender.send(record(&"y".repeat(7 << 20))).expect("sent");
    let (mut lines, mut skipped) = (Vec::new(), 0);
    while lines.is_empty() {
        let batch = stream.next().await.expect("records").expect("not the end");
        skipped += batch.skipped;
        lines.extend(batch.lines);
    }
    assert_eq!(skipped, 1);
    assert_eq!(lines[0].message.len(), 7 << 20);
}

#[tokio::test]
async fn giving_up_on_waiting_loses_nothing() {
    let (server, sender) = streaming();
    let mut stream = server.client().stream().await.expect("a stream");
    let all: Vec<u8> = (0..50).flat_map(|n| record(&n.to_string())).collect();
    let mut seen = Vec::new();
    for piece in all.chunks(37) {
        sender.send(piece.to_vec()).expect("sent");
        // Poll once, then drop the future, as a `select!` does whose other branch is ready.
        tokio::select! {
            biased;
            batch = stream.next() => seen.extend(messages(batch.expect("records"))),
            () = tokio::task::yield_now() => {}
        }
    }
    drop(sender);
    let (lines, skipped, _) = drain(&mut stream).await;
    seen.extend(lines.iter().map(|line| line.message.as_str().to_owned()));
    assert_eq!(skipped, 0);
    assert_eq!(seen, (0..50).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_server_without_the_stream_is_told_from_one_that_refuses() {
    for (said, failure) in [
        (json("404 Not Found", r#"{"error":"Not found"}"#), Failure::NotOffered),
        (json("405 Method Not Allowed", ""), Failure::NotOffered),
        (json("200 OK", r#"{"logs":[]}"#), Failure::NotOffered),
        (answer("200 OK", "text/html", "<html>"), Failure::NotJson(NotJson::Html)),
        (
            json("401 Unauthorized", r#"{"error":"Invalid API key"}"#),
            Failure::Unauthorized(AuthProblem::InvalidKey),
        ),
        (
            json("503 Service Unavailable", r#"{"error":"busy"}"#),
            Failure::Status { status: 503, text: "busy".into() },
        ),
        (
            "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n".into(),
            Failure::Redirected("/login".into()),
        ),
    ] {
        assert_eq!(Server::saying(said).client().stream().await.err(), Some(failure));
    }
}
