//! The answers to changes, and the server's errors (`docs/server-contract.md`, sections 1 and 2).

use unicode_segmentation::UnicodeSegmentation as _;

use super::json::{body_text, members, number, text, truth};
use super::not_json;
use crate::model::{Change, Health, NotJson, Plain, Setting, masked};

/// How much of an error's text is kept, in characters. The server copies what a provider said, which may be a whole page.
const ERROR_TEXT: usize = 300;

/// Reads the position of the switch out of the answer to a change.
///
/// The toggles say it under a name of their own. Pausing and resuming only say that it was done, and so do some other servers
/// for all of them, or call it `enabled`.
///
/// # Errors
///
/// What the body was, where it does not say that the change was made.
pub fn read_change(body: &[u8], change: Change) -> Result<bool, NotJson> {
    let body = body_text(body);
    let own = match change.setting {
        Setting::AutoRefresh => Some("autoRefreshEnabled"),
        Setting::AutoFallback => Some("autoFallbackEnabled"),
        Setting::Paused => None,
    };
    let (mut position, mut enabled, mut success) = (None, None, None);
    members(&body, |name, value| match name {
        _ if Some(name) == own => position = truth(value),
        "enabled" if own.is_some() => enabled = truth(value),
        "success" => success = truth(value),
        _ => {}
    })
    .map_err(|error| not_json(&body, &error))?;
    match (position.or(enabled), success) {
        (Some(position), _) => Ok(position),
        (None, Some(true)) => Ok(change.to),
        (None, _) => Err(NotJson::WrongShape),
    }
}

/// Reads the priority out of the answer to setting it to `asked`.
///
/// # Errors
///
/// What the body was, where it does not say that the change was made.
pub fn read_priority(body: &[u8], asked: i64) -> Result<i64, NotJson> {
    let body = body_text(body);
    let (mut priority, mut success) = (None, None);
    members(&body, |name, value| match name {
        "priority" => priority = number(value),
        "success" => success = truth(value),
        _ => {}
    })
    .map_err(|error| not_json(&body, &error))?;
    match (priority, success) {
        (Some(priority), _) => Ok(priority as i64),
        (None, Some(true)) => Ok(asked),
        (None, _) => Err(NotJson::WrongShape),
    }
}

/// Reads that it was done.
///
/// # Errors
///
/// What the body was, where it does not say so.
pub fn read_done(body: &[u8]) -> Result<(), NotJson> {
    read_flag(body, "success").map(|_| ())
}

/// Reads whether usage has come anew, or was only asked for and is still to come.
///
/// # Errors
///
/// What the body was, where it does not say that it was done.
pub fn read_usage_begun(body: &[u8]) -> Result<bool, NotJson> {
    read_flag(body, "cacheRefreshed")
}

/// A member of an answer that says that it was done; true where it has no such member.
fn read_flag(body: &[u8], wanted: &str) -> Result<bool, NotJson> {
    let body = body_text(body);
    let (mut success, mut flag) = (None, None);
    members(&body, |name, value| {
        if name == "success" {
            success = truth(value);
        }
        if name == wanted {
            flag = truth(value);
        }
    })
    .map_err(|error| not_json(&body, &error))?;
    if success == Some(true) { Ok(flag.unwrap_or(true)) } else { Err(NotJson::WrongShape) }
}

/// Reads the server's own count out of the answer to `/health`, whatever its status (`docs/server-contract.md`, section 8).
///
/// # Errors
///
/// What the body was, where it is no JSON object.
pub fn read_health(body: &[u8]) -> Result<Health, NotJson> {
    let body = body_text(body);
    let mut health = Health::default();
    let count = |raw| number(raw).filter(|n| *n >= 0.0).map(|n| n as u64);
    members(&body, |name, value| match name {
        "status" => health.status = Plain::new(&text(value).unwrap_or_default()),
        "pool" => {
            // Where it is no object it says nothing.
            let _ = members(value.get(), |name, value| match name {
                "routable" => health.routable = count(value),
                "configured" => health.configured = count(value),
                _ => {}
            });
        }
        _ => {}
    })
    .map_err(|error| not_json(&body, &error))?;
    Ok(health)
}

