//! The table of accounts: what each is, until when, and what comes next.
//!
//! What stands in its place while there is no table is drawn by [`super::waiting`].

use std::ops::Range;

use chrono::TimeDelta;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::countdown::{Grain, countdown_within, duration};
use super::frame::{self, Frame};
use super::theme::Theme;
use super::{heads, meter, table_title, text, when, words};
use crate::app::{Dialog, Link, Pane, State, Switch, counts_to, is_unsure, prognosis, standing, switch};
use crate::keymap::Action;
use crate::layout::columns::{Column, Columns, Place};
use crate::model::{Account, Setting};

/// How long the shown windows are.
const FIVE_HOURS: TimeDelta = TimeDelta::hours(5);
const SEVEN_DAYS: TimeDelta = TimeDelta::days(7);

/// Draws the pane.
pub(super) fn render(state: &State, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let fits = usize::from(canvas.height().saturating_sub(3));
    let shown = visible(state, fits);
    let mut frame =
        Frame { title: super::pane_title(state, "1 Accounts"), focused: focused(state), ..Frame::default() };
    if let Link::Lost { why, .. } = &state.links.list {
        let old = state.accounts.came.map_or(TimeDelta::zero(), |came| state.now - came);
        frame.title = format!("1 Accounts (last known, {} old)", duration(old));
        frame.bottom = lost_line(state, canvas.width(), &why.to_string(), why.advice(), theme);
    }
    if state.links.list.is_live() && state.clock.differs() {
        frame.bottom = clock_line(state, canvas.width(), theme);
    }
    frame.right = table_title::right(state, &shown, frame.room(canvas), theme);
    let mut inner = frame::draw(canvas, &frame);
    if state.accounts.shown_len() == 0 {
        nothing(state, 3, &mut inner);
        return;
    }
    let places = state.columns_of(Columns::of(inner.width())).page(state.page());
    heads::render(state, &places, &mut inner);
    let below = inner.height().saturating_sub(1);
    let mut body = inner.part(Rect::new(0, 1, inner.width(), below));
    table(state, shown, &places, &mut body);
    heads::more(state, 1, canvas);
}

/// No account matches the filter.
pub(super) fn nothing(state: &State, margin: u16, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let room = usize::from(canvas.width().saturating_sub(margin + 1));
    let filter = table_title::filter(state);
    let said = format!("Nothing matches  {filter}");
    // While a filter is typed, the line below says what the keys do.
    let way = if matches!(state.dialog, Some(Dialog::Prompt(_))) {
        String::new()
    } else {
        state.hint(Action::Back, "clears the filter").unwrap_or_default()
    };
    let one = format!("{said}      {way}");
    let y = u16::from(canvas.height() > 3);
    if text::width(&one) <= room {
        canvas.put(margin, y, one.trim_end(), theme.text());
        return;
    }
    let lines = text::wrap(&said, room).into_iter().chain(text::wrap(&way, room));
    for (y, line) in (y..canvas.height()).zip(lines) {
        canvas.put(margin, y, &line, theme.text());
    }
}

/// The accounts' pane has the keys.
pub(super) fn focused(state: &State) -> bool {
    state.focus == Pane::Accounts && state.dialog.is_none()
}

/// Why the list is lost and what can be done, as far as it fits into the border.
fn lost_line(state: &State, width: u16, why: &str, advice: Option<&str>, theme: &Theme) -> Vec<frame::Part> {
    let retry = state.hint(Action::Reconnect, "retry now").unwrap_or_default();
    let room = usize::from(width.saturating_sub(6)).saturating_sub(retry.len() + 2);
    let full = advice.map(|a| format!("{why}: {a}")).filter(|f| text::width(f) <= room);
    let said = full.unwrap_or_else(|| text::fit(why, room, theme.glyph().more).into_owned());
    vec![(format!("{said}  "), theme.warn()), (retry, theme.strong())]
}

/// Whose clock is ahead, and whose the times are.
fn clock_line(state: &State, width: u16, theme: &Theme) -> Vec<frame::Part> {
    let offset = super::header::clock_offset(state);
    let side = if offset.starts_with('-') { "ahead of" } else { "behind" };
    let by = offset.trim_start_matches(['+', '-']);
    let said = [
        format!("Clock: this machine is {by} {side} the server. Times here are the server's."),
        format!("this machine is {by} {side} the server"),
    ];
    let fits = |said: &String| text::width(said) + 6 <= usize::from(width);
    said.into_iter().find(fits).map(|said| (said, theme.warn())).into_iter().collect()
}

/// Which rows are shown where `fits` of them do: as the state has scrolled them, and the selected one in any case.
pub(super) fn visible(state: &State, fits: usize) -> Range<usize> {
    let total = state.accounts.shown_len();
    let fits = fits.min(total);
    let mut start = state.accounts.offset.min(total - fits);
    if let Some(place) = state.accounts.position() {
        start = start.min(place).max((place + 1).saturating_sub(fits));
    }
    start..start + fits
}

