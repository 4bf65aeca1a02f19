//! What things look like: colour roles, and glyphs with an ASCII spelling for each.
//!
//! Unless another theme is asked for, only the terminal's own 16 colours are used, and neither white nor black is ever forced,
//! so that it is right on light and dark without asking. Every role that has a colour also has a word or a glyph where it is
//! used: without colour, bold, dim and reverse remain.

use ratatui::style::{Color, Modifier, Style};

pub use super::palette::Depth;
use super::palette::{DARK, Ground, LIGHT, Palette, TERMINAL};

/// Which colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// The terminal's own.
    #[default]
    Terminal,
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
    /// None.
    Mono,
}

impl ThemeName {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Terminal, Self::Dark, Self::Light, Self::Mono];

    /// Its name in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Mono => "mono",
        }
    }
}

/// Colours and glyphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Use colours.
    pub color: bool,
    /// Use only ASCII characters.
    pub ascii: bool,
    palette: Palette,
}

/// The characters that are drawn besides words. Each is one column wide, except for the last two.
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
    /// The least on top.
    pub up: &'static str,
    /// The most on top.
    pub down: &'static str,
    /// There is more to the left.
    pub left: &'static str,
    /// There is more to the right.
    pub right: &'static str,
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
    /// What is off, where that is the usual case.
    pub off: &'static str,
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
    /// Something is under way.
    pub under_way: &'static str,
}

const UNICODE: Glyphs = Glyphs {
    here: "▸",
    live: "●",
    connecting: "◌",
    lost: "▲",
    up: "▲",
    down: "▼",
    left: "‹",
    right: "›",
    yes: "✓",
    no: "×",
    wait: "·",
    more: "…",
    dot: "·",
    off: "·",
    skeleton: "░",
    track: "·",
    even: "┊",
    line: "─",
    wall: "│",
    corners: ["╭", "╮", "╰", "╯"],
    about: "±",
    under_way: "…",
};

const ASCII: Glyphs = Glyphs {
    here: ">",
    live: "*",
    connecting: "o",
    lost: "!",
    up: "^",
    down: "v",
    left: "<",
    right: ">",
    yes: "+",
    no: "x",
    wait: "-",
    more: "~",
    dot: "-",
    off: ".",
    skeleton: ":",
    track: ".",
    even: "|",
    line: "-",
    wall: "|",
    corners: ["+", "+", "+", "+"],
    about: "+-",
    under_way: "...",
};

impl Theme {
    /// The terminal's own colours or none, with or without characters beyond ASCII.
    pub const fn new(color: bool, ascii: bool) -> Self {
        Self { color, ascii, palette: TERMINAL }
    }

    /// The theme of that name, as a terminal of that depth can show it. Without colour they are all one.
    pub fn named(name: ThemeName, depth: Depth, color: bool, ascii: bool) -> Self {
        let palette = match name {
            _ if !color => TERMINAL,
            ThemeName::Terminal | ThemeName::Mono => TERMINAL,
            ThemeName::Dark => DARK.at(depth),
            ThemeName::Light => LIGHT.at(depth),
        };
        Self { color: color && name != ThemeName::Mono, ascii, palette }
    }

    /// What everything is drawn on: nothing of what was there before remains.
    pub(super) const fn ground(&self) -> Style {
        match self.palette.ground {
            Some(Ground { ink, paper }) => Style::reset().fg(ink).bg(paper),
            None => Style::reset(),
        }
    }

    /// The theme has a ground of its own, which must be laid out first.
    pub(super) const fn has_ground(&self) -> bool {
        self.palette.ground.is_some()
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
        match self.palette.mute {
            Some(color) => Style::new().fg(color),
            None => Style::new().add_modifier(Modifier::DIM),
        }
    }

    /// What is as it should be.
    pub fn ok(&self) -> Style {
        self.colored(self.palette.ok)
    }

    /// What deserves a look.
    pub fn warn(&self) -> Style {
        if self.color { self.colored(self.palette.warn) } else { self.strong() }
    }

    /// What is wrong.
    pub fn bad(&self) -> Style {
        self.colored(self.palette.bad).add_modifier(Modifier::BOLD)
    }

    /// What is about to happen.
    pub fn due(&self) -> Style {
        self.colored(self.palette.due).add_modifier(Modifier::BOLD)
    }

    /// What waits for a person.
    pub fn you(&self) -> Style {
        self.colored(self.palette.you).add_modifier(Modifier::BOLD)
    }

    /// What is searched for: to be put over another style.
    pub const fn found(&self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED.union(Modifier::BOLD))
    }

    /// The pane that has the keys.
    pub fn focus(&self) -> Style {
        self.colored(self.palette.focus).add_modifier(Modifier::BOLD)
    }

    /// Lines around things and behind them: nothing is lost in a palette where this grey is the background.
    pub fn border(&self) -> Style {
        if self.color { self.colored(self.palette.border) } else { self.mute() }
    }

    /// The selected row of the pane that has the keys: the whole line is turned round, in the two colours of ordinary text,
    /// which is legible in every palette.
    pub const fn selected(&self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED.union(Modifier::BOLD))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deserves_a_look_stands_out_without_colours_too() {
        for ascii in [false, true] {
            let theme = Theme::new(false, ascii);
            for style in [theme.warn(), theme.bad(), theme.due(), theme.you()] {
                assert_eq!(style, theme.strong());
            }
            assert_ne!(Theme::new(true, ascii).warn(), theme.strong());
        }
    }
}
