//! What is wrong with a scenario's text, in one line.

use crate::nearest::nearest;

/// The line, counted from 1, and what is wrong there. Of the names that would have been right, only the nearest is told where one
/// is near.
pub(super) fn explain(text: &str, error: &toml::de::Error) -> (usize, String) {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|b| *b == b'\n').count() + 1;
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    let mut names = message.split('`').skip(1).step_by(2);
    let why = match (message.split_once(", expected "), names.next()) {
        (Some((what, _)), Some(wrong)) if message.starts_with("unknown ") => {
            nearest(wrong, names).map(|name| format!("{what}; did you mean `{name}`?"))
        }
        _ => None,
    };
    (line, why.unwrap_or(message))
}
