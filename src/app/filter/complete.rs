//! What could stand in the place of a term that is only begun.

use super::read::{Parts, negation};
use super::terms::{SUBJECTS, Subject, Usage};
use super::tokens::{self, tokens};
use super::write::quote;

/// What could stand in the place of the text from `start` on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// Where what is begun starts, in bytes.
    pub start: usize,
    /// What could stand there, in the order of the help; none where nothing is known.
    pub candidates: Vec<String>,
}

/// What could stand in the place of the term at the end of `text`. `providers` are the words after `provider:`.
pub fn complete<'a>(text: &str, providers: impl IntoIterator<Item = &'a str>) -> Completion {
    let tokens = tokens(text);
    let last = tokens.last().filter(|t| t.start + t.written.len() == text.len());
    let Some(token) = last else {
        return Completion { start: text.len(), candidates: terms("").collect() };
    };
    if token.written.contains('"') {
        return Completion { start: text.len(), candidates: Vec::new() };
    }
    let (negated, chars) = negation(&token.chars);
    let begun = tokens::text(chars);
    let start = text.len() - begun.len();
    let candidates = if let Some(parts) = Parts::of(chars) {
        values(&parts, providers)
    } else {
        let signs = ["not:", "or"].into_iter().take(if start == 0 || negated { 1 } else { 2 });
        let signs = signs.filter(|sign| !begun.is_empty() && is_begun(sign, &begun));
        terms(&begun).chain(signs.map(str::to_owned)).collect()
    };
    Completion { start, candidates }
}

fn is_begun(word: &str, begun: &str) -> bool {
    word.get(..begun.len()).is_some_and(|start| start.eq_ignore_ascii_case(begun))
}

fn terms(begun: &str) -> impl Iterator<Item = String> {
    let fitting = SUBJECTS.iter().filter(move |(name, _)| is_begun(name, begun));
    fitting.map(|(name, subject)| {
        let sign = match subject {
            Subject::Use(Usage::Fuller | Usage::FiveHour | Usage::SevenDay) => ">",
            Subject::Priority | Subject::Resets => "<",
            Subject::Needs => ":me",
            _ => ":",
        };
        format!("{name}{sign}")
    })
}

fn values<'a>(parts: &Parts<'_>, providers: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let Some((name, subject)) = SUBJECTS.iter().find(|(name, _)| *name == parts.name) else {
        return Vec::new();
    };
    let begun = tokens::text(parts.value);
    if *subject != Subject::Provider {
        let fitting = subject.values().iter().filter(|v| is_begun(v, &begun));
        return fitting.map(|v| format!("{name}:{v}")).collect();
    }
    let mut fitting: Vec<&str> = providers.into_iter().filter(|p| is_begun(p, &begun)).collect();
    fitting.sort_unstable();
    fitting.dedup();
    let whole = |word: &str| {
        let mut text = format!("{name}:");
        quote(word, &mut text);
        text
    };
    fitting.into_iter().map(whole).collect()
}
