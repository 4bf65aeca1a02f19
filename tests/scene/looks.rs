//! The program's update, held to what it says of the screen.

use flaretop::app::{Effect, Look, Msg, State};
use flaretop::model::Timestamp;
use flaretop::view::theme::Theme;
use flaretop::view::{render, render_counts};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

fn area(state: &State) -> Rect {
    Rect::new(0, 0, state.size.width, state.size.height)
}

fn whole(state: &State) -> Buffer {
    let mut screen = Buffer::empty(area(state));
    render(state, &Theme::new(true, false), screen.area, &mut screen);
    screen
}

/// What is on the screen where the countdowns alone are drawn anew.
fn counted(mut screen: Buffer, state: &State) -> Buffer {
    let mut drawn = Buffer::empty(area(state));
    let rows = render_counts(state, &Theme::new(true, false), drawn.area, &mut drawn);
    let part = Rect { y: rows.start, height: rows.end - rows.start, ..drawn.area };
    for at in part.positions() {
        screen[at] = std::mem::take(&mut drawn[at]);
    }
    assert_eq!(drawn, Buffer::empty(drawn.area), "nothing is drawn in other rows");
    screen
}

/// Takes in a message. Where time alone has passed, as little is drawn anew as the program says is needed, and the screen is whole.
pub fn update(state: &mut State, now: Timestamp, msg: Msg) -> Vec<Effect> {
    // A screen that is frozen is not drawn at all.
    if !matches!(msg, Msg::Tick) || state.display.frozen {
        return flaretop::app::update(state, now, msg);
    }
    let (before, since) = (whole(state), state.now);
    let effects = flaretop::app::update(state, now, msg);
    let drawn = match state.look {
        Look::Same => before,
        Look::Counts => counted(before, state),
        Look::New => return effects,
    };
    let wanted = whole(state);
    let differ = drawn != wanted;
    let [drawn, wanted] = [drawn, wanted].map(|screen| super::lines(&screen));
    assert!(!differ, "{:?} from {since} to {now}:\n{drawn}\nand not\n{wanted}", state.look);
    effects
}
