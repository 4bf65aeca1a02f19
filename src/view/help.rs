//! The help: every key that means something in the pane below, from the one table of keys, and a line that searches them.

use ratatui::layout::Size;

use super::canvas::{Canvas, columns};
use super::footer::pane_scope;
use super::frame::Frame;
use super::{prompt, text};
use crate::app::{Availability, Help, State, availability, step_of};
use crate::keymap::{Action, Bound, Scope, find};
use crate::layout::{NARROW, box_extent};

/// The least columns of one column of keys, with what is between two.
const COLUMN: u16 = 32;
const GAP: u16 = 3;
/// A box that is higher than this is laid out in one column more, where there is room.
const TALL: u16 = 32;
/// The lines of the box that are no keys: its border, and the line that searches.
const AROUND: u16 = 3;

/// The headings, in the order in which they are read.
const TITLES: [&str; 5] = ["ACT ON ROW", "LOOK", "FIND", "MOVE", "SESSION"];

/// Under which of them a key stands.
fn group_of(b: &Bound) -> usize {
    match b.action {
        action if step_of(action).is_some() => 3,
        Action::NextPane
        | Action::PreviousPane
        | Action::PaneAccounts
        | Action::PaneWhy
        | Action::PaneEvents
        | Action::Zoom => 3,
        Action::Filter
        | Action::Palette
        | Action::Search
        | Action::NextMatch
        | Action::PreviousMatch
        | Action::OnlyMatches
        | Action::NextError
        | Action::PreviousError => 2,
        Action::Why
        | Action::Details
        | Action::NextTab
        | Action::PreviousTab
        | Action::NextSort
        | Action::FlipSort
        | Action::SortLeft
        | Action::SortRight
        | Action::ColumnsLeft
        | Action::ColumnsRight
        | Action::ChooseColumns
        | Action::Times
        | Action::Zone
        | Action::HideNames
        | Action::Freeze => 1,
        _ => match b.scope {
            Scope::Accounts => 0,
            Scope::Anywhere => 4,
            _ => 1,
        },
    }
}

/// A heading, and the keys under it.
struct Group<'k> {
    title: &'static str,
    keys: Vec<&'k Bound>,
}

/// The keys of `scope` that are searched for, under their headings. What cannot be meant here and what has no key is left out.
fn groups<'s>(state: &'s State, scope: Scope, typed: &str) -> Vec<Group<'s>> {
    let absent = |b: &Bound| b.keys.is_empty() || availability(b.action, state) == Availability::Absent;
    let found = find(state.keymap().bindings_of(scope).filter(|b| !absent(b)).collect(), typed);
    let group =
        |(i, title)| Group { title, keys: found.iter().copied().filter(|b| group_of(b) == i).collect() };
    TITLES.into_iter().enumerate().map(group).filter(|g| !g.keys.is_empty()).collect()
}

/// One line: a heading, a key with the beginning of its sentence, the rest of one, or nothing.
enum Line<'k> {
    Title(&'static str),
    Key(&'k Bound, String),
    Rest(&'k Bound, String),
    Blank,
}

/// One column: its lines, the columns of its keys, and all of its columns.
struct Column<'k> {
    lines: Vec<Line<'k>>,
    keys: u16,
    width: u16,
}

impl<'k> Column<'k> {
    /// The groups one above the other, their sentences broken where they are longer than `most` columns allow.
    fn of(groups: &[Group<'k>], most: u16) -> Self {
        let all = || groups.iter().flat_map(|g| &g.keys);
        let keys = all().map(|b| columns(&keys(b))).max().unwrap_or(0);
        let room = most.saturating_sub(keys + 2).max(8);
        let mut lines = Vec::new();
        for group in groups {
            if !lines.is_empty() {
                lines.push(Line::Blank);
            }
            lines.push(Line::Title(group.title));
            for b in &group.keys {
                let mut parts = text::wrap(b.help, usize::from(room)).into_iter();
                lines.push(Line::Key(b, parts.next().unwrap_or_default()));
                lines.extend(parts.map(|part| Line::Rest(b, part)));
            }
        }
        let help = all().map(|b| columns(b.help)).max().unwrap_or(0).min(room);
        Self { lines, keys, width: keys + 2 + help }
    }
}

fn keys(b: &Bound) -> String {
    b.keys.join(", ")
}

/// The groups in as few columns as show all of it in `room` lines and at a glance, or in as many as are side by side in `width`.
fn laid_out<'k>(groups: &[Group<'k>], width: u16, room: u16) -> Vec<Column<'k>> {
    let most = ((width + GAP) / (COLUMN + GAP)).clamp(1, 3);
    for n in 1..=most {
        let each = (width + GAP) / n - GAP;
        let parts = parted(groups, usize::from(n), each);
        let tallest = parts.iter().map(|c| c.lines.len()).max().unwrap_or(0);
        if tallest <= usize::from(room.min(TALL)) || n == most {
            return parts;
        }
    }
    Vec::new()
}

