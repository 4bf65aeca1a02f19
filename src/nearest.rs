//! The nearest of some words to one that is none of them, for "did you mean".

/// Names further apart than this are not mistaken for one another.
const NEAR: usize = 3;

/// The word that `wrong` was probably meant to be, if one is near enough.
pub(crate) fn nearest<'w>(wrong: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    let words: Vec<&str> = words.into_iter().collect();
    let mut longer = words.iter().filter(|word| length > 1 && word.to_lowercase().starts_with(&wrong));
    if let (Some(only), None) = (longer.next(), longer.next()) {
        return Some(only); // a beginning of it, if of no other
    }
    words
        .into_iter()
        // Of others only the length is looked at: `wrong` may be of any.
        .filter(|word| word.chars().count().abs_diff(length) <= NEAR)
        .map(|word| (distance(&wrong, &word.to_lowercase()), word))
        .filter(|(apart, word)| *apart <= NEAR && *apart < word.chars().count())
        .min()
        .map(|(_, word)| word)
}

/// `; did you mean …?`, or the words that there are.
pub(crate) fn instead(wrong: &str, words: &[&str]) -> String {
    match (nearest(wrong, words.iter().copied()), words) {
        (Some(word), _) => format!("; did you mean `{word}`?"),
        (None, []) => String::new(),
        (None, [only]) => format!("; there is only {only}"),
        (None, all) => format!("; there are {}", all.join(", ")),
    }
}

/// How many characters must be put in, taken out or exchanged to make one of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut above: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut row = vec![left];
        for (b, corner) in b.chars().zip(above.windows(2)) {
            let [corner, above] = corner else { continue };
            left = (corner + usize::from(a != b)).min(above + 1).min(left + 1);
            row.push(left);
        }
        above = row;
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_is_that_of_levenshtein() {
        for (a, b, apart) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("auto_refersh", "auto_refresh", 2),
            ("traffic", "trafic", 1),
            ("é", "e", 1),
        ] {
            assert_eq!((distance(a, b), distance(b, a)), (apart, apart), "{a} {b}");
        }
    }

    #[test]
    fn only_what_is_near_is_meant() {
        let words = ["interval", "theme", "mouse"];
        assert_eq!(instead("intervall", &words), "; did you mean `interval`?");
        assert_eq!(instead("colour", &words), "; there are interval, theme, mouse");
        assert_eq!(instead("x", &["on"]), "; there is only on");
        assert_eq!(nearest(&"x".repeat(1_000_000), words), None);
        assert_eq!(nearest("pri", ["pace", "priority", "provider"]), Some("priority"), "a beginning");
        assert_eq!(nearest("pr", ["priority", "provider"]), None, "of two");
        assert_eq!(nearest("PROVIDER", ["pace", "provider"]), Some("provider"));
        assert_eq!(nearest("at", ["on"]), None, "all of a short word is no likeness");
    }
}
