//! Pane 2: the selected account, in one of several views. The pane's title names the view; `d` goes on to the next.
//!
//! Its text is made here for whoever needs it: the screen, the scrolling, and what is copied.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::canvas::{Canvas, columns};
use super::frame::{self, Frame};
use super::lines::Line;
use super::theme::Theme;
use super::{facts, text, usage, why};
use crate::app::{Pane, State, Tab};
use crate::keymap::Action;
use crate::layout::{Regions, Shape};
use crate::model::Account;

/// No line of a text that is copied is broken.
const UNBROKEN: usize = 4_000;

/// Draws the pane.
pub(super) fn render(state: &State, regions: &Regions, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let is_list = regions.why_is_a_list();
    let tab = if is_list { state.details.tab } else { Tab::Why };
    let mut frame = Frame { title: title(state, tab), focused: focused(state), ..Frame::default() };
    let Some(account) = state.accounts.selection() else {
        let mut inner = frame::draw(canvas, &frame);
        let width = inner.width().saturating_sub(2);
        inner.put_fit(1, 0, width, "No account is selected.", theme.mute());
        return;
    };
    let next = state.hint(Action::NextTab, "next").map(|hint| (hint, theme.mute()));
    if !is_list {
        frame.right.extend(next);
        let mut inner = frame::draw(canvas, &frame);
        let (width, height) = (inner.width().saturating_sub(2), inner.height());
        why::strip(state, account, &mut inner.part(Rect::new(1, 0, width, height)));
        return;
    }
    let size = regions.why_lines();
    let room = usize::from(size.height);
    let lines = lines(state, account, tab, usize::from(size.width), room, theme);
    let hidden = lines.len().saturating_sub(room);
    let from = usize::from(state.why_scroll).min(hidden);
    let place = place(state, canvas.width(), from, room, lines.len());
    frame.right.extend(place.map(|place| (place.words, theme.mute())));
    frame.right.extend(next);
    let mut inner = match regions.shape {
        Shape::Compact => frame::bare(canvas, &frame),
        _ => frame::draw(canvas, &frame),
    };
    for (y, line) in (0..inner.height()).zip(lines.iter().skip(from)) {
        line.draw(1, y, &mut inner);
    }
}

fn title(state: &State, tab: Tab) -> String {
    super::pane_title(state, &format!("2 {}", tab.name()))
}

fn focused(state: &State) -> bool {
    state.focus == Pane::Why && state.dialog.is_none()
}

/// Which lines are in sight, as the title of a list says that has more of them.
struct Place {
    words: String,
    /// The key is named that scrolls it.
    names_key: bool,
}

/// None where all lines are in sight, or where nothing has room in a pane of so many columns.
fn place(state: &State, width: u16, from: usize, room: usize, all: usize) -> Option<Place> {
    if all <= room {
        return None;
    }
    let until = from + room;
    let lines = format!("{}-{until} of {all}  ", from + 1);
    let scrolls = state.hint(Action::Down, "scrolls").filter(|_| focused(state));
    let long = scrolls.map(|hint| Place { words: format!("{lines}{hint}  "), names_key: true });
    let short =
        [lines, format!("{}-{until}/{all}  ", from + 1)].map(|words| Place { words, names_key: false });
    // Between the corners stand the title with its marker, and what `d` does, each with a blank on both sides.
    let does = state.hint(Action::NextTab, "next").map_or(0, |hint| columns(&hint));
    let free = width.saturating_sub(columns(&title(state, state.details.tab)) + does + 11);
    long.into_iter().chain(short).find(|place| columns(&place.words) <= free)
}

/// True where the pane has the keys and more lines than fit, and its title no room for the key that scrolls them.
pub(super) fn scrolls_unnamed(state: &State) -> bool {
    let hidden = if focused(state) { overflow(state) } else { 0 };
    let regions = state.regions();
    let room = usize::from(regions.why_lines().height);
    let from = usize::from(state.why_scroll).min(hidden);
    let place = place(state, regions.why.width, from, room, room + hidden);
    hidden > 0 && !place.is_some_and(|place| place.names_key)
}