/// Draws the rows in `shown`, one a line.
pub(super) fn table(state: &State, shown: Range<usize>, places: &[Place], canvas: &mut Canvas<'_>) {
    for (y, account) in (0u16..).zip(state.accounts.shown(shown)) {
        let selected = state.accounts.selected.as_ref() == Some(&account.id);
        let row = Row { state, account, look: Look::of(state, selected) };
        row.draw(y, places, canvas);
    }
}

/// How a row stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As its cells are.
    Usual,
    /// Selected, in the pane that has the keys.
    Selected,
    /// Selected, and the keys are elsewhere.
    Marked,
    /// Known from before the connection was lost.
    Old,
}

impl Look {
    pub(super) fn of(state: &State, selected: bool) -> Self {
        match (selected, focused(state), state.links.list.is_live()) {
            (true, true, _) => Self::Selected,
            (true, false, _) => Self::Marked,
            (false, _, false) => Self::Old,
            (false, _, true) => Self::Usual,
        }
    }

    /// `style` in a row of this look.
    pub(super) fn over(self, style: Style, theme: &Theme) -> Style {
        match self {
            Self::Usual => style,
            Self::Selected => theme.selected(),
            Self::Marked => style.remove_modifier(ratatui::style::Modifier::DIM).patch(theme.strong()),
            Self::Old => theme.mute(),
        }
    }

    pub(super) fn is_selected(self) -> bool {
        matches!(self, Self::Selected | Self::Marked)
    }

    /// How fine its countdown is: the selected row counts seconds.
    pub(super) fn grain(self) -> Grain {
        if self.is_selected() { Grain::Fine } else { Grain::Coarse }
    }
}

struct Row<'a> {
    state: &'a State,
    account: &'a Account,
    look: Look,
}

impl Row<'_> {
    fn draw(&self, y: u16, places: &[Place], canvas: &mut Canvas<'_>) {
        let theme = canvas.theme();
        if self.look == Look::Selected {
            canvas.repeat(0, y, canvas.width(), " ", theme.selected());
        }
        if self.look.is_selected() {
            canvas.put(1, y, theme.glyph().here, self.look.over(theme.strong(), theme));
        }
        for p in places {
            self.cell(*p, y, canvas);
        }
    }

    fn cell(&self, p: Place, y: u16, canvas: &mut Canvas<'_>) {
        let (state, account) = (self.state, self.account);
        let theme = canvas.theme();
        let now = state.server_second();
        let blank = account.fault.is_some();
        let (words, style) = match p.column {
            Column::Name => (state.shown_name(account).into_owned(), theme.text()),
            Column::State => {
                let standing = standing(state, account);
                (words::standing_now(state, account, &standing), words::standing_style(&standing, theme))
            }
            Column::Next if blank => (self.unreadable(), theme.mute()),
            Column::Priority | Column::Pace | Column::Resets if blank => {
                return self.put_right(p, y, "-", theme.mute(), canvas);
            }
            Column::Provider | Column::Auto | Column::Fallback | Column::At | Column::Last if blank => {
                ("-".to_owned(), theme.mute())
            }
            Column::Provider => (account.provider.as_str().to_owned(), theme.mute()),
            Column::Priority => {
                let (pri, style) = words::priority(state, account, usize::from(p.width), theme);
                return self.put_right(p, y, &pri, style, canvas);
            }
            Column::Auto => self.switch(Setting::AutoRefresh, theme),
            Column::Fallback => match switch(state, account, Setting::AutoFallback) {
                // Off is the usual case, and a column of "off" would be looked at for nothing.
                Switch::Off => (theme.glyph().off.to_owned(), theme.mute()),
                _ => self.switch(Setting::AutoFallback, theme),
            },
            Column::Bar | Column::WeekBar => return self.bar(p, y, canvas),
            Column::Percent | Column::Week => {
                let (percent, style) = self.percent(p.column, theme);
                return self.put_right(p, y, &percent, style, canvas);
            }
            Column::Pace => {
                let (pace, style) = pace(self.level(Column::Percent), theme);
                return self.put_right(p, y, &pace, style, canvas);
            }
            Column::Resets => {
                let (words, style) = self.resets(usize::from(p.width), theme);
                return self.put_right(p, y, &words, style, canvas);
            }
            Column::At => match counts_to(state, account) {
                Some(to) => (when::ahead(to.at, now, state.zone), theme.mute()),
                None => ("-".to_owned(), theme.mute()),
            },
            Column::Next => {
                let next = prognosis(state, account);
                let style = match next {
                    _ if is_unsure(state, account, &next) => theme.mute(),
                    crate::app::Prognosis::NextTick => theme.due(),
                    crate::app::Prognosis::After(_) => theme.text(),
                    _ => theme.mute(),
                };
                (words::next_refresh(state, account, &next), style)
            }
            Column::Last => match state.logs.facts(&account.name).and_then(|f| f.last.as_ref()) {
                Some((at, outcome)) => {
                    let style = match outcome {
                        crate::app::logs::Outcome::Failed { .. } => theme.warn(),
                        _ => theme.mute(),
                    };
                    let room = usize::from(p.width);
                    (words::last_refresh(state, *at, outcome, room, theme.glyph()), style)
                }
                None => ("-".to_owned(), theme.mute()),
            },
        };
        canvas.put_fit(p.x, y, p.width, &words, self.look.over(style, theme));
    }

    /// In place of what comes next where the row could not be read: where it is told why.
    fn unreadable(&self) -> String {
        let key = self.state.keymap().key_of(Action::Why);
        key.map_or_else(|| "unreadable".to_owned(), |key| format!("unreadable ({key})"))
    }

    fn put_right(&self, p: Place, y: u16, words: &str, style: Style, canvas: &mut Canvas<'_>) {
        let style = self.look.over(style, canvas.theme());
        canvas.put_right(p.x, y, p.width, words, style);
    }

    fn switch(&self, setting: Setting, theme: &Theme) -> (String, Style) {
        let switch = switch(self.state, self.account, setting);
        (words::switch(switch, theme.glyph()), words::switch_style(switch, theme))
    }

    fn level(&self, column: Column) -> Option<meter::Level> {
        let now = self.state.server_second();
        match column {
            Column::WeekBar | Column::Week => meter::level(self.account.seven_day.as_ref(), SEVEN_DAYS, now),
            _ => meter::level(self.account.five_hour.as_ref(), FIVE_HOURS, now),
        }
    }

    fn bar(&self, p: Place, y: u16, canvas: &mut Canvas<'_>) {
        let theme = canvas.theme();
        let level = self.level(p.column);
        let fill = level.map_or(theme.text(), |l| fullness(l.spent, theme));
        let (fill, track) = (self.look.over(fill, theme), self.look.over(theme.border(), theme));
        meter::draw(canvas, p.x, y, p.width, level, fill, track);
    }

    fn percent(&self, column: Column, theme: &Theme) -> (String, Style) {
        percent(self.account, column == Column::Week, self.state, theme)
    }

    fn resets(&self, columns: usize, theme: &Theme) -> (String, Style) {
        resets(self.state, self.account, self.look.grain(), columns, theme)
    }
}

