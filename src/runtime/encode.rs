//! What turns one frame into the next, in as few bytes as is sensible.
//!
//! The sequences are those of ECMA-48 (CUP, CUF, CR, LF, BS, SGR) and every terminal of the last decades has them. Stock
//! backends address each cell absolutely and reset all attributes each frame, which is most of what a ticking countdown costs.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

/// Begins a synchronized update: the terminal shows the frame when it is whole.
const BEGIN: &[u8] = b"\x1b[?2026h";
/// Ends it.
const END: &[u8] = b"\x1b[?2026l";

/// Writes frames as differences to what the terminal shows.
#[derive(Debug)]
pub struct Encoder {
    shown: Buffer,
    cursor: Option<Position>,
    pen: Option<Pen>,
    clear: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    const DEFAULT: Self = Self { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }
}

impl Encoder {
    /// A terminal of `area` of which nothing is known.
    pub fn new(area: Rect) -> Self {
        Self { shown: Buffer::empty(area), cursor: None, pen: None, clear: true }
    }

    /// Forgets what the terminal shows: the next frame is written whole.
    pub fn forget(&mut self, area: Rect) {
        *self = Self::new(area);
    }

    /// The bytes that make the terminal show `next`, none where it does. `next` becomes a blank buffer of its size for the frame after it.
    pub fn encode(&mut self, next: &mut Buffer, out: &mut Vec<u8>) {
        let (start, begun) = begin(out);
        if !self.knows(next.area) {
            self.shown = Buffer::empty(next.area);
            self.cursor = None;
            self.pen = Some(Pen::DEFAULT);
            self.clear = false;
            out.extend_from_slice(b"\x1b[0m\x1b[2J");
        }
        let shown = std::mem::take(&mut self.shown);
        let width = usize::from(next.area.width).max(1);
        for (y, (old, new)) in (0u16..).zip(shown.content.chunks(width).zip(next.content.chunks(width))) {
            self.row(y, old, new, out);
        }
        self.shown = shown;
        end(start, begun, out);
        std::mem::swap(&mut self.shown, next);
        next.resize(self.shown.area);
        next.reset();
    }

    /// True where it is known what a terminal of `area` shows.
    pub fn knows(&self, area: Rect) -> bool {
        !self.clear && self.shown.area == area
    }

    /// As [`Encoder::encode`], of these rows of `next`; what the terminal shows in the others stays. Only those become blank. For a
    /// terminal that is [known](Encoder::knows); of any other nothing is written.
    pub fn encode_rows(&mut self, next: &mut Buffer, rows: Range<u16>, out: &mut Vec<u8>) {
        if !self.knows(next.area) {
            return;
        }
        let (start, begun) = begin(out);
        let mut shown = std::mem::take(&mut self.shown);
        let width = usize::from(next.area.width).max(1);
        let lines = shown.content.chunks_mut(width).zip(next.content.chunks_mut(width));
        let lines = (0u16..).zip(lines).skip(rows.start.into()).take(rows.len());
        for (y, (old, new)) in lines {
            self.row(y, old, new, out);
            old.swap_with_slice(new);
            new.iter_mut().for_each(Cell::reset);
        }
        self.shown = shown;
        end(start, begun, out);
    }

    /// Writes what differs in one row.
    fn row(&mut self, y: u16, old: &[Cell], new: &[Cell], out: &mut Vec<u8>) {
        let Some(first) = old.iter().zip(new).position(|(old, new)| old != new) else { return };
        // Half a wide character that is overwritten leaves a blank that terminals colour as they like: where wide characters come or
        // go, the row is written whole from the first difference on.
        let whole = old.iter().zip(new).any(|(old, new)| old != new && (is_wide(old) || is_wide(new)));
        let mut covered = 0; // cells under the right half of a wide character
        for (x, (old, new_cell)) in old.iter().zip(new).enumerate() {
            if covered > 0 {
                covered -= 1;
                continue;
            }
            covered = columns(new_cell).saturating_sub(1);
            if x >= first && (whole || old != new_cell) {
                self.put(Position::new(x as u16, y), new_cell, new, out);
            }
        }
    }

    fn put(&mut self, at: Position, cell: &Cell, row: &[Cell], out: &mut Vec<u8>) {
        self.go(at, row, out);
        self.paint(Pen::of(cell), out);
        let symbol = cell.symbol();
        out.extend_from_slice(symbol.as_bytes());
        // Terminals do not agree on how wide characters beyond ASCII are, nor on where the cursor is after the last column.
        let width = columns(cell);
        let after = at.x + width.max(1) as u16;
        let sure = width == 1 && usize::from(after) < row.len();
        self.cursor = sure.then_some(Position::new(after, at.y));
    }

