//! What the table looks like while a person works in it: filtered, sorted, on another page, with times of day, without names, frozen.

#![allow(missing_docs, reason = "tests are named for their claims")]
#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod scene;

use flaretop::app::{Msg, State, update};
use flaretop::keymap::{Chord, Code};
use flaretop::view::theme::Theme;
use insta::assert_snapshot;
use ratatui::layout::Size;

/// The state after these keys, pressed on a screen of that size. What begins with `'` is typed.
fn after(state: State, keys: &str, width: u16, height: u16) -> State {
    let mut state = state;
    let now = state.now;
    update(&mut state, now, Msg::Resized(Size::new(width, height)));
    let mut press = |chord: Chord| {
        update(&mut state, now, Msg::Key(chord));
    };
    for key in keys.split("  ") {
        match key.strip_prefix('\'') {
            Some(typed) => typed.chars().for_each(|c| press(Chord::plain(Code::Char(c)))),
            None => press(key.parse().expect("a key")),
        }
    }
    state
}

macro_rules! screens {
    ($($name:ident: $state:expr, $keys:literal => $($width:literal x $height:literal),+;)+) => {
        $(#[test]
        fn $name() {
            $(assert_snapshot!(
                concat!(stringify!($name), "-", stringify!($width), "x", stringify!($height)),
                scene::text(&after($state, $keys, $width, $height), $width, $height)
            );)+
        })+
    };
}

screens! {
    filter_typed: scene::story(), "/  'auto:off pri<15" => 40 x 12, 80 x 24, 120 x 40, 200 x 50;
    filter_begun: scene::story(), "/  'work or state:" => 40 x 12, 80 x 24, 120 x 40;
    filter_completed: scene::story(), "/  'auto:  tab  tab" => 40 x 12, 80 x 24;
    filter_wrong: scene::story(), "/  'auto:off state:limted" => 40 x 12, 80 x 24, 120 x 40;
    filter_terms: scene::story(), "/  ?  'needs:me" => 30 x 6, 40 x 12, 80 x 24, 120 x 40;
    filter_kept: scene::story(), "/  'auto:off  enter" => 40 x 12, 80 x 24, 120 x 40;
    filter_too_long_for_the_title: scene::many(40), "/  'auto:off pri<30 or state:sign-in or needs:me or resets<30m  enter" => 60 x 20, 80 x 24;
    nothing_matches: scene::story(), "/  'auto:off pri<10  enter" => 30 x 6, 40 x 12, 80 x 24, 120 x 40, 200 x 50;
    nothing_matches_yet: scene::story(), "/  'nobody" => 40 x 12, 80 x 24;
    sorted: scene::story(), ">  >  >" => 40 x 12, 80 x 24, 120 x 40, 200 x 50;
    sorted_down: scene::many(27), "S" => 80 x 24;
    second_page: scene::story(), "l" => 40 x 12, 80 x 12, 80 x 24, 120 x 40;
    third_page: scene::story(), "l  l" => 40 x 12;
    clocks: scene::story(), "t" => 40 x 12, 80 x 24, 120 x 40, 200 x 50;
    clocks_of_all_kinds: scene::zoo(), "t" => 80 x 24;
    utc: scene::story(), "T  esc" => 40 x 12, 80 x 24;
    frozen: scene::story(), "F" => 30 x 6;
    odd: scene::many(16), "j" => 31 x 7, 45 x 13, 60 x 16, 79 x 23, 80 x 18, 59 x 40, 140 x 45, 180 x 50, 250 x 70;
    few: scene::story(), "j" => 60 x 16, 45 x 25;
}

#[test]
fn ascii_and_no_colour_are_enough() {
    for (keys, name) in [
        ("/  'auto:off pri<15", "filter"),
        ("/  ?", "terms"),
        ("l", "second-page"),
        ("S", "sorted-down"),
        ("/  'nobody  enter", "nothing"),
        ("F", "frozen"),
    ] {
        let buf = scene::cells(&after(scene::story(), keys, 80, 24), &Theme::new(false, true), 80, 24);
        let text = scene::lines(&buf);
        assert!(text.replace('¦', "").is_ascii(), "{text}");
        assert_snapshot!(format!("ascii-{name}"), text);
    }
}

#[test]
fn the_sorted_column_and_the_filter_stand_out() {
    for (color, name) in [(true, "colour"), (false, "mono")] {
        let state = after(scene::story(), ">  >  /  'auto:off pri<15  enter", 80, 24);
        let buf = scene::cells(&state, &Theme::new(color, false), 80, 24);
        let styles = scene::styles(&buf);
        let top: Vec<&str> =
            styles.lines().filter(|l| l.starts_with([' ']) && l.as_bytes().get(1) <= Some(&b'5')).collect();
        assert_snapshot!(format!("styles-{name}"), top.join("\n"));
    }
}
