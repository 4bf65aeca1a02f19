//! The command line: what is typed in the footer's place, and above it what it may mean.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::frame::{self, Frame};
use super::{prompt, text};
use crate::app::{Availability, Palette, State, availability, commands};
use crate::keymap::{Action, Bound, Scope};
use crate::layout::box_extent;

/// Most columns of the box.
const WIDEST: u16 = 78;
/// Most lines in it; on a tall screen it may have half of the height.
const MOST: u16 = 14;
/// From this width on a command's word stands before its sentence.
const WIDE: u16 = 60;
/// The columns of a command's word.
const WORD: u16 = 16;

/// Draws the box above `footer`, and the line in it.
pub(super) fn render(state: &State, palette: &Palette, footer: Rect, screen: &mut Canvas<'_>) {
    let theme = screen.theme();
    let found = commands(state, palette.line.text());
    prompt::typed(":", &palette.line, "enter do  esc close", &mut screen.part(footer));
    let room = usize::from(footer.y.saturating_sub(2).min(MOST.max(footer.y / 2)));
    let lines = found.len().clamp(1, room.max(1));
    let height = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2).min(footer.y);
    let place = Rect::new(0, footer.y - height, box_extent(WIDEST, footer.width), height);
    screen.clear(place);
    let mut part = screen.part(place);
    let mut frame = Frame { title: "Commands".to_owned(), focused: true, ..Frame::default() };
    if found.len() > lines {
        frame.right.push((format!("{} of {}", palette.chosen + 1, found.len()), theme.mute()));
    }
    let mut inner = frame::draw(&mut part, &frame);
    if found.is_empty() {
        inner.put_fit(1, 0, inner.width().saturating_sub(2), "nothing is called so", theme.mute());
        return;
    }
    let from = (palette.chosen + 1).saturating_sub(lines);
    for (y, (i, command)) in (0..inner.height()).zip(found.iter().enumerate().skip(from)) {
        entry(state, command, i == palette.chosen, y, &mut inner);
    }
}

/// `▸ pause         Pause or resume the account                    p`.
fn entry(state: &State, command: &Bound, chosen: bool, y: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let blocked = match availability(command.action, state) {
        Availability::Ready => None,
        Availability::Blocked(why) => Some(why),
        Availability::Absent => Some("not now".into()),
    };
    let (words, keys) = match (chosen, &blocked) {
        (true, _) => (theme.selected(), theme.selected()),
        (false, Some(_)) => (theme.mute(), theme.mute()),
        (false, None) => (theme.text(), theme.strong()),
    };
    let width = canvas.width();
    if chosen {
        canvas.repeat(0, y, width, " ", words);
        canvas.put(0, y, theme.glyph().here, words);
    }
    // What is done in a dialog has its key behind the one that opens that.
    let asks = match command.scope {
        Scope::Copy => state.keymap().key_of(Action::Copy),
        Scope::Columns => state.keymap().key_of(Action::ChooseColumns),
        _ => None,
    };
    let keys_of = asks.into_iter().chain([command.keys.join(", ").as_str()]).collect::<Vec<_>>().join(" ");
    let key = text::fit(&keys_of, 14, theme.glyph().more).into_owned();
    let at = if width >= WIDE { 2 + WORD } else { 2 };
    if width >= WIDE {
        let named = command.action.name().replace('_', " ");
        let own = matches!(command.scope, Scope::Copy | Scope::Columns) || command.word.is_empty();
        let word = if own { named.as_str() } else { command.word };
        canvas.put_fit(2, y, WORD - 1, word, words);
    }
    let room = width.saturating_sub(at + 2 + super::canvas::columns(&key));
    let said = match blocked {
        None => command.help.to_owned(),
        Some(why) => {
            let both = format!("{} ({why})", command.help);
            // Where both have no room, the reason is what is not known: the word names the command.
            if text::width(&both) <= usize::from(room) || at == 2 { both } else { format!("({why})") }
        }
    };
    canvas.put_fit(at, y, room, &said, words);
    canvas.put_right(0, y, width.saturating_sub(1), &key, keys);
}
