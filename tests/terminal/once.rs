//! Without a terminal to draw on, and wrong usage.

use crate::support::account::Account;
use crate::support::once::{run, run_into_closed_pipe};
use crate::support::server::{Answer, Server};
use crate::{dashboard, two_accounts};

#[test]
fn without_a_terminal_the_table_is_printed_once_as_text() {
    let server = Server::with(two_accounts());
    let run = run(&[&server.url()], &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.out.contains("NAME") && run.out.contains("work") && run.out.contains("home"), "{}", run.out);
    assert!(!run.out.contains('\u{1b}'), "{:?}", run.out);
    assert!(run.err.contains("no terminal"), "{}", run.err);
    assert_eq!(server.count("/api/accounts"), 1);
    assert_eq!(server.count("/api/logs/stream"), 0, "nothing is followed");
}

#[test]
fn a_dumb_terminal_gets_the_text_too() {
    let server = Server::with(two_accounts());
    let term = dashboard(&server).env("TERM", "dumb").start();
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    assert!(!end.raw.contains(&0x1b), "{:?}", String::from_utf8_lossy(&end.raw));
    assert!(end.shot.has("work") && end.shot.has("home"), "{}", end.shot);
    end.assert_restored();
}

#[test]
fn the_exit_status_tells_what_is_the_matter() {
    let status = |accounts: Vec<Account>| {
        let server = Server::with(accounts);
        run(&[&server.url()], &[]).code
    };
    let paused = || Account::named("held").with("paused", true);
    let signed_out = || Account::named("out").with("tokenStatus", "expired").with("hasRefreshToken", false);
    assert_eq!(status(vec![Account::named("work"), paused()]), Some(0));
    assert_eq!(status(vec![Account::named("work"), signed_out()]), Some(4), "one needs a person");
    assert_eq!(status(vec![paused()]), Some(5), "none is usable");
    assert_eq!(status(vec![paused(), signed_out()]), Some(5), "which weighs more");
}

#[test]
fn a_server_that_cannot_be_reached_is_status_3_with_what_to_try() {
    let mut server = Server::with(two_accounts());
    server.stop();
    let run = run(&[&server.url()], &[]);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert_eq!(run.out, "");
    assert!(run.err.contains(&server.url()) && run.err.contains("is better-ccflare running"), "{}", run.err);
}

#[test]
fn a_server_that_does_not_let_us_in_is_status_3() {
    let server = Server::with(two_accounts());
    server.require_key("btr-right");
    let wrong = run(&[&server.url()], &[("FLARETOP_API_KEY", "btr-wrong-secret")]);
    assert_eq!(wrong.code, Some(3), "{wrong:?}");
    assert!(wrong.err.contains("API key") && !wrong.err.contains("secret"), "{}", wrong.err);
    let right = run(&[&server.url()], &[("FLARETOP_API_KEY", "btr-right")]);
    assert_eq!(right.code, Some(0), "{right:?}");
}

#[test]
fn an_answer_that_is_no_list_is_told_and_not_printed() {
    let server = Server::with(two_accounts());
    server.fault("", Answer::page());
    let run = run(&[&server.url()], &[]);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.err.contains("web page"), "{}", run.err);
}

#[test]
fn the_address_may_come_from_the_environment() {
    let server = Server::with(two_accounts());
    let run = run(&[], &[("FLARETOP_URL", &server.url())]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.out.contains("work"), "{}", run.out);
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let server = Server::with(two_accounts());
    let run = run_into_closed_pipe(&[&server.url()]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn text_of_the_servers_does_not_act_on_the_terminal_here_either() {
    let server = Server::with([Account::named("work").with("name", "a\u{1b}[2J\u{9b}b\u{202e}c")]);
    let run = run(&[&server.url()], &[]);
    let hostile = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!run.out.contains(hostile), "{:?}", run.out);
}

#[test]
fn wrong_usage_is_status_2_with_the_right_word() {
    let server = Server::with(two_accounts());
    let url = server.url();
    let cases: &[(&[&str], &str)] = &[
        (&["--read-onyl"], "--read-only"),
        (&["--interval", "0"], "between"),
        (&["--interval", "soon"], "5"),
        (&["--color", "blue"], "never"),
        (&["--ca-cert", "/nowhere/at-all.pem", "https://127.0.0.1:1"], "at-all.pem"),
        (&["--api-key-file", "/nowhere/at-all.key"], "at-all.key"),
        (&["ftp://localhost"], "http"),
        (&["http://localhost:8080/dashboard"], "/dashboard"),
        (&["http://user:hidden@localhost:8080"], "password"),
        (&["http://localhost:99999"], "99999"),
    ];
    for (args, word) in cases {
        let run = run(args, &[("FLARETOP_URL", &url)]);
        assert_eq!(run.code, Some(2), "{args:?}: {run:?}");
        assert!(run.err.contains(word), "{args:?}: {}", run.err);
        assert_eq!(run.out, "", "{args:?}");
    }
    assert_eq!(server.requests().len(), 0, "nothing is asked before all is well");
}

#[test]
fn a_password_in_the_address_is_not_repeated() {
    let run = run(&["http://user:hidden@localhost:8080"], &[]);
    assert!(!run.err.contains("hidden") && !run.out.contains("hidden"), "{run:?}");
}

#[test]
fn help_and_version_are_printed_and_fine() {
    let help = run(&["--help"], &[]);
    assert_eq!(help.code, Some(0), "{help:?}");
    assert!(help.out.contains("--read-only") && help.out.contains("Exit status"), "{}", help.out);
    let version = run(&["--version"], &[]);
    assert_eq!(
        (version.code, version.out.as_str()),
        (Some(0), concat!("flaretop ", env!("CARGO_PKG_VERSION"), "\n"))
    );
}
