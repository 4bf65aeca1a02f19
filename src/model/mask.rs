//! Keys and tokens in the server's words: it logs what providers answer, and headers, as they are.

use std::borrow::Cow;

/// What stands in the place of a key or token.
pub const MASK: &str = "***";

/// A field whose name has one of these in it holds something secret.
const NAMES: [&str; 6] = ["authorization", "password", "secret", "cookie", "token", "key"];
/// Behind these names anything is secret; behind the others, outside of quotes, only what looks so: prose says `token: invalid`.
const STRONG: usize = 4;
/// What secrets begin with.
const BEGINNINGS: [&str; 2] = ["sk-ant-", "btr-"];
/// The least length of what follows such a beginning, of what follows `Bearer`, and of what looks secret by itself.
const SHORTEST: usize = 6;
const RANDOM: usize = 16;

/// True for the name of a field that holds something secret.
pub fn is_secret_name(name: &str) -> bool {
    (0..name.len()).any(|at| NAMES.iter().any(|word| starts(name.as_bytes(), at, word)))
}

/// `text` with `***` in the place of each key or token that can be told: what begins as the keys do, what follows `Bearer`, and
/// the values of fields that are named like one.
///
/// ```
/// use flaretop::model::masked;
/// assert_eq!(masked(r#"{"x-api-key":"abc","n":1}"#), r#"{"x-api-key":"***","n":1}"#);
/// assert_eq!(masked("Authorization: Bearer abcdef"), "Authorization: ***");
/// assert_eq!(masked("key sk-ant-api03-abcdef is gone"), "key sk-ant-*** is gone");
/// assert_eq!(masked("Access token expires at: null"), "Access token expires at: null");
/// ```
pub fn masked(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        let Some((from, to)) = secret_at(bytes, at) else {
            at += 1;
            continue;
        };
        // All that is looked at is ASCII, so both are between characters.
        out.push_str(text.get(copied..from).unwrap_or_default());
        out.push_str(MASK);
        copied = to;
        at = to.max(at + 1);
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// The secret that something at `at` announces.
fn secret_at(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let first = text.get(at)?.to_ascii_lowercase();
    match first {
        b'a' | b'p' | b's' | b'c' | b't' | b'k' | b'b' => {}
        _ => return None,
    }
    let before = at.checked_sub(1).and_then(|i| text.get(i));
    if !before.is_some_and(u8::is_ascii_alphanumeric) {
        for word in BEGINNINGS {
            let from = at + word.len();
            let to = end_of(text, from, is_of_token);
            if starts(text, at, word) && to - from >= SHORTEST {
                return Some((from, to));
            }
        }
        if let Some(found) = bearer(text, at) {
            return Some(found);
        }
    }
    let (index, word) = NAMES.iter().enumerate().find(|(_, word)| starts(text, at, word))?;
    value(text, at + word.len(), index < STRONG)
}

/// `Bearer abcdef`, from the second word on.
fn bearer(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let from = at + "bearer ".len();
    let to = end_of(text, from, is_of_token);
    (starts(text, at, "bearer ") && to - from >= SHORTEST).then_some((from, to))
}

/// The value of a field whose secret name ends at `at` or a little later: `"token_b":"abc"`, `key=abc`, `cookie: a=b; c=d`.
fn value(text: &[u8], at: usize, strong: bool) -> Option<(usize, usize)> {
    let rest = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    let at = end_of(text, at, rest);
    let at = end_of(text, at, |b| matches!(b, b'\\' | b'"' | b'\'' | b' '));
    if !matches!(text.get(at), Some(b':' | b'=')) {
        return None;
    }
    let at = end_of(text, at + 1, |b| b == b' ');
    let from = end_of(text, at, |b| b == b'\\');
    if let Some(quote @ (b'"' | b'\'')) = text.get(from).copied() {
        let from = from + 1;
        let to = end_of_quoted(text, from, quote, at < from - 1);
        return (to > from).then_some((from, to));
    }
    let to = if strong {
        end_of(text, from, |b| !matches!(b, b'"' | b',' | b'}' | b'\\' | b'&'))
    } else {
        end_of(text, from, |b| !matches!(b, b' ' | b'"' | b',' | b';' | b'}' | b'\\' | b'&' | b')'))
    };
    let word = text.get(from..to)?;
    let looks_random = word.len() >= RANDOM
        && word.iter().all(|b| is_of_token(*b))
        && word.iter().any(u8::is_ascii_digit)
        && word.iter().any(u8::is_ascii_alphabetic);
    let is_one = if strong { !matches!(word, b"" | b"null" | b"true" | b"false") } else { looks_random };
    is_one.then_some((from, to))
}

/// Where the quoted text ends that begins at `from`; `escaped`: the quotes themselves stand in quoted text.
fn end_of_quoted(text: &[u8], from: usize, quote: u8, escaped: bool) -> usize {
    let mut at = from;
    while let Some(b) = text.get(at) {
        if *b == quote {
            return at;
        }
        if *b == b'\\' {
            if escaped && text.get(at + 1) == Some(&quote) {
                return at;
            }
            at += 1;
        }
        at += 1;
    }
    text.len()
}

fn end_of(text: &[u8], from: usize, is_in: impl Fn(u8) -> bool) -> usize {
    let from = from.min(text.len());
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().position(|b| !is_in(*b)).unwrap_or(rest.len())
}

/// Of which keys, tokens and what is written like them are made.
fn is_of_token(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b'~')
}

