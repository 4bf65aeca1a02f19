//! What things look like: colour roles, and glyphs with an ASCII spelling for each.
//!
//! Only the terminal's own 16 colours are used, and neither white nor black is ever forced, so that it is right on light and
//! dark without asking. Every role that has a colour also has a word or a glyph where it is used: without colour, bold, dim and
//! reverse remain.

use ratatui::style::{Color, Modifier, Style};

/// Colours and glyphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Use colours.
    pub color: bool,
    /// Use only ASCII characters.
    pub ascii: bool,
}

/// The characters that are drawn besides words. Each is one column wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// The selected row and the focused pane.
    pub here: &'static str,
    /// A source that works.
    pub live: &'static str,
    /// A source that is being connected.
    pub connecting: &'static str,
    /// A source that is lost.
    pub lost: &'static str,
    /// Sorted upwards.
    pub up: &'static str,
    /// A condition that holds.
    pub yes: &'static str,
    /// A condition that stands in the way.
    pub no: &'static str,
    /// A condition that only takes time.
    pub wait: &'static str,
    /// Text goes on.
    pub more: &'static str,
    /// Between two things of a list.
    pub dot: &'static str,
    /// A row that is not there yet.
    pub skeleton: &'static str,
    /// The part of a bar that is not filled.
    pub track: &'static str,
    /// Where even use would be by now.
    pub even: &'static str,
    /// A horizontal line.
    pub line: &'static str,
    /// A vertical line.
    pub wall: &'static str,
    /// The corners: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Give or take.
    pub about: &'static str,
}

const UNICODE: Glyphs = Glyphs {
    here: "▸",
    live: "●",
    connecting: "◌",
    lost: "▲",
    up: "▲",
    yes: "✓",
    no: "×",
    wait: "·",
    more: "…",
    dot: "·",
    skeleton: "░",
    track: "·",
    even: "┊",
    line: "─",
    wall: "│",
    corners: ["╭", "╮", "╰", "╯"],
    about: "±",
};

const ASCII: Glyphs = Glyphs {
    here: ">",
    live: "*",
    connecting: "o",
    lost: "!",
    up: "^",
    yes: "+",
    no: "x",
    wait: "-",
    more: "~",
    dot: "-",
    skeleton: ":",
    track: ".",
    even: "|",
    line: "-",
    wall: "|",
    corners: ["+", "+", "+", "+"],
    about: "~",
};

impl Theme {
    /// With or without colour, with or without characters beyond ASCII.
    pub const fn new(color: bool, ascii: bool) -> Self {
        Self { color, ascii }
    }

    /// The characters that are drawn besides words.
    pub const fn glyph(&self) -> &'static Glyphs {
        if self.ascii { &ASCII } else { &UNICODE }
    }

    fn colored(&self, color: Color) -> Style {
        if self.color { Style::new().fg(color) } else { Style::new() }
    }

    /// Ordinary text.
    pub const fn text(&self) -> Style {
        Style::new()
    }

    /// Text that is looked for first.
    pub const fn strong(&self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Text that is not looked for: headings, what is off or does not apply.
    pub const fn mute(&self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// What is as it should be.
    pub fn ok(&self) -> Style {
        self.colored(Color::Green)
    }

    /// What deserves a look.
    pub fn warn(&self) -> Style {
        self.colored(Color::Yellow)
    }

    /// What is wrong.
    pub fn bad(&self) -> Style {
        self.colored(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// What is about to happen.
    pub fn due(&self) -> Style {
        self.colored(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// What waits for a person.
    pub fn you(&self) -> Style {
        self.colored(Color::Magenta).add_modifier(Modifier::BOLD)
    }

    /// What is searched for: to be put over another style.
    pub const fn found(&self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED.union(Modifier::BOLD))
    }

    /// The pane that has the keys.
    pub fn focus(&self) -> Style {
        self.colored(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// Lines around things and behind them: nothing is lost in a palette where this grey is the background.
    pub fn border(&self) -> Style {
        if self.color { self.colored(Color::DarkGray) } else { self.mute() }
    }

    /// The selected row of the pane that has the keys: the whole line is turned round, in the terminal's own two colours,
    /// which is legible in every palette.
    pub const fn selected(&self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED.union(Modifier::BOLD))
    }
}