/// The words in an error's body: of `{"error": "…", "details": "…"}`, of `{"type": "error", "error": {"message": "…"}}`, or of a
/// body of plain text. Nothing for a web page. Keys and tokens in it are masked.
pub fn error_text(body: &[u8]) -> Plain {
    let body = body_text(body);
    let (mut error, mut details, mut message) = (None, None, None);
    let walked = members(&body, |name, value| match name {
        "error" => match text(value) {
            Some(words) => error = Some(words),
            None => {
                // An error here means that it is no object either, and then it says nothing.
                let _ = members(value.get(), |name, value| match name {
                    "message" => error = text(value).or(error.take()),
                    "type" => error = error.take().or_else(|| text(value)),
                    _ => {}
                });
            }
        },
        "details" => details = text(value),
        "message" => message = text(value),
        _ => {}
    });
    let words = match (walked, error.or(message), details) {
        (Ok(()), Some(error), Some(details)) => format!("{error} ({details})"),
        (Ok(()), Some(words), None) | (Ok(()), None, Some(words)) => words.into_owned(),
        (Ok(()), None, None) => String::new(),
        (Err(_), ..) => match body.trim() {
            page if page.starts_with('<') => String::new(),
            words => words.to_owned(),
        },
    };
    shorten(&masked(&words))
}