fn starts(text: &[u8], at: usize, word: &str) -> bool {
    text.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_and_tokens_are_masked_wherever_they_stand() {
        for (text, shown) in [
            (r#"{"authorization":"Bearer abc.def"}"#, r#"{"authorization":"***"}"#),
            (r#"{"a":"{\"apiKey\":\"s3cr\",\"n\":1}"}"#, r#"{"a":"{\"apiKey\":\"***\",\"n\":1}"}"#),
            (r#"{"refresh_token" : "a\"b", "n": 2}"#, r#"{"refresh_token" : "***", "n": 2}"#),
            ("set-cookie: a=b; c=d", "set-cookie: ***"),
            ("GET /x?access_token=a1b2c3d4e5f6a7b8c9&n=1", "GET /x?access_token=***&n=1"),
            ("password=hunter2", "password=***"),
            ("sent Bearer eyJhbGciOi.x.y to it", "sent Bearer *** to it"),
            ("sk-ant-oat01-Abc_-9 and btr-0123456789", "sk-ant-*** and btr-***"),
            ("{'client_secret': 'x y'}", "{'client_secret': '***'}"),
            ("secret: \u{5317}\u{4eac}", "secret: ***"),
        ] {
            assert_eq!(masked(text), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_is_left_as_it_is() {
        for text in [
            "Access token available: true",
            "Token refresh failed for account work: Status 400, Error: Refresh token not found or invalid",
            "Failed to refresh token: invalid_grant",
            r#"{"usage":{"input_tokens":12,"max_tokens":1024}}"#,
            "Current token expires at: 2026-11-23T07:42:00.000Z",
            "btr- is no key, nor is sk-ant-",
            "a monkey: 2 keys",
            "",
        ] {
            assert!(matches!(masked(text), Cow::Borrowed(same) if same == text), "{}", masked(text));
        }
    }

    proptest! {
        #[test]
        fn no_key_is_left_and_masking_twice_changes_nothing(
            before in "\\PC{0,20}",
            key in "[A-Za-z0-9]{12,30}",
            after in "[ ,}\"]\\PC{0,20}",
            form in 0usize..6,
        ) {
            let form = ["sk-ant-{}", "btr-{}", "Bearer {}", "\"api_key\":\"{}\"", "cookie: {}", "\\\"Token\\\": \\\"{}\\\""][form];
            let text = format!("{before} {}{after}", form.replace("{}", &key));
            let shown = masked(&text).into_owned();
            prop_assert!(before.contains(&key) || after.contains(&key) || !shown.contains(&key), "{}", shown);
            prop_assert_eq!(masked(&shown).into_owned(), shown.clone());
        }

        #[test]
        fn any_text_is_masked_or_left(text in "([\"'\\\\:={}, ]|token|key|Bearer |sk-ant-|[a-z0-9]{1,9}|é|北){0,40}") {
            let _ = masked(&text);
        }
    }
}
