//! The question before a change: what is changed, on which account and server, and why it is asked.

use super::canvas::{Canvas, columns};
use super::frame::Frame;
use super::{text, words};
use crate::app::{Doubt, Prognosis, State, prognosis};
use crate::keymap::{Action, Scope};
use crate::model::{Account, AccountId, Change, Deed, Setting, Value};

/// Most columns of the sentences.
const WIDEST: u16 = 64;

/// Draws the question over the middle of `canvas`.
pub(super) fn render(state: &State, id: &AccountId, deed: &Deed, why: Doubt, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let more = theme.glyph().more;
    let account = state.accounts.get(id);
    let name = account.map_or_else(|| state.shown_id(id), |a| state.shown_name(a).into_owned());
    let name = text::fit(&name, 30, more).into_owned();
    let room = canvas.width().saturating_sub(6).min(WIDEST);
    let mut lines: Vec<(String, ratatui::style::Style)> = Vec::new();
    for sentence in sentences(state, account, &name, why) {
        lines.extend(text::wrap(&sentence, usize::from(room)).into_iter().map(|l| (l, theme.warn())));
    }
    let provider = account.map(|a| format!("{}, priority {}, ", a.provider.as_str(), a.priority));
    let which =
        format!("{}id {} on {}", provider.unwrap_or_default(), state.shown_id(id), state.options.which());
    lines.extend(text::wrap(&which, usize::from(room)).into_iter().map(|l| (l, theme.mute())));
    let does = does(deed, &name);
    let title = columns(&does) + 8;
    let width = lines.iter().map(|(l, _)| columns(l)).max().unwrap_or(0).max(24) + 6;
    // Border, blank, sentences, blank, answer, border; the blanks leave on a low screen.
    let needed = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(5);
    let blank = u16::from(needed <= canvas.height());
    let height = needed - 2 + 2 * blank;
    let frame = Frame { title: does, focused: true, ..Frame::default() };
    let mut inner = super::over(canvas, width.max(title), height, &frame);
    // The sentences give way before the answers do.
    let least = inner.height().saturating_sub(1);
    let mut y = blank;
    for (line, style) in lines.iter().take(usize::from(least.saturating_sub(y))) {
        inner.put(2, y, line, *style);
        y += 1;
    }
    let y = (y + blank).min(least);
    let mut x = 2;
    // What leaves everything as it is stands first, in brackets: it is what any doubt should end in.
    for action in [Action::Cancel, Action::Confirm] {
        let mut bound = state.keymap().bindings_of(Scope::Question);
        let Some(b) = bound.find(|b| b.action == action && !b.keys.is_empty()) else { continue };
        let (open, close, keys) = match action {
            Action::Cancel => ("[ ", " ]", 2),
            _ => ("", "", 1),
        };
        let keys = b.keys.get(..keys.min(b.keys.len())).unwrap_or_default().join(" / ");
        x = inner.put(x, y, open, theme.text());
        x = inner.put(x, y, &keys, theme.you());
        x = inner.put(x + 1, y, b.word, theme.text());
        x = inner.put(x, y, close, theme.text()) + 3;
    }
}

fn does(deed: &Deed, name: &str) -> String {
    match deed {
        Deed::Switch(Change { setting: Setting::Paused, to: true }) => format!("Pause {name}?"),
        Deed::Switch(Change { setting: Setting::Paused, to: false }) => format!("Resume {name}?"),
        Deed::Switch(change) => {
            format!("Switch {} {} for {name}?", deed.matter(), words::on_off(change.to))
        }
        Deed::Priority(n) => format!("Set the priority of {name} to {}?", n.number()),
        Deed::Endpoint(Some(_)) => format!("Set another endpoint for {name}?"),
        Deed::Endpoint(None) => format!("Clear the endpoint of {name}?"),
        Deed::ReadUsage => format!("Re-read the usage of {name}?"),
        Deed::ClearLimit => format!("Clear the limit of {name}?"),
    }
}

fn sentences(state: &State, account: Option<&Account>, name: &str, why: Doubt) -> Vec<String> {
    match why {
        Doubt::Twin => vec![format!(
            "Another account is called {name} too, and the server acts by name: it may change the other one instead."
        )],
        Doubt::LastUsable => {
            vec![format!(
                "{name} is the last account that can be used: after this, every request is refused."
            )]
        }
        Doubt::Offered => vec![format!("It is what stands in the way of {name}'s next refresh.")],
        Doubt::ForGood => {
            let forgets = "The server forgets its cooldown, its reset and its status, and sends requests to it again. This cannot be undone.";
            let then = account.map(|a| after_clearing(state, a));
            std::iter::once(forgets.to_owned()).chain(then).collect()
        }
        Doubt::NotPutBack => {
            let kept = account
                .and_then(|a| a.endpoint.clone())
                .map(|e| state.shown_value(&Value::Endpoint(Some(e))));
            let kept = text::fit(&kept.unwrap_or_default(), 60, "~").into_owned();
            vec![format!(
                "Now it is {kept}, which is no address: the account may not work without it, and it cannot be put back from here."
            )]
        }
    }
}

/// What the server does with the account once its limit is cleared.
fn after_clearing(state: &State, account: &Account) -> String {
    let cleared = Account { reset: None, cooldown_until: None, ..account.clone() };
    match prognosis(state, &cleared) {
        Prognosis::NextTick => "Auto-refresh is on: it is refreshed at the next tick.".to_owned(),
        Prognosis::NotOffered | Prognosis::Unknown => "Its next request tells its limits anew.".to_owned(),
        Prognosis::Never(_) | Prognosis::After(_) => {
            "It is not refreshed: its next request opens a window.".to_owned()
        }
    }
}
