//! What a request's body holds, read by JavaScript's rules as the observed server reads it, and how that is refused.

use reqwest::Url;
use serde_json::{Value, json};

use super::api::Answer;
use super::log::{Level, Record};
use super::wording::iso;
use crate::model::Timestamp;

/// The longest name, in the UTF-16 units that JavaScript counts.
const LONGEST_NAME: usize = 100;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refusal {
    /// The answer says it all.
    Plain(Answer),
    /// A field is not what it must be: 400, and the log says which.
    Invalid { field: &'static str, value: Option<Value>, why: String },
    /// The engine's complaint: 500, and a line in the log that does not say more.
    Thrown(String),
}

impl Refusal {
    /// 400 for what concerns the account rather than a field.
    pub(super) fn bad(text: impl Into<String>) -> Self {
        Self::Plain(Answer::error(400, text))
    }

    /// The answer, and the record that is written where what was tried has a `title` in the log.
    pub(super) fn into_answer(self, title: Option<String>, now: Timestamp) -> Answer {
        let (answer, data) = match self {
            Self::Plain(answer) => return answer,
            Self::Thrown(why) => (Answer::error(500, why), json!({})),
            Self::Invalid { field, value, why } => {
                let mut context = json!({ "field": field });
                if let (Some(value), Some(object)) = (value, context.as_object_mut()) {
                    object.insert("value".to_owned(), value);
                }
                let data = json!({ "name": "LF", "message": why, "code": "VALIDATION_ERROR", "statusCode": 400,
                                   "timestamp": iso(now), "context": context });
                (Answer::error(400, why), data)
            }
        };
        let record = title.map(|title| Record { data: Some(data), ..Record::new(now, Level::Error, title) });
        Answer { log: record.into_iter().collect(), ..answer }
    }
}

/// A body as JSON.
#[derive(Debug)]
pub(super) struct Body(Value);

impl Body {
    /// Reads it. `first` is the field that is looked at first, which the engine's complaint about `null` names.
    pub(super) fn read(bytes: &[u8], first: &str) -> Result<Self, Refusal> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        if bytes.is_empty() {
            return Err(Refusal::Thrown("Unexpected end of JSON input".to_owned()));
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Null) => {
                Err(Refusal::Thrown(format!("null is not an object (evaluating 'Q.{first}')")))
            }
            Ok(value) => Ok(Self(value)),
            Err(_) => Err(Refusal::Thrown("Failed to parse JSON".to_owned())),
        }
    }

    /// A field that is there and is not null.
    pub(super) fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field).filter(|v| !v.is_null())
    }

    /// True where JavaScript would take the field for nothing.
    pub(super) fn is_falsy(&self, field: &str) -> bool {
        match self.get(field) {
            None | Some(Value::Bool(false)) => true,
            Some(Value::Number(number)) => number.as_f64() == Some(0.0),
            Some(Value::String(text)) => text.is_empty(),
            Some(_) => false,
        }
    }

    fn invalid(&self, field: &'static str, why: &str) -> Refusal {
        Refusal::Invalid { field, value: self.0.get(field).cloned(), why: format!("{field} {why}") }
    }

    /// A number, or the text of one.
    pub(super) fn number(&self, field: &'static str) -> Result<Option<f64>, Refusal> {
        match self.get(field) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(number.as_f64()),
            Some(Value::String(text)) => match to_number(text) {
                Some(number) => Ok(Some(number)),
                None => Err(self.invalid(field, "must be a valid number")),
            },
            Some(_) => Err(self.invalid(field, "must be a number")),
        }
    }

    /// Text as it stands.
    pub(super) fn text(&self, field: &'static str) -> Result<Option<&str>, Refusal> {
        match self.get(field) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.invalid(field, "must be a string")),
        }
    }

    /// Text that must be there.
    pub(super) fn required(&self, field: &'static str) -> Result<&str, Refusal> {
        self.text(field)?.ok_or_else(|| Refusal::Invalid {
            field,
            value: None,
            why: format!("{field} is required"),
        })
    }

    /// Text that must be there and hold something.
    pub(super) fn filled(&self, field: &'static str) -> Result<&str, Refusal> {
        let text = self.required(field)?;
        if text.is_empty() {
            Err(self.invalid(field, "must be at least 1 characters long"))
        } else {
            Ok(text)
        }
    }

    /// Text that is one of these, where it is there.
    pub(super) fn one_of(
        &self,
        field: &'static str,
        words: &[&'static str],
    ) -> Result<Option<&'static str>, Refusal> {
        let Some(text) = self.text(field)? else { return Ok(None) };
        let found = words.iter().find(|word| **word == text).copied();
        found.map(Some).ok_or_else(|| self.invalid(field, &format!("must be one of: {}", words.join(", "))))
    }

    /// `enabled`, which is 0 or 1.
    pub(super) fn enabled(&self) -> Result<bool, Refusal> {
        const FIELD: &str = "enabled";
        match self.number(FIELD)? {
            None => {
                Err(Refusal::Invalid { field: FIELD, value: None, why: "enabled is required".to_owned() })
            }
            Some(0.0) => Ok(false),
            Some(1.0) => Ok(true),
            Some(_) => Err(self.invalid(FIELD, "must be one of: 0, 1")),
        }
    }

    /// `priority`, which is a whole number from 0 to 100.
    pub(super) fn priority(&self) -> Result<Option<i64>, Refusal> {
        const FIELD: &str = "priority";
        match self.number(FIELD)? {
            None => Ok(None),
            Some(n) if n.fract() != 0.0 || !n.is_finite() => Err(self.invalid(FIELD, "must be an integer")),
            Some(n) if n < 0.0 => Err(self.invalid(FIELD, "must be at least 0")),
            Some(n) if n > 100.0 => Err(self.invalid(FIELD, "must be at most 100")),
            Some(n) => Ok(Some(n as i64)),
        }
    }

    /// `name`, without the white space around it.
    pub(super) fn name(&self) -> Result<&str, Refusal> {
        const FIELD: &str = "name";
        let name = trim(self.required(FIELD)?);
        if name.is_empty() {
            return Err(self.invalid(FIELD, "must be at least 1 characters long"));
        }
        if name.encode_utf16().count() > LONGEST_NAME {
            return Err(self.invalid(FIELD, &format!("must be at most {LONGEST_NAME} characters long")));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || is_space(c) || matches!(c, '-' | '_' | '.');
        if name.chars().all(fits) {
            Ok(name)
        } else {
            let why = "can only contain letters, numbers, spaces, hyphens, underscores, and dots";
            Err(self.invalid(FIELD, why))
        }
    }

    /// `customEndpoint`, without the white space around it; none where nothing is left.
    pub(super) fn endpoint(&self) -> Result<Option<String>, Refusal> {
        let text = trim(self.text("customEndpoint")?.unwrap_or_default());
        if text.is_empty() {
            return Ok(None);
        }
        match Url::parse(text) {
            Ok(_) => Ok(Some(text.to_owned())),
            Err(_) => Err(Refusal::Thrown("Invalid URL format".to_owned())),
        }
    }
}

/// White space as JavaScript knows it, which is not quite Unicode's.
fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}'
            | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// What JavaScript's `Number` makes of a text.
fn to_number(text: &str) -> Option<f64> {
    let text = trim(text);
    let radix = |prefix: [&str; 2], radix: u32| {
        let digits = prefix.iter().find_map(|p| text.strip_prefix(p))?;
        let mut number = (!digits.is_empty()).then_some(0.0)?;
        for c in digits.chars() {
            number = number * f64::from(radix) + f64::from(c.to_digit(radix)?);
        }
        Some(number)
    };
    match text {
        "" => Some(0.0),
        "Infinity" | "+Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ if text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c)) => text.parse().ok(),
        _ => radix(["0x", "0X"], 16).or_else(|| radix(["0o", "0O"], 8)).or_else(|| radix(["0b", "0B"], 2)),
    }
}
