//! What a recorded list must show: every account's switch, state, countdown and next refresh.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

use flaretop::api::read_accounts;
use flaretop::app::{
    AccountsAnswer, Effect, Look, Msg, Options, State, counts_to, prognosis, standing, switch, tally, update,
};
use flaretop::model::{Account, Provider, Rows, Setting, UsageWindow, Utilization, parse_timestamp};
use flaretop::view::countdown::{Grain, countdown_within};
use flaretop::view::theme::Theme;
use flaretop::view::words;
use ratatui::layout::Size;

/// Name, AUTO, STATE, RESETS IN, next refresh, of the recording at 07:42:00, no log having been seen.
const RECORDED: [[&str; 5]; 27] = [
    ["active-window", "on", "ready", "2h57m", "after 10:39:53"],
    ["expired-window", "on", "ready", "1:24", "after 07:43:24"],
    ["paused-overage-refreshable", "on", "ready", "1:24", "after 07:43:24"],
    ["expired-refresh-off", "off", "over", "+26h02m", "never: off"],
    ["never-used", "off", "unused", "-", "never: off"],
    ["reauth-soon", "off", "unused", "-", "never: off"],
    ["paused-manual", "on", "paused", "+1h02m", "no: paused"],
    ["paused-threshold", "on", "paused", "+2h02m", "no: paused"],
    ["paused-overage", "off", "paused", "37:53", "no: off, paused"],
    ["rate-limited", "on", "cooling", "1h32m", "after 09:14:53"],
    ["rate-limited-no-status", "off", "cooling", "cd 9:53", "never: off"],
    ["custom-endpoint", "on", "warning", "22:53", "after 08:04:53"],
    ["codex-main", "on", "ready", "47:53", "after 08:29:53"],
    ["zai-coding", "on", "ready", "1h07m", "after 08:49:53"],
    ["zai-peak-paused", "off", "paused", "-", "no: off, paused"],
    ["token-expired", "off", "unused", "-", "never: off"],
    ["token-missing", "off", "SIGN-IN", "-", "no: off, sign in"],
    ["réseau 北京 مرحبا", "off", "ready", "4h56m", "never: off"],
    ["team 🚀👨👩👧 e\u{301}", "off", "over", "+1:36", "never: off"],
    [
        "quarterly-quarterly-quarterly-quarterly-quarterly-quarterly-quarterly-quarterly-quarterly-long-name",
        "off",
        "ready",
        "5d23h",
        "never: off",
    ],
    ["anthropic-compat", "n/a", "ready", "-", "not offered"],
    ["bedrock-eu", "n/a", "ready", "-", "not offered"],
    ["console-api-key", "n/a", "ready", "-", "not offered"],
    ["kilo-1", "n/a", "ready", "-", "not offered"],
    ["minimax-1", "n/a", "ready", "-", "not offered"],
    ["nanogpt-1", "n/a", "ready", "-", "not offered"],
    ["openai-compat", "n/a", "ready", "-", "not offered"],
];

/// A dashboard that has just read this body, at this time.
fn state_of(body: &str, at: &str) -> State {
    let now = parse_timestamp(at).expect("a time");
    let mut state = State::new(now, Size::new(80, 24), Options::default());
    let asked = update(&mut state, now, Msg::Tick);
    let seq = asked.iter().find_map(|e| if let Effect::Poll { seq } = e { Some(*seq) } else { None });
    let accounts = read_accounts(body.as_bytes()).expect("a list");
    let answer = AccountsAnswer { accounts, sent: now, received: now, date: None, rows: Rows::default() };
    update(&mut state, now, Msg::Accounts { seq: seq.expect("a poll"), result: Ok(answer) });
    state
}

