//! Where each pane is, from plain values. The view draws there, and the app knows from here how much fits.

mod column_list;
pub(crate) mod columns;

pub use columns::ColumnChoice;

use columns::Columns;
use ratatui::layout::{Rect, Size};

/// The least size that shows more than one line of text.
const LEAST: Size = Size { width: 30, height: 6 };
/// A narrower screen has no room for the table's columns, nor for long words.
pub(crate) const NARROW: u16 = 60;
/// The least height at which a pane that is alone leaves a line to the header.
const LEAST_WITH_HEADER: u16 = 8;
/// The height of the why pane where it is a strip between the others.
const STRIP: u16 = 4;
/// Its height where it is a list beside the table. In 28 columns most accounts take a dozen lines, and one with all that can be said
/// of it half as many again.
const LIST: u16 = 20;

/// How the screen is divided up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Below the least useful size.
    Tight,
    /// A line for each thing, without boxes (40x12).
    Compact,
    /// Boxes one above the other (80x24).
    Stacked,
    /// The why pane beside the accounts (120x40 and up).
    Wide,
}

/// Where each pane is, borders included. A pane that does not fit is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regions {
    /// How the screen is divided up.
    pub shape: Shape,
    /// The line at the top.
    pub header: Rect,
    /// The accounts pane.
    pub accounts: Rect,
    /// The why pane.
    pub why: Rect,
    /// The events pane.
    pub events: Rect,
    /// The line at the bottom.
    pub footer: Rect,
    /// One pane fills the screen, the others are empty.
    pub alone: bool,
}

impl Regions {
    /// Divides a screen of `size` up for `rows` accounts.
    pub fn of(size: Size, rows: usize) -> Self {
        let Size { width, height } = size;
        let whole = Rect::new(0, 0, width, height);
        let empty = Rect::ZERO;
        if width < LEAST.width || height < LEAST.height {
            return Self {
                shape: Shape::Tight,
                header: empty,
                accounts: whole,
                why: empty,
                events: empty,
                footer: empty,
                alone: false,
            };
        }
        let shape = match (width, height) {
            (..NARROW, _) | (_, ..=17) => Shape::Compact,
            (110.., 24..) => Shape::Wide,
            _ => Shape::Stacked,
        };
        let rows = u16::try_from(rows).unwrap_or(u16::MAX).max(3);
        let header = Rect::new(0, 0, width, 1);
        let footer = Rect::new(0, height - 1, width, 1);
        let inner = height - 2;
        let band = |y: u16, h: u16| Rect::new(0, y, width, h);
        let (accounts, why, events) = match shape {
            Shape::Tight => (whole, empty, empty),
            Shape::Compact => {
                // A line of why, at least two of events under a rule where there is room; what the accounts do not need is for events.
                let why = match inner {
                    ..5 => 0,
                    5..16 => 1,
                    _ => 2,
                };
                let least = if inner >= 8 { 3 } else { 0 };
                let most = inner - why - least;
                let accounts = if least > 0 { rows.min(most) } else { most };
                let events = inner - why - accounts;
                (band(1, accounts), band(1 + accounts + events, why), band(1 + accounts, events))
            }
            Shape::Stacked => {
                let why = STRIP;
                let least = match height {
                    ..=21 => 5,
                    22..=23 => 6,
                    24..=30 => 7,
                    _ => (height / 3).max(7),
                };
                let accounts = rows.saturating_add(3).min(inner - why - least.min(inner - why - 4)).max(4);
                (band(1, accounts), band(1 + accounts, why), band(1 + accounts + why, inner - why - accounts))
            }
            Shape::Wide => {
                let beside = if width >= 180 { 48 } else { 32 };
                let least = least_beside(height);
                let top = rows.saturating_add(3).max(LIST).min(inner - least);
                (
                    Rect::new(0, 1, width - beside, top),
                    Rect::new(width - beside, 1, beside, top),
                    band(1 + top, inner - top),
                )
            }
        };
        Self { shape, header, accounts, why, events, footer, alone: false }
    }

