//! The API over HTTP, on a loopback address.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{CONTENT_TYPE, DATE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::api::{Answer, Request};
use super::hub::{Hub, Stream};
use super::log::{Level, Record};
use crate::model::Timestamp;

/// The longest request body that is read.
const LONGEST_BODY: usize = 1 << 20;

/// An answer's body: whole, or the stream of the log.
pub(super) enum Reply {
    Whole(Option<Bytes>),
    Log { stream: Stream, hub: Arc<Hub>, ended: bool },
}

impl Body for Reply {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|b| Ok(Frame::data(b)))),
            Self::Log { stream, hub, ended } => match stream.events.poll_recv(cx) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(Some(event)) => Poll::Ready(Some(Ok(Frame::data(event)))),
                Poll::Ready(None) if stream.was_too_slow() && !*ended => {
                    *ended = true;
                    let text = "This reader of the log was too slow and is cut off here; records are missing";
                    let mark = Record::new(hub.now(), Level::Warn, text).to_json();
                    Poll::Ready(Some(Ok(Frame::data(Bytes::from(format!("data: {mark}\n\n"))))))
                }
                // The observed server's stream ends without its terminator, whatever the reason.
                Poll::Ready(None) => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
            },
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
            Self::Log { .. } => SizeHint::default(),
        }
    }
}

/// Serves the API until the listener's task is dropped.
pub(super) async fn serve(listener: TcpListener, hub: Arc<Hub>) {
    // Whoever is still connected goes when this ends.
    let mut connections = JoinSet::new();
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            // Out of descriptors, or a client that left: the next one may fare better.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let _ = socket.set_nodelay(true);
        let hub = Arc::clone(&hub);
        connections.spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&hub), request));
            // A connection's end concerns that client alone.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(socket), service).await;
        });
    }
}

async fn answer(hub: Arc<Hub>, request: hyper::Request<Incoming>) -> Result<Response<Reply>, Infallible> {
    let now = hub.now();
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let mut response = match (parts.method.as_str(), path) {
        ("GET", "/api/logs/stream") => {
            let mut response = Response::new(Reply::Log { stream: hub.read(), hub, ended: false });
            let kind = HeaderValue::from_static("text/event-stream");
            response.headers_mut().insert(CONTENT_TYPE, kind);
            response
        }
        ("GET", "/api/logs/history") => json(&Answer::ok(hub.history())),
        (method, path) => match Limited::new(body, LONGEST_BODY).collect().await {
            Ok(body) => {
                let body = body.to_bytes();
                json(&hub.step(|world, now| {
                    let mut answer = world.respond(Request { method, path, body: &body }, now);
                    let log = std::mem::take(&mut answer.log);
                    (answer, log)
                }))
            }
            Err(_) => json(&Answer::error(400, "The request could not be read")),
        },
    };
    response.headers_mut().insert(DATE, date(now));
    Ok(response)
}

/// A JSON answer.
pub(super) fn json(answer: &Answer) -> Response<Reply> {
    let mut response = Response::new(Reply::Whole(Some(Bytes::from(answer.json.to_string()))));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A time as HTTP writes it.
fn date(t: Timestamp) -> HeaderValue {
    let text = t.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
