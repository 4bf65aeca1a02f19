//! Keys and tokens in the server's words: it logs what providers answer, and headers, as they are; and its rows, which are shown
//! whole, may hold what no server that was looked at has in them. What is on a screen or in a clipboard is soon in a picture.

use std::borrow::Cow;

/// What stands in the place of a key or token.
pub const MASK: &str = "***";

/// A field whose name has one of these in it holds something secret.
const NAMES: [&str; 8] =
    ["authorization", "password", "passwd", "secret", "cookie", "credential", "token", "key"];
/// Behind these names anything is secret; behind the others, outside of quotes, only what looks so: prose says `token: invalid`.
const STRONG: usize = 5;
/// Members of a row whose names look so and which hold none.
const HARMLESS: [&str; 4] = ["tokenStatus", "tokenExpiresAt", "hasRefreshToken", "tokens_limit"];
/// What secrets begin with that are told of by it.
const BEGINNINGS: [&str; 2] = ["sk-ant-", "btr-"];
/// What other known kinds of keys begin with. As words begin so too, a digit must be in the rest.
const KEYS: [&str; 9] = ["sk-", "xai-", "ghp_", "gho_", "github_pat_", "xoxb-", "ya29.", "AIza", "AKIA"];
/// The least length of what follows such a beginning, of what follows `Bearer`, and of what looks secret by itself.
const SHORTEST: usize = 6;
const KEY_REST: usize = 12;
const RANDOM: usize = 16;
const JWT: usize = 20;
/// Most of a parameter's name that is looked at before the word in it.
const LONGEST_NAME: usize = 40;
/// Letters of both kinds and digits in one piece as long as this are no word.
const NO_WORD: usize = 40;

/// A number of so few digits in an address is a count.
const COUNT: usize = 9;

/// True for the name of a field that holds something secret.
pub fn is_secret_name(name: &str) -> bool {
    (0..name.len()).any(|at| NAMES.iter().any(|word| starts(name.as_bytes(), at, word)))
}

/// True where a member of a row may hold something secret under this name.
pub fn is_secret(name: &str) -> bool {
    !HARMLESS.contains(&name) && is_secret_name(name)
}

/// True where a number under this name, secret as it looks, is a count (`inputTokens`).
pub fn is_count(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("tokens")
}

