//! The facts of an account in words, and those of its session.

use super::detail::NOT_YET;
use super::lines::Line;
use super::sheet::{Sheet, ahead, number, past, spaced};
use super::theme::Theme;
use super::words;
use crate::app::{State, Switch, pause_reason, standing, switch, tally};
use crate::model::{Account, Detail, Setting, Timestamp, masked};

/// The facts: who it is, how it stands, what is switched, how it is reached, what it has done.
pub(super) fn facts(
    state: &State,
    account: &Account,
    row: Option<&Detail>,
    width: usize,
    theme: &Theme,
) -> Vec<Line> {
    let mut sheet = Sheet::new(state, theme, width);
    sheet.row("name", &state.shown_name(account));
    sheet.row("id", &state.shown_id(&account.id));
    if let Some(fault) = &account.fault {
        sheet.styled("not read", fault.as_str(), theme.bad());
        return sheet.lines();
    }
    sheet.row("provider", account.provider.as_str());
    let first = if account.primary { "; the server's first choice" } else { "" };
    sheet.row("priority", &format!("{} (lower first){first}", account.priority));
    sheet.gap();
    stands(account, row, &mut sheet);
    sheet.gap();
    switches(account, row, &mut sheet);
    sheet.gap();
    let endpoint = words::endpoint(state, account, theme.glyph());
    let endpoint = match endpoint {
        Some(_) if state.names.are_hidden() => "(hidden)",
        Some(ref own) => own,
        None => "the provider's own",
    };
    sheet.row("endpoint", endpoint);
    if let Some(row) = row {
        sheet.models("model mappings", &row.mappings);
        sheet.models("model fallbacks", &row.fallbacks);
        let billing = row.billing.as_ref().map_or("not said", |b| b.as_str());
        sheet.row("billed by", billing);
        if let Some(mode) = &row.cross_region {
            sheet.row("cross-region", mode.as_str());
        }
        sheet.gap();
        done(row, &mut sheet);
    }
    count(&mut sheet);
    match row {
        Some(row) if !row.others.is_empty() => {
            sheet.gap();
            sheet.named(&row.others);
        }
        Some(_) => {}
        None => sheet.say(&format!("More of it: {}", NOT_YET.to_lowercase()), theme.mute()),
    }
    sheet.lines()
}

/// How it stands: its window, what holds it back, its sign-in.
fn stands(account: &Account, row: Option<&Detail>, sheet: &mut Sheet<'_>) {
    let state = sheet.state;
    let now = state.server_second();
    let standing = standing(state, account);
    let usable = match (standing.is_usable(), standing.needs_you()) {
        (true, _) => "usable",
        (false, true) => "not usable, needs you",
        (false, false) => "not usable",
    };
    sheet.row("state", &format!("{}, {usable}", words::standing(&standing)));
    if !account.rate_limit_status.is_blank() {
        sheet.row("status", &masked(account.rate_limit_status.as_str()));
    }
    let window = match account.reset {
        None if account.provider.has_windows() => "none known yet".to_owned(),
        None => "none".to_owned(),
        Some(t) if t > now => format!("ends {}", ahead(t, state)),
        Some(t) => format!("over since {}", past(t, state)),
    };
    sheet.row("window", &window);
    if let Some(left) = row.and_then(|r| r.remaining) {
        sheet.row("remaining", &number(left));
    }
    let cooldown = match account.cooldown_until.filter(|t| *t > now) {
        None => "none".to_owned(),
        Some(until) => {
            let reason = account.cooldown_reason.as_ref().map(|r| format!(": {}", cooldown(r.as_str())));
            let since = row.and_then(|r| r.cooldown_since).map(|t| format!(", since {}", past(t, state)));
            format!(
                "until {}{}{}",
                ahead(until, state),
                since.unwrap_or_default(),
                reason.unwrap_or_default()
            )
        }
    };
    sheet.row("cooldown", &cooldown);
    if let Some(until) = account.throttled_until.filter(|t| *t > now) {
        let windows: Vec<String> =
            row.map(|r| r.throttled_for.iter().map(|w| spaced(w.as_str())).collect()).unwrap_or_default();
        let windows = if windows.is_empty() { String::new() } else { format!(" for {}", windows.join(", ")) };
        sheet.row("held back", &format!("until {}{windows}", ahead(until, state)));
    }
    if let Some(until) = row.and_then(|r| r.usage_held_until).filter(|t| *t > now) {
        sheet.row("usage not asked", &format!("until {}", ahead(until, state)));
    }
    sheet.row("paused", &paused(account, state));
    sheet.row("sign-in", &sign_in(account, row, state));
}

/// Why it is paused, and from where that is known.
fn paused(account: &Account, state: &State) -> String {
    if !account.paused {
        return "no".to_owned();
    }
    let logged = || state.logs.facts(&account.name)?.paused.as_ref().map(|(at, _)| *at);
    match (pause_reason(state, account), &account.pause_reason) {
        (Some(reason), Some(_)) => format!("{} (from the list)", words::paused_by(&reason)),
        (Some(reason), None) => {
            let at = logged().map(|t| format!(", {}", past(t, state))).unwrap_or_default();
            format!("{} (from the log{at})", words::paused_by(&reason))
        }
        (None, _) => "yes; why is not known".to_owned(),
    }
}

