//! The screen: a function of the state.

pub mod theme;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::State;
use theme::Theme;

/// Draws the whole screen.
pub fn render(_state: &State, _theme: &Theme, _area: Rect, _buf: &mut Buffer) {}
