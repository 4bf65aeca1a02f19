//! The stream and the list: what arrives, what is lost and found again.

use crate::support::account::in_seconds;
use crate::support::server::{Answer, Server};
use crate::{dashboard, live, patient_dashboard, two_accounts};

#[test]
fn a_record_on_the_stream_appears_among_the_events() {
    let server = Server::with(two_accounts());
    let mut term = live(patient_dashboard(&server));
    server.wait_for_stream();
    term.wait_for_text("following");
    server.log("INFO", "Auto-refresh message sent successfully for account: work");
    term.wait_for("the event", |shot| {
        shot.lines().iter().any(|l| l.contains("INFO") && l.contains("work") && l.contains("refreshed"))
    });
}

#[test]
fn records_from_before_the_start_are_there() {
    let server = Server::with(two_accounts());
    server.log("WARN", "word-from-before");
    let mut term = live(patient_dashboard(&server));
    term.wait_for_text("word-from-before");
}

#[test]
fn a_record_that_reaches_the_history_late_is_found() {
    let server = Server::with(two_accounts());
    server.log("WARN", "in-the-history");
    server.log_late("WARN", "late-in-the-history");
    let mut term = live(patient_dashboard(&server));
    term.wait_for_text("late-in-the-history");
    server.log("WARN", "on-the-stream");
    let shot = term.wait_for_text("on-the-stream");
    assert_eq!((shot.count("in-the-history"), shot.count("on-the-stream")), (2, 1), "{shot}");
}

#[test]
fn a_line_that_tells_of_a_new_window_brings_the_list() {
    let server = Server::with(two_accounts());
    let mut term = live(patient_dashboard(&server));
    server.wait_for_stream();
    term.wait_for_text("following");
    let polls = server.count("/api/accounts");
    server.set("work", "rateLimitReset", in_seconds(17_990));
    server.log("INFO", &format!("Updated rate_limit_reset for work to {}", in_seconds(17_990)));
    // The next poll by the interval is an hour away.
    term.wait_for("the new window", |shot| {
        shot.cell("work", "RESETS IN").is_some_and(|c| c.starts_with("4h59m"))
    });
    assert!(server.count("/api/accounts") > polls);
}

#[test]
fn a_cut_stream_is_filled_from_the_history_without_loss_or_double() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.wait_for_stream();
    server.log("WARN", "record-one");
    server.log("WARN", "record-two");
    term.wait_for_text("record-two");
    server.fault("/api/logs/stream", Answer::error(503, "busy"));
    server.fault("/api/logs/history", Answer::error(503, "busy"));
    server.cut_streams(b"");
    server.log("WARN", "record-three");
    term.wait_for_text("reconnecting");
    server.mend();
    term.wait_for_text("record-three");
    server.wait_for_stream();
    term.wait_for("the stream is followed again", |shot| !shot.has("reconnecting"));
    server.log("WARN", "record-four");
    // While the history is awaited that fills the gap, its mark may still stand.
    let shot =
        term.wait_for("the last record, and no gap", |shot| shot.has("record-four") && !shot.has("missing"));
    for word in ["record-one", "record-two", "record-three", "record-four"] {
        assert_eq!(shot.count(word), 1, "{word}\n{shot}");
    }
}

#[test]
fn a_stream_cut_inside_a_character_loses_only_what_was_not_sent() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.wait_for_stream();
    term.wait_for_text("following");
    let record = r#"data: {"ts":1,"level":"WARN","msg":"half é"#.as_bytes();
    server.cut_streams(&record[..record.len() - 1]);
    server.log("WARN", "after-the-cut");
    term.wait_for_text("after-the-cut");
    server.wait_for_stream();
    server.log("WARN", "on-the-new-stream");
    let shot = term.wait_for_text("on-the-new-stream");
    assert!(!shot.has("half"), "{shot}");
    assert_eq!((shot.count("after-the-cut"), shot.count("on-the-new-stream")), (1, 1), "{shot}");
}

