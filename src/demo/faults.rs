//! What goes wrong on command, as values: answers in place of the usual ones, and what was asked for.

use std::collections::VecDeque;
use std::time::Duration;

use hyper::http::request::Parts;
use serde::Deserialize;
use serde_json::{Value, json};
use smol_str::SmolStr;

use super::api::Answer;

/// Most requests that are kept.
pub const MOST_SEEN: usize = 1_000;
/// Most bytes that their bodies hold.
const MOST_BYTES: usize = 1 << 20;
/// The headers that are kept: what was let in by, and what the body is.
const HEADERS: [&str; 3] = ["x-api-key", "authorization", "content-type"];
/// The longest delay of an answer.
const LONGEST_DELAY: f64 = 3_600.0;

/// An answer in place of the usual one. What is not said stays as it would be.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// For paths that end like this; all where it is empty.
    pub path: String,
    /// Seconds that the answer takes longer.
    pub delay: f64,
    /// The status.
    pub status: Option<u16>,
    /// The body: a text as it is, anything else as JSON.
    pub body: Option<Value>,
    /// What the head says of the body.
    pub content_type: Option<String>,
    /// Where the answer points to.
    pub location: Option<String>,
    /// Bytes of the body after which the connection is closed, though the head has promised them all.
    pub cut_after: Option<usize>,
    /// How often; always where nothing is said.
    pub times: Option<u32>,
}

/// A body of JSON or of text, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whole {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) location: Option<String>,
    pub(super) body: String,
    pub(super) cut_after: Option<usize>,
}

impl From<&Answer> for Whole {
    fn from(answer: &Answer) -> Self {
        let (status, body) = (answer.status, answer.json.to_string());
        Self { status, content_type: "application/json".to_owned(), location: None, body, cut_after: None }
    }
}

impl Fault {
    /// How much longer the answer takes.
    pub(super) fn delay(&self) -> Duration {
        Duration::try_from_secs_f64(self.delay.clamp(0.0, LONGEST_DELAY)).unwrap_or_default()
    }

    /// True where there is no need of the usual answer.
    pub(super) fn replaces(&self) -> bool {
        self.status.is_some() || self.body.is_some() || self.location.is_some()
    }

    /// The answer, from the usual one where there is one.
    pub(super) fn apply(&self, usual: Option<Answer>) -> Whole {
        let status = self.status.unwrap_or(if self.location.is_some() { 302 } else { 200 });
        let empty = Answer::error(status, "A fault that was asked for");
        let mut whole = Whole::from(&usual.unwrap_or(empty));
        match &self.body {
            None => {}
            Some(Value::String(text)) => whole.body.clone_from(text),
            Some(json) => whole.body = json.to_string(),
        }
        whole.status = self.status.unwrap_or(whole.status);
        whole.location.clone_from(&self.location);
        whole.cut_after = self.cut_after;
        if let Some(kind) = &self.content_type {
            whole.content_type.clone_from(kind);
        }
        whole
    }
}

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `GET`, `POST`.
    pub method: SmolStr,
    /// The path without a query.
    pub path: SmolStr,
    /// `x-api-key`, `authorization` and `content-type` as they were sent; their names are in lower case.
    pub headers: Vec<(SmolStr, SmolStr)>,
    /// The body.
    pub body: String,
}

impl Seen {
    /// From the head of a request, and its body.
    pub(super) fn new(head: &Parts, body: &[u8]) -> Self {
        let value =
            |name| head.headers.get(name).map(|v| SmolStr::from(String::from_utf8_lossy(v.as_bytes())));
        Self {
            method: SmolStr::new(head.method.as_str()),
            path: SmolStr::new(head.uri.path()),
            headers: HEADERS
                .into_iter()
                .filter_map(|name| Some((SmolStr::new_static(name), value(name)?)))
                .collect(),
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The request as the control API tells it: that there was a key, and not which.
    pub(super) fn to_json(&self) -> Value {
        let keyed = self.header("x-api-key").or(self.header("authorization")).is_some();
        json!({ "method": self.method.as_str(), "path": self.path.as_str(), "body": self.body, "key": keyed })
    }
}

/// All that is wrong now, and what was asked for.
#[derive(Debug, Default)]
pub(super) struct Faults {
    list: Vec<Fault>,
    pub(super) key: Option<String>,
    seen: VecDeque<Seen>,
    bytes: usize,
}

impl Faults {
    /// Takes in a fault, in place of one for the same path.
    pub(super) fn add(&mut self, fault: Fault) {
        self.list.retain(|f| f.path != fault.path);
        self.list.push(fault);
    }

    /// All is well again, but for the key.
    pub(super) fn mend(&mut self) {
        self.list.clear();
    }

    /// Keeps a request, and lets the oldest go where there are too many.
    pub(super) fn note(&mut self, request: Seen) {
        self.bytes += request.body.len();
        self.seen.push_back(request);
        while self.seen.len() > MOST_SEEN || self.bytes > MOST_BYTES {
            let Some(oldest) = self.seen.pop_front() else { break };
            self.bytes -= oldest.body.len();
        }
    }

    /// The requests, oldest first.
    pub(super) fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.seen.iter()
    }

    /// Forgets the requests.
    pub(super) fn forget(&mut self) {
        self.seen.clear();
        self.bytes = 0;
    }

    /// The fault for a path, which is used up by one.
    pub(super) fn take(&mut self, path: &str) -> Option<Fault> {
        let fault = self.list.iter_mut().find(|f| path.ends_with(&f.path))?;
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
        }
        let taken = fault.clone();
        self.list.retain(|f| f.times != Some(0));
        Some(taken)
    }

