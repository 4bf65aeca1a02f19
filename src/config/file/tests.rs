use super::*;
use crate::config::{KeySource, default_file};
use crate::keymap::{Action, BINDINGS, Keymap};
use proptest::prelude::*;
use std::collections::HashSet;

fn read(text: &str) -> Result<File, Vec<String>> {
    let home = Path::new("/home/me");
    File::read(text, Path::new("/etc/flaretop"), Some(home)).map_err(|Problems(problems)| {
        problems.into_iter().map(|Problem { line, what }| format!("{line}: {what}")).collect()
    })
}

fn told(text: &str) -> String {
    read(text).expect_err(text).join("\n")
}

/// The default file with every setting taken out of its comment.
fn uncommented() -> String {
    default_file()
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
            _ => "\n".to_owned(),
        })
        .collect()
}

#[test]
fn an_empty_file_and_the_default_one_say_nothing() {
    assert_eq!(read(""), Ok(File::default()));
    assert_eq!(read("\u{feff}# nothing\r\n"), Ok(File::default()));
    assert_eq!(read(&default_file()), Ok(File::default()));
}

#[test]
fn the_default_file_says_what_holds_without_it() {
    let file = read(&uncommented()).expect("it is right");
    assert_eq!(file.keymap, Keymap::default());
    let actions: HashSet<Action> = BINDINGS.iter().map(|b| b.action).collect();
    assert_eq!(file.own_keys, actions.len(), "and has every action");
    assert_eq!(file.interval, Some(crate::config::DEFAULT_INTERVAL));
    assert_eq!(file.theme, Some(ThemeName::default()));
    assert_eq!((file.read_only, file.mouse), (Some(false), Some(false)));
    assert!(file.columns.is_usual());
    let [server] = &file.servers[..] else { panic!("{:?}", file.servers) };
    assert_eq!(server.name.as_str(), "prod");
    assert_eq!(server.key, KeySource::Command(["pass", "show", "ccflare"].map(str::to_owned).into()));
    assert_eq!(server.ca_cert.as_deref(), Some(Path::new("/home/me/ca.pem")));
    assert!(server.default);
}

#[test]
fn the_default_file_names_everything_that_can_be_said() {
    let text = default_file();
    for name in SETTINGS.iter().chain(&OF_A_SERVER) {
        assert!(text.contains(name), "{name}");
    }
    for theme in ThemeName::ALL {
        assert!(text.contains(theme.name()), "{theme:?}");
    }
}

