//! Finds keys by what is typed of their names, their meaning, or the keys themselves.

use super::Bound;

/// Those of `all` that `typed` may mean, the likeliest first: each of its words is a key, or part of the name or the sentence.
/// Everything, in order, where nothing is typed.
pub fn find<'k>(all: Vec<&'k Bound>, typed: &str) -> Vec<&'k Bound> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let whole = words.join("_").to_lowercase();
    let mut found: Vec<(usize, &Bound)> = all
        .into_iter()
        .filter_map(|b| {
            let ranks: Option<Vec<usize>> = words.iter().map(|word| rank(b, word)).collect();
            let is_named = words.len() > 1 && b.action.name() == whole;
            Some((if is_named { 0 } else { ranks?.into_iter().sum() }, b))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank); // what ranks alike stays in order
    found.into_iter().map(|(_, b)| b).collect()
}

/// How far what is typed is from meaning `b`; none where it does not.
fn rank(b: &Bound, typed: &str) -> Option<usize> {
    let (lower, help) = (typed.to_lowercase(), b.help.to_lowercase());
    let begins_a_word = || help.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(&lower));
    let claims: [&dyn Fn() -> bool; 6] = [
        &|| b.keys.iter().any(|key| key == typed),
        &|| b.word == lower,
        &|| b.word.starts_with(&lower),
        &begins_a_word,
        &|| b.word.contains(&lower) || help.contains(&lower),
        &|| b.keys.iter().any(|key| key.to_lowercase().contains(&lower)),
    ];
    claims.iter().position(|holds| holds())
}

#[cfg(test)]
mod tests {
    use super::super::{Action, Keymap};
    use super::*;

    fn first(typed: &str) -> Option<Action> {
        let keymap = Keymap::default();
        find(keymap.lines().iter().collect(), typed).first().map(|b| b.action)
    }

    #[test]
    fn commands_are_found_by_key_by_name_and_by_meaning() {
        for (typed, action) in [
            ("quit", Some(Action::Quit)),
            ("q", Some(Action::Back)), // the first of those that are called so
            ("2", Some(Action::PaneWhy)),
            ("pau", Some(Action::TogglePause)),
            ("auto-fall", Some(Action::ToggleAutoFallback)),
            ("ctrl-r", Some(Action::Reconnect)),
            ("connect", Some(Action::Reconnect)),
            ("half down", Some(Action::HalfPageDown)),
            ("Poll", Some(Action::PollNow)),
            ("copy id", Some(Action::CopyId)),
            ("no such thing", None),
        ] {
            assert_eq!(first(typed), action, "{typed}");
        }
    }

    #[test]
    fn nothing_typed_finds_everything_in_order() {
        let keymap = Keymap::default();
        let all: Vec<_> = keymap.lines().iter().collect();
        assert_eq!(find(all.clone(), " "), all);
    }
}