    /// The refusal of a request whose key is not the one that is wanted (`docs/server-contract.md`, section 6).
    pub(super) fn refusal(&self, key: Option<&str>) -> Option<Answer> {
        let wanted = self.key.as_deref()?;
        match key.filter(|k| !k.is_empty()) {
            Some(sent) if sent == wanted => None,
            Some(_) => Some(Answer::error(401, "Invalid API key")),
            None => Some(Answer::error(
                401,
                "API key required. Include it in the 'x-api-key' header or Authorization: Bearer <key>",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_fault_changes_what_it_names_and_no_more() {
        let usual = || Some(Answer::ok(json!([1, 2])));
        let whole = fault(r#"{"path":"/a","cut_after":3}"#).apply(usual());
        assert_eq!((whole.status, whole.body.as_str(), whole.cut_after), (200, "[1,2]", Some(3)));
        let whole = fault(r#"{"status":500}"#).apply(None);
        assert_eq!((whole.status, whole.body.as_str()), (500, r#"{"error":"A fault that was asked for"}"#));
        let whole = fault(r#"{"body":"<html>","content_type":"text/html"}"#).apply(usual());
        assert_eq!((whole.status, whole.body.as_str()), (200, "<html>"));
        assert_eq!(whole.content_type, "text/html");
        let whole = fault(r#"{"location":"http://127.0.0.1:1/"}"#).apply(None);
        assert_eq!((whole.status, whole.location.as_deref()), (302, Some("http://127.0.0.1:1/")));
        assert!(serde_json::from_str::<Fault>(r#"{"statsu":500}"#).is_err());
    }

    #[test]
    fn a_fault_is_for_the_end_of_a_path_and_for_so_many_times() {
        let mut faults = Faults::default();
        faults.add(Fault { path: "/accounts".to_owned(), times: Some(2), ..Fault::default() });
        assert!(faults.take("/api/stats").is_none());
        assert!(faults.take("/api/accounts").is_some());
        assert!(faults.take("/api/accounts").is_some());
        assert!(faults.take("/api/accounts").is_none());
    }

    #[test]
    fn the_key_is_asked_for_in_the_recorded_words() {
        let mut faults = Faults::default();
        assert!(faults.refusal(None).is_none());
        faults.key = Some("right".to_owned());
        let text = |key| faults.refusal(key).map(|a| a.json["error"].as_str().unwrap().to_owned());
        assert_eq!(text(Some("right")), None);
        assert_eq!(text(Some("wrong")).as_deref(), Some("Invalid API key"));
        assert!(text(None).is_some_and(|t| t.starts_with("API key required.")));
    }

    fn asked(path: &str, body: &[u8]) -> Seen {
        let head =
            hyper::Request::get(path).header("X-Api-Key", "btr-secret").header("accept", "*/*").body(());
        Seen::new(&head.unwrap().into_parts().0, body)
    }

    #[test]
    fn what_was_asked_for_is_kept_within_bounds() {
        let mut faults = Faults::default();
        for n in 0..MOST_SEEN + 5 {
            faults.note(asked(&format!("/{n}?q=1"), b"{}"));
        }
        assert_eq!(faults.seen().count(), MOST_SEEN);
        assert_eq!(faults.seen().next().map(|s| s.path.as_str()), Some("/5"));
        let half = vec![b'x'; MOST_BYTES / 2];
        for n in 0..3 {
            faults.note(asked(&format!("/half/{n}"), &half));
        }
        let paths: Vec<_> = faults.seen().map(|s| s.path.as_str()).collect();
        assert_eq!(paths, ["/half/1", "/half/2"]);
        faults.forget();
        faults.note(asked("/again", &half));
        assert_eq!(faults.seen().count(), 1);
    }

    #[test]
    fn a_key_is_not_told_again() {
        let seen = asked("/api/accounts", b"");
        assert_eq!((seen.header("x-api-key"), seen.header("accept")), (Some("btr-secret"), None));
        assert!(!seen.to_json().to_string().contains("secret"));
        assert_eq!(seen.to_json()["key"], true);
    }
}
