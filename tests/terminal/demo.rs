//! `flaretop demo`: the dashboard on the simulated server, and what it refuses. The server alone is in `tests/guide.rs`.

use std::net::TcpListener;

use crate::support::once::run;
use crate::support::term::Launch;

#[test]
fn the_tour_runs_and_a_refresh_is_seen() {
    let mut term = Launch::new(&["demo", "--tick", "0.5", "--interval", "0.5"]).start();
    let shot = term.wait_for("the list", |shot| shot.has(" live") && shot.row("primary").is_some());
    assert!(shot.shows("signed-out", "STATE", "SIGN-IN"), "{shot}");
    assert!(shot.shows("limited", "STATE", "limited"), "{shot}");
    assert!(shot.shows("throttled", "STATE", "throttled"), "{shot}");
    term.wait_for_text("zai-coding");
    term.wait_for("an outcome", |shot| shot.has("new window"));
    term.wait_for_cell("broken", "STATE", "paused");
    term.keys("q");
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    end.assert_restored();
}

#[test]
fn a_skewed_clock_and_hostile_names_are_seen_for_what_they_are() {
    let mut term = Launch::new(&["demo", "--scenario", "skewed-clock"]).start();
    term.wait_for_text("clock +32");
    term.keys("q");
    assert_eq!(term.wait_for_end().code, 0);
    let mut term = Launch::new(&["demo", "--scenario", "hostile"]).start();
    term.wait_for("the list", |shot| shot.has(" live") && shot.row("twin").is_some());
    term.wait_for_text("cleared");
    let raw = String::from_utf8_lossy(&term.raw()).into_owned();
    for bad in ["\u{1b}]0;owned", "\u{1b}]52", "\u{202e}", "\u{2066}"] {
        assert!(!raw.contains(bad), "{bad:?}");
    }
    term.keys("q");
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    end.assert_restored();
}

#[test]
fn wrong_usage_is_told_before_anything_is_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("a path").to_owned()
    };
    let unknown = file("unknown.toml", b"about = 'x.'\n[[accounts]]\nname = 'a'\ncolour = 1\n");
    let tick = file("tick.toml", b"about = 'x.'\ntick = 0\n");
    let binary = file("binary.toml", b"\xff\xfe");
    let nothing: &[(&str, &str)] = &[];
    let loud: &[(&str, &str)] = &[("FLARETOP_LOG", "loud")];
    for (args, env, words) in [
        (&["demo"][..], loud, &["FLARETOP_LOG: unknown level `loud`; use error, warn"][..]),
        (&["demo", "--serve", "--listen", "127.0.0.1:0"], loud, &["FLARETOP_LOG: unknown level `loud`"]),
        (&["demo", "--serve", "--listen", "0.0.0.0:0"], nothing, &["0.0.0.0:0 is not a loopback address"]),
        (&["demo", "--scenario", "nonesuch"], nothing, &["no scenario `nonesuch`; there are tour, guide"]),
        (&["demo", "--scenario", &unknown], nothing, &["unknown.toml:4: unknown field `colour`"]),
        (&["demo", "--scenario", &tick], nothing, &["tick.toml", "tick: must be 0.05 seconds or more"]),
        (&["demo", "--scenario", &binary], nothing, &["binary.toml", "UTF-8"]),
        (&["http://localhost:1", "demo"], nothing, &["a URL and `demo` do not go together; leave one out"]),
        (&["--ca-cert", "x", "demo"], nothing, &["--ca-cert and `demo` do not go together"]),
        (&["--api-key-file", "x", "demo"], nothing, &["--api-key-file and `demo` do not go together"]),
        (
            &["demo", "--listen", "127.0.0.1:0"],
            nothing,
            &["required arguments were not provided:\n  --serve"],
        ),
        (&["demo", "--tick", "0"], nothing, &["--tick", "between 0.5 and 86400 seconds"]),
    ] {
        let run = run(args, env);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{args:?}: {}", run.err);
        for words in words {
            assert_eq!(run.err.matches(words).count(), 1, "{args:?}: {}", run.err);
        }
        assert!(!run.err.contains("no terminal"), "{args:?}: {}", run.err);
    }
    let term = Launch::new(&["demo"]).env("FLARETOP_LOG", "loud").start();
    let end = term.wait_for_end();
    assert_eq!(end.code, 2);
    end.assert_restored();
    assert!(end.shot.has("FLARETOP_LOG") && !end.raw.contains(&0x1b), "{}", end.shot);
}

#[test]
fn what_stands_in_the_demos_way_is_named_with_what_to_try() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    let inside = file.join("logs");
    let inside = inside.to_str().expect("a path");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let logs = format!("--log-dir {inside}: cannot write there: Not a directory");
    let port = format!("cannot listen on {address}: Address already in use");
    for (args, words) in [
        (
            &["demo", "--serve", "--listen", &address][..],
            [port.as_str(), "try --listen 127.0.0.1:0, which picks"],
        ),
        (
            &["demo", "--serve", "--listen", "127.0.0.1:0", "--log-dir", inside],
            [&logs, "name another folder"],
        ),
        (&["demo", "--log-dir", inside], [&logs, "name another folder"]),
    ] {
        let run = run(args, &[]);
        assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "{args:?}: {}", run.err);
        for words in words {
            assert_eq!(run.err.matches(words).count(), 1, "{args:?}: {}", run.err);
        }
        assert_eq!(run.err.matches("(os error").count(), 1, "said once: {}", run.err);
    }
}
