//! What is said of the change that failed last: near the table that it concerns, never over its rows; and what was sent for it.

use std::fmt::Write as _;

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, columns};
use super::frame::{self, Frame};
use super::{text, when};
use crate::api;
use crate::app::{Failed, State};
use crate::keymap::{Action, Scope};
use crate::layout::{Regions, Shape};
use crate::model::{Change, Deed, Matter, Plain, Setting, Value, masked};

/// Most columns of the box.
const WIDEST: u16 = 64;
/// Most lines of the reason.
const MOST_LINES: usize = 3;

/// What it lies over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Covers {
    /// Nothing that is missed.
    Panes,
    /// The line at the bottom too.
    Footer,
}

/// Draws it where there is room: under the rows inside the table's box, or under that box, or on a small screen in the last lines.
pub(super) fn render(state: &State, regions: &Regions, screen: &mut Canvas<'_>) -> Covers {
    let Some(failed) = &state.failed.as_ref().map(|failed| shown(state, failed)) else {
        return Covers::Panes;
    };
    if matches!(regions.shape, Shape::Compact) || screen.width() < 44 {
        bare(state, failed, regions, screen);
        return Covers::Footer;
    }
    let theme = screen.theme();
    let room = usize::from(WIDEST.min(screen.width().saturating_sub(4)) - 6);
    let title = text::fit(&title(failed), room, theme.glyph().more).into_owned();
    let mut why = text::wrap(&reason(failed), room);
    if why.len() > MOST_LINES {
        let rest = why.split_off(MOST_LINES - 1).join(" ");
        why.push(text::fit(&rest, room, theme.glyph().more).into_owned());
    }
    let keys = keys(state);
    let widest =
        why.iter().map(|l| columns(l)).chain([columns(&title), hint_width(&keys)]).max().unwrap_or(0);
    let width = widest + 6;
    let height = u16::try_from(why.len()).unwrap_or(1) + 4;
    let at = place(state, regions, width, height, screen);
    screen.clear(at);
    let mut part = screen.part(at);
    let frame = Frame { focused: false, ..Frame::default() };
    let mut inner = frame::draw(&mut part, &frame);
    inner.put(1, 0, theme.glyph().no, theme.bad());
    inner.put(3, 0, &title, theme.bad());
    let mut y = 1;
    for line in &why {
        inner.put(3, y, line, theme.text());
        y += 1;
    }
    hints(&keys, 3, y, &mut inner);
    Covers::Panes
}

/// Where a box of that size covers no row: at the right, as near to the rows as can be.
fn place(state: &State, regions: &Regions, width: u16, height: u16, screen: &Canvas<'_>) -> Rect {
    let table = regions.accounts;
    let rows = u16::try_from(state.accounts.rows().len()).unwrap_or(u16::MAX);
    // Border, headings, rows, border.
    let free = table.height.saturating_sub(rows.saturating_add(3));
    let (right, bottom) = if free >= height && table.width > width + 2 {
        (table.right().saturating_sub(2), table.bottom().saturating_sub(1))
    } else {
        let below = (table.bottom() + height).min(regions.footer.y);
        (screen.width().saturating_sub(2), below)
    };
    let top = bottom.saturating_sub(height);
    Rect::new(right.saturating_sub(width), top, width, height)
}

/// On a small screen it has no box, and stands over the events and the line at the bottom.
fn bare(state: &State, failed: &Failed, regions: &Regions, screen: &mut Canvas<'_>) {
    let theme = screen.theme();
    let more = theme.glyph().more;
    let lines = screen.height().saturating_sub(regions.accounts.bottom()).min(4);
    let width = screen.width().saturating_sub(4);
    let room = usize::from(width);
    let long = title(failed);
    let title = if columns(&long) <= width { long } else { short(failed) };
    let mut said = vec![title];
    if lines < 3 {
        // No room for the keys, which are the usual ones.
        said = vec![format!("{}: {}", short(failed), failed.why)];
    } else {
        // What the row shows comes first: a reason may be long.
        let shown = failed.shows.as_ref().map(|v| still(&failed.deed, v)).unwrap_or_default();
        let mut why = text::wrap(format!("{shown} {}", failed.why).trim_start(), room);
        let most = usize::from(lines) - 2;
        if why.len() > most {
            let rest = why.split_off(most - 1).join(" ");
            why.push(text::fit(&rest, room, more).into_owned());
        }
        said.extend(why);
    }
    let height = u16::try_from(said.len()).unwrap_or(1) + u16::from(lines >= 3);
    let first = screen.height().saturating_sub(height);
    screen.clear(Rect::new(0, first, screen.width(), height));
    screen.put(1, first, theme.glyph().no, theme.bad());
    let mut y = first;
    for line in &said {
        screen.put_fit(3, y, width, line, if y == first { theme.bad() } else { theme.text() });
        y += 1;
    }
    if lines >= 3 {
        let mut keys = keys(state);
        if hint_width(&keys) > width {
            for (_, word) in &mut keys {
                *word = word.rsplit(' ').next().unwrap_or_default();
            }
        }
        hints(&keys, 3, y, screen);
    }
}

/// `team-a: auto-refresh not off`.
fn short(failed: &Failed) -> String {
    let name = &failed.name;
    match &failed.deed {
        Deed::Switch(Change { setting: Setting::Paused, to: true }) => format!("{name}: not paused"),
        Deed::Switch(Change { setting: Setting::Paused, to: false }) => format!("{name}: not resumed"),
        Deed::Switch(change) => {
            format!("{name}: {} not {}", failed.deed.matter(), super::words::on_off(change.to))
        }
        Deed::Priority(n) => format!("{name}: priority not {}", n.number()),
        Deed::Endpoint(Some(_)) => format!("{name}: endpoint not set"),
        Deed::Endpoint(None) => format!("{name}: endpoint not cleared"),
        Deed::ReadUsage => format!("{name}: usage not re-read"),
        Deed::ClearLimit => format!("{name}: limit not cleared"),
    }
}