/// The beginning of a long text, with a mark that there was more.
fn shorten(words: &str) -> Plain {
    let mut kept: String = words.graphemes(true).take(ERROR_TEXT).collect();
    if kept.len() < words.len() {
        kept.push('…');
    }
    Plain::new(&kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(setting: Setting, to: bool) -> Change {
        Change { setting, to }
    }

    #[test]
    fn the_answers_own_position_counts() {
        let refresh = change(Setting::AutoRefresh, true);
        for (body, expected) in [
            (r#"{"success":true,"message":"…","autoRefreshEnabled":true}"#, Ok(true)),
            (r#"{"success":true,"autoRefreshEnabled":false}"#, Ok(false)),
            (r#"{"success":true,"enabled":false}"#, Ok(false)),
            (r#"{"success":true}"#, Ok(true)),
            (r#"{"success":false}"#, Err(NotJson::WrongShape)),
            (r#"{"autoFallbackEnabled":true}"#, Err(NotJson::WrongShape)),
            ("{}", Err(NotJson::WrongShape)),
            ("[]", Err(NotJson::WrongShape)),
            ("", Err(NotJson::Empty)),
            (" <!doctype html>", Err(NotJson::Html)),
            (r#"{"success":tr"#, Err(NotJson::CutShort)),
            ("OK", Err(NotJson::Other)),
        ] {
            assert_eq!(read_change(body.as_bytes(), refresh), expected, "{body}");
        }
        let fallback = change(Setting::AutoFallback, true);
        assert_eq!(read_change(br#"{"success":true,"autoFallbackEnabled":false}"#, fallback), Ok(false));
    }

    #[test]
    fn the_servers_own_count_is_read_and_may_be_missing() {
        let body = br#"{"status":"ok","accounts":28,"pool":{"configured":28,"paused":4,"routable":22,"next_available_at":null}}"#;
        let health = Health { status: "ok".into(), routable: Some(22), configured: Some(28) };
        assert_eq!(read_health(body), Ok(health));
        for body in [&b"{}"[..], br#"{"pool":7}"#, br#"{"pool":{"routable":"x"}}"#] {
            assert_eq!(read_health(body), Ok(Health::default()));
        }
        assert_eq!(read_health(b"<html>"), Err(NotJson::Html));
    }

    #[test]
    fn pausing_is_done_when_the_server_says_so() {
        let body = br#"{"success":true,"message":"Account 'a' paused successfully"}"#;
        assert_eq!(read_change(body, change(Setting::Paused, true)), Ok(true));
        assert_eq!(read_change(body, change(Setting::Paused, false)), Ok(false));
        assert_eq!(
            read_change(br#"{"success":false}"#, change(Setting::Paused, true)),
            Err(NotJson::WrongShape)
        );
    }

    #[test]
    fn a_priority_is_the_one_that_the_answer_names() {
        for (body, expected) in [
            (r#"{"success":true,"priority":5}"#, Ok(5)),
            (r#"{"success":true,"priority":7}"#, Ok(7)),
            (r#"{"success":true}"#, Ok(5)),
            (r#"{"success":false}"#, Err(NotJson::WrongShape)),
            ("", Err(NotJson::Empty)),
            ("<html>", Err(NotJson::Html)),
        ] {
            assert_eq!(read_priority(body.as_bytes(), 5), expected, "{body}");
        }
    }

    #[test]
    fn a_command_is_done_when_the_server_says_so() {
        let said = r#"{"success":true,"message":"…","pollingRestarted":true,"cacheRefreshed":false}"#;
        assert_eq!(read_done(said.as_bytes()), Ok(()));
        assert_eq!(read_usage_begun(said.as_bytes()), Ok(false));
        assert_eq!(read_usage_begun(br#"{"success":true}"#), Ok(true));
        for (body, fault) in [
            (r#"{"success":false,"cacheRefreshed":true}"#, NotJson::WrongShape),
            ("{}", NotJson::WrongShape),
            ("", NotJson::Empty),
            (r#"{"success":tr"#, NotJson::CutShort),
        ] {
            assert_eq!(read_done(body.as_bytes()), Err(fault), "{body}");
            assert_eq!(read_usage_begun(body.as_bytes()), Err(fault), "{body}");
        }
    }

    #[test]
    fn recorded_errors_are_read_in_both_shapes() {
        let recorded: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/fixtures/errors.json")).expect("fixture");
        let mut checked = 0;
        for case in recorded.as_array().expect("cases") {
            let Some(expected) = case["json"]["error"].as_str().or(case["json"]["error"]["message"].as_str())
            else {
                continue;
            };
            let text = error_text(case["json"].to_string().as_bytes());
            assert!(text.as_str().starts_with(Plain::new(expected).as_str()), "{text} of {case}");
            checked += 1;
        }
        assert!(checked > 20, "{checked}");
        let exhausted = error_text(include_bytes!("../../tests/fixtures/pool-exhausted-503.json"));
        assert_eq!(exhausted, "All accounts are temporarily unavailable");
    }

    #[test]
    fn odd_errors_have_some_words_or_none() {
        for (body, expected) in [
            (r#"{"error":"no","details":"since then"}"#, "no (since then)"),
            (r#"{"error":"no","details":{"a":1}}"#, "no"),
            (r#"{"error":{"type":"t","message":"m"}}"#, "m"),
            (r#"{"error":{"message":"m","type":"t"}}"#, "m"),
            (r#"{"error":{"type":"t","message":7}}"#, "t"),
            (r#"{"error":{"type":"t"}}"#, "t"),
            (r#"{"error":17}"#, ""),
            (r#"{"message":"m"}"#, "m"),
            ("{}", ""),
            ("", ""),
            ("  Bad Gateway\n", "Bad Gateway"),
            ("<html><h1>no</h1>", ""),
            ("\u{1b}[2Jgone", "\u{FFFD}[2Jgone"),
        ] {
            assert_eq!(error_text(body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn keys_in_an_error_are_masked() {
        let secret =
            error_text(br#"{"error":"no: Authorization: Bearer abcdefghijklmnop, sk-ant-api03-abcdef"}"#);
        assert!(!secret.as_str().contains("abcdef") && secret.as_str().contains("***"), "{secret}");
    }

    #[test]
    fn a_long_error_is_cut_and_marked() {
        let text = error_text(&b"x".repeat(70_000));
        assert_eq!(text.as_str().chars().count(), ERROR_TEXT + 1);
        assert!(text.as_str().ends_with('…'));
    }
}
