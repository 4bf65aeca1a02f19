//! The configuration file: what it changes, and how it is refused.

use crate::support::account::Account;
use crate::support::once::{run, run_into_closed_pipe, run_with};
use crate::support::server::Server;
use crate::support::term::Launch;
use crate::two_accounts;

/// Two servers by name, the first with a key; the second one's accounts are `other`.
fn two_servers() -> (Server, Server) {
    let (first, second) = (Server::with(two_accounts()), Server::with([Account::named("other")]));
    first.require_key("btr-first");
    second.require_key("btr-second");
    (first, second)
}

fn naming(first: &Server, second: &Server) -> String {
    format!(
        "interval = 0.5\n[servers.first]\nurl = \"{}\"\nkey_command = \"printf btr-first\"\ndefault = true\n\
         [servers.second]\nurl = \"{}\"\nkey_command = '/bin/sh -c \"echo btr-second\"'\n",
        first.url(),
        second.url()
    )
}

#[test]
fn a_server_is_gone_to_by_its_name_with_its_own_key() {
    let (first, second) = two_servers();
    let config = naming(&first, &second);
    let usual = run_with(&config, &[], &[]);
    assert_eq!(usual.code, Some(0), "{usual:?}");
    assert!(usual.out.starts_with("first 127.0.0.1:") && usual.out.contains("home"), "{}", usual.out);
    let named = run_with(&config, &["--server", "second"], &[]);
    assert!(named.out.starts_with("second ") && named.out.contains("other"), "{named:?}");
    let unknown = run_with(&config, &["--server", "secnod"], &[]);
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    assert!(unknown.err.contains("did you mean `second`?"), "{}", unknown.err);
    let both = run_with(&config, &["--server", "second", &first.url()], &[]);
    assert_eq!(both.code, Some(2), "{both:?}");
    let elsewhere = run_with(&config, &["--server", "second", "demo"], &[]);
    assert!(elsewhere.err.contains("--server and `demo` do not go together"), "{elsewhere:?}");
}

#[test]
fn a_key_command_that_fails_is_told_with_its_complaint_before_anything_is_asked() {
    let (first, second) = two_servers();
    let config = naming(&first, &second)
        .replace("\"printf btr-first\"", "\"\"\"/bin/sh -c 'echo locked >&2; exit 3'\"\"\"");
    let failed = run_with(&config, &[], &[]);
    assert_eq!(failed.code, Some(2), "{failed:?}");
    assert!(failed.err.contains("/bin/sh failed (exit status: 3): locked"), "{}", failed.err);
    assert_eq!(first.requests().len(), 0);
    let env = run_with(&config, &[], &[("FLARETOP_API_KEY", "btr-first")]);
    assert_eq!(env.code, Some(0), "the environment goes before it, so it is not run: {env:?}");
}

#[test]
fn the_keys_of_servers_go_from_one_to_the_next_and_forget_the_one_before() {
    let (first, second) = two_servers();
    let launch = Launch::new(&["--log", "log"]).config(&naming(&first, &second)).env("FLARETOP_LOG", "trace");
    let mut term = launch.start();
    term.wait_for("the first", |shot| shot.line(0).contains(" first ") && shot.row("work").is_some());
    assert_eq!(second.requests().len(), 0, "nothing is asked of one that is not watched");
    term.keys("]");
    let shot =
        term.wait_for("the second", |shot| shot.line(0).contains(" second ") && shot.row("other").is_some());
    assert!(!shot.has("work") && shot.has(" live"), "{shot}");
    let polls = first.count("/api/accounts");
    let of_second = second.count("/api/accounts");
    second.wait_for_count("/api/accounts", of_second + 4);
    assert!(first.count("/api/accounts") <= polls + 1, "one may have been on its way");
    term.keys("[");
    term.wait_for("the first again", |shot| shot.line(0).contains(" first ") && shot.row("work").is_some());
    assert!(!String::from_utf8_lossy(&term.raw()).contains("btr-"));
    assert!(!term.file("log").contains("btr-"), "{}", term.file("log"));
    term.keys("q");
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    end.assert_restored();
}

