//! The events pane in the whole program.

use crate::support::server::Server;
use crate::support::term::Term;
use crate::{live, patient_dashboard, two_accounts};

const FAILURE: [(&str, &str); 5] = [
    ("INFO", "Sending auto-refresh message to account: work"),
    ("WARN", "Authentication failed (401) for account work, failing over to next account"),
    ("ERROR", "Auto-refresh message failed for account work: 503 Service Unavailable"),
    ("ERROR", "Response body: {\"error\":\"no account\",\"apiKey\":\"btr-0123456789abcdef\"}"),
    ("WARN", "Account work has failed 2 consecutive auto-refresh attempts (non-401 error). Threshold is 5."),
];

/// A dashboard whose events pane has the keys, after a failed refresh.
fn after_a_failure(server: &Server) -> Term {
    let mut term = live(patient_dashboard(server));
    server.wait_for_stream();
    for (level, message) in FAILURE {
        server.log(level, message);
    }
    term.wait_for_text("strike 2 of 5");
    term.keys("4");
    term.wait_for_text("▸ 4 Events");
    term
}

#[test]
fn a_held_view_stays_while_records_come_and_counts_them() {
    let server = Server::with(two_accounts());
    let mut term = after_a_failure(&server);
    term.keys("space");
    let held = term.wait_for_text("held · 0 new · space follows");
    let at = held.lines().iter().position(|line| line.contains("refresh failed")).expect("the failure");
    for n in 0..30 {
        server.log("WARN", &format!("warning {n}"));
    }
    let later = term.wait_for_text("held · 30 new");
    assert_eq!(later.line(at), held.line(at), "{later}");
    assert!(!later.has("warning 29"), "{later}");
    term.keys("g");
    let shot = term.wait_for_text("warning 29");
    assert!(shot.has("following"), "{shot}");
    term.keys("q");
    term.wait_for_end().assert_restored();
}

#[test]
fn a_failure_is_one_line_that_opens_and_no_key_reaches_the_terminal() {
    let server = Server::with(two_accounts());
    let mut term = after_a_failure(&server);
    let shot = term.wait_for_text("+4");
    assert!(!shot.has("Response body"), "{shot}");
    term.keys("enter");
    let shot = term.wait_for_text("Event: 5 records");
    for words in [
        "refresh failed · strike 2 of 5 · 401 Unauthorized",
        "Sending auto-refresh message",
        "\"apiKey\":\"***\"",
    ] {
        assert!(shot.says(words), "{words}: {shot}");
    }
    term.keys("esc L L");
    term.wait_for_text("all levels");
    term.keys("q");
    let raw = String::from_utf8(term.wait_for_end().raw).expect("UTF-8");
    assert!(!raw.contains("0123456789abcdef"));
}

#[test]
fn what_is_searched_for_is_counted_and_gone_to() {
    let server = Server::with(two_accounts());
    let mut term = after_a_failure(&server);
    for n in 0..40 {
        server.log("WARN", if n % 10 == 0 { "a Timeout" } else { "something else" });
    }
    term.wait_for_text("something else");
    term.keys("/ t i m e");
    term.wait_for_text("4 matches");
    term.keys("enter n n");
    term.wait_for_text("/time 2 of 4");
    term.keys("&");
    term.wait_for("only what matches", |shot| !shot.has("something else") && shot.has("a Timeout"));
    term.keys("esc esc");
    term.wait_for("everything", |shot| shot.has("something else") && shot.has("following"));
    term.keys("e");
    term.wait_for_text("held");
    term.keys("i");
    term.wait_for_text("only work");
}

#[test]
fn records_of_megabytes_are_shown_at_once() {
    let server = Server::with(two_accounts());
    let mut term = after_a_failure(&server);
    server.log("ERROR", &format!("Request failed: {}", "a long answer, ".repeat(200_000)));
    term.wait_for_text("Request failed: a long answer");
    term.keys("enter G");
    term.wait_for_text("cut here: 64 KiB of 2.9 MiB");
    term.keys("q q");
    assert_eq!(term.wait_for_end().code, 0);
}
