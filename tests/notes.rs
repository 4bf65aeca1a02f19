//! Changes among the events, one's own and others': they are searched, opened and shown whole as records are.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod scene;

use chrono::TimeDelta;
use flaretop::app::{AccountsAnswer, Effect, Msg, State, update, window};
use flaretop::model::{Plain, Rows, Told};
use ratatui::layout::Size;

/// Presses these keys, a second apart. What begins with `'` is typed.
fn press(state: &mut State, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in keys.split("  ") {
        let chords: Vec<String> = match key.strip_prefix('\'') {
            Some(typed) => {
                typed.chars().map(|c| if c == ' ' { "space".to_owned() } else { c.to_string() }).collect()
            }
            None => vec![key.to_owned()],
        };
        for chord in chords {
            let now = state.now + TimeDelta::seconds(1);
            effects.extend(update(state, now, Msg::Key(chord.parse().expect("a key"))));
        }
    }
    effects
}

fn sized(mut state: State, (width, height): (u16, u16)) -> State {
    let now = state.now;
    update(&mut state, now, Msg::Resized(Size::new(width, height)));
    state
}

/// Auto-fallback of `client-b` was asked for, and is not answered yet; with what was asked of the server.
fn asked() -> (State, Vec<Effect>) {
    let mut state = scene::selecting("client-b");
    let effects = press(&mut state, "f");
    (state, effects)
}

/// The server did it, and its list shows it.
fn done(state: &mut State, asked: &[Effect]) {
    let now = state.now + TimeDelta::milliseconds(20);
    let change = asked.iter().find_map(|e| match e {
        Effect::Apply { seq, id, change } => Some((*seq, id.clone(), change.clone())),
        _ => None,
    });
    let (seq, id, change) = change.expect("a change");
    let effects = update(state, now, Msg::ChangeDone { seq, id, change, result: Ok(Told::Done) });
    let seq = effects.iter().find_map(|e| if let Effect::Poll { seq } = e { Some(*seq) } else { None });
    let mut accounts = state.accounts.rows().to_vec();
    accounts.iter_mut().filter(|a| a.name == "client-b").for_each(|a| a.auto_fallback = Some(true));
    let answer = AccountsAnswer { accounts, sent: now, received: now, date: None, rows: Rows::default() };
    update(state, now, Msg::Accounts { seq: seq.expect("a poll"), result: Ok(answer) });
}

#[test]
fn a_search_finds_changes_by_what_they_say_of_whom_and_whose_they_are() {
    for (typed, count) in
        [("priority", 1), ("you", 4), ("confirmed", 1), ("WAS OFF", 1), ("unknown if done", 1)]
    {
        let mut state = sized(scene::own_changes(), (120, 40));
        press(&mut state, &format!("4  /  '{typed}  enter"));
        assert_eq!(window(&state, 40).hits, count, "{typed}\n{}", scene::text(&state, 120, 40));
    }
    for (typed, count) in [("by someone else", 3), ("seen", 4), ("glm-zai", 2)] {
        let mut state = sized(scene::changed_elsewhere(), (120, 40));
        press(&mut state, &format!("4  /  '{typed}  enter"));
        assert_eq!(window(&state, 40).hits, count, "{typed}\n{}", scene::text(&state, 120, 40));
    }
}

#[test]
fn a_search_goes_to_them_and_shows_them_alone() {
    for size in [(40, 12), (80, 24), (120, 40)] {
        let mut state = sized(scene::own_changes(), size);
        press(&mut state, "4  /  'refused  enter  &");
        let screen = scene::text(&state, size.0, size.1);
        assert!(screen.contains("priority") && !screen.contains("fallback on"), "{screen}");
        press(&mut state, "enter");
        let screen = scene::text(&state, size.0, size.1);
        assert!(screen.contains("refused: 500"), "{screen}");
    }
}

#[test]
fn a_search_follows_what_becomes_of_a_change() {
    let (mut state, effects) = asked();
    press(&mut state, "4  /  'confirmed  enter");
    let before = window(&state, 40).hits;
    done(&mut state, &effects);
    assert_eq!(window(&state, 40).hits, before + 1, "{}", scene::text(&state, 120, 40));
}

#[test]
fn a_change_that_is_open_says_what_becomes_of_it() {
    let (mut state, effects) = asked();
    press(&mut state, "4  enter");
    let shown = |state: &State| scene::text(state, 80, 24);
    assert!(shown(&state).contains("asked") && !shown(&state).contains("confirmed"), "{}", shown(&state));
    done(&mut state, &effects);
    assert!(shown(&state).contains("confirmed"), "{}", shown(&state));
    let copied = press(&mut state, "y");
    let [Effect::Copy(lines)] = &copied[..] else { panic!("{copied:?}") };
    assert!(lines.iter().map(Plain::as_str).any(|line| line == "confirmed"), "{lines:?}");
}

