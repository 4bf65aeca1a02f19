//! Answers that are no list: each is told as what it is, with what to try.

use crate::support::server::{Answer, Server};
use crate::support::term::{Launch, Term};
use crate::{dashboard, live, two_accounts};

const KEY: &str = "btr-0123456789abcdef-secret";

fn with_key(server: &Server, key: &str) -> Term {
    dashboard(server).env("FLARETOP_API_KEY", key).start()
}

#[test]
fn a_missing_key_is_told_with_how_to_give_one() {
    let server = Server::with(two_accounts());
    server.require_key(KEY);
    let mut term = dashboard(&server).start();
    let shot = term.wait_for_words("This server wants an API key");
    assert!(shot.has("FLARETOP_API_KEY") && shot.has("--api-key-file"), "{shot}");
    assert!(server.requests().iter().all(|r| r.header("x-api-key").is_none()), "no key is made up");
}

#[test]
fn a_wrong_key_is_told_as_one() {
    let server = Server::with(two_accounts());
    server.require_key(KEY);
    let mut term = with_key(&server, "btr-another-secret");
    let shot = term.wait_for_words("does not know the API key");
    assert!(shot.says("is the key from this server, and still active?"), "{shot}");
    assert!(!String::from_utf8_lossy(&term.raw()).contains("another-secret"), "the key is never shown");
}

#[test]
fn a_key_without_the_right_is_told_as_one() {
    let server = Server::with(two_accounts());
    server.fault("", Answer::error(401, "Unauthorized: This API key does not have dashboard access"));
    let mut term = with_key(&server, KEY);
    let shot = term.wait_for_words("has no access to the dashboard");
    assert!(shot.says("better-ccflare --generate-api-key NAME --admin"), "{shot}");
}

#[test]
fn the_right_key_opens_list_stream_and_history() {
    let server = Server::with(two_accounts());
    server.require_key(KEY);
    let mut term = with_key(&server, KEY);
    term.wait_for("the list", |shot| shot.has(" live") && shot.row("work").is_some());
    server.wait_for_stream();
    term.keys("space");
    term.wait_for_cell("work", "AUTO", "off");
    server.wait_for_count("/api/logs/history", 1);
    assert!(server.requests().iter().all(|r| r.header("x-api-key") == Some(KEY)), "{:#?}", server.requests());
    assert!(!String::from_utf8_lossy(&term.raw()).contains("secret"), "the key is never shown");
}

#[test]
fn a_key_that_is_wanted_all_at_once_is_told_and_the_last_data_kept() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.require_key(KEY);
    let shot = term.wait_for_words("the server wants an API key");
    assert!(shot.has("NO ACCESS") && shot.row("work").is_some(), "{shot}");
}

#[test]
fn a_key_from_a_file_is_sent() {
    let server = Server::with(two_accounts());
    server.require_key(KEY);
    let directory = tempfile::TempDir::new().expect("a directory");
    let file = directory.path().join("key");
    std::fs::write(&file, format!("{KEY}\n")).expect("a file");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&file, mode).expect("its mode");
    let file = file.to_str().expect("a path");
    let mut term = Launch::new(&["--interval", "0.5", "--api-key-file", file, &server.url()]).start();
    term.wait_for("the list", |shot| shot.has(" live") && shot.row("work").is_some());
}

#[test]
fn the_programs_own_log_goes_to_its_file_and_holds_no_key() {
    let server = Server::with(two_accounts());
    server.require_key(KEY);
    let directory = tempfile::TempDir::new().expect("a directory");
    let file = directory.path().join("own.log");
    let path = file.to_str().expect("a path");
    let mut term = Launch::new(&["--interval", "0.5", "--log", path, &server.url()])
        .env("FLARETOP_API_KEY", KEY)
        .env("FLARETOP_LOG", "trace")
        .start();
    term.wait_for("the list", |shot| shot.has(" live") && shot.row("work").is_some());
    server.fault("/auto-refresh", Answer::error(500, "no such table"));
    term.keys("space");
    term.wait_for_words("no such table");
    term.keys("q");
    assert_eq!(term.wait_for_end().code, 0);
    let log = std::fs::read_to_string(&file).expect("the log");
    assert!(!log.is_empty() && !log.contains("secret"), "{log}");
}

