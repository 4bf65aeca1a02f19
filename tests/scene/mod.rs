//! Scenes: states as values, built as the program would have come to them. One story runs through all; now is 14:02:37.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    clippy::allow_attributes,
    reason = "each test file uses its own part of the scenes"
)]
#![allow(clippy::indexing_slicing, clippy::expect_used, reason = "a scene that is wrong ends its test")]

mod changes;
pub mod details;
pub mod looks;

pub use changes::*;
use chrono::{FixedOffset, TimeDelta};
use flaretop::app::{Dialog, Doubt, Effect, Link, Msg, Options, Pane, State, update};
use flaretop::model::{
    Account, AuthProblem, Change, Deed, Failure, Level, LogLine, Offers, Plain, Provider, Setting, Timestamp,
    Token, Told, UsageWindow, Utilization, parse_timestamp,
};
use flaretop::view::theme::Theme;
use ratatui::buffer::{Buffer, CellWidth as _};
use ratatui::layout::{Rect, Size};
use ratatui::style::Modifier;

/// A time of the story's day, as its zone has it.
pub fn at(time: &str) -> Timestamp {
    parse_timestamp(&format!("2026-11-23T{time}+01:00")).expect("a time of day")
}

/// A time of another day.
pub fn on(day: &str, time: &str) -> Timestamp {
    parse_timestamp(&format!("{day}T{time}+01:00")).expect("a day and a time")
}

fn used(percent: f64, resets_at: Option<Timestamp>) -> Option<UsageWindow> {
    Utilization::from_percent(percent).map(|utilization| UsageWindow { utilization, resets_at })
}

fn oauth(id: &str, name: &str, priority: i64) -> Account {
    Account {
        priority,
        auto_refresh: Some(true),
        auto_fallback: Some(false),
        token: Some(Token { renewable: true, valid: true, expires_at: Some(at("20:12:37")) }),
        offers: Offers::ALL,
        ..Account::named(id, name, Provider::Anthropic)
    }
}

/// The cast.
pub fn cast() -> Vec<Account> {
    let week = Some(on("2026-11-26", "09:00:00"));
    let window = |account: Account, reset: &str, five: f64, seven: f64| Account {
        reset: Some(at(reset)),
        five_hour: used(five, Some(at(reset))),
        seven_day: used(seven, week),
        highest: Utilization::from_percent(five),
        ..account
    };
    vec![
        Account {
            auto_fallback: Some(true),
            ..window(oauth("6f0c-91", "work-max", 0), "15:14:20", 64.0, 41.0)
        },
        window(oauth("77aa-02", "personal", 1), "18:57:30", 12.0, 8.0),
        window(oauth("9b1d-44", "team-a", 5), "14:02:16", 88.0, 77.0),
        Account {
            auto_refresh: Some(false),
            rate_limit_status: Plain::new("rate_limited (38m)"),
            ..window(oauth("c0de-b0", "client-b", 10), "14:41:17", 100.0, 93.0)
        },
        Account { auto_refresh: Some(false), reset: None, ..oauth("50a7-e5", "spare", 20) },
        Account {
            provider: Provider::Zai,
            auto_fallback: Some(true),
            token: None,
            seven_day: None,
            ..window(oauth("91a1-3c", "glm-zai", 30), "16:22:37", 31.0, 0.0)
        },
        Account { priority: 40, ..Account::named("4242-ff", "grok", Provider::new("xai")) },
    ]
}

/// A record of the server's log.
pub fn log(time: &str, level: &str, message: &str) -> LogLine {
    LogLine { at: at(time), level: Level::new(level), message: Plain::new(message), data: None }
}

