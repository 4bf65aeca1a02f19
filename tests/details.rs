//! What the keys of the details, the zoom, the copying, the command line and the help decide.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod scene;

use chrono::TimeDelta;
use flaretop::app::{
    AccountsAnswer, Availability, Dialog, Doubt, Effect, Fix, Msg, Pane, Seq, State, Tab, availability,
    commands, fix, next_wake, update,
};
use flaretop::keymap::Action;
use flaretop::model::{Change, Deed, Failure, Health, LogLine, Plain, Setting};
use flaretop::view::theme::Theme;
use proptest::prelude::*;
use ratatui::layout::Size;
use scene::details::{TRAFFIC, UNRECORDED, after, story};

const BIG: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const SMALL: (u16, u16) = (40, 12);

/// Presses keys and gives what is to be done.
fn press(state: &mut State, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in keys.split_whitespace() {
        let now = state.now;
        effects.extend(update(state, now, Msg::Key(key.parse().expect("a key"))));
    }
    effects
}

fn shown(state: &State) -> String {
    scene::text(state, state.size.width, state.size.height)
}

fn notice(state: &State) -> &str {
    state.notice.as_ref().map_or("", |n| n.text.as_str())
}

fn copied(effects: &[Effect]) -> String {
    let copied = effects.iter().find_map(|e| if let Effect::Copy(lines) = e { Some(lines) } else { None });
    let lines = copied.unwrap_or_else(|| panic!("something is copied: {effects:?}"));
    lines.iter().map(Plain::as_str).collect::<Vec<_>>().join("\n")
}

fn asked_health(effects: &[Effect]) -> Vec<Seq> {
    effects.iter().filter_map(|e| if let Effect::AskHealth { seq } = e { Some(*seq) } else { None }).collect()
}

/// The poll that is under way is answered with `body`.
fn list(state: &mut State, seq: Seq, body: &str) -> Vec<Effect> {
    let (accounts, rows) = flaretop::api::read_list(body.as_bytes().to_vec()).expect("a list");
    let answer = AccountsAnswer { accounts, sent: state.now, received: state.now, date: None, rows };
    update(state, state.now, Msg::Accounts { seq, result: Ok(answer) })
}

/// The question for the server's count is answered.
fn counted(state: &mut State, answer: Msg) {
    let now = state.now;
    update(state, now, answer);
}

fn poll(effects: &[Effect]) -> Seq {
    effects.iter().find_map(|e| if let Effect::Poll { seq } = e { Some(*seq) } else { None }).expect("a poll")
}

#[test]
fn the_tabs_go_round_and_back_and_the_title_names_them() {
    let mut state = after(TRAFFIC, "zai-coding", "", BIG);
    for tab in ["Facts", "Usage", "Session", "Raw", "Why"] {
        press(&mut state, "d");
        assert!(shown(&state).contains(&format!("2 {tab}")), "{tab}");
        assert_eq!(state.focus, Pane::Accounts, "beside the table nothing else changes");
    }
    press(&mut state, "D");
    assert_eq!(state.details.tab, Tab::Raw);
    press(&mut state, "w");
    assert_eq!((state.details.tab, state.focus), (Tab::Why, Pane::Why));
    press(&mut state, "1 enter");
    assert_eq!((state.details.tab, state.focus), (Tab::Facts, Pane::Why));
    press(&mut state, "d 1 enter");
    assert_eq!((state.details.tab, state.focus), (Tab::Usage, Pane::Why), "where one was before");
}

#[test]
fn escape_leaves_the_zoom_the_pane_and_the_details_one_after_another() {
    let mut state = after(TRAFFIC, "zai-coding", "enter z", USUAL);
    assert!(state.zoomed);
    press(&mut state, "esc");
    assert_eq!((state.zoomed, state.focus, state.details.tab), (false, Pane::Why, Tab::Facts));
    press(&mut state, "esc");
    assert_eq!((state.focus, state.details.tab), (Pane::Accounts, Tab::Facts));
    press(&mut state, "esc");
    assert_eq!((state.focus, state.details.tab), (Pane::Accounts, Tab::Why));
}

#[test]
fn the_details_follow_the_selection_and_the_list() {
    let mut state = after(UNRECORDED, "alibaba-1", "d", BIG);
    assert!(shown(&state).contains("a11b-aa"));
    press(&mut state, "j");
    let row = state.details.row.as_ref().expect("its row");
    assert_eq!(row.requests_in_all, Some(2_345_678.0));
    let seq = poll(&press(&mut state, "r"));
    list(&mut state, seq, &UNRECORDED.replace("2345678", "2345679"));
    assert_eq!(state.details.row.as_ref().expect("its row").requests_in_all, Some(2_345_679.0));
    press(&mut state, "D");
    assert_eq!(state.details.row, None, "nothing is kept of what nobody looks at");
}

