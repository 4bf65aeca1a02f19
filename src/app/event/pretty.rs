//! JSON as people read it: one value a line, keys and tokens masked.
//!
//! Walks over the text once and stops where enough is made, so that a megabyte costs no more than what is shown of it. Text that is no
//! JSON comes out as it is.

use crate::model::{MASK, is_secret_name, masked};

/// How far nested values are moved in, at most: a thousand brackets must not make a thousand blanks.
const DEEPEST: usize = 20;

/// `json` in lines, about `most` bytes of it, and whether that is all.
pub(super) fn pretty(json: &str, most: usize) -> (Vec<String>, bool) {
    let mut printer = Printer { text: json, ..Printer::default() };
    while let Some(c) = json.get(printer.at..).and_then(|rest| rest.chars().next()) {
        printer.take(c);
        if printer.made + printer.line.len() > most {
            break;
        }
    }
    printer.end_line();
    (printer.lines, printer.at >= json.len())
}

/// What a bracket opened.
#[derive(Debug, Clone, Copy)]
struct Level {
    is_object: bool,
    /// Everything in it is secret.
    secret: bool,
}

#[derive(Debug, Default)]
struct Printer<'a> {
    text: &'a str,
    at: usize,
    lines: Vec<String>,
    line: String,
    made: usize,
    levels: Vec<Level>,
    /// A name comes next, and not a value.
    name_next: bool,
    /// The value that comes next is secret.
    secret_next: bool,
}

impl Printer<'_> {
    /// Takes the character that comes next, or the text or the empty brackets that begin with it.
    fn take(&mut self, c: char) {
        match c {
            '"' => self.string(),
            '{' | '[' => self.open(c),
            '}' | ']' => {
                self.levels.pop();
                self.end_line();
                self.put(c);
                self.secret_next = self.levels.last().is_some_and(|level| level.secret);
            }
            ',' => {
                self.put(c);
                self.end_line();
                let level = self.levels.last().copied();
                self.name_next = level.is_some_and(|level| level.is_object);
                self.secret_next = level.is_some_and(|level| level.secret);
            }
            ':' => {
                self.put(c);
                self.line.push(' ');
            }
            c if c.is_whitespace() => self.at += c.len_utf8(),
            c => self.put(c),
        }
    }

    fn put(&mut self, c: char) {
        self.begin_line();
        self.line.push(c);
        self.at += c.len_utf8();
    }

    fn begin_line(&mut self) {
        if self.line.is_empty() {
            self.line.extend(std::iter::repeat_n(' ', 2 * self.levels.len().min(DEEPEST)));
        }
    }

    fn end_line(&mut self) {
        if !self.line.trim_end().is_empty() {
            self.made += self.line.len();
            self.lines.push(std::mem::take(&mut self.line));
        }
        self.line.clear();
    }

    fn open(&mut self, c: char) {
        self.put(c);
        let rest = self.text.get(self.at..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        let close = if c == '{' { '}' } else { ']' };
        if rest.trim_start().starts_with(close) {
            self.at += blank;
            self.put(close);
            return;
        }
        self.levels.push(Level { is_object: c == '{', secret: self.secret_next });
        self.name_next = c == '{';
        self.end_line();
    }

    fn string(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, c)| {
            let ends = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            ends
        });
        let end = end.map_or(rest.len(), |(at, _)| at + 1);
        let whole = rest.get(..end).unwrap_or_default();
        self.begin_line();
        if self.name_next {
            self.secret_next |= is_secret_name(whole);
            self.name_next = false;
            self.line.push_str(whole);
        } else if self.secret_next && whole.len() > 2 {
            self.line.push('"');
            self.line.push_str(MASK);
            self.line.push('"');
        } else {
            self.line.push_str(&masked(whole));
        }
        self.at += end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(json: &str) -> Vec<String> {
        pretty(json, 1 << 20).0
    }

    #[test]
    fn json_is_one_value_a_line() {
        let json = r#"{"a":1,"b":{"c":[true,null,"x, y: {z}"],"d":{}},"e":[ ]}"#;
        let expected = [
            "{",
            "  \"a\": 1,",
            "  \"b\": {",
            "    \"c\": [",
            "      true,",
            "      null,",
            "      \"x, y: {z}\"",
            "    ],",
            "    \"d\": {}",
            "  },",
            "  \"e\": []",
            "}",
        ];
        assert_eq!(lines(json), expected);
        assert_eq!(lines("\"just text\""), ["\"just text\""]);
        assert_eq!(lines("12"), ["12"]);
        assert_eq!(lines(""), [""; 0]);
    }

    #[test]
    fn keys_and_tokens_are_masked_and_numbers_are_not() {
        let json = r#"{"apiKey":"k","usage":{"input_tokens":12},"headers":{"Authorization":"Bearer x","n":"v"},"tokens":["a",{"b":"c"}],"text":"with sk-ant-abcdefgh in it","last":"v"}"#;
        let shown = lines(json).join("\n");
        assert_eq!(shown.matches(MASK).count(), 5, "{shown}");
        for kept in
            ["\"input_tokens\": 12", "\"n\": \"v\"", "\"last\": \"v\"", "\"text\": \"with sk-ant-*** in it\""]
        {
            assert!(shown.contains(kept), "{kept} in {shown}");
        }
    }

    #[test]
    fn no_more_is_made_than_is_wanted() {
        let long = format!("[{}]", "\"abcdefgh\",".repeat(500_000));
        let (lines, whole) = pretty(&long, 4096);
        assert!(!whole && (200..400).contains(&lines.len()), "{}", lines.len());
        let (lines, whole) = pretty(&"[".repeat(1_000_000), 4096);
        assert!(!whole && lines.iter().all(|l| l.len() <= 2 * DEEPEST + 1));
    }

    proptest! {
        #[test]
        fn any_text_comes_out_whole(text in "([\"\\\\\\[\\]{}:, ]|[a-z0-9]{1,5}|é|北){0,60}") {
            let (lines, whole) = pretty(&text, 1 << 20);
            prop_assert!(whole);
            let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).count();
            if !lines.iter().any(|l| l.contains(MASK)) {
                prop_assert_eq!(letters(&lines.concat()), letters(&text));
            }
        }
    }
}