/// The groups in at most `n` columns that are as even as the groups allow.
fn parted<'k>(groups: &[Group<'k>], n: usize, each: u16) -> Vec<Column<'k>> {
    let mut best: Option<Vec<Column<'k>>> = None;
    let height = |parts: &[Column<'_>]| parts.iter().map(|c| c.lines.len()).max().unwrap_or(0);
    // There are five groups at most, so all ways to part them are few.
    for cuts in 0u32..1 << groups.len().saturating_sub(1) {
        if cuts.count_ones() as usize + 1 != n.min(groups.len().max(1)) {
            continue;
        }
        let (mut parts, mut from) = (Vec::new(), 0);
        for end in 1..=groups.len() {
            if end == groups.len() || cuts >> (end - 1) & 1 == 1 {
                parts.push(Column::of(groups.get(from..end).unwrap_or_default(), each));
                from = end;
            }
        }
        if best.as_ref().is_none_or(|best| height(&parts) < height(best)) {
            best = Some(parts);
        }
    }
    best.unwrap_or_default()
}

/// What is shown on `canvas`, and how many lines of it fit.
struct Laid<'k> {
    columns: Vec<Column<'k>>,
    tallest: usize,
    fits: usize,
    size: Size,
}

fn lay_out<'s>(state: &'s State, help: &Help, canvas: Size) -> Laid<'s> {
    let scope = pane_scope(state);
    let width = canvas.width.saturating_sub(4);
    let room = canvas.height.saturating_sub(AROUND);
    let extent = |columns: &[Column<'_>]| {
        let width = columns.iter().map(|c| c.width + GAP).fold(0, u16::saturating_add).saturating_sub(GAP);
        (width, columns.iter().map(|c| c.lines.len()).max().unwrap_or(0))
    };
    // The box has room for all keys from the start: it does not move while one types.
    let all = laid_out(&groups(state, scope, ""), width, room);
    let (box_width, box_lines) = extent(&all);
    let fits = box_lines.min(usize::from(room));
    let columns = match help.line.text().trim() {
        "" => all,
        typed => vec![Column::of(&groups(state, scope, typed), box_width)],
    };
    let tallest = extent(&columns).1;
    let height = u16::try_from(fits).unwrap_or(u16::MAX).saturating_add(AROUND);
    let height = box_extent(height, canvas.height);
    let fits = usize::from(height.saturating_sub(AROUND));
    Laid { columns, tallest, fits, size: Size::new(box_width.saturating_add(4), height) }
}

/// How many lines of the help can be scrolled off the top.
pub(super) fn overflow(state: &State, help: &Help) -> usize {
    let laid = lay_out(state, help, Size::new(state.size.width, state.regions().footer.y));
    laid.tallest.saturating_sub(laid.fits)
}

