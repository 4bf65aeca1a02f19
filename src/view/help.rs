//! The help: every key that means something in the pane below, from the one table of keys.

use super::canvas::{Canvas, columns};
use super::footer::pane_scope;
use super::frame::Frame;
use super::text;
use crate::app::{Availability, State, availability};
use crate::keymap::{Action, Bound, Scope};

/// A heading, and the keys under it.
struct Group<'k> {
    title: &'static str,
    keys: Vec<&'k Bound>,
}

/// Where a key stands: what the pane itself does, then moving, then the panes, then the program.
fn group_of(b: &Bound) -> usize {
    match b.action {
        _ if b.scope != Scope::Anywhere => 0,
        Action::Up
        | Action::Down
        | Action::First
        | Action::Last
        | Action::HalfPageUp
        | Action::HalfPageDown
        | Action::PageUp
        | Action::PageDown => 1,
        Action::NextPane
        | Action::PreviousPane
        | Action::PaneAccounts
        | Action::PaneWhy
        | Action::PaneEvents => 2,
        _ => 3,
    }
}

/// What cannot be meant here and what has no key is left out.
fn groups(state: &State, scope: Scope) -> Vec<Group<'_>> {
    let own = match scope {
        Scope::Accounts => "ACCOUNTS",
        Scope::Why => "WHY",
        Scope::Events => "EVENTS",
        _ => "HERE",
    };
    let mut groups: Vec<Group<'_>> =
        [own, "MOVE", "PANES", "PROGRAM"].map(|title| Group { title, keys: Vec::new() }).into();
    let absent = |b: &Bound| b.keys.is_empty() || availability(b.action, state) == Availability::Absent;
    for b in state.keymap().bindings_of(scope).filter(|b| !absent(b)) {
        if let Some(group) = groups.get_mut(group_of(b)) {
            group.keys.push(b);
        }
    }
    groups.retain(|g| !g.keys.is_empty());
    groups
}

/// One line: a heading, a key, or nothing.
enum Line<'k> {
    Title(&'static str),
    Key(&'k Bound),
    /// The rest of a sentence that did not fit into one line, and whether its key can be used now.
    Rest(String, bool),
    Blank,
}

fn lines(groups: Vec<Group<'_>>) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for group in groups {
        if !lines.is_empty() {
            lines.push(Line::Blank);
        }
        lines.push(Line::Title(group.title));
        lines.extend(group.keys.into_iter().map(Line::Key));
    }
    lines
}

/// `lines` with the sentences broken that are longer than `room`.
fn broken<'k>(state: &State, lines: Vec<Line<'k>>, room: usize) -> Vec<Line<'k>> {
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        let rest = match &line {
            Line::Key(b) => text::wrap(b.help, room).into_iter().skip(1).collect(),
            _ => Vec::new(),
        };
        let ready = matches!(&line, Line::Key(b) if availability(b.action, state) == Availability::Ready);
        out.push(line);
        out.extend(rest.into_iter().map(|part| Line::Rest(part, ready)));
    }
    out
}

fn keys(b: &Bound) -> String {
    b.keys.join(" ")
}

/// The columns of the keys and of the sentences.
fn widths(lines: &[Line<'_>]) -> (u16, u16) {
    lines.iter().fold((0, 0), |(k, h), line| match line {
        Line::Key(b) => (k.max(columns(&keys(b))), h.max(columns(b.help))),
        Line::Title(_) | Line::Rest(..) | Line::Blank => (k, h),
    })
}

/// Draws the help over the middle of `canvas`.
pub(super) fn render(state: &State, scroll: u16, canvas: &mut Canvas<'_>) {
    let scope = pane_scope(state);
    let mut groups = groups(state, scope);
    let name = match scope {
        Scope::Why => "Help: the why pane",
        Scope::Events => "Help: the events pane",
        _ => "Help: the accounts pane",
    };
    // Two columns where both fit: the pane's own keys and the program's left, moving about right.
    let right: Vec<Group<'_>> = {
        let (left, right) = groups.drain(..).partition(|g| !matches!(g.title, "MOVE" | "PANES"));
        groups = left;
        right
    };
    let (left, right) = (lines(groups), lines(right));
    let ((lk, lh), (rk, rh)) = (widths(&left), widths(&right));
    let (left_width, right_width) = (lk + 2 + lh, rk + 2 + rh);
    let two = left_width + 3 + right_width;
    let outer = canvas.width().saturating_sub(4);
    let (columns, width) = if two <= outer {
        (vec![(left, lk, 0), (right, rk, left_width + 3)], two)
    } else {
        let mut one = left;
        one.push(Line::Blank);
        one.extend(right);
        let (k, h) = widths(&one);
        let width = (k + 2 + h).min(outer);
        (vec![(broken(state, one, usize::from(width.saturating_sub(k + 2))), k, 0)], width)
    };
    let tallest = columns.iter().map(|c| c.0.len()).max().unwrap_or(0);
    let height = u16::try_from(tallest).unwrap_or(u16::MAX).saturating_add(2).min(canvas.height());
    let fits = usize::from(height.saturating_sub(2));
    let from = usize::from(scroll).min(tallest.saturating_sub(fits));
    let close = state.hint(Action::CloseHelp, "closes").unwrap_or_default();
    let theme = canvas.theme();
    let mut frame = Frame { title: name.to_owned(), focused: true, ..Frame::default() };
    if fits < tallest {
        frame.right.push((format!("{}-{} of {tallest}  ", from + 1, from + fits), theme.mute()));
    }
    frame.right.push((close, theme.text()));
    let mut inner = super::over(canvas, width + 4, height, &frame);
    for (lines, keys, x) in &columns {
        for (y, line) in (0..inner.height()).zip(lines.iter().skip(from)) {
            draw(state, line, *keys, x + 1, y, &mut inner);
        }
    }
}

fn draw(state: &State, line: &Line<'_>, width: u16, x: u16, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    match line {
        Line::Blank => {}
        Line::Title(title) => {
            canvas.put(x, y, title, theme.mute());
        }
        Line::Key(b) => {
            let ready = availability(b.action, state) == Availability::Ready;
            let (key, help) =
                if ready { (theme.strong(), theme.text()) } else { (theme.mute(), theme.mute()) };
            canvas.put(x, y, &keys(b), key);
            let at = x + width + 2;
            let room = canvas.width().saturating_sub(at + 1);
            let first = text::wrap(b.help, usize::from(room)).into_iter().next().unwrap_or_default();
            canvas.put(at, y, &first, help);
        }
        Line::Rest(rest, ready) => {
            let help = if *ready { theme.text() } else { theme.mute() };
            canvas.put(x + width + 2, y, rest, help);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Options;
    use ratatui::layout::Size;

    #[test]
    fn every_key_of_a_pane_is_in_its_help_once() {
        for scope in [Scope::Accounts, Scope::Why, Scope::Events] {
            let state =
                State::new(crate::model::Timestamp::UNIX_EPOCH, Size::new(80, 24), Options::default());
            let shown: usize = groups(&state, scope).iter().map(|g| g.keys.len()).sum();
            let absent = |b: &&Bound| availability(b.action, &state) != Availability::Absent;
            assert_eq!(shown, state.keymap().bindings_of(scope).filter(absent).count(), "{scope:?}");
        }
    }
}
