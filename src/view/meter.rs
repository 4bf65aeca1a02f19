//! Bars: how much of a window is spent, and where even use would be by now.

use chrono::{DurationRound as _, TimeDelta};
use ratatui::style::{Modifier, Style};

use super::canvas::Canvas;
use crate::model::{Timestamp, UsageWindow, Utilization};

const EIGHTHS: [&str; 7] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// How much of a window is spent, and where even use would be by now, each as a part of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// How much is spent, possibly above one.
    pub spent: f32,
    /// Where even use would be by now.
    pub even: Option<f32>,
}

/// What is spent of `window`, which is `length` long. None where nothing is known, or where it has emptied since.
pub fn level(window: Option<&UsageWindow>, length: TimeDelta, now: Timestamp) -> Option<Level> {
    let window = window?;
    let spent = window.spent_at(now)?.percent() / 100.0;
    let Some(resets) = window.resets_at else { return Some(Level { spent, even: None }) };
    // The mark moves at whole minutes, with the clock, so that nothing moves by itself in between.
    let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
    let left = (resets - minute).num_seconds() as f32 / length.num_seconds().max(1) as f32;
    Some(Level { spent, even: (left <= 1.0).then_some(1.0 - left) })
}

/// `64%`, in at most four columns: it says neither 0 nor 100 unless it is so.
pub fn percent(u: Utilization) -> String {
    match u.percent() {
        p if p > 0.0 && p < 1.0 => "<1%".to_owned(),
        p if (99.0..100.0).contains(&p) => "99%".to_owned(),
        p if p >= 999.5 => ">999".to_owned(),
        p => format!("{p:.0}%"),
    }
}

/// Draws a bar of `width` columns.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    x: u16,
    y: u16,
    width: u16,
    level: Option<Level>,
    fill: Style,
    track: Style,
) {
    let glyph = canvas.theme().glyph();
    let ascii = canvas.theme().ascii;
    let (x, width) = if ascii {
        let inner = width.saturating_sub(2);
        canvas.put(x, y, "[", track);
        canvas.put(x + 1 + inner, y, "]", track);
        (x + 1, inner)
    } else {
        (x, width)
    };
    canvas.repeat(x, y, width, glyph.track, track);
    let Some(level) = level else { return };
    // On the track the mark stands out from it.
    let notch = Style { fg: None, ..track };
    let length = level.spent.clamp(0.0, 1.0) * f32::from(width);
    let whole = (length.floor() as u16).min(width);
    let eighths = ((length - f32::from(whole)) * 8.0).round() as usize;
    let block = if ascii { "#" } else { "█" };
    canvas.repeat(x, y, whole, block, fill);
    let part = match (ascii, eighths) {
        (true, 4..) | (false, 8) => Some(block),
        (true, _) => None,
        // Whatever is spent shows, be it only a little.
        (false, 0) if level.spent > 0.0 && whole == 0 => Some("▏"),
        (false, n) => n.checked_sub(1).and_then(|n| EIGHTHS.get(n)).copied(),
    };
    if let Some(part) = part.filter(|_| whole < width) {
        canvas.repeat(x + whole, y, 1, part, fill);
    }
    if let Some(even) = level.even {
        let at = ((even.clamp(0.0, 1.0) * f32::from(width)) as u16).min(width.saturating_sub(1));
        if ascii {
            // A cell that is cut out would look like a cursor. The only one that is filled is left to say so.
            let in_part = at == whole && part.is_some();
            if !(in_part && whole == 0) {
                let style = if at < whole || in_part { fill } else { notch };
                canvas.repeat(x + at, y, 1, glyph.even, style);
            }
        } else if at < whole {
            // Within the filled part it is cut out of it.
            let cut = if fill.add_modifier.contains(Modifier::REVERSED) {
                fill.remove_modifier(Modifier::REVERSED)
            } else {
                fill.add_modifier(Modifier::REVERSED)
            };
            canvas.repeat(x + at, y, 1, glyph.even, cut);
        } else if at > whole || part.is_none() {
            canvas.repeat(x + at, y, 1, glyph.even, notch);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::theme::Theme;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    fn bar(ascii: bool, spent: f32, even: Option<f32>) -> String {
        let theme = Theme::new(false, ascii);
        let area = Rect::new(0, 0, 10, 1);
        let mut buf = Buffer::empty(area);
        let mut canvas = Canvas::new(&mut buf, area, &theme);
        draw(&mut canvas, 0, 0, 10, Some(Level { spent, even }), theme.text(), theme.mute());
        buf.content().iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn bars_are_filled_in_eighths_with_a_mark_for_even_use() {
        assert_eq!(bar(false, 0.64, Some(0.76)), "██████▍┊··");
        assert_eq!(bar(false, 0.12, None), "█▎········");
        assert_eq!(bar(false, 0.001, None), "▏·········");
        assert_eq!(bar(false, 0.0, Some(0.0)), "┊·········");
        assert_eq!(bar(false, 0.995, None), "██████████");
        assert_eq!(bar(false, 3.0, Some(1.0)), "█████████┊");
        assert_eq!(bar(true, 0.5, Some(0.8)), "[####..|.]");
        assert_eq!(bar(true, 1.42, None), "[########]");
        assert_eq!(bar(true, 0.97, Some(0.84)), "[######|#]");
        // Where the mark falls into the cell that is filled in part, or is the last one.
        assert_eq!(bar(true, 0.97, Some(0.9)), "[#######|]");
        assert_eq!(bar(true, 0.07, Some(0.07)), "[#.......]");
        assert_eq!(bar(true, 0.5, Some(1.0)), "[####...|]");
    }

    #[test]
    fn in_ascii_the_mark_is_never_turned_round() {
        let theme = Theme::new(false, true);
        let area = Rect::new(0, 0, 10, 1);
        let mut buf = Buffer::empty(area);
        let level = Level { spent: 0.97, even: Some(0.5) };
        draw(&mut Canvas::new(&mut buf, area, &theme), 0, 0, 10, Some(level), theme.text(), theme.mute());
        assert!(buf.content().iter().any(|c| c.symbol() == "|"));
        assert!(buf.content().iter().all(|c| !c.modifier.contains(Modifier::REVERSED)));
    }

    #[test]
    fn percent_says_neither_none_nor_all_unless_it_is_so() {
        for (p, expected) in [
            (0.0, "0%"),
            (0.2, "<1%"),
            (63.6, "64%"),
            (99.9, "99%"),
            (100.0, "100%"),
            (142.0, "142%"),
            (5000.0, ">999"),
        ] {
            assert_eq!(percent(Utilization::from_percent(p).expect("a number")), expected);
        }
    }

    #[test]
    fn a_window_that_has_emptied_since_says_nothing() {
        let now = crate::model::parse_timestamp("2026-11-23T07:42:00Z").expect("a time");
        let window = |secs| UsageWindow {
            utilization: Utilization::from_percent(50.0).expect("a number"),
            resets_at: Some(now + TimeDelta::seconds(secs)),
        };
        let five = TimeDelta::hours(5);
        assert_eq!(level(Some(&window(0)), five, now), None);
        assert_eq!(level(None, five, now), None);
        assert_eq!(level(Some(&window(9000)), five, now), Some(Level { spent: 0.5, even: Some(0.5) }));
        assert_eq!(level(Some(&window(90_000)), five, now), Some(Level { spent: 0.5, even: None }));
    }
}
