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
/// From this width on there is room for what is seldom looked at.
const WIDE: u16 = 160;
/// From this one on there is room for what makes the rest exact.
const ROOMY: u16 = 100;

/// The order in which parts leave where there is no room, the last first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Link,
    Server,
    Frozen,
    /// On a screen where nothing stands over the table.
    Shown,
    /// On a screen where few words have room, and nothing else says that the clocks differ.
    ClockFirst,
    /// On such a screen, where nothing else says that names are hidden.
    NamesFirst,
    /// On such a screen a person who is needed is told before all that can be used.
    NeedsYouFirst,
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
    Time,
    OldLimited,
    Brand,
    /// What is of use on a wide screen.
    Pool,
    Trip,
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
    let ranks = ranks_that_fit(&left, &right, room);
    left.retain(|p| ranks.contains(&p.rank));
    right.retain(|p| ranks.contains(&p.rank));
    // The server's name gives way last, but it gives way.
    let over = total(left.iter(), right.iter()).saturating_sub(room);
    if over > 0
        && let Some(server) = left.iter_mut().find(|p| p.rank == Rank::Server)
        && let Some((name, _)) = server.words.first_mut()
    {
        let keep = columns(name).saturating_sub(over);
        *name = text::fit(name, usize::from(keep), canvas.theme().glyph().more).into_owned();
    }
    let end = row(canvas, 1, &left);
    let width = group(right.iter());
    row(canvas, canvas.width().saturating_sub(width + 1).max(end + GAP), &right);
}

/// Which parts have room beside those that matter more. What is too wide leaves the room to smaller ones.
fn ranks_that_fit(left: &[Piece], right: &[Piece], room: u16) -> Vec<Rank> {
    let mut ranks: Vec<Rank> = left.iter().chain(right).map(|p| p.rank).collect();
    ranks.sort_unstable();
    ranks.dedup();
    let mut shown: Vec<Rank> = Vec::with_capacity(ranks.len());
    for rank in ranks {
        shown.push(rank);
        let [left, right] = [left, right].map(|group| group.iter().filter(|p| shown.contains(&p.rank)));
        if rank > Rank::Server && total(left, right) > room {
            shown.pop();
        }
    }
    shown
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

fn group<'p>(pieces: impl Iterator<Item = &'p Piece>) -> u16 {
    let widths = pieces.enumerate().map(|(i, p)| p.width().saturating_add(if i == 0 { 0 } else { p.gap() }));
    widths.fold(0, u16::saturating_add)
}

fn total<'p>(left: impl Iterator<Item = &'p Piece>, right: impl Iterator<Item = &'p Piece>) -> u16 {
    let (left, right) = (group(left), group(right));
    let gap = if left == 0 || right == 0 { 0 } else { GAP };
    left.saturating_add(right).saturating_add(gap)
}

