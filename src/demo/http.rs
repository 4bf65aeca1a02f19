//! The API over HTTP, on a loopback address.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http_body_util::{BodyExt as _, Collected, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderValue, LOCATION};
use hyper::{Method, Response, StatusCode};
use tokio::net::TcpListener;

use super::api::{Answer, Request};
use super::command;
use super::control::Control;
use super::faults::{Seen, Whole};
use super::hub::{Hub, Stream};
use super::listen;
use super::log::{Level, Record};
use crate::model::Timestamp;

/// The longest request body that is read.
const LONGEST_BODY: usize = 1 << 20;

/// An answer's body: whole, or the stream of the log.
pub(super) enum Reply {
    Whole(Option<Bytes>),
    /// The connection is closed behind it, though its head has promised more.
    Cut {
        bytes: Option<Bytes>,
        parting: Parting,
    },
    Log {
        stream: Stream,
        hub: Arc<Hub>,
        ended: bool,
        parting: Parting,
    },
}

/// The end of a body that breaks off. What was written before is sent first: else it would be thrown away with the connection.
#[derive(Default)]
pub(super) struct Parting(bool);

impl Parting {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if !std::mem::replace(&mut self.0, true) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }
}

impl Body for Reply {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|b| Ok(Frame::data(b)))),
            Self::Cut { bytes, parting } => match bytes.take().filter(|b| !b.is_empty()) {
                Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
                None => parting.poll(cx),
            },
            Self::Log { stream, hub, ended, parting } => match stream.poll(cx) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(Some(events)) => Poll::Ready(Some(Ok(Frame::data(events)))),
                Poll::Ready(None) if stream.was_too_slow() && !*ended => {
                    *ended = true;
                    let text = "This reader of the log was too slow and is cut off here; records are missing";
                    let mark = Record::new(hub.now(), Level::Warn, text).to_json();
                    Poll::Ready(Some(Ok(Frame::data(Bytes::from(format!("data: {mark}\n\n"))))))
                }
                // The observed server's stream ends without its terminator, whatever the reason.
                Poll::Ready(None) => parting.poll(cx),
            },
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
            Self::Cut { .. } | Self::Log { .. } => SizeHint::default(),
        }
    }
}

/// Serves the API until its task is dropped.
pub(super) async fn serve(listener: TcpListener, hub: Arc<Hub>) {
    listen::serve(listener, move |request| answer(Arc::clone(&hub), request)).await;
}

async fn answer(hub: Arc<Hub>, request: hyper::Request<Incoming>) -> Result<Response<Reply>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, LONGEST_BODY).collect().await.map(Collected::to_bytes);
    let path = parts.uri.path();
    let seen = Seen::new(&parts, body.as_deref().unwrap_or_default());
    if path == "/demo" || path.starts_with("/demo/") {
        let body = body.unwrap_or_default();
        let answer = command::respond(&Control { hub }, Request { method: &seen.method, path, body: &body });
        return Ok(json(&answer));
    }
    let key = seen.header("x-api-key").or_else(|| bearer(seen.header("authorization")?)).map(str::to_owned);
    let is_change = parts.method == Method::POST && path.starts_with("/api/accounts/");
    hub.lock().faults.note(seen);
    hub.wait(|c| !(c.frozen || is_change && c.changes_held)).await;
    let fault = hub.lock().faults.take(path);
    if let Some(fault) = &fault {
        tokio::time::sleep(fault.delay()).await;
    }
    let refusal = path.starts_with("/api/").then(|| hub.lock().faults.refusal(key.as_deref())).flatten();
    let (now, date_ahead) = (hub.now(), hub.lock().date_ahead);
    let usual = || match (parts.method.as_str(), path, &body) {
        (_, _, Err(_)) => Answer::error(400, "The request could not be read"),
        ("GET", "/api/logs/history", _) => Answer::ok(hub.history()),
        (method, path, Ok(body)) => hub.step(|world, now| {
            let mut answer = world.respond(Request { method, path, body }, now);
            let log = std::mem::take(&mut answer.log);
            (answer, log)
        }),
    };
    let streams = parts.method == Method::GET && path == "/api/logs/stream";
    let mut response = match (fault, refusal) {
        (Some(fault), _) if fault.replaces() => whole(fault.apply(None)),
        (_, Some(refusal)) => json(&refusal),
        (_, None) if streams => stream(&hub),
        (Some(fault), None) => whole(fault.apply(Some(usual()))),
        (None, None) => json(&usual()),
    };
    response.headers_mut().insert(DATE, date(now + date_ahead));
    Ok(response)
}

/// The key of an `Authorization` header; its scheme may be in any case.
fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}

/// The log as it is written.
fn stream(hub: &Arc<Hub>) -> Response<Reply> {
    let (stream, hub) = (hub.read(), Arc::clone(hub));
    let mut response = Response::new(Reply::Log { stream, hub, ended: false, parting: Parting::default() });
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response
}

/// An answer that a fault has made.
fn whole(answer: Whole) -> Response<Reply> {
    let body = Bytes::from(answer.body);
    let promised = HeaderValue::from(body.len());
    let mut response = match answer.cut_after.filter(|n| *n < body.len()) {
        Some(n) => {
            let mut response =
                Response::new(Reply::Cut { bytes: Some(body.slice(..n)), parting: Parting::default() });
            response.headers_mut().insert(CONTENT_LENGTH, promised);
            response
        }
        None => Response::new(Reply::Whole(Some(body))),
    };
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    let texts = [(CONTENT_TYPE, Some(answer.content_type)), (LOCATION, answer.location)];
    for (name, value) in texts {
        if let Some(value) = value.and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A JSON answer.
fn json(answer: &Answer) -> Response<Reply> {
    whole(Whole::from(answer))
}

/// A time as HTTP writes it.
fn date(t: Timestamp) -> HeaderValue {
    let text = t.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
