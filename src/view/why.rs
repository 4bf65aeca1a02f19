//! The first view of the selected account: will it be refreshed, when, and if not, what stands in the way.
//!
//! Between the other panes it is a strip of two lines; where there is room it is a list. The words are in [`super::reasons`].

use chrono::TimeDelta;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::accounts::percent;
use super::canvas::{Canvas, columns};
use super::lines::Line;
use super::reasons::{self, Verdict};
use super::theme::Theme;
use super::{meter, text, usage, when, words};
use crate::app::{Fix, Pane, State, Switch, Tab, fix, is_unsure, switch, way, why};
use crate::keymap::Action;
use crate::model::{Account, Setting, UsageWindow};

/// The verdict's style: what will happen by itself is plain, what stands in the way stands out.
fn verdict_style(state: &State, account: &Account, why: &crate::app::Why, theme: &Theme) -> Style {
    match why.prognosis {
        _ if is_unsure(state, account, &why.prognosis) => theme.mute(),
        crate::app::Prognosis::NextTick => theme.due(),
        crate::app::Prognosis::Unknown => theme.bad(),
        crate::app::Prognosis::Never(_) => theme.strong().patch(theme.warn()),
        _ => theme.strong(),
    }
}

/// `style`, or that of what may be otherwise by now where the connection is lost.
fn known(state: &State, style: Style, theme: &Theme) -> Style {
    if state.links.list.is_live() { style } else { theme.mute() }
}

/// The verdict in one line, and the conditions in a second one where there is one; for screens without boxes.
pub(super) fn bare(state: &State, canvas: &mut Canvas<'_>) {
    let Some(account) = state.accounts.selection() else { return };
    let theme = canvas.theme();
    let why = why(state, account);
    let (main, tails) = reasons::verdict(state, account, &why, theme);
    let room = usize::from(canvas.width().saturating_sub(2));
    let short = main
        .replace(" will be refreshed at the next tick, within 60 s.", ": refresh at the next tick.")
        .replace(" will be refreshed at the next tick.", ": refresh at the next tick.")
        .replace(": next refresh at the first tick after ", ": refresh after ")
        .replace(": next refresh after ", ": refresh after ")
        .replace(reasons::BY_DATA, ", data ")
        .replace(" is not refreshed: ", ": ")
        .replace(" will not be refreshed: ", ": ")
        .replace(" will NOT be refreshed. ", ": ");
    // Whose line it is the table shows: when, or why not, is said whole.
    let nameless = short.split_once(": ").map_or_else(|| short.clone(), |(_, rest)| capital(rest));
    let bare = match nameless.split_once(" (").or_else(|| nameless.split_once(", data ")) {
        Some((said, _)) => format!("{said}."),
        None => nameless.clone(),
    };
    let fitting = [&main, &short, &nameless].into_iter().find(|line| text::width(line) <= room);
    let main = fitting.unwrap_or(&bare).clone();
    let (width, height) = (canvas.width().saturating_sub(2), canvas.height());
    verdict_and_conditions(
        state,
        account,
        &why,
        main,
        tails,
        &mut canvas.part(Rect::new(1, 0, width, height)),
    );
}

fn join(mut main: String, tails: &[String], room: usize) -> String {
    for tail in tails {
        if text::width(&main) + 1 + text::width(tail) <= room {
            main.push(' ');
            main.push_str(tail);
        }
    }
    main
}

/// Two lines: the verdict, and the conditions side by side, those that stand in the way first.
pub(super) fn strip(state: &State, account: &Account, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    let why = why(state, account);
    let (main, tails) = reasons::verdict(state, account, &why, theme);
    let room = usize::from(canvas.width());
    let style = verdict_style(state, account, &why, theme);
    if text::width(&main) > room {
        for (y, line) in (0..canvas.height()).zip(text::wrap(&main, room)) {
            canvas.put(0, y, &line, style);
        }
        return;
    }
    verdict_and_conditions(state, account, &why, main, tails, canvas);
}