fn left(state: &State, canvas: &Canvas<'_>) -> Vec<Piece> {
    let theme = canvas.theme();
    let glyph = theme.glyph();
    let now = state.now;
    let small = state.regions().shape == Shape::Compact;
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
        Link::Live { .. } => pieces.push(Piece {
            rank: Rank::Link,
            words: match state.late() {
                Some(age) => marked(glyph.live, format!("late {}", countdown::duration(age)), theme.warn()),
                None => vec![(format!("{} ", glyph.live), theme.ok()), ("live".to_owned(), theme.text())],
            },
        }),
        Link::Lost { since, tries, retry_at, why } => {
            let word = if matches!(why, Failure::Unauthorized(_)) { "NO ACCESS" } else { "LOST" };
            let lost = format!("{word} {}", countdown::duration(now - *since));
            pieces.push(Piece { rank: Rank::Link, words: marked(glyph.lost, lost, theme.bad()) });
            let left = *retry_at - now;
            let secs = left.num_seconds() + i64::from(left.subsec_nanos() > 0);
            let retry = match (left <= TimeDelta::zero(), small) {
                (true, true) => "trying now".to_owned(),
                (true, false) => format!("trying now (try {})", tries.saturating_add(1)),
                (false, true) => format!("retry {secs}s"),
                (false, false) => format!("retry in {secs}s (try {})", tries.saturating_add(1)),
            };
            pieces.push(Piece::new(Rank::Retry, retry, theme.text()));
        }
    }
    if let (Some(came), Link::Lost { .. }) = (state.accounts.came, &state.links.list) {
        let at = when::past(state.clock.at(came), state.server_second(), state.zone);
        pieces.push(Piece::new(Rank::LastData, format!("last data {at}"), theme.warn()));
    }
    if state.links.list.is_live() {
        match &state.links.stream {
            Link::Lost { .. } => pieces.push(Piece::new(
                Rank::Events,
                format!("{} events reconnecting", glyph.lost),
                theme.warn(),
            )),
            Link::Connecting { since } if now - *since >= TimeDelta::seconds(5) => {
                pieces.push(Piece::new(
                    Rank::Events,
                    format!("{} events connecting", glyph.connecting),
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
        let rank = if small { Rank::NamesFirst } else { Rank::Names };
        pieces.push(Piece::new(rank, "names hidden", theme.you()));
    }
    if state.display.frozen {
        pieces.push(Piece::new(Rank::Frozen, "FROZEN", theme.you()));
    }
    if state.clock.differs() {
        pieces.push(if small {
            Piece::new(Rank::ClockFirst, format!("clock {}", clock_offset(state)), theme.warn())
        } else {
            // How far that may be wrong gives way to the time that it is.
            let wide = canvas.width() >= ROOMY;
            let words =
                if wide { clock_words(state, glyph.about) } else { format!("clock {}", clock_offset(state)) };
            Piece::new(Rank::Clock, words, theme.warn())
        });
    }
    pieces.extend(trip(state, theme).filter(|_| canvas.width() >= WIDE));
    pieces
}

/// `link 41 ms`: how long the server takes to answer, while it does so in time.
fn trip(state: &State, theme: &Theme) -> Option<Piece> {
    let ms = state.links.trip.millis().filter(|_| state.links.list.is_live() && state.late().is_none())?;
    let words = if ms == 0 { "link <1 ms".to_owned() } else { format!("link {ms} ms") };
    Some(Piece::new(Rank::Trip, words, theme.mute()))
}

/// `clock +94s ±0.5s`: the server's clock minus ours, and how far that may be wrong.
pub(super) fn clock_words(state: &State, about: &str) -> String {
    let unsure = state.clock.uncertainty().map_or(0.0, |u| u.num_milliseconds() as f64 / 1000.0);
    format!("clock {} {about}{unsure:.1}s", clock_offset(state))
}

/// `+94s`: the server's clock minus ours.
pub(super) fn clock_offset(state: &State) -> String {
    let offset = state.clock.offset();
    let sign = if offset < TimeDelta::zero() { '-' } else { '+' };
    let secs = offset.abs().num_milliseconds() as f64 / 1000.0;
    let size = match secs {
        s if s < 10.0 => format!("{s:.1}s"),
        s if s < 600.0 => format!("{s:.0}s"),
        _ => countdown::duration(offset.abs()),
    };
    format!("{sign}{size}")
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
        let Tally { total, usable, limited, needs_you, used } = tally(state);
        let live = state.links.list.is_live();
        let style = match usable {
            0 if total > 0 => theme.bad(),
            _ if live => theme.text(),
            _ => theme.mute(),
        };
        let (usable_rank, needs_rank) = match state.regions().shape {
            _ if !live => (Rank::OldUsable, Rank::OldNeedsYou),
            Shape::Compact => (Rank::Usable, Rank::NeedsYouFirst),
            _ => (Rank::Usable, Rank::NeedsYou),
        };
        let told = |style| if live { style } else { theme.mute() };
        pieces.push(Piece::new(usable_rank, format!("{usable}/{total} usable"), style));
        if limited > 0 {
            let rank = if live { Rank::Limited } else { Rank::OldLimited };
            pieces.push(Piece::new(rank, format!("{limited} limited"), told(theme.warn())));
        }
        if needs_you > 0 {
            let verb = if needs_you == 1 { "needs" } else { "need" };
            pieces.push(Piece::new(needs_rank, format!("{needs_you} {verb} you"), told(theme.you())));
        }
        let windows = ["5h", "7d"].into_iter().zip(used);
        let used: Vec<String> = windows.filter_map(|(w, used)| Some(format!("{w} {}%", used?))).collect();
        if live && canvas.width() >= WIDE && !used.is_empty() {
            pieces.push(Piece::new(Rank::Pool, format!("pool {}", used.join("  ")), theme.text()));
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
