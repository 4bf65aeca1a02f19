//! Lines of a text that may be scrolled: words in their styles, and bars.

use ratatui::style::Style;

use super::canvas::Canvas;
use super::meter::{self, Level};
use super::text;

/// A piece of a line.
#[derive(Debug, Clone)]
enum Part {
    Words(String, Style),
    /// A bar of so many columns, its fill in this style.
    Bar(u16, Option<Level>, Style),
}

/// One line.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    parts: Vec<Part>,
    is_spare: bool,
}

impl Line {
    pub(super) fn of(words: impl Into<String>, style: Style) -> Self {
        Self::default().and(words, style)
    }

    /// With more words behind.
    #[must_use]
    pub(super) fn and(mut self, words: impl Into<String>, style: Style) -> Self {
        self.parts.push(Part::Words(words.into(), style));
        self
    }

    /// With a bar behind.
    #[must_use]
    pub(super) fn bar(mut self, width: u16, level: Option<Level>, fill: Style) -> Self {
        self.parts.push(Part::Bar(width, level, fill));
        self
    }

    /// The same as one that is worth its place only where nothing else wants it.
    #[must_use]
    pub(super) fn spare(self) -> Self {
        Self { is_spare: true, ..self }
    }

    pub(super) fn is_spare(&self) -> bool {
        self.is_spare
    }

    pub(super) fn is_blank(&self) -> bool {
        self.parts.is_empty()
    }

    /// The columns of its words.
    pub(super) fn width(&self) -> usize {
        text::width(&self.text())
    }

    /// The words alone.
    pub(super) fn text(&self) -> String {
        let words = self.parts.iter().filter_map(|part| match part {
            Part::Words(words, _) => Some(words.as_str()),
            Part::Bar(..) => None,
        });
        words.collect::<String>().trim_end().to_owned()
    }

    pub(super) fn draw(&self, mut x: u16, y: u16, canvas: &mut Canvas<'_>) {
        for part in &self.parts {
            match part {
                Part::Words(words, style) => {
                    let room = canvas.width().saturating_sub(x + 1);
                    x = canvas.put_fit(x, y, room, words, *style);
                }
                Part::Bar(width, level, fill) => {
                    let track = canvas.theme().border();
                    meter::draw(canvas, x, y, *width, *level, *fill, track);
                    x += width;
                }
            }
        }
    }
}