#[test]
fn a_key_in_what_the_server_says_reaches_neither_the_screen_nor_the_log() {
    let server = Server::with(two_accounts());
    let directory = tempfile::TempDir::new().expect("a directory");
    let file = directory.path().join("own.log");
    let path = file.to_str().expect("a path");
    let mut term = Launch::new(&["--interval", "0.5", "--log", path, &server.url()])
        .env("FLARETOP_LOG", "trace")
        .start();
    term.wait_for("the list", |shot| shot.has(" live") && shot.row("work").is_some());
    let words = "upstream: Authorization: Bearer abcdefghijklmnopqrstuvwxyz and sk-ant-api03-abcdefghijkl";
    server.fault("/auto-refresh", Answer::error(500, words));
    term.keys("space");
    let told = term.wait_for_words("upstream: Authorization: ***");
    term.keys("w");
    let sent = term.wait_for_words("What was sent");
    term.keys("q");
    server.fault("", Answer::error(500, words));
    let lost = term.wait_for("the list is lost", |shot| shot.has("LOST"));
    for shot in [told, sent, lost] {
        assert!(!shot.has("abcdefgh"), "{shot}");
    }
    term.keys("q");
    assert_eq!(term.wait_for_end().code, 0);
    let log = std::fs::read_to_string(&file).expect("the log");
    assert!(log.contains("***") && !log.contains("abcdefgh"), "{log}");
}

#[test]
fn a_web_page_is_told_as_one() {
    let server = Server::with(two_accounts());
    server.fault("", Answer::page());
    let mut term = dashboard(&server).start();
    let shot = term.wait_for_words("web page");
    assert!(shot.says("is this better-ccflare's address and port?"), "{shot}");
}

#[test]
fn a_list_that_is_cut_short_is_told_as_one() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    server.fault("/api/accounts", Answer::cut_short());
    let shot = term.wait_for_words("cut short");
    assert!(shot.has("LOST") && shot.row("work").is_some() && shot.row("home").is_some(), "{shot}");
    server.mend();
    term.wait_for_text(" live");
}

#[test]
fn a_redirect_is_not_followed_and_carries_no_key() {
    let elsewhere = Server::with(two_accounts());
    let server = Server::with(two_accounts());
    server.fault("", Answer::redirect(&format!("{}/api/accounts", elsewhere.url())));
    let mut term = with_key(&server, KEY);
    term.wait_for_words("redirected to");
    server.wait_for_count("/api/accounts", 2);
    assert!(elsewhere.requests().is_empty(), "{:#?}", elsewhere.requests());
}

#[test]
fn a_redirected_change_is_not_followed() {
    let elsewhere = Server::with(two_accounts());
    let server = Server::with(two_accounts());
    server.fault("/auto-refresh", Answer::redirect(&format!("{}/api/accounts", elsewhere.url())));
    let mut term = live(dashboard(&server));
    term.keys("space");
    term.wait_for_words("Could not switch auto-refresh off for work");
    term.wait_for_words("redirected to");
    term.wait_for_cell("work", "AUTO", "on");
    assert!(elsewhere.requests().is_empty(), "{:#?}", elsewhere.requests());
}

#[test]
fn one_account_that_cannot_be_read_hides_no_other() {
    let server = Server::with(two_accounts());
    server.set("home", "paused", "perhaps");
    let mut term = live(dashboard(&server));
    let shot = term.wait_for_cell("home", "STATE", "?");
    assert!(shot.shows("work", "STATE", "ready"), "{shot}");
}

#[test]
fn an_answer_that_is_not_a_list_is_told() {
    let server = Server::with(two_accounts());
    server.fault("/api/accounts", Answer::json(200, &serde_json::json!({ "accounts": 3 })));
    let mut term = dashboard(&server).start();
    term.wait_for_words("JSON of an unknown shape");
}