    fn go(&mut self, to: Position, row: &[Cell], out: &mut Vec<u8>) {
        if self.cursor == Some(to) {
            return;
        }
        if let Some(from) = self.cursor.filter(|from| from.y == to.y && from.x < to.x && to.x - from.x <= 3)
            && let Some(between) = row.get(usize::from(from.x)..usize::from(to.x))
            && between.iter().all(|c| c.symbol().is_ascii() && self.pen == Some(Pen::of(c)))
        {
            // Writing up to three unchanged cells again costs no more than going around them.
            for cell in between {
                out.extend_from_slice(cell.symbol().as_bytes());
            }
            self.cursor = Some(to);
            return;
        }
        match self.cursor.and_then(|from| relative(from, to)) {
            Some(moves) if moves.cost() < 4 + digits(to.y + 1) + digits(to.x + 1) => moves.write(out),
            _ => {
                out.extend_from_slice(b"\x1b[");
                number(to.y + 1, out);
                out.push(b';');
                number(to.x + 1, out);
                out.push(b'H');
            }
        }
        self.cursor = Some(to);
    }

    fn paint(&mut self, pen: Pen, out: &mut Vec<u8>) {
        let old = self.pen.unwrap_or(Pen::DEFAULT);
        if self.pen == Some(pen) {
            return;
        }
        out.extend_from_slice(b"\x1b[");
        let start = out.len();
        let reset = self.pen.is_none() || !pen.modifier.contains(old.modifier);
        let from = if reset { Pen::DEFAULT } else { old };
        if reset {
            out.extend_from_slice(b"0;");
        }
        let added = pen.modifier - from.modifier;
        for (modifier, code) in MODIFIERS {
            if added.contains(*modifier) {
                out.extend_from_slice(code);
            }
        }
        if pen.fg != from.fg {
            color(pen.fg, 30, out);
        }
        if pen.bg != from.bg {
            color(pen.bg, 40, out);
        }
        out.pop();
        // `CSI m` is `CSI 0 m`.
        if out.get(start..) == Some(b"0") {
            out.truncate(start);
        }
        out.push(b'm');
        self.pen = Some(pen);
    }
}

/// Begins a frame, and says where it begins, and where what is in it.
fn begin(out: &mut Vec<u8>) -> (usize, usize) {
    let start = out.len();
    out.extend_from_slice(BEGIN);
    (start, out.len())
}

/// Ends a frame. One with nothing in it is none.
fn end(start: usize, begun: usize, out: &mut Vec<u8>) {
    if out.len() == begun {
        out.truncate(start);
    } else {
        out.extend_from_slice(END);
    }
}

/// How many columns the cell's text takes.
fn columns(cell: &Cell) -> usize {
    let symbol = cell.symbol();
    if symbol.len() == 1 { 1 } else { symbol.width() }
}

fn is_wide(cell: &Cell) -> bool {
    columns(cell) > 1
}

const MODIFIERS: &[(Modifier, &[u8])] = &[
    (Modifier::BOLD, b"1;"),
    (Modifier::DIM, b"2;"),
    (Modifier::ITALIC, b"3;"),
    (Modifier::UNDERLINED, b"4;"),
    (Modifier::SLOW_BLINK, b"5;"),
    (Modifier::RAPID_BLINK, b"6;"),
    (Modifier::REVERSED, b"7;"),
    (Modifier::HIDDEN, b"8;"),
    (Modifier::CROSSED_OUT, b"9;"),
];

/// Appends the SGR code of a colour, `base` being 30 for the foreground and 40 for the background.
fn color(color: Color, base: u8, out: &mut Vec<u8>) {
    let code = match color {
        Color::Reset => base + 9,
        Color::Black => base,
        Color::Red => base + 1,
        Color::Green => base + 2,
        Color::Yellow => base + 3,
        Color::Blue => base + 4,
        Color::Magenta => base + 5,
        Color::Cyan => base + 6,
        Color::Gray => base + 7,
        Color::DarkGray => base + 60,
        Color::LightRed => base + 61,
        Color::LightGreen => base + 62,
        Color::LightYellow => base + 63,
        Color::LightBlue => base + 64,
        Color::LightMagenta => base + 65,
        Color::LightCyan => base + 66,
        Color::White => base + 67,
        Color::Indexed(_) | Color::Rgb(..) => base + 8,
    };
    let mut numbers = |all: &[u8]| {
        for n in all {
            number(u16::from(*n), out);
            out.push(b';');
        }
    };
    match color {
        Color::Indexed(n) => numbers(&[code, 5, n]),
        Color::Rgb(r, g, b) => numbers(&[code, 2, r, g, b]),
        _ => numbers(&[code]),
    }
}

