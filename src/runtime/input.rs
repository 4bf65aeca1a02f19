//! What the terminal reports, as messages.

use std::io;
use std::thread;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use ratatui::layout::Position;
use tokio::sync::mpsc::{Receiver, channel};

use crate::app::{Gesture, Msg};
use crate::keymap::{Chord, Code};

/// Events that wait to be taken in. A pasted book waits in the terminal.
const WAITING: usize = 256;

/// Listens to the terminal in a thread of its own, until it is gone.
///
/// The event stream of the library would do the same and be asked at each turn of the loop whether something has come, which costs
/// it a fight over a lock that its own thread holds; this way the loop is only woken.
pub(super) fn listen() -> io::Result<Receiver<io::Result<Event>>> {
    let (sender, events) = channel(WAITING);
    thread::Builder::new().name("terminal".to_owned()).spawn(move || {
        loop {
            let event = crossterm::event::read();
            let failed = event.is_err();
            if sender.blocking_send(event).is_err() || failed {
                return;
            }
        }
    })?;
    Ok(events)
}

/// The message that a terminal's event is; none where it means nothing. A new size is asked of the terminal itself.
pub(super) fn message(event: &Event) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => chord(*key).map(Msg::Key),
        Event::Mouse(mouse) => {
            let at = Position::new(mouse.column, mouse.row);
            gesture(mouse.kind).map(|gesture| Msg::Mouse { gesture, at })
        }
        Event::Paste(text) => Some(Msg::Pasted(text.clone())),
        _ => None,
    }
}

fn gesture(kind: MouseEventKind) -> Option<Gesture> {
    match kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Gesture::Click),
        MouseEventKind::ScrollUp => Some(Gesture::WheelUp),
        MouseEventKind::ScrollDown => Some(Gesture::WheelDown),
        _ => None,
    }
}

fn chord(key: KeyEvent) -> Option<Chord> {
    let code = match key.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab if key.modifiers.contains(KeyModifiers::SHIFT) => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    };
    Some(Chord {
        code,
        ctrl: key.modifiers.contains(KeyModifiers::CONTROL),
        alt: key.modifiers.contains(KeyModifiers::ALT),
    })
}