#[test]
fn the_servers_count_is_asked_for_only_while_the_details_are_open() {
    let mut state = after(TRAFFIC, "zai-coding", "", BIG);
    let seq = poll(&press(&mut state, "r"));
    assert_eq!(asked_health(&list(&mut state, seq, TRAFFIC)), []);

    let first = asked_health(&press(&mut state, "d"))[0];
    assert_eq!(asked_health(&press(&mut state, "d")), [], "one question at a time");
    let seq = poll(&press(&mut state, "r"));
    assert_eq!(asked_health(&list(&mut state, seq, TRAFFIC)), []);
    let health = Health { status: "ok".into(), routable: Some(7), configured: Some(26) };
    counted(&mut state, Msg::Health { seq: first, result: Ok(health) });
    press(&mut state, "D z 2");
    assert!(
        shown(&state).contains("19 as it looks from here, 7 of 26 by the server's own count"),
        "{}",
        shown(&state)
    );

    let seq = poll(&press(&mut state, "r"));
    let second = asked_health(&list(&mut state, seq, TRAFFIC))[0];
    counted(&mut state, Msg::Health { seq: first, result: Ok(Health::default()) });
    assert!(state.details.health.as_ref().is_some_and(|h| h.routable == Some(7)), "an old answer is no news");
    counted(&mut state, Msg::Health { seq: second, result: Err(Failure::Refused) });
    assert_eq!(state.details.health, None);
    assert!(!shown(&state).contains("usable accounts"));
}

#[test]
fn a_count_that_agrees_is_said_to_agree() {
    let mut state = after(TRAFFIC, "zai-coding", "z 2", BIG);
    let seq = asked_health(&press(&mut state, "d"))[0];
    let health = Health { status: "ok".into(), routable: Some(19), configured: Some(26) };
    counted(&mut state, Msg::Health { seq, result: Ok(health) });
    assert!(shown(&state).contains("19 of 26, by the server's own count too"), "{}", shown(&state));
}

#[test]
fn of_a_large_list_only_one_row_is_kept_while_nobody_looks_at_others_and_while_the_next_one_comes() {
    let mut state = after(UNRECORDED, "alibaba-1", "d", BIG);
    let filler = format!(
        "{},{{\"id\":\"z\",\"name\":\"{}\"}}]",
        UNRECORDED.trim_end_matches(']'),
        "z".repeat(5_000_000)
    );
    let seq = poll(&press(&mut state, "r"));
    assert!(state.details.rows.size() > 1_000, "a small list stays");
    list(&mut state, seq, &filler);
    assert!(state.details.rows.size() > 5_000_000);
    let seq = poll(&press(&mut state, "r"));
    assert!(state.details.rows.size() < 1_000);
    assert!(state.details.row.is_some(), "what is looked at stays");
    press(&mut state, "j");
    assert!(shown(&state).contains("codex-busy") && state.details.row.is_none());
    list(&mut state, seq, &filler);
    assert!(state.details.row.is_some(), "and comes with the next list");
    press(&mut state, "D");
    assert!(state.details.rows.size() < 10_000, "nobody looks at any");

    let seq = poll(&press(&mut state, "r"));
    list(&mut state, seq, &filler);
    assert!(state.details.rows.size() < 10_000);
    press(&mut state, "d");
    assert!(state.details.row.is_some(), "the selected one is at hand");
    press(&mut state, "D k");
    let seq = poll(&press(&mut state, "d"));
    assert!(state.details.row.is_none(), "another one is asked for");
    list(&mut state, seq, &filler);
    assert!(state.details.row.is_some());
}

#[test]
fn scrolling_ends_where_the_text_ends() {
    for (width, height) in [SMALL, USUAL, BIG, (200, 50), (30, 6)] {
        for tab in ["w", "enter", "enter d", "enter D D"] {
            let mut state = after(UNRECORDED, "codex-busy", tab, (width, height));
            let top = shown(&state);
            press(&mut state, &"j ".repeat(200));
            let end = shown(&state);
            press(&mut state, "G");
            assert_eq!(shown(&state), end, "{tab} at {width}x{height}");
            press(&mut state, "k");
            assert!(
                end == top || shown(&state) != end,
                "{tab} at {width}x{height}: no key is lost at the end\n{end}"
            );
            press(&mut state, "ctrl-d pgdn j k g");
            assert_eq!(shown(&state), top, "{tab} at {width}x{height}");
        }
        let mut state = story("team-a", "?", (width, height));
        let top = shown(&state);
        press(&mut state, &"down ".repeat(300));
        let end = shown(&state);
        press(&mut state, "up");
        assert!(end == top || shown(&state) != end, "help at {width}x{height}");
        press(&mut state, "home");
        assert_eq!(shown(&state), top);
    }
}

#[test]
fn a_screen_that_grows_shows_the_end_of_what_was_scrolled() {
    let mut state = after(UNRECORDED, "codex-busy", "enter G", SMALL);
    let now = state.now;
    update(&mut state, now, Msg::Resized(Size::new(200, 100)));
    press(&mut state, "z");
    let whole = shown(&state);
    assert!(whole.contains("someone@example.org") && whole.contains("provider"), "{whole}");
    press(&mut state, "k");
    assert_eq!(shown(&state), whole);
}

#[test]
fn zoom_shows_one_pane_and_comes_back_as_it_was() {
    let mut state = scene::many(300);
    state.size = Size::new(80, 24);
    press(&mut state, "j k");
    let before = shown(&state);
    press(&mut state, "4 z");
    let events = shown(&state);
    assert!(
        events.contains("4 Events") && !events.contains("1 Accounts") && !events.contains("2 Why"),
        "{events}"
    );
    press(&mut state, "z 1");
    assert_eq!(shown(&state), before);
    press(&mut state, "z");
    assert_eq!(state.regions().account_rows(), 19);
    press(&mut state, "2");
    assert!(
        shown(&state).contains("▸ 2 Why") && !shown(&state).contains("1 Accounts"),
        "the zoom goes with the keys"
    );
}

