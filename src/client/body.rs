//! Taking in bodies within bounds, and what a head says before the body is there.

use std::ops::Deref;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION};
use reqwest::{Response, StatusCode};
use tokio::time::timeout;

use super::transport::{body_failure, seconds};
use crate::api::error_text;
use crate::model::{AuthProblem, Failure, NotJson, Plain, Timestamp, masked};

/// How much of an error's body is read. The rest would not be shown.
const ERROR_LIMIT: usize = 64 * 1024;

/// How much of the address of a redirection is shown, in characters.
const LOCATION_SHOWN: usize = 200;

/// A bound in MiB, as it is told to a person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mebibytes(pub(super) u32);

impl Mebibytes {
    fn bytes(self) -> u64 {
        u64::from(self.0) * 1024 * 1024
    }

    fn breached(self) -> Failure {
        Failure::TooLarge(u64::from(self.0))
    }
}

/// The whole body of an answer that should be JSON.
///
/// Any time that no byte comes for `patience` it is given up; a large body over a slow line may take as long as it needs.
/// The buffer has the announced size from the start, or grows by a quarter, so that there are never two of it.
pub(super) async fn read(
    mut response: Response,
    limit: Mebibytes,
    patience: Duration,
) -> Result<Vec<u8>, Failure> {
    if is_html(response.headers()) {
        return Err(Failure::NotJson(NotJson::Html));
    }
    let announced = response.content_length().unwrap_or(0);
    if announced > limit.bytes() {
        return Err(limit.breached());
    }
    let mut body = Vec::with_capacity(announced as usize);
    while let Some(chunk) = next(&mut response, patience).await? {
        if (body.len() + chunk.len()) as u64 > limit.bytes() {
            return Err(limit.breached());
        }
        if body.capacity() - body.len() < chunk.len() {
            body.reserve_exact(chunk.len().max(body.len() / 4));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

async fn next(
    response: &mut Response,
    patience: Duration,
) -> Result<Option<impl Deref<Target = [u8]> + use<>>, Failure> {
    match timeout(patience, response.chunk()).await {
        Ok(Ok(chunk)) => Ok(chunk),
        Ok(Err(error)) => Err(body_failure(&error)),
        Err(_) => Err(Failure::AnswerTimeout(seconds(patience))),
    }
}

/// The failure that an answer with another status than 200 is (`docs/server-contract.md`, sections 1 and 6).
pub(super) async fn refusal(mut response: Response, patience: Duration) -> Failure {
    let status = response.status();
    if status.is_redirection()
        && let Some(location) = response.headers().get(LOCATION)
    {
        let location = String::from_utf8_lossy(location.as_bytes());
        return Failure::Redirected(
            masked(&location).chars().take(LOCATION_SHOWN).collect::<String>().into(),
        );
    }
    let mut body = Vec::new();
    if !is_html(response.headers()) {
        // What came before the body broke off is as good as it gets.
        while let Ok(Some(chunk)) = next(&mut response, patience).await {
            body.extend_from_slice(&chunk);
            if body.len() > ERROR_LIMIT {
                break;
            }
        }
    }
    let text = error_text(&body);
    if status == StatusCode::UNAUTHORIZED {
        return Failure::Unauthorized(auth_problem(text));
    }
    if status == StatusCode::BAD_REQUEST && says_tls_is_wanted(&body) {
        return Failure::WantsTls;
    }
    Failure::Status { status: status.as_u16(), text }
}

fn auth_problem(text: Plain) -> AuthProblem {
    match text.as_str() {
        words if words.starts_with("API key required") => AuthProblem::KeyRequired,
        words if words.starts_with("Invalid API key") => AuthProblem::InvalidKey,
        words if words.contains("does not have dashboard access") => AuthProblem::NotAdmin,
        "" => AuthProblem::Other("unauthorized".into()),
        _ => AuthProblem::Other(text),
    }
}

/// What common servers in front of others answer to plain HTTP on a port for TLS.
fn says_tls_is_wanted(body: &[u8]) -> bool {
    let words = String::from_utf8_lossy(body);
    ["HTTP request to an HTTPS server", "plain HTTP to an SSL-enabled"]
        .iter()
        .any(|known| words.contains(known))
}

/// True where the head announces a web page.
pub(super) fn is_html(headers: &HeaderMap) -> bool {
    is_type(headers, "text/html")
}

/// True where the head announces this type, whatever its parameters.
pub(super) fn is_type(headers: &HeaderMap, wanted: &str) -> bool {
    let announced = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    announced.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}

/// The server's clock, from the head (RFC 9110, 5.6.7: the one form that is still written).
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    let naive = chrono::NaiveDateTime::parse_from_str(text, "%a, %d %b %Y %H:%M:%S GMT").ok()?;
    Some(naive.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn head(name: reqwest::header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn the_servers_clock_is_read_from_its_one_form() {
        let read = |value| date(&head(DATE, value)).map(|t| t.timestamp());
        assert_eq!(read("Mon, 23 Nov 2026 07:30:44 GMT"), Some(1_795_419_044));
        for value in
            ["", "soon", "Tue, 23 Nov 2026 07:30:44 GMT", "Mon, 23 Nov 2026 07:30:44", "2026-11-23T07:30:44Z"]
        {
            assert_eq!(read(value), None, "{value}");
        }
        assert_eq!(date(&HeaderMap::new()), None);
    }

    #[test]
    fn types_are_told_without_their_parameters() {
        assert!(is_html(&head(CONTENT_TYPE, "Text/HTML; charset=utf-8")));
        assert!(is_type(&head(CONTENT_TYPE, "text/event-stream"), "text/event-stream"));
        assert!(!is_type(&head(CONTENT_TYPE, "text/event-streams"), "text/event-stream"));
        assert!(!is_html(&HeaderMap::new()));
    }

    #[test]
    fn the_three_refusals_at_the_door_are_told_apart() {
        let recorded: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../tests/fixtures/auth.json")).expect("fixture");
        let mut seen = Vec::new();
        for case in recorded.iter().filter(|case| case["status"] == 401) {
            let problem = auth_problem(error_text(case["body"].as_str().expect("body").as_bytes()));
            assert!(!matches!(problem, AuthProblem::Other(_)), "{case}");
            if !seen.contains(&problem) {
                seen.push(problem);
            }
        }
        assert_eq!(seen.len(), 3);
        assert_eq!(auth_problem("no".into()), AuthProblem::Other("no".into()));
    }
}
