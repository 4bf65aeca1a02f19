//! The mouse, where it is asked for.

use rustix::process::Signal;

use crate::support::server::Server;
use crate::support::term::{Launch, Term, modes_left_on};
use crate::{dashboard, live, two_accounts};

/// A press and a release of the first button, as terminals send them.
fn click(term: &mut Term, (x, y): (usize, usize)) {
    term.send(format!("\x1b[<0;{0};{1}M\x1b[<0;{0};{1}m", x + 1, y + 1).as_bytes());
}

fn with_mouse(server: &Server) -> Launch {
    dashboard(server).size(80, 24).config("mouse = true")
}

#[test]
fn clicks_select_switch_and_press_what_is_named_at_the_bottom() {
    let server = Server::with(two_accounts());
    let mut term = live(with_mouse(&server));
    let shot = term.shot();
    let heads = shot.line(2);
    let (before, _) = heads.split_once("AUTO").expect("its column");
    let row = shot.row("home").expect("its row");
    click(&mut term, (before.chars().count(), row));
    term.wait_for_cell("home", "AUTO", "on");
    assert!(term.shot().line(row).contains('▸'), "{}", term.shot());
    let at = term.shot().line(23).find("help").expect("its hint");
    click(&mut term, (at, 23));
    term.wait_for_text("Help");
    term.send(b"\x1b[<65;10;10M"); // the wheel, over the help
    term.keys("esc");
    term.wait_for("the help is closed", |shot| !shot.has("Help"));
    let at = term.shot().line(23).find("w why").expect("its hint");
    click(&mut term, (at, 23));
    term.wait_for("its pane has the keys", |shot| shot.line(23).contains("q quit"));
    let at = term.shot().line(23).find("quit").expect("its hint");
    click(&mut term, (at, 23));
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    end.assert_restored();
    let raw = String::from_utf8_lossy(&end.raw).into_owned();
    for mode in ["?1002", "?1003"] {
        assert!(!raw.contains(mode), "movement is not asked for: {mode}");
    }
}

#[test]
fn the_mouse_is_given_back_however_it_ends() {
    let server = Server::with(two_accounts());
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let term = live(with_mouse(&server));
        assert!(modes_left_on(&term.raw()).contains(&"1000".to_owned()), "it is taken");
        term.signal(signal);
        term.wait_for_end().assert_restored();
    }
}

#[test]
fn the_mouse_is_given_back_while_it_is_stopped_and_taken_again() {
    let server = Server::with(two_accounts());
    let shell = r#"set -m; "$0" "$@"; echo "[stopped]"; read line; fg >/dev/null"#;
    let mut term = live(with_mouse(&server).under("/bin/sh", &["-c", shell]));
    term.keys("ctrl-z");
    term.wait_for_text("[stopped]");
    let left = modes_left_on(&term.raw());
    assert!(left.is_empty(), "{left:?}");
    term.keys("enter");
    term.wait_for("the dashboard is back", |shot| shot.alternate && shot.row("work").is_some());
    assert!(modes_left_on(&term.raw()).contains(&"1006".to_owned()));
    term.keys("q");
    term.wait_for_end().assert_restored();
}

#[test]
fn without_being_asked_for_not_a_byte_is_written_about_the_mouse() {
    let server = Server::with(two_accounts());
    let shell = r#"set -m; "$0" "$@"; echo "[stopped]"; read line; fg >/dev/null"#;
    let mut term = live(dashboard(&server).size(80, 24).under("/bin/sh", &["-c", shell]));
    term.keys("ctrl-z");
    term.wait_for_text("[stopped]");
    term.keys("enter");
    term.wait_for("the dashboard is back", |shot| shot.alternate && shot.row("work").is_some());
    term.keys("? esc q");
    let end = term.wait_for_end();
    end.assert_restored();
    let raw = String::from_utf8_lossy(&end.raw).into_owned();
    for mode in ["1000", "1002", "1003", "1005", "1006", "1015", "1016"] {
        assert!(!raw.contains(&format!("\x1b[?{mode}")), "{mode}");
    }
}
