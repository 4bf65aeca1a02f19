//! What an account has used of each of its limits: a bar, a percentage, when it empties, and whether it lasts until then.

use std::ops::Range;

use chrono::{DurationRound as _, TimeDelta};

use super::accounts::fullness;
use super::lines::Line;
use super::meter::{self, Level};
use super::sheet::{Sheet, ahead, past, spaced, value};
use super::theme::Theme;
use super::{text, when};
use crate::app::{State, standing};
use crate::model::{Account, Detail, Fact, Meter, Timestamp, UsageWindow};

/// From this width on a limit is one line, with a second one for what else is said of it.
const WIDE: usize = 64;
/// The columns of a limit's name, and of its bar, on one line.
const NAME: usize = 19;
const BAR: Range<usize> = 20..40;
/// The columns behind the bar: its percentage, and when it empties.
const BEHIND: usize = 37;

/// The view's lines.
pub(super) fn usage(
    state: &State,
    account: &Account,
    row: &Detail,
    width: usize,
    theme: &Theme,
) -> Vec<Line> {
    let mut sheet = Sheet::new(state, theme, width);
    let Some(usage) = &row.usage else {
        let words = if account.provider.tells_usage() {
            "No usage is known yet. The server asks the provider by itself, one account after another."
                .to_owned()
        } else {
            format!("The server knows no usage of {} accounts.", account.provider.as_str())
        };
        sheet.say(&words, theme.mute());
        return sheet.lines();
    };
    // What is told below is aligned with the bars where those have their names beside them.
    if width >= WIDE {
        sheet.names_take(NAME);
    }
    for meter in &usage.meters {
        if meter.spent.is_none() && meter.resets_at.is_none() {
            sheet.row(&spelled(meter.name.as_str()), &more(state, meter));
            continue;
        }
        sheet.gap();
        let lines = if width >= WIDE {
            on_one_line(state, account, meter, width, theme)
        } else {
            stacked(state, account, meter, width, theme)
        };
        sheet.all(lines);
        sheet.gap();
    }
    if usage.meters.is_empty() && usage.facts.is_empty() {
        sheet.say("The provider says nothing.", theme.mute());
    }
    let facts = usage.facts.iter().map(|(name, fact)| (spelled(name.as_str()), value(fact, state)));
    for (name, value) in facts {
        sheet.row(&name, &value);
    }
    if let (Some(highest), Some(window), 2..) = (account.highest, &row.fullest, usage.meters.len()) {
        sheet.row("fullest", &format!("{}, {}", spelled(window.as_str()), meter::percent(highest)));
    }
    sheet.lines()
}

/// How a limit stands: its level where it has not emptied since, and what is said of it.
struct Told {
    level: Option<Level>,
    percent: String,
    resets: String,
    pace: Option<String>,
    more: String,
}

fn told(state: &State, account: &Account, meter: &Meter) -> Told {
    let now = state.server_second();
    let window = meter.spent.map(|utilization| UsageWindow { utilization, resets_at: meter.resets_at });
    // Without a length there is no even use; the level itself needs none.
    let length = meter.length.unwrap_or(TimeDelta::zero());
    let level = meter::level(window.as_ref(), length, now);
    let percent = match (&window, level) {
        (Some(w), Some(_)) => meter::percent(w.utilization),
        _ => "--".to_owned(),
    };
    let resets = match meter.resets_at {
        Some(t) if t > now => format!("resets {}", ahead(t, state)),
        Some(t) => format!("ended {}", past(t, state)),
        None => String::new(),
    };
    let more = more(state, meter);
    let pace = level.and_then(|level| pace(state, account, meter, level));
    Told { level, percent, resets, pace, more }
}

/// What else is said of a limit, in one line.
fn more(state: &State, meter: &Meter) -> String {
    let said = meter.more.iter().map(|(name, fact)| match (name.as_str(), fact) {
        ("is_enabled", Fact::Truth(on)) => (if *on { "on" } else { "off" }).to_owned(),
        (name, fact) => format!("{} {}", spaced(name), value(fact, state)),
    });
    said.collect::<Vec<_>>().join(", ")
}