/// `text` with `***` in the place of each key or token that can be told: what begins as the keys do, what follows `Bearer`, the
/// values of fields that are named like one, the login in an address, and what is too long and odd to be a word.
///
/// ```
/// use flaretop::model::masked;
/// assert_eq!(masked(r#"{"x-api-key":"abc","n":1}"#), r#"{"x-api-key":"***","n":1}"#);
/// assert_eq!(masked("Authorization: Bearer abcdef"), "Authorization: ***");
/// assert_eq!(masked("key sk-ant-api03-abcdef is gone"), "key sk-ant-*** is gone");
/// assert_eq!(masked("sk-ant-api03-abcdef"), "***");
/// assert_eq!(masked("https://me:hunter2@host/v1"), "https://***@host/v1");
/// assert_eq!(masked("Access token expires at: null"), "Access token expires at: null");
/// ```
pub fn masked(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if is_one_key(bytes) {
        return Cow::Borrowed(MASK);
    }
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    let mut piece_ends = 0;
    while at < bytes.len() {
        let mut found = secret_at(bytes, at).or_else(|| login(bytes, at));
        if at >= piece_ends && found.is_none() {
            piece_ends = end_of(bytes, at, is_of_piece);
            // A host's name may be as long and as mixed as a key.
            let is_host = bytes.get(..at).is_some_and(|before| before.ends_with(b"://"));
            found = bytes
                .get(at..piece_ends)
                .is_some_and(|piece| !is_host && is_key(piece))
                .then_some((at, piece_ends));
        }
        let Some((from, to)) = found else {
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

/// True where the whole text is one key; then nothing of it is left to be told by.
fn is_one_key(text: &[u8]) -> bool {
    let rest = BEGINNINGS.iter().find(|word| starts(text, 0, word)).and_then(|word| text.get(word.len()..));
    rest.is_some_and(|rest| rest.len() >= SHORTEST && rest.iter().all(|b| is_of_token(*b)))
}

/// A known kind of key, a signed token, or letters and digits that make no word.
fn is_key(piece: &[u8]) -> bool {
    if piece.len() < RANDOM || !piece.iter().any(u8::is_ascii_digit) {
        return false;
    }
    let known = |start: &str| piece.len() >= start.len() + KEY_REST && piece.starts_with(start.as_bytes());
    let signed = piece.len() >= JWT && piece.starts_with(b"eyJ") && piece.contains(&b'.');
    let both = piece.iter().any(u8::is_ascii_uppercase) && piece.iter().any(u8::is_ascii_lowercase);
    KEYS.iter().any(|start| known(start)) || signed || (both && piece.len() >= NO_WORD)
}

/// `name:password@` behind the `://` at `at`.
fn login(text: &[u8], at: usize) -> Option<(usize, usize)> {
    if text.get(at) != Some(&b':') || !starts(text, at, "://") {
        return None;
    }
    let from = at + "://".len();
    let end = end_of(text, from, |b| !matches!(b, b'/' | b'?' | b'#' | b' ' | b'"' | b'\\'));
    let to = from + text.get(from..end)?.iter().rposition(|b| *b == b'@')?;
    Some((from, to))
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
    let end = at + word.len();
    let behind = match index {
        _ if index < STRONG => Behind::Strong,
        _ if is_of_query(text, at, end) => Behind::Query,
        _ => Behind::Weak,
    };
    value(text, end, behind)
}

/// What stands before a value that may be secret.
#[derive(Clone, Copy, PartialEq)]
enum Behind {
    /// A name behind which anything is secret, blanks and all.
    Strong,
    /// One behind which there may be prose.
    Weak,
    /// The name of an address's parameter.
    Query,
}

/// True for a word from `at` to `end` in the name of an address's parameter: `?api_key=`. There, nothing is prose.
fn is_of_query(text: &[u8], at: usize, end: usize) -> bool {
    if text.get(end_of(text, end, is_of_name)) != Some(&b'=') {
        return false;
    }
    let before = text.get(..at).unwrap_or_default();
    let named = before.iter().rev().take(LONGEST_NAME).find(|b| !is_of_name(**b));
    matches!(named, Some(b'?' | b'&'))
}

/// `Bearer abcdef`, from the second word on.
fn bearer(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let from = at + "bearer ".len();
    let to = end_of(text, from, is_of_token);
    (starts(text, at, "bearer ") && to - from >= SHORTEST).then_some((from, to))
}

/// The value of a field whose secret name ends at `at` or a little later: `"token_b":"abc"`, `key=abc`, `cookie: a=b; c=d`.
fn value(text: &[u8], at: usize, behind: Behind) -> Option<(usize, usize)> {
    let at = end_of(text, at, is_of_name);
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
    let to = if behind == Behind::Strong {
        end_of(text, from, |b| !matches!(b, b'"' | b',' | b'}' | b'\\' | b'&'))
    } else {
        end_of(text, from, |b| !matches!(b, b' ' | b'"' | b',' | b';' | b'}' | b'\\' | b'&' | b')'))
    };
    let word = text.get(from..to)?;
    let looks_random = word.len() >= RANDOM
        && word.iter().all(|b| is_of_token(*b))
        && word.iter().any(u8::is_ascii_digit)
        && word.iter().any(u8::is_ascii_alphabetic);
    let is_one = match behind {
        Behind::Weak => looks_random,
        // `max_tokens=1024` is a count.
        Behind::Query if word.len() <= COUNT && word.iter().all(u8::is_ascii_digit) => false,
        Behind::Strong | Behind::Query => !matches!(word, b"" | b"null" | b"true" | b"false"),
    };
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

fn is_of_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-'
}

/// Of which a piece is made that may be a key by itself.
fn is_of_piece(b: u8) -> bool {
    is_of_name(b) || b == b'.'
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
            ("sk-ant-api03-abcdefghijkl", "***"),
            ("btr-0123456789abcdef0123", "***"),
            ("refused: key sk-ant-oat01-Zyx987wvu654 is revoked", "refused: key sk-ant-*** is revoked"),
            ("refused: key sk-proj01234567890 is revoked", "refused: key *** is revoked"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "***"),
            ("https://h/v1?api_key=abc&x=1", "https://h/v1?api_key=***&x=1"),
            ("GET /x?sort=name&authKey=a1 failed", "GET /x?sort=name&authKey=*** failed"),
            ("https://user:hunter2@host:8080/v1", "https://***@host:8080/v1"),
            ("at \"https://abc@host/v1\"", "at \"https://***@host/v1\""),
            ("Abcdefghij0123456789Abcdefghij0123456789XY", "***"),
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
            "https://host:8080/v1/messages?from=me@here",
            "https://My-Resource-01.cognitiveservices.azure.com/anthropic?max_tokens=1024",
            "6f0c8a52-1b5e-4f6e-9d7a-5d3c2b1a0f91",
            "btr-team",
            "sk-quarterly-numbers",
            "a token of thanks",
            "r\u{e9}seau \u{5317}\u{4eac}",
            "",
        ] {
            assert!(matches!(masked(text), Cow::Borrowed(same) if same == text), "{}", masked(text));
        }
    }

    #[test]
    fn names_tell_where_a_secret_may_be() {
        for name in ["access_token", "refreshToken", "apiKey", "client_secret", "Authorization", "set-cookie"]
        {
            assert!(is_secret(name) && is_secret_name(name), "{name}");
        }
        for name in ["tokenStatus", "tokenExpiresAt", "hasRefreshToken", "tokens_limit", "name", "email"] {
            assert!(!is_secret(name), "{name}");
        }
        assert!(is_secret("inputTokens") && is_count("inputTokens") && !is_count("token"));
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