/// The story's log.
pub fn records() -> Vec<LogLine> {
    vec![
        log("13:00:03", "INFO", "Starting auto-refresh scheduler"),
        log(
            "13:12:09.410",
            "WARN",
            "[ccflare] account=work-max cooldown_applied reason=upstream_429_with_reset until=2026-11-23T12:13:09.410Z",
        ),
        log("13:40:46", "INFO", "Sending auto-refresh message to account: spare"),
        log("13:40:46.201", "ERROR", "Token refresh failed for account spare: invalid_grant"),
        log(
            "13:40:46.210",
            "ERROR",
            "Auto-refresh message failed for account spare: 503 Service Unavailable",
        ),
        log(
            "13:41:02",
            "ERROR",
            "🚫 Auto-refresh has been DISABLED for account \"spare\" until reauthentication is completed",
        ),
        log("13:57:45.100", "INFO", "Sending auto-refresh message to account: personal"),
        log("13:57:47", "INFO", "Auto-refresh message sent successfully for account: personal"),
        log("13:57:47.010", "INFO", "Updated rate_limit_reset for personal to 2026-11-23T17:57:30.000Z"),
        log("13:58:46", "INFO", "Sending auto-refresh message to account: client-b"),
        log(
            "13:58:46.300",
            "WARN",
            "[ccflare] account=client-b cooldown_applied reason=model_fallback_429 until=2026-11-23T13:41:17.000Z",
        ),
        log(
            "13:58:46.310",
            "ERROR",
            "Auto-refresh message failed for account client-b: 503 Service Unavailable",
        ),
        log(
            "13:58:46.320",
            "WARN",
            "Account client-b has failed 2 consecutive auto-refresh attempts (non-401 error). Threshold is 5.",
        ),
        log("14:01:12", "INFO", "Request completed in 1841ms for account work-max"),
    ]
}

/// Nothing has come yet.
pub fn loading() -> State {
    let mut state = State::new(at("14:02:37"), Size::new(80, 24), Options::default());
    state.zone = FixedOffset::east_opt(3600).expect("a zone");
    state
}

/// Connected to a server with these accounts, the third one selected.
pub fn with(accounts: Vec<Account>) -> State {
    let mut state = loading();
    state.links.list = Link::Live { since: at("13:00:00") };
    state.links.stream = Link::Live { since: at("13:00:00") };
    state.accounts.came = Some(at("14:02:35"));
    state.links.trip = state.links.trip.after(TimeDelta::milliseconds(41));
    state.accounts.selected = accounts.get(2).or(accounts.first()).map(|a| a.id.clone());
    state.accounts.list = Some(accounts);
    state.logs.push(records());
    state
}

/// The story.
pub fn story() -> State {
    with(cast())
}

/// The story with another account selected.
pub fn selecting(name: &str) -> State {
    let mut state = story();
    state.accounts.selected = state.accounts.rows().iter().find(|a| a.name == name).map(|a| a.id.clone());
    state
}

/// The server has no accounts.
pub fn empty() -> State {
    let mut state = with(Vec::new());
    state.logs = State::new(state.now, state.size, Options::default()).logs;
    state
}

fn lost_by(why: Failure, since: &str) -> Link {
    Link::Lost { since: at(since), why, tries: 5, retry_at: at("14:02:41") }
}

/// The first answer did not come.
pub fn unreachable(why: Failure) -> State {
    let mut state = loading();
    state.links.list = lost_by(why.clone(), "14:01:49");
    state.links.stream = lost_by(why, "14:01:49");
    state
}

/// The connection was lost 48 seconds ago.
pub fn lost() -> State {
    let mut state = story();
    state.links.list = lost_by(Failure::Refused, "14:01:49");
    state.links.stream = lost_by(Failure::Refused, "14:01:49");
    state.accounts.came = Some(at("14:01:49"));
    state
}

/// A key is wanted.
pub fn key_wanted(problem: AuthProblem) -> State {
    let key_set = !matches!(problem, AuthProblem::KeyRequired);
    let mut state = unreachable(Failure::Unauthorized(problem));
    state.options.key_set = key_set;
    state
}

/// Many accounts, the selected one in the middle.
pub fn many(count: usize) -> State {
    let cast = cast();
    let accounts = (0..count)
        .map(|i| {
            let model = &cast[i % cast.len()];
            let name = format!("{}-{:02}", model.name, i);
            Account { priority: i64::try_from(i).expect("few"), ..rename(model, &format!("id-{i}"), &name) }
        })
        .collect();
    let mut state = with(accounts);
    let place = count / 2;
    state.accounts.selected = state.accounts.rows().get(place).map(|a| a.id.clone());
    state.accounts.offset = place.saturating_sub(4);
    state
}

fn rename(account: &Account, id: &str, name: &str) -> Account {
    let named = Account::named(id, name, account.provider.clone());
    Account { id: named.id, name: named.name, ..account.clone() }
}

