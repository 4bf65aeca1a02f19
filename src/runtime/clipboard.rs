//! Gives text to the clipboard of the terminal that a person sits at, be it behind SSH, by the sequence OSC 52.
//!
//! It is only ever written: no terminal is asked what its clipboard holds, or whether it takes anything.

use crate::model::Plain;

/// GNU screen takes no longer pieces of what it passes on (768 bytes, with what is around them).
const SCREEN_PIECE: usize = 760;

/// What is between the program and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Nothing that would keep the sequence to itself.
    Nothing,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

impl Between {
    /// As the environment tells. The innermost of several is the one that is spoken to.
    pub(super) fn read() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        if set("TMUX") {
            Self::Tmux
        } else if set("STY") {
            Self::Screen
        } else {
            Self::Nothing
        }
    }
}

/// The sequence that copies `lines`.
pub(super) fn sequence(lines: &[Plain], between: Between) -> Vec<u8> {
    let lines: Vec<&str> = lines.iter().map(Plain::as_str).collect();
    let code = base64(lines.join("\n").as_bytes());
    let plain = format!("\x1b]52;c;{code}\x07");
    match between {
        Between::Nothing => plain.into_bytes(),
        // tmux takes it itself where `set-clipboard` is on, and hands it through where `allow-passthrough` is. Which of the two
        // cannot be told from here, and both come to the same.
        Between::Tmux => {
            let inner = plain.replace('\x1b', "\x1b\x1b");
            format!("{plain}\x1bPtmux;{inner}\x1b\\").into_bytes()
        }
        Between::Screen => {
            let pieces = plain.as_bytes().chunks(SCREEN_PIECE);
            pieces.flat_map(|piece| [b"\x1bP", piece, b"\x1b\\"].concat()).collect()
        }
    }
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter =
                LETTERS.get((bits >> (18 - 6 * place) & 63) as usize).filter(|_| place <= three.len());
            out.push(letter.map_or('=', |l| char::from(*l)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_as_the_rfc_has_it() {
        for (text, code) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("é?>", "w6k/Pg=="),
        ] {
            assert_eq!(base64(text.as_bytes()), code);
        }
    }

    #[test]
    fn what_is_in_between_is_made_to_hand_it_on() {
        let lines = ["foo".into(), "bar".into()];
        let bytes = |between| String::from_utf8(sequence(&lines, between)).expect("ASCII");
        assert_eq!(bytes(Between::Nothing), "\x1b]52;c;Zm9vCmJhcg==\x07");
        assert_eq!(
            bytes(Between::Tmux),
            "\x1b]52;c;Zm9vCmJhcg==\x07\x1bPtmux;\x1b\x1b]52;c;Zm9vCmJhcg==\x07\x1b\\"
        );
        assert_eq!(bytes(Between::Screen), "\x1bP\x1b]52;c;Zm9vCmJhcg==\x07\x1b\\");
    }

    #[test]
    fn screen_gets_no_piece_that_it_would_drop() {
        let long = ["x".repeat(5_000).as_str().into()];
        let bytes = sequence(&long, Between::Screen);
        let text = String::from_utf8(bytes).expect("ASCII");
        let pieces: Vec<&str> = text.split("\x1b\\").filter(|p| !p.is_empty()).collect();
        assert!(pieces.iter().all(|p| p.len() <= 768 - 2));
        let whole: String = pieces.iter().map(|p| p.strip_prefix("\x1bP").expect("a piece")).collect();
        assert_eq!(whole, format!("\x1b]52;c;{}\x07", base64("x".repeat(5_000).as_bytes())));
    }
}
