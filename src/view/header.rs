//! The line at the top: which server, how it is connected, and how many accounts can be used.
//!
//! No seconds count here while all is well, so that a quiet screen stays quiet.

use chrono::TimeDelta;
use ratatui::style::Style;

use super::canvas::{Canvas, columns};
use super::theme::Theme;
use super::{countdown, text, when};
use crate::app::{Link, Sort, State, Tally, tally};
use crate::layout::Shape;
use crate::model::Failure;

/// Parts stand this far apart.
const GAP: u16 = 2;

/// The order in which parts leave where there is no room, the last first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Link,
    Server,
    Frozen,
    /// On a screen where nothing stands over the table.
    Shown,
    /// On a screen where few words have room, and nothing else says that names are hidden or that the rows are old.
    Needed,
    Usable,
    NeedsYou,
    Retry,
    LastData,
    Clock,
    Events,
    ReadOnly,
    Names,
    /// The time where its zone is an unusual one.
    ZoneTime,
    /// What was counted before the connection was lost.
    OldUsable,
    OldNeedsYou,
    Sort,
    Limited,
    /// Where a server is that has a name.
    Address,
    Brand,
    Time,
}

/// One part of the line.
struct Piece {
    rank: Rank,
    words: Vec<(String, Style)>,
}

impl Piece {
    fn new(rank: Rank, words: impl Into<String>, style: Style) -> Self {
        Self { rank, words: vec![(words.into(), style)] }
    }

    /// How far it stands from what is before it.
    fn gap(&self) -> u16 {
        if self.rank == Rank::Address { 1 } else { GAP }
    }

    fn width(&self) -> u16 {
        self.words.iter().map(|(w, _)| columns(w)).fold(0, u16::saturating_add)
    }
}

/// Draws the header.
pub(super) fn render(state: &State, canvas: &mut Canvas<'_>) {
    let room = canvas.width().saturating_sub(2);
    let (mut left, mut right) = (left(state, canvas), right(state, canvas));
    while total(&left, &right) > room {
        let Some(highest) = left.iter().chain(&right).map(|p| p.rank).max().filter(|r| *r > Rank::Server)
        else {
            break;
        };
        left.retain(|p| p.rank != highest);
        right.retain(|p| p.rank != highest);
    }
    // The server's name gives way last, but it gives way.
    let over = total(&left, &right).saturating_sub(room);
    if over > 0
        && let Some(server) = left.iter_mut().find(|p| p.rank == Rank::Server)
        && let Some((name, _)) = server.words.first_mut()
    {
        let keep = columns(name).saturating_sub(over);
        *name = text::fit(name, usize::from(keep), canvas.theme().glyph().more).into_owned();
    }
    let end = row(canvas, 1, &left);
    let width = group(&right);
    row(canvas, canvas.width().saturating_sub(width + 1).max(end + GAP), &right);
}

fn row(canvas: &mut Canvas<'_>, mut x: u16, pieces: &[Piece]) -> u16 {
    for (i, piece) in pieces.iter().enumerate() {
        x = draw(canvas, if i == 0 { x } else { x + piece.gap() }, piece);
    }
    x
}

fn draw(canvas: &mut Canvas<'_>, mut x: u16, piece: &Piece) -> u16 {
    for (words, style) in &piece.words {
        x = canvas.put(x, 0, words, *style);
    }
    x
}

fn group(pieces: &[Piece]) -> u16 {
    let gaps = pieces.iter().skip(1).map(Piece::gap).fold(0, u16::saturating_add);
    pieces.iter().map(Piece::width).fold(gaps, u16::saturating_add)
}

fn total(left: &[Piece], right: &[Piece]) -> u16 {
    let gap = if left.is_empty() || right.is_empty() { 0 } else { GAP };
    group(left).saturating_add(group(right)).saturating_add(gap)
}