/// Every STATE, with names of all kinds.
pub fn zoo() -> State {
    use flaretop::model::PauseReason;
    let base =
        |name: &str, priority: i64| Account { reset: Some(at("16:00:00")), ..oauth(name, name, priority) };
    let accounts = vec![
        Account { fault: Some(Plain::new("`name` is missing")), ..base("row 1", 0) },
        Account { requires_reauth: true, ..base("signed-out", 1) },
        Account { paused: true, pause_reason: Some(PauseReason::Failures), ..base("paused-threshold", 2) },
        Account {
            paused: true,
            pause_reason: Some(PauseReason::Manual),
            auto_refresh: Some(false),
            ..base("paused-manual", 3)
        },
        Account {
            reset: Some(at("13:50:34")),
            cooldown_until: Some(at("14:05:00")),
            cooldown_reason: Some(Plain::new("model_fallback_429")),
            ..base("cooling", 4)
        },
        Account { rate_limit_status: Plain::new("blocked"), ..base("limited", 5) },
        Account { throttled_until: Some(at("14:30:00")), ..base("throttled", 6) },
        Account { reset: Some(at("13:00:35")), ..base("due", 7) },
        Account { auto_refresh: Some(false), reset: Some(on("2026-11-22", "12:00:00")), ..base("over", 8) },
        Account { auto_refresh: Some(false), reset: None, ..base("unused", 9) },
        Account {
            five_hour: used(142.0, Some(at("16:00:00"))),
            highest: Utilization::from_percent(142.0),
            ..base("réseau 北京 مرحبا", 1234)
        },
        Account { primary: true, five_hour: used(0.3, Some(at("18:57:30"))), ..base("primary", -5) },
        Account {
            reset: Some(on("2026-11-29", "13:30:00")),
            ..base("the-very-long-name-of-an-account-that-goes-on", 12)
        },
        Account {
            token: Some(Token { renewable: true, valid: false, expires_at: None }),
            ..base("token-expired", 13)
        },
        Account { reset: parse_timestamp("+058864-07-28T03:46:40.000Z"), ..base("far-off", 14) },
    ];
    with(accounts)
}

/// The help lies over the panes.
pub fn help(focus: Pane) -> State {
    let mut state = story();
    state.focus = focus;
    state.dialog = Some(Dialog::Help(flaretop::app::Help::default()));
    state
}

/// A pause is asked about.
pub fn question(why: Doubt) -> State {
    let mut state = story();
    let id = state.accounts.rows()[2].id.clone();
    if why == Doubt::Twin {
        let twin = Account { auto_refresh: Some(false), reset: None, ..oauth("9b1d-45", "team-a", 21) };
        state.accounts.list.get_or_insert_default().insert(5, twin);
    }
    let change = match why {
        Doubt::ForGood => Deed::ClearLimit,
        Doubt::NotPutBack => Deed::Endpoint(None),
        _ => Deed::Switch(Change { setting: Setting::Paused, to: true }),
    };
    state.dialog = Some(Dialog::Question { id, change, why, undoes: None });
    state
}

/// The clock of the server is ahead by 94 seconds.
pub fn skewed() -> State {
    let mut state = story();
    let sent = state.now - TimeDelta::milliseconds(40);
    state.clock.observe(sent, state.now, at("14:04:11"));
    state
}

/// The screen as cells.
pub fn cells(state: &State, theme: &Theme, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    let mut state = state.clone();
    state.size = Size::new(width, height);
    flaretop::view::render(&state, theme, area, &mut buf);
    buf
}

/// The screen as text.
pub fn text(state: &State, width: u16, height: u16) -> String {
    lines(&cells(state, &Theme::new(true, false), width, height))
}