fn sign_in(account: &Account, row: Option<&Detail>, state: &State) -> String {
    let now = state.server_second();
    if account.requires_reauth {
        return "a person must sign in again (from the list)".to_owned();
    }
    let Some(token) = account.token else {
        return match row.and_then(|r| r.renewable) {
            Some(false) if !account.provider.is_oauth() => "by a key, which does not end".to_owned(),
            _ => "not said".to_owned(),
        };
    };
    match (token.renewable, token.valid, token.expires_at) {
        (true, true, Some(t)) if t > now => {
            format!("the access token ends {}; the server renews it by itself", ahead(t, state))
        }
        (true, true, _) => "the access token is good; the server renews it by itself".to_owned(),
        (true, false, t) => {
            let ended = t.map(|t| format!(" {}", past(t, state))).unwrap_or_default();
            format!("the access token ended{ended}; the server renews it at the next use")
        }
        (false, true, t) => {
            let ends = t.filter(|t| *t > now).map(|t| format!(" {}", ahead(t, state))).unwrap_or_default();
            format!("the access token ends{ends}, and nothing renews it: a person must sign in then")
        }
        (false, false, _) => "no token is left: a person must sign in again".to_owned(),
    }
}

/// The server's word for a cooldown's reason, in words.
fn cooldown(word: &str) -> String {
    match word {
        "upstream_429_with_reset" => "the provider refused with 429 and said until when".to_owned(),
        "upstream_429_no_reset_default_5h" => {
            "the provider refused with 429 and did not say until when; 5 hours are assumed".to_owned()
        }
        "upstream_429_no_reset_probe_cooldown" => {
            "the provider refused with 429 and did not say until when; it is tried again soon".to_owned()
        }
        "model_fallback_429" => "the provider refused the model with 429".to_owned(),
        "all_models_exhausted_429" => "the provider refused every model with 429".to_owned(),
        other => other.replace('_', " "),
    }
}

fn switches(account: &Account, row: Option<&Detail>, sheet: &mut Sheet<'_>) {
    let state = sheet.state;
    for (name, setting) in [("auto-refresh", Setting::AutoRefresh), ("auto-fallback", Setting::AutoFallback)]
    {
        let words = match switch(state, account, setting) {
            Switch::NotOffered => "not offered".to_owned(),
            Switch::OffByServer => {
                let at = state.logs.facts(&account.name).and_then(|f| f.switched_off_at);
                let at = at.map(|t| format!(" {}", past(t, state))).unwrap_or_default();
                format!("off: the server switched it off itself{at}")
            }
            Switch::Changing(to) => format!("being switched {}", words::on_off(to)),
            Switch::Unsure(to) => format!("{}, not confirmed", words::on_off(to)),
            on @ (Switch::On | Switch::Off) => words::on_off(on == Switch::On).to_owned(),
        };
        sheet.row(name, &words);
    }
    let Some(row) = row else { return };
    for (name, on) in
        [("pause on overage", row.pauses_on_overage), ("peak-hours pause", row.pauses_in_peak_hours)]
    {
        sheet.row(name, on.map_or("not offered", words::on_off));
    }
}

fn done(row: &Detail, sheet: &mut Sheet<'_>) {
    let state = sheet.state;
    let time = |t: Option<Timestamp>| t.map_or_else(|| "never".to_owned(), |t| past(t, state));
    let requests = match (row.requests, row.requests_in_all) {
        (Some(n), Some(all)) => format!("{}; {} in all", number(n), number(all)),
        (Some(n), None) | (None, Some(n)) => number(n),
        (None, None) => "not said".to_owned(),
    };
    sheet.row("requests", &requests);
    sheet.row("last used", &time(row.last_used));
    if row.created.is_some() {
        sheet.row("added", &time(row.created));
    }
}

/// How many accounts can be used: here and by the server's own count where the two differ.
fn count(sheet: &mut Sheet<'_>) {
    let Some(health) = &sheet.state.details.health else { return };
    let Some(routable) = health.routable else { return };
    let here = tally(sheet.state).usable as u64;
    let of = health.configured.map(|n| format!(" of {n}")).unwrap_or_default();
    if routable == here {
        sheet.row("usable accounts", &format!("{here}{of}, by the server's own count too"));
    } else {
        let words = format!("{here} as it looks from here, {routable}{of} by the server's own count");
        sheet.styled("usable accounts", &words, sheet.theme.warn());
    }
}

/// What its session has used.
pub(super) fn session(state: &State, row: &Detail, width: usize, theme: &Theme) -> Vec<Line> {
    let mut sheet = Sheet::new(state, theme, width);
    match row.session.as_ref().map(crate::model::Plain::as_str) {
        None | Some("-") => sheet.row("session", "none"),
        Some(words) => sheet.row("session", words),
    }
    let Some(used) = &row.stats else {
        sheet.say("The server says nothing of what it has used.", theme.mute());
        return sheet.lines();
    };
    sheet.gap();
    for (name, count) in [
        ("requests", used.requests),
        ("tokens in", used.input),
        ("cache write", used.cache_written),
        ("cache read", used.cache_read),
        ("tokens out", used.output),
    ] {
        sheet.row(name, &count.map_or_else(|| "not said".to_owned(), number));
    }
    sheet.gap();
    for (name, cost) in [("plan cost", used.plan_cost), ("API cost", used.api_cost)] {
        sheet.row(name, &cost.map_or_else(|| "not said".to_owned(), dollars));
    }
    sheet.named(&used.more);
    sheet.lines()
}

/// An amount of money: cents, and small amounts as fine as they are.
fn dollars(n: f64) -> String {
    match n.abs() {
        0.0 => "$0".to_owned(),
        ..0.01 => format!("${n:.6}"),
        ..1.0 => format!("${n:.4}"),
        _ => format!("${n:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_amounts_are_as_fine_as_they_are() {
        for (n, expected) in [(0.0, "$0"), (0.000_062, "$0.000062"), (0.5, "$0.5000"), (12.345, "$12.35")] {
            assert_eq!(dollars(n), expected);
        }
    }
}