/// What the row shows in spite of the deed: `Still on.`
fn still(deed: &Deed, value: &Value) -> String {
    match (deed, value) {
        (Deed::Switch(Change { setting: Setting::Paused, .. }), Value::Switch(true)) => {
            "Still paused.".to_owned()
        }
        (Deed::Switch(Change { setting: Setting::Paused, .. }), _) => "Still in use.".to_owned(),
        _ => format!("Still {}.", value.shown()),
    }
}

type Hint<'a> = (&'a str, &'static str);

fn keys(state: &State) -> Vec<Hint<'_>> {
    let keys = state.keymap().bindings_of(Scope::Failed);
    keys.filter(|b| b.scope == Scope::Failed && !b.keys.is_empty()).map(|b| (b.key(), b.word)).collect()
}

/// The same with hidden names where they are to be hidden.
fn shown(state: &State, failed: &Failed) -> Failed {
    let mut shown = failed.clone();
    shown.name = Plain::new(&state.shown(&failed.name));
    shown.why = Plain::new(&state.shown_text(failed.why.as_str()));
    shown.shows = failed.shows.as_ref().map(state.showing());
    shown
}

fn hint_width(keys: &[Hint<'_>]) -> u16 {
    keys.iter().map(|(key, word)| columns(key) + 1 + columns(word) + 3).sum::<u16>().saturating_sub(3)
}

fn hints(keys: &[Hint<'_>], mut x: u16, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    for (key, word) in keys {
        if x + columns(key) + 1 + columns(word) > canvas.width() {
            break;
        }
        x = canvas.put(x, y, key, theme.strong());
        x = canvas.put(x + 1, y, word, theme.text()) + 2;
    }
}

fn title(failed: &Failed) -> String {
    let name = &failed.name;
    match &failed.deed {
        Deed::Switch(Change { setting: Setting::Paused, to: true }) => format!("Could not pause {name}"),
        Deed::Switch(Change { setting: Setting::Paused, to: false }) => format!("Could not resume {name}"),
        Deed::Switch(change) => {
            let to = super::words::on_off(change.to);
            format!("Could not switch {} {to} for {name}", failed.deed.matter())
        }
        Deed::Priority(n) => format!("Could not set the priority of {name} to {}", n.number()),
        Deed::Endpoint(Some(_)) => format!("Could not set the endpoint of {name}"),
        Deed::Endpoint(None) => format!("Could not clear the endpoint of {name}"),
        Deed::ReadUsage => format!("Could not re-read the usage of {name}"),
        Deed::ClearLimit => format!("Could not clear the limit of {name}"),
    }
}

/// Why, and what the row shows now.
fn reason(failed: &Failed) -> String {
    let mut said = failed.why.to_string();
    if !said.ends_with(['.', '?', '!']) {
        said.push('.');
    }
    let row =
        match (&failed.deed, &failed.shows) {
            (_, None) => String::new(),
            (Deed::Switch(Change { setting: Setting::Paused, .. }), Some(Value::Switch(paused))) => {
                if *paused { " It is still paused.".to_owned() } else { " It is still in use.".to_owned() }
            }
            (_, Some(value)) => format!(" Row put back to {}.", value.shown()),
        };
    said.push_str(&row);
    if failed.others > 0 {
        let (n, s) = (failed.others, if failed.others == 1 { "" } else { "s" });
        let _ = write!(said, " {n} other change{s} failed too: see the events.");
    }
    said
}

/// What was sent, over the middle of `canvas`.
pub(super) fn sent(state: &State, failed: &Failed, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let failed = &shown(state, failed);
    let room = usize::from(canvas.width().saturating_sub(6));
    let api::Wanted { action, body } = api::wanted(&failed.deed);
    let mut lines: Vec<(String, Style)> = Vec::new();
    let mut say = |label: &str, words: &str, style: Style| {
        let fits = room.saturating_sub(8);
        for (i, part) in text::wrap(words, fits).into_iter().enumerate() {
            lines.push((format!("{:<8}{part}", if i == 0 { label } else { "" }), style));
        }
    };
    let url = format!("{}/api/accounts/{}/{action}", state.options.url, state.shown_id(&failed.id));
    say("POST", &url, theme.text());
    let hidden = state.names.are_hidden() && failed.deed.matter() == Matter::Endpoint;
    let body = body.filter(|_| !hidden);
    say("body", &masked(body.as_deref().unwrap_or(if hidden { "(hidden)" } else { "none" })), theme.text());
    if let Some(at) = failed.at {
        let at = when::past(at, state.server_second(), state.zone);
        say("sent", &format!("{at} by the server's clock"), theme.text());
    }
    say("answer", failed.why.as_str(), theme.bad());
    let close = state.hint(Action::Back, "closes").unwrap_or_default();
    let title = format!("What was sent for {}", text::fit(failed.name.as_str(), 24, theme.glyph().more));
    let width = lines.iter().map(|(l, _)| columns(l)).max().unwrap_or(0) + 4;
    let width = width.max(columns(&title) + columns(&close) + 12);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let frame = Frame { title, focused: true, right: vec![(close, theme.text())], ..Frame::default() };
    let mut inner = super::over(canvas, width, height, &frame);
    for (y, (line, style)) in (0..inner.height()).zip(&lines) {
        inner.put(1, y, line, *style);
    }
}