/// Writes a number in decimal digits.
fn number(n: u16, out: &mut Vec<u8>) {
    if n >= 10 {
        number(n / 10, out);
    }
    out.push(b'0' + (n % 10) as u8);
}

/// How many digits it has.
fn digits(n: u16) -> usize {
    n.checked_ilog10().unwrap_or_default() as usize + 1
}

/// A movement of the cursor from where it is: down, then to the side.
#[derive(Clone, Copy)]
struct Moves {
    /// LF so often.
    down: u16,
    /// CR after it.
    home: bool,
    /// Then BS so often.
    back: u16,
    /// Then CUF by so much.
    forward: u16,
}

impl Moves {
    /// In bytes.
    fn cost(self) -> usize {
        let forward = match self.forward {
            0 => 0,
            1 => 3,
            n => 3 + digits(n),
        };
        usize::from(self.down + u16::from(self.home) + self.back) + forward
    }

    fn write(self, out: &mut Vec<u8>) {
        out.extend(std::iter::repeat_n(b'\n', usize::from(self.down)));
        out.extend(self.home.then_some(b'\r'));
        out.extend(std::iter::repeat_n(8, usize::from(self.back)));
        match self.forward {
            0 => {}
            1 => out.extend_from_slice(b"\x1b[C"),
            n => {
                out.extend_from_slice(b"\x1b[");
                number(n, out);
                out.push(b'C');
            }
        }
    }
}