#[test]
fn what_is_said_is_read() {
    let file = read(
        r#"
        interval = 2.5
        theme = "light"
        read_only = true
        servers.b = { url = "localhost:9000", api_key_file = "b.key" }
        servers."a c".url = "https://a"
        [keys]
        toggle_pause = ["f6", "f5"]
        redraw = []
        [columns]
        seven_day = "hidden"
        last_refresh = "kept"
        pace = "shown"
        "#,
    )
    .expect("it is right");
    assert_eq!((file.interval, file.theme), (Some(2.5), Some(ThemeName::Light)));
    assert_eq!((file.read_only, file.mouse), (Some(true), None));
    assert_eq!(file.keymap.key_of(Action::TogglePause), Some("f6"));
    assert_eq!(file.keymap.key_of(Action::Redraw), None);
    assert_eq!(file.own_keys, 2);
    let chosen: Vec<_> = file.columns.chosen().map(|(c, w)| (c.name(), w.name())).collect();
    assert_eq!(chosen, [("seven_day", "hidden"), ("last_refresh", "kept")]);
    let servers: Vec<_> = file.servers.iter().map(|s| (s.name.as_str(), s.target.url().as_str())).collect();
    assert_eq!(servers, [("b", "http://localhost:9000"), ("a c", "https://a:443")], "in the file's order");
    assert_eq!(file.servers[0].key, KeySource::File("/etc/flaretop/b.key".into()), "beside the file");
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_the_nearest_word() {
    for (text, words) in [
        ("\nintervall = 5", "2: unknown key `intervall`; did you mean `interval`?"),
        (
            "colour = 1",
            "1: unknown key `colour`; there are interval, theme, read_only, mouse, columns, servers, keys",
        ),
        ("interval = 0", "1: interval must be a number of seconds from 0.5 to 86400, like 5"),
        ("interval = nan", "1: interval must be a number"),
        ("interval = \"5\"", "1: interval must be a number"),
        ("interval = 99999999999999999999", "1: interval must be a number"),
        ("theme = \"drak\"", "1: unknown theme `drak`; did you mean `dark`?"),
        ("theme = true", "1: theme must be text in quotes, like \"dark\""),
        ("mouse = 1", "1: mouse must be true or false"),
        ("mouse = false\nmouse = true", "2: duplicate key"),
        ("[servers.a\nurl = 1", "1: "),
        ("servers = 5", "1: servers must be tables with names"),
        ("servers.a = 5", "1: a must be a table, like [servers.a]"),
        ("[servers.a]", "1: a has no url"),
        ("\n[servers.a]\nurl = \"ftp://a\"", "3: url: `ftp://` is not spoken here"),
        ("[servers.a]\nurl = \"http://me:secret@a\"", "2: url: the address holds a user name or a password"),
        (
            "[servers.a]\nurl = \"a\"\nkey_comand = \"x\"",
            "3: unknown key `key_comand` of a server; did you mean `key_command`?",
        ),
        ("[servers.a]\nurl = \"a\"\nkey_command = \" \"", "3: key_command is empty"),
        (
            "[servers.a]\nurl = \"a\"\nkey_command = \"pass 'x\"",
            "3: key_command: a quote is opened and not closed",
        ),
        ("[servers.a]\nurl = \"a\"\nca_cert = \"\"", "3: ca_cert is empty"),
        (
            "[servers.a]\nurl = \"a\"\nkey_command = \"x\"\napi_key_file = \"y\"",
            "1: a has both key_command and api_key_file",
        ),
        (
            "[servers.a]\nurl = \"a\"\ndefault = true\n[servers.b]\nurl = \"b\"\ndefault = true",
            "4: both a and b have default = true",
        ),
        ("[servers.\"a\\u001bb\"]\nurl = \"a\"", "1: `a\u{fffd}b` is no name"),
        ("columns = 5", "1: columns must be a table of columns, like [columns]"),
        ("[columns]\npcae = \"kept\"", "2: unknown column `pcae`; did you mean `pace`?"),
        ("[columns]\nname = \"hidden\"", "2: unknown column `name`; it is always shown"),
        ("[columns]\nnonsense = \"kept\"", "2: unknown column `nonsense`; `flaretop config default` lists"),
        ("[columns]\npace = \"hiden\"", "2: pace: unknown word `hiden`; did you mean `hidden`?"),
        ("[columns]\npace = \"no\"", "2: pace: unknown word `no`; there are shown, kept, hidden"),
        ("[columns]\npace = false", "2: pace must be text in quotes, like \"hidden\""),
        ("keys = []", "1: keys must be a table of actions"),
        ("[keys]\n\npauze = []", "3: unknown action `pauze`; `flaretop config default` lists them"),
        ("[keys]\ntoggle_puase = []", "2: unknown action `toggle_puase`; did you mean `toggle_pause`?"),
        ("[keys]\ntoggle_pause = \"p\"", "2: toggle_pause must be a list of keys, like [\"space\", \"a\"]"),
        ("[keys]\ntoggle_pause = [\"shift-p\"]", "2: toggle_pause: unknown key `shift-p`; write it like"),
        ("[keys]\nhelp = [\"f1\"]\npoll_now = [\"p\"]", "3: `p` is already toggle_pause (accounts)"),
        ("[keys]\ncancel = []", "2: cancel must keep a key"),
        ("[[on]]\nevent = \"refresh.failed\"", "1: this version has no alerts: take the [[on]] rules out"),
    ] {
        let told = told(text);
        assert!(told.starts_with(words) || told.contains(&format!("\n{words}")), "{text}\n{told}");
        assert!(!told.contains("secret"), "{told}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_in_the_files_order() {
    let told = told("thme = 1\n[keys]\nx = []\n[servers.a]\nurl = 5\n");
    let lines: Vec<&str> = told.lines().map(|l| l.split(':').next().expect("a line")).collect();
    assert_eq!(lines, ["1", "3", "5"], "{told}");
}

#[test]
fn a_command_is_split_into_words_as_a_shell_would() {
    let file =
        read("[servers.a]\nurl = \"a\"\nkey_command = '''~/bin/key --for \"my server\" '$HOME' a\\ b'''");
    let key = file.expect("it is right").servers.remove(0).key;
    let words = ["/home/me/bin/key", "--for", "my server", "$HOME", "a b"].map(str::to_owned);
    assert_eq!(key, KeySource::Command(words.into()));
}

#[test]
fn a_file_that_is_none_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    let load = |must_be| File::load(&path, must_be, None);
    assert!(!load(false).expect("none is no error").found);
    assert!(load(true).expect_err("named").to_string().contains("config.toml: cannot be read"));
    std::fs::write(&path, [0xff]).expect("written");
    assert!(load(false).expect_err("no text").to_string().ends_with("config.toml: is not UTF-8"));
    std::fs::write(&path, " ".repeat(2 << 20)).expect("written");
    assert!(load(false).expect_err("too long").to_string().contains("larger than 1 MiB"));
    std::fs::write(&path, "mouse = 1\nmuose = 1\n").expect("written");
    let text = load(false).expect_err("wrong").to_string();
    let shown = path.display();
    assert_eq!(
        text,
        format!(
            "{shown}:1: mouse must be true or false\n{shown}:2: unknown key `muose`; did you mean `mouse`?"
        )
    );
    assert!(File::load(folder.path(), true, None).is_err(), "a folder");
}

/// What files are made of, well and badly put together.
fn any_file() -> impl Strategy<Value = String> {
    let pieces = proptest::sample::select(vec![
        "interval",
        "theme",
        "mouse",
        "servers",
        "[servers.a]",
        "[keys]",
        "[columns]",
        "pace",
        "\"hidden\"",
        "[[on]]",
        "[[servers.a]]",
        "url",
        "default",
        "key_command",
        "toggle_pause",
        "cancel",
        "quit",
        "help",
        " = ",
        "=",
        "\n",
        "\n",
        "\"",
        "'",
        "'''",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        "true",
        "5",
        "-1e400",
        "0x_",
        "1979-05-27",
        "\"p\"",
        "[\"p\", \"q\"]",
        "[\"ctrl-c\"]",
        "[]",
        "\"http://h\"",
        "\"~/x\"",
        "\\u001b",
        "é",
        "\u{0}",
        "#",
        "inf",
        "nan",
    ]);
    prop_oneof![
        proptest::collection::vec(pieces, 0..60).prop_map(|p| p.concat()),
        ".{0,200}",
        // The default file with something cut out and something put in.
        (any::<proptest::sample::Index>(), 0usize..80, ".{0,20}").prop_map(|(at, cut, new)| {
            let text: Vec<char> = uncommented().chars().collect();
            let at = at.index(text.len());
            let end = (at + cut).min(text.len());
            text[..at].iter().copied().chain(new.chars()).chain(text[end..].iter().copied()).collect()
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_file_holds_it_is_read_or_refused_with_lines_of_its_own(text in any_file()) {
        if let Err(Problems(problems)) = File::read(&text, Path::new("/"), None) {
            prop_assert!(!problems.is_empty());
            let lines = text.matches('\n').count() + 1;
            for Problem { line, what } in problems {
                prop_assert!((1..=lines).contains(&line), "{line} of {lines}");
                prop_assert!(!what.chars().any(char::is_control), "{what:?}");
            }
        }
    }
}
