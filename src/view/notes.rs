//! The events that are not the server's: what was asked for here (`YOU`), and what the list showed to have been changed
//! elsewhere (`SEEN`).

use ratatui::style::Style;

use super::canvas::{Canvas, columns};
use super::theme::Theme;
use super::words::paused_by;
use crate::app::logs::{By, Fate, News, Note};
use crate::model::{Matter, PauseReason, Setting, Value};

/// A note as it is told.
pub(super) struct Told {
    /// In the place of a level.
    pub(super) level: &'static str,
    pub(super) level_style: Style,
    /// What was, or is to be, changed.
    what: String,
    /// What became of it, or whose doing it is.
    tag: String,
    tag_style: Style,
    /// How the words are drawn.
    text_style: Style,
}

/// What `note` says.
pub(super) fn told(note: &Note, theme: &Theme) -> Told {
    match &note.news {
        News::Yours { deed, was, fate } => {
            let matter = deed.matter();
            let before = was.as_ref().map(|v| format!(" ({})", v.told_before(matter))).unwrap_or_default();
            let (tag, tag_style) = match fate {
                Fate::Asked => (format!("asked{}", theme.glyph().under_way), theme.you()),
                Fate::Confirmed => ("confirmed".to_owned(), theme.ok()),
                Fate::Refused(why) => (format!("refused: {why}"), theme.bad()),
                Fate::Unknown => ("unknown if done".to_owned(), theme.warn()),
            };
            let what = format!("{deed}{before}");
            Told { level: "YOU", level_style: theme.you(), what, tag, tag_style, text_style: theme.text() }
        }
        News::Seen { matter, was, is, by } => {
            let alarms = match (matter, is) {
                (Matter::Switch(Setting::AutoRefresh), Value::Switch(false)) => *by == By::SignIn,
                (Matter::Switch(Setting::Paused), Value::Switch(true)) => {
                    *by == By::Pause(PauseReason::Failures)
                }
                _ => false,
            };
            let style = if alarms { theme.warn() } else { theme.text() };
            let what = format!("{} ({})", is.told(*matter), was.told_before(*matter));
            Told {
                level: "SEEN",
                level_style: style,
                what,
                tag: whose(by),
                tag_style: style,
                text_style: theme.text(),
            }
        }
        News::MoreSeen(count) => {
            let what = format!("{count} more changes elsewhere");
            let (tag, style) = (String::new(), theme.text());
            Told { level: "SEEN", level_style: style, what, tag, tag_style: style, text_style: theme.text() }
        }
    }
}

fn whose(by: &By) -> String {
    match by {
        By::Someone | By::Pause(PauseReason::Manual) => "by someone else".to_owned(),
        By::SignIn => "by the server: sign in".to_owned(),
        By::Pause(PauseReason::Overage) => "by the server: overage".to_owned(),
        By::Pause(PauseReason::RateLimitWindow) => "by the server: a rate-limit window".to_owned(),
        By::Pause(reason) => paused_by(reason),
        By::Resume(Some(PauseReason::PeakHours)) => "by the server after its peak hours".to_owned(),
        By::Resume(Some(PauseReason::Overage)) => "by the server after the overage".to_owned(),
        By::Resume(_) => "by the server".to_owned(),
        By::SomeoneOrOverage => "by someone else, or the server (overage)".to_owned(),
    }
}

impl Told {
    /// The same with every style changed: for the line under the cursor.
    pub(super) fn over(self, change: impl Fn(Style) -> Style) -> Self {
        Self {
            level_style: change(self.level_style),
            tag_style: change(self.tag_style),
            text_style: change(self.text_style),
            ..self
        }
    }

    /// Draws what is said from column `start` on. What became of it goes before what it was.
    pub(super) fn draw(&self, start: u16, end: u16, y: u16, canvas: &mut Canvas<'_>) {
        let room = end.saturating_sub(start);
        let (what, tag) = (columns(&self.what), columns(&self.tag));
        if tag == 0 {
            canvas.put_fit(start, y, room, &self.what, self.text_style);
            return;
        }
        // A long reason is cut before what it is about is; a long address is cut before a short word of what became of it.
        let tag = tag.min(room.saturating_sub(what + 2).max(room / 3).max(12)).min(room);
        let x = canvas.put_fit(start, y, room.saturating_sub(tag + 2), &self.what, self.text_style);
        if room > tag + 2 {
            let at = (end - tag).max(x + 2);
            canvas.put_fit(at, y, tag, &self.tag, self.tag_style);
        }
    }

    /// How many columns it takes whole.
    pub(super) fn columns(&self) -> u16 {
        columns(&self.what).saturating_add(columns(&self.tag)).saturating_add(2)
    }

    /// It in one line of a small screen.
    pub(super) fn short(&self) -> String {
        let what = self.what.replace("auto-refresh", "auto").replace("auto-fallback", "fallback");
        let what = what.split(" (").next().unwrap_or_default();
        match self.tag.as_str() {
            "" => what.to_owned(),
            tag if tag.starts_with("by ") => format!("{what} {tag}"),
            tag => {
                format!("{what}: {}", tag.replace("confirmed", "ok").replace("unknown if done", "unknown"))
            }
        }
    }
}