#[test]
fn a_pane_without_room_fills_the_screen_while_it_has_the_keys() {
    let mut state = story("team-a", "", SMALL);
    let before = shown(&state);
    for (keys, title) in
        [("2", "2 Why"), ("4", "4 Events"), ("1 tab", "2 Why"), ("tab", "4 Events"), ("1 d", "2 Facts")]
    {
        press(&mut state, keys);
        assert!(shown(&state).contains(&format!("▸ {title}")), "{keys}\n{}", shown(&state));
    }
    press(&mut state, "esc esc");
    assert_eq!(shown(&state), before);
}

#[test]
fn keys_that_change_the_server_do_nothing_in_the_details() {
    let mut state = after(TRAFFIC, "codex-main", "enter", BIG);
    for key in ["space", "a", "f", "p"] {
        assert_eq!(press(&mut state, key), [], "{key}");
    }
    assert!(state.pending.is_empty());
}

#[test]
fn what_of_an_account_is_copied_is_the_next_keys_choice() {
    let mut state = story("team-a", "", USUAL);
    for (key, text, told) in [
        ("n", "team-a", "copied name team-a"),
        ("i", "9b1d-44", "copied id 9b1d-44"),
        ("r", "2026-11-23T13:02:16.000Z", "copied reset 2026-11-23T13:02:16.000Z"),
        (
            "c",
            r#"curl -s http://localhost:8080/api/accounts | jq '.[] | select(.id == "9b1d-44")'"#,
            "copied curl command for team-a",
        ),
    ] {
        assert_eq!(press(&mut state, "y"), []);
        assert_eq!(state.dialog, Some(Dialog::Copy));
        assert_eq!(copied(&press(&mut state, key)), text);
        assert_eq!((notice(&state), &state.dialog), (told, &None));
    }
    press(&mut state, "y");
    let why = copied(&press(&mut state, "w"));
    assert!(why.contains("Will be refreshed at the next tick, within 60 s."), "{why}");
    assert!(why.contains("✓ not paused"), "{why}");
}

#[test]
fn a_long_id_is_told_by_its_ends_and_copied_whole() {
    let mut state = after(TRAFFIC, "openai-compat", "y", USUAL);
    assert_eq!(copied(&press(&mut state, "i")), "f161a4ce-3c40-5eee-807c-f01d69f8b2a4");
    assert_eq!(notice(&state), "copied id f161…a4");
}

#[test]
fn nothing_is_copied_by_a_key_that_copies_nothing() {
    let mut state = story("grok", "y", USUAL);
    assert_eq!(press(&mut state, "r"), []);
    assert_eq!(notice(&state), "its reset is not known");
    for key in ["x", "esc", "q", "space", "j"] {
        let mut state = story("team-a", "y", USUAL);
        assert_eq!(press(&mut state, key), [], "{key}");
        assert_eq!(state.dialog, None, "{key}");
        assert!(state.pending.is_empty());
    }
    let mut state = scene::loading();
    assert_eq!(press(&mut state, "y"), []);
    assert_eq!((&state.dialog, notice(&state)), (&None, "there is no account to copy anything of"));
}

#[test]
fn where_there_is_no_account_the_address_to_add_one_at_is_copied() {
    assert_eq!(copied(&press(&mut scene::empty(), "y")), "http://localhost:8080");
}

#[test]
fn what_is_to_be_copied_is_never_another_account_that_took_the_place() {
    let mut state = after(UNRECORDED, "codex-busy", "", BIG);
    let seq = poll(&press(&mut state, "r y"));
    list(&mut state, seq, &UNRECORDED.replace("c0de-c0", "other"));
    assert_eq!(state.dialog, None);
}

