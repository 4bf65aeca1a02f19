//! README's picture: the demo's tour, played with a fixed seed and clock, as SVG.
//!
//! `FLARETOP_PICTURE=write cargo test --test picture` draws it anew; without that the test fails where the picture is not what
//! the program draws.

#![allow(missing_docs, reason = "tests are named for their claims")]
#![expect(clippy::expect_used, reason = "a test says what it expects")]

#[path = "scene/player.rs"]
mod player;
mod scene;

use std::fmt::Write as _;
use std::path::Path;

use flaretop::view::theme::Theme;
use ratatui::buffer::{Buffer, Cell, CellWidth as _};
use ratatui::style::{Color, Modifier};

/// A cell's width and height, in the picture's units; the letters are as large as fits.
const CELL: (f32, f32) = (8.4, 18.0);
const LETTERS: f32 = 14.0;
/// Around the screen.
const MARGIN: f32 = 12.0;

const BACKGROUND: &str = "#16181d";
const TEXT: &str = "#d5d8df";

/// The colour of a terminal with a dark background: the sixteen names are the program's, the shades are the picture's.
fn shade(color: Color) -> &'static str {
    match color {
        Color::Black => "#16181d",
        Color::Red | Color::LightRed => "#f2777a",
        Color::Green | Color::LightGreen => "#8fc98b",
        Color::Yellow | Color::LightYellow => "#e8c267",
        Color::Blue | Color::LightBlue => "#7aa6da",
        Color::Magenta | Color::LightMagenta => "#d49be0",
        Color::Cyan | Color::LightCyan => "#6fc7cf",
        Color::DarkGray => "#565b66",
        Color::Gray => "#9aa0ab",
        _ => TEXT,
    }
}

/// How a cell's text is drawn: colour, weight, strength; and what is behind it.
#[derive(PartialEq, Clone, Copy)]
struct Ink {
    fill: &'static str,
    behind: Option<&'static str>,
    bold: bool,
    dim: bool,
}

fn ink(cell: &Cell) -> Ink {
    let (bold, dim) = (cell.modifier.contains(Modifier::BOLD), cell.modifier.contains(Modifier::DIM));
    let behind = (cell.bg != Color::Reset).then(|| shade(cell.bg));
    if cell.modifier.contains(Modifier::REVERSED) {
        return Ink { fill: behind.unwrap_or(BACKGROUND), behind: Some(shade(cell.fg)), bold, dim: false };
    }
    Ink { fill: shade(cell.fg), behind, bold, dim }
}

