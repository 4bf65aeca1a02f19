//! What a terminal shows, as text in cells.

use std::fmt;

use vt100::Color;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) color: Color,
    pub(crate) background: Color,
    pub(crate) inverse: bool,
}

/// A picture of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shot {
    pub(crate) rows: Vec<Vec<Cell>>,
    pub(crate) alternate: bool,
    pub(crate) cursor_hidden: bool,
}

impl Shot {
    pub(crate) fn of(screen: &vt100::Screen) -> Self {
        let (height, width) = screen.size();
        let cell = |y, x| {
            let cell = screen.cell(y, x).expect("a cell of the screen");
            let text = match cell.contents() {
                "" if cell.is_wide_continuation() => String::new(),
                "" => " ".to_owned(),
                text => text.to_owned(),
            };
            let (color, background) = (cell.fgcolor(), cell.bgcolor());
            Cell { text, color, background, inverse: cell.inverse() }
        };
        let rows = (0..height).map(|y| (0..width).map(|x| cell(y, x)).collect()).collect();
        Self { rows, alternate: screen.alternate_screen(), cursor_hidden: screen.hide_cursor() }
    }

    /// One line, without the blanks at its end.
    pub(crate) fn line(&self, y: usize) -> String {
        let line: String = self.rows[y].iter().map(|c| c.text.as_str()).collect();
        line.trim_end().to_owned()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        (0..self.rows.len()).map(|y| self.line(y)).collect()
    }

    /// True where some line has `words`.
    pub(crate) fn has(&self, words: &str) -> bool {
        self.count(words) > 0
    }

    /// True where the words stand one after another, across line ends, borders and blanks too, in capitals or not.
    pub(crate) fn says(&self, words: &str) -> bool {
        let flat = |text: &str| {
            let words = text.split(|c: char| c.is_whitespace() || "│|×✓".contains(c));
            words.filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
        };
        flat(&self.lines().join("\n")).contains(&flat(words))
    }

    /// How many times `words` stand on the screen.
    pub(crate) fn count(&self, words: &str) -> usize {
        self.lines().iter().map(|l| l.matches(words).count()).sum()
    }

    /// The line of the table's headings.
    fn headings(&self) -> Option<usize> {
        (0..self.rows.len()).find(|y| {
            let line = self.line(*y);
            line.contains("NAME") && line.contains("STATE")
        })
    }

    /// The line of the account in the table. A name that has no room is found by its beginning.
    pub(crate) fn row(&self, name: &str) -> Option<usize> {
        let headings = self.headings()?;
        let from = self.column(headings, "NAME")?;
        (headings + 1..self.rows.len()).find(|y| {
            let text: String = self.rows[*y][from..].iter().map(|c| c.text.as_str()).collect();
            let cut = text.split_once(['…', '~']).map(|(shown, _)| shown);
            let whole = text.strip_prefix(name).is_some_and(|rest| rest.starts_with(' '));
            whole || cut.is_some_and(|shown| shown.len() >= 8 && name.starts_with(shown))
        })
    }

    /// The column where a heading begins.
    fn column(&self, y: usize, heading: &str) -> Option<usize> {
        let cells = &self.rows[y];
        (0..cells.len()).find(|x| {
            let text: String = cells[*x..].iter().map(|c| c.text.as_str()).collect();
            text.starts_with(heading) && (*x == 0 || cells[x - 1].text == " ")
        })
    }

    /// The cell of the table in the account's row under the heading.
    pub(crate) fn cell(&self, name: &str, heading: &str) -> Option<String> {
        const HEADINGS: [&str; 11] = [
            "NAME",
            "PROVIDER",
            "PRI",
            "AUTO",
            "FALL",
            "STATE",
            "5H",
            "7D",
            "RESETS IN",
            "AT",
            "NEXT REFRESH",
        ];
        let (headings, row) = (self.headings()?, self.row(name)?);
        let from = self.column(headings, heading)?;
        let others = HEADINGS.iter().filter_map(|h| self.column(headings, h));
        let last = self.column(headings, "LAST REFRESH");
        let walls = (from..self.rows[row].len()).find(|x| "│|".contains(&self.rows[row][*x].text));
        let to = others.chain(last).chain(walls).filter(|x| *x > from).min().unwrap_or(self.rows[row].len());
        let text: String = self.rows[row][from..to].iter().map(|c| c.text.as_str()).collect();
        Some(text.trim().to_owned())
    }

    /// True where the cell holds exactly `words`.
    pub(crate) fn shows(&self, name: &str, heading: &str, words: &str) -> bool {
        self.cell(name, heading).is_some_and(|cell| cell == words)
    }

    /// The seconds that the account's countdown has left, where it counts seconds.
    pub(crate) fn seconds_left(&self, name: &str) -> Option<i64> {
        let text = self.cell(name, "RESETS IN")?;
        if let Some((minutes, seconds)) = text.split_once(':') {
            return Some(minutes.parse::<i64>().ok()? * 60 + seconds.parse::<i64>().ok()?);
        }
        let (hours, rest) = text.strip_suffix('s')?.split_once('h')?;
        let (minutes, seconds) = rest.split_once('m')?;
        let hours: i64 = hours.parse().ok()?;
        let (minutes, seconds): (i64, i64) = (minutes.parse().ok()?, seconds.parse().ok()?);
        Some((hours * 60 + minutes) * 60 + seconds)
    }
}

impl fmt::Display for Shot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.first().map_or(0, Vec::len);
        writeln!(f, "+{}+", "-".repeat(width))?;
        for line in self.lines() {
            writeln!(f, " {line}")?;
        }
        write!(f, "+{}+", "-".repeat(width))
    }
}
