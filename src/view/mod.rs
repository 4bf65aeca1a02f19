//! The screen: a function of the state.
//!
//! ```text
//! ┌ header ──────────────────────────────────────────────────────────┐
//! │ flaretop  localhost:8080  ● live          5/7 usable  1 needs you│
//! ├ accounts (table_title, heads, meter, waiting) ──────┬ detail ────┤
//! │ ▸ team-a    5  on   DUE  ·······  --  +0:21  tick   │ ✓ on       │
//! │   client-b 10  off  limited ███ 100%  38:40  never  │ × paused   │
//! │                                                     │ (reasons)  │
//! ├ events (event_line, note_line, event_words) ────────┴────────────┤
//! │ 13:57:47  INFO   personal  new window  resets 18:57:30           │
//! ├ footer ──────────────────────────────────────────────────────────┤
//! │ space auto-refresh  p pause      (prompt)         ? help  q quit │
//! └──────────────────────────────────────────────────────────────────┘
//! ```
//!
//! `detail` is pane 2, in one of several views: `why`, `facts`, `usage`. On a screen of 80 columns it is a strip between the other two;
//! `compact` draws smaller screens. `help`, `event` and `question` lie over the middle, `column_list` over the lower right, `prompt`
//! and `commands` in the footer's place. Where each is comes from [`crate::layout`]; everything is drawn through a
//! `canvas::Canvas`, outside of which nothing can be drawn. [`words`] has the words, [`theme`] the colours and glyphs.

mod accounts;
mod canvas;
mod column_list;
mod commands;
mod compact;
pub mod countdown;
mod detail;
mod event;
mod event_line;
mod event_words;
mod events;
mod facts;
mod filter_prompt;
mod footer;
mod frame;
mod header;
mod heads;
mod help;
mod lines;
pub mod meter;
mod no_events;
mod note_line;
mod notes;
mod palette;
pub mod plain;
mod prompt;
mod question;
mod reasons;
mod sheet;
mod table_title;
pub mod text;
pub mod theme;
mod toast;
mod usage;
mod waiting;
pub mod when;
mod why;
pub mod words;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::logs::Note;
use crate::app::{Dialog, Help, Link, Pane, State, Tab};
use crate::layout::{Regions, Shape, box_extent};
use crate::model::Value;
use canvas::Canvas;
use frame::Frame;
use theme::Theme;
use toast::Covers;

/// Draws the whole screen into `area`.
pub fn render(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut screen = Canvas::new(buf, area, theme);
    let size = ratatui::layout::Size::new(screen.width(), screen.height());
    let regions = state.regions_on(size);
    let connecting = matches!(state.links.list, Link::Connecting { .. });
    if theme.has_ground() {
        screen.clear(Rect::new(0, 0, size.width, size.height));
    }
    match regions.shape {
        Shape::Tight => {
            compact::tight(state, &mut screen);
            return;
        }
        Shape::Compact if state.accounts.rows().is_empty() && !regions.alone => {
            let panes = [regions.events, regions.why].into_iter().filter(|r| !r.is_empty());
            waiting::bare(state, &mut screen.part(panes.fold(regions.accounts, Rect::union)));
        }
        Shape::Compact => {
            if !regions.accounts.is_empty() {
                compact::accounts(state, &mut screen.part(regions.accounts));
            }
            if !regions.events.is_empty() {
                compact::events(state, regions.alone, &mut screen.part(regions.events));
            }
            if regions.why_is_a_list() {
                detail::render(state, &regions, &mut screen.part(regions.why));
            } else {
                why::bare(state, &mut screen.part(regions.why));
            }
        }
        Shape::Stacked | Shape::Wide if state.accounts.list.is_none() && connecting && !regions.alone => {
            // The panes are where they will be, so that nothing moves when the list comes.
            waiting::render(state, &mut screen.part(regions.accounts));
            let tab = if regions.why_is_a_list() { state.details.tab } else { Tab::Why };
            let focused = state.focus == Pane::Why && state.dialog.is_none();
            let frame = Frame { title: format!("2 {}", tab.name()), focused, ..Frame::default() };
            frame::draw(&mut screen.part(regions.why), &frame);
            events::render(state, &mut screen.part(regions.events));
        }
        Shape::Stacked | Shape::Wide if state.accounts.rows().is_empty() && !regions.alone => {
            // There is nothing to say why about, and what is said instead of a table needs the room.
            waiting::render(state, &mut screen.part(regions.accounts.union(regions.why)));
            events::render(state, &mut screen.part(regions.events));
        }
        Shape::Stacked | Shape::Wide => {
            counting(state, &regions, &mut screen);
            if !regions.events.is_empty() {
                events::render(state, &mut screen.part(regions.events));
            }
        }
    }
    header::render(state, &mut screen.part(regions.header));
    let told =
        if state.dialog.is_none() { toast::render(state, &regions, &mut screen) } else { Covers::Panes };
    if let Some(Dialog::Prompt(typed)) = &state.dialog {
        prompt::render(state, typed, &mut screen);
        return;
    }
    if let Some(Dialog::Palette(palette)) = &state.dialog {
        screen.recede();
        commands::render(state, palette, regions.footer, &mut screen);
        return;
    }
    if let Some(dialog) = state.dialog.as_ref().filter(|dialog| **dialog != Dialog::Copy) {
        if matches!(dialog, Dialog::Columns(_)) {
            // Of the table it is to be seen what a choice makes of it.
            for other in [regions.header, regions.why, regions.events] {
                screen.part(other).recede();
            }
        } else {
            screen.recede();
        }
        // The footer stays in sight: it has the keys of what lies over the panes.
        let mut panes =
            screen.part(Rect { height: regions.footer.y, ..regions.header.union(regions.footer) });
        match dialog {
            Dialog::Help(help) => help::render(state, help, &mut panes),
            Dialog::Event(opened) => event::render(state, opened, &mut panes),
            // These are drawn in the footer's place.
            Dialog::Prompt(_) | Dialog::Palette(_) | Dialog::Copy => {}
            Dialog::Question { id, change, why, .. } => question::render(state, id, change, *why, &mut panes),
            Dialog::Columns(choosing) => column_list::render(state, choosing, &mut panes),
            Dialog::Sent(failed) => toast::sent(state, failed, &mut panes),
        }
    }
    let covered = told == Covers::Footer && state.notice.is_none();
    if state.display.frozen {
        footer::frozen(&mut screen.part(regions.footer));
    } else if !covered && !footer::notice(state, regions.accounts.bottom(), &mut screen) {
        footer::render(state, &mut screen.part(regions.footer));
    }
}