/// Lines and blocks are drawn as shapes: letters of a font would leave gaps between the rows.
fn shape(symbol: &str, x: f32, y: f32, ink: Ink) -> Option<String> {
    let (wide, high) = CELL;
    let (cx, cy, bend) = (x + wide / 2.0, y + high / 2.0, 5.0);
    let (right, bottom) = (x + wide, y + high);
    let path = match symbol {
        "─" => format!("M{x:.1} {cy:.1}H{right:.1}"),
        "│" => format!("M{cx:.1} {y:.1}V{bottom:.1}"),
        "┊" => format!("M{cx:.1} {:.1}V{:.1}", y + 2.0, bottom - 2.0),
        "╭" => {
            format!(
                "M{cx:.1} {bottom:.1}V{:.1}Q{cx:.1} {cy:.1} {:.1} {cy:.1}H{right:.1}",
                cy + bend,
                cx + bend
            )
        }
        "╮" => {
            format!("M{x:.1} {cy:.1}H{:.1}Q{cx:.1} {cy:.1} {cx:.1} {:.1}V{bottom:.1}", cx - bend, cy + bend)
        }
        "╰" => {
            format!("M{cx:.1} {y:.1}V{:.1}Q{cx:.1} {cy:.1} {:.1} {cy:.1}H{right:.1}", cy - bend, cx + bend)
        }
        "╯" => format!("M{x:.1} {cy:.1}H{:.1}Q{cx:.1} {cy:.1} {cx:.1} {:.1}V{y:.1}", cx - bend, cy - bend),
        _ => {
            let eighths = "▏▎▍▌▋▊▉█".chars().position(|c| symbol.chars().eq([c]))? + 1;
            let width = wide * eighths as f32 / 8.0;
            return Some(format!(
                r#"<rect x="{x:.1}" y="{:.1}" width="{width:.1}" height="{:.1}" fill="{}"/>"#,
                y + 2.5,
                high - 5.0,
                ink.fill
            ));
        }
    };
    let dash = if symbol == "┊" { r#" stroke-dasharray="2 2""# } else { "" };
    let weight = if ink.bold { 1.6 } else { 1.0 };
    Some(format!(
        r#"<path d="{path}" fill="none" stroke="{}" stroke-width="{weight}"{dash}{}/>"#,
        ink.fill,
        strength(ink)
    ))
}

fn strength(ink: Ink) -> &'static str {
    if ink.dim { r#" opacity="0.6""# } else { "" }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The words of one line that are drawn alike: where they begin, how many columns they take, and what they are.
fn words(buf: &Buffer, y: u16) -> Vec<(u16, u16, Ink, String)> {
    let mut runs: Vec<(u16, u16, Ink, String)> = Vec::new();
    let mut x = buf.area.left();
    while x < buf.area.right() {
        let cell = &buf[(x, y)];
        let (width, ink) = (cell.symbol().cell_width().max(1), ink(cell));
        match runs.last_mut() {
            // Two blanks part two runs, so that what follows stands where it belongs whatever the font's width is.
            Some((at, columns, same, text))
                if *same == ink
                    && *at + *columns == x
                    && !(text.ends_with(' ') && cell.symbol() == " ")
                    && shape(cell.symbol(), 0.0, 0.0, ink).is_none() =>
            {
                text.push_str(cell.symbol());
                *columns += width;
            }
            _ => runs.push((x, width, ink, cell.symbol().to_owned())),
        }
        x += width;
    }
    runs
}

fn svg(buf: &Buffer) -> String {
    let (columns, rows) = (f32::from(buf.area.width), f32::from(buf.area.height));
    let (width, height) = (columns * CELL.0 + 2.0 * MARGIN, rows * CELL.1 + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\" \
         font-size=\"{LETTERS}\">\n<title>flaretop on its demo</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    );
    for y in buf.area.top()..buf.area.bottom() {
        let top = MARGIN + f32::from(y) * CELL.1;
        for (x, columns, ink, text) in words(buf, y) {
            let left = MARGIN + f32::from(x) * CELL.0;
            // Half a unit more, so that no seam shows between two of them.
            let long = f32::from(columns) * CELL.0 + 0.5;
            if let Some(color) = ink.behind {
                writeln!(
                    out,
                    r#"<rect x="{left:.1}" y="{top:.1}" width="{long:.1}" height="{:.1}" fill="{color}"/>"#,
                    CELL.1 + 0.5
                )
                .expect("a string");
            }
            if let Some(drawn) = shape(&text, left, top, ink) {
                writeln!(out, "{drawn}").expect("a string");
                continue;
            }
            let shown = text.trim_end();
            if shown.trim().is_empty() {
                continue;
            }
            let blank = columns - u16::try_from(text.len() - shown.len()).expect("a line is short");
            let weight = if ink.bold { r#" font-weight="bold""# } else { "" };
            writeln!(
                out,
                r#"<text x="{left:.1}" y="{:.1}" textLength="{:.1}" lengthAdjust="spacingAndGlyphs" fill="{}"{weight}{} xml:space="preserve">{}</text>"#,
                top + CELL.1 * 0.74,
                f32::from(blank) * CELL.0,
                ink.fill,
                strength(ink),
                escaped(shown)
            )
            .expect("a string");
        }
    }
    out.push_str("</svg>\n");
    out
}

#[test]
fn the_picture_is_what_the_program_draws() {
    let player = player::played("tour", 48);
    let drawn = svg(&scene::cells(&player.state, &Theme::new(true, false), 120, 40));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screen.svg");
    if std::env::var_os("FLARETOP_PICTURE").is_some_and(|what| what == "write") {
        std::fs::write(&path, &drawn).expect("the picture is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "assets/screen.svg is stale; draw it anew with: FLARETOP_PICTURE=write cargo test --test picture"
    );
}
