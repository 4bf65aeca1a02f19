//! Filters out of text.

use std::str::FromStr;

use super::terms::{Range, SUBJECTS, Subject, Word};
use super::tokens::{self, Quoted, Token, tokens};
use super::{Filter, Term, Test};
use crate::nearest::nearest;

/// A time longer than this many days is no time that anybody waits for.
const MOST_DAYS: i64 = 100_000;

/// Why a text is no filter: which term, what is wrong with it, and what was meant where that can be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{term}: {what}")]
pub struct FilterError {
    term: String,
    what: String,
    unfinished: bool,
}

impl FilterError {
    fn new(token: &Token, what: impl Into<String>) -> Self {
        Self { term: token.written.clone(), what: what.into(), unfinished: false }
    }

    /// More characters behind it may make it right.
    fn begun(self) -> Self {
        Self { unfinished: true, ..self }
    }

    /// The term as it was written.
    pub fn term(&self) -> &str {
        &self.term
    }

    /// True where whoever is still typing at the text's end has done nothing wrong so far.
    pub fn is_unfinished(&self) -> bool {
        self.unfinished
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let tokens = tokens(text);
        let mut filter = Self::default();
        let mut group = Vec::new();
        let last = tokens.len().saturating_sub(1);
        for (i, token) in tokens.iter().enumerate() {
            // Only what is at the end can be unfinished.
            let settle =
                |error: FilterError| FilterError { unfinished: error.unfinished && i == last, ..error };
            if !is_or(token) {
                group.push(term(token).map_err(settle)?);
                continue;
            }
            if group.is_empty() || i == last {
                let error = FilterError::new(token, "there must be a term on each side of it");
                return Err(settle(if group.is_empty() { error } else { error.begun() }));
            }
            filter.groups.push(std::mem::take(&mut group));
        }
        if !group.is_empty() {
            filter.groups.push(group);
        }
        Ok(filter)
    }
}

fn is_or(token: &Token) -> bool {
    token.written.eq_ignore_ascii_case("or")
}

/// The part of a token behind its signs of negation, and whether these turn it round.
pub(super) fn negation(mut chars: &[(char, Quoted)]) -> (bool, &[(char, Quoted)]) {
    let mut negated = false;
    loop {
        let rest = match chars {
            [('!', Quoted::No), rest @ ..] => rest,
            [n, o, t, (':', Quoted::No), rest @ ..]
                if tokens::text(&[*n, *o, *t]).eq_ignore_ascii_case("not")
                    && [n, o, t].iter().all(|c| c.1 == Quoted::No) =>
            {
                rest
            }
            _ => return (negated, chars),
        };
        negated = !negated;
        chars = rest;
    }
}

/// A token's name, its sign and its value. None where it is a word.
pub(super) struct Parts<'a> {
    pub(super) name: String,
    pub(super) sign: &'static str,
    pub(super) value: &'a [(char, Quoted)],
}

impl<'a> Parts<'a> {
    pub(super) fn of(chars: &'a [(char, Quoted)]) -> Option<Self> {
        let at = chars.iter().position(|(c, q)| *q == Quoted::No && matches!(c, ':' | '<' | '>' | '='))?;
        let (name, rest) = chars.split_at_checked(at)?;
        let letter = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || !name.iter().all(|(c, q)| *q == Quoted::No && letter(c)) {
            return None;
        }
        let (sign, value) = match rest {
            [('<', _), ('=', Quoted::No), value @ ..] => ("<=", value),
            [('>', _), ('=', Quoted::No), value @ ..] => (">=", value),
            [('<', _), value @ ..] => ("<", value),
            [('>', _), value @ ..] => (">", value),
            [(':', _), value @ ..] => (":", value),
            [('=', _), value @ ..] => ("=", value),
            _ => return None,
        };
        Some(Self { name: tokens::text(name).to_lowercase(), sign, value })
    }
}

fn term(token: &Token) -> Result<Term, FilterError> {
    if token.open {
        return Err(FilterError::new(token, "the quote has no end").begun());
    }
    let (negated, chars) = negation(&token.chars);
    if chars.is_empty() {
        let begun = token.chars.iter().any(|(_, q)| *q == Quoted::No);
        let what = if begun { "there is nothing to negate" } else { "there is nothing between the quotes" };
        let error = FilterError::new(token, what);
        return Err(if begun { error.begun() } else { error });
    }
    let test = match Parts::of(chars) {
        None => Test::Name(Word::new(tokens::text(chars))),
        Some(parts) => test(token, &parts)?,
    };
    Ok(Term { negated, test })
}