/// Draws the help over the middle of `canvas`.
pub(super) fn render(state: &State, help: &Help, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let laid = lay_out(state, help, Size::new(canvas.width(), canvas.height()));
    let from = usize::from(help.scroll).min(laid.tallest.saturating_sub(laid.fits));
    let narrow = canvas.width() < NARROW;
    let name = match pane_scope(state) {
        Scope::Why if narrow => "Help: why",
        Scope::Why => "Help: the why pane",
        Scope::Events if narrow => "Help: events",
        Scope::Events => "Help: the events pane",
        _ if narrow => "Help: accounts",
        _ => "Help: the accounts pane",
    };
    let mut frame = Frame { title: name.to_owned(), focused: true, ..Frame::default() };
    if laid.fits < laid.tallest {
        let until = (from + laid.fits).min(laid.tallest);
        // Letters are typed here, so it is the arrow that scrolls.
        let down = if narrow { "" } else { "  down scrolls" };
        frame.right.push((format!("{}-{until} of {}{down}", from + 1, laid.tallest), theme.mute()));
    }
    let mut inner = super::over(canvas, laid.size.width, laid.size.height, &frame);
    let width = inner.width();
    let blank = help.line.text().is_empty();
    let does = state.hint(Action::CloseHelp, if blank { "closes" } else { "clears" }).unwrap_or_default();
    let hint = match (blank, does.as_str()) {
        (false, _) => does,
        (true, "") => "type to search".to_owned(),
        (true, _) if width < 50 => "type to search".to_owned(),
        (true, does) => format!("type to search, {does}"),
    };
    prompt::typed("/", &help.line, &hint, &mut inner.part(ratatui::layout::Rect::new(0, 0, width, 1)));
    if laid.tallest == 0 {
        inner.put_fit(1, 1, width.saturating_sub(2), "no key here means that", theme.mute());
    }
    let mut x = 1;
    for column in &laid.columns {
        for (y, line) in (1..inner.height()).zip(column.lines.iter().skip(from)) {
            draw(state, line, column, x, y, &mut inner);
        }
        x += column.width + GAP;
    }
}

fn draw(state: &State, line: &Line<'_>, column: &Column<'_>, x: u16, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let style = |b: &Bound| {
        if availability(b.action, state) == Availability::Ready {
            (theme.strong(), theme.text())
        } else {
            (theme.mute(), theme.mute())
        }
    };
    let at = x + column.keys + 2;
    match line {
        Line::Blank => {}
        Line::Title(title) => {
            canvas.put(x, y, title, theme.mute());
        }
        Line::Key(b, words) => {
            let (key, help) = style(b);
            canvas.put(x, y, &keys(b), key);
            canvas.put(at, y, words, help);
        }
        Line::Rest(b, words) => {
            canvas.put(at, y, words, style(b).1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Options;

    fn state() -> State {
        State::new(crate::model::Timestamp::UNIX_EPOCH, Size::new(80, 24), Options::default())
    }

    /// What can be meant in `scope`.
    fn offered(state: &State, scope: Scope) -> usize {
        let absent = |b: &&Bound| availability(b.action, state) != Availability::Absent;
        state.keymap().bindings_of(scope).filter(absent).count()
    }

    #[test]
    fn every_key_of_a_pane_is_in_its_help_once() {
        let state = state();
        for scope in [Scope::Accounts, Scope::Why, Scope::Events] {
            let shown: usize = groups(&state, scope, "").iter().map(|g| g.keys.len()).sum();
            assert_eq!(shown, offered(&state, scope), "{scope:?}");
        }
    }

    #[test]
    fn all_of_it_is_laid_out_at_any_width() {
        let state = state();
        let count = |columns: &[Column<'_>]| {
            columns.iter().flat_map(|c| &c.lines).filter(|l| matches!(l, Line::Key(..))).count()
        };
        for width in 0..250 {
            for room in [0, 5, 20, 100] {
                let columns = laid_out(&groups(&state, Scope::Accounts, ""), width, room);
                assert_eq!(count(&columns), offered(&state, Scope::Accounts), "{width} {room}");
            }
        }
    }
}