#[test]
fn a_server_whose_key_cannot_be_had_says_why_and_is_tried_again_when_asked() {
    let (first, second) = two_servers();
    let gate = tempfile::TempDir::new().expect("a directory");
    let key = gate.path().join("key");
    let command = format!("cat {}", key.display());
    let config = naming(&first, &second).replace("'/bin/sh -c \"echo btr-second\"'", &format!("'{command}'"));
    let mut term = Launch::new(&[]).config(&config).start();
    term.wait_for_text("first");
    term.keys("]");
    term.wait_for_words("No API key from key_command: cat failed (exit status: 1)");
    assert_eq!(second.requests().len(), 0, "without its key it is not asked");
    std::fs::write(&key, "btr-second\n").expect("written");
    term.keys("ctrl-r");
    term.wait_for("the second", |shot| shot.row("other").is_some());
    term.keys("q");
    assert_eq!(term.wait_for_end().code, 0);
}

#[test]
fn what_asks_for_a_passphrase_cannot_take_the_dashboards_keys() {
    let (first, second) = two_servers();
    // It would read a line from the terminal, were it let.
    let config = naming(&first, &second).replace("echo btr-second", "read line </dev/tty; echo btr-$line");
    let mut term = Launch::new(&[]).config(&config).start();
    term.wait_for_text("first");
    term.keys("]");
    term.wait_for("the second", |shot| shot.line(0).contains(" second "));
    term.keys("? esc [");
    term.wait_for("the first again", |shot| shot.line(0).contains(" first ") && shot.row("work").is_some());
    term.keys("q");
    let end = term.wait_for_end();
    assert_eq!(end.code, 0);
    end.assert_restored();
}

#[test]
fn a_wrong_file_is_told_line_by_line_before_the_screen_is_taken() {
    let server = Server::with(two_accounts());
    let config = "interval = 5\ntheme = \"drak\"\n\n[keys]\npauze = []\n";
    for args in [&[&*server.url()][..], &["demo"], &["config", "check"]] {
        let run = run_with(config, args, &[]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains("config.toml:2: unknown theme `drak`; did you mean `dark`?"), "{}", run.err);
        assert!(run.err.contains("config.toml:5: unknown action `pauze`"), "{}", run.err);
        assert_eq!(run.out, "");
    }
    assert_eq!(server.requests().len(), 0);
    let mut term = Launch::new(&[&server.url()]).config(config).start();
    term.wait_for_exit();
    let raw = String::from_utf8_lossy(&term.raw()).into_owned();
    assert!(!raw.contains('\u{1b}'), "{raw:?}");
}

#[test]
fn the_file_that_is_named_goes_before_the_usual_one() {
    let server = Server::with(two_accounts());
    let usual = "theme = \"wrong\"";
    let none = run_with(usual, &["--config", "/dev/null", &server.url()], &[]);
    assert_eq!(none.code, Some(0), "{none:?}");
    let missing = run(&["--config", "/nowhere/at/all.toml", &server.url()], &[]);
    assert_eq!(missing.code, Some(2), "{missing:?}");
    assert!(missing.err.contains("/nowhere/at/all.toml: cannot be read"), "{}", missing.err);
}

#[test]
fn config_tells_where_the_file_is_what_it_may_say_and_whether_it_is_right() {
    let path = run(&["config", "path"], &[("XDG_CONFIG_HOME", "/conf")]);
    assert_eq!((path.code, &*path.out), (Some(0), "/conf/flaretop/config.toml\n"));
    let home = run(&["config", "path"], &[("XDG_CONFIG_HOME", ""), ("HOME", "/home/me")]);
    assert_eq!(home.out, "/home/me/.config/flaretop/config.toml\n");
    let default = run(&["config", "default"], &[]);
    assert_eq!((default.code, &*default.out), (Some(0), include_str!("../../assets/config.toml")));
    assert_eq!(run_into_closed_pipe(&["config", "default"]).code, Some(0));
    let none = run(&["config", "check"], &[]);
    assert_eq!(none.code, Some(0), "{none:?}");
    assert!(none.out.contains("is not there, so every default holds"), "{}", none.out);
    let right = run_with(&default.out, &["config", "check"], &[]);
    assert!(right.code == Some(0) && right.out.contains("config.toml: is right"), "{right:?}");
    let config = "[servers.a]\nurl = \"a\"\nkey_command = \"no-such-program\"\n[keys]\nredraw = []\n[columns]\npace = \"hidden\"\n";
    let named = run_with(config, &["config", "check"], &[]);
    assert!(named.out.contains("servers.a: http://a:8080, API key from no-such-program"), "{named:?}");
    assert!(named.out.contains("keys: 1 action with keys of your own"), "{named:?}");
    assert!(named.out.contains("columns: 1 column kept or hidden"), "{named:?}");
    let config = "[servers.a]\nurl = \"https://a\"\nca_cert = \"none.pem\"\n[servers.b]\nurl = \"b\"\napi_key_file = \"no.key\"\n";
    let files = run_with(config, &["config", "check"], &[]);
    assert_eq!(files.code, Some(2), "{files:?}");
    assert!(files.err.contains("servers.a: cannot read the certificates in"), "{}", files.err);
    assert!(files.err.contains("servers.b: cannot read the key file"), "{}", files.err);
}

