//! The dummy message: a real request over HTTP, to loopback only.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use reqwest::Url;
use serde_json::json;
use tokio::net::TcpStream;

use super::provider::{Answer, CLOSED, Reply, Reset};
use super::scheduler::Probe;
use super::upstream;

/// What is kept of an answer's body.
const LONGEST_BODY: usize = 1 << 20;

/// How the messages introduce themselves.
const AGENT: &str = concat!("flaretop-demo/", env!("CARGO_PKG_VERSION"));

/// What the server logs where nobody listens.
pub(super) const REFUSED: &str = "Unable to connect. Is the computer able to access the url?";

/// Where a message goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    addresses: Vec<SocketAddr>,
    host: String,
    path: String,
}

/// Finds where an endpoint is, without asking anyone. The error says why nothing may be sent there.
pub(super) fn place(endpoint: &str) -> Result<Place, String> {
    let no = |why: &str| format!("nothing was sent to {endpoint}: {why}");
    let url = Url::parse(endpoint).map_err(|_| no("it is no URL"))?;
    if url.scheme() != "http" {
        return Err(no("the demo sends plain HTTP to loopback only"));
    }
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(80);
    let addresses: Vec<SocketAddr> = if host.eq_ignore_ascii_case("localhost") {
        let both = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        both.map(|ip| SocketAddr::new(ip, port)).to_vec()
    } else {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        bare.parse().into_iter().map(|ip: IpAddr| SocketAddr::new(ip, port)).collect()
    };
    if addresses.is_empty() || !addresses.iter().all(|a| a.ip().is_loopback()) {
        return Err(no("the demo sends to loopback only"));
    }
    let path = url.path().trim_end_matches('/');
    let path = if path.ends_with("/v1/messages") { path.to_owned() } else { format!("{path}/v1/messages") };
    Ok(Place { addresses, host: format!("{host}:{port}"), path })
}

/// Sends a message, and gives up after `patience`.
pub(super) async fn send(probe: &Probe, built_in: SocketAddr, patience: Duration) -> Reply {
    let place = match &probe.endpoint {
        Some(endpoint) => place(endpoint),
        None => Ok(Place {
            addresses: vec![built_in],
            host: built_in.to_string(),
            path: format!("/u/{}/v1/messages", probe.id),
        }),
    };
    let place = match place {
        Ok(place) => place,
        Err(why) => return Reply::Broken(why),
    };
    match tokio::time::timeout(patience, ask(probe, &place)).await {
        Ok(Ok(answer)) => Reply::Answer(answer),
        Ok(Err(why)) => Reply::Broken(why),
        Err(_) => Reply::TimedOut,
    }
}

async fn ask(probe: &Probe, place: &Place) -> Result<Answer, String> {
    let socket = TcpStream::connect(&*place.addresses).await.map_err(|_| REFUSED.to_owned())?;
    let broken = |error: hyper::Error| {
        if error.is_parse() {
            format!(
                "Malformed_HTTP_Response fetching \"http://{}{}\". For more information, pass `verbose: true` in the second argument to fetch()",
                place.host, place.path
            )
        } else {
            CLOSED.to_owned()
        }
    };
    let (mut sender, connection) = http1::handshake(TokioIo::new(socket)).await.map_err(broken)?;
    let connection = tokio::spawn(connection);
    let body = json!({
        "model": probe.model, "max_tokens": 10,
        "messages": [{ "role": "user", "content": probe.prompt }],
    });
    let request = Request::post(&place.path)
        .header(HOST, &place.host)
        .header(USER_AGENT, AGENT)
        .header(CONTENT_TYPE, "application/json")
        .body(Full::<Bytes>::from(body.to_string()))
        .map_err(|_| "the endpoint's path cannot be asked for".to_owned())?;
    let response = sender.send_request(request).await.map_err(broken);
    let answer = match response {
        Ok(response) => Ok(read(response).await),
        Err(why) => Err(why),
    };
    connection.abort();
    answer
}

async fn read(response: Response<Incoming>) -> Answer {
    let (parts, body) = response.into_parts();
    let header = |name| parts.headers.get(name).and_then(|v| v.to_str().ok());
    let (reset, word) = (Reset::from_header(header(upstream::RESET)), header(upstream::STATUS));
    let remaining = header(upstream::REMAINING).and_then(|text| text.parse().ok());
    let word = word.map(str::to_owned);
    let body = match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => String::from_utf8_lossy(&body.to_bytes()).into_owned(),
        Err(_) => String::new(),
    };
    Answer { status: parts.status.as_u16(), reset, word, remaining, body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_a_place_to_send_to() {
        for (endpoint, path) in [
            ("http://127.0.0.1:9/u/a", "/u/a/v1/messages"),
            ("http://127.8.9.1/", "/v1/messages"),
            ("http://[::1]:9/v1/messages", "/v1/messages"),
            ("http://LOCALHOST:9", "/v1/messages"),
        ] {
            let place = place(endpoint).unwrap();
            assert_eq!(place.path, path);
            assert!(place.addresses.iter().all(|a| a.ip().is_loopback()));
        }
        for endpoint in [
            "https://custom.api.endpoint/v1/messages",
            "http://custom.api.endpoint/v1/messages",
            "https://127.0.0.1/",
            "http://192.0.2.1/",
            "http://localhost.example/",
            "http://127.0.0.1.example/",
            "http://user@192.0.2.1/",
            "http://[::ffff:192.0.2.1]/",
            "http://0.0.0.0/",
            "javascript:1",
            "bedrock:work:eu-west-1",
            "nonsense",
        ] {
            assert!(place(endpoint).unwrap_err().contains("nothing was sent to"), "{endpoint}");
        }
    }
}
