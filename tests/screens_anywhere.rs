//! Whatever the state and the size: drawing ends, stays inside its area, and is the same each time.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test that is wrong ends")]

mod scene;

use chrono::TimeDelta;
use flaretop::api::{read_detail, read_list};
use flaretop::app::{Dialog, Doubt, Help, Line, Msg, Palette, Pane, Show, State, Tab};
use flaretop::model::{
    Account, AccountId, AuthProblem, Change, Deed, Failure, PauseReason, Plain, Provider, Setting, Token,
    UsageWindow, Utilization, timestamp_from_millis,
};
use flaretop::view::theme::{Depth, Theme, ThemeName};
use proptest::option;
use proptest::prelude::*;
use ratatui::buffer::{Buffer, CellWidth as _};
use ratatui::layout::Rect;
use ratatui::style::Color;

fn any_time() -> impl Strategy<Value = Option<flaretop::model::Timestamp>> {
    let near = (-400_000i64..400_000).prop_map(|s| Some(scene::at("14:02:37") + TimeDelta::seconds(s)));
    let far = any::<i64>().prop_map(timestamp_from_millis);
    prop_oneof![4 => near, 1 => far, 1 => Just(None)]
}

fn any_text() -> impl Strategy<Value = Plain> {
    prop_oneof!["[a-z-]{0,12}", "\\PC{0,60}", "[北京مرحباé🚀👨‍👩‍👧]{0,30}"].prop_map(|t: String| Plain::new(&t))
}

fn any_window() -> impl Strategy<Value = Option<UsageWindow>> {
    option::of((0.0..20_000.0, any_time()).prop_map(|(percent, resets_at)| UsageWindow {
        utilization: Utilization::from_percent(percent).expect("a number"),
        resets_at,
    }))
}

fn any_account() -> impl Strategy<Value = Account> {
    let who = (any_text(), any_text(), any_text(), any::<i64>(), option::weighted(0.1, any_text()));
    let switches =
        (any::<bool>(), option::of(any::<bool>()), option::of(any::<bool>()), any::<bool>(), any::<bool>());
    let times = (any_time(), any_time(), any_time(), option::of(any_text()), option::of(any_text()));
    let rest =
        (any_window(), any_window(), option::of((any::<bool>(), any::<bool>(), any_time())), any_text());
    let provider = proptest::sample::select(vec!["anthropic", "codex", "zai", "qwen", "kilo"]);
    (who, switches, times, rest, provider).prop_map(|(who, switches, times, rest, provider)| Account {
        priority: who.3,
        fault: who.4,
        paused: switches.0,
        auto_refresh: switches.1,
        auto_fallback: switches.2,
        requires_reauth: switches.3,
        auto_pause_on_overage: switches.4,
        primary: switches.4,
        reset: times.0,
        cooldown_until: times.1,
        throttled_until: times.2,
        cooldown_reason: times.3,
        endpoint: times.4,
        five_hour: rest.0,
        seven_day: rest.1,
        token: rest.2.map(|(renewable, valid, expires_at)| Token { renewable, valid, expires_at }),
        pause_reason: Some(PauseReason::Other(rest.3.clone())),
        rate_limit_status: rest.3,
        ..Account::named(
            who.0.as_str(),
            who.1.as_str(),
            match provider {
                "kilo" => Provider::Other(who.2),
                known => Provider::new(known),
            },
        )
    })
}

