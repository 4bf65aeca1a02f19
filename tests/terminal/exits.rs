//! How the program ends, stops and goes on, and how it leaves the terminal behind.

use rustix::process::Signal;

use crate::support::server::Server;
use crate::support::term::{Launch, Term};
use crate::support::{now, wait};
use crate::{dashboard, live, two_accounts};

fn running(server: &Server) -> Term {
    let term = live(dashboard(server).size(80, 24));
    assert!(!term.settings_are_restored(), "the terminal is taken");
    assert!(term.shot().alternate && term.shot().cursor_hidden, "{}", term.shot());
    term
}

#[test]
fn q_ends_it_and_gives_the_terminal_back() {
    let server = Server::with(two_accounts());
    let mut term = running(&server);
    term.keys("q");
    let end = term.wait_for_end();
    end.assert_restored();
    assert_eq!(end.code, 0);
    assert_eq!(end.shot.lines().concat(), "", "nothing is left on the screen\n{}", end.shot);
}

#[test]
fn ctrl_c_ends_it_from_anywhere() {
    let server = Server::with(two_accounts());
    for before in ["1", "4", "?"] {
        let mut term = running(&server);
        term.keys(before);
        term.keys("ctrl-c");
        let end = term.wait_for_end();
        end.assert_restored();
        assert_eq!(end.code, 0, "after {before}");
    }
}

#[test]
fn signals_end_it_and_give_the_terminal_back() {
    let server = Server::with(two_accounts());
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let term = running(&server);
        term.signal(signal);
        let end = term.wait_for_end();
        end.assert_restored();
        assert_eq!(end.signal, None, "{signal:?} is obeyed, not died of");
    }
}

#[test]
fn a_signal_ends_it_while_the_server_is_frozen() {
    let server = Server::with(two_accounts());
    server.freeze();
    let mut term = dashboard(&server).start();
    term.wait_for_text("connecting");
    server.wait_for_count("/api/accounts", 1);
    term.signal(Signal::TERM);
    term.wait_for_end().assert_restored();
}

/// Draws far more than a terminal takes that nobody reads.
fn fill(term: &mut Term) {
    for _ in 0..40 {
        term.keys("? ? ctrl-l");
    }
}

#[test]
fn a_terminal_that_takes_nothing_holds_no_end_up() {
    let server = Server::with(two_accounts());
    let mut term = running(&server);
    term.stall(true);
    fill(&mut term);
    term.signal(Signal::TERM);
    term.wait_for_exit();
    assert!(term.settings_are_restored());
}

#[test]
fn a_terminal_that_takes_nothing_for_a_while_shows_the_newest_frame_afterwards() {
    let server = Server::with(two_accounts());
    let mut term = running(&server);
    term.stall(true);
    fill(&mut term);
    server.set("home", "name", "renamed");
    let polls = server.count("/api/accounts");
    // It goes on polling, with nowhere to draw.
    server.wait_for_count("/api/accounts", polls + 2);
    term.stall(false);
    term.wait_for("the newest frame", |shot| {
        shot.row("renamed").is_some() && shot.line(23).contains("? help")
    });
}

