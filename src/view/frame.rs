//! The box around a pane, with what stands in its border.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, columns};
use super::text;

/// Some words in one style.
pub(super) type Part = (String, Style);

/// A box.
#[derive(Debug, Clone, Default)]
pub(super) struct Frame {
    /// At the top left.
    pub(super) title: String,
    /// At the top right; leaves where there is no room.
    pub(super) right: Vec<Part>,
    /// At the bottom left; leaves where there is no room.
    pub(super) bottom: Vec<Part>,
    /// The pane has the keys.
    pub(super) focused: bool,
}

impl Frame {
    /// How many columns there are for what stands at the top right.
    pub(super) fn room(&self, canvas: &Canvas<'_>) -> u16 {
        let mark = if self.focused { 2 } else { 0 };
        canvas.width().saturating_sub(columns(&self.title) + mark + 9)
    }
}

/// Draws `frame` along the edge of `canvas` and gives what is inside.
pub(super) fn draw<'c>(canvas: &'c mut Canvas<'_>, frame: &Frame) -> Canvas<'c> {
    let (w, h) = (canvas.width(), canvas.height());
    let theme = canvas.theme();
    let glyph = theme.glyph();
    let border = if frame.focused { theme.focus() } else { theme.border() };
    if w < 2 || h < 2 {
        return canvas.part(Rect::ZERO);
    }
    let [tl, tr, bl, br] = glyph.corners;
    for (y, left, right) in [(0, tl, tr), (h - 1, bl, br)] {
        canvas.repeat(0, y, 1, left, border);
        canvas.repeat(1, y, w - 2, glyph.line, border);
        canvas.repeat(w - 1, y, 1, right, border);
    }
    for y in 1..h - 1 {
        canvas.repeat(0, y, 1, glyph.wall, border);
        canvas.repeat(w - 1, y, 1, glyph.wall, border);
    }
    // `╭─ title ─── right ─╮`: two columns of line and blank on each side of each.
    let mut free = w.saturating_sub(4);
    if !frame.title.is_empty() && free > 4 {
        let style = if frame.focused { theme.focus() } else { theme.text() };
        let mark = if frame.focused { format!("{} ", glyph.here) } else { String::new() };
        let title = format!("{mark}{}", frame.title);
        let title = text::fit(&title, usize::from(free - 2), glyph.more);
        let end = canvas.put(2, 0, &format!(" {title} "), style);
        free = w.saturating_sub(end + 3);
    }
    corner(canvas, &frame.right, 0, free, true);
    corner(canvas, &frame.bottom, h - 1, w.saturating_sub(4), false);
    canvas.part(Rect::new(1, 1, w - 2, h - 2))
}

/// Draws the words of `frame` into a line at the top of `canvas`, for screens without boxes, and gives what is below.
pub(super) fn bare<'c>(canvas: &'c mut Canvas<'_>, frame: &Frame) -> Canvas<'c> {
    let (w, h) = (canvas.width(), canvas.height());
    let theme = canvas.theme();
    let style = if frame.focused { theme.focus() } else { theme.border() };
    canvas.repeat(0, 0, w, theme.glyph().line, style);
    let mark = if frame.focused { format!("{} ", theme.glyph().here) } else { String::new() };
    let title =
        text::fit(&format!(" {mark}{} ", frame.title), usize::from(w.saturating_sub(2)), "").into_owned();
    let end = if frame.title.is_empty() { 1 } else { canvas.put(1, 0, &title, style) };
    corner(canvas, &frame.right, 0, w.saturating_sub(end + 3), true);
    canvas.part(Rect::new(0, 1, w, h.saturating_sub(1)))
}

/// Puts `parts` into the border of line `y` where `free` columns suffice, at its right or its left end.
fn corner(canvas: &mut Canvas<'_>, parts: &[Part], y: u16, free: u16, right: bool) {
    let needed: u16 = parts.iter().map(|(text, _)| columns(text)).fold(0, u16::saturating_add);
    if needed == 0 || needed.saturating_add(2) > free {
        return;
    }
    let plain = canvas.theme().text();
    let mut x = if right { canvas.width() - needed - 4 } else { 2 };
    x = canvas.put(x, y, " ", plain);
    for (text, style) in parts {
        x = canvas.put(x, y, text, *style);
    }
    canvas.put(x, y, " ", plain);
}
