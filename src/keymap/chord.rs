//! One key with its modifiers, and how it is written.

use std::fmt;
use std::str::FromStr;

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character, as typed: `P` is shift and p.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// F1 to F24.
    F(u8),
}

/// A key with its modifiers. Shift is part of the character and of `BackTab`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord {
    /// The key.
    pub code: Code,
    /// With ctrl.
    pub ctrl: bool,
    /// With alt.
    pub alt: bool,
}

/// A key's name that means nothing, or means another key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChordError {
    /// There is no such key.
    #[error("unknown key `{0}`; write it like j, P, space, ctrl-r, alt-x, f5, pgdn or esc")]
    Unknown(String),
    /// Terminals send the same for another one, which is the one that would be understood.
    #[error("terminals send `{sent}` for `{written}`; write `{sent}`")]
    Same {
        /// What was written.
        written: String,
        /// What is sent.
        sent: String,
    },
}

const NAMED: &[(&str, Code)] = &[
    ("space", Code::Char(' ')),
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("shift-tab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("del", Code::Delete),
    ("ins", Code::Insert),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pgup", Code::PageUp),
    ("pgdn", Code::PageDown),
];

impl Chord {
    /// The key alone.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// The key with ctrl.
    pub const fn ctrl(code: Code) -> Self {
        Self { code, ctrl: true, alt: false }
    }
}

impl FromStr for Chord {
    type Err = ChordError;

    fn from_str(text: &str) -> Result<Self, ChordError> {
        let unknown = || ChordError::Unknown(text.to_owned());
        let mut chord = Self::plain(Code::Esc);
        let mut rest = text;
        loop {
            if let Some(tail) = rest.strip_prefix("ctrl-")
                && !tail.is_empty()
                && !chord.ctrl
            {
                chord.ctrl = true;
                rest = tail;
            } else if let Some(tail) = rest.strip_prefix("alt-")
                && !tail.is_empty()
                && !chord.alt
            {
                chord.alt = true;
                rest = tail;
            } else {
                break;
            }
        }
        let mut chars = rest.chars();
        chord.code = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() => Code::Char(c),
            _ => {
                if let Some((_, code)) = NAMED.iter().find(|(name, _)| *name == rest) {
                    *code
                } else {
                    let number = rest.strip_prefix('f').and_then(|n| n.parse::<u8>().ok());
                    Code::F(number.filter(|n| (1..=24).contains(n)).ok_or_else(unknown)?)
                }
            }
        };
        Ok(chord)
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        if let Some((name, _)) = NAMED.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            Code::Char(c) => write!(f, "{c}"),
            Code::F(n) => write!(f, "f{n}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_code() -> impl Strategy<Value = Code> {
        prop_oneof![
            any::<char>().prop_filter("typed", |c| !c.is_control()).prop_map(Code::Char),
            (1u8..=24).prop_map(Code::F),
            proptest::sample::select(NAMED).prop_map(|(_, code)| code),
        ]
    }

    proptest! {
        #[test]
        fn what_is_printed_is_parsed_back(code in any_code(), ctrl: bool, alt: bool) {
            let chord = Chord { code, ctrl, alt };
            prop_assert_eq!(chord.to_string().parse::<Chord>(), Ok(chord));
        }
    }

    #[test]
    fn unknown_names_are_refused_with_the_name() {
        for text in ["", "ctrl-", "f0", "f25", "shift-x", "page-down", "\u{1b}", "ctrl-ctrl-a"] {
            let error = text.parse::<Chord>().expect_err(text);
            assert!(error.to_string().contains(text), "{error}");
        }
    }
}
