//! Reading JSON without copying it: the members of an object and the rows of an array as borrowed text.
//!
//! Every value is first taken as raw text and then read as what it should be. So a value of a wrong type cannot spoil the
//! object around it, and nothing but the text that is kept is ever allocated.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::model::{Timestamp, parse_timestamp, timestamp_from_millis};

/// A JSON text value.
///
/// A server in JavaScript may cut a text between the halves of a character and then sends half a surrogate pair, which is no
/// Unicode. serde refuses that for `str` and gives it for bytes, so it is taken as bytes and becomes U+FFFD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Taken;
        impl<'de> Visitor<'de> for Taken {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }
            fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(Text(lossy(bytes)))
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(lossy(bytes).into_owned())))
            }
        }
        deserializer.deserialize_bytes(Taken)
    }
}

/// Calls `each` with every member of the object, in order; a repeated name comes more than once.
pub(super) fn members<'a>(
    object: &'a str,
    each: impl FnMut(&str, &'a RawValue),
) -> Result<(), serde_json::Error> {
    struct Walk<F>(F);
    impl<'de, F: FnMut(&str, &'de RawValue)> Visitor<'de> for Walk<F> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
            while let Some(Text(name)) = map.next_key()? {
                (self.0)(&name, map.next_value()?);
            }
            Ok(())
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(object);
    deserializer.deserialize_map(Walk(each))?;
    deserializer.end()
}

/// Calls `each` with every element of the array, in order.
pub(super) fn rows<'a>(array: &'a str, each: impl FnMut(&'a RawValue)) -> Result<(), serde_json::Error> {
    struct Walk<F>(F);
    impl<'de, F: FnMut(&'de RawValue)> Visitor<'de> for Walk<F> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }
        fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
            while let Some(row) = seq.next_element()? {
                (self.0)(row);
            }
            Ok(())
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(array);
    deserializer.deserialize_seq(Walk(each))?;
    deserializer.end()
}

/// A body as text. Bytes that are no UTF-8 become U+FFFD, so that one of them does not cost the whole answer.
pub(super) fn body_text(body: &[u8]) -> Cow<'_, str> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    lossy(body)
}

/// As the standard library's conversion, which walks by pieces; nearly everything is UTF-8, and that is told several times faster.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// The text of a JSON text value.
pub(super) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    raw.get()
        .starts_with('"')
        .then(|| serde_json::from_str::<Text<'_>>(raw.get()).ok())
        .flatten()
        .map(|t| t.0)
}

/// The value of `true` or `false`.
pub(super) fn truth(raw: &RawValue) -> Option<bool> {
    match raw.get() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A number, if it is one that can be held.
pub(super) fn number(raw: &RawValue) -> Option<f64> {
    raw.get().parse::<f64>().ok().filter(|n| n.is_finite())
}

/// A point in time in either of the server's forms: ISO text, or milliseconds since 1970. Milliseconds may come as text.
pub(super) fn moment(raw: &RawValue) -> Option<Timestamp> {
    let millis = match text(raw) {
        Some(words) => match parse_timestamp(&words) {
            Some(time) => return Some(time),
            None => words.trim().parse::<f64>().ok().filter(|n| n.is_finite())?,
        },
        None => number(raw)?,
    };
    timestamp_from_millis(millis as i64) // clamps what is too large, which no date can hold either
}

/// True for `null`.
pub(super) fn is_null(raw: &RawValue) -> bool {
    raw.get() == "null"
}

/// The JSON on one line, without the white space that only lays it out.
pub(super) fn compact(json: &str) -> Cow<'_, str> {
    if !json.bytes().any(|b| matches!(b, b'\n' | b'\r' | b'\t')) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in json.chars() {
        if quoted {
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if matches!(c, ' ' | '\n' | '\r' | '\t') {
            continue;
        } else {
            quoted = c == '"';
        }
        out.push(c);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> &RawValue {
        serde_json::from_str(json).expect("JSON")
    }

    #[test]
    fn half_a_character_is_replaced_and_the_rest_kept() {
        assert_eq!(text(raw(r#""a\ud83dz""#)).as_deref(), Some("a\u{FFFD}\u{FFFD}\u{FFFD}z"));
        assert_eq!(text(raw(r#""a\ud83d\ude00z""#)).as_deref(), Some("a\u{1F600}z"));
        assert_eq!(text(raw("12")), None);
        assert_eq!(text(raw(r#"["a"]"#)), None);
    }

    #[test]
    fn times_are_read_in_both_forms() {
        let read = |json: &str| moment(raw(json)).map(|t| t.timestamp_millis());
        for (json, millis) in [
            ("1795419106650", Some(1_795_419_106_650)),
            ("1795419106650.75", Some(1_795_419_106_650)),
            ("1.79541910665e12", Some(1_795_419_106_650)),
            ("-1", Some(-1)),
            ("1e300", None),
            ("1e999", None),
            ("9007199254740993000", None),
            ("null", None),
            ("true", None),
            ("{}", None),
            (r#""1795419106650""#, Some(1_795_419_106_650)),
            (r#""nan""#, None),
            (r#""inf""#, None),
            (r#""soon""#, None),
            (r#""""#, None),
            (r#""2026-11-23T07:32:54.900Z""#, Some(1_795_419_174_900)),
            (r#""2026-11-23T07:44:18.388119+00:00""#, Some(1_795_419_858_388)),
            (r#""+058864-07-28T03:46:40.000Z""#, Some(1_795_419_316_000_000)),
        ] {
            assert_eq!(read(json), millis, "{json}");
        }
    }

    #[test]
    fn compact_keeps_what_is_quoted() {
        assert_eq!(
            compact("{\n \"a b\": [1,\t2],\r\n \"c\\\" d\": \"e \\\\\" }"),
            r#"{"a b":[1,2],"c\" d":"e \\"}"#
        );
        assert_eq!(compact(r#"{"a": 1}"#), r#"{"a": 1}"#);
    }

    #[test]
    fn members_come_in_order_and_repeated_ones_twice() {
        let mut seen = Vec::new();
        members(r#"{"a":1,"b":{"c":[2]},"a":"x"}"#, |name, value| seen.push((name.to_owned(), value.get())))
            .expect("an object");
        assert_eq!(seen, [("a".into(), "1"), ("b".into(), r#"{"c":[2]}"#), ("a".into(), r#""x""#)]);
        assert!(members("[1]", |_, _| ()).is_err());
        assert!(members("{} x", |_, _| ()).is_err());
    }
}
