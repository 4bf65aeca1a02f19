//! The API key, and where it comes from.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use reqwest::header::HeaderValue;

use crate::model::Plain;

/// More than this is no key. Keys are about 40 characters long.
const LONGEST: usize = 4096;

/// Why a key cannot be used. The messages name where it came from and never repeat it.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// There is nothing in it.
    #[error("{from} holds no API key: it is empty")]
    Empty {
        /// Where the key came from.
        from: Plain,
    },
    /// It cannot be sent.
    #[error("the API key in {from} holds {what}; a key is one line of letters, digits and signs")]
    Unsendable {
        /// Where the key came from.
        from: Plain,
        /// What it holds.
        what: &'static str,
    },
    /// It is too long to be a key.
    #[error("{from} holds more than {LONGEST} bytes, which is no API key")]
    TooLong {
        /// Where the key came from.
        from: Plain,
    },
    /// Others can read the file.
    #[error("the key file {file} can be read by others (mode {mode:03o}); run: chmod 600 {file}")]
    Exposed {
        /// The file.
        file: Plain,
        /// Its permissions.
        mode: u32,
    },
    /// The file cannot be read.
    #[error("cannot read the key file {file}: {source}")]
    Unreadable {
        /// The file.
        file: Plain,
        /// Why.
        source: io::Error,
    },
}

/// An API key. It is shown nowhere: `Debug` prints `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The key in the value of the environment's variable `FLARETOP_API_KEY`.
    ///
    /// # Errors
    ///
    /// What is wrong with the value.
    pub fn from_env_value(value: &str) -> Result<Self, SecretError> {
        Self::checked(value, &Plain::from("FLARETOP_API_KEY"))
    }

    /// The key in a file, which must be the user's alone.
    ///
    /// # Errors
    ///
    /// That the file cannot be read, that others can read it, or what is wrong with what it holds.
    pub fn from_file(path: &Path) -> Result<Self, SecretError> {
        let file = Plain::from(path.to_string_lossy());
        let unreadable = |source| SecretError::Unreadable { file: file.clone(), source };
        let mut open = File::open(path).map_err(unreadable)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // Asked of the open file, so that it cannot be exchanged in between. A pipe has no others to read it.
            let about = open.metadata().map_err(unreadable)?;
            let mode = about.permissions().mode() & 0o777;
            if about.is_file() && mode & 0o077 != 0 {
                return Err(SecretError::Exposed { file, mode });
            }
        }
        let mut bytes = Vec::new();
        open.by_ref().take(LONGEST as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        let Ok(text) = std::str::from_utf8(&bytes) else {
            return Err(SecretError::Unsendable { from: file, what: "bytes that are no text" });
        };
        Self::checked(text, &file)
    }

    /// The key that a program printed, without the blanks around it.
    ///
    /// # Errors
    ///
    /// What is wrong with what it printed.
    pub fn from_output(bytes: &[u8], from: &Plain) -> Result<Self, SecretError> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(SecretError::Unsendable { from: from.clone(), what: "bytes that are no text" });
        };
        Self::checked(text.trim(), from)
    }

    fn checked(text: &str, from: &Plain) -> Result<Self, SecretError> {
        let from = from.clone();
        let key = text.strip_suffix('\n').unwrap_or(text);
        let key = key.strip_suffix('\r').unwrap_or(key);
        if key.trim().is_empty() {
            return Err(SecretError::Empty { from });
        }
        if key.len() > LONGEST {
            return Err(SecretError::TooLong { from });
        }
        let what = |c: char| match c {
            '\n' | '\r' => Some("a line break"),
            c if c.is_whitespace() => Some("a blank"),
            c if c.is_control() => Some("a control character"),
            c if !c.is_ascii() => Some("a character outside of ASCII"),
            _ => None,
        };
        match key.chars().find_map(what) {
            Some(what) => Err(SecretError::Unsendable { from, what }),
            None => Ok(Self(key.to_owned())),
        }
    }

    /// The key as a header's value, marked so that nothing prints it.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&self.0).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_printed() {
        let key = Secret::from_env_value("btr-abc").expect("a key");
        assert_eq!(format!("{key:?} {:?}", Some(&key)), "*** Some(***)");
        let header = key.header().expect("a header");
        assert!(header.is_sensitive());
        assert!(!format!("{header:?}").contains("btr"));
    }

    #[test]
    fn what_is_no_key_is_refused_without_repeating_it() {
        for (value, words) in [
            ("", "is empty"),
            ("\n", "is empty"),
            ("  ", "is empty"),
            ("btr-a\nbtr-b", "a line break"),
            ("btr-a\n\n", "a line break"),
            (" btr-a", "a blank"),
            ("btr-\u{7}", "a control character"),
            ("btr-\u{e9}", "outside of ASCII"),
        ] {
            let text = Secret::from_env_value(value).expect_err(value).to_string();
            assert!(text.contains("FLARETOP_API_KEY") && text.contains(words), "{text}");
            assert!(!text.contains("btr"), "{text}");
        }
        assert!(Secret::from_env_value(&"k".repeat(5000)).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_must_be_the_users_alone() {
        use std::fs::Permissions;
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        std::fs::write(&path, "btr-abc\r\n").expect("written");
        let mode = |mode| std::fs::set_permissions(&path, Permissions::from_mode(mode)).expect("mode");
        for open in [0o644, 0o640, 0o604, 0o660] {
            mode(open);
            let text = Secret::from_file(&path).expect_err("exposed").to_string();
            assert!(text.contains("chmod 600") && text.contains(&path.display().to_string()), "{text}");
        }
        for closed in [0o600, 0o400] {
            mode(closed);
            assert_eq!(Secret::from_file(&path).expect("a key"), Secret("btr-abc".into()));
        }
        mode(0o600);
        std::fs::write(&path, [0xff, 0xfe]).expect("written");
        assert!(matches!(Secret::from_file(&path), Err(SecretError::Unsendable { .. })));
        std::fs::write(&path, "k".repeat(9000)).expect("written");
        assert!(matches!(Secret::from_file(&path), Err(SecretError::TooLong { .. })));
        std::fs::remove_file(&path).expect("removed");
        let text = Secret::from_file(&path).expect_err("gone").to_string();
        assert!(text.contains("cannot read the key file"), "{text}");
    }
}