fn any_state() -> impl Strategy<Value = State> {
    let accounts = proptest::collection::vec(any_account(), 0..30);
    let base = (0usize..15, accounts, any::<proptest::sample::Index>(), 0usize..40);
    let more = (0usize..3, 0usize..4, 0usize..10, any::<u16>(), "[jjkWlhLein/&c4]{0,9}", any_text());
    let closer = (any::<bool>(), proptest::sample::select(Tab::ALL.to_vec()), any::<bool>());
    (base, more, closer, any_keys()).prop_map(
        |((kind, accounts, selected, offset), (focus, show, dialog, scroll, held, said), closer, keys)| {
            let mut state = match kind {
                0 => scene::loading(),
                1 => scene::empty(),
                2 => scene::unreachable(Failure::Other(said.clone())),
                3 => scene::key_wanted(AuthProblem::Other(said.clone())),
                4 => scene::lost(),
                5 => scene::stream_lost(),
                6 => scene::skewed(),
                7 => scene::gap(),
                8 => scene::keys_break_refresh(),
                10 => scene::own_changes(),
                11 => scene::changed_elsewhere(),
                12 => scene::values_changing(),
                13 => scene::refused_by(said.as_str()),
                14 => scene::typing_an_endpoint(),
                _ => scene::refused(),
            };
            if kind >= 4 && !accounts.is_empty() {
                state.accounts.selected = Some(accounts[selected.index(accounts.len())].id.clone());
                state.accounts.offset = offset;
                state.accounts.list = Some(accounts);
            }
            state.focus = [Pane::Accounts, Pane::Why, Pane::Events][focus];
            state.events.lens.show = [Show::Refresh, Show::Warn, Show::Info, Show::All][show];
            state = look_at_events(state, &held);
            state.why_scroll = scroll;
            (state.zoomed, state.details.tab) = (closer.0, closer.1);
            if closer.2 {
                let body = scene::details::UNRECORDED.as_bytes().to_vec();
                let (_, rows) = read_list(body).expect("a list");
                let row = rows.get(&AccountId::new("c0de-c0")).expect("its row");
                state.details.row = Some(Box::new(read_detail(row)));
            }
            state.options.server = said.clone();
            state.dialog = match (dialog, state.accounts.rows().first()) {
                (1, _) => Some(Dialog::Help(Help { scroll, ..Help::default() })),
                (7, _) => Some(Dialog::Palette(Palette { line: Line::new(said.as_str()), chosen: offset })),
                (8, _) => Some(Dialog::Palette(Palette { line: Line::default(), chosen: offset })),
                (9, _) => Some(Dialog::Copy),
                (2, Some(a)) => Some(Dialog::Question {
                    id: a.id.clone(),
                    change: Deed::Switch(Change { setting: Setting::AutoRefresh, to: true }),
                    why: Doubt::Twin,
                    undoes: None,
                }),
                (4, Some(a)) => Some(Dialog::Question {
                    id: a.id.clone(),
                    change: Deed::ClearLimit,
                    why: [Doubt::ForGood, Doubt::NotPutBack, Doubt::LastUsable][usize::from(scroll) % 3],
                    undoes: None,
                }),
                (5, _) => scene::what_was_sent().dialog,
                (6, _) => scene::a_wrong_endpoint().dialog,
                _ => None,
            };
            for key in keys {
                let now = state.now;
                flaretop::app::update(&mut state, now, Msg::Key(key.parse().expect("a key")));
            }
            state
        },
    )
}

/// Keys that change what is shown and nothing on a server.
fn any_keys() -> impl Strategy<Value = Vec<&'static str>> {
    const KEYS: &[&str] = &[
        "/",
        "a",
        "u",
        "t",
        "o",
        ":",
        "space",
        "!",
        "\"",
        "<",
        "3",
        "?",
        "tab",
        "shift-tab",
        "up",
        "enter",
        "esc",
        "backspace",
        "left",
        "s",
        "S",
        ">",
        "l",
        "h",
        "T",
        "*",
        "F",
        "j",
        "G",
        "ctrl-u",
        "1",
        "2",
        "4",
        "L",
    ];
    let word = prop_oneof![
        3 => proptest::sample::select(KEYS).prop_map(|k| vec![k]),
        1 => Just(vec!["1", "/", "ctrl-u", "s", "t", "a", "t", "e", ":", "tab"]),
        1 => Just(vec!["1", "/", "ctrl-u", "?", "a", "u", "t", "o", ":", "o", "f", "f"]),
        1 => Just(vec!["1", "/", "ctrl-u", "n", "o", "b", "o", "d", "y", ":", "x"]),
        1 => Just(vec!["1", "/", "ctrl-u", "e", "enter"]),
    ];
    proptest::collection::vec(word, 0..6).prop_map(|words| words.concat())
}

