//! Keys that change the server: what is sent, what is shown meanwhile, what is put back.

use std::thread;
use std::time::Duration;

use crate::support::account::Account;
use crate::support::server::{Answer, Server};
use crate::support::term::Term;
use crate::{dashboard, live, two_accounts};

#[test]
fn space_sends_one_change_and_shows_it_before_the_answer() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.hold_changes();
    term.keys("space");
    server.wait_for_changes(1);
    term.wait_for_cell("work", "AUTO", "off…");
    server.release_changes();
    term.wait_for_cell("work", "AUTO", "off");
    assert_eq!(server.changes(), [r#"auto-refresh {"enabled":0}"#]);
    let request = server.requests().into_iter().find(|r| r.method == "POST").expect("a change");
    assert_eq!(request.path, "/api/accounts/id-work/auto-refresh");
    assert_eq!(request.header("content-type"), Some("application/json"));

    term.keys("j");
    server.hold_changes();
    term.keys("space");
    server.wait_for_changes(2);
    term.wait_for_cell("home", "AUTO", "on…");
    server.release_changes();
    term.wait_for_cell("home", "AUTO", "on");
    assert_eq!(server.changes()[1..], [r#"auto-refresh {"enabled":1}"#]);
}

#[test]
fn fallback_and_pause_have_keys_of_their_own() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    term.keys("f");
    term.wait_for_cell("work", "FALL", "on");
    term.keys("p");
    term.wait_for_cell("work", "STATE", "paused");
    thread::sleep(Duration::from_millis(900)); // a second press that is nobody's repeat
    term.keys("p");
    term.wait_for_cell("work", "STATE", "ready");
    assert_eq!(server.changes(), [r#"auto-fallback {"enabled":1}"#, "pause", "resume"]);
}

#[test]
fn a_refused_change_is_put_back_with_the_reason() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.fault("/auto-refresh", Answer::error(500, "database is locked"));
    server.hold_changes();
    term.keys("space");
    term.wait_for_cell("work", "AUTO", "off…");
    server.release_changes();
    let shot = term.wait_for_words("database is locked");
    assert!(shot.says("Could not switch auto-refresh off for work"), "{shot}");
    assert!(shot.says("Row put back to on."), "{shot}");
    term.wait_for_cell("work", "AUTO", "on");
    assert_eq!(server.changes().len(), 1, "a refused change is not sent again by itself");
    term.keys("w");
    let shot = term.wait_for_words("What was sent for work");
    assert!(shot.has("/api/accounts/id-work/auto-refresh") && shot.has(r#"{"enabled":0}"#), "{shot}");
    term.keys("esc");
    term.wait_for("it is closed", |shot| !shot.says("What was sent for work"));
    server.mend();
    term.keys("enter");
    let shot = term.wait_for_cell("work", "AUTO", "off");
    assert!(!shot.says("Could not switch"), "{shot}");
    assert_eq!(server.changes(), [r#"auto-refresh {"enabled":0}"#; 2]);
}

#[test]
fn a_key_pressed_again_while_a_change_is_under_way_changes_the_wish() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.hold_changes();
    term.keys("space");
    server.wait_for_changes(1);
    term.wait_for_cell("work", "AUTO", "off…");
    thread::sleep(Duration::from_millis(900)); // a press of its own
    term.keys("space");
    term.wait_for_cell("work", "AUTO", "on…");
    assert_eq!(server.changes().len(), 1, "one request at a time");
    server.release_changes();
    server.wait_for_changes(2);
    term.wait_for_cell("work", "AUTO", "on");
    assert_eq!(server.changes(), [r#"auto-refresh {"enabled":0}"#, r#"auto-refresh {"enabled":1}"#]);
}

/// Holds a key down for half a second, as a keyboard repeats it.
fn hold(term: &mut Term, key: &str) {
    for _ in 0..30 {
        term.keys(key);
        thread::sleep(Duration::from_millis(15));
    }
}

#[test]
fn a_held_key_sends_one_change() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    hold(&mut term, "space");
    term.wait_for_cell("work", "AUTO", "off");
    // A later change of another account comes after all that the held key may have caused.
    term.keys("j");
    thread::sleep(Duration::from_millis(900));
    term.keys("space");
    term.wait_for_cell("home", "AUTO", "on");
    assert_eq!(server.changes(), [r#"auto-refresh {"enabled":0}"#, r#"auto-refresh {"enabled":1}"#]);
    assert!(term.shot().shows("work", "AUTO", "off"), "{}", term.shot());
}

#[test]
fn pasted_text_changes_nothing() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    term.send(b"\x1b[200~ a f p q secret word \x1b[201~");
    term.wait_for_words("pasted text is not taken as keys");
    // The key after it is taken, so the text before it has been dealt with.
    term.keys("j space");
    term.wait_for_cell("home", "AUTO", "on");
    assert_eq!(server.changes(), [r#"auto-refresh {"enabled":1}"#]);
    assert!(!String::from_utf8_lossy(&term.raw()).contains("secret"), "the text is not shown either");
}

#[test]
fn pausing_one_of_two_accounts_of_one_name_is_asked_about() {
    let twins = [
        Account::named("work").with("id", "first").with("priority", 1),
        Account::named("work").with("id", "second"),
    ];
    let server = Server::with(twins);
    let mut term = live(dashboard(&server));
    term.keys("p");
    let shot = term.wait_for_text("Pause work?");
    assert!(shot.says("Another account is called work too"), "{shot}");
    assert!(shot.says("id first"), "{shot}");
    // Nothing but an answer is one.
    term.keys("space p enter tab");
    term.keys("n");
    term.wait_for("the question is gone", |shot| !shot.has("Pause work?"));
    assert_eq!(server.changes(), [""; 0]);
    thread::sleep(Duration::from_millis(900));
    term.keys("p");
    term.wait_for_text("Pause work?");
    term.keys("y");
    server.wait_for_changes(1);
    term.wait_for_cell("work", "STATE", "paused");
    let paths: Vec<String> = server.requests().iter().map(|r| r.path.to_string()).collect();
    assert!(paths.contains(&"/api/accounts/first/pause".to_owned()), "{paths:?}");
    assert_eq!(server.changes(), ["pause"]);
}

#[test]
fn read_only_sends_nothing_and_says_why() {
    let server = Server::with(two_accounts());
    let mut term =
        live(crate::support::term::Launch::new(&["--read-only", "--interval", "0.5", &server.url()]));
    for key in ["space", "a", "f", "p", "P", "e", "R", "X", "u"] {
        term.keys(key);
        term.wait_for_words("read-only: nothing is changed");
        term.keys("esc");
        term.wait_for("the notice is gone", |shot| !shot.says("nothing is changed"));
    }
    let polls = server.count("/api/accounts");
    server.wait_for_count("/api/accounts", polls + 2);
    assert_eq!(server.changes(), [""; 0]);
}

#[test]
fn a_key_that_the_provider_does_not_have_says_why_and_sends_nothing() {
    let server = Server::with([Account::named("work").without_windows("openrouter")]);
    let mut term = live(dashboard(&server));
    assert!(term.shot().shows("work", "AUTO", "n/a"), "{}", term.shot());
    term.keys("space");
    term.wait_for_words("auto-refresh: not offered for openrouter accounts");
    let polls = server.count("/api/accounts");
    server.wait_for_count("/api/accounts", polls + 2);
    assert_eq!(server.changes(), [""; 0]);
}

#[test]
fn an_account_whose_id_would_change_the_path_is_never_named_in_one() {
    let server = Server::with([Account::named("work").with("id", "../../v1/messages?x=")]);
    let mut term = live(dashboard(&server));
    for key in ["space", "f", "p", "P", "e", "R", "X"] {
        term.keys(key);
        term.wait_for_words("the account's id cannot be named in a request");
        term.keys("esc");
        term.wait_for("the notice is gone", |shot| !shot.says("cannot be named"));
    }
    assert_eq!(server.changes(), [""; 0]);
}

#[test]
fn a_priority_is_typed_checked_and_shown_before_the_answer() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    term.keys("P");
    term.wait_for_text("priority of work: 1");
    term.keys("0 1 enter");
    term.wait_for_words("a whole number from 0 to 100 is wanted");
    assert_eq!(server.changes(), [""; 0]);
    server.hold_changes();
    term.keys("backspace enter");
    server.wait_for_changes(1);
    term.wait_for_cell("work", "PRI", "10…");
    server.release_changes();
    term.wait_for_cell("work", "PRI", "10");
    assert_eq!(server.changes(), [r#"priority {"priority":10}"#]);
    let shot = term.wait_for_words("confirmed");
    assert!(shot.says("YOU work priority 10 (was 1)"), "{shot}");
    // The lower number is first now: the row moved, and the selection with it.
    let home = shot.row("home").expect("a row");
    assert!(shot.row("work").is_some_and(|work| work > home && shot.line(work).contains('▸')), "{shot}");
}

#[test]
fn an_endpoint_is_set_and_cleared() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server).size(120, 40));
    term.keys("e");
    term.wait_for_text("endpoint of work:");
    term.keys("n o p e enter");
    term.wait_for_words("an address that begins with http:// or https:// is wanted");
    term.keys("ctrl-u");
    term.send(b"\x1b[200~https://a.example/v1\x1b[201~");
    term.wait_for_text("https://a.example/v1");
    term.keys("enter");
    term.wait_for_text("endpoint https://a.example/v1");
    term.wait_for_words("confirmed");
    term.keys("e");
    term.wait_for_text("endpoint of work: https://a.example/v1");
    term.keys("ctrl-u n o n e enter");
    term.wait_for_text("endpoint none (was https://a.example/v1)");
    server.wait_for_changes(2);
    term.wait_for("both are confirmed", |shot| shot.count("confirmed") == 2);
    assert_eq!(
        server.changes(),
        [
            r#"custom-endpoint {"customEndpoint":"https://a.example/v1"}"#,
            r#"custom-endpoint {"customEndpoint":null}"#
        ]
    );
}

#[test]
fn a_limit_is_cleared_after_a_yes_and_not_by_enter() {
    let limited = Account::named("work").with("rateLimitStatus", "rate_limited (150m)");
    let server = Server::with([limited]);
    let mut term = live(dashboard(&server));
    term.wait_for_cell("work", "STATE", "limited");
    term.keys("X");
    let shot = term.wait_for_text("Clear the limit of work?");
    assert!(shot.says("The server forgets its cooldown, its reset and its status"), "{shot}");
    assert!(shot.says("it is refreshed at the next tick"), "{shot}");
    term.keys("enter X n");
    term.wait_for("the question is gone", |shot| !shot.has("Clear the limit"));
    assert_eq!(server.changes(), [""; 0]);
    thread::sleep(Duration::from_millis(900));
    term.keys("X");
    term.wait_for_text("Clear the limit of work?");
    term.keys("y");
    term.wait_for_words("limit cleared; this cannot be undone");
    term.wait_for_cell("work", "STATE", "DUE");
    assert_eq!(server.changes(), ["force-reset-rate-limit"]);
    term.keys("R");
    term.wait_for_words("its usage was re-read");
    assert_eq!(server.changes(), ["force-reset-rate-limit", "refresh-usage"]);
}

#[test]
fn u_takes_back_one_change_after_the_other() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    term.keys("u");
    term.wait_for_words("there is nothing to undo");
    term.keys("space");
    term.wait_for_cell("work", "AUTO", "off");
    term.keys("f");
    term.wait_for_cell("work", "FALL", "on");
    term.wait_for("both are confirmed", |shot| shot.count("confirmed") == 2);
    thread::sleep(Duration::from_millis(900)); // presses that are nobody's repeats
    term.keys("u");
    term.wait_for_words("undoing work: auto-fallback off again (was on)");
    term.wait_for_cell("work", "FALL", "·");
    term.wait_for("it is confirmed", |shot| shot.count("confirmed") == 3);
    thread::sleep(Duration::from_millis(900));
    term.keys("u");
    term.wait_for_cell("work", "AUTO", "on");
    assert_eq!(
        server.changes(),
        [
            r#"auto-refresh {"enabled":0}"#,
            r#"auto-fallback {"enabled":1}"#,
            r#"auto-fallback {"enabled":0}"#,
            r#"auto-refresh {"enabled":1}"#
        ]
    );
}

#[test]
fn what_another_dashboard_changes_is_told_as_its_doing_and_ones_own_is_not() {
    let server = Server::with(two_accounts());
    let (mut here, mut there) = (live(dashboard(&server)), live(dashboard(&server)));
    here.keys("space");
    here.wait_for_words("auto-refresh off (was on) confirmed");
    let shot = there.wait_for_words("SEEN work auto-refresh off (was on) by someone else");
    assert!(!shot.has("YOU"), "{shot}");
    there.keys("space");
    there.wait_for_words("auto-refresh on (was off) confirmed");
    let shot = here.wait_for_words("SEEN work auto-refresh on (was off) by someone else");
    assert_eq!((shot.count("SEEN"), shot.count("YOU")), (1, 1), "{shot}");
}

#[test]
fn what_the_server_switches_off_itself_is_told_as_its_doing() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.wait_for_stream();
    server.set("work", "autoRefreshEnabled", false);
    let line = "🚫 Auto-refresh has been DISABLED for account \"work\" until reauthentication is completed";
    server.log("ERROR", line);
    term.wait_for_cell("work", "AUTO", "off!");
    term.wait_for_words("SEEN work auto-refresh off (was on) by the server: sign in");
}

#[test]
fn a_held_u_undoes_one_change() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    for (key, cell, shown) in [("space", "AUTO", "off"), ("f", "FALL", "on")] {
        term.keys(key);
        term.wait_for_cell("work", cell, shown);
    }
    term.wait_for("both are confirmed", |shot| shot.count("confirmed") == 2);
    hold(&mut term, "u");
    term.wait_for_cell("work", "FALL", "·");
    // A later change of another account comes after all that the held key may have caused.
    term.keys("j");
    thread::sleep(Duration::from_millis(900));
    term.keys("space");
    term.wait_for_cell("home", "AUTO", "on");
    assert_eq!(server.changes().len(), 4, "{:?}", server.changes());
    assert!(term.shot().shows("work", "AUTO", "off"), "{}", term.shot());
}
