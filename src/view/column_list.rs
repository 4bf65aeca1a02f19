//! The list of the table's columns: which are shown, where each is, and what it says.

use super::canvas::Canvas;
use super::frame::{self, Frame};
use super::heads;
use crate::app::{Choosing, State};
use crate::layout::columns::{Column, Stand, Wanted};

/// Where each of a line's parts begins.
const MARK: u16 = 2;
const NAME: u16 = 4;
const WHERE: u16 = 18;
const SAYS: u16 = 33;
/// The columns of the longest sentence.
const SENTENCE: u16 = 41;

/// Draws the list over the lower right of `canvas`.
pub(super) fn render(state: &State, choosing: &Choosing, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let regions = state.regions();
    let place = regions.column_box();
    canvas.clear(place);
    let mut part = canvas.part(place);
    let mut frame = Frame { title: "Columns".to_owned(), focused: true, ..Frame::default() };
    let lines = usize::from(regions.column_list().height);
    if lines < Column::CHOSEN.len() {
        let count = format!("{} of {}  ", choosing.at + 1, Column::CHOSEN.len());
        frame.right.push((count, theme.mute()));
    }
    frame.right.push((format!("page {} of {}", state.page() + 1, state.pages()), theme.text()));
    let mut inner = frame::draw(&mut part, &frame);
    let all = Column::CHOSEN.into_iter().zip(state.columns_of(regions.columns()).stands());
    let shown = all.enumerate().skip(choosing.from(lines));
    for (y, (i, (column, stand))) in (0..inner.height()).zip(shown) {
        line(state, (column, stand), i == choosing.at, y, &mut inner);
    }
}

/// `▸ ✓ LAST REFRESH  page 2         when it was refreshed last, and how it went`.
fn line(state: &State, (column, stand): (Column, Stand), chosen: bool, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let wanted = state.display.columns.of(column);
    let hidden = wanted == Wanted::Hidden;
    let style = |usual| if chosen { theme.selected() } else { usual };
    let width = canvas.width();
    if chosen {
        canvas.repeat(0, y, width, " ", theme.selected());
        canvas.put(0, y, theme.glyph().here, theme.selected());
    }
    let mark = if hidden { (theme.glyph().no, theme.mute()) } else { (theme.glyph().yes, theme.ok()) };
    canvas.put(MARK, y, mark.0, style(mark.1));
    let name = if hidden { theme.mute() } else { theme.text() };
    canvas.put_fit(NAME, y, WHERE - NAME - 1, heads::name(column, state), style(name));
    let said_by_another = !hidden && state.choice().hides(column);
    let is_kept = wanted == Wanted::Kept && stand != Stand::Always && !said_by_another;
    let mut place = match stand {
        Stand::Page(page) => format!("page {}", page + 1),
        Stand::InPart(page) => format!("in part, page {}", page + 1),
        Stand::Always => "in each line".to_owned(),
        Stand::Nowhere if hidden => "hidden".to_owned(),
        Stand::Nowhere if said_by_another => "as RESETS AT".to_owned(),
        Stand::Nowhere => "no room".to_owned(),
    };
    if is_kept {
        place.push_str(", kept");
    }
    let has_sentences = width > SAYS + SENTENCE;
    let end = if has_sentences { SAYS } else { width };
    let style_of_place = if is_kept { theme.you() } else { theme.mute() };
    canvas.put_fit(WHERE, y, end.saturating_sub(WHERE + 1), &place, style(style_of_place));
    if has_sentences {
        canvas.put(SAYS, y, says(column, state), style(name));
    }
}

/// What a column says.
fn says(column: Column, state: &State) -> &'static str {
    match column {
        Column::Name => "what it is called",
        Column::Provider => "its provider",
        Column::Priority => "its priority: the lowest is used first",
        Column::Auto => "auto-refresh, on or off",
        Column::Fallback => "auto-fallback, on or off",
        Column::State => "whether it can be used, or what is wrong",
        Column::Bar => "use of the five-hour window, as a bar",
        Column::Percent => "use of the five-hour window, in percent",
        Column::Pace => "5h use ahead of even use (+) or behind (-)",
        Column::WeekBar => "use of the seven-day window, as a bar",
        Column::Week => "use of the seven-day window, in percent",
        Column::Resets if state.display.is_clock() => "the time of day at which its window ends",
        Column::Resets => "the time until its window ends",
        Column::At => "the time of day at which its window ends",
        Column::Next => "its next refresh: when, or why not",
        Column::Last => "its last refresh: when, and how it went",
    }
}
