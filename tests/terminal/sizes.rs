//! Screens of other sizes, and sizes that change.

use crate::support::server::Server;
use crate::support::term::Term;
use crate::{dashboard, live, two_accounts};

/// The screen is whole: header, table, events, footer, each where it belongs at 80x24.
fn assert_whole(term: &mut Term) {
    let shot = term.wait_for("a whole screen of 80x24", |shot| {
        shot.line(0).contains("flaretop")
            && shot.line(0).contains("live")
            && shot.line(1).starts_with('╭')
            && shot.line(1).ends_with('╮')
            && shot.row("work").is_some()
            && shot.row("home").is_some()
            && shot.line(22).starts_with('╰')
            && shot.line(23).contains("? help")
    });
    assert_eq!((shot.count("Accounts"), shot.count("4 Events")), (1, 1), "{shot}");
}

#[test]
fn a_storm_of_sizes_ends_on_a_right_screen() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server).size(80, 24));
    let sizes =
        [(1, 1), (2, 3), (300, 100), (80, 24), (40, 12), (29, 5), (120, 40), (200, 1), (1, 60), (61, 17)];
    for i in 0..40 {
        let (columns, lines) = sizes[i % sizes.len()];
        term.announce_size(columns, lines);
        if i % 7 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
    term.resize(80, 24);
    assert_whole(&mut term);
    term.keys("q");
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    end.assert_restored();
}

#[test]
fn each_size_is_drawn_to_its_edges() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server).size(80, 24));
    for (columns, lines) in [(120, 40), (200, 50), (80, 24)] {
        term.resize(columns, lines);
        term.wait_for("a frame of the new size", |shot| {
            let (last, width) = (usize::from(lines) - 1, usize::from(columns));
            let top = shot.line(1);
            top.starts_with('╭')
                && top.chars().count() == width
                && shot.line(last).contains("? help")
                && shot.row("home").is_some()
        });
    }
    assert_whole(&mut term);
}

#[test]
fn a_small_screen_has_the_numbers_that_matter() {
    let server = Server::with(two_accounts());
    let mut term = dashboard(&server).size(40, 12).start();
    let shot =
        term.wait_for("both accounts", |shot| shot.has("work") && shot.has("home") && shot.has("2h29m"));
    assert!(shot.has("on") && shot.has("off"), "{shot}");
}

#[test]
fn a_screen_too_small_to_see_on_takes_no_key_but_to_leave() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server).size(80, 24));
    term.resize(20, 4);
    term.wait_for("the small screen", |shot| !shot.has("Accounts") && shot.has("work"));
    let polls = server.count("/api/accounts");
    term.keys("space f p");
    server.wait_for_count("/api/accounts", polls + 3);
    assert_eq!(server.changes(), [""; 0]);
    term.keys("q");
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    end.assert_restored();
}