/// The cheapest relative movement, where there is one.
fn relative(from: Position, to: Position) -> Option<Moves> {
    let down = to.y.checked_sub(from.y).filter(|down| *down <= 4)?;
    let home = Moves { down, home: true, back: 0, forward: to.x };
    let direct = match to.x.checked_sub(from.x) {
        Some(forward) => Moves { down, home: false, back: 0, forward },
        None => Moves { down, home: false, back: from.x - to.x, forward: 0 },
    };
    Some(if home.cost() < direct.cost() { home } else { direct })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::style::Style;

    const WIDTH: u16 = 24;
    const HEIGHT: u16 = 8;

    /// Text at a place in a style.
    type Patch = (u16, u16, &'static str, u8, u8);

    fn patch() -> impl Strategy<Value = Patch> {
        let texts = proptest::sample::select(vec![
            "a",
            "1:05",
            "·",
            "│",
            "██▍",
            "北京",
            "é",
            "the quick brown fox",
            " ",
        ]);
        (0..WIDTH, 0..HEIGHT, texts, 0u8..20, 0u8..16)
    }

    fn frame(patches: &[Patch]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
        for (x, y, text, color, modifier) in patches {
            let colors =
                [Color::Reset, Color::Red, Color::DarkGray, Color::Indexed(200), Color::Rgb(1, 2, 3)];
            let style = Style::new()
                .fg(colors[usize::from(*color) % 5])
                .bg(colors[usize::from(*color) / 5 % 5])
                // Bold and dim at once is one intensity to some terminals (and to this parser): no theme uses both.
                .add_modifier(Modifier::from_bits_truncate(u16::from(*modifier)) - Modifier::DIM);
            buffer.set_string(*x, *y, text, style);
        }
        buffer
    }

    /// The colour as the terminal's parser has it.
    fn seen(color: Color) -> vt100::Color {
        match color {
            Color::Red => vt100::Color::Idx(1),
            Color::DarkGray => vt100::Color::Idx(8),
            Color::Indexed(n) => vt100::Color::Idx(n),
            Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
            _ => vt100::Color::Default,
        }
    }

    proptest! {
        #[test]
        fn the_terminal_shows_each_frame_as_it_was_drawn(
            frames in proptest::collection::vec(proptest::collection::vec(patch(), 0..12), 1..5)
        ) {
            let area = Rect::new(0, 0, WIDTH, HEIGHT);
            let mut encoder = Encoder::new(area);
            let mut terminal = vt100::Parser::new(HEIGHT, WIDTH, 0);
            for patches in &frames {
                let wanted = frame(patches);
                let mut bytes = Vec::new();
                encoder.encode(&mut frame(patches), &mut bytes);
                terminal.process(&bytes);
                // Beside it: the same frame written by the plainest means to a terminal of its own.
                let mut beside = vt100::Parser::new(HEIGHT, WIDTH, 0);
                let mut plain = Vec::new();
                Encoder::new(area).encode(&mut wanted.clone(), &mut plain);
                beside.process(&plain);
                for y in 0..HEIGHT {
                    for x in 0..WIDTH {
                        let (got, want) = (terminal.screen().cell(y, x), beside.screen().cell(y, x));
                        let looks = |c: &vt100::Cell| {
                            let text = c.contents().trim().to_owned();
                            // On a blank, only what paints its ground can be seen.
                            let ink = (!text.is_empty()).then(|| (c.fgcolor(), c.bold(), c.dim(), c.italic()));
                            (text, ink, c.bgcolor(), c.underline(), c.inverse())
                        };
                        prop_assert_eq!(got.map(looks), want.map(looks), "at {},{}", x, y);
                        let cell = &wanted[(x, y)];
                        let shown = got.map(|c| c.contents().to_owned()).unwrap_or_default();
                        if got.is_some_and(vt100::Cell::is_wide_continuation) {
                            continue;
                        }
                        let colors = got.map(|c| (c.fgcolor(), c.bgcolor()));
                        if cell.symbol() == " " {
                            prop_assert_eq!(colors.map(|c| c.1), Some(seen(cell.bg)), "behind {},{}", x, y);
                        } else {
                            prop_assert_eq!(shown.as_str(), cell.symbol(), "at {},{}", x, y);
                            prop_assert_eq!(colors, Some((seen(cell.fg), seen(cell.bg))), "at {},{}", x, y);
                        }
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn some_rows_alone_are_written_as_in_a_whole_frame(
            before in proptest::collection::vec(patch(), 0..12),
            after in proptest::collection::vec(patch(), 0..12),
            from in 0..HEIGHT,
            count in 0..=HEIGHT,
        ) {
            let area = Rect::new(0, 0, WIDTH, HEIGHT);
            let rows = from..(from + count).min(HEIGHT);
            let outside = |y: &u16| !rows.contains(y);
            // What is outside the rows stays as it was.
            let mut wanted = frame(&after);
            for y in (0..HEIGHT).filter(outside) {
                for x in 0..WIDTH {
                    wanted[(x, y)] = frame(&before)[(x, y)].clone();
                }
            }
            let (mut whole, mut part) = (Encoder::new(area), Encoder::new(area));
            let (mut whole_bytes, mut part_bytes) = (Vec::new(), Vec::new());
            for (encoder, bytes) in [(&mut whole, &mut whole_bytes), (&mut part, &mut part_bytes)] {
                encoder.encode(&mut frame(&before), bytes);
            }
            let mut next = frame(&after);
            part.encode_rows(&mut next, rows.clone(), &mut part_bytes);
            whole.encode(&mut wanted.clone(), &mut whole_bytes);
            prop_assert_eq!(part_bytes, whole_bytes);
            prop_assert_eq!(part.shown, wanted);
            let blank = rows.flat_map(|y| (0..WIDTH).map(move |x| (x, y))).all(|at| next[at] == Cell::EMPTY);
            prop_assert!(blank, "the rows are ready for the next frame");
        }
    }

    #[test]
    fn of_an_unknown_terminal_no_part_is_written() {
        let area = Rect::new(0, 0, WIDTH, HEIGHT);
        let (mut encoder, mut bytes) = (Encoder::new(area), Vec::new());
        encoder.encode_rows(&mut frame(&[(1, 1, "1:05", 1, 1)]), 0..HEIGHT, &mut bytes);
        assert_eq!((encoder.knows(area), bytes.len()), (false, 0));
    }

    #[test]
    fn a_frame_that_changes_nothing_writes_nothing() {
        let mut encoder = Encoder::new(Rect::new(0, 0, WIDTH, HEIGHT));
        let patches = [(1, 1, "1:05", 1, 1)];
        encoder.encode(&mut frame(&patches), &mut Vec::new());
        let mut bytes = Vec::new();
        encoder.encode(&mut frame(&patches), &mut bytes);
        assert_eq!(bytes, b"");
    }

    #[test]
    fn a_column_of_digits_ticks_in_three_bytes_a_row() {
        let column =
            |digit: &'static str| -> Vec<Patch> { (0..HEIGHT).map(|y| (10, y, digit, 0, 0)).collect() };
        let mut encoder = Encoder::new(Rect::new(0, 0, WIDTH, HEIGHT));
        encoder.encode(&mut frame(&column("a")), &mut Vec::new());
        let mut bytes = Vec::new();
        encoder.encode(&mut frame(&column("1")), &mut bytes);
        let moves = bytes.len() - BEGIN.len() - END.len() - "\x1b[1;11H1".len();
        assert_eq!(moves, usize::from(HEIGHT - 1) * "\n\x081".len(), "{}", String::from_utf8_lossy(&bytes));
    }
}
