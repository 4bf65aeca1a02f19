//! Looking closer: details, zoom, the command line, and what reaches the terminal's clipboard.

use serde_json::json;

use crate::support::account::Account;
use crate::support::server::Server;
use crate::support::term::{Launch, Term};
use crate::support::wait;
use crate::{dashboard, live, patient_dashboard, two_accounts};

const HEALTH: &str = "/health";

/// Waits until these bytes have come, in one piece.
fn wait_for_bytes(term: &Term, bytes: &[u8]) {
    let came = || term.raw().windows(bytes.len()).any(|w| w == bytes).then_some(());
    wait("the sequence comes", came, || String::from_utf8_lossy(&term.raw()).into_owned());
}

/// How often these bytes have come.
fn count(term: &Term, bytes: &[u8]) -> usize {
    term.raw().windows(bytes.len()).filter(|w| *w == bytes).count()
}

#[test]
fn what_is_copied_reaches_the_terminal_by_osc_52() {
    let server = Server::with(two_accounts());
    for (variable, value, sequence) in [
        ("TMUX", "", &b"\x1b]52;c;aWQtd29yaw==\x07"[..]),
        (
            "TMUX",
            "/tmp/tmux-1000/default,1,0",
            b"\x1b]52;c;aWQtd29yaw==\x07\x1bPtmux;\x1b\x1b]52;c;aWQtd29yaw==\x07\x1b\\",
        ),
        ("STY", "1234.pts-0.host", b"\x1bP\x1b]52;c;aWQtd29yaw==\x07\x1b\\"),
    ] {
        let mut term = live(patient_dashboard(&server).env(variable, value));
        assert_eq!(count(&term, b"]52;"), 0);
        term.keys("y");
        term.wait_for_text("n name  i id");
        term.keys("i");
        term.wait_for_text("copied id id-work");
        wait_for_bytes(&term, sequence);
        let times = if value.contains("tmux") { 2 } else { 1 };
        assert_eq!(count(&term, b"]52;"), times, "{variable}={value}");
        assert_eq!(count(&term, b"52;c;?"), 0, "the clipboard is never asked for");
        term.keys("q");
        term.wait_for_end().assert_restored();
    }
}

#[test]
fn a_command_for_the_server_is_copied_from_the_why_pane() {
    let dead = Account::named("work").with("hasRefreshToken", false).with("tokenStatus", "expired");
    let server = Server::with([dead.auto_refresh(false)]);
    let mut term = live(patient_dashboard(&server).size(80, 24));
    term.keys("w");
    term.wait_for_text("Do: better-ccflare --reauthenticate work");
    term.keys("y");
    // "better-ccflare --reauthenticate work"
    wait_for_bytes(&term, b"\x1b]52;c;YmV0dGVyLWNjZmxhcmUgLS1yZWF1dGhlbnRpY2F0ZSB3b3Jr\x07");
}

#[test]
fn the_servers_count_is_asked_for_only_while_the_details_are_open() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    let polls = server.count("/api/accounts");
    server.wait_for_count("/api/accounts", polls + 2);
    assert_eq!(server.count(HEALTH), 0);
    term.keys("enter z");
    term.wait_for_words("2 of 2, by the server's own count too");
    server.wait_for_count(HEALTH, 3);
    server.set("home", "rateLimitedUntil", json!(4_000_000_000_000_i64));
    term.wait_for_words("1 of 2, by the server's own count too");
    term.keys("esc esc esc");
    term.wait_for("the table", |shot| shot.has("2 Why") && shot.row("work").is_some());
    let (asked, polls) = (server.count(HEALTH), server.count("/api/accounts"));
    server.wait_for_count("/api/accounts", polls + 3);
    // One may have been on its way.
    assert!(server.count(HEALTH) <= asked + 1);
}

#[test]
fn the_details_show_the_row_as_it_changes_and_mask_what_may_be_a_secret() {
    let server = Server::with([Account::named("work")
        .with("sessionInfo", "Active: 17 reqs")
        .with("refresh_token", "rt-1234567890")
        .with("note", "the key sk-ant-api03-abcdefghijkl1 was refused")]);
    let mut term = live(dashboard(&server));
    term.keys("enter d d z");
    term.wait_for_text("Active: 17 reqs");
    server.set("work", "sessionInfo", "Active: 18 reqs");
    term.wait_for_text("Active: 18 reqs");
    term.keys("d G");
    let shot = term.wait_for_text("\"refresh_token\": \"***\"");
    assert!(shot.has("the key sk-ant-*** was refused"), "{shot}");
    term.keys("y");
    term.wait_for_text("copied raw of work");
    let raw = String::from_utf8_lossy(&term.raw()).into_owned();
    assert!(!raw.contains("rt-12345") && !raw.contains("api03"));
}

#[test]
fn on_a_small_screen_a_pane_fills_it_while_it_has_the_keys() {
    let server = Server::with(two_accounts());
    let mut term = Launch::new(&["--interval", "3600", &server.url()]).size(40, 12).start();
    term.wait_for_text("work");
    term.keys("2");
    term.wait_for("why alone", |shot| {
        shot.has("2 Why") && shot.has("auto-refresh is on") && !shot.has("home")
    });
    term.keys("tab");
    term.wait_for("the events alone", |shot| shot.has("4 Events") && !shot.has("2 Why"));
    term.resize(80, 24);
    term.wait_for("all of it", |shot| shot.row("home").is_some() && shot.has("4 Events"));
    term.resize(40, 12);
    term.wait_for("the events alone", |shot| shot.has("4 Events") && !shot.has("home"));
    term.keys("esc");
    term.wait_for("the accounts", |shot| shot.has("home") && !shot.has("4 Events"));
}

#[test]
fn a_command_is_done_by_its_name() {
    let server = Server::with(two_accounts());
    let mut term = live(patient_dashboard(&server));
    term.keys(":");
    term.wait_for_text("Commands");
    term.send(b"fallback\r");
    server.wait_for_changes(1);
    assert_eq!(server.changes(), [r#"auto-fallback {"enabled":1}"#]);
    term.send(b":quit\r");
    assert_eq!(term.wait_for_end().code, 0);
}
