//! The colours of the themes, by role.

use ratatui::style::Color;

/// How many colours a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Depth {
    /// Its own 16.
    #[default]
    Sixteen,
    /// And the 240 that are the same everywhere.
    Indexed,
    /// All that there are.
    True,
}

/// The colours of one theme. The roles are those of [`super::theme::Theme`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Palette {
    /// Ordinary text and what is behind everything; none: the terminal's own two.
    pub(super) ground: Option<Ground>,
    /// None: dimmed.
    pub(super) mute: Option<Color>,
    pub(super) ok: Color,
    pub(super) warn: Color,
    pub(super) bad: Color,
    pub(super) due: Color,
    pub(super) you: Color,
    pub(super) focus: Color,
    pub(super) border: Color,
}

/// What a theme is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ground {
    /// Of ordinary text.
    pub(super) ink: Color,
    /// Behind everything.
    pub(super) paper: Color,
}

const fn rgb(hex: u32) -> Color {
    Color::from_u32(hex)
}

/// The terminal's own 16 colours: neither white nor black is forced, so that they are right on light and dark.
pub(super) const TERMINAL: Palette = Palette {
    ground: None,
    mute: None,
    ok: Color::Green,
    warn: Color::Yellow,
    bad: Color::Red,
    due: Color::Cyan,
    you: Color::Magenta,
    focus: Color::LightBlue,
    border: Color::DarkGray,
};

/// Light on dark.
pub(super) const DARK: Palette = Palette {
    ground: Some(Ground { ink: rgb(0xd7_dc_e4), paper: rgb(0x14_16_1b) }),
    mute: Some(rgb(0x8b_93_a3)),
    ok: rgb(0x8f_c7_7b),
    warn: rgb(0xe5_c0_7b),
    bad: rgb(0xff_7b_82),
    due: rgb(0x5c_c8_d8),
    you: rgb(0xd6_99_e8),
    focus: rgb(0x82_aa_ff),
    border: rgb(0x67_70_80),
};

/// Dark on light.
pub(super) const LIGHT: Palette = Palette {
    ground: Some(Ground { ink: rgb(0x24_29_2f), paper: rgb(0xfa_fa_fa) }),
    mute: Some(rgb(0x66_6d_78)),
    ok: rgb(0x1a_6f_33),
    warn: rgb(0x85_56_00),
    bad: rgb(0xbe_12_26),
    due: rgb(0x00_66_80),
    you: rgb(0x87_2a_a4),
    focus: rgb(0x1f_4f_d8),
    border: rgb(0x83_8a_94),
};

impl Palette {
    /// The palette as a terminal of that depth can show it. With 16 colours that is the terminal's own: what a theme's ground
    /// would be among them is anybody's guess.
    pub(super) fn at(self, depth: Depth) -> Self {
        match (depth, self.ground) {
            (_, None) | (Depth::True, _) => self,
            (Depth::Sixteen, _) => TERMINAL,
            (Depth::Indexed, Some(Ground { ink, paper })) => Self {
                ground: Some(Ground { ink: indexed(ink), paper: indexed(paper) }),
                mute: self.mute.map(indexed),
                ok: indexed(self.ok),
                warn: indexed(self.warn),
                bad: indexed(self.bad),
                due: indexed(self.due),
                you: indexed(self.you),
                focus: indexed(self.focus),
                border: indexed(self.border),
            },
        }
    }
}

/// The nearest of the 240 colours that every terminal with 256 has: a cube of 6x6x6, and 24 greys.
fn indexed(color: Color) -> Color {
    let Color::Rgb(r, g, b) = color else { return color };
    let apart = |index: u8| -> i32 {
        let parts = [r, g, b].into_iter().zip(value(index));
        parts.map(|(one, other)| i32::from(one.abs_diff(other)).pow(2)).sum()
    };
    (16..=255).min_by_key(|index| apart(*index)).map_or(color, Color::Indexed)
}

/// What an indexed colour beyond the first 16 is in red, green and blue.
fn value(index: u8) -> [u8; 3] {
    let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match index.saturating_sub(16) {
        grey @ 216.. => {
            let level = 8 + 10 * (grey - 216);
            [level; 3]
        }
        cube => [step(cube / 36), step(cube / 6 % 6), step(cube % 6)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of a colour (WCAG 2.2).
    fn luminance(color: Color) -> f64 {
        let [r, g, b] = match color {
            Color::Rgb(r, g, b) => [r, g, b],
            Color::Indexed(index) => value(index),
            other => panic!("{other:?} is what the terminal makes of it"),
        };
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    fn contrast(a: Color, b: Color) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((contrast(rgb(0x00_00_00), rgb(0xff_ff_ff)) - 21.0).abs() < 1e-9);
        assert!((contrast(rgb(0x76_76_76), rgb(0xff_ff_ff)) - 4.54).abs() < 0.01);
    }

    #[test]
    fn every_role_is_legible_on_its_ground() {
        for (name, palette) in [("dark", DARK), ("light", LIGHT)] {
            for depth in [Depth::True, Depth::Indexed] {
                let p = palette.at(depth);
                let Ground { ink, paper } = p.ground.expect("a ground");
                let texts = [
                    ("text", ink),
                    ("ok", p.ok),
                    ("warn", p.warn),
                    ("bad", p.bad),
                    ("due", p.due),
                    ("you", p.you),
                    ("focus", p.focus),
                ];
                let quiet = [("mute", p.mute.expect("a colour")), ("border", p.border)];
                for (least, roles) in [(4.5, &texts[..]), (3.0, &quiet[..])] {
                    for (role, color) in roles {
                        let ratio = contrast(*color, paper);
                        assert!(ratio >= least, "{role} of {name} at {depth:?}: {ratio:.2} is under {least}");
                    }
                }
            }
        }
    }

    #[test]
    fn meanings_are_told_apart_at_every_depth() {
        for palette in [TERMINAL, DARK, LIGHT] {
            for depth in [Depth::Sixteen, Depth::Indexed, Depth::True] {
                let p = palette.at(depth);
                let all = [p.ok, p.warn, p.bad, p.due, p.you, p.focus];
                for (i, one) in all.iter().enumerate() {
                    assert!(!all[i + 1..].contains(one), "{one:?} twice at {depth:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_indexed_is_not_one_of_the_users_own_sixteen() {
        assert_eq!(indexed(rgb(0x00_00_00)), Color::Indexed(16));
        assert_eq!(indexed(rgb(0xff_ff_ff)), Color::Indexed(231));
        assert_eq!(indexed(rgb(0x80_80_80)), Color::Indexed(244));
        assert_eq!(indexed(rgb(0xff_00_00)), Color::Indexed(196));
        assert_eq!(DARK.at(Depth::Sixteen), TERMINAL);
    }
}
