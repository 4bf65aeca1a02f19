//! Why the events pane is empty: whole, and in few words for a small screen. That nothing has happened is only one of the reasons.

use ratatui::style::Style;

use super::theme::Theme;
use super::{text, when};
use crate::app::logs::Entry;
use crate::app::{Link, Pane, Show, State, way};
use crate::keymap::Action;
use crate::model::{Failure, Plain};

/// Most columns of a name or of what is searched for, on a small screen.
const SHORT: usize = 14;

/// Why nothing is shown.
enum Empty<'a> {
    /// The view is held, and what is held is not what is asked for.
    Held,
    /// Only what matches is shown, and nothing does.
    Unmatched(&'a str),
    /// Nothing has come since the view was cleared.
    Cleared,
    /// Only one account's are shown.
    About(&'a Plain),
    /// There is no connection, or none without a key.
    Away { refused: bool },
    /// The log alone cannot be read.
    Unreadable(&'a Failure),
    /// The log is being read.
    Reading,
    /// There is none that the level lets through.
    Quiet,
}

fn why(state: &State) -> Empty<'_> {
    let lens = &state.events.lens;
    if state.events.is_held() {
        return Empty::Held;
    }
    if let Some(needle) = lens.needle.as_ref().filter(|_| lens.matching) {
        return Empty::Unmatched(needle.text());
    }
    if lens.cleared.is_some() {
        return Empty::Cleared;
    }
    if let Some(name) = &lens.only {
        return Empty::About(name);
    }
    match (&state.links.stream, &state.links.list) {
        (Link::Lost { .. }, Link::Lost { why, .. }) => {
            Empty::Away { refused: matches!(why, Failure::Unauthorized(_)) }
        }
        (Link::Lost { .. }, list) if !list.is_live() => Empty::Away { refused: false },
        (Link::Lost { why, .. }, _) => Empty::Unreadable(why),
        (Link::Connecting { .. }, _) if state.logs.kept() == 0 => Empty::Reading,
        _ => Empty::Quiet,
    }
}

/// The key that shows more, where something is kept that the level may hide.
fn more(state: &State) -> Option<String> {
    let hides = state.logs.kept() > 0 && state.events.lens.show != Show::All;
    way(state, Action::Level, "shows more").filter(|_| hides)
}

/// The key that ends the search: from another pane, this one must have the keys first. None where it does something else first.
fn ends_search(state: &State) -> Option<String> {
    if state.is_zoomed() || state.failed.is_some() {
        return None;
    }
    let ends = way(state, Action::Back, "ends the search")?;
    if state.focus == Pane::Events {
        return Some(ends);
    }
    way(state, Action::PaneEvents, "").map(|pane| format!("{}, {ends}", pane.trim_end()))
}

/// Why, and what to do about it.
pub(super) fn whole(state: &State, theme: &Theme) -> (String, Style) {
    let (said, keys) = match why(state) {
        Empty::Held => {
            let follows = way(state, Action::HoldEvents, "follows again");
            ("Nothing of what is held is shown.".to_owned(), vec![follows, more(state)])
        }
        Empty::Unmatched(needle) => {
            (format!("Nothing matches {}.", state.shown_text(needle)), vec![ends_search(state)])
        }
        Empty::Cleared => {
            let all = way(state, Action::ClearEvents, "shows all again");
            ("Nothing has come since.".to_owned(), vec![all])
        }
        Empty::About(name) => {
            let all = way(state, Action::OnlyAccount, "shows all accounts again");
            (format!("Nothing is shown about {}.", state.shown(name)), vec![all, more(state)])
        }
        Empty::Away { refused: true } => {
            ("No events: the server lets nobody in without its key.".to_owned(), Vec::new())
        }
        Empty::Away { refused: false } => ("No events: there is no connection.".to_owned(), Vec::new()),
        Empty::Unreadable(why) => {
            let advice = why.advice().map(|a| format!(": {a}")).unwrap_or_default();
            let said = format!("No events: the server's log cannot be read. {why}{advice}");
            return (said, theme.warn());
        }
        Empty::Reading => ("Reading the server's log.".to_owned(), Vec::new()),
        Empty::Quiet => (format!("No refresh yet {}.", since(state)), vec![more(state)]),
    };
    let keys = keys.into_iter().flatten().map(|key| format!("{key}."));
    (std::iter::once(said).chain(keys).collect::<Vec<_>>().join(" "), theme.mute())
}

/// Why, in a line or two of a small screen, where the line at the bottom has the way back.
pub(super) fn in_short(state: &State, theme: &Theme) -> (String, Style) {
    let fit = |words: &str| text::fit(words, SHORT, theme.glyph().more).into_owned();
    let said = match why(state) {
        Empty::Held => "nothing of what is held is shown".to_owned(),
        Empty::Unmatched(needle) => format!("nothing matches {}", fit(&state.shown_text(needle))),
        Empty::Cleared => "cleared: nothing has come since".to_owned(),
        Empty::About(name) => format!("nothing is shown about {}", fit(&state.shown(name))),
        Empty::Away { refused: true } => "no events: a key is wanted".to_owned(),
        Empty::Away { refused: false } => "no events: no connection".to_owned(),
        Empty::Unreadable(why) => return (format!("log not read: {why}"), theme.warn()),
        Empty::Reading => "reading the server's log".to_owned(),
        Empty::Quiet => match more(state) {
            Some(more) => format!("no refresh yet: {more}"),
            None => "no events yet".to_owned(),
        },
    };
    (said, theme.mute())
}

/// Since when the log is known.
fn since(state: &State) -> String {
    let oldest = state.logs.entries().find_map(|entry| match entry {
        Entry::Record(record) => Some(record.line.at),
        Entry::Gap { .. } | Entry::Note(_) => None,
    });
    oldest.or(state.logs.started_at()).map_or_else(
        || "in the server's log".to_owned(),
        |t| format!("since {}", when::past(t, state.server_second(), state.zone)),
    )
}