fn shown(state: &State) -> Vec<[String; 5]> {
    let now = state.server_second();
    let theme = Theme::new(false, false);
    let mut rows: Vec<[String; 5]> = state
        .accounts
        .rows()
        .iter()
        .map(|a| {
            [
                a.name.to_string(),
                words::switch(switch(state, a, Setting::AutoRefresh), theme.glyph()),
                words::standing(&standing(state, a)).to_owned(),
                counts_to(state, a).map_or("-".to_owned(), |c| {
                    countdown_within(now, c.at, c.cooldown, Grain::Coarse, usize::MAX)
                }),
                words::next_refresh(state, a, &prognosis(state, a)),
            ]
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn the_recorded_accounts_are_shown_as_they_stand() {
    let state = state_of(include_str!("fixtures/accounts-standard.json"), "2026-11-23T07:42:00Z");
    let mut wanted: Vec<[String; 5]> = RECORDED.iter().map(|row| row.map(str::to_owned)).collect();
    wanted.sort();
    let found = shown(&state);
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found, wanted);
    }
    assert_eq!(found.len(), wanted.len());
}

#[test]
fn after_failures_the_old_reset_and_the_new_cooldown_are_told_apart() {
    let state = state_of(include_str!("fixtures/accounts-after-failures.json"), "2026-11-23T07:36:00Z");
    let find = |name: &str| shown(&state).into_iter().find(|row| row[0] == name).expect("the account");
    let [_, auto, standing, resets_in, next] = find("err-429");
    assert_eq!((auto.as_str(), standing.as_str()), ("on", "cooling"));
    assert_eq!((resets_in.as_str(), next.as_str()), ("cd 1:16", "after 07:37:16"));
    let [_, _, standing, resets_in, next] = find("err-500");
    assert_eq!((standing.as_str(), resets_in.as_str(), next.as_str()), ("paused", "+5:09", "no: paused"));
    let [_, _, standing, resets_in, next] = find("zai-a");
    assert_eq!((standing.as_str(), resets_in.as_str(), next.as_str()), ("DUE", "+5:09", "next tick"));
}

#[test]
fn odd_values_are_shown_and_nothing_is_left_out() {
    let state = state_of(include_str!("fixtures/accounts-odd-values.json"), "2026-11-23T07:43:30Z");
    let rows = shown(&state);
    assert_eq!(rows.len(), 10);
    let find = |name: &str| rows.iter().find(|row| row[0] == name).expect("the account");
    assert_eq!(find("ms-reset")[3], ">999d");
    assert_eq!(find("soft-limit")[2], "DUE", "a null reset is taken once");
    assert_eq!(find("a to b")[4], "after 07:43:53");
    assert_eq!(rows.iter().filter(|row| row[0] == "dup").count(), 2);
}

#[test]
fn no_accounts_is_an_answer() {
    assert_eq!(shown(&state_of("[]", "2026-11-23T07:43:30Z")), Vec::<[String; 5]>::new());
}

#[test]
fn a_wide_screen_tells_how_much_of_all_windows_is_used() {
    let account = |name: &str, five: f64, seven: Option<f64>| {
        let mut account = Account::named(name, name, Provider::Anthropic);
        let window = |percent| UsageWindow {
            utilization: Utilization::from_percent(percent).expect("a number"),
            resets_at: parse_timestamp("2026-11-24T10:00:00Z"),
        };
        account.five_hour = Some(window(five));
        account.seven_day = seven.map(window);
        account
    };
    let mut all = [
        account("a", 20.0, Some(50.0)),
        account("b", 130.0, None),
        account("c", 90.0, Some(90.0)),
        account("d", 33.0, None),
    ];
    all[2].paused = true;
    all[3].five_hour.as_mut().expect("a window").resets_at = parse_timestamp("2026-11-24T08:00:00Z");
    let now = parse_timestamp("2026-11-24T09:00:00Z").expect("a time");
    let mut state = State::new(now, Size::new(200, 50), Options::default());
    let asked = update(&mut state, now, Msg::Tick);
    let seq = asked.iter().find_map(|e| if let Effect::Poll { seq } = e { Some(*seq) } else { None });
    let answer = AccountsAnswer {
        accounts: all.to_vec(),
        sent: now - chrono::TimeDelta::milliseconds(41),
        received: now,
        date: None,
        rows: Rows::default(),
    };
    update(&mut state, now, Msg::Accounts { seq: seq.expect("a poll"), result: Ok(answer) });
    // 20 %, 100 % and nothing of one that is over; what is paused does not count.
    assert_eq!(tally(&state).used, [Some(40), Some(50)]);
    let shown = |width| first_line(&state, width);
    assert!(
        shown(200).contains("link 41 ms") && shown(200).contains("pool 5h 40%  7d 50%"),
        "{}",
        shown(200)
    );
    assert!(!shown(120).contains("link") && !shown(120).contains("pool"), "{}", shown(120));
    let late = now + chrono::TimeDelta::minutes(5);
    update(&mut state, late, Msg::Tick);
    assert!(!first_line(&state, 200).contains("link"), "what is late says nothing of the line");
}

/// The first line of the screen.
fn first_line(state: &State, width: u16) -> String {
    let area = ratatui::layout::Rect::new(0, 0, width, 50);
    let mut buf = ratatui::buffer::Buffer::empty(area);
    flaretop::view::render(state, &Theme::new(true, false), area, &mut buf);
    (0..width).filter_map(|x| buf.cell((x, 0))).map(|cell| cell.symbol().to_owned()).collect()
}

/// How much the answer to a poll that says nothing new may have changed, where it took so long.
fn look_after(state: &mut State, millis: i64) -> Look {
    let later = state.now + chrono::TimeDelta::seconds(6);
    let asked = update(state, later, Msg::Tick);
    let seq = asked.iter().find_map(|e| if let Effect::Poll { seq } = e { Some(*seq) } else { None });
    let answer = AccountsAnswer {
        accounts: state.accounts.rows().to_vec(),
        sent: later,
        received: later + chrono::TimeDelta::milliseconds(millis),
        date: None,
        rows: Rows::default(),
    };
    update(state, later, Msg::Accounts { seq: seq.expect("a poll"), result: Ok(answer) });
    state.look
}

#[test]
fn a_list_that_says_nothing_new_is_drawn_only_where_the_line_has_become_another() {
    let mut state = state_of("[]", "2026-11-24T09:00:00Z");
    for (millis, look) in
        [(41, Look::New), (41, Look::Same), (44, Look::Same), (38, Look::Same), (400, Look::New)]
    {
        assert_eq!(look_after(&mut state, millis), look, "{millis} ms, {:?}", state.links.trip);
    }
}