/// The percentage of the five-hour window, or of the seven-day one, and how it is drawn.
pub(super) fn percent(account: &Account, week: bool, state: &State, theme: &Theme) -> (String, Style) {
    let now = state.server_second();
    let (window, length) = if week {
        (account.seven_day.as_ref(), SEVEN_DAYS)
    } else {
        (account.five_hour.as_ref(), FIVE_HOURS)
    };
    match (meter::level(window, length, now), window) {
        (Some(level), Some(w)) => {
            let style = if level.spent >= 0.75 { fullness(level.spent, theme) } else { theme.text() };
            (meter::percent(w.utilization), style)
        }
        _ => ("--".to_owned(), theme.mute()),
    }
}

/// How far use is from even use, in percent of the window: `+19` is ahead of it.
fn pace(level: Option<meter::Level>, theme: &Theme) -> (String, Style) {
    match level {
        Some(level) if level.spent >= 1.0 => ("spent".to_owned(), theme.bad()),
        Some(meter::Level { spent, even: Some(even) }) => match ((spent - even) * 100.0).round() as i64 {
            0 => ("0".to_owned(), theme.text()),
            ahead => (format!("{ahead:+}"), if ahead > 10 { theme.warn() } else { theme.text() }),
        },
        _ => ("-".to_owned(), theme.mute()),
    }
}

/// RESETS IN, and how it is drawn.
pub(super) fn resets(
    state: &State,
    account: &Account,
    grain: Grain,
    columns: usize,
    theme: &Theme,
) -> (String, Style) {
    let now = state.server_second();
    match counts_to(state, account) {
        Some(to) => {
            let words = if state.display.is_clock() {
                when::clock_within(to.at, now, state.zone, to.cooldown, columns)
            } else {
                countdown_within(now, to.at, to.cooldown, grain, columns)
            };
            let style = match () {
                () if to.cooldown => theme.warn(),
                () if to.at <= now && standing(state, account) == crate::app::Standing::Due => theme.due(),
                () if to.at <= now => theme.mute(),
                () => theme.text(),
            };
            (words, style)
        }
        None => ("-".to_owned(), theme.mute()),
    }
}

/// How the fill of a bar is drawn.
pub(super) fn fullness(spent: f32, theme: &Theme) -> Style {
    match spent {
        // Without colours it must not be plainer than what is less full.
        s if s >= 0.9 && !theme.color => theme.bad(),
        s if s >= 0.9 => theme.bad().remove_modifier(ratatui::style::Modifier::BOLD),
        s if s >= 0.75 => theme.warn(),
        _ => theme.ok(),
    }
}