/// The verdict with as much else as fits into its line; in the next one the conditions side by side.
fn verdict_and_conditions(
    state: &State,
    account: &Account,
    why: &crate::app::Why,
    main: String,
    tails: Vec<String>,
    canvas: &mut Canvas<'_>,
) {
    let theme = canvas.theme();
    let room = usize::from(canvas.width());
    let first = join(main, &tails, room);
    canvas.put_fit(0, 0, canvas.width(), &first, verdict_style(state, account, why, theme));
    if canvas.height() < 2 {
        return;
    }
    if why.keys_break_refresh {
        let long = text::width(reasons::KEYS) <= room;
        let words = if long { reasons::KEYS } else { reasons::KEYS_SHORT };
        canvas.put_fit(0, 1, canvas.width(), words, theme.warn());
        return;
    }
    // What had no room beside the verdict goes before the conditions, and in place of those that say the same.
    let left_over = tails.into_iter().filter(|tail| !first.contains(tail.as_str()));
    let mut parts: Vec<(Verdict, String)> =
        left_over.map(|tail| (Verdict::Wait, tail.trim_end_matches('.').to_owned())).collect();
    let told = !parts.is_empty() || first.contains("cooldown");
    parts.extend(
        reasons::conditions(state, account, why, theme)
            .into_iter()
            .filter(|c| !c.short.is_empty() && (!told || !c.short.starts_with("cooldown")))
            .map(|c| (c.verdict, c.short)),
    );
    // A failure tells more than a condition that holds.
    if let Some((last, worked)) = reasons::last(state, why) {
        let first_good = parts.iter().position(|(v, _)| *v == Verdict::Yes).unwrap_or(parts.len());
        let at = if worked { parts.len() } else { first_good };
        parts.insert(at, (if worked { Verdict::Yes } else { Verdict::Wait }, last));
    }
    // Its number shows the pane as it was left.
    let shows = if state.focus == Pane::Events && state.details.tab == Tab::Why {
        Action::PaneWhy
    } else {
        Action::Why
    };
    if matches!(fix(state, account), Some(Fix::Run(_)))
        && let Some(hint) = way(state, shows, "shows what to do")
    {
        let first_good = parts.iter().position(|(v, _)| *v == Verdict::Yes).unwrap_or(parts.len());
        parts.insert(first_good, (Verdict::Wait, hint));
    }
    let mut x = 0;
    for (verdict, words) in parts {
        let mark = if verdict == Verdict::No { format!("{} ", verdict.glyph(theme)) } else { String::new() };
        let gap = if x == 0 { String::new() } else { format!(" {} ", theme.glyph().dot) };
        let short = reasons::short_last(&words);
        let fits = |words: &String| x + columns(&gap) + columns(&mark) + columns(words) <= canvas.width();
        let Some(words) = [words, short].into_iter().find(fits) else {
            continue; // what does not fit whole is left out: the events and the table have it
        };
        x = canvas.put(x, 1, &gap, theme.mute());
        x = canvas.put(x, 1, &mark, known(state, verdict.style(theme), theme));
        let style = if verdict == Verdict::Yes { theme.mute() } else { known(state, theme.text(), theme) };
        x = canvas.put(x, 1, &words, style);
    }
}