#[test]
fn completions_and_the_manual_page_need_no_configuration_and_go_into_any_pipe() {
    for args in [&["man"][..], &["completions", "zsh"], &["completions", "fish"]] {
        let run = run_with("theme = \"wrong\"", args, &[]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.out.contains("flaretop") && run.err.is_empty(), "{run:?}");
        assert_eq!(run_into_closed_pipe(args).code, Some(0), "{args:?}");
    }
    let unknown = run(&["completions", "tcsh"], &[]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("bash"), "{}", unknown.err);
}

#[test]
fn bash_understands_its_completions() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let script = run(&["completions", "bash"], &[]).out;
    let bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut bash = match bash {
        Ok(bash) => bash,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("there is no bash to ask");
            return;
        }
        Err(error) => panic!("bash: {error}"),
    };
    bash.stdin.take().expect("its input").write_all(script.as_bytes()).expect("it reads");
    let ended = bash.wait_with_output().expect("it ends");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn own_keys_work_and_the_footer_names_them() {
    let server = Server::with(two_accounts());
    let config = "[keys]\ntoggle_auto_refresh = [\"f2\"]\nquit = [\"f12\"]\n";
    let launch = Launch::new(&["--interval", "0.5", &server.url()]).config(config).size(120, 24);
    let mut term = launch.start();
    let shot = term.wait_for("the list", |shot| shot.has(" live") && shot.row("work").is_some());
    assert!(shot.line(23).contains("f2 auto-refresh") && shot.line(23).contains("f12 quit"), "{shot}");
    term.keys("space q");
    term.wait_for_words("q means nothing here");
    assert_eq!(server.changes(), [""; 0]);
    term.keys("f2");
    term.wait_for_cell("work", "AUTO", "off");
    term.keys("f12");
    assert_eq!(term.wait_for_end().code, 0);
}

#[test]
fn a_theme_is_painted_as_far_as_the_terminal_has_colours() {
    let server = Server::with(two_accounts());
    let raw = |theme: &str, env: &[(&str, &str)]| {
        let config = format!("theme = \"{theme}\"");
        let mut launch = Launch::new(&["--interval", "0.5", &server.url()]).config(&config);
        for (name, value) in env {
            launch = launch.env(name, value);
        }
        let mut term = launch.start();
        term.wait_for("the list", |shot| shot.has(" live") && shot.row("work").is_some());
        term.keys("q");
        let end = term.wait_for_end();
        end.assert_restored();
        String::from_utf8(end.raw).expect("UTF-8")
    };
    let all = raw("dark", &[("COLORTERM", "truecolor")]);
    assert!(all.contains("48;2;20;22;27"), "{all:?}");
    let many = raw("light", &[]);
    assert!(many.contains("48;5;") && !many.contains("48;2;"), "{many:?}");
    for (theme, env) in
        [("dark", &[("TERM", "xterm")][..]), ("dark", &[("NO_COLOR", "1")]), ("mono", &[]), ("terminal", &[])]
    {
        let few = raw(theme, env);
        assert!(!few.contains("48;5;") && !few.contains("48;2;"), "{theme} {env:?}");
    }
}
