//! Filters as text that means the same.

use std::fmt::{self, Write as _};

use super::terms::{Range, Subject};
use super::{Filter, Term, Test};

/// Whether the parts of names are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    Shown,
    Hidden,
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text(self, Names::Shown))
    }
}

/// The filter as text.
pub(super) fn text(filter: &Filter, names: Names) -> String {
    let mut out = String::new();
    for group in &filter.groups {
        if !out.is_empty() {
            out.push_str(" or ");
        }
        for (i, term) in group.iter().enumerate() {
            if i > 0 {
                out.push(' ');
            }
            write(term, names, &mut out);
        }
    }
    out
}

fn write(term: &Term, names: Names, out: &mut String) {
    if term.negated {
        out.push('!');
    }
    let mut value = |subject: Subject, value: &str| {
        out.push_str(subject.name());
        out.push(':');
        quote(value, out);
    };
    match &term.test {
        Test::Name(_) if names == Names::Hidden => out.push_str("(name)"),
        Test::Name(word) => quote(word.as_str(), out),
        Test::Auto(word) => value(Subject::Auto, word),
        Test::State(word) => value(Subject::State, word),
        Test::Provider(word) => value(Subject::Provider, word),
        Test::Id(_) if names == Names::Hidden => out.push_str("(id)"),
        Test::Id(word) => value(Subject::Id, word),
        Test::NeedsMe => value(Subject::Needs, "me"),
        Test::Priority(range) => number(Subject::Priority, *range, |n| n.to_string(), out),
        Test::Use(of, range) => number(Subject::Use(*of), *range, |n| n.to_string(), out),
        Test::Resets(range) => number(Subject::Resets, *range, duration, out),
    }
}

fn number<T: Copy>(subject: Subject, range: Range<T>, print: impl Fn(T) -> String, out: &mut String) {
    let sign = match range {
        Range::Below(_) => "<",
        Range::AtMost(_) => "<=",
        Range::Above(_) => ">",
        Range::AtLeast(_) => ">=",
        Range::Is(_) | Range::Between(..) => ":",
    };
    let (first, second) = range.ends();
    out.push_str(subject.name());
    out.push_str(sign);
    out.push_str(&print(first));
    if let Some(second) = second {
        out.push('-');
        out.push_str(&print(second));
    }
}

/// `1h30m`.
fn duration(seconds: i64) -> String {
    let mut out = String::new();
    for (unit, size, of) in [("d", 86_400, i64::MAX), ("h", 3_600, 86_400), ("m", 60, 3_600), ("s", 1, 60)] {
        let count = seconds % of / size;
        if count > 0 {
            let _ = write!(out, "{count}{unit}");
        }
    }
    if out.is_empty() { "0s".to_owned() } else { out }
}

/// Puts `word` out in quotes where it could be taken for anything but a word.
pub(super) fn quote(word: &str, out: &mut String) {
    let plain = |c: char| c.is_alphanumeric() || "-_./@+#!".contains(c);
    let bare = !word.is_empty()
        && word.chars().all(plain)
        && !word.starts_with('!')
        && !word.eq_ignore_ascii_case("or");
    if bare {
        out.push_str(word);
        return;
    }
    out.push('"');
    for c in word.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}