/// Everything about the account, a line for each thing.
pub(super) fn list(state: &State, account: &Account, width: usize, theme: &Theme) -> Vec<Line> {
    let why = why(state, account);
    let unreadable = matches!(why.prognosis, crate::app::Prognosis::Unknown);
    let mut lines = vec![heading(state, account, unreadable, width, theme), Line::default()];
    // The conditions below have the times already, and the heading has the name.
    let (main, tails) = reasons::verdict(state, account, &why, theme);
    let own = reasons::name(state, account, theme);
    let said = main.strip_prefix(&*own).unwrap_or(&main).trim_start_matches([':', ' ']);
    let style = verdict_style(state, account, &why, theme);
    let mut said = capital(said);
    for tail in tails.iter().filter(|t| !t.starts_with("Window") && !t.starts_with("No window")) {
        said = format!("{said} {tail}");
    }
    lines.extend(text::wrap(&said, width).into_iter().map(|l| Line::of(l, style)));
    if why.keys_break_refresh {
        lines.push(Line::default());
        lines.extend(text::wrap(reasons::KEYS, width).into_iter().map(|l| Line::of(l, theme.warn())));
    }
    if unreadable {
        return lines;
    }
    lines.push(Line::default());
    conditions(state, account, &why, width, theme, &mut lines);
    if !lines.last().is_some_and(Line::is_blank) {
        lines.push(Line::default());
    }
    if let Some((last, worked)) = reasons::last(state, &why) {
        let style = known(state, if worked { theme.text() } else { theme.warn() }, theme);
        let short = text::wrap(&reasons::short_last(&last), width);
        let whole = text::wrap(&last, width);
        let last = if short.len() < whole.len() { short } else { whole };
        lines.extend(last.into_iter().map(|l| Line::of(l, style)));
    }
    for (label, window, week) in [("5h", &account.five_hour, false), ("7d", &account.seven_day, true)] {
        lines.extend(window.as_ref().map(|w| window_line(state, account, label, w, week, theme)));
    }
    let text = known(state, theme.text(), theme);
    lines.extend(pace(state, account, width).map(|pace| Line::of(pace, text).spare()));
    let muted = |words: &str| text::wrap(words, width).into_iter().map(|l| Line::of(l, theme.mute()));
    lines.extend(endpoint(state, account, theme).iter().flat_map(|words| muted(words)));
    let spare = as_usual(state, account, width, theme).into_iter();
    lines.extend(spare.map(|words| Line::of(words, theme.mute()).spare()));
    lines.extend(muted(&format!("id {}", state.shown_id(&account.id))));
    lines
}

/// The command that helps, where one does.
fn offered(state: &State, account: &Account, width: usize, theme: &Theme) -> Vec<Line> {
    let Some(Fix::Run(command)) = fix(state, account) else { return Vec::new() };
    let command = state.shown_text(command.as_str());
    let mut lines: Vec<Line> = text::wrap(&format!("Do: {command}"), width)
        .into_iter()
        .map(|l| Line::of(l, theme.strong()))
        .collect();
    let copies = way(state, Action::CopyPane, "copies it").map(|hint| format!("({hint})"));
    let then = match account.auto_refresh {
        Some(false) => {
            way(state, Action::ToggleAutoRefresh, "").map(|keys| format!("then {}", keys.trim_end()))
        }
        _ => None,
    };
    let hint = copies.into_iter().chain(then).collect::<Vec<_>>().join(", ");
    let end = lines.last().map_or(0, Line::width);
    match lines.pop() {
        Some(last) if !hint.is_empty() && end + 2 + text::width(&hint) <= width => {
            lines.push(last.and(format!("  {hint}"), theme.mute()));
        }
        last => {
            lines.extend(last);
            lines.extend(text::wrap(&hint, width).into_iter().map(|l| Line::of(l, theme.mute())));
        }
    }
    lines.insert(0, Line::default());
    lines.push(Line::default());
    lines
}

pub(super) fn heading(
    state: &State,
    account: &Account,
    unreadable: bool,
    width: usize,
    theme: &Theme,
) -> Line {
    if unreadable {
        return Line::of(state.shown_name(account), theme.strong());
    }
    let provider = account.provider.as_str();
    let name = state.shown_name(account);
    let name = &*name;
    let rest = [
        format!("  {provider}  priority {}", account.priority),
        format!("  {provider}  pri {}", account.priority),
    ]
    .into_iter()
    .find(|rest| text::width(name) + text::width(rest) <= width)
    .unwrap_or_else(|| format!("  {provider}"));
    let room = width.saturating_sub(text::width(&rest)).max(8);
    let name = text::fit(name, room, theme.glyph().more).into_owned();
    Line::of(name, theme.strong()).and(rest, theme.mute())
}