#[test]
fn a_long_reason_is_scrolled_to_the_side_and_back() {
    let reason = "the database is read-only while team-a is being written to by another process";
    for size in [(40, 12), (80, 24)] {
        let mut state = sized(scene::refused_by(reason), size);
        press(&mut state, "esc  4");
        let before = scene::text(&state, size.0, size.1);
        for _ in 0..9 {
            press(&mut state, "l");
            if scene::text(&state, size.0, size.1).contains("another process") {
                break;
            }
        }
        let scrolled = scene::text(&state, size.0, size.1);
        assert!(scrolled.contains("another process"), "{scrolled}");
        press(&mut state, "h  h  h  h  h  h  h  h  h");
        let lines = |s: &str| s.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(lines(&scene::text(&state, size.0, size.1)).len(), lines(&before).len());
        assert!(!scene::text(&state, size.0, size.1).contains("another process"));
    }
}

#[test]
fn a_long_reason_is_shown_whole_under_the_cursor() {
    let reason =
        "the database is read-only while team-a is being written to by another process of this machine";
    let mut state = sized(scene::refused_by(reason), (80, 24));
    press(&mut state, "esc  4");
    let cut = scene::text(&state, 80, 24);
    assert!(!cut.contains("of this machine"), "{cut}");
    press(&mut state, "W");
    let whole = scene::text(&state, 80, 24);
    let read: Vec<&str> =
        whole.split(|c: char| c.is_whitespace() || "│¦".contains(c)).filter(|w| !w.is_empty()).collect();
    assert!(read.join(" ").contains(reason), "{whole}");
    // The lines below are moved down by it, and are there.
    assert!(whole.contains("13:58:46"), "{whole}");
}

#[test]
fn a_search_while_names_are_hidden_finds_aliases_and_gives_no_name_away() {
    let mut state = sized(scene::own_changes(), (120, 40));
    press(&mut state, "*  4");
    let screen = scene::text(&state, 120, 40);
    let alias =
        screen.split_whitespace().find(|word| word.starts_with("account-")).expect("an alias").to_owned();
    press(&mut state, &format!("/  '{alias}  enter"));
    assert!(window(&state, 40).hits > 0, "{alias}: {screen}");
    press(&mut state, "esc  esc");
    for name in ["client-b", "personal", "team-a"] {
        press(&mut state, &format!("4  /  'x  ctrl-u  '{name}  enter"));
        assert_eq!(window(&state, 40).hits, 0, "{name}");
        press(&mut state, "esc  esc");
    }
    // What is searched for follows them: back to the names, they are found.
    press(&mut state, "4  /  'x  ctrl-u  'client-b  enter");
    assert_eq!(window(&state, 40).hits, 0);
    press(&mut state, "*");
    assert!(window(&state, 40).hits > 0);
}

#[test]
fn on_a_small_screen_a_line_is_opened_and_not_broken() {
    let mut state = sized(scene::own_changes(), (40, 12));
    press(&mut state, "4  W");
    let said = state.notice.as_ref().map_or("", |n| n.text.as_str());
    assert_eq!(said, "there is no room for that: open the event");
    assert!(!state.events.wrap);
}

#[test]
fn no_address_is_told_while_names_are_hidden() {
    for keys in ["4  *", "4  *  g  j  enter"] {
        let mut state = sized(scene::changed_elsewhere(), (120, 40));
        press(&mut state, keys);
        let screen = scene::text(&state, 120, 40);
        assert!(!screen.contains("proxy.example"), "{screen}");
    }
    let mut state = sized(scene::changed_elsewhere(), (120, 40));
    press(&mut state, "4  *");
    assert!(scene::text(&state, 120, 40).contains("endpoint (hidden) (was none)"));
    press(&mut state, "/  'proxy  enter");
    assert_eq!(window(&state, 40).hits, 0);
    press(&mut state, "*");
    assert_eq!(window(&state, 40).hits, 1);
}

#[test]
fn the_name_that_was_searched_for_is_hidden_too() {
    let mut state = sized(scene::own_changes(), (120, 40));
    press(&mut state, "4  /  'client-b  enter  *");
    let screen = scene::text(&state, 120, 40);
    assert!(!screen.contains("client-b") && screen.contains("no match"), "{screen}");
}
