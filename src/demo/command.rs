//! The control API under `/demo/`: [`Control`] over HTTP, for curl (`docs/demo-api.md`).
//!
//! It answers while the server is frozen, and needs no key: the server listens on loopback only.

use std::time::Duration;

use chrono::TimeDelta;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::api::{Answer, Request};
use super::control::Control;
use super::faults::Fault;
use super::log::Level;
use super::provider::Mode;

/// The longest time that can be asked for, in seconds: a day, either way.
const LONGEST: f64 = 86_400.0;
/// How long the answer to a request for a restart has to get away, before every connection is closed.
const PARTING: Duration = Duration::from_millis(100);
/// The first byte of a character of two: a stream that ends behind it was cut inside a character.
const HALF_A_CHARACTER: &[u8] = b"data: {\"ts\":0,\"level\":\"INFO\",\"msg\":\"\xc3";

/// What can be asked for, as `GET /demo` tells it.
const ROUTES: [(&str, &str); 19] = [
    ("GET /demo", "this list, and how the server is"),
    ("GET /demo/requests", "what was asked for, oldest first"),
    ("DELETE /demo/requests", "forget it"),
    ("POST /demo/accounts", "add an account: a row in the list's spelling, such as {\"name\":\"new\"}"),
    ("POST /demo/accounts/{id}", "set fields, such as {\"rateLimitReset\":null}"),
    ("DELETE /demo/accounts/{id}", "drop it"),
    (
        "POST /demo/accounts/{id}/provider",
        "{\"mode\":\"limited\",\"latency\":0.5,\"window\":60,\"traffic\":1}; modes: ok, no-reset, nonsense, past, \
         limited-word, unauthorized, forbidden, not-found, limited, limited-no-reset, server-error, overloaded, close, hang",
    ),
    ("POST /demo/check", "have the scheduler look now"),
    ("POST /demo/freeze", "accept connections and answer nothing; {\"seconds\":5} thaws by itself"),
    ("POST /demo/thaw", "answer again"),
    ("POST /demo/restart", "go away and come back; {\"seconds\":5} says after how long"),
    (
        "POST /demo/faults",
        "{\"path\":\"/api/accounts\",\"status\":500,\"body\":{},\"content_type\":\"text/html\",\"delay\":2,\"cut_after\":100,\"times\":1}",
    ),
    ("DELETE /demo/faults", "answer as usual again"),
    ("POST /demo/streams/cut", "cut the log's streams; {\"inside\":true} cuts inside a UTF-8 sequence"),
    ("POST /demo/log", "write a record: {\"level\":\"WARN\",\"msg\":\"text\"}"),
    ("POST /demo/clock", "{\"seconds\":94}: the server's clock is ahead"),
    ("POST /demo/date", "{\"seconds\":94}: only the Date header is"),
    ("POST /demo/key", "{\"key\":\"btr-…\"}: want that API key; null for none"),
    ("POST /demo/changes", "{\"held\":true}: requests that change an account wait"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seconds {
    seconds: f64,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct MaybeSeconds {
    seconds: Option<f64>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Provider {
    mode: Option<Mode>,
    latency: Option<f64>,
    window: Option<f64>,
    traffic: Option<f64>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Cut {
    inside: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default)]
    level: Word,
    msg: String,
    data: Option<Value>,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "UPPERCASE")]
enum Word {
    Debug,
    #[default]
    Info,
    Warn,
    Error,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    key: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Held {
    held: bool,
}

impl From<Word> for Level {
    fn from(word: Word) -> Self {
        match word {
            Word::Debug => Self::Debug,
            Word::Info => Self::Info,
            Word::Warn => Self::Warn,
            Word::Error => Self::Error,
        }
    }
}

type Done = Result<Answer, Answer>;

/// The body, where an empty one is `{}`. The error says what is wrong with it.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Answer> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    serde_json::from_slice(body)
        .map_err(|error| Answer::error(400, format!("{error}; GET /demo shows what is understood")))
}

fn span(seconds: f64) -> TimeDelta {
    TimeDelta::milliseconds((seconds.clamp(-LONGEST, LONGEST) * 1_000.0) as i64)
}

fn pause(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.clamp(0.0, LONGEST)).unwrap_or_default()
}

fn success() -> Answer {
    Answer::ok(json!({ "success": true }))
}

fn found(is_there: bool) -> Done {
    if is_there { Ok(success()) } else { Err(Answer::no_account()) }
}

/// Answers a request for a path under `/demo`.
pub(super) fn respond(control: &Control, request: Request<'_>) -> Answer {
    let Request { method, path, body } = request;
    let rest = path.strip_prefix("/demo").unwrap_or_default().trim_matches('/');
    let words: Vec<&str> = rest.split('/').collect();
    let answer = match (method, &*words) {
        ("GET", [""]) => Ok(Answer::ok(overview(control))),
        ("GET", ["requests"]) => {
            Ok(Answer::ok(control.requests().iter().map(super::faults::Seen::to_json).collect()))
        }
        ("DELETE", ["requests"]) => {
            control.forget_requests();
            Ok(success())
        }
        ("POST", ["accounts"]) => add(control, body),
        ("POST", ["accounts", id]) => {
            read(body).and_then(|fields: Map<String, Value>| found(control.set(id, &fields)))
        }
        ("DELETE", ["accounts", id]) => found(control.drop_account(id)),
        ("POST", ["accounts", id, "provider"]) => read(body).and_then(|asked| treat(control, id, &asked)),
        ("POST", [thing @ ("faults" | "key" | "log" | "clock" | "date" | "changes")]) => {
            set(control, thing, body)
        }
        ("DELETE", ["faults"]) => {
            control.mend();
            Ok(success())
        }
        ("POST", ["streams", "cut"]) => read(body).map(|Cut { inside }| {
            control.cut_streams(if inside { HALF_A_CHARACTER } else { b"" });
            success()
        }),
        ("POST", ["check"]) => {
            control.check();
            Ok(success())
        }
        ("POST", ["freeze"]) => read(body).map(|MaybeSeconds { seconds }| {
            control.freeze();
            if let Some(seconds) = seconds {
                let control = control.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(pause(seconds)).await;
                    control.thaw();
                });
            }
            success()
        }),
        ("POST", ["thaw"]) => {
            control.thaw();
            Ok(success())
        }
        ("POST", ["restart"]) => read(body).map(|MaybeSeconds { seconds }| {
            let control = control.clone();
            tokio::spawn(async move {
                tokio::time::sleep(PARTING).await;
                control.stop();
                tokio::time::sleep(pause(seconds.unwrap_or(1.0))).await;
                control.start();
            });
            success()
        }),
        _ => Err(Answer::error(404, "No such thing to do; GET /demo shows what there is")),
    };
    answer.unwrap_or_else(|refusal| refusal)
}