/// Whether more is spent than even use would have by now, and when it is all spent at this pace.
fn pace(state: &State, account: &Account, meter: &Meter, level: Level) -> Option<String> {
    let (even, length, resets) = (level.even?, meter.length?, meter.resets_at?);
    let apart = ((level.spent - even) * 100.0).round() as i32;
    let mut words = match apart {
        0 => "even use".to_owned(),
        1.. => format!("{apart}% above even use"),
        _ => format!("{}% below even use", -apart),
    };
    if let Some(at) = runs_out(state, account, level, length, resets) {
        let at = when::ahead_minutes(at, state.server_second(), state.zone);
        words = format!("{words}, used up at {at} at this pace");
    } else if level.spent >= 1.0 {
        "spent".clone_into(&mut words);
    }
    Some(words)
}

/// When all is spent at this pace, where that is before it empties and the account is used at all. Told anew at whole minutes, as the
/// level is.
pub(super) fn runs_out(
    state: &State,
    account: &Account,
    level: Level,
    length: TimeDelta,
    resets: Timestamp,
) -> Option<Timestamp> {
    let (even, now) = (level.even?, state.server_second());
    if level.spent <= even || level.spent >= 1.0 || even <= 0.0 || !standing(state, account).is_usable() {
        return None;
    }
    let begun = resets - length;
    let elapsed = length.num_seconds() as f32 * even;
    let at = begun + TimeDelta::seconds((elapsed / level.spent) as i64);
    let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
    (at > minute && at < resets).then(|| at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at))
}

/// `5 hours   ████▌···┊····  37%  resets 10:39:53, in 2h57m`.
fn on_one_line(state: &State, account: &Account, meter: &Meter, width: usize, theme: &Theme) -> Vec<Line> {
    let told = told(state, account, meter);
    let name = text::fit(&spelled(meter.name.as_str()), NAME - 2, theme.glyph().more).into_owned();
    let name = format!("{name}{}", " ".repeat(NAME - text::width(&name)));
    let fill = told.level.map_or(theme.text(), |l| fullness(l.spent, theme));
    let bar = width.saturating_sub(NAME + BEHIND).clamp(BAR.start, BAR.end);
    let mut lines = vec![
        Line::of(name, theme.text())
            .bar(u16::try_from(bar).unwrap_or(u16::MAX), told.level, fill)
            .and(format!(" {:>4}", told.percent), theme.strong())
            .and(
                if told.resets.is_empty() { String::new() } else { format!("  {}", told.resets) },
                theme.text(),
            ),
    ];
    let rest: Vec<&str> =
        told.pace.as_deref().into_iter().chain([told.more.as_str()]).filter(|t| !t.is_empty()).collect();
    for part in text::wrap(&rest.join("; "), width.saturating_sub(NAME)) {
        lines.push(Line::of(" ".repeat(NAME), theme.mute()).and(part, theme.mute()));
    }
    lines
}

/// A limit over several lines.
fn stacked(state: &State, account: &Account, meter: &Meter, width: usize, theme: &Theme) -> Vec<Line> {
    let told = told(state, account, meter);
    let name =
        text::fit(&spelled(meter.name.as_str()), width.saturating_sub(5), theme.glyph().more).into_owned();
    let gap = width.saturating_sub(text::width(&name) + told.percent.len());
    let fill = told.level.map_or(theme.text(), |l| fullness(l.spent, theme));
    let mut lines = vec![
        Line::of(name, theme.text()).and(format!("{}{}", " ".repeat(gap), told.percent), theme.strong()),
    ];
    if told.level.is_some() {
        lines.push(Line::default().bar(u16::try_from(width).unwrap_or(u16::MAX), told.level, fill));
    }
    let said = [Some(told.resets), told.pace, Some(told.more)];
    for words in said.into_iter().flatten() {
        lines.extend(text::wrap(&words, width).into_iter().map(|l| Line::of(l, theme.mute())));
    }
    lines
}

/// The name of a limit as people say it.
fn spelled(name: &str) -> String {
    for (prefix, words) in [("five_hour", "5 hours"), ("seven_day", "7 days")] {
        match name.strip_prefix(prefix) {
            Some("") => return words.to_owned(),
            Some(rest) => return format!("{words}, {}", spaced(rest.trim_start_matches('_'))),
            None => {}
        }
    }
    spaced(name.strip_suffix("_limit").unwrap_or(name))
}