/// Draws what counts, where nothing else has changed (see [`Look::Counts`](crate::app::Look)), and says in which rows that is. `buf` is
/// blank there.
pub fn render_counts(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) -> Range<u16> {
    let mut screen = Canvas::new(buf, area, theme);
    let size = ratatui::layout::Size::new(screen.width(), screen.height());
    let regions = state.regions_on(size);
    let panes = [regions.accounts, regions.why].into_iter().filter(|pane| !pane.is_empty());
    let Some(rows) = panes.reduce(Rect::union) else { return 0..0 };
    if theme.has_ground() {
        screen.clear(Rect { x: 0, width: size.width, ..rows });
    }
    counting(state, &regions, &mut screen);
    rows.top()..rows.bottom()
}

/// The panes in which time is shown.
fn counting(state: &State, regions: &Regions, screen: &mut Canvas<'_>) {
    if !regions.accounts.is_empty() {
        accounts::render(state, &mut screen.part(regions.accounts));
    }
    if !regions.why.is_empty() {
        detail::render(state, regions, &mut screen.part(regions.why));
    }
}

/// The text of one view of the selected account, for copying.
pub(crate) fn details_text(state: &State, tab: Tab) -> String {
    detail::whole_text(state, tab)
}

/// All that a note says, line by line, with `showing` of each value.
pub(crate) fn note_lines(note: &Note, showing: fn(&Value) -> Value) -> Vec<String> {
    notes::lines(note, showing)
}

/// How many lines of the why pane can be scrolled off the top.
pub(crate) fn details_overflow(state: &State) -> usize {
    detail::overflow(state)
}

/// True where lines of the why pane can be scrolled by its keys, and its title does not say so.
pub(crate) fn details_scroll_unnamed(state: &State) -> bool {
    detail::scrolls_unnamed(state)
}

/// How many lines of the help can be scrolled off the top.
pub(crate) fn help_overflow(state: &State, help: &Help) -> usize {
    help::overflow(state, help)
}

/// A pane's title, and that it is the only one in sight where there is room for others.
fn pane_title(state: &State, title: &str) -> String {
    if state.is_zoomed() { format!("{title} (zoomed)") } else { title.to_owned() }
}

/// An empty box of at most `width` by `height` over the middle of `canvas`.
fn over<'c>(canvas: &'c mut Canvas<'_>, width: u16, height: u16, frame: &Frame) -> Canvas<'c> {
    let (w, h) = (box_extent(width, canvas.width()), box_extent(height, canvas.height()));
    let at = Rect::new((canvas.width() - w) / 2, (canvas.height() - h) / 2, w, h);
    canvas.clear(at);
    let mut part = canvas.part(at);
    frame::draw(&mut part, frame);
    part.into_part(Rect::new(1, 1, w.saturating_sub(2), h.saturating_sub(2)))
}
