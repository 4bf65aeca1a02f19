//! Characters, colours, and how little is written.

use chrono::Timelike as _;
use serde_json::Value;

use crate::support::account::Account;
use crate::support::server::Server;
use crate::support::term::Launch;
use crate::support::{now, wait, wall_clock};
use crate::{dashboard, live, patient_dashboard, two_accounts};

/// Everything that is shown: the table, help, a change, a notice, the connection lost.
fn everything(launch: Launch) -> String {
    let mut server = Server::with(two_accounts());
    server.log("ERROR", "Auto-refresh message failed for account work: 500 Internal Server Error");
    let launch = launch.arg(&server.url());
    let mut term = live(launch);
    term.wait_for_words("refresh failed");
    term.keys("space ?");
    term.wait_for_text("Help");
    term.keys("esc x");
    term.wait_for_words("means nothing here");
    server.stop();
    term.wait_for_text("LOST");
    term.keys("q");
    let end = term.wait_for_end();
    end.assert_restored();
    String::from_utf8(end.raw).expect("UTF-8")
}

/// The parameters of the sequences that set colours.
fn colours(raw: &str) -> Vec<String> {
    let sequences = raw.split("\x1b[").skip(1).filter_map(|s| s.split_once('m'));
    let all = sequences.filter(|(s, _)| s.bytes().all(|b| b.is_ascii_digit() || b == b';'));
    all.flat_map(|(s, _)| s.split(';').map(str::to_owned).collect::<Vec<_>>())
        .filter(|p| {
            let p: u32 = p.parse().unwrap_or(0);
            (30..=38).contains(&p) || (40..=48).contains(&p) || (90..=107).contains(&p)
        })
        .collect()
}

#[test]
fn colours_and_glyphs_are_used_where_the_terminal_has_them() {
    let raw = everything(Launch::new(&["--interval", "0.5"]));
    assert!(!colours(&raw).is_empty());
    assert!(raw.contains('╭') && raw.contains('▸'));
}

#[test]
fn ascii_is_ascii_everywhere() {
    let raw = everything(Launch::new(&["--interval", "0.5", "--ascii"]));
    let other: Vec<char> = raw.chars().filter(|c| !c.is_ascii()).collect();
    assert!(other.is_empty(), "{other:?}");
}

#[test]
fn a_locale_that_is_not_utf_8_gets_ascii() {
    for locale in ["C", "de_DE.ISO-8859-1", ""] {
        let raw = everything(Launch::new(&["--interval", "0.5"]).env("LANG", locale));
        let other: Vec<char> = raw.chars().filter(|c| !c.is_ascii()).collect();
        assert!(other.is_empty(), "LANG={locale}: {other:?}");
    }
}

#[test]
fn no_color_means_no_colour() {
    let raw = everything(Launch::new(&["--interval", "0.5"]).env("NO_COLOR", "1"));
    assert_eq!(colours(&raw), [""; 0]);
    let raw = everything(Launch::new(&["--interval", "0.5", "--color", "never"]));
    assert_eq!(colours(&raw), [""; 0]);
}

#[test]
fn a_screen_on_which_nothing_counts_writes_nothing() {
    let server = Server::with([
        Account::named("work").with("priority", 1).with("rateLimitReset", Value::Null),
        Account::named("far").resets_in(4 * 86_400 + 1_800),
    ]);
    let mut term = live(Launch::new(&["--interval", "2", &server.url()]));
    server.wait_for_stream();
    term.wait_for_text("No refresh yet");
    // The clock shows minutes, and a window of days counts hours: no minute may turn while nothing is to be written.
    wait(
        "a stretch of time within one minute",
        || (wall_clock().second() < 50 && term_is_quiet(&term)).then_some(()),
        || term.shot().to_string(),
    );
    let (began, minute) = (now(), wall_clock().minute());
    let before = term.written();
    let polls = server.count("/api/accounts");
    let quiet = std::time::Duration::from_secs(3);
    wait("three seconds", || (began.elapsed() >= quiet).then_some(()), String::new);
    let written = term.raw().split_off(before);
    assert_eq!(wall_clock().minute(), minute, "the machine was too slow for this");
    assert!(server.count("/api/accounts") > polls, "it polls meanwhile");
    assert!(written.is_empty(), "{:?}", String::from_utf8_lossy(&written));
}

/// Nothing has been written for half a second.
fn term_is_quiet(term: &crate::support::term::Term) -> bool {
    let before = term.written();
    std::thread::sleep(std::time::Duration::from_millis(500));
    term.written() == before
}

#[test]
fn a_tick_writes_the_digits_that_changed() {
    let server = Server::with([Account::named("work").resets_in(1_800)]);
    let mut term = live(patient_dashboard(&server));
    server.wait_for_stream();
    term.wait_for_text("following");
    let mut left = term.shot().seconds_left("work").expect("a countdown");
    let mut most = 0;
    for _ in 0..3 {
        let before = term.written();
        let now =
            term.wait_for("the next second", |shot| shot.seconds_left("work").is_some_and(|now| now < left));
        left = now.seconds_left("work").expect("a countdown");
        most = most.max(term.written() - before);
    }
    assert!(most < 200, "{most} bytes for one second");
}

#[test]
fn nothing_is_drawn_twice_for_a_poll_that_changes_nothing() {
    let server = Server::with([Account::named("work").with("rateLimitReset", Value::Null)]);
    let mut term = live(dashboard(&server));
    server.wait_for_stream();
    term.wait_for_text("No refresh yet");
    let polls = server.count("/api/accounts");
    let before = term.written();
    server.wait_for_count("/api/accounts", polls + 4);
    let written = term.raw().split_off(before);
    // The minute may turn, the header's clock with it.
    assert!(written.len() < 100, "{:?}", String::from_utf8_lossy(&written));
}
