//! What is wrong with a scenario's text, in one line.

/// Names further apart than this are not mistaken for one another.
const NEAR: usize = 3;

/// The line, counted from 1, and what is wrong there. Of the names that would have been right, only the nearest is told where one
/// is near.
pub(super) fn explain(text: &str, error: &toml::de::Error) -> (usize, String) {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|b| *b == b'\n').count() + 1;
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    let mut names = message.split('`').skip(1).step_by(2);
    let why = match (message.split_once(", expected "), names.next()) {
        (Some((what, _)), Some(wrong)) if message.starts_with("unknown ") => {
            let nearest = names.map(|name| (distance(wrong, name), name)).min();
            let nearest = nearest.filter(|(apart, name)| *apart <= NEAR && *apart < name.chars().count());
            nearest.map(|(_, name)| format!("{what}; did you mean `{name}`?"))
        }
        _ => None,
    };
    (line, why.unwrap_or(message))
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
}
