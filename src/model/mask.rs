//! Hides what may be a secret, before anything of a row is shown or copied.
//!
//! The list holds none on any server that was looked at. But a row is shown whole, other servers add fields, and what is on a
//! screen or in a clipboard is soon in a picture or a message.

use std::borrow::Cow;

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// A member whose name has one of these in it may hold a secret.
const SECRET: [&str; 8] =
    ["token", "secret", "key", "password", "passwd", "authorization", "cookie", "credential"];
/// Members of the list whose names look so and which hold none.
const HARMLESS: [&str; 4] = ["tokenStatus", "tokenExpiresAt", "hasRefreshToken", "tokens_limit"];
/// What the known kinds of keys begin with.
const KEYS: [&str; 10] =
    ["sk-", "btr-", "xai-", "ghp_", "gho_", "github_pat_", "xoxb-", "ya29.", "AIza", "AKIA"];
/// How much more of a key there is at least.
const KEY_REST: usize = 12;
/// Letters of both kinds and digits in one piece as long as this are no word.
const NO_WORD: usize = 40;

/// True where a member of this name may hold a secret.
pub fn is_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !HARMLESS.contains(&name) && SECRET.iter().any(|word| lower.contains(word))
}

/// True where a number under this name, secret as it looks, is a count (`inputTokens`).
pub fn is_count(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("tokens")
}

/// `text` with everything masked that looks like a secret.
pub fn masked(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0; // up to where `out` has it
    let mut before = ""; // the piece before, and what stands between
    let mut end_before = 0;
    for (start, piece) in pieces(text) {
        let between = text.get(end_before..start).unwrap_or_default();
        let named = matches!(between, "=" | ":" | ": ") && is_secret(before);
        let bearer = between == " " && before.eq_ignore_ascii_case("bearer");
        let rest = text.get(start + piece.len()..).unwrap_or_default();
        if is_key(piece) || (named && !piece.is_empty()) || bearer || is_login(before, between, rest) {
            out.push_str(text.get(done..start).unwrap_or_default());
            out.push_str(MASK);
            done = start + piece.len();
        }
        before = piece;
        end_before = start + piece.len();
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// The pieces of which keys are made, and where each begins.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let of_a_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(of_a_key)?;
        let piece = text.get(start..)?;
        let piece = piece.split(|c: char| !of_a_key(c)).next()?;
        at = start + piece.len();
        Some((start, piece))
    })
}

fn is_key(piece: &str) -> bool {
    let digit = piece.bytes().any(|b| b.is_ascii_digit());
    let known = |start: &str| piece.strip_prefix(start).is_some_and(|rest| rest.len() >= KEY_REST);
    let (upper, lower) =
        (piece.bytes().any(|b| b.is_ascii_uppercase()), piece.bytes().any(|b| b.is_ascii_lowercase()));
    let jwt = piece.starts_with("eyJ") && piece.contains('.') && piece.len() >= 20;
    jwt || (digit && KEYS.iter().any(|start| known(start)))
        || (digit && upper && lower && piece.len() >= NO_WORD)
}

/// `name:password@` in an address: the whole of it is masked, from its first piece on.
fn is_login(before: &str, between: &str, rest: &str) -> bool {
    let scheme = between == "://" && !before.is_empty();
    let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
    scheme && authority.contains('@') || between == ":" && rest.starts_with('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_masked_and_words_are_not() {
        for (text, shown) in [
            ("sk-ant-api03-abcdefghijkl", "***"),
            ("refused: key sk-ant-oat01-Zyx987wvu654 is revoked", "refused: key *** is revoked"),
            ("btr-0123456789abcdef0123", "***"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "***"),
            ("Bearer abc", "Bearer ***"),
            ("https://h/v1?api_key=abc&x=1", "https://h/v1?api_key=***&x=1"),
            ("password: hunter2", "password: ***"),
            ("https://user:hunter2@host:8080/v1", "https://***:***@host:8080/v1"),
            ("https://abc@host/v1", "https://***@host/v1"),
            ("Abcdefghij0123456789Abcdefghij0123456789XY", "***"),
            ("https://host:8080/v1/messages", "https://host:8080/v1/messages"),
            ("6f0c8a52-1b5e-4f6e-9d7a-5d3c2b1a0f91", "6f0c8a52-1b5e-4f6e-9d7a-5d3c2b1a0f91"),
            ("btr-team", "btr-team"),
            ("sk-quarterly-numbers", "sk-quarterly-numbers"),
            ("a token of thanks", "a token of thanks"),
            ("réseau 北京", "réseau 北京"),
            ("", ""),
        ] {
            assert_eq!(masked(text), shown, "{text}");
        }
    }

    #[test]
    fn names_tell_where_a_secret_may_be() {
        for name in ["access_token", "refreshToken", "apiKey", "client_secret", "Authorization", "set-cookie"]
        {
            assert!(is_secret(name), "{name}");
        }
        for name in ["tokenStatus", "tokenExpiresAt", "hasRefreshToken", "tokens_limit", "name", "email"] {
            assert!(!is_secret(name), "{name}");
        }
        assert!(is_secret("inputTokens") && is_count("inputTokens") && !is_count("token"));
    }
}