/// The cells' styles, line by line: where each run of one style begins, how it is drawn, and its text. Plain blanks are left out.
pub fn styles(buf: &Buffer) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let mut runs: Vec<(u16, String, String)> = Vec::new();
        for x in buf.area.left()..buf.area.right() {
            let cell = &buf[(x, y)];
            let mut style = format!("{:?}", cell.fg).replace("Reset", "").to_lowercase();
            for (modifier, name) in [
                (Modifier::BOLD, "bold"),
                (Modifier::DIM, "dim"),
                (Modifier::UNDERLINED, "underlined"),
                (Modifier::REVERSED, "reversed"),
            ] {
                if cell.modifier.contains(modifier) {
                    style.push_str(if style.is_empty() { "" } else { " " });
                    style.push_str(name);
                }
            }
            match runs.last_mut() {
                Some((_, last, text)) if *last == style => text.push_str(cell.symbol()),
                _ => runs.push((x, style, cell.symbol().to_owned())),
            }
        }
        for (x, style, text) in runs.iter().filter(|(_, s, t)| !s.is_empty() || !t.trim().is_empty()) {
            let style = if style.is_empty() { "plain" } else { style };
            writeln!(out, "{y:>2},{x:<3} {style:<14} {text}").expect("a string takes everything");
        }
    }
    out
}

/// The cells' characters, line by line, between bars so that the right edge shows.
pub fn lines(buf: &Buffer) -> String {
    let mut out = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let mut x = buf.area.left();
        while x < buf.area.right() {
            let symbol = buf[(x, y)].symbol();
            out.push_str(symbol);
            x += symbol.cell_width().max(1);
        }
        out.push_str("¦\n");
    }
    out
}

/// The zoo with another account selected.
pub fn in_zoo(name: &str) -> State {
    let mut state = zoo();
    state.accounts.selected = state.accounts.rows().iter().find(|a| a.name == name).map(|a| a.id.clone());
    state
}

/// A switch is being changed.
pub fn changing() -> State {
    let mut state = story();
    flaretop::app::update(
        &mut state,
        at("14:02:37"),
        flaretop::app::Msg::Key("space".parse().expect("a key")),
    );
    state
}

/// The stream is lost, the list is not.
pub fn stream_lost() -> State {
    let mut state = story();
    state.links.stream = lost_by(Failure::Closed, "14:01:49");
    state
}

/// The list is live and its answer is overdue; nothing may be changed.
pub fn late() -> State {
    let mut state = story();
    state.accounts.came = Some(at("14:01:49"));
    state.options.read_only = true;
    state
}

/// A provider that hangs holds up the account that is due behind it.
pub fn held_up() -> State {
    let mut state = story();
    state.logs.push(vec![log("14:01:46", "INFO", "Sending auto-refresh message to account: personal")]);
    state
}

/// API keys are on, so 3.5.4 has failed its own refresh and switched it off.
pub fn keys_break_refresh() -> State {
    let mut state = selecting("spare");
    state.logs = State::new(state.now, state.size, Options::default()).logs;
    state.logs.push(vec![
        log("13:00:03", "INFO", "Starting auto-refresh scheduler"),
        log("13:40:46", "INFO", "Sending auto-refresh message to account: spare"),
        log(
            "13:40:46.300",
            "ERROR",
            "❌ AUTHENTICATION FAILED: Account \"spare\" needs manual reauthentication",
        ),
        log(
            "13:40:46.310",
            "ERROR",
            "🚫 Auto-refresh has been DISABLED for account \"spare\" until reauthentication is completed",
        ),
    ]);
    state.options.key_set = true;
    state
}

/// The events pane has the keys, and these were pressed.
pub fn events(show: flaretop::app::Show, keys: &str) -> State {
    let mut state = story();
    state.focus = Pane::Events;
    state.events.lens.show = show;
    press(state, keys)
}