    /// The same screen with one pane alone on it. The header leaves where its line is worth more to the pane; the footer stays, as it
    /// has the keys that lead back.
    #[must_use]
    pub fn alone(mut self, pane: impl FnOnce(&mut Self) -> &mut Rect) -> Self {
        if self.shape == Shape::Tight {
            return self;
        }
        if self.footer.bottom() < LEAST_WITH_HEADER {
            self.header = Rect::ZERO;
        }
        let top = self.header.height;
        let whole = Rect::new(0, top, self.footer.width, self.footer.y - top);
        (self.accounts, self.why, self.events) = (Rect::ZERO, Rect::ZERO, Rect::ZERO);
        *pane(&mut self) = whole;
        self.alone = true;
        self
    }

    /// The same screen with the details in the events' place where the why pane is otherwise a strip of two lines, and with all the
    /// height but the events' third where it stands beside the table. How much there is to tell of one account does not matter, so
    /// that no pane moves when the selection does, or when a list comes.
    #[must_use]
    pub fn with_details(mut self) -> Self {
        match self.shape {
            Shape::Stacked if !self.alone => {
                self.why.height += self.events.height;
                self.events = Rect::ZERO;
            }
            Shape::Wide if !self.alone => {
                let more = self.events.height.saturating_sub(least_beside(self.footer.bottom()));
                self.accounts.height += more;
                self.why.height += more;
                self.events.y += more;
                self.events.height -= more;
            }
            _ => {}
        }
        self
    }

    /// The why pane is a list of lines; otherwise it says as much as one or two lines hold.
    pub fn why_is_a_list(&self) -> bool {
        self.shape == Shape::Wide || self.why.height > STRIP
    }

    /// How many lines of the why pane's list fit at once, and how many columns each has.
    pub fn why_lines(&self) -> Size {
        let (rows, columns) = if self.shape == Shape::Compact { (1, 2) } else { (2, 4) };
        Size::new(self.why.width.saturating_sub(columns), self.why.height.saturating_sub(rows))
    }

    /// How many accounts fit at once.
    pub fn account_rows(&self) -> usize {
        let h = self.accounts.height;
        usize::from(match self.shape {
            Shape::Tight => h.saturating_sub(1),
            Shape::Compact => h,
            Shape::Stacked | Shape::Wide => h.saturating_sub(3),
        })
    }

    /// Where the accounts' lines are, without the box and the columns' names.
    pub fn account_lines(&self) -> Rect {
        let Rect { x, y, width, height } = self.accounts;
        match self.shape {
            Shape::Tight => Rect { height: height.saturating_sub(1), ..self.accounts },
            Shape::Compact => self.accounts,
            Shape::Stacked | Shape::Wide => {
                Rect::new(x + 1, y + 2, width.saturating_sub(2), height.saturating_sub(3))
            }
        }
    }

    /// How the table's columns share its width.
    pub(crate) fn columns(&self) -> Columns {
        match self.shape {
            Shape::Tight | Shape::Compact => Columns::bare(self.accounts.width),
            Shape::Stacked | Shape::Wide => Columns::of(self.accounts.width.saturating_sub(2)),
        }
    }

    /// True where the columns have no heads, as it is known what the first page shows; another one gives a line to them.
    pub(crate) fn has_heads_only_on_later_pages(&self) -> bool {
        self.shape == Shape::Compact
    }

    /// How many event lines fit at once.
    pub fn event_lines(&self) -> usize {
        let h = self.events.height;
        usize::from(match self.shape {
            Shape::Tight => 0,
            Shape::Compact => h.saturating_sub(1),
            Shape::Stacked | Shape::Wide => h.saturating_sub(2),
        })
    }
}

/// The width, or the height, of a box over the panes: where little is left of them beside it, that is no more than ends of words.
pub(crate) fn box_extent(wanted: u16, all: u16) -> u16 {
    if all.saturating_sub(wanted) <= 4 { all } else { wanted }
}

/// The least height of the events below panes that stand side by side, on a screen of that height.
fn least_beside(height: u16) -> u16 {
    (height / 3).max(7)
}

