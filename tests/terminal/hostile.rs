//! Text that tries to act on the terminal.

use crate::support::account::Account;
use crate::support::server::{Answer, Server};
use crate::{dashboard, live};

/// Escape sequences, C1 controls, direction changes, invisible characters, and a bell.
const ATTACKS: &[&str] = &[
    "\u{1b}]0;owned\u{7}",
    "\u{1b}[97;105;5mcolour",
    "\u{1b}[6n",
    "\u{1b}[99;99Hmove",
    "\u{1b}P+q544e\u{1b}\\",
    "\u{9b}31mC1",
    "\u{9d}0;owned\u{9c}",
    "\u{202e}desrever\u{202c}",
    "\u{2066}isolate\u{2069}",
    "zero\u{200b}width\u{200d}join\u{2060}\u{feff}",
    "bell\u{7}back\u{8}space\u{7f}",
    "line\nbreak\rreturn\ttab",
];

#[test]
fn no_text_of_the_servers_acts_on_the_terminal() {
    let all = ATTACKS.concat();
    let mut accounts = vec![Account::named("work").with("name", format!("work {all}"))];
    for (i, attack) in ATTACKS.iter().enumerate() {
        let account = Account::named(&format!("n{i}"));
        accounts.push(
            account
                .with("name", format!("{attack}n{i}"))
                .with("rateLimitStatus", *attack)
                .with("provider", format!("p{attack}"))
                .with("customEndpoint", *attack)
                .with("rateLimitedReason", *attack)
                .with("rateLimitedUntil", 4_102_444_800_000_i64),
        );
    }
    let server = Server::with(accounts);
    for attack in ATTACKS {
        server.log("ERROR", &format!("Auto-refresh message failed for account {attack}: 500 {attack}"));
        server.log(attack, &format!("plain {attack}"));
    }
    let mut term = dashboard(&server).size(200, 60).start();
    term.wait_for_text(" live");
    term.wait_for_text("line break return");
    server.wait_for_stream();
    server.log("WARN", &format!("live {all} marker-one"));
    term.wait_for_text("live ");
    // Every row's details, every log level, refusals and questions.
    for _ in 0..ATTACKS.len() {
        term.keys("j");
    }
    term.keys("4 L L L L");
    // Events whole, broken and to the side, and what is typed.
    for _ in 0..ATTACKS.len() {
        term.keys("j enter G W l esc");
    }
    term.keys("W l h / l i v e tab enter n i i esc esc esc esc 1 g");
    server.fault("/auto-fallback", Answer::error(500, &all));
    term.keys("f");
    term.wait_for_words("Could not switch auto-fallback on");
    term.keys("w");
    term.wait_for_words("What was sent");
    term.keys("esc e");
    term.wait_for_words("endpoint of");
    term.keys("ctrl-g");
    server.fault("/api/accounts", Answer::error(500, &all));
    term.wait_for_text("LOST");
    term.keys("q");
    let end = term.wait_for_end();
    end.assert_restored();
    let text = String::from_utf8(end.raw).expect("UTF-8 alone");
    for part in text.split('\u{1b}').skip(1) {
        let rest = part.strip_prefix('[').unwrap_or_else(|| panic!("not of the program: ESC {part:?}"));
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).expect("an end");
        let (parameters, rest) = rest.split_at(end);
        let last = rest.chars().next().unwrap_or_default();
        assert!("HABCDGdmJKXhlu".contains(last), "not of the program: ESC [{parameters}{last}");
        assert!(parameters != "97;105;5" && parameters != "99;99", "passed on: ESC [{parameters}{last}");
    }
    let hostile = |c: char| {
        ('\u{80}'..='\u{9f}').contains(&c)
            || ('\u{200b}'..='\u{200f}').contains(&c)
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2060}'..='\u{206f}').contains(&c)
            || "\u{feff}\u{7f}\u{7}\t\u{b}\u{c}".contains(c)
    };
    let found: Vec<char> = text.chars().filter(|c| hostile(*c)).collect();
    assert!(found.is_empty(), "passed on: {found:?}");
}

#[test]
fn wide_and_combined_characters_keep_the_table_straight() {
    let server = Server::with([
        Account::named("work").with("priority", 1),
        Account::named("wide").with("name", "réseau 北京 مرحبا"),
        Account::named("emoji").with("name", "team 🚀👨‍👩‍👧 e\u{301}"),
        Account::named("long").with("name", "quarterly-".repeat(10)),
        Account::named("last").auto_refresh(false),
    ]);
    let mut term = live(dashboard(&server).size(80, 24));
    let shot = term.wait_for_cell("last", "AUTO", "off");
    let first = shot.row("work").expect("a row");
    for y in first..first + 5 {
        let line = shot.line(y);
        assert!(line.starts_with('│') && line.ends_with('│'), "{shot}");
    }
    assert!(shot.has("réseau 北京"), "{shot}");
}