fn left(state: &State, canvas: &Canvas<'_>) -> Vec<Piece> {
    let theme = canvas.theme();
    let glyph = theme.glyph();
    let now = state.now;
    let small = state.regions().shape == Shape::Compact && state.links.list.is_live();
    let mut pieces = vec![Piece::new(Rank::Brand, "flaretop", theme.strong())];
    match &state.options.name {
        Some(name) => {
            pieces.push(Piece::new(Rank::Server, name.as_str(), theme.strong()));
            pieces.push(Piece::new(Rank::Address, state.options.server.as_str(), theme.text()));
        }
        None => pieces.push(Piece::new(Rank::Server, state.options.server.as_str(), theme.text())),
    }
    let marked = |mark: &str, word: String, style: Style| vec![(format!("{mark} "), style), (word, style)];
    match &state.links.list {
        Link::Connecting { since } => {
            let secs = (now - *since).num_seconds();
            let word = if secs > 0 { format!("connecting {secs}s") } else { "connecting".to_owned() };
            pieces.push(Piece { rank: Rank::Link, words: marked(glyph.connecting, word, theme.warn()) });
        }
        Link::Live { .. } => {
            pieces.push(Piece {
                rank: Rank::Link,
                words: vec![(format!("{} ", glyph.live), theme.ok()), ("live".to_owned(), theme.text())],
            });
        }
        Link::Lost { since, tries, retry_at, why } => {
            let word = if matches!(why, Failure::Unauthorized(_)) { "NO ACCESS" } else { "LOST" };
            let lost = format!("{word} {}", countdown::duration(now - *since));
            pieces.push(Piece { rank: Rank::Link, words: marked(glyph.lost, lost, theme.bad()) });
            let left = *retry_at - now;
            let retry = if left <= TimeDelta::zero() {
                format!("trying now (try {})", tries.saturating_add(1))
            } else {
                let secs = left.num_seconds() + i64::from(left.subsec_nanos() > 0);
                format!("retry in {secs}s (try {})", tries.saturating_add(1))
            };
            pieces.push(Piece::new(Rank::Retry, retry, theme.text()));
        }
    }
    if let Some(came) = state.accounts.came {
        let late = now - came > state.options.interval * 2;
        if late || matches!(state.links.list, Link::Lost { .. }) {
            let at = when::past(state.clock.at(came), state.server_second(), state.zone);
            pieces.push(if small {
                Piece::new(Rank::Needed, format!("data {at}"), theme.warn())
            } else {
                Piece::new(Rank::LastData, format!("last data {at}"), theme.warn())
            });
        }
    }
    if state.links.list.is_live() {
        match &state.links.stream {
            Link::Lost { .. } => pieces.push(Piece::new(
                Rank::Events,
                format!("events {} reconnecting", glyph.lost),
                theme.warn(),
            )),
            Link::Connecting { since } if now - *since >= TimeDelta::seconds(5) => {
                pieces.push(Piece::new(
                    Rank::Events,
                    format!("events {} connecting", glyph.connecting),
                    theme.warn(),
                ));
            }
            _ => {}
        }
    }
    if state.options.read_only {
        pieces.push(Piece::new(Rank::ReadOnly, "read-only", theme.you()));
    }
    if state.names.are_hidden() {
        let rank = if small { Rank::Needed } else { Rank::Names };
        pieces.push(Piece::new(rank, "names hidden", theme.you()));
    }
    if state.display.frozen {
        pieces.push(Piece::new(Rank::Frozen, "FROZEN", theme.you()));
    }
    if state.clock.differs() {
        pieces.push(Piece::new(Rank::Clock, clock_words(state, glyph.about), theme.warn()));
    }
    pieces
}

/// `clock +94s ±0.5s`: the server's clock minus ours, and how far that may be wrong.
pub(super) fn clock_words(state: &State, about: &str) -> String {
    let offset = state.clock.offset();
    let sign = if offset < TimeDelta::zero() { '-' } else { '+' };
    let secs = offset.abs().num_milliseconds() as f64 / 1000.0;
    let size = match secs {
        s if s < 10.0 => format!("{s:.1}s"),
        s if s < 600.0 => format!("{s:.0}s"),
        _ => countdown::duration(offset.abs()),
    };
    let unsure = state.clock.uncertainty().map_or(0.0, |u| u.num_milliseconds() as f64 / 1000.0);
    format!("clock {sign}{size} {about}{unsure:.1}s")
}

/// What else stands over the table: that not all accounts are shown, and an unusual order.
fn of_table(state: &State, theme: &Theme) -> Vec<Piece> {
    let accounts = &state.accounts;
    let mut pieces = Vec::new();
    if accounts.table.sort != Sort::default() {
        let sort = super::table_title::sort(state, theme);
        pieces.push(Piece::new(Rank::Sort, sort, theme.mute()));
    }
    if !accounts.filter.is_empty() {
        let shown = format!("{} of {} shown", accounts.shown_len(), accounts.rows().len());
        pieces.push(Piece::new(Rank::Shown, shown, theme.strong()));
    }
    pieces
}

fn right(state: &State, canvas: &Canvas<'_>) -> Vec<Piece> {
    let theme = canvas.theme();
    let mut pieces = Vec::new();
    if state.regions().shape == Shape::Compact {
        pieces.extend(of_table(state, theme));
    }
    if state.accounts.list.is_some() {
        let Tally { total, usable, limited, needs_you } = tally(state);
        let live = state.links.list.is_live();
        let style = match usable {
            0 if total > 0 => theme.bad(),
            _ if live => theme.text(),
            _ => theme.mute(),
        };
        let (usable_rank, needs_rank) =
            if live { (Rank::Usable, Rank::NeedsYou) } else { (Rank::OldUsable, Rank::OldNeedsYou) };
        pieces.push(Piece::new(usable_rank, format!("{usable}/{total} usable"), style));
        if limited > 0 {
            pieces.push(Piece::new(Rank::Limited, format!("{limited} limited"), theme.warn()));
        }
        if needs_you > 0 {
            let verb = if needs_you == 1 { "needs" } else { "need" };
            pieces.push(Piece::new(needs_rank, format!("{needs_you} {verb} you"), theme.you()));
        }
    }
    let time = when::minutes(state.server_second(), state.zone);
    pieces.push(if state.display.is_utc() {
        Piece::new(Rank::ZoneTime, format!("{time} {}", state.zone), theme.text())
    } else {
        Piece::new(Rank::Time, time, theme.mute())
    });
    pieces
}
