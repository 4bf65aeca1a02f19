//! The simulated provider over HTTP, on a loopback port of its own: `POST /u/{account id}/v1/messages`.

use std::io;
use std::sync::Arc;

use chrono::TimeDelta;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Method, Response, StatusCode};
use tokio::net::TcpListener;

use super::hub::Hub;
use super::listen;
use super::provider::{self, Answer, Mode, Reset};

/// The headers of a provider's answer.
pub(super) const STATUS: &str = "anthropic-ratelimit-unified-status";
/// The window's end, in seconds since 1970.
pub(super) const RESET: &str = "anthropic-ratelimit-unified-reset";
/// What is left of it.
pub(super) const REMAINING: &str = "anthropic-ratelimit-unified-remaining";

/// A dummy message is a few hundred bytes.
const LONGEST_BODY: usize = 64 << 10;

/// Answers dummy messages until its task is dropped.
pub(super) async fn serve(listener: TcpListener, hub: Arc<Hub>) {
    listen::serve(listener, move |request| answer(Arc::clone(&hub), request)).await;
}

async fn answer(hub: Arc<Hub>, request: hyper::Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, LONGEST_BODY).collect().await;
    let path = parts.uri.path();
    let id = path.strip_prefix("/u/").and_then(|rest| rest.strip_suffix("/v1/messages"));
    let (Some(id), Ok(_), Method::POST) = (id, body, parts.method) else {
        let mut response = Response::new(Full::from("{\"type\":\"error\"}"));
        *response.status_mut() = StatusCode::NOT_FOUND;
        return Ok(response);
    };
    *hub.lock().asked.entry(id.to_owned()).or_default() += 1;
    let treatment = hub.with(|world, _| world.treatment(id));
    if treatment.mode == Mode::Hang {
        std::future::pending::<()>().await; // until the client gives up
    }
    tokio::time::sleep(treatment.latency.max(TimeDelta::zero()).to_std().unwrap_or_default()).await;
    match provider::answer(treatment.mode, treatment.window, hub.now()) {
        Some(answer) => Ok(to_http(answer)),
        None => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

fn to_http(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let reset = match answer.reset {
        Reset::Absent => None,
        Reset::Nonsense => Some("soon".to_owned()),
        Reset::At(t) => Some(t.timestamp().to_string()),
    };
    let texts = [(RESET, reset), (STATUS, answer.word), (REMAINING, answer.remaining.map(|n| n.to_string()))];
    for (name, text) in texts {
        if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
            headers.insert(name, value);
        }
    }
    response
}