fn test(token: &Token, parts: &Parts<'_>) -> Result<Test, FilterError> {
    let Some((_, subject)) = SUBJECTS.iter().find(|(name, _)| *name == parts.name) else {
        let all = || SUBJECTS.iter().map(|(name, _)| *name).chain(["not"]);
        let hint = match nearest(&parts.name, all()) {
            Some(name) => format!("did you mean {name}?"),
            None => format!("there is {}", list(&all().collect::<Vec<_>>(), "and")),
        };
        return Err(FilterError::new(token, format!("there is no term {}; {hint}", parts.name)));
    };
    let subject = *subject;
    let example = subject.example();
    let value = tokens::text(parts.value);
    if value.is_empty() {
        return Err(FilterError::new(token, format!("a value is missing, as in {example}")).begun());
    }
    if !(parts.sign == ":" || subject.is_number() && parts.sign != "=") {
        return Err(FilterError::new(token, format!("{} is written {example}", parts.name)));
    }
    match subject {
        Subject::Provider => Ok(Test::Provider(value)),
        Subject::Id => Ok(Test::Id(value)),
        Subject::Auto => one_of(token, subject, &value).map(Test::Auto),
        Subject::State => one_of(token, subject, &value).map(Test::State),
        Subject::Needs => one_of(token, subject, &value).map(|_| Test::NeedsMe),
        Subject::Priority => range(token, subject, parts.sign, &value, whole).map(Test::Priority),
        Subject::Resets => range(token, subject, parts.sign, &value, duration).map(Test::Resets),
        Subject::Use(of) => range(token, subject, parts.sign, &value, percent).map(|r| Test::Use(of, r)),
    }
}

/// The value that `subject` has by that word.
fn one_of(token: &Token, subject: Subject, value: &str) -> Result<&'static str, FilterError> {
    let values = subject.values();
    let lower = value.to_lowercase();
    // The table writes a row that cannot be read so.
    let word = if subject == Subject::State && lower == "?" { "unreadable" } else { &lower };
    if let Some(found) = values.iter().find(|v| **v == word) {
        return Ok(found);
    }
    let hint = match nearest(word, values.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("it is {}", list(values, "or")),
    };
    let error = FilterError::new(token, format!("{} is never {value}; {hint}", subject.name()));
    Err(if values.iter().any(|v| v.starts_with(word)) { error.begun() } else { error })
}

/// `a, b or c`.
fn list(words: &[&str], last: &str) -> String {
    match words {
        [most @ .., one] if !most.is_empty() => format!("{} {last} {one}", most.join(", ")),
        _ => words.concat(),
    }
}

/// What is behind a comparison that can be read so far.
enum Number<T> {
    Is(T),
    /// More characters may make it one.
    Begun,
    None,
}

fn range<T: Copy + PartialOrd>(
    token: &Token,
    subject: Subject,
    sign: &str,
    value: &str,
    read: impl Fn(&str) -> Number<T>,
) -> Result<Range<T>, FilterError> {
    let wrong = |text: &str, begun: bool| {
        let what = format!("{text} is no {}; write {}", kind(subject), subject.example());
        let error = FilterError::new(token, what);
        Err(if begun { error.begun() } else { error })
    };
    // A minus at the beginning belongs to the number.
    let dash = value.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(at, _)| at);
    let (first, second) = match dash.filter(|_| sign == ":").and_then(|at| value.split_at_checked(at)) {
        Some((first, second)) => (first, second.strip_prefix('-')),
        None => (value, None),
    };
    let first = match read(first) {
        Number::Is(n) => n,
        Number::Begun => return wrong(first, second.is_none()),
        Number::None => return wrong(first, false),
    };
    let Some(second) = second else {
        return Ok(match sign {
            "<" => Range::Below(first),
            "<=" => Range::AtMost(first),
            ">" => Range::Above(first),
            ">=" => Range::AtLeast(first),
            _ => Range::Is(first),
        });
    };
    match read(second) {
        Number::Is(second) if second < first => {
            Err(FilterError::new(token, "it ends before it begins").begun())
        }
        Number::Is(second) => Ok(Range::Between(first, second)),
        Number::Begun => wrong(value, true),
        Number::None => wrong(second, false),
    }
}

fn kind(subject: Subject) -> &'static str {
    match subject {
        Subject::Resets => "time",
        Subject::Use(_) => "whole percent",
        _ => "whole number",
    }
}

fn whole(text: &str) -> Number<i64> {
    match text.parse() {
        Ok(n) => Number::Is(n),
        Err(_) if matches!(text, "" | "-") => Number::Begun,
        Err(_) => Number::None,
    }
}

fn percent(text: &str) -> Number<u16> {
    match text.strip_suffix('%').unwrap_or(text).parse() {
        Ok(n) => Number::Is(n),
        Err(_) if text.is_empty() => Number::Begun,
        Err(_) => Number::None,
    }
}

/// Seconds, from `1h30m`.
fn duration(text: &str) -> Number<i64> {
    let mut seconds = 0i64;
    let mut digits = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let size = match c.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Number::None,
        };
        let Some(part) = digits.parse::<i64>().ok().and_then(|n| n.checked_mul(size)) else {
            return Number::None;
        };
        seconds = seconds.saturating_add(part);
        digits.clear();
    }
    match (digits.is_empty(), seconds) {
        _ if seconds > MOST_DAYS * 86_400 => Number::None,
        (true, _) if !text.is_empty() => Number::Is(seconds),
        _ => Number::Begun, // a number whose unit is still to come
    }
}