#[test]
fn records_that_cannot_be_read_stop_nothing() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.wait_for_stream();
    term.wait_for_text("following");
    server.send_on_streams(
        b"data: not json\n\ndata: {\"ts\":\"soon\"}\n\ndata: [1,2]\n\n: comment\n\ndata\n\n",
    );
    server.log("WARN", "after-the-nonsense");
    term.wait_for_text("after-the-nonsense");
}

#[test]
fn a_flood_of_records_leaves_keys_and_countdowns_alive() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.wait_for_stream();
    term.wait_for_text("following");
    server.log("INFO", &format!("Auto-refresh response for work: {}", "x".repeat(3_000_000)));
    for i in 0..3_000 {
        server.log("WARN", &format!("flood-{i}-"));
    }
    term.keys("?");
    term.wait_for_text("Help");
    term.keys("?");
    let shot = term.wait_for("the last record", |shot| shot.has("flood-2999-") && !shot.has("Help"));
    let left = shot.seconds_left("work").unwrap_or_else(|| panic!("a countdown\n{shot}"));
    term.wait_for("the countdown", |shot| shot.seconds_left("work").is_some_and(|now| now < left));
}

#[test]
fn a_server_that_is_gone_keeps_the_last_data_and_comes_back_by_itself() {
    let mut server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.stop();
    let shot = term.wait_for_text("LOST");
    assert!(shot.row("work").is_some() && shot.row("home").is_some(), "{shot}");
    term.wait_for_text("last known");
    let polls = server.count("/api/accounts");
    term.keys("space");
    term.wait_for_words("changes are off");
    term.wait_for_words("no connection");
    assert_eq!(server.changes(), [""; 0]);

    server.set("work", "rateLimitReset", in_seconds(17_990));
    server.start();
    let shot = term.wait_for("the list is back", |shot| {
        shot.has(" live") && shot.cell("work", "RESETS IN").is_some_and(|c| c.starts_with("4h59m"))
    });
    assert!(!shot.has("LOST") && !shot.has("last known"), "{shot}");
    assert!(server.count("/api/accounts") > polls);
    // Everything works again: the stream, and changes.
    server.wait_for_stream();
    server.log("WARN", "after-the-return");
    term.wait_for_text("after-the-return");
    term.keys("j space");
    term.wait_for_cell("home", "AUTO", "on");
    assert_eq!(server.changes(), [r#"auto-refresh {"enabled":1}"#]);
}

#[test]
fn a_server_that_starts_later_is_found() {
    let mut server = Server::with(two_accounts());
    server.stop();
    let mut term = dashboard(&server).start();
    let shot = term.wait_for_text("LOST");
    assert!(shot.says("is better-ccflare running there?"), "{shot}");
    server.start();
    term.wait_for("the list", |shot| shot.has(" live") && shot.row("work").is_some());
}

#[test]
fn a_list_that_fails_while_the_stream_lives_is_told_apart() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.wait_for_stream();
    term.wait_for_text("following");
    server.fault("/api/accounts", Answer::error(500, "Invalid Date"));
    let shot = term.wait_for_words("500: Invalid Date");
    assert!(shot.has("LOST") && shot.row("work").is_some(), "{shot}");
    server.log("WARN", "while-the-list-fails");
    let shot = term.wait_for_text("while-the-list-fails");
    assert!(shot.has("following"), "{shot}");
    server.mend();
    term.wait_for("the list is back", |shot| shot.has(" live") && !shot.has("LOST"));
}

#[test]
fn a_frozen_server_leaves_the_keyboard_alive() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.freeze();
    let polls = server.count("/api/accounts");
    server.wait_for_count("/api/accounts", polls + 1);
    term.keys("?");
    term.wait_for_text("Help");
    term.keys("esc");
    term.wait_for("the help is closed", |shot| !shot.has("Help"));
    server.set("work", "paused", true);
    server.thaw();
    term.wait_for_cell("work", "STATE", "paused");
}

#[test]
fn ctrl_r_tries_at_once() {
    let mut server = Server::with(two_accounts());
    let mut term = live(patient_dashboard(&server));
    server.stop();
    term.keys("r");
    term.wait_for_text("LOST");
    server.start();
    term.keys("ctrl-r");
    term.wait_for_text(" live");
}
