//! The table once, as text: for a pipe, a file, or a terminal that can do nothing.

use std::fmt::Write as _;

use super::countdown::{Grain, countdown_within};
use super::theme::Theme;
use super::{text, words};
use crate::app::{State, counts_to, prognosis, standing, switch, tally};
use crate::model::{Account, Setting, UsageWindow};

/// What the columns are called.
const HEAD: [&str; 8] = ["AUTO", "NAME", "PRI", "STATE", "5H", "7D", "RESETS IN", "NEXT REFRESH"];

/// The table of all accounts as lines of text, a line of totals first. No colour and no cursor movement is in it.
pub fn table(state: &State, theme: &Theme) -> String {
    let rows: Vec<[String; 8]> = state.accounts.rows().iter().map(|a| row(state, a, theme)).collect();
    let mut widths = HEAD.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(text::width(cell));
        }
    }
    let t = tally(state);
    let name = state.options.name.as_ref().map(|n| format!("{n} ")).unwrap_or_default();
    let mut out = format!("{name}{}  {}/{} usable", state.options.server, t.usable, t.total);
    for (count, word) in [(t.limited, "limited"), (t.needs_you, "needs you")] {
        if count > 0 {
            let _ = write!(out, "  {count} {word}");
        }
    }
    out.push('\n');
    if rows.is_empty() {
        out.push_str("The server answers, and it has no accounts yet.\n");
        return out;
    }
    line(&HEAD.map(str::to_owned), &widths, &mut out);
    for row in &rows {
        line(row, &widths, &mut out);
    }
    out
}

fn line(cells: &[String; 8], widths: &[usize; 8], out: &mut String) {
    let start = out.len();
    for (cell, width) in cells.iter().zip(widths) {
        out.push_str(cell);
        out.extend(std::iter::repeat_n(' ', width.saturating_sub(text::width(cell)) + 2));
    }
    out.truncate(start + out.get(start..).unwrap_or_default().trim_end().len());
    out.push('\n');
}

fn row(state: &State, account: &Account, theme: &Theme) -> [String; 8] {
    let none = || "-".to_owned();
    let percent = |w: &Option<UsageWindow>| {
        w.as_ref().map_or_else(none, |w| format!("{:.0}%", w.utilization.percent()))
    };
    let name =
        if theme.ascii { super::canvas::to_ascii(account.name.as_str()) } else { account.name.to_string() };
    let now = state.server_second();
    [
        words::switch(switch(state, account, Setting::AutoRefresh), theme.glyph()),
        name,
        account.priority.to_string(),
        words::standing(&standing(state, account)).to_owned(),
        percent(&account.five_hour),
        percent(&account.seven_day),
        counts_to(state, account)
            .map_or_else(none, |c| countdown_within(now, c.at, c.cooldown, Grain::Coarse, usize::MAX)),
        words::next_refresh(state, account, &prognosis(state, account)),
    ]
}