/// How many lines of the pane can be scrolled off the top.
pub(super) fn overflow(state: &State) -> usize {
    let regions = state.regions();
    let Some(account) = state.accounts.selection().filter(|_| regions.why_is_a_list()) else { return 0 };
    let size = regions.why_lines();
    let room = usize::from(size.height);
    let theme = Theme::new(false, false);
    lines(state, account, state.details.tab, usize::from(size.width), room, &theme).len().saturating_sub(room)
}

/// The text of a view, for copying: whole, and one line for each of its own.
pub(super) fn whole_text(state: &State, tab: Tab) -> String {
    let Some(account) = state.accounts.selection() else { return String::new() };
    let theme = Theme::new(false, false);
    let lines = lines(state, account, tab, UNBROKEN, usize::MAX, &theme);
    lines.iter().map(Line::text).collect::<Vec<_>>().join("\n")
}

/// The lines of a view for `width` columns, of which `room` are seen at once.
fn lines(state: &State, account: &Account, tab: Tab, width: usize, room: usize, theme: &Theme) -> Vec<Line> {
    if tab == Tab::Why {
        return without_blanks(why::list(state, account, width, theme), room);
    }
    let mut lines = match tab {
        Tab::Facts | Tab::Raw => Vec::new(),
        _ => vec![why::heading(state, account, account.fault.is_some(), width, theme), Line::default()],
    };
    match (tab, &state.details.row) {
        (Tab::Facts, row) => lines.extend(facts::facts(state, account, row.as_deref(), width, theme)),
        (_, None) => lines.push(Line::of(NOT_YET, theme.mute())),
        (Tab::Usage, Some(row)) => lines.extend(usage::usage(state, account, row, width, theme)),
        (Tab::Session, Some(row)) => lines.extend(facts::session(state, row, width, theme)),
        (_, Some(row)) => {
            for line in &row.raw {
                let line = told(state, line.as_str());
                lines.extend(text::broken(&line, width).into_iter().map(|l| Line::of(l, theme.text())));
            }
        }
    }
    // A text that fits without its blank lines does without them; in a longer one they part what is scrolled.
    if lines.iter().filter(|line| !line.is_blank()).count() <= room {
        if tab == Tab::Usage { evenly(lines, room) } else { without_blanks(lines, room) }
    } else {
        lines
    }
}

/// A line of a row as it may be shown while names are hidden: what names the account, or tells whose it is, is left out of it.
fn told<'a>(state: &State, line: &'a str) -> Cow<'a, str> {
    if !state.names.are_hidden() {
        return line.into();
    }
    let member = line.trim_start().strip_prefix('"').and_then(|rest| rest.split_once("\": "));
    match member {
        Some((name, value)) if telling(name) && value.starts_with('"') => {
            let kept = line.len() - value.len();
            let comma = if value.ends_with(',') { "," } else { "" };
            format!("{}\"(hidden)\"{comma}", line.get(..kept).unwrap_or_default()).into()
        }
        _ => state.shown_text(line),
    }
}

/// True where the value of such a member tells whose account it is.
pub(super) fn telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["id", "name", "email"].contains(&name.as_str()) || name.ends_with("endpoint")
}

/// What stands in a view while its row is not at hand.
pub(super) const NOT_YET: &str = "It comes with the next list.";

/// Blank lines between things of one kind leave together where there is no room, and the one below the heading last.
fn evenly(lines: Vec<Line>, room: usize) -> Vec<Line> {
    if lines.len() <= room {
        return lines;
    }
    let below_heading = |i: usize| i < 2;
    let kept = lines.into_iter().enumerate().filter(|(i, line)| below_heading(*i) || !line.is_blank());
    without_blanks(kept.map(|(_, line)| line).collect(), room)
}

/// Spare lines leave where there is no room, then blank ones, the last first; then the rest scrolls.
fn without_blanks(mut lines: Vec<Line>, room: usize) -> Vec<Line> {
    for leaves in [Line::is_spare, Line::is_blank] {
        while lines.len() > room
            && let Some(one) = lines.iter().rposition(leaves)
        {
            lines.remove(one);
        }
    }
    lines
}
