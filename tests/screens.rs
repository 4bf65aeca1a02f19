//! What the screen looks like beyond the states that `screens_looks` has at every size: more of each kind, other sizes, themes.

#![allow(missing_docs, reason = "tests are named for their claims")]

mod scene;

use flaretop::app::{Doubt, Pane, Show};
use flaretop::model::AuthProblem;
use flaretop::view::theme::{Depth, Theme, ThemeName};
use insta::assert_snapshot;

macro_rules! screens {
    ($($name:ident: $state:expr => $($width:literal x $height:literal),+;)+) => {
        $(#[test]
        fn $name() {
            let state = $state;
            $(assert_snapshot!(
                concat!(stringify!($name), "-", stringify!($width), "x", stringify!($height)),
                scene::text(&state, $width, $height)
            );)+
        })+
    };
}

screens! {
    story: scene::story() => 80 x 12, 100 x 30, 28 x 5, 30 x 6;
    running: scene::selecting("personal") => 80 x 24;
    signed_out: scene::selecting("spare") => 80 x 24, 120 x 40;
    limited: scene::selecting("client-b") => 80 x 24, 120 x 40;
    not_offered: scene::selecting("grok") => 80 x 24, 120 x 40;
    zoo: scene::zoo() => 80 x 24, 120 x 40, 200 x 50;
    cooling: scene::in_zoo("cooling") => 80 x 24, 120 x 40;
    unreadable: scene::in_zoo("row 1") => 80 x 24, 120 x 40;
    many: scene::many(27) => 80 x 24, 40 x 12;
    changing: scene::changing() => 80 x 24;
    held_up: scene::held_up() => 80 x 24;
    key_unknown: scene::key_wanted(AuthProblem::InvalidKey) => 80 x 24;
    key_without_role: scene::key_wanted(AuthProblem::NotAdmin) => 80 x 24;
    keys_break_refresh: scene::keys_break_refresh() => 80 x 24, 120 x 40;
    refused: scene::refused() => 30 x 6, 80 x 12;
    refused_among_few: scene::refused_among_few() => 80 x 24, 120 x 40;
    a_wrong_priority: scene::a_wrong_priority() => 40 x 12, 80 x 24;
    typing_an_endpoint: scene::typing_an_endpoint() => 40 x 12, 80 x 24;
    a_wrong_endpoint: scene::a_wrong_endpoint() => 80 x 24;
    values_changing: scene::values_changing() => 80 x 24, 120 x 40;
    undoing: scene::undoing() => 80 x 24;
    clearing_a_limit: scene::clearing_a_limit() => 40 x 12, 80 x 24;
    replacing_what_is_no_address: scene::replacing_what_is_no_address() => 40 x 12, 80 x 24;
    own_keys: scene::own_keys() => 80 x 24;
    asking_of_a_named_server: { let mut s = scene::named_servers(); s.dialog = scene::question(Doubt::Twin).dialog; s } => 80 x 24;
    help_of_events: scene::help(Pane::Events) => 120 x 40;
    question_about_the_last: scene::question(Doubt::LastUsable) => 80 x 24;
    events_all: scene::events(Show::All, "") => 120 x 40;
    events_gap: scene::gap() => 80 x 24, 40 x 12, 120 x 40, 200 x 50;
    events_wrapped: scene::in_trouble(80, 24, "W") => 80 x 24, 120 x 40;
    events_sideways: scene::in_trouble(80, 24, "l l") => 80 x 24, 40 x 12;
    events_searched: scene::in_trouble(80, 24, "/ r e f u s e d enter n") => 80 x 24, 120 x 40;
    events_searching: scene::in_trouble(80, 24, "/ 4 2 9") => 40 x 12, 80 x 24;
    events_matching: scene::in_trouble(80, 24, "/ 4 2 9 tab") => 80 x 24;
    events_nothing_matches: scene::in_trouble(80, 24, "/ x y z tab enter") => 80 x 24;
    events_of_one: scene::in_trouble(80, 24, "e e i L") => 80 x 24, 120 x 40;
    events_cleared: scene::in_trouble(80, 24, "c") => 80 x 24;
    event_long: scene::in_trouble(80, 24, "e e e enter ctrl-d ctrl-d W l l") => 80 x 24;
    event_widest: scene::in_trouble(200, 50, "e e enter") => 200 x 50;
    event_of_one_record: scene::in_trouble(120, 40, "space enter") => 120 x 40;
}

#[test]
fn ascii_alone_is_enough() {
    let ascii = |state: &flaretop::app::State, name: &str| {
        let buf = scene::cells(state, &Theme::new(false, true), 80, 24);
        let text = scene::lines(&buf);
        assert!(text.replace('¦', "").is_ascii());
        assert_snapshot!(format!("ascii-{name}"), text);
    };
    ascii(&scene::zoo(), "zoo");
    ascii(&scene::in_trouble(80, 24, "e / 4 2 9 enter l"), "events");
}

#[test]
fn a_theme_has_its_own_colours_on_its_own_ground() {
    let dark = Theme::named(ThemeName::Dark, Depth::True, true, false);
    assert_snapshot!("styles-story-dark", scene::styles(&scene::cells(&scene::story(), &dark, 80, 24)));
    let light = Theme::named(ThemeName::Light, Depth::Indexed, true, false);
    assert_snapshot!("styles-lost-light", scene::styles(&scene::cells(&scene::lost(), &light, 80, 24)));
}

#[test]
fn no_theme_says_anything_by_colour_alone() {
    for state in [scene::story(), scene::zoo(), scene::lost(), scene::refused(), scene::changing()] {
        let plain = scene::lines(&scene::cells(&state, &Theme::new(false, false), 80, 24));
        for name in ThemeName::ALL {
            let theme = Theme::named(name, Depth::True, true, false);
            assert_eq!(scene::lines(&scene::cells(&state, &theme, 80, 24)), plain, "{name:?}");
        }
    }
}
