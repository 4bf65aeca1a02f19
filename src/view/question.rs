//! The question before a change: what is changed, on which account and server, and why it is asked.

use super::canvas::{Canvas, columns};
use super::frame::Frame;
use super::{text, words};
use crate::app::{Doubt, State};
use crate::keymap::{Scope, bindings_of};
use crate::model::{AccountId, Change, Setting};

/// Most columns of the sentences.
const WIDEST: u16 = 64;

/// Draws the question over the middle of `canvas`.
pub(super) fn render(state: &State, id: &AccountId, change: Change, why: Doubt, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let more = theme.glyph().more;
    let account = state.accounts.get(id);
    let name = account.map_or_else(|| id.to_plain(), |a| a.name.clone());
    let name = text::fit(name.as_str(), 30, more).into_owned();
    let does = match (change.setting, change.to) {
        (Setting::Paused, true) => format!("Pause {name}?"),
        (Setting::Paused, false) => format!("Resume {name}?"),
        (Setting::AutoRefresh, to) => format!("Switch auto-refresh {} for {name}?", words::on_off(to)),
        (Setting::AutoFallback, to) => format!("Switch auto-fallback {} for {name}?", words::on_off(to)),
    };
    let doubt = match why {
        Doubt::Twin => format!(
            "Another account is called {name} too, and the server acts by name: it may change the other one instead."
        ),
        Doubt::LastUsable => {
            format!("{name} is the last account that can be used: after this, every request is refused.")
        }
        Doubt::Offered => format!("It is what stands in the way of {name}'s next refresh."),
    };
    let room = canvas.width().saturating_sub(6).min(WIDEST);
    let mut lines: Vec<(String, ratatui::style::Style)> =
        text::wrap(&doubt, usize::from(room)).into_iter().map(|l| (l, theme.warn())).collect();
    let provider = account.map(|a| format!("{}, priority {}, ", a.provider.as_str(), a.priority));
    let which = format!("{}id {} on {}", provider.unwrap_or_default(), id.to_plain(), state.options.server);
    lines.extend(text::wrap(&which, usize::from(room)).into_iter().map(|l| (l, theme.mute())));
    let title = columns(&does) + 8;
    let width = lines.iter().map(|(l, _)| columns(l)).max().unwrap_or(0).max(24) + 6;
    // Border, blank, sentences, blank, answer, border; the blanks leave on a low screen.
    let needed = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(5);
    let blank = u16::from(needed <= canvas.height());
    let height = needed - 2 + 2 * blank;
    let frame = Frame { title: does, focused: true, ..Frame::default() };
    let mut inner = super::over(canvas, width.max(title), height, &frame);
    let mut y = blank;
    for (line, style) in &lines {
        inner.put(2, y, line, *style);
        y += 1;
    }
    let y = (y + blank).min(inner.height().saturating_sub(1));
    let mut x = 2;
    for b in bindings_of(Scope::Question).filter(|b| !b.word.is_empty()) {
        x = inner.put(x, y, b.keys.first().copied().unwrap_or_default(), theme.you());
        x = inner.put(x + 1, y, b.word, theme.text()) + 4;
    }
}