#[test]
fn the_details_copy_their_text_whole_and_unbroken() {
    let mut state = after(UNRECORDED, "codex-busy", "enter j j", SMALL);
    let text = copied(&press(&mut state, "y"));
    assert!(text.starts_with("name              codex-busy\nid                c0de-c0\n"), "{text}");
    assert!(text.contains("cooldown          until 09:30:00, in 48m, since 04:30:00: the provider refused with 429 and did not say until when; 5 hours are assumed"), "{text}");
    assert_eq!(notice(&state), "copied facts of codex-busy");
    let text = copied(&press(&mut state, "D D y"));
    assert!(text.starts_with("{\n  \"id\": \"c0de-c0\",\n"), "{text}");
    for secret in ["hunter2", "abc123", "sk-ant", "c0okie", "abc.def"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn the_event_under_the_cursor_is_copied_with_all_its_records() {
    let mut state = story("team-a", "4", USUAL);
    let text = copied(&press(&mut state, "y"));
    assert!(text.starts_with("2026-11-23T12:58:46.000Z INFO Sending auto-refresh message"), "{text}");
    let told = "2026-11-23T12:58:46.310Z ERROR Auto-refresh message failed for account client-b: 503 Service Unavailable";
    assert!(text.lines().any(|line| line == told), "{text}");
    assert_eq!(notice(&state), "copied the event");
    let whole = copied(&press(&mut state, "enter y"));
    assert_eq!(whole, text, "and so while it is shown whole");
    assert!(matches!(state.dialog, Some(Dialog::Event(_))));
    let mut state = scene::empty();
    assert_eq!(press(&mut state, "4 y"), []);
    assert_eq!(notice(&state), "there is no event to copy");
}

#[test]
fn hidden_names_are_in_nothing_that_is_shown_or_copied() {
    let telling = ["codex-busy", "c0de-c0", "someone@example.org", "proxy.example"];
    let clean = |text: &str, what: &str| {
        for word in telling {
            assert!(!text.contains(word), "{word} in {what}\n{text}");
        }
    };
    for keys in ["w", "enter", "enter d", "enter d d", "enter d d d"] {
        let mut state = after(UNRECORDED, "codex-busy", &format!("* {keys} z"), (200, 100));
        clean(&shown(&state), keys);
        clean(&copied(&press(&mut state, "y")), keys);
        clean(notice(&state), keys);
        clean(&shown(&state), keys);
    }
    let mut state = after(UNRECORDED, "codex-busy", "* y", BIG);
    clean(&copied(&press(&mut state, "n")), "its name");
    clean(&copied(&press(&mut state, "y w")), "why");
    for key in ["i", "c"] {
        assert_eq!(press(&mut state, &format!("y {key}")), []);
        assert_eq!(notice(&state), "names are hidden");
        press(&mut state, "esc");
    }
    let mut state = story("client-b", "* 4", USUAL);
    let text = copied(&press(&mut state, "y"));
    assert!(text.contains("account-") && !text.contains("client-b"), "{text}");

    // A command with an alias in it would be of no use.
    let mut state = story("spare", "* w", USUAL);
    assert!(!shown(&state).contains("spare"), "{}", shown(&state));
    assert!(!copied(&press(&mut state, "y")).contains("spare"));
    assert_eq!(press(&mut state, "enter"), []);
    assert_eq!(notice(&state), "names are hidden");
}

#[test]
fn a_command_for_the_servers_machine_is_offered_and_copied() {
    let mut state = story("spare", "w", USUAL);
    let command = "better-ccflare --reauthenticate spare";
    assert!(shown(&state).contains(&format!("Do: {command}")));
    assert_eq!(copied(&press(&mut state, "y")), command);
    assert_eq!(copied(&press(&mut state, "enter")), command);
    assert_eq!(notice(&state), format!("copied `{command}`"));
    press(&mut state, "D");
    assert!(copied(&press(&mut state, "y")).starts_with("It comes"), "elsewhere the text is copied");
}

#[test]
fn a_name_is_quoted_for_the_shell_and_an_odd_one_is_not_offered() {
    let offered = |name: &str| {
        let mut account = scene::cast()[4].clone();
        account.requires_reauth = true;
        account.name = Plain::new(name);
        let state = scene::with(vec![account]);
        fix(&state, &state.accounts.rows()[0])
    };
    let run = |command: &str| Some(Fix::Run(command.into()));
    assert_eq!(offered("two words"), run("better-ccflare --reauthenticate 'two words'"));
    assert_eq!(offered("a'$(b)"), run(r"better-ccflare --reauthenticate 'a'\''$(b)'"));
    assert_eq!(offered("--force"), None);
    assert_eq!(offered("a\u{1b}b"), None);
    assert_eq!(offered(""), None);
}

#[test]
fn a_switch_that_helps_is_asked_about_and_then_changed() {
    let mut state = story("client-b", "w", USUAL);
    assert_eq!(press(&mut state, "enter"), []);
    assert!(matches!(state.dialog, Some(Dialog::Question { why: Doubt::Offered, .. })));
    let on = Change { setting: Setting::AutoRefresh, to: true };
    let effects = press(&mut state, "y");
    assert!(
        matches!(&effects[..], [Effect::Apply { change, .. }] if *change == Deed::Switch(on)),
        "{effects:?}"
    );

    let mut state = scene::zoo();
    press(&mut state, "g j j w"); // paused after five failures
    let resume = Change { setting: Setting::Paused, to: false };
    assert_eq!(fix(&state, &state.accounts.rows()[2]), Some(Fix::Switch(resume)));

    let mut state = story("client-b", "w", USUAL);
    state.options.read_only = true;
    assert_eq!(press(&mut state, "enter"), []);
    assert_eq!((&state.dialog, notice(&state)), (&None, "read-only: nothing is changed"));
}

#[test]
fn where_nothing_helps_nothing_is_offered() {
    for (mut state, why) in [
        (story("team-a", "w", USUAL), "nothing is in the way"),
        (scene::keys_break_refresh(), "3.5.4 undoes it"),
    ] {
        press(&mut state, "w enter");
        assert_eq!((&state.dialog, notice(&state)), (&None, "nothing is offered here"), "{why}");
    }
    // In the other views it could not be seen what would be done.
    let mut state = story("client-b", "w d", BIG);
    assert_eq!(press(&mut state, "enter"), []);
    assert_eq!((&state.dialog, notice(&state)), (&None, "nothing is offered here"));
}

#[test]
fn the_footer_names_what_is_offered_and_no_view_that_is_shown() {
    let footer = |account: &str, keys: &str| {
        let screen = shown(&story(account, keys, BIG));
        screen.lines().last().unwrap_or_default().to_owned()
    };
    assert!(footer("spare", "w").contains("enter copy it"));
    assert!(footer("client-b", "w").contains("enter switch on"));
    assert!(!footer("team-a", "w").contains("enter"));
    assert!(!footer("client-b", "w d").contains("enter"));
    assert!(!footer("spare", "w").contains("w why"));
    assert!(footer("spare", "w d").contains("w why"));
}

#[test]
fn a_command_is_found_by_what_is_typed_and_done() {
    let mut state = story("client-b", "", USUAL);
    let effects = press(&mut state, ": a u t o - r e enter");
    assert!(matches!(effects[..], [Effect::Apply { .. }]), "{effects:?}");
    assert_eq!(state.dialog, None);
    press(&mut state, ": 4 enter");
    assert_eq!(state.focus, Pane::Events);
    assert_eq!(press(&mut state, ": q u i t enter"), [Effect::Quit]);
    press(&mut state, ": h e l p enter");
    assert!(matches!(state.dialog, Some(Dialog::Help(_))));
}

#[test]
fn what_belongs_to_another_pane_is_done_there() {
    let mut state = story("team-a", "", USUAL);
    let before = state.events.lens.show;
    press(&mut state, ": l e v e l enter");
    assert_eq!(state.focus, Pane::Events);
    assert_ne!(state.events.lens.show, before);
    press(&mut state, ": d e t a i l s enter");
    assert_eq!((state.focus, state.details.tab), (Pane::Why, Tab::Facts));
}

#[test]
fn the_choice_moves_and_goes_round() {
    let mut state = story("team-a", ":", USUAL);
    let all: Vec<Action> = commands(&state, "").iter().map(|b| b.action).collect();
    let chosen = |state: &State| match &state.dialog {
        Some(Dialog::Palette(p)) => p.chosen,
        other => panic!("{other:?}"),
    };
    for (keys, place) in [
        ("down", 1),
        ("tab", 2),
        ("ctrl-n", 3),
        ("up", 2),
        ("shift-tab ctrl-p", 0),
        ("up", all.len() - 1),
        ("down", 0),
    ] {
        press(&mut state, keys);
        assert_eq!(chosen(&state), place, "{keys}");
    }
    press(&mut state, "down down u");
    assert_eq!(chosen(&state), 0, "another text, another choice");
}

#[test]
fn every_action_of_the_panes_is_a_command_once() {
    let state = story("team-a", "", USUAL);
    let all: Vec<Action> = commands(&state, "").iter().map(|b| b.action).collect();
    for action in &all {
        assert_eq!(all.iter().filter(|a| *a == action).count(), 1, "{action:?}");
    }
    for action in [
        Action::ToggleAutoRefresh,
        Action::Level,
        Action::CopyPane,
        Action::Quit,
        Action::Zoom,
        Action::PaneWhy,
        Action::CopyId,
        Action::ChooseColumns,
        Action::AllColumns,
    ] {
        assert!(all.contains(&action), "{action:?}");
    }
    for action in [Action::Confirm, Action::ToggleColumn, Action::Retry, Action::Palette] {
        assert!(!all.contains(&action), "{action:?}");
    }
}

#[test]
fn what_a_dialog_offers_is_done_by_name_too() {
    let mut state = story("team-a", "", USUAL);
    let effects = press(&mut state, ": c o p y space i d enter");
    let [Effect::Copy(lines)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(lines.iter().map(Plain::as_str).collect::<Vec<_>>(), ["9b1d-44"]);
    press(&mut state, "C space esc");
    press(&mut state, ": a l l space c o l enter");
    assert_eq!(state.display.columns, flaretop::layout::ColumnChoice::default());
    let mut refused = scene::refused();
    assert!(commands(&refused, "retry").iter().any(|b| b.action == Action::Retry));
    let effects = press(&mut refused, ": r e t r y enter");
    assert!(matches!(effects[..], [Effect::Apply { .. }]), "{effects:?}");
}

#[test]
fn a_command_that_cannot_be_done_says_why_and_does_nothing() {
    let mut state = story("grok", "", USUAL);
    assert_eq!(
        availability(Action::ToggleAutoRefresh, &state),
        Availability::Blocked("auto-refresh: not offered by this server".into())
    );
    assert_eq!(press(&mut state, ": a u t o - r e"), []);
    assert!(shown(&state).contains("not offered by this server"), "{}", shown(&state));
    assert_eq!(press(&mut state, "enter"), []);
    assert_eq!(notice(&state), "auto-refresh: not offered by this server");
    press(&mut state, ": x y z enter");
    assert_eq!((notice(&state), &state.dialog), ("no command is called `xyz`", &None));
}

#[test]
fn the_command_line_is_left_without_a_trace() {
    for keys in [": esc", ": q u i t esc", ": backspace", ": a ctrl-c", ": ctrl-g"] {
        let mut state = story("team-a", "", USUAL);
        let before = shown(&state);
        assert_eq!(press(&mut state, keys), [], "{keys}");
        assert_eq!(shown(&state), before, "{keys}");
    }
}

#[test]
fn pasted_text_goes_into_the_line_that_is_open() {
    let mut state = story("team-a", ":", USUAL);
    let now = state.now;
    update(&mut state, now, Msg::Pasted("qu\u{1b}it".replace('\u{1b}', "")));
    assert_eq!(press(&mut state, "enter"), [Effect::Quit]);
    let mut state = story("team-a", "?", USUAL);
    update(&mut state, now, Msg::Pasted("pause".to_owned()));
    assert!(shown(&state).contains("/ pause"), "{}", shown(&state));
}

#[test]
fn the_help_is_searched_by_typing_and_closed_step_by_step() {
    let mut state = story("team-a", "?", USUAL);
    for key in ["space", "p", "j", "r", "y"] {
        assert_eq!(press(&mut state, key), [], "{key} is typed");
    }
    assert!(shown(&state).contains("no key here means that"));
    press(&mut state, "esc");
    assert!(matches!(&state.dialog, Some(Dialog::Help(h)) if h.line.text().is_empty()));
    press(&mut state, "p a u s e");
    assert!(shown(&state).contains("Pause or resume") && !shown(&state).contains("ctrl-l"));
    press(&mut state, "esc esc");
    assert_eq!(state.dialog, None);
    for key in ["?", "q"] {
        press(&mut state, "?");
        press(&mut state, key);
        assert_eq!(state.dialog, None, "{key} closes it while nothing is typed");
    }
    press(&mut state, "? u q");
    assert!(state.dialog.is_some(), "and is typed otherwise");
    assert_eq!(press(&mut state, "ctrl-c"), [Effect::Quit]);
}

#[test]
fn the_help_shows_the_keys_of_the_pane_that_has_them() {
    for (keys, has, lacks) in [
        ("?", "Auto-refresh on or off", "Do what is offered"),
        ("w ?", "Do what is offered", "Auto-refresh on or off"),
        ("4 ?", "Show more, or less", "Do what is offered"),
        ("? tab", "Do what is offered", "Auto-refresh on or off"),
    ] {
        let shown = shown(&story("team-a", keys, (200, 50)));
        assert!(shown.contains(has) && !shown.contains(lacks), "{keys}\n{shown}");
    }
}

#[test]
fn nothing_changes_before_the_next_wake_whatever_is_looked_at() {
    let theme = Theme::new(true, false);
    for (account, keys) in [
        ("codex-busy", "enter"),
        ("codex-busy", "enter d"),
        ("alibaba-1", "enter d z"),
        ("codex-busy", "enter d d d d z"),
        ("dead-one", "w z"),
        ("alibaba-1", "4 z"),
    ] {
        let mut state = after(UNRECORDED, account, keys, BIG);
        state.accounts.offset = 0;
        for _ in 0..200 {
            let now = state.now;
            state.accounts.came = Some(now); // each poll is answered at once
            update(&mut state, now, Msg::Tick);
            let wake = next_wake(&state).filter(|w| *w > now).expect("a clock is shown");
            let drawn = scene::cells(&state, &theme, BIG.0, BIG.1);
            let mut later = state.clone();
            later.now = wake - TimeDelta::milliseconds(1);
            later.accounts.came = Some(later.now);
            let then = scene::cells(&later, &theme, BIG.0, BIG.1);
            assert_eq!(scene::lines(&drawn), scene::lines(&then), "{account} {keys} from {now} to {wake}");
            state.now = wake;
        }
    }
}

#[test]
fn looking_at_the_details_of_what_does_not_count_wakes_nothing() {
    let mut state = after(UNRECORDED, "dead-one", "enter z", BIG);
    let then = state.now + TimeDelta::seconds(2); // the history is read a second time
    update(&mut state, then, Msg::Tick);
    assert_eq!(next_wake(&state), Some(then + TimeDelta::seconds(3)), "only the next poll");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_keys_at_any_size_keep_the_screen_whole(
        keys in proptest::collection::vec(0usize..30, 1..40),
        (width, height) in (0u16..130, 0u16..50),
        ascii in any::<bool>(),
    ) {
        const KEYS: [&str; 30] = [
            "w", "d", "D", "enter", "z", ":", "y", "?", "esc", "tab", "1", "2", "4", "j", "k", "g", "G", "ctrl-d", "ctrl-u", "pgdn",
            "up", "down", "a", "u", "n", "i", "c", "q", "backspace", "r",
        ];
        let mut state = after(UNRECORDED, "alibaba-1", "", (width, height));
        for key in keys {
            press(&mut state, KEYS[key]);
            let buf = scene::cells(&state, &Theme::new(true, ascii), width, height);
            prop_assert!(!ascii || scene::lines(&buf).replace('¦', "").is_ascii());
            let regions = state.regions();
            if let (Some(place), true) = (state.accounts.position(), regions.account_rows() > 0) {
                let offset = state.accounts.offset;
                prop_assert!((offset..offset + regions.account_rows()).contains(&place), "the selection is in sight");
            }
            prop_assert!(state.details.is_open() || state.details.row.is_none());
        }
    }
}

#[test]
fn with_the_list_lost_what_follows_from_old_data_is_dated_by_it() {
    let why = |account: &str, size: (u16, u16)| {
        let mut state = scene::lost();
        state.accounts.selected =
            state.accounts.rows().iter().find(|a| a.name == account).map(|a| a.id.clone());
        scene::text(&state, size.0, size.1)
    };
    for (account, size, words) in [
        // The reset lies after the data: it was not due by then, and what was done since is not known.
        ("team-a", USUAL, "team-a: due since 14:02:16, by data of 14:01:49."),
        ("team-a", USUAL, "Not known whether it was refreshed"),
        ("team-a", SMALL, " Due since 14:02:16, data 14:01:49."),
        ("work-max", USUAL, "work-max: next refresh after 15:14:20, by data of 14:01:49."),
        ("work-max", SMALL, " Refresh after 15:14:20, data 14:01:49."),
        ("client-b", USUAL, "client-b: no refresh to come, by data of 14:01:49."),
    ] {
        assert!(why(account, size).contains(words), "{account} {words}\n{}", why(account, size));
    }
}

/// On a small screen a pane is alone without a zoom: that changes nothing there and needs no way back.
#[test]
fn where_a_pane_is_alone_anyway_one_step_back_leads_to_the_accounts() {
    for keys in ["w", "w z", "4", "4 z"] {
        let mut state = story("work-max", keys, SMALL);
        assert!(!shown(&state).contains("zoom") && !shown(&state).contains("z back"), "{}", shown(&state));
        press(&mut state, "esc");
        assert_eq!((state.focus, state.zoomed), (Pane::Accounts, false), "after {keys}");
        assert!(shown(&state).contains("work-max"), "{}", shown(&state));
    }
    // Where there is room for the others it is the zoom that is left first.
    let mut state = story("work-max", "w z", USUAL);
    press(&mut state, "esc");
    assert_eq!((state.focus, state.zoomed), (Pane::Why, false));
}

/// Nothing is spent of an account that is not used.
#[test]
fn only_what_is_used_runs_out() {
    let said = |name: &str| scene::text(&scene::selecting(name), 200, 50);
    assert!(said("team-a").contains("77% used, 60% expected, runs out Tue"), "{}", said("team-a"));
    let limited = said("client-b");
    assert!(limited.contains("93% used, 60% expected") && !limited.contains("runs out"), "{limited}");
}

/// What fell due after the last list is not known by it, in the table as in the why pane.
#[test]
fn the_table_knows_no_more_than_the_why_pane() {
    for (state, row, said) in [
        (scene::story(), "DUE       ········   --     +0:21  next tick", "at the next tick, within 60 s."),
        (scene::late(), "DUE?      ········   --     +0:21  not known", "Not known whether it was refreshed"),
        (scene::lost(), "DUE?      ········   --     +0:21  not known", "Not known whether it was refreshed"),
    ] {
        let screen = scene::text(&state, 80, 24);
        assert!(screen.contains(row) && screen.contains(said), "{screen}");
    }
    let lost = scene::text(&scene::lost(), 80, 24);
    assert!(lost.contains("never: off?"), "it may have been switched on meanwhile\n{lost}");
}

/// A tick has come meanwhile and did not take the account, for whatever reason.
#[test]
fn no_time_is_promised_to_who_has_waited_for_longer_than_that() {
    let mut state = scene::story();
    state.now += TimeDelta::seconds(90);
    state.accounts.came = Some(state.now);
    let screen = scene::text(&state, 80, 24);
    assert!(screen.contains("team-a will be refreshed at the next tick, within 60 s."), "{screen}");
    state.now += TimeDelta::seconds(9);
    state.accounts.came = Some(state.now);
    let screen = scene::text(&state, 80, 24);
    assert!(screen.contains("team-a will be refreshed at the next tick. Window over 2:00"), "{screen}");
}

#[test]
fn while_a_switch_is_being_changed_nothing_is_said_of_the_position_that_it_leaves() {
    for (width, height) in [USUAL, SMALL] {
        let screen = scene::text(&scene::own_changes(), width, height);
        assert!(screen.contains("personal: switching auto-refresh off."), "{screen}");
        assert!(!screen.contains("auto on") && !screen.contains("refresh after"), "{screen}");
    }
}

#[test]
fn a_token_that_the_provider_has_refused_is_not_called_good() {
    let said = |records: &[LogLine]| {
        let mut state = scene::story();
        state.logs.push(records.to_vec());
        scene::text(&state, 120, 40)
    };
    let failed =
        scene::log("14:02:10", "ERROR", "Auto-refresh message failed for account team-a: 401 Unauthorized");
    let worked = scene::log("14:02:30", "INFO", "Auto-refresh message sent successfully for account: team-a");
    assert!(said(&[]).contains("✓ token ok until 20:12:37"), "{}", said(&[]));
    let refused = said(std::slice::from_ref(&failed));
    assert!(refused.contains("· token refused with 401") && !refused.contains("token ok"), "{refused}");
    let again = said(&[failed, worked]);
    assert!(again.contains("token ok"), "{again}");
}

#[test]
fn a_sentence_names_keys_that_work_from_where_the_keys_are() {
    // One pane is wide enough here for all that is said.
    let said = |account: &str, keys: &str| shown(&story(account, keys, (200, 50)));
    for (account, keys, words) in [
        ("spare", "", "(w, y copies it), then space"),
        ("spare", "w", "(y copies it), then 1, space"),
        ("spare", "4", "(2, y copies it), then 1, space"),
        ("client-b", "", "space switches it on."),
        ("client-b", "w", "enter switches it on."),
        ("client-b", "4", "1, space switches it on."),
    ] {
        assert!(said(account, keys).contains(words), "{account} {keys} {words}\n{}", said(account, keys));
    }
    // While text is typed every key is text.
    assert!(!said("client-b", "/").contains("switches it on"));
    // What they name is what they do.
    assert_eq!(copied(&press(&mut story("spare", "", BIG), "w y")), "better-ccflare --reauthenticate spare");
    assert_eq!(copied(&press(&mut story("spare", "4", BIG), "2 y")), "better-ccflare --reauthenticate spare");
    let mut state = story("client-b", "4", BIG);
    assert!(matches!(press(&mut state, "1 space")[..], [Effect::Apply { .. }]));
}

#[test]
fn a_row_that_could_not_be_read_says_where_it_is_told_why() {
    let screen = shown(&after(UNRECORDED, "codex-busy", "", (200, 50)));
    let row = screen.lines().find(|line| line.contains("row 4")).expect("the row");
    assert!(row.contains('?') && row.contains("unreadable (w)") && row.contains("--"), "{row}");
}

#[test]
fn open_details_beside_the_table_take_the_room_that_the_events_leave_and_keep_it() {
    let heights = |state: &State| {
        let r = state.regions();
        (r.why.height, r.events.height)
    };
    for (size, usual, open) in [((120, 40), (20, 18), (25, 13)), ((200, 50), (20, 28), (32, 16))] {
        let mut state = after(UNRECORDED, "codex-busy", "", size);
        assert_eq!(heights(&state), usual);
        press(&mut state, "w");
        assert_eq!(heights(&state), usual, "the list has its room already");
        // Another view, another account, another pane with the keys: nothing moves.
        for keys in ["1 enter", "d", "d", "d", "1", "j", "k k k", "4", "2"] {
            press(&mut state, keys);
            assert_eq!(heights(&state), open, "{size:?} after {keys}");
        }
        press(&mut state, "esc esc");
        assert_eq!(heights(&state), usual);
    }
}

#[test]
fn a_tall_screen_shows_more_of_the_commands_at_once() {
    let shown = |size: (u16, u16)| {
        let screen = shown(&story("team-a", ":", size));
        let top = screen.lines().position(|line| line.contains("Commands")).expect("the box");
        screen.lines().skip(top + 1).take_while(|line| !line.starts_with('╰')).count()
    };
    assert_eq!([USUAL, BIG, (200, 50)].map(shown), [14, 19, 24]);
}

#[test]
fn the_key_that_scrolls_a_list_that_is_cut_is_named_once() {
    for (size, account, in_the_title) in
        [(BIG, "codex-busy", false), ((200, 50), "codex-busy", true), (USUAL, "codex-busy", true)]
    {
        let screen = shown(&after(UNRECORDED, account, "1 enter", size));
        let footer = screen.lines().last().expect("a footer").contains("  j scroll  ");
        let title =
            screen.lines().any(|line| line.contains("▸ 2 Facts") && line.contains("j scrolls  d next"));
        assert_eq!((title, footer), (in_the_title, !in_the_title), "{size:?}\n{screen}");
    }
    // Further down the title has more to say.
    let mut state = after(UNRECORDED, "codex-busy", "1 enter D D", (200, 50));
    for line in 0..40 {
        let screen = shown(&state);
        assert_eq!(screen.matches("  j scroll").count(), 1, "{line} lines down\n{screen}");
        press(&mut state, "j");
    }
    // Where all is in sight, or the keys are elsewhere, none is named.
    for keys in ["1 enter d d", "d", "1 enter 4"] {
        let screen = shown(&after(UNRECORDED, "dead-one", keys, BIG));
        assert!(!screen.contains("j scroll"), "{keys}\n{screen}");
    }
}

#[test]
fn why_tells_what_goes_without_saying_only_where_there_is_room_for_it() {
    let told = |account: &str, size: (u16, u16)| {
        let screen = shown(&story(account, "w", size));
        let all = [
            "✓ provider supported",
            "7d pace 77% used, 60% expected, runs out Tue",
            "7d 77% used, 60% expected",
            "endpoint default · fallback off",
            "endpoint default  ",
            "id 9b1d-44",
        ];
        all.map(|words| screen.contains(words))
    };
    assert_eq!(told("team-a", (200, 50)), [true, true, false, true, false, true]);
    assert_eq!(told("team-a", BIG), [true, false, true, false, true, true]);
    assert_eq!(told("team-a", USUAL), [false, false, false, false, false, true], "nothing left for them");
    assert_eq!(told("grok", (200, 50)), [false; 6], "what is not known is not told");
    // A text that is copied has them all.
    assert!(copied(&press(&mut story("team-a", "w", SMALL), "y")).contains("provider supported"));
}

#[test]
fn a_key_in_the_servers_log_is_shown_and_copied_nowhere() {
    let mut state = scene::selecting("team-a");
    let line = "Auto-refresh message failed for account team-a: 500 Authorization: Bearer sk-ant-oat01-AbCdEfGhIjKlMnOp";
    state.logs.push(vec![
        scene::log("14:02:00", "INFO", "Sending auto-refresh message to account: team-a"),
        scene::log("14:02:01", "ERROR", line),
    ]);
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
        let mut state = state.clone();
        let now = state.now;
        update(&mut state, now, Msg::Resized(Size::new(width, height)));
        let mut copied = press(&mut state, "y w");
        copied.extend(press(&mut state, "w y"));
        let screen = scene::text(&state, width, height);
        assert!(screen.contains("last refresh failed") || screen.contains("last failed"), "{screen}");
        assert!(
            !screen.contains("AbCdEf") && !format!("{copied:?}").contains("AbCdEf"),
            "{screen} {copied:?}"
        );
    }
}