#[test]
fn keys_work_where_standard_input_is_something_else() {
    let server = Server::with(two_accounts());
    let launch = Launch::new(&["--interval", "0.5", &server.url()]);
    let mut term = live(launch.under("/bin/sh", &["-c", r#"exec "$0" "$@" </dev/null"#]));
    term.keys("j space");
    term.wait_for_cell("home", "AUTO", "on");
    term.keys("q");
    let end = term.wait_for_end();
    end.assert_restored();
    assert_eq!(end.code, 0);
}

#[test]
fn a_terminal_that_vanishes_ends_it() {
    let server = Server::with([crate::support::account::Account::named("work").resets_in(1_800)]);
    let term = live(dashboard(&server));
    let pid = term.pid();
    let began = now();
    term.hang_up();
    let gone = || rustix::process::test_kill_process(pid).is_err().then_some(());
    wait("no process is left", gone, || format!("{pid:?} is there after {:?}", began.elapsed()));
}

/// A shell with job control: it starts what it is given, says when that has stopped, waits for enter, and brings it back.
const SHELL: &str = r#"set -m; "$0" "$@"; echo "[stopped $?]"; read line; fg >/dev/null; echo "[ended $?]""#;

#[test]
fn ctrl_z_gives_the_terminal_back_until_fg() {
    let server = Server::with(two_accounts());
    let launch =
        Launch::new(&["--interval", "0.5", &server.url()]).size(80, 24).under("/bin/sh", &["-c", SHELL]);
    let mut term = live(launch);
    assert!(!term.settings_are_restored(), "the terminal is taken");
    term.keys("j ctrl-z");
    let shot = term.wait_for_text("[stopped");
    assert!(!shot.alternate && !shot.cursor_hidden, "{shot}");
    assert!(!shot.has("work"), "{shot}");
    assert!(term.settings_are_restored(), "{shot}");
    let left = crate::support::term::modes_left_on(&term.raw());
    assert!(left.is_empty(), "{left:?}");

    server.set("work", "paused", true);
    term.keys("enter");
    let shot = term.wait_for("the dashboard is back", |shot| {
        shot.alternate && shot.cursor_hidden && shot.has(" live") && shot.shows("work", "STATE", "paused")
    });
    assert!(shot.row("home").is_some_and(|y| shot.line(y).contains('▸')), "the selection is kept\n{shot}");
    assert!(!term.settings_are_restored(), "the terminal is taken again");
    term.keys("space");
    term.wait_for_cell("home", "AUTO", "on");
    term.keys("q");
    let end = term.wait_for_end();
    end.assert_restored();
    assert!(end.shot.has("[ended 0]"), "{}", end.shot);
}

#[test]
fn a_stop_signal_stops_it_as_ctrl_z_does() {
    let server = Server::with(two_accounts());
    // The shell tells its job's number, which is not the number of the terminal's first process.
    let shell =
        r#"set -m; "$0" "$@" & echo "$!" >job; fg >/dev/null; echo "[stopped]"; read line; fg >/dev/null"#;
    let job = tempfile::TempDir::new().expect("a directory");
    let shell = shell.replace(">job", &format!(">'{}'", job.path().join("job").display()));
    let launch =
        Launch::new(&["--interval", "0.5", &server.url()]).size(80, 24).under("/bin/sh", &["-c", &shell]);
    let mut term = live(launch);
    let number = std::fs::read_to_string(job.path().join("job")).expect("the job's number");
    let number = number.trim().parse().expect("a number");
    let job = rustix::process::Pid::from_raw(number).expect("a process number");
    rustix::process::kill_process(job, Signal::TSTP).expect("the program takes a signal");
    let shot = term.wait_for_text("[stopped]");
    assert!(!shot.alternate && !shot.cursor_hidden, "{shot}");
    term.keys("enter");
    term.wait_for("the dashboard is back", |shot| shot.alternate && shot.row("work").is_some());
    term.keys("q");
    term.wait_for_end().assert_restored();
}

#[test]
fn ctrl_z_without_a_shell_to_go_back_to_says_so() {
    let server = Server::with(two_accounts());
    let mut term = running(&server);
    term.keys("ctrl-z");
    let shot = term.wait_for_words("nothing to go back to");
    assert!(shot.alternate && shot.row("work").is_some(), "{shot}");
    term.keys("q");
    let end = term.wait_for_end();
    end.assert_restored();
    assert_eq!(end.code, 0);
}

#[test]
fn going_on_after_a_stop_from_outside_draws_everything_anew() {
    let server = Server::with(two_accounts());
    let mut term = running(&server);
    term.signal(Signal::STOP);
    let before = term.written();
    term.signal(Signal::CONT);
    term.wait_for("a whole frame", |shot| shot.row("work").is_some() && shot.line(23).contains("? help"));
    wait(
        "something is written",
        || (term.written() > before + 500).then_some(()),
        || term.shot().to_string(),
    );
}
