//! A part of the buffer with its own origin, outside of which nothing can be drawn.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation as _;

use super::text;
use super::theme::Theme;

/// A part of the buffer with its own origin. What leaves it is cut.
pub(super) struct Canvas<'a> {
    buf: &'a mut Buffer,
    area: Rect,
    theme: &'a Theme,
}

impl<'a> Canvas<'a> {
    /// The part of `buf` that is `area`.
    pub(super) fn new(buf: &'a mut Buffer, area: Rect, theme: &'a Theme) -> Self {
        let area = area.intersection(buf.area);
        Self { buf, area, theme }
    }

    pub(super) fn theme(&self) -> &'a Theme {
        self.theme
    }

    pub(super) fn width(&self) -> u16 {
        self.area.width
    }

    pub(super) fn height(&self) -> u16 {
        self.area.height
    }

    /// A part of this one, in this one's coordinates.
    pub(super) fn part(&mut self, part: Rect) -> Canvas<'_> {
        let area = Rect {
            x: self.area.x.saturating_add(part.x),
            y: self.area.y.saturating_add(part.y),
            width: part.width,
            height: part.height,
        }
        .intersection(self.area);
        Canvas { buf: &mut *self.buf, area, theme: self.theme }
    }

    /// As [`Canvas::part`], giving this one up.
    pub(super) fn into_part(self, part: Rect) -> Self {
        let Self { buf, area, theme } = self;
        let mut whole = Canvas { buf, area, theme };
        let area = whole.part(part).area;
        whole.area = area;
        whole
    }

    /// Writes `text`, cut at the edge, and says where it ends.
    pub(super) fn put(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let Some(room) = self.area.width.checked_sub(x) else { return x };
        if y >= self.area.height || room == 0 {
            return x;
        }
        let (x, y) = (self.area.x + x, self.area.y + y);
        let room = usize::from(room);
        // What was drawn there before leaves nothing behind.
        let style = self.theme.ground().patch(style);
        let (end, _) = if text.is_ascii() {
            return self.put_ascii((x, y), text, room, style) - self.area.x;
        } else if self.theme.ascii {
            self.buf.set_stringn(x, y, to_ascii(text), room, style)
        } else {
            self.buf.set_stringn(x, y, text, room, style)
        };
        end - self.area.x
    }

    /// Writes text of which each character is one byte and one column: nearly all of it, so it is not asked what belongs together.
    fn put_ascii(&mut self, (mut x, y): (u16, u16), text: &str, room: usize, style: Style) -> u16 {
        for c in text.bytes().filter(|b| !b.is_ascii_control()).take(room) {
            if let Some(cell) = self.buf.cell_mut((x, y)) {
                cell.set_char(c.into()).set_style(style);
            }
            x += 1;
        }
        x
    }

    /// Writes `text` into `width` columns; where it is longer, it is cut and marked.
    pub(super) fn put_fit(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        let more = self.theme.glyph().more;
        let cut = text::fit(text, usize::from(width), more);
        self.put(x, y, &cut, style)
    }

    /// Writes `text` so that it ends before column `x + width`; where it is longer, it is cut and marked.
    pub(super) fn put_right(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) {
        let more = self.theme.glyph().more;
        let cut = text::fit(text, usize::from(width), more);
        let free = width.saturating_sub(columns(&cut));
        self.put(x.saturating_add(free), y, &cut, style);
    }

    /// Writes the same one-column `glyph` `count` times.
    pub(super) fn repeat(&mut self, x: u16, y: u16, count: u16, glyph: &str, style: Style) {
        if y >= self.area.height || x >= self.area.width {
            return;
        }
        let style = self.theme.ground().patch(style);
        for x in x..x.saturating_add(count).min(self.area.width) {
            if let Some(cell) = self.buf.cell_mut((self.area.x + x, self.area.y + y)) {
                cell.set_symbol(glyph).set_style(style);
            }
        }
    }

    /// Draws each part of line `y`, from `x` on, that `find` finds in a text (from a place on) in another style as well. Says
    /// whether there was any.
    pub(super) fn mark(
        &mut self,
        x: u16,
        y: u16,
        find: impl Fn(&str, usize) -> Option<Range<usize>>,
        style: Style,
    ) -> bool {
        let row = self.part(Rect::new(x, y, self.area.width.saturating_sub(x), 1)).area;
        let mut text = String::new();
        let mut cells: Vec<(usize, u16)> = Vec::new();
        let mut x = row.left();
        while x < row.right() && !row.is_empty() {
            let Some(cell) = self.buf.cell((x, row.y)) else { break };
            cells.push((text.len(), x));
            text.push_str(cell.symbol());
            x = x.saturating_add(columns(cell.symbol()).max(1));
        }
        let mut from = 0;
        while let Some(found) = find(&text, from).filter(|found| found.end > from) {
            from = found.end;
            for (_, x) in cells.iter().filter(|(at, _)| found.contains(at)) {
                if let Some(cell) = self.buf.cell_mut((*x, row.y)) {
                    cell.set_style(style);
                }
            }
        }
        from > 0
    }

    /// Takes all colour and weight back, so that what is drawn next stands out.
    pub(super) fn recede(&mut self) {
        let style = self.theme.ground().patch(self.theme.mute());
        for (x, y) in cells(self.area) {
            if let Some(cell) = self.buf.cell_mut((x, y)) {
                cell.set_style(style);
            }
        }
    }

    /// Empties a part. A wide character that reaches in from the left goes whole: half a character cannot be drawn.
    pub(super) fn clear(&mut self, part: Rect) {
        if let Some(before) = part.x.checked_sub(1) {
            for y in part.top()..part.bottom().min(self.area.height) {
                if let Some(cell) = self.buf.cell_mut((self.area.x.saturating_add(before), self.area.y + y))
                    && columns(cell.symbol()) > 1
                {
                    cell.set_symbol(" ");
                }
            }
        }
        let part = self.part(part);
        for (x, y) in cells(part.area) {
            if let Some(cell) = part.buf.cell_mut((x, y)) {
                cell.reset();
                cell.set_style(part.theme.ground());
            }
        }
    }
}

fn cells(area: Rect) -> impl Iterator<Item = (u16, u16)> {
    (area.top()..area.bottom()).flat_map(move |y| (area.left()..area.right()).map(move |x| (x, y)))
}

/// Wider than any screen, and so little that a few of them can be added.
const WIDEST: u16 = 8_000;

/// The columns that `text` takes. A record may be a megabyte long, of which no more than [`WIDEST`] are counted.
pub(super) fn columns(text: &str) -> u16 {
    u16::try_from(text::width(text)).unwrap_or(WIDEST).min(WIDEST)
}

/// `text` with a `?` for every column of what ASCII cannot spell.
pub(super) fn to_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for g in text.graphemes(true) {
        if g.is_ascii() {
            out.push_str(g);
        } else {
            out.extend(std::iter::repeat_n('?', text::width(g)));
        }
    }
    out
}
