//! Keys, pastes and sizes.

use ratatui::layout::Size;

use super::State;
use super::msg::Effect;
use crate::keymap::Chord;

pub(crate) fn key(_state: &mut State, _chord: Chord) -> Vec<Effect> {
    Vec::new()
}

pub(crate) fn pasted(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(crate) fn resized(state: &mut State, size: Size) -> Vec<Effect> {
    state.size = size;
    Vec::new()
}

pub(crate) fn resumed(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}