fn conditions(
    state: &State,
    account: &Account,
    why: &crate::app::Why,
    width: usize,
    theme: &Theme,
    lines: &mut Vec<Line>,
) {
    let worth = reasons::conditions(state, account, why, theme).into_iter().filter(|s| !s.long.is_empty());
    // What helps stands right behind what is in the way.
    let mut help = Some(offered(state, account, width, theme));
    for said in worth {
        if said.verdict != Verdict::No {
            lines.extend(help.take().into_iter().flatten());
        }
        let glyph = said.verdict.glyph(theme);
        let words = if said.verdict == Verdict::Yes { theme.text() } else { theme.strong() };
        let (style, words) = (known(state, said.verdict.style(theme), theme), known(state, words, theme));
        for (i, part) in text::wrap(&said.long, width.saturating_sub(3)).into_iter().enumerate() {
            let mark = if i == 0 { format!(" {glyph} ") } else { "   ".to_owned() };
            let line = Line::of(mark, style).and(part, words);
            lines.push(if said.spare { line.spare() } else { line });
        }
    }
    lines.extend(help.into_iter().flatten());
}

/// `5h  64%  resets 15:14:20`: the bar's own reset, which may differ from the one that the scheduler compares.
fn window_line(
    state: &State,
    account: &Account,
    label: &str,
    window: &UsageWindow,
    week: bool,
    theme: &Theme,
) -> Line {
    let (percent, style) = percent(account, week, state, theme);
    let now = state.server_second();
    let resets = match window.resets_at {
        Some(t) if t > now => format!("  resets {}", when::ahead(t, now, state.zone)),
        Some(t) => format!("  ended {}", when::past(t, now, state.zone)),
        None => String::new(),
    };
    let (style, text) = (known(state, style, theme), known(state, theme.text(), theme));
    Line::of(format!("{label} "), theme.mute()).and(format!("{percent:>4}"), style).and(resets, text)
}

/// `7d pace 77% used, 71% expected, runs out Thu`, as much of it as fits into one line.
fn pace(state: &State, account: &Account, width: usize) -> Option<String> {
    const WEEK: TimeDelta = TimeDelta::days(7);
    let now = state.server_second();
    let window = account.seven_day.as_ref()?;
    let level = meter::level(Some(window), WEEK, now)?;
    let even = level.even?;
    let used = meter::percent(window.utilization);
    let said = format!("{used} used, {:.0}% expected", even * 100.0);
    let ends = window.resets_at.and_then(|resets| usage::runs_out(state, account, level, WEEK, resets));
    // The weekday alone is the shortest that can be said of it.
    let ends = ends.into_iter().flat_map(|at| {
        [usize::MAX, 0]
            .map(|room| format!(", runs out {}", when::clock_within(at, now, state.zone, false, room)))
    });
    let fits = |words: &String| text::width(words) <= width;
    let mut forms = ends
        .chain([String::new()])
        .flat_map(|end| ["7d pace", "7d"].map(|label| format!("{label} {said}{end}")));
    forms.find(fits)
}

/// An endpoint of its own, or one that is being changed.
fn endpoint(state: &State, account: &Account, theme: &Theme) -> Option<String> {
    let address = words::endpoint(state, account, theme.glyph())?;
    // An address of one's own tells as much as a name.
    Some(format!("endpoint {}", if state.names.are_hidden() { "(hidden)" } else { &address }))
}

/// `endpoint default · fallback off`: what the server has of both, if it has. One below the other where the line is too short.
fn as_usual(state: &State, account: &Account, width: usize, theme: &Theme) -> Vec<String> {
    let glyph = theme.glyph();
    let is_default = account.offers.endpoint && words::endpoint(state, account, glyph).is_none();
    let fallback = match switch(state, account, Setting::AutoFallback) {
        Switch::NotOffered => None,
        position => Some(format!("fallback {}", words::switch(position, glyph))),
    };
    let said: Vec<String> =
        is_default.then(|| "endpoint default".to_owned()).into_iter().chain(fallback).collect();
    let one = said.join(&format!(" {} ", glyph.dot));
    if said.len() > 1 && text::width(&one) <= width { vec![one] } else { said }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| format!("{}{}", c.to_uppercase(), chars.as_str())).unwrap_or_default()
}
