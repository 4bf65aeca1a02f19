//! The simulated provider: what it answers to a dummy message, as a value.

use chrono::{SubsecRound as _, TimeDelta};
use serde::Deserialize;
use serde_json::json;

use crate::model::Timestamp;

/// The five dummy messages of the guide.
pub const PROMPTS: [&str; 5] = [
    "Write a hello world program in Python",
    "What is 2+2?",
    "Tell me a programmer joke",
    "What is the capital of France?",
    "Explain recursion in one sentence",
];

/// What an answer's header says of the window's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// There is no such header.
    Absent,
    /// There is one, and no date can be made of it.
    Nonsense,
    /// The window's end.
    At(Timestamp),
}

impl Reset {
    /// From the header's text: whole seconds since 1970.
    pub fn from_header(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::Absent };
        let seconds = text.trim().parse::<i64>().ok();
        seconds.and_then(|s| Timestamp::from_timestamp(s, 0)).map_or(Self::Nonsense, Self::At)
    }

    /// The time, where there is one.
    pub fn time(self) -> Option<Timestamp> {
        match self {
            Self::At(t) => Some(t),
            Self::Absent | Self::Nonsense => None,
        }
    }
}

/// An answer over HTTP, reduced to what the server looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The window's end.
    pub reset: Reset,
    /// The provider's word for the account's state.
    pub word: Option<String>,
    /// What is left.
    pub remaining: Option<i64>,
    /// The body.
    pub body: String,
}

/// What came of a dummy message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An answer.
    Answer(Answer),
    /// The connection was refused, closed or garbled, or nothing was sent; with the reason as it is logged.
    Broken(String),
    /// No answer in time.
    TimedOut,
    /// The access token could not be renewed, so nothing was sent.
    SignedOut,
}

/// How the provider behaves towards one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Success, with the new window's end.
    #[default]
    Ok,
    /// Success without a window's end.
    NoReset,
    /// Success with a header that is no date.
    Nonsense,
    /// Success with a window that is already over.
    Past,
    /// Success by its status, and a word that says the account is limited.
    LimitedWord,
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 429 with the window's end.
    Limited,
    /// 429 without one.
    LimitedNoReset,
    /// 500.
    ServerError,
    /// 529.
    Overloaded,
    /// The connection is closed without an answer.
    Close,
    /// No answer at all.
    Hang,
    /// Success, and a usage answer without the five-hour window, which counts as a failure.
    NoUsage,
    /// Not the provider: the server's own door wants a key of its own message, as where API keys are on.
    KeyWanted,
}

/// What `mode` answers at `now`, where its windows last `window`. None where there is no answer: closed, or hanging.
pub fn answer(mode: Mode, window: TimeDelta, now: Timestamp) -> Option<Answer> {
    // The header holds whole seconds; the next one, so that no window is shorter than it is said to be.
    let end = (now + window + TimeDelta::milliseconds(999)).trunc_subsecs(0);
    let ok = |reset, word: &str| {
        Answer {
        status: 200,
        reset,
        word: Some(word.to_owned()),
        remaining: Some(42),
        body: json!({
            "id": format!("msg_demo_{}", now.timestamp_millis()), "type": "message", "role": "assistant",
            "model": "demo", "content": [{ "type": "text", "text": "Hello from the simulated provider" }],
            "stop_reason": "max_tokens", "stop_sequence": null, "usage": { "input_tokens": 12, "output_tokens": 10 },
        })
        .to_string(),
    }
    };
    let refused = |status, kind: &str, text: &str, reset| Answer {
        status,
        reset,
        word: None,
        remaining: None,
        body: json!({ "type": "error", "error": { "type": kind, "message": text } }).to_string(),
    };
    Some(match mode {
        Mode::Ok | Mode::NoUsage => ok(Reset::At(end), "allowed"),
        Mode::NoReset => Answer { word: None, remaining: None, ..ok(Reset::Absent, "") },
        Mode::Nonsense => ok(Reset::Nonsense, "allowed"),
        Mode::Past => ok(Reset::At(end - window - TimeDelta::hours(1)), "allowed"),
        Mode::LimitedWord => ok(Reset::At(end), "rate_limited"),
        Mode::Unauthorized => {
            refused(401, "authentication_error", "the credentials are refused", Reset::Absent)
        }
        Mode::KeyWanted => refused(401, "authentication_error", "API key required", Reset::Absent),
        Mode::Forbidden => refused(403, "permission_error", "the account may not do this", Reset::Absent),
        Mode::NotFound => refused(404, "not_found_error", "no such model", Reset::Absent),
        Mode::Limited => refused(429, "rate_limit_error", "the window is used up", Reset::At(end)),
        Mode::LimitedNoReset => refused(429, "rate_limit_error", "the window is used up", Reset::Absent),
        Mode::ServerError => refused(500, "api_error", "something failed", Reset::Absent),
        Mode::Overloaded => refused(529, "overloaded_error", "too much to do", Reset::Absent),
        Mode::Close | Mode::Hang => return None,
    })
}

/// [`answer`], with the two that are none as the server meets them.
pub fn reply(mode: Mode, window: TimeDelta, now: Timestamp) -> Reply {
    match answer(mode, window, now) {
        Some(answer) => Reply::Answer(answer),
        None if mode == Mode::Hang => Reply::TimedOut,
        None => Reply::Broken(CLOSED.to_owned()),
    }
}

/// What the server logs where a connection was closed.
pub const CLOSED: &str = "The socket connection was closed unexpectedly. For more information, pass `verbose: true` in the second argument to fetch()";
