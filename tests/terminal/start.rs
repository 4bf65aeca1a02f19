//! From the first frame to countdowns that run.

use chrono::TimeDelta;

use crate::support::account::Account;
use crate::support::server::Server;
use crate::{dashboard, live, patient_dashboard, two_accounts};

#[test]
fn the_first_frame_does_not_wait_for_the_server() {
    let server = Server::with(two_accounts());
    server.freeze();
    let mut term = dashboard(&server).start();
    let shot = term.wait_for_text("connecting");
    assert!(shot.has("flaretop") && shot.has(&server.url()), "{shot}");
    term.keys("q");
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    end.assert_restored();
}

#[test]
fn accounts_appear_with_switch_state_and_countdown() {
    let server = Server::with([
        Account::named("work"),
        Account::named("home").auto_refresh(false).resets_in(-100),
        Account::named("due").resets_in(-100),
        Account::named("held").with("paused", true),
        Account::named("other").without_windows("openrouter"),
    ]);
    let mut term = live(dashboard(&server));
    let shot = term.wait_for_cell("due", "STATE", "DUE");
    for (name, auto, state) in [
        ("work", "on", "ready"),
        ("home", "off", "over"),
        ("held", "on", "paused"),
        ("other", "n/a", "ready"),
    ] {
        assert!(shot.shows(name, "AUTO", auto) && shot.shows(name, "STATE", state), "{name}\n{shot}");
    }
    assert!(shot.cell("work", "RESETS IN").is_some_and(|c| c.starts_with("2h29m")), "{shot}");
    assert!(shot.cell("due", "RESETS IN").is_some_and(|c| c.starts_with("+1:")), "{shot}");
    assert!(shot.shows("other", "RESETS IN", "-"), "{shot}");
    assert!(shot.has("4/5 usable"), "{shot}");
}

#[test]
fn a_countdown_falls_by_itself() {
    let server = Server::with([Account::named("work").resets_in(1_800)]);
    let mut term = live(patient_dashboard(&server));
    let first = term.shot().seconds_left("work").expect("a countdown");
    let polls = server.count("/api/accounts");
    term.wait_for("a smaller countdown", |shot| {
        shot.seconds_left("work").is_some_and(|now| now <= first - 2)
    });
    assert_eq!(server.count("/api/accounts"), polls, "no answer brought the smaller countdown");
}

#[test]
fn a_window_that_ends_turns_due_without_an_answer() {
    let server = Server::with([Account::named("work").resets_in(3)]);
    let mut term = live(patient_dashboard(&server));
    let shot = term.wait_for_cell("work", "STATE", "DUE");
    assert!(shot.cell("work", "RESETS IN").is_some_and(|c| c.starts_with('+')), "{shot}");
}

#[test]
fn countdowns_follow_the_servers_clock() {
    let server = Server::with([Account::named("work").resets_in(600 + 1_800)]);
    server.set_clock_ahead(TimeDelta::seconds(600));
    let mut term = live(dashboard(&server));
    // Half an hour by the server's clock, give or take the second that its `Date` header leaves open and the time that passed.
    let near = |left: i64| (1_700..=1_802).contains(&left);
    term.wait_for("half an hour", |shot| shot.seconds_left("work").is_some_and(near));
    term.wait_for_text("clock +");
}

#[test]
fn a_new_list_moves_no_selection() {
    let server = Server::with(two_accounts());
    let mut term = live(dashboard(&server));
    term.keys("j");
    let selected = |shot: &crate::support::screen::Shot, name: &str| {
        shot.row(name).is_some_and(|y| shot.line(y).contains('▸'))
    };
    term.wait_for("home is selected", |shot| selected(shot, "home"));
    let [work, home] = two_accounts();
    let first = Account::named("first").with("priority", 0);
    server.set_accounts([work.with("priority", 9), home, first]);
    let shot = term.wait_for("the new order", |shot| {
        let rows = (shot.row("first"), shot.row("home"), shot.row("work"));
        matches!(rows, (Some(first), Some(home), Some(work)) if first < home && home < work)
    });
    assert!(selected(&shot, "home"), "{shot}");
}

#[test]
fn an_empty_server_says_how_to_add_an_account() {
    let server = Server::with([]);
    let mut term = dashboard(&server).start();
    term.wait_for_text("--add-account");
}
