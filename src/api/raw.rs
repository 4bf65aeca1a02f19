//! A row as it came, laid out for reading.

use serde_json::value::RawValue;

use super::json::{compact, members, rows, text};
use crate::model::{MASK, Plain, is_count, is_secret, masked};

/// Most lines of a row. A real one has some sixty.
const MOST_LINES: usize = 1_000;
/// Most characters of one line.
const LONGEST: usize = 2_000;
/// Beyond this depth nothing is laid out.
const DEEPEST: usize = 16;

/// The row's JSON over as many lines as it has values, indented, with everything masked that may be a secret. Numbers and texts
/// stand as they were sent.
pub(super) fn laid_out(row: &RawValue) -> Vec<Plain> {
    let mut out = Vec::new();
    value(&Place { depth: 0, name: None, secret: false, comma: "" }, row, &mut out);
    if out.len() >= MOST_LINES {
        out.truncate(MOST_LINES);
        out.push(Plain::new("... and more, which is not shown"));
    }
    out
}

/// Where a value stands.
struct Place<'a> {
    depth: usize,
    name: Option<&'a str>,
    secret: bool,
    comma: &'static str,
}

impl Place<'_> {
    fn line(&self, words: &str, comma: &str) -> Plain {
        let name = self.name.map(|n| serde_json::to_string(n).unwrap_or_default() + ": ").unwrap_or_default();
        let words = format!("{}{name}{words}{comma}", "  ".repeat(self.depth));
        match words.char_indices().nth(LONGEST) {
            Some((end, _)) => Plain::new(&format!("{}...", words.get(..end).unwrap_or_default())),
            None => Plain::new(&words),
        }
    }
}

fn value(place: &Place<'_>, raw: &RawValue, out: &mut Vec<Plain>) {
    if out.len() >= MOST_LINES {
        return;
    }
    let json = raw.get();
    let inner = |name, last| Place {
        depth: place.depth + 1,
        name,
        secret: place.secret || name.is_some_and(is_secret),
        comma: if last { "" } else { "," },
    };
    match json.as_bytes().first() {
        Some(b'{' | b'[') if place.depth >= DEEPEST => out.push(place.line("...", place.comma)),
        Some(b'{') => {
            let mut all = Vec::new();
            let _ = members(json, |name, value| all.push((name.to_owned(), value))); // it was read as JSON before
            let last = all.len().saturating_sub(1);
            around(place, ["{", "}"], all.is_empty(), out, |out| {
                for (i, (name, raw)) in all.iter().enumerate() {
                    value(&inner(Some(name), i == last), raw, out);
                }
            });
        }
        Some(b'[') => {
            let mut all = Vec::new();
            let _ = rows(json, |raw| all.push(raw));
            let last = all.len().saturating_sub(1);
            around(place, ["[", "]"], all.is_empty(), out, |out| {
                for (i, raw) in all.iter().enumerate() {
                    value(&inner(None, i == last), raw, out);
                }
            });
        }
        _ => out.push(place.line(&scalar(place, raw), place.comma)),
    }
}

fn around(
    place: &Place<'_>,
    [open, close]: [&str; 2],
    empty: bool,
    out: &mut Vec<Plain>,
    inside: impl FnOnce(&mut Vec<Plain>),
) {
    if empty {
        out.push(place.line(&format!("{open}{close}"), place.comma));
        return;
    }
    out.push(place.line(open, ""));
    inside(out);
    out.push(Place { name: None, ..*place }.line(close, place.comma));
}

fn scalar(place: &Place<'_>, raw: &RawValue) -> String {
    let quoted = |words: &str| serde_json::to_string(words).unwrap_or_default();
    match text(raw) {
        Some(_) if place.secret => quoted(MASK),
        Some(words) => match masked(&words) {
            std::borrow::Cow::Borrowed(_) => raw.get().to_owned(),
            std::borrow::Cow::Owned(words) => quoted(&words),
        },
        None if place.secret && raw.get().starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
            if place.name.is_some_and(is_count) { raw.get().to_owned() } else { quoted(MASK) }
        }
        None => compact(raw.get()).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(json: &str) -> String {
        let lines = laid_out(serde_json::from_str(json).expect("JSON"));
        lines.iter().map(Plain::as_str).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_row_is_laid_out_as_it_was_sent() {
        let json = r#"{"id":"a","n":1.50,"usage":{"five_hour":{"used":null}},"w":["x",2],"e":{},"f":[],"é":"\u001b[2J"}"#;
        assert_eq!(
            shown(json),
            "{\n  \"id\": \"a\",\n  \"n\": 1.50,\n  \"usage\": {\n    \"five_hour\": {\n      \"used\": null\n    }\n  },\n  \"w\": [\n    \"x\",\n    2\n  ],\n  \"e\": {},\n  \"f\": [],\n  \"é\": \"\\u001b[2J\"\n}"
        );
        assert_eq!(shown("7"), "7");
    }

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let json = r#"{"tokenStatus":"valid","hasRefreshToken":true,"refresh_token":"rt-1","auth":{"apiKey":["k1",{"x":"k2"}],"pin_token":1234},
            "stats":{"inputTokens":156},"note":"use sk-ant-api03-abcdefghijkl now","\u0074oken":"t1","tokens_limit":{"type":"tokens_limit"}}"#;
        let shown = shown(json);
        for secret in ["rt-1", "k1", "k2", "1234", "api03", "t1"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
        for kept in ["\"valid\"", "true", "156", "use sk-ant-*** now", "\"type\": \"tokens_limit\""] {
            assert!(shown.contains(kept), "{kept} in {shown}");
        }
    }

    #[test]
    fn a_row_that_goes_on_and_on_is_cut() {
        let many = format!("[{}0]", "0,".repeat(5_000));
        assert_eq!(laid_out(serde_json::from_str(&many).expect("JSON")).len(), MOST_LINES + 1);
        let long = format!("\"{}\"", "é".repeat(9_000));
        assert!(shown(&long).chars().count() <= LONGEST + 3);
        let deep = format!("{}{}", "[".repeat(3_000), "]".repeat(3_000));
        assert!(
            serde_json::from_str::<&RawValue>(&deep).map_or(0, |raw| laid_out(raw).len()) <= 2 * DEEPEST + 1
        );
    }

    proptest! {
        #[test]
        fn any_text_is_one_line(text in "\\PC*|(.|\\p{Cc}){0,40}") {
            let json = serde_json::to_string(&text).expect("text");
            prop_assert_eq!(laid_out(serde_json::from_str(&json).expect("JSON")).len(), 1);
        }
    }
}
