//! Every key there is.

use std::thread;
use std::time::Duration;

use crate::support::server::Server;
use crate::{dashboard, live, two_accounts};

#[test]
fn whatever_is_pressed_only_listed_paths_are_asked_for() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    let characters = ('!'..='~').filter(|c| *c != 'q').map(String::from);
    let letters = ('a'..='z').filter(|c| !"cz".contains(*c)).map(|c| format!("ctrl-{c}"));
    let named = [
        "space",
        "enter",
        "tab",
        "shift-tab",
        "backspace",
        "del",
        "ins",
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "pgup",
        "pgdn",
        "f1",
        "f2",
        "f3",
        "f4",
        "f5",
        "f12",
        "alt-x",
        "alt-q",
        "esc",
    ]
    .map(str::to_owned);
    for scope in ["1", "2", "4", "?"] {
        for key in characters.clone().chain(letters.clone()).chain(named.clone()) {
            term.keys(scope);
            term.keys(&key);
            term.keys("ctrl-g"); // a line that the key has opened would take the keys after it
            thread::sleep(Duration::from_millis(2));
        }
        term.keys("esc esc esc esc esc 1 h h");
    }
    // Once this is seen, every key before it has been taken.
    term.keys(":");
    term.send(b"done");
    let shot = term.wait_for_text(": done");
    term.keys("ctrl-g");
    if shot.has("names hidden") {
        term.keys("*"); // some lines take it as text, so it may have been pressed an odd number of times
    }
    // The program is still there, and does what it is told.
    term.wait_for("the table", |shot| shot.has(" live") && shot.row("work").is_some() && !shot.has("Help"));
    server.set("home", "name", "still-polled");
    term.wait_for("the new name", |shot| shot.row("still-polled").is_some());
    term.keys("q");
    assert_eq!(term.wait_for_end().code, 0);
    // The server's end fails the test where anything else was asked for.
    drop(server);
}

#[test]
fn the_help_names_the_keys_of_the_pane_and_closes() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    term.keys("?");
    let shot = term.wait_for_text("Help");
    assert!(shot.has("Auto-refresh on or off") && shot.has("ctrl-r"), "{shot}");
    term.keys("q");
    let shot = term.wait_for("the help is closed", |shot| !shot.has("Help"));
    assert!(shot.row("work").is_some(), "{shot}");
}
