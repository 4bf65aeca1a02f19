//! What things look like: colour roles and glyphs.

/// Colours and glyphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Use colours.
    pub color: bool,
    /// Use only ASCII characters.
    pub ascii: bool,
}
