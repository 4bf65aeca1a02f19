//! The name that was meant where a person wrote one that is none.

/// Names further apart than this are not mistaken for one another.
const NEAR: usize = 3;

/// The one of `names` that is nearest to `wrong`, where one is near.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (apart, name) = names.into_iter().map(|name| (distance(wrong, name), name)).min()?;
    (apart <= NEAR && apart < name.chars().count()).then_some(name)
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
    fn only_what_is_near_was_meant() {
        assert_eq!(nearest("limted", ["limited", "ready"]), Some("limited"));
        assert_eq!(nearest("xyz", ["limited", "ready"]), None);
        assert_eq!(nearest("a", ["on", "off"]), None, "nothing of the name is left");
    }

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
