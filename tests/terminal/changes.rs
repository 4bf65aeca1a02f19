//! Keys that change the server: what is sent, what is shown meanwhile, what is put back.

use std::thread;
use std::time::Duration;

use crate::support::account::Account;
use crate::support::server::{Answer, Server};
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
    assert!(shot.says("work: auto-refresh not switched off: 500"), "{shot}");
    term.wait_for_cell("work", "AUTO", "on");
    assert_eq!(server.changes().len(), 1, "a refused change is not sent again by itself");
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

#[test]
fn a_held_key_sends_one_change() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    for _ in 0..30 {
        term.keys("space");
        thread::sleep(Duration::from_millis(15));
    }
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
    let paths: Vec<String> = server.requests().into_iter().map(|r| r.path).collect();
    assert!(paths.contains(&"/api/accounts/first/pause".to_owned()), "{paths:?}");
    assert_eq!(server.changes(), ["pause"]);
}

#[test]
fn read_only_sends_nothing_and_says_why() {
    let server = Server::with(two_accounts());
    let mut term =
        live(crate::support::term::Launch::new(&["--read-only", "--interval", "0.5", &server.url()]));
    for key in ["space", "a", "f", "p"] {
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
    for key in ["space", "f", "p"] {
        term.keys(key);
        term.wait_for_words("the account's id cannot be named in a request");
        term.keys("esc");
        term.wait_for("the notice is gone", |shot| !shot.says("cannot be named"));
    }
    assert_eq!(server.changes(), [""; 0]);
}