/// A log with everything that belongs together, keys in it, and a long line.
pub fn trouble() -> State {
    let mut state = story();
    state.focus = Pane::Events;
    state.logs.push(vec![
        log("14:02:10", "INFO", "Sending auto-refresh message to account: team-a"),
        log("14:02:10.003", "INFO", "Current token expires at: 2026-11-23T19:12:37.000Z"),
        log(
            "14:02:10.005",
            "INFO",
            "Attempting auto-refresh for team-a with model: claude-haiku-4-5-20251001 to endpoint: http://localhost:8080/v1/messages",
        ),
        LogLine {
            data: Some(Plain::new(
                r#"{"url":"https://api.anthropic.com/v1/messages","headers":{"authorization":"Bearer sk-ant-oat01-abcdefghijkl","x-api-key":"btr-0123456789abcdef","retry-after":"30"},"usage":{"input_tokens":12}}"#,
            )),
            ..log("14:02:10.700", "WARN", "Authentication failed (401) for account team-a, failing over to next account")
        },
        log("14:02:10.702", "ERROR", "Proxy request failed:"),
        log("14:02:10.704", "ERROR", "Auto-refresh message failed for account team-a: 503 Service Unavailable"),
        log(
            "14:02:10.705",
            "ERROR",
            r#"Response body: {"type":"error","error":{"type":"service_unavailable","message":"All accounts failed to proxy the request"},"token":"btr-0123456789abcdef"}"#,
        ),
        log(
            "14:02:10.706",
            "WARN",
            "Account team-a has failed 3 consecutive auto-refresh attempts (non-401 error). Threshold is 5.",
        ),
        log(
            "14:02:20",
            "ERROR",
            "Error sending auto-refresh message to account personal: TypeError: undefined is not an object (evaluating 'L.five_hour.utilization')",
        ),
        log(
            "14:02:20.001",
            "ERROR",
            "Auto-refresh stack trace for personal: TypeError: undefined is not an object (evaluating 'L.five_hour.utilization')\n    at sendDummyMessage (/$bunfs/root/better-ccflare:1494:6855)\n    at async checkAndRefresh (/$bunfs/root/better-ccflare:1494:455)\n    at processTicksAndRejections (native:7:39)",
        ),
        log("14:02:30", "ERROR", &format!("Request failed: {}", "the provider answered with a page ".repeat(12))),
    ]);
    flaretop::app::update(&mut state, at("14:02:37"), flaretop::app::Msg::Resumed);
    state
}

/// The view is held, and much has come since.
pub fn held_and_more() -> State {
    let mut state = press(trouble(), "j");
    for n in 0..214 {
        state.logs.push(vec![log("14:02:36", "WARN", &format!("warning {n}"))]);
        state = press(state, "");
        flaretop::app::update(&mut state, at("14:02:37"), flaretop::app::Msg::Resumed);
    }
    state
}

/// What [`trouble`] becomes after these keys, on a screen of that size.
pub fn in_trouble(width: u16, height: u16, keys: &str) -> State {
    let mut state = trouble();
    state.size = Size::new(width, height);
    press(state, keys)
}

/// After these keys.
pub fn press(mut state: State, keys: &str) -> State {
    let now = state.now;
    for key in keys.split(' ').filter(|key| !key.is_empty()) {
        flaretop::app::update(&mut state, now, flaretop::app::Msg::Key(key.parse().expect("a key")));
    }
    state
}

/// The stream was lost for a while and what was said meanwhile is not known.
pub fn gap() -> State {
    let mut state = story();
    state.logs.interrupted();
    state.logs.mark_gap();
    state.logs.push(vec![log("14:02:30", "INFO", "Sending auto-refresh message to account: team-a")]);
    state
}

/// The story with keys of the user's own, and some that have none; the help lies over it.
pub fn own_keys() -> State {
    use flaretop::keymap::{Action, Keymap, Override, parse_key};
    let given = |action, keys: &[&str]| Override {
        action,
        keys: keys.iter().map(|k| parse_key(k).expect("a key")).collect(),
    };
    let mut state = help(Pane::Accounts);
    state.options.keymap = Keymap::with(&[
        given(Action::ToggleAutoRefresh, &["f2", "f3"]),
        given(Action::TogglePause, &["f6"]),
        given(Action::PollNow, &[]),
        given(Action::CloseHelp, &["backspace"]),
        given(Action::Quit, &["f10"]),
    ])
    .expect("keys");
    state
}

/// The first of two servers that have names.
pub fn named_servers() -> State {
    use flaretop::app::Served;
    let mut state = story();
    let served = |name: &str, server: &str| Served {
        name: Some(Plain::new(name)),
        server: Plain::new(server),
        url: Plain::from(format!("https://{server}")),
        key_set: true,
    };
    let servers = vec![served("prod", "ccflare.example:8443"), served("staging", "10.0.0.7:8080")];
    let Served { name, server, url, key_set } = servers[0].clone();
    (state.options.name, state.options.server, state.options.url) = (name, server, url);
    state.options.key_set = key_set;
    state.options.servers = servers;
    state
}