/// As a person would who has pressed these keys in the events pane.
fn look_at_events(mut state: State, keys: &str) -> State {
    let focus = std::mem::replace(&mut state.focus, Pane::Events);
    let now = state.now;
    for key in keys.chars().map(String::from) {
        flaretop::app::update(&mut state, now, flaretop::app::Msg::Key(key.parse().expect("a key")));
    }
    state.focus = focus;
    state
}

fn any_size() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![(0u16..12, 0u16..8), (0u16..220, 0u16..60), Just((80, 24)), Just((120, 40))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn drawing_stays_inside_its_area(
        state in any_state(),
        (width, height) in any_size(),
        (x, y) in (0u16..9, 0u16..5),
        (color, ascii) in any::<(bool, bool)>(),
        name in proptest::sample::select(&ThemeName::ALL[..]),
        depth in proptest::sample::select(vec![Depth::Sixteen, Depth::Indexed, Depth::True]),
    ) {
        let theme = Theme::named(name, depth, color, ascii);
        let colorless = !color || name == ThemeName::Mono;
        let grounded = matches!(name, ThemeName::Dark | ThemeName::Light) && color && depth > Depth::Sixteen;
        let area = Rect::new(x, y, width, height);
        let around = Rect::new(0, 0, x + width + 7, y + height + 3);
        let mut blank = Buffer::empty(around);
        for i in 0..blank.content.len() {
            if !area.contains(blank.pos_of(i).into()) {
                blank.content[i].set_symbol("北");
            }
        }
        let mut buf = blank.clone();
        flaretop::view::render(&state, &theme, area, &mut buf);
        let mut covered = 0; // cells under the rest of a wide character, which are not drawn
        for (i, (cell, before)) in buf.content.iter().zip(&blank.content).enumerate() {
            let (cx, cy) = buf.pos_of(i);
            covered = if cx == area.x || covered == 0 { 0 } else { covered - 1 };
            let hidden = covered > 0;
            if !hidden {
                covered = cell.symbol().cell_width().max(1);
            }
            let inside = area.contains((cx, cy).into());
            prop_assert!(inside || cell == before, "{cx},{cy} is outside {area:?}: {cell:?}");
            prop_assert!(!ascii || !inside || cell.symbol().is_ascii(), "{cell:?}");
            if inside {
                let (plain_ink, plain_paper) = (cell.fg == Color::Reset, cell.bg == Color::Reset);
                prop_assert!(!colorless || (plain_ink && plain_paper), "no colour is none: {cell:?}");
                prop_assert!(!grounded || hidden || !(plain_ink || plain_paper), "a hole in the ground at {cx},{cy}: {cell:?}");
                prop_assert!(grounded || plain_paper, "only a theme has a ground: {cell:?}");
            }
        }
        let mut again = blank.clone();
        flaretop::view::render(&state, &theme, area, &mut again);
        prop_assert_eq!(buf, again);
    }

    #[test]
    fn an_area_outside_the_buffer_is_no_harm(state in any_state(), x in 0u16..300, y in 0u16..300) {
        let mut buf = Buffer::empty(Rect::new(5, 5, 40, 12));
        flaretop::view::render(&state, &Theme::new(true, false), Rect::new(x, y, 200, 100), &mut buf);
    }
}

#[test]
fn every_size_of_the_story_is_drawn() {
    let state = scene::story();
    for width in 0..=130 {
        for height in (0..=45).step_by(3) {
            scene::cells(&state, &Theme::new(true, false), width, height);
        }
    }
}

