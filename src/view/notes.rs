//! The events that are not the server's: what was asked for here (`YOU`), and what the list showed to have been changed
//! elsewhere (`SEEN`).

use ratatui::style::Style;

use super::canvas::{Canvas, columns};
use super::theme::Theme;
use super::words::paused_by;
use crate::app::State;
use crate::app::logs::{By, Fate, News, Note};
use crate::model::{Matter, PauseReason, Setting, Value, masked};

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
pub(super) fn told(note: &Note, state: &State, theme: &Theme) -> Told {
    let (level_style, tag_style) = styles(note, theme);
    let mut tag = tag(&note.news);
    if matches!(note.news, News::Yours { fate: Fate::Asked, .. }) {
        tag.push_str(theme.glyph().under_way);
    }
    Told {
        level: note.news.whose(),
        level_style,
        what: state.shown_text(&masked(&what(&note.news, state.showing()))).into_owned(),
        tag: state.shown_text(&masked(&tag)).into_owned(),
        tag_style,
        text_style: theme.text(),
    }
}

/// All that `note` says, line by line, with `showing` of each value.
pub(super) fn lines(note: &Note, showing: fn(&Value) -> Value) -> Vec<String> {
    let said = [what(&note.news, showing), tag(&note.news)];
    said.into_iter().filter(|line| !line.is_empty()).map(|line| masked(&line).into_owned()).collect()
}

/// What was, or is to be, changed.
fn what(news: &News, showing: fn(&Value) -> Value) -> String {
    match news {
        News::Yours { deed, was, .. } => {
            let matter = deed.matter();
            let before =
                was.as_ref().map(|v| format!(" ({})", showing(v).told_before(matter))).unwrap_or_default();
            format!("{}{before}", deed.told(showing))
        }
        News::Seen { matter, was, is, .. } => {
            format!("{} ({})", showing(is).told(*matter), showing(was).told_before(*matter))
        }
        News::MoreSeen(count) => format!("{count} more changes elsewhere"),
    }
}

/// What became of it, or whose doing it is.
fn tag(news: &News) -> String {
    match news {
        News::Yours { fate, .. } => match fate {
            Fate::Asked => "asked".to_owned(),
            Fate::Confirmed => "confirmed".to_owned(),
            Fate::Refused(why) => format!("refused: {why}"),
            Fate::Unknown => "unknown if done".to_owned(),
        },
        News::Seen { by, .. } => whose(by),
        News::MoreSeen(_) => String::new(),
    }
}

/// How the level is drawn, and what became of it.
pub(super) fn styles(note: &Note, theme: &Theme) -> (Style, Style) {
    match &note.news {
        News::Yours { fate, .. } => {
            let style = match fate {
                Fate::Asked => theme.you(),
                Fate::Confirmed => theme.ok(),
                Fate::Refused(_) => theme.bad(),
                Fate::Unknown => theme.warn(),
            };
            (theme.you(), style)
        }
        News::Seen { matter, is, by, .. } => {
            let alarms = match (matter, is) {
                (Matter::Switch(Setting::AutoRefresh), Value::Switch(false)) => *by == By::SignIn,
                (Matter::Switch(Setting::Paused), Value::Switch(true)) => {
                    *by == By::Pause(PauseReason::Failures)
                }
                _ => false,
            };
            let style = if alarms { theme.warn() } else { theme.text() };
            (style, style)
        }
        News::MoreSeen(_) => (theme.text(), theme.text()),
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

    /// All of it, what it is about before what became of it.
    pub(super) fn whole(&self) -> String {
        if self.tag.is_empty() { self.what.clone() } else { format!("{}  {}", self.what, self.tag) }
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
