//! The built-in scenarios as the dashboard shows them: played by a simulated clock, with what the server says fed to the program.

#![allow(missing_docs, reason = "tests are named for their claims")]

#[path = "scene/player.rs"]
mod player;
mod scene;

use std::collections::BTreeSet;

use flaretop::app::{Look, standing, switch};
use flaretop::model::Setting;
use flaretop::view::theme::Theme;
use flaretop::view::words;
use insta::assert_snapshot;
use player::{Player, played};

/// What STATE says; all but the two that the observed server's list cannot show: a first choice, and a row that cannot be read.
const STATES: [&str; 10] =
    ["SIGN-IN", "paused", "cooling", "limited", "throttled", "DUE", "over", "unused", "warning", "ready"];

/// What the events say.
const EVENTS: [&str; 7] = [
    "new window",
    "refresh failed",
    "paused by the server",
    "cooldown",
    "strike 1 of 5",
    "scheduler started",
    "switched off by the server",
];

/// What AUTO says.
const SWITCHES: [&str; 4] = ["on", "off", "off!", "n/a"];

/// The guide's scenario, with its commands given after ten seconds.
fn guided(seconds: i64) -> Player {
    let mut player = played("guide", 10);
    for name in ["my-account", "primary", "premium"] {
        player.command(name, "auto-refresh");
    }
    player.command("premium", "auto-fallback");
    player.play(seconds - 10);
    player
}

macro_rules! scenarios {
    ($($name:ident: $player:expr;)+) => {
        $(#[test]
        fn $name() {
            let player = $player;
            assert_snapshot!(concat!(stringify!($name), "-80x24"), player.shot(80, 24));
            assert_snapshot!(concat!(stringify!($name), "-120x40"), player.shot(120, 40));
        })+
    };
}

scenarios! {
    tour: played("tour", 48);
    guide: guided(62);
    guide_after_all_is_refreshed: guided(122);
    failing: played("failing", 22);
    failing_held_up: played("failing", 74).keys("j j j");
    exhausted: played("exhausted", 32);
    restart: played("restart", 35);
    restart_over: played("restart", 52);
    skewed_clock: played("skewed-clock", 34);
    flood: played("flood", 26);
    hostile: played("hostile", 20);
    crowd: played("crowd", 64);
}

#[test]
fn the_tour_shows_every_state_within_two_minutes() {
    let mut player = Player::new("tour");
    let mut seen = BTreeSet::new();
    for _ in 0..120 {
        player.play(1);
        for account in player.state.accounts.rows() {
            assert!(account.fault.is_none(), "{account:?}");
            seen.insert(words::standing(&standing(&player.state, account)).to_owned());
            let auto = switch(&player.state, account, Setting::AutoRefresh);
            seen.insert(words::switch(auto, Theme::new(false, false).glyph()));
        }
        for line in player.shot(120, 40).lines() {
            seen.extend(
                EVENTS.iter().filter(|words| line.contains(**words)).map(|words| (*words).to_owned()),
            );
        }
    }
    let missing: Vec<_> =
        STATES.iter().chain(&EVENTS).chain(&SWITCHES).filter(|word| !seen.contains(**word)).collect();
    assert!(missing.is_empty(), "{missing:?} never seen; seen were {seen:?}");
}

/// Each tick is held to what it says of the screen (`scene::looks`): here in every view of pane 2, with other columns, times, order and
/// focus, and on every kind of screen.
#[test]
fn as_time_passes_as_little_is_drawn_anew_as_is_needed() {
    let mut looks = Vec::new();
    for keys in ["j", "w", "d", "d d", "d d d", "t", "T", "z", "tab tab z", "*", ">", "/ d u e enter", "s s"]
    {
        for (width, height) in [(40, 12), (60, 20), (80, 24), (120, 40), (200, 50)] {
            let mut player = played("tour", 5).sized(width, height).keys(keys);
            player.play(40);
            looks.extend(player.looks);
        }
    }
    let counted = looks.iter().filter(|look| **look == Look::Counts).count();
    assert!(counted > 500, "{counted} of {}", looks.len());
}