/// How many columns and lines of text an event has that is shown whole, over the panes: within a border with a blank beside it, below
/// the line at the top.
pub fn event_room(screen: Size) -> Size {
    Size { width: screen.width.saturating_sub(4), height: screen.height.saturating_sub(4) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn heights(width: u16, height: u16, rows: usize) -> (u16, u16, u16) {
        let r = Regions::of(Size::new(width, height), rows);
        (r.accounts.height, r.why.height, r.events.height)
    }

    #[test]
    fn the_sketched_sizes_are_divided_as_sketched() {
        assert_eq!(heights(80, 24, 6), (9, 4, 9));
        assert_eq!(heights(80, 24, 27), (11, 4, 7));
        assert_eq!(heights(40, 12, 6), (6, 1, 3));
        assert_eq!(heights(40, 12, 20), (6, 1, 3));
        assert_eq!(heights(60, 16, 20), (10, 1, 3));
        assert_eq!(heights(45, 25, 7), (7, 2, 14));
        assert_eq!(heights(60, 16, 4), (4, 1, 9));
        assert_eq!(heights(80, 18, 27), (7, 4, 5));
        assert_eq!(Regions::of(Size::new(120, 40), 7).accounts.width, 88);
        assert_eq!(Regions::of(Size::new(200, 50), 7).why.width, 48);
    }

    #[test]
    fn a_pane_that_is_alone_has_all_but_the_lines_at_the_top_and_the_bottom() {
        for (width, height, rows) in [(40, 12, 10), (80, 24, 22), (120, 40, 38), (200, 50, 48), (30, 6, 5)] {
            let r = Regions::of(Size::new(width, height), 6).alone(|r| &mut r.why);
            assert_eq!((r.why.width, r.why.height), (width, rows));
            assert!(r.why_is_a_list() && r.accounts.is_empty() && r.events.is_empty());
            assert_eq!(r.header.is_empty(), height < 8);
        }
    }

    #[test]
    fn details_take_the_events_place_where_the_pane_is_a_strip() {
        let strip = Regions::of(Size::new(80, 24), 6);
        assert!(!strip.why_is_a_list());
        let r = strip.with_details();
        assert_eq!((r.why.height, r.events.height), (13, 0));
        assert!(r.why_is_a_list());
    }

    #[test]
    fn details_beside_the_table_have_all_the_height_but_the_events_third() {
        for ((width, height), usual, open) in
            [((120, 40), (20, 18), (25, 13)), ((200, 50), (20, 28), (32, 16)), ((110, 24), (14, 8), (14, 8))]
        {
            let r = Regions::of(Size::new(width, height), 6);
            assert_eq!((r.why.height, r.events.height), usual);
            let r = r.with_details();
            assert_eq!((r.why.height, r.accounts.height, r.events.height), (open.0, open.0, open.1));
            assert_eq!(r.events.y, r.why.bottom());
            let crowded = Regions::of(Size::new(width, height), 200);
            assert_eq!(crowded.with_details(), crowded, "there the table has it all already");
        }
    }

    proptest! {
        #[test]
        fn panes_tile_the_screen_at_any_size(
            width in 0u16..300, height in 0u16..120, rows in 0usize..20_000, arranged in 0u8..5,
        ) {
            let r = Regions::of(Size::new(width, height), rows);
            let r = match arranged {
                0 => r.alone(|r| &mut r.accounts),
                1 => r.alone(|r| &mut r.why),
                2 => r.alone(|r| &mut r.events),
                3 => r.with_details(),
                _ => r,
            };
            let whole = Rect::new(0, 0, width, height);
            let panes = [r.header, r.accounts, r.why, r.events, r.footer];
            let mut area = 0;
            for (i, pane) in panes.iter().enumerate() {
                prop_assert!(pane.is_empty() || whole.intersection(*pane) == *pane, "{pane:?} leaves {whole:?}");
                area += u32::from(pane.width) * u32::from(pane.height);
                for other in &panes[i + 1..] {
                    prop_assert!(!pane.intersects(*other) || pane.is_empty() || other.is_empty(), "{pane:?} over {other:?}");
                }
            }
            prop_assert_eq!(area, u32::from(width) * u32::from(height));
            prop_assert!(r.shape == Shape::Tight || r.account_rows() > 0 || (r.alone && r.accounts.is_empty()));
            prop_assert!(!r.alone || r.account_rows() + r.event_lines() + usize::from(r.why_lines().height) > 0);
            let lines = r.account_lines();
            prop_assert_eq!(usize::from(lines.height), r.account_rows());
            prop_assert!(lines.is_empty() || r.accounts.intersection(lines) == lines);
        }
    }
}
