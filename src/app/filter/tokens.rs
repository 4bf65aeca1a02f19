//! Text cut into tokens at blanks, with what was quoted told apart.

/// A part of the text between blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Where it begins, in bytes.
    pub(super) start: usize,
    /// As it is written.
    pub(super) written: String,
    /// Its characters without the quotes, and whether each stood in quotes.
    pub(super) chars: Vec<(char, Quoted)>,
    /// The last quote has no end.
    pub(super) open: bool,
}

/// Whether a character stood in quotes, and so means itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoted {
    Yes,
    No,
}

/// Cuts `text` into tokens.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut token: Option<Token> = None;
    let mut chars = text.char_indices();
    while let Some((start, c)) = chars.next() {
        let quoted = token.as_ref().is_some_and(|t| t.open);
        if c.is_whitespace() && !quoted {
            tokens.extend(token.take());
            continue;
        }
        let token = token.get_or_insert_with(|| Token {
            start,
            written: String::new(),
            chars: Vec::new(),
            open: false,
        });
        token.written.push(c);
        match c {
            '"' => token.open = !token.open,
            '\\' if quoted => {
                if let Some((_, next)) = chars.next() {
                    token.written.push(next);
                    token.chars.push((next, Quoted::Yes));
                }
            }
            c => token.chars.push((c, if quoted { Quoted::Yes } else { Quoted::No })),
        }
    }
    tokens.extend(token);
    tokens
}

/// The characters as text.
pub(super) fn text(chars: &[(char, Quoted)]) -> String {
    chars.iter().map(|(c, _)| c).collect()
}
