//! The table as a person works in it, in the whole program.

use std::time::Duration;

use chrono::Timelike as _;

use crate::support::account::Account;
use crate::support::server::Server;
use crate::support::{now, wait, wall_clock};
use crate::{dashboard, live, patient_dashboard, two_accounts};

#[test]
fn a_filter_is_typed_kept_and_cleared() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    term.keys("/ a u t o : o f f");
    term.wait_for("what it finds", |shot| shot.has("1 match") && shot.row("work").is_none());
    term.keys("enter");
    let shot = term.wait_for_text("filter: auto:off");
    assert!(shot.row("home").is_some() && shot.row("work").is_none(), "{shot}");
    // The keys now mean the row that is shown.
    term.keys("space");
    server.wait_for_changes(1);
    let asked = server.requests();
    assert!(asked.iter().any(|r| r.path.contains("id-home/auto-refresh")), "{asked:?}");
    term.keys("esc");
    term.wait_for("all of them", |shot| shot.row("work").is_some() && shot.row("home").is_some());
}

#[test]
fn a_frozen_screen_is_not_written_to_until_a_key_comes() {
    let server = Server::with([Account::named("work").resets_in(1_800)]);
    let mut term = live(dashboard(&server));
    term.keys("F");
    term.wait_for("the sign of it", |shot| shot.has("FROZEN") && shot.has("any key resumes"));
    let before = term.written();
    server.set("work", "name", "renamed");
    let polls = server.count("/api/accounts");
    server.wait_for_count("/api/accounts", polls + 4);
    let written = term.raw().split_off(before);
    assert!(written.is_empty(), "{:?}", String::from_utf8_lossy(&written));
    term.keys("space");
    let shot = term.wait_for("what came meanwhile", |shot| shot.row("renamed").is_some());
    assert!(!shot.has("FROZEN"), "{shot}");
    assert_eq!(server.changes(), [""; 0], "the key that thaws it changes nothing");
}

#[test]
fn with_times_of_day_a_window_of_minutes_writes_nothing() {
    let server = Server::with([Account::named("work").resets_in(1_800)]);
    let mut term = live(patient_dashboard(&server));
    server.wait_for_stream();
    term.wait_for_text("No refresh yet");
    wait("the beginning of a minute", || (wall_clock().second() < 50).then_some(()), String::new);
    term.keys("t");
    term.wait_for_text("RESETS AT");
    let (began, minute, before) = (now(), wall_clock().minute(), term.written());
    let quiet = Duration::from_secs(3);
    wait("three seconds", || (began.elapsed() >= quiet).then_some(()), String::new);
    let written = term.raw().split_off(before);
    assert_eq!(wall_clock().minute(), minute, "the machine was too slow for this");
    assert!(written.is_empty(), "{:?}", String::from_utf8_lossy(&written));
    term.keys("t");
    term.wait_for_text("RESETS IN");
}

#[test]
fn hidden_names_leave_the_screen_and_do_not_come_back_with_the_log() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.wait_for_stream();
    term.keys("*");
    term.wait_for("aliases", |shot| shot.has("names hidden") && shot.has("account-1") && !shot.has("work"));
    let before = term.written();
    server.log("ERROR", "Auto-refresh message failed for account work: 500 Internal Server Error");
    server.log("WARN", "something about work and home");
    let shot = term.wait_for_words("something about account-1 and account-2");
    assert!(shot.says("account-1 refresh failed"), "{shot}");
    let written = String::from_utf8_lossy(&term.raw().split_off(before)).into_owned();
    assert!(!written.contains("work") && !written.contains("home"), "{written:?}");
    term.keys("*");
    term.wait_for("names", |shot| shot.row("work").is_some());
}