fn overview(control: &Control) -> Value {
    let condition = control.hub.condition();
    let routes: Map<String, Value> =
        ROUTES.iter().map(|(route, does)| ((*route).to_owned(), json!(does))).collect();
    json!({
        "routes": routes, "frozen": condition.frozen, "changes_held": condition.changes_held,
        "streams": control.streams(), "requests": control.requests().len(),
    })
}

fn add(control: &Control, body: &[u8]) -> Done {
    let row: Map<String, Value> = read(body)?;
    if !row.get("name").is_some_and(Value::is_string) {
        return Err(Answer::error(400, "name is required, and is a text"));
    }
    Ok(Answer::ok(json!({ "success": true, "id": control.put_account(&Value::Object(row)) })))
}

fn treat(control: &Control, id: &str, asked: &Provider) -> Done {
    found(control.treat(id, |treatment| {
        treatment.mode = asked.mode.unwrap_or(treatment.mode);
        treatment.latency = asked.latency.map_or(treatment.latency, span);
        treatment.window = asked.window.map_or(treatment.window, span);
        treatment.traffic = asked.traffic.unwrap_or(treatment.traffic);
    }))
}

fn set(control: &Control, thing: &str, body: &[u8]) -> Done {
    match thing {
        "faults" => control.fault(read::<Fault>(body)?),
        "key" => control.require_key(read::<Key>(body)?.key),
        "log" => {
            let Line { level, msg, data } = read(body)?;
            control.log(level.into(), &msg, data);
        }
        "clock" => control.set_clock_ahead(span(read::<Seconds>(body)?.seconds)),
        "date" => control.set_date_ahead(span(read::<Seconds>(body)?.seconds)),
        _ if read::<Held>(body)?.held => control.hold_changes(),
        _ => control.release_changes(),
    }
    Ok(success())
}
