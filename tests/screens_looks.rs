//! Every state at every usual size: as it usually is, with ASCII alone, and its styles with colours and without.
//!
//! `FLARETOP_LOOKS=DIR cargo test --test screens_looks` also writes each of them there as a terminal gets it: `cat` shows it.

#![allow(missing_docs, reason = "tests are named for their claims")]
#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod scene;

use std::path::Path;

use flaretop::app::{Doubt, Msg, Show, State, update};
use flaretop::model::{AuthProblem, Failure};
use flaretop::runtime::encode::Encoder;
use flaretop::view::theme::Theme;
use insta::assert_snapshot;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;
use ratatui::style::Color;
use scene::details::{self, UNRECORDED};

const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 50)];

/// Writes a screen, with the bytes of the program itself, into the directory that was asked for.
fn leave_to_look_at(name: &str, mut screen: Buffer) {
    let Some(dir) = std::env::var_os("FLARETOP_LOOKS") else { return };
    let Size { width, height } = screen.area.as_size();
    let mut bytes = Vec::new();
    Encoder::new(screen.area).encode(&mut screen, &mut bytes);
    // A prompt comes below it, and a terminal of just this size does not scroll.
    bytes.extend(format!("\x1b[{}H", height + 1).bytes());
    std::fs::create_dir_all(&dir).expect("a directory to write to");
    std::fs::write(Path::new(&dir).join(format!("{name}-{width}x{height}.ans")), bytes)
        .expect("a screen written");
}

/// A state on a screen of that size, after these keys.
fn keyed(mut state: State, size: (u16, u16), keys: &str) -> State {
    let now = state.now;
    update(&mut state, now, Msg::Resized(Size::new(size.0, size.1)));
    details::press(&mut state, keys);
    state
}

fn of_account(size: (u16, u16), keys: &str) -> State {
    details::after(UNRECORDED, "codex-busy", keys, size)
}

fn ascii(name: &str, state: impl Fn((u16, u16)) -> State) {
    let screens = SIZES.map(|(width, height)| {
        let state = state((width, height));
        let screen = scene::cells(&state, &Theme::new(false, true), width, height);
        let text = scene::lines(&screen);
        leave_to_look_at(&format!("{name}-ascii"), screen);
        assert!(text.replace('¦', "").is_ascii(), "{text}");
        text
    });
    assert_snapshot!(format!("ascii-{name}"), screens.join("\n"));
}

fn usual(name: &str, state: impl Fn((u16, u16)) -> State) {
    let screens = SIZES.map(|(width, height)| {
        let state = state((width, height));
        for (look, color) in [("", true), ("-mono", false)] {
            leave_to_look_at(
                &format!("{name}{look}"),
                scene::cells(&state, &Theme::new(color, false), width, height),
            );
        }
        scene::lines(&scene::cells(&state, &Theme::new(true, false), width, height))
    });
    assert_snapshot!(format!("usual-{name}"), screens.join("\n"));
}

fn styles(name: &str, state: impl Fn((u16, u16)) -> State) {
    let state = state((80, 24));
    let [colored, plain] = [true, false].map(|color| scene::cells(&state, &Theme::new(color, false), 80, 24));
    assert!(plain.content().iter().all(|c| c.fg == Color::Reset && c.bg == Color::Reset));
    assert_eq!(scene::lines(&colored), scene::lines(&plain), "no word is only there with colours");
    assert_snapshot!(
        format!("styles-{name}"),
        format!("{}\nwithout colour\n{}", scene::styles(&colored), scene::styles(&plain))
    );
}

macro_rules! looks {
    ($($name:ident: $size:ident => $state:expr;)+) => {
        $(#[test]
        fn $name() {
            usual(stringify!($name), |$size| $state);
            ascii(stringify!($name), |$size| $state);
            styles(stringify!($name), |$size| $state);
        })+
    };
}

looks! {
    story: size => keyed(scene::story(), size, "");
    loading: size => keyed(scene::loading(), size, "");
    too_early: size => keyed(scene::loading(), size, "space");
    lost: size => keyed(scene::lost(), size, "");
    late: size => keyed(scene::late(), size, "");
    stream_lost: size => keyed(scene::stream_lost(), size, "");
    unreachable: size => keyed(scene::unreachable(Failure::Refused), size, "");
    empty: size => keyed(scene::empty(), size, "");
    nothing_matches: size => keyed(scene::story(), size, "/ n o b o d y enter");
    key_wanted: size => keyed(scene::key_wanted(AuthProblem::KeyRequired), size, "");
    refused: size => keyed(scene::refused(), size, "");
    what_was_sent: size => keyed(scene::what_was_sent(), size, "");
    question: size => keyed(scene::question(Doubt::Twin), size, "");
    typing_a_priority: size => keyed(scene::typing_a_priority(), size, "");
    skewed: size => keyed(scene::skewed(), size, "");
    frozen: size => keyed(scene::story(), size, "F");
    names_hidden: size => keyed(scene::story(), size, "*");
    filter_typed: size => keyed(scene::story(), size, "/ a u t o : o f f");
    help: size => keyed(scene::story(), size, "?");
    commands: size => keyed(scene::story(), size, ":");
    columns: size => keyed(scene::story(), size, "C");
    columns_chosen: size => keyed(scene::story(), size, "C j j j space G f");
    why: size => keyed(scene::selecting("spare"), size, "w");
    facts: size => of_account(size, "enter");
    usage: size => of_account(size, "enter d");
    session: size => of_account(size, "enter d d");
    raw: size => of_account(size, "enter D D");
    zoom_accounts: size => keyed(scene::story(), size, "z");
    zoom_why: size => keyed(scene::selecting("spare"), size, "w z");
    zoom_events: size => keyed(scene::story(), size, "4 z");
    copy: size => keyed(scene::story(), size, "y");
    copied: size => keyed(scene::story(), size, "y i");
    event: size => scene::in_trouble(size.0, size.1, "e e e enter");
    events_grouped: size => scene::in_trouble(size.0, size.1, "");
    events_searched: size => scene::in_trouble(size.0, size.1, "/ f a i l e d enter n");
    events_held: size => keyed(scene::events(Show::Info, "j j j"), size, "");
    events_new: size => keyed(scene::held_and_more(), size, "");
    own_changes: size => keyed(scene::own_changes(), size, "");
    own_change_whole: size => keyed(scene::own_changes(), size, "4 j j enter");
    changed_elsewhere: size => keyed(scene::changed_elsewhere(), size, "");
    named_servers: size => keyed(scene::named_servers(), size, "");
}

/// Below the least useful size there are countdowns alone, or the one thing that there is to say.
#[test]
fn tight() {
    let states = vec![
        ("story", scene::story()),
        ("lost", scene::lost()),
        ("loading", scene::loading()),
        ("unreachable", scene::unreachable(Failure::Refused)),
        ("empty", scene::empty()),
        ("names hidden", keyed(scene::story(), (80, 24), "*")),
    ];
    let screens = states.into_iter().map(|(name, state)| {
        let [usual, ascii] =
            [false, true].map(|ascii| scene::lines(&scene::cells(&state, &Theme::new(false, ascii), 28, 5)));
        assert!(ascii.replace('¦', "").is_ascii(), "{ascii}");
        format!("{name}\n{usual}{ascii}")
    });
    assert_snapshot!("tight", screens.collect::<Vec<_>>().join("\n"));
}