/// A provider's answer may come as one record of a megabyte; a screen's widths are small numbers.
#[test]
fn records_and_names_longer_than_any_screen_are_drawn() {
    let long = "long ".repeat(20_000);
    let mut state = scene::story();
    state.events.lens.show = Show::All;
    state.options.server = Plain::new(&long);
    state.logs.push(vec![
        scene::log("14:02:30", "WARN", &long),
        scene::log("14:02:31", "ERROR", &format!("Auto-refresh message failed for account work-max: {long}")),
        scene::log("14:02:32", "ERROR", &format!("Auto-refresh message failed for account {long}: 500 x")),
        scene::log("14:02:33", "WARN", &format!("Account {long} rate-limited (429), no model fallbacks")),
    ]);
    if let Some(account) = state.accounts.list.iter_mut().flatten().next() {
        account.name = Plain::new(&long);
        account.endpoint = Some(Plain::new(&long));
        account.rate_limit_status = Plain::new(&long);
    }
    for (width, height) in [(12, 40), (40, 12), (80, 24), (120, 40), (400, 100)] {
        scene::cells(&state, &Theme::new(true, false), width, height);
    }
}

/// What is said of a failed change stands near the table, and never on it.
#[test]
fn a_failed_change_hides_no_row() {
    let theme = Theme::new(true, false);
    for count in [1, 3, 7, 27] {
        let failed =
            scene::refused_by("500 words of what the database thinks of it, and then some more of them");
        let mut without = scene::many(count);
        without.logs = failed.logs.clone();
        let mut with = without.clone();
        with.failed = failed.failed;
        for (width, height) in
            [(40, 12), (59, 40), (60, 16), (80, 12), (80, 16), (80, 24), (120, 40), (200, 50)]
        {
            let size = ratatui::layout::Size::new(width, height);
            let regions = flaretop::layout::Regions::of(size, count);
            let drawn = [&without, &with].map(|s| scene::cells(s, &theme, width, height));
            let first = regions.accounts.y + if width < 60 || height < 18 { 0 } else { 2 };
            let rows = u16::try_from(count.min(regions.account_rows())).expect("few");
            for y in first..first + rows {
                for x in regions.accounts.left()..regions.accounts.right() {
                    assert_eq!(
                        drawn[0][(x, y)],
                        drawn[1][(x, y)],
                        "{count} rows, {width}x{height} at {x},{y}"
                    );
                }
            }
            assert_ne!(drawn[0], drawn[1], "it is said somewhere: {count} rows, {width}x{height}");
        }
    }
}

/// The program sleeps until the next wake, so what is shown must not depend on when in between it is drawn.
#[test]
fn nothing_changes_before_the_next_wake() {
    use flaretop::app::next_wake;
    let theme = Theme::new(true, false);
    let calm = |state: &mut State| {
        let hours = ["work-max", "personal", "glm-zai", "grok"];
        let list = state.accounts.list.take().unwrap_or_default();
        state.accounts.list = Some(list.into_iter().filter(|a| hours.iter().any(|h| a.name == *h)).collect());
    };
    for (selected, is_calm) in [("work-max", false), ("client-b", false), ("grok", true), ("personal", true)]
    {
        let mut state = scene::selecting(selected);
        if is_calm {
            calm(&mut state);
        }
        for _ in 0..100 {
            let now = state.now;
            state.accounts.came = Some(now); // each poll is answered at once
            scene::looks::update(&mut state, now, Msg::Tick);
            let wake = next_wake(&state).filter(|w| *w > now).expect("a clock is shown");
            let drawn = scene::cells(&state, &theme, 120, 40);
            let mut later = state.clone();
            later.now = wake - TimeDelta::milliseconds(1);
            later.accounts.came = Some(later.now);
            let then = scene::cells(&later, &theme, 120, 40);
            assert_eq!(scene::lines(&drawn), scene::lines(&then), "{selected} from {now} to {wake}");
            state.now = wake;
        }
    }
}
