//! The events pane: what it shows, what moves it and what does not.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test says what it expects")]

mod scene;

use chrono::TimeDelta;
use flaretop::app::logs::{Entry, EntryId, MOST_RECORDS, News};
use flaretop::app::{Dialog, Effect, EventsPane, Msg, Options, Pane, Row, Seq, Show, State, update, window};
use flaretop::model::{Account, AccountsAnswer, Failure, Level, LogLine, Plain, Provider, Timestamp};
use flaretop::view::theme::Theme;
use proptest::prelude::*;
use ratatui::layout::Size;

const SENDING: &str = "Sending auto-refresh message to account: work";
const LIMITED: &str =
    "Account work rate-limited (429), no model fallbacks \u{2014} failing over to next account";
const FAILED: &str = "Auto-refresh message failed for account work: 503 Service Unavailable";
const BODY: &str = "Response body: {\"error\":\"overloaded\"}";
const STRIKE: &str =
    "Account work has failed 2 consecutive auto-refresh attempts (non-401 error). Threshold is 5.";

/// The dashboard of two accounts, the events pane in focus.
struct App {
    state: State,
    now: Timestamp,
    stream: Seq,
    asked: Vec<Effect>,
    notes: Vec<EntryId>,
}

impl App {
    fn new(width: u16, height: u16) -> Self {
        let now = scene::at("12:00:00");
        let state = State::new(now, Size::new(width, height), Options::default());
        let mut app = Self { state, now, stream: Seq(0), asked: Vec::new(), notes: Vec::new() };
        app.on(Msg::Tick);
        let poll = app.seq(|e| if let Effect::Poll { seq } = e { Some(*seq) } else { None });
        let accounts = ["work", "home"].map(|name| {
            let mut account = Account::named(name, name, Provider::Anthropic);
            account.auto_refresh = Some(true);
            account
        });
        let answer = AccountsAnswer {
            accounts: accounts.into(),
            sent: now,
            received: now,
            date: None,
            rows: flaretop::model::Rows::default(),
        };
        app.on(Msg::Accounts { seq: poll, result: Ok(answer) });
        app.open_stream();
        app.key("4");
        app
    }

    fn on(&mut self, msg: Msg) {
        self.asked.extend(update(&mut self.state, self.now, msg));
    }

    fn seq(&self, pick: impl Fn(&Effect) -> Option<Seq>) -> Seq {
        self.asked.iter().rev().find_map(pick).expect("such a request")
    }

    fn open_stream(&mut self) {
        self.stream = self.seq(|e| if let Effect::OpenStream { seq } = e { Some(*seq) } else { None });
        self.on(Msg::StreamOpened { seq: self.stream });
        self.history(Vec::new());
    }

    fn history(&mut self, lines: Vec<LogLine>) {
        let seq = self.seq(|e| if let Effect::FetchHistory { seq } = e { Some(*seq) } else { None });
        self.on(Msg::History { seq, result: Ok(lines) });
    }

    fn keys(&mut self, keys: &str) {
        for key in keys.split(' ') {
            self.key(key);
        }
    }

    fn key(&mut self, key: &str) {
        self.on(Msg::Key(key.parse().expect("a key")));
    }

    fn type_in(&mut self, text: &str) {
        for c in text.chars() {
            self.key(&c.to_string().replace(' ', "space"));
        }
    }

    /// Records come, each a millisecond after the one before; the first letter is the level's.
    fn log(&mut self, lines: &[(char, &str)]) {
        let lines = lines.iter().map(|(level, message)| {
            self.now += TimeDelta::milliseconds(1);
            line(self.now, *level, message)
        });
        let lines = lines.collect();
        self.on(Msg::StreamRecords { seq: self.stream, lines, skipped: 0 });
    }

    /// So many routine records come.
    fn flood(&mut self, count: usize) {
        let routine = [('I', "Request: POST /v1/messages"); 500];
        for part in 0..count / 500 {
            self.log(&routine);
            assert!(part < 100, "a flood that ends");
        }
    }

    /// The messages of the lines that are seen, newest first.
    fn seen(&self) -> Vec<String> {
        messages(&self.state, self.state.regions().event_lines())
    }

    /// The message of the line under the cursor.
    fn here(&self) -> String {
        let seen = window(&self.state, self.state.regions().event_lines());
        seen.lines.get(seen.cursor).map_or_else(String::new, |line| message(line.entry))
    }

    fn new_lines(&self) -> Option<u64> {
        window(&self.state, 1).new
    }

    /// The pane's lines as they are drawn, without its borders.
    fn drawn(&self) -> Vec<String> {
        let Size { width, height } = self.state.size;
        let text = scene::lines(&scene::cells(&self.state, &Theme::new(true, false), width, height));
        let events = self.state.regions().events;
        let inner = usize::from(events.y) + 1..usize::from(events.bottom()) - 1;
        text.lines().enumerate().filter(|(y, _)| inner.contains(y)).map(|(_, line)| line.to_owned()).collect()
    }

    fn notice(&self) -> &str {
        self.state.notice.as_ref().map_or("", |n| n.text.as_str())
    }

    fn screen(&self) -> String {
        scene::text(&self.state, self.state.size.width, self.state.size.height)
    }
}

fn line(at: Timestamp, level: char, message: &str) -> LogLine {
    let level = match level {
        'D' => Level::Debug,
        'I' => Level::Info,
        'W' => Level::Warn,
        _ => Level::Error,
    };
    LogLine { at, level, message: Plain::new(message), data: None }
}

fn message(entry: &Entry) -> String {
    match entry {
        Entry::Record(record) => record.line.message.to_string(),
        Entry::Gap { .. } => "(gap)".to_owned(),
        Entry::Note(_) => "(note)".to_owned(),
    }
}

fn messages(state: &State, lines: usize) -> Vec<String> {
    window(state, lines).lines.iter().map(|line| message(line.entry)).collect()
}

/// Warnings `0` to `count - 1`, the last one the newest.
fn with_warnings(count: usize) -> App {
    let mut app = App::new(80, 24);
    for n in 0..count {
        app.log(&[('W', &n.to_string())]);
    }
    app
}

#[test]
fn the_cursor_follows_the_newest_until_it_is_moved() {
    let mut app = with_warnings(3);
    assert_eq!((app.here().as_str(), app.new_lines()), ("2", None));
    app.log(&[('W', "3")]);
    assert_eq!(app.here(), "3", "the cursor on top follows");
    app.key("j");
    assert_eq!(app.here(), "2");
    app.log(&[('W', "4"), ('W', "5")]);
    assert_eq!(app.seen(), ["3", "2", "1", "0"]);
    assert_eq!((app.here().as_str(), app.new_lines()), ("2", Some(2)));
    app.key("g");
    assert_eq!((app.here().as_str(), app.new_lines()), ("5", None));
}

#[test]
fn going_up_takes_in_what_has_come_and_then_follows() {
    let mut app = with_warnings(3);
    app.key("j");
    app.log(&[('W', "3"), ('W', "4")]);
    app.key("k");
    assert_eq!((app.here().as_str(), app.new_lines()), ("2", Some(2)), "the top of what is held");
    app.key("k");
    assert_eq!((app.here().as_str(), app.new_lines()), ("3", Some(0)));
    app.key("k");
    assert_eq!((app.here().as_str(), app.new_lines()), ("4", None), "on top of everything it follows");
}

#[test]
fn space_holds_and_follows_and_escape_follows() {
    let mut app = with_warnings(2);
    app.key("space");
    app.log(&[('W', "2")]);
    assert_eq!((app.here().as_str(), app.new_lines()), ("1", Some(1)));
    app.key("space");
    assert_eq!((app.here().as_str(), app.new_lines()), ("2", None));
    app.keys("space esc");
    assert_eq!((app.new_lines(), app.state.focus), (None, Pane::Events));
    app.key("esc");
    assert_eq!(app.state.focus, Pane::Accounts);
}

#[test]
fn every_way_to_move_moves() {
    let mut app = with_warnings(100);
    let lines = app.state.regions().event_lines();
    assert!(lines >= 6);
    for (key, expected) in [
        ("j", 98),
        ("ctrl-d", 98 - lines / 2),
        ("ctrl-u", 98),
        ("pgdn", 98 - lines),
        ("pgup", 98),
        ("G", 0),
        ("k", 1),
        ("j", 0),
        ("j", 0),
    ] {
        app.key(key);
        assert_eq!(app.here(), expected.to_string(), "after {key}");
        assert!(app.seen().contains(&expected.to_string()), "the cursor is in sight");
    }
    assert_eq!(app.seen().len(), lines, "no empty rows at the end");
    app.key("g");
    assert_eq!(app.new_lines(), None);
}

#[test]
fn a_held_view_outlasts_everything_that_comes_and_goes() {
    let mut app = with_warnings(4);
    app.log(&[('I', SENDING), ('W', LIMITED)]);
    app.keys("j j");
    let (seen, drawn, here) = (app.seen(), app.drawn(), app.here());
    assert_eq!(seen[..3], [LIMITED, SENDING, "3"]);
    // Two of its lines are folded into another.
    app.log(&[('E', FAILED), ('E', BODY), ('W', STRIKE)]);
    assert_eq!((&app.seen(), &app.drawn(), app.new_lines()), (&seen, &drawn, Some(1)));
    // Everything in it is dropped from the log.
    app.flood(3 * MOST_RECORDS);
    assert!(app.state.logs.dropped() > 2 * MOST_RECORDS as u64);
    assert_eq!((&app.seen(), &app.drawn(), app.new_lines()), (&seen, &drawn, Some(1)));
    // The stream is lost, the server restarts, and a history comes that knows more.
    app.on(Msg::StreamClosed { seq: app.stream, why: Failure::Closed });
    assert_eq!((&app.seen(), &app.drawn()), (&seen, &drawn));
    // It can still be moved about in, and opened.
    app.keys("j");
    assert_eq!(app.here(), "2");
    app.key("k");
    assert_eq!(app.here(), here);
    app.key("enter");
    assert!(matches!(app.state.dialog, Some(Dialog::Event(_))));
    app.keys("esc g");
    assert_eq!(app.seen(), [FAILED], "what is about refreshes outlasts a flood of routine records");
}

#[test]
fn what_has_come_is_counted_among_what_is_shown() {
    let mut app = with_warnings(2);
    app.key("space");
    app.log(&[('I', "routine"), ('W', "a"), ('I', SENDING), ('W', LIMITED)]);
    assert_eq!(app.new_lines(), Some(3));
    app.log(&[('E', FAILED)]);
    assert_eq!(app.new_lines(), Some(2), "the failure stands for the two before it");
    assert!(app.screen().contains("held · 2 new · space follows"), "{}", app.screen());
    app.flood(2 * MOST_RECORDS);
    assert_eq!(app.new_lines(), Some(2), "what was dropped has come all the same");
    app.key("L");
    assert!(app.new_lines() >= Some(MOST_RECORDS as u64 - 1_000), "with INFO shown: {:?}", app.new_lines());
}

#[test]
fn the_level_steps_by_name_and_keeps_the_line() {
    let mut app = App::new(80, 24);
    app.log(&[('D', "debug"), ('I', "info"), ('W', "warn"), ('I', SENDING), ('W', "last")]);
    app.keys("j j");
    assert_eq!(app.here(), "warn");
    for (level, seen, here) in [
        ("INFO and up", vec!["last", SENDING, "warn", "info"], "warn"),
        ("all levels", vec!["last", SENDING, "warn", "info", "debug"], "warn"),
        ("refresh only", vec![SENDING], SENDING),
        ("refresh + WARN and up", vec!["last", SENDING, "warn"], SENDING),
    ] {
        app.key("L");
        assert_eq!((app.seen(), app.here().as_str()), (seen.into_iter().map(str::to_owned).collect(), here));
        assert!(app.screen().contains(level), "{level}");
    }
}

#[test]
fn a_search_counts_as_it_is_typed_and_moves_from_match_to_match() {
    let mut app = App::new(120, 40);
    app.log(&[('W', "Timeout A"), ('W', "other"), ('E', "a TIMEOUT"), ('W', "more"), ('W', "timeouts")]);
    app.key("/");
    app.type_in("time");
    assert_eq!(window(&app.state, 9).hits, 3);
    assert!(app.screen().contains("3 matches"), "{}", app.screen());
    app.type_in("x");
    assert!(app.screen().contains("no match"), "{}", app.screen());
    app.keys("backspace enter");
    assert_eq!((app.state.dialog.clone(), app.new_lines()), (None, None), "kept, and it follows still");
    app.key("n");
    assert_eq!((app.here().as_str(), app.new_lines()), ("timeouts", Some(0)), "held");
    assert!(app.screen().contains("/time 1 of 3"), "{}", app.screen());
    app.key("n");
    assert_eq!(app.here(), "a TIMEOUT");
    app.keys("n n");
    assert_eq!(app.here(), "Timeout A");
    assert!(app.notice().contains("no older match"), "{}", app.notice());
    app.key("N");
    assert_eq!(app.here(), "a TIMEOUT");
    assert_eq!(app.notice(), "", "what was said of the key before is not said of this one");
    app.key("esc");
    assert_eq!((app.new_lines(), window(&app.state, 9).hits), (None, 3), "first the hold");
    app.key("esc");
    assert_eq!(app.state.events.lens.needle, None, "then the search");
    app.key("n");
    assert!(app.notice().contains("nothing is searched for"), "{}", app.notice());
}

#[test]
fn what_is_searched_is_what_is_read_and_what_the_server_wrote() {
    let mut app = App::new(120, 40);
    app.log(&[('I', SENDING), ('W', LIMITED), ('E', FAILED)]);
    for (text, hits) in
        [("refresh failed", 1), ("503 serv", 1), ("WORK", 1), ("429 too many", 1), ("nothing", 0)]
    {
        app.key("/");
        app.type_in(text);
        assert_eq!(window(&app.state, 9).hits, hits, "{text}");
        app.key("esc");
        assert_eq!(app.state.events.lens.needle, None);
    }
}

#[test]
fn only_what_matches_can_be_shown() {
    let mut app = with_warnings(30);
    app.key("/");
    app.type_in("2");
    app.key("tab");
    assert_eq!(app.seen()[..3], ["29", "28", "27"]);
    app.key("enter");
    app.log(&[('W', "no"), ('W', "102")]);
    assert_eq!(app.seen()[..2], ["102", "29"]);
    app.key("&");
    assert_eq!(app.seen()[..3], ["102", "no", "29"]);
    app.keys("&");
    assert_eq!(app.seen()[..2], ["102", "29"]);
    app.key("esc");
    assert_eq!(app.seen()[..3], ["102", "no", "29"]);
    app.key("&");
    app.type_in("no");
    assert_eq!(app.seen(), ["no"], "asked for first, it asks for what");
    app.key("esc");
    assert_eq!(app.seen().len(), app.state.regions().event_lines());
}

#[test]
fn errors_are_gone_to_one_by_one() {
    let mut app = App::new(120, 40);
    app.log(&[
        ('I', SENDING),
        ('E', FAILED),
        ('W', "warning"),
        ('E', "Account \"work\" has been PAUSED. Resume with: bun run cli --resume \"work\""),
        ('E', "another error"),
        ('W', "last"),
    ]);
    app.key("e");
    assert_eq!((app.here().as_str(), app.new_lines()), ("another error", Some(0)));
    app.key("e");
    assert!(app.here().starts_with("Account \"work\" has been PAUSED"));
    app.key("e");
    assert_eq!(app.here(), FAILED);
    app.key("e");
    assert_eq!((app.here().as_str(), app.notice()), (FAILED, "no older error among what is shown"));
    app.key("E");
    assert!(app.here().starts_with("Account \"work\" has been PAUSED"));
    app.keys("E E");
    assert_eq!((app.here().as_str(), app.notice()), ("another error", "no newer error among what is shown"));
    app.log(&[('E', "a new one")]);
    app.key("E");
    assert_eq!(app.here(), "a new one", "what has come since is looked at too");
}

#[test]
fn an_error_that_is_the_newest_line_is_the_next_one_for_a_view_that_follows() {
    let mut app = App::new(80, 24);
    app.log(&[('E', "old"), ('W', "between"), ('E', "new")]);
    app.key("e");
    assert_eq!((app.here().as_str(), app.new_lines()), ("new", Some(0)));
    app.key("e");
    assert_eq!(app.here(), "old");
    let mut app = with_warnings(3);
    app.key("e");
    assert_eq!(
        (app.new_lines(), app.notice()),
        (None, "no older error among what is shown"),
        "it follows on"
    );
}

#[test]
fn one_account_can_be_looked_at() {
    let home = "Auto-refresh message failed for account home: 500 Internal Server Error";
    let mut app = App::new(120, 40);
    app.log(&[('I', SENDING), ('E', FAILED), ('E', BODY), ('E', home), ('W', "about nobody")]);
    app.keys("j j i");
    assert_eq!(app.seen(), [FAILED], "the account of the event under the cursor");
    assert!(app.screen().contains("only work"), "{}", app.screen());
    app.key("L");
    assert_eq!(app.seen(), [BODY, FAILED, SENDING], "what names nobody goes with its event");
    app.keys("esc i");
    assert_eq!(app.seen().len(), 5);
    app.keys("g i");
    assert!(
        app.screen().contains("only home"),
        "the selected one, where the event names none: {}",
        app.screen()
    );
    app.log(&[('W', "Account home rate-limited (429), no model fallbacks"), ('W', "other")]);
    assert_eq!(app.seen().len(), 2);
    // What was asked for of another account, or is no match, is not among them either.
    for (name, shown) in [("work", 2), ("home", 3), ("", 4)] {
        app.state.logs.note(app.now, Plain::new(name), News::MoreSeen(1));
        app.on(Msg::Tick);
        assert_eq!(app.screen().matches("SEEN").count() + 2, shown, "of {name:?}\n{}", app.screen());
    }
    app.key("esc");
    assert_eq!(app.state.events.lens.only, None);
}

#[test]
fn a_cleared_view_shows_what_comes_and_forgets_nothing() {
    let mut app = with_warnings(3);
    app.keys("j c");
    assert_eq!((app.seen(), app.new_lines()), (Vec::new(), None));
    assert!(
        app.screen().contains("cleared") && app.screen().contains("c shows all again"),
        "{}",
        app.screen()
    );
    app.log(&[('W', "3")]);
    assert_eq!(app.seen(), ["3"]);
    app.key("c");
    assert_eq!(app.seen(), ["3", "2", "1", "0"]);
    app.keys("c esc");
    assert_eq!(app.seen().len(), 4);
}

/// The rows of the event that is shown whole, as text.
fn opened(state: &State) -> Vec<String> {
    let Some(Dialog::Event(opened)) = &state.dialog else { return Vec::new() };
    let rows = opened.rows_from(0).map(|row| match row {
        Row::When | Row::About | Row::Taken | Row::Blank => String::new(),
        Row::Missing(count) => format!("missing {count}"),
        Row::Record(record) => record.line.level.as_str().to_owned(),
        Row::Text(text) | Row::Cut(text) => text.to_owned(),
    });
    rows.filter(|row| !row.is_empty()).collect()
}

#[test]
fn an_event_opens_with_every_record_that_belongs_to_it() {
    let mut app = App::new(120, 40);
    app.log(&[
        ('I', SENDING),
        ('W', LIMITED),
        ('I', "Selected 1 accounts: home"),
        ('E', FAILED),
        ('E', BODY),
    ]);
    app.log(&[('W', STRIKE)]);
    app.key("enter");
    let whole = ["INFO", SENDING, "WARN", LIMITED, "ERROR", FAILED, "ERROR", BODY, "WARN", STRIKE];
    assert_eq!(opened(&app.state), whole);
    assert!(
        app.screen().contains("refresh failed · strike 2 of 5 · 429 Too Many Requests"),
        "{}",
        app.screen()
    );
    // From one of its records in a wide level it is the same.
    app.keys("esc L j j j j");
    assert_eq!(app.here(), LIMITED);
    app.key("enter");
    assert_eq!(opened(&app.state), whole);
    app.flood(2 * MOST_RECORDS);
    assert_eq!(opened(&app.state), whole, "what is opened is a copy");
    app.keys("esc");
    assert_eq!((app.state.dialog.clone(), app.here().as_str()), (None, LIMITED));
}

#[test]
fn an_event_of_which_records_are_gone_says_so() {
    let mut app = App::new(120, 40);
    app.log(&[('I', SENDING), ('W', LIMITED)]);
    app.flood(MOST_RECORDS);
    app.log(&[('E', FAILED)]);
    app.key("enter");
    assert_eq!(opened(&app.state), ["missing 1", "INFO", SENDING, "ERROR", FAILED]);
    assert!(app.screen().contains("1 more of its records is no longer kept"), "{}", app.screen());
}

#[test]
fn nothing_opens_where_there_is_nothing() {
    let mut app = App::new(80, 24);
    app.key("enter");
    assert_eq!((app.state.dialog.clone(), app.notice()), (None, "there is no event here"));
    app.key("space");
    assert_eq!((app.new_lines(), app.notice()), (None, "there is nothing to hold yet"));
    app.keys("j k e n N E i c c W l h G g");
    assert_eq!(app.seen(), [""; 0]);
}

/// The events pane of a dashboard in which changes were asked for, one of them refused for a long reason that names an account.
fn with_notes(size: (u16, u16)) -> State {
    let mut state =
        scene::refused_by("the database is read-only while team-a is being written to by another");
    let now = state.now;
    update(&mut state, now, Msg::Resized(Size::new(size.0, size.1)));
    scene::press(state, "esc 4")
}

#[test]
fn a_note_opens_whole_with_its_reason_and_is_copied_so() {
    let reason = "500: the database is read-only while team-a is being written to by another";
    for size in [(40, 12), (80, 24), (120, 40)] {
        let mut state = scene::press(with_notes(size), "enter");
        let screen = scene::text(&state, size.0, size.1);
        let words: Vec<&str> =
            screen.split(|c: char| c.is_whitespace() || "│¦".contains(c)).filter(|w| !w.is_empty()).collect();
        let read = words.join(" ");
        for part in
            ["Event: your change", "14:02:36.000", "YOU", "team-a", "auto-refresh off (was on)", reason]
        {
            assert!(read.contains(part), "{part} at {size:?}:\n{screen}");
        }
        state = scene::press(state, "esc");
        for keys in ["y", "enter y"] {
            let mut state = state.clone();
            let effects: Vec<Effect> = keys
                .split(' ')
                .flat_map(|key| {
                    let now = state.now;
                    update(&mut state, now, Msg::Key(key.parse().expect("a key")))
                })
                .collect();
            let [Effect::Copy(lines)] = effects.as_slice() else { panic!("nothing copied: {effects:?}") };
            let lines: Vec<&str> = lines.iter().map(Plain::as_str).collect();
            let refused = format!("refused: {reason}");
            assert_eq!(lines, ["2026-11-23T13:02:36.000Z YOU team-a auto-refresh off (was on)", &refused]);
        }
    }
}

#[test]
fn a_note_names_nobody_while_names_are_hidden() {
    for keys in ["*", "* enter"] {
        let screen = scene::text(&scene::press(with_notes((120, 40)), keys), 120, 40);
        assert!(screen.contains("auto-refresh off") && screen.contains("read-only"), "{screen}");
        assert!(!screen.contains("team-a"), "{screen}");
    }
}

#[test]
fn the_account_of_a_note_is_the_one_that_is_meant() {
    let state = scene::press(with_notes((120, 40)), "1 g 4 i");
    assert_eq!(state.events.lens.only.as_ref().map(Plain::as_str), Some("team-a"));
}

#[test]
fn no_key_or_token_is_shown_whole_or_in_a_line() {
    let mut app = App::new(120, 40);
    let secret = "sk-ant-api03-abcdefghijklmnop";
    let mut record =
        line(app.now, 'E', &format!("refused {{\"authorization\":\"Bearer {secret}\"}} for {secret}"));
    record.data = Some(Plain::new(&format!(
        r#"{{"apiKey":"verysecret","headers":{{"Cookie":"a=verysecret"}},"note":"with {secret}","n":7}}"#
    )));
    app.on(Msg::StreamRecords { seq: app.stream, lines: vec![record], skipped: 0 });
    let line = app.screen();
    app.key("enter");
    let whole = app.screen();
    for shown in [line, whole.clone()] {
        assert!(!shown.contains("abcdefgh") && !shown.contains("verysecret"), "{shown}");
    }
    for kept in ["refused", "\"apiKey\": \"***\"", "\"note\": \"with sk-ant-***\"", "\"n\": 7"] {
        assert!(whole.contains(kept), "{kept} in {whole}");
    }
    // What is masked is not found either: its letters could be tried one after another.
    for (searched, hits) in [("abcdefgh", 0), ("verysecret", 0), ("refused", 1), ("with sk-ant", 1)] {
        app.keys("esc /");
        app.type_in(searched);
        app.key("enter");
        assert_eq!(window(&app.state, 1).hits, hits, "{searched}");
    }
}

#[test]
fn an_event_of_megabytes_is_cut_at_a_stated_bound() {
    let mut app = App::new(120, 40);
    let mut record = line(app.now, 'E', &"long ".repeat(400_000));
    record.data = Some(Plain::new(&format!("[{}1]", "\"some text\",".repeat(200_000))));
    app.on(Msg::StreamRecords { seq: app.stream, lines: vec![record], skipped: 0 });
    assert!(app.drawn()[0].contains('…'), "{}", app.drawn()[0]);
    app.key("enter");
    let rows = opened(&app.state);
    let cuts: Vec<&String> = rows.iter().filter(|row| row.starts_with("cut here")).collect();
    assert_eq!(cuts, ["cut here: 64 KiB of 1.9 MiB", "cut here: 64 KiB of 2.3 MiB"]);
    assert!(rows.iter().map(String::len).sum::<usize>() < 200_000);
    app.key("G");
    assert!(app.screen().contains("cut here: 64 KiB of 2.3 MiB"), "{}", app.screen());
}

#[test]
fn keys_for_long_lines_are_named_where_there_are_some() {
    let named = |app: &App| {
        let screen = app.screen();
        let last = screen.trim_end().lines().last().unwrap_or_default().to_owned();
        let wrap = last.contains("W wrap") || last.contains("W unwrap");
        (wrap, last.contains("l right"), last.contains("h left"))
    };
    let mut app = App::new(60, 24);
    app.log(&[('E', "short")]);
    app.key("enter");
    assert_eq!(named(&app), (false, false, false));
    app.keys("esc");
    // As long as the longest that is shown, and one that fits into a wider screen.
    for long in ["x".repeat(100 << 10), "y".repeat(100)] {
        app.log(&[('E', &long)]);
        app.keys("g enter");
        assert_eq!(named(&app), (true, true, false));
        app.key("l");
        assert_eq!(named(&app), (true, true, true));
        app.keys("h h");
        assert_eq!(app.notice(), "", "one more than it takes says nothing");
        app.keys("l");
        if long.len() == 100 {
            app.on(Msg::Resized(Size::new(120, 24)));
            assert_eq!(named(&app), (false, false, false));
            assert!(app.screen().contains(&long), "and it is whole");
        }
        app.keys("esc");
    }
}

#[test]
fn an_event_is_scrolled_and_its_lines_broken_or_not() {
    let mut app = App::new(80, 24);
    let words: Vec<String> = (0..400).map(|n| format!("word{n}")).collect();
    app.log(&[('E', &words.join(" "))]);
    app.key("enter");
    assert!(app.screen().contains("word0 ") && !app.screen().contains("word399"));
    app.key("G");
    assert!(app.screen().contains("word399") && !app.screen().contains("word0 "));
    app.key("g");
    app.key("j");
    assert!(app.screen().contains("2-21 of"), "{}", app.screen());
    app.keys("ctrl-d ctrl-u k k");
    assert!(app.screen().contains("1-20 of"), "{}", app.screen());
    app.key("W");
    assert!(app.screen().contains("word0 ") && app.screen().contains('…'), "{}", app.screen());
    app.keys("l l l");
    assert!(!app.screen().contains("word0 ") && app.screen().contains("word10 "), "{}", app.screen());
    app.keys("h h h");
    assert!(app.screen().contains("word0 "), "{}", app.screen());
    app.keys("W G");
    app.on(Msg::Resized(Size::new(120, 40)));
    assert!(app.screen().contains("word399"), "{}", app.screen());
    app.key("q");
    assert_eq!(app.state.dialog, None);
}

#[test]
fn the_key_that_breaks_lines_is_named_for_what_it_does_next() {
    let mut app = App::new(80, 24);
    app.log(&[('E', &"long ".repeat(60))]);
    app.key("enter");
    for word in ["W unwrap", "W wrap", "W unwrap"] {
        assert!(footer(&app, 80, 24).contains(word), "{}", footer(&app, 80, 24));
        app.key("W");
    }
    app.keys("W l");
    assert!(footer(&app, 80, 24).contains("W wrap"), "scrolled to the side, lines are not broken");
}

#[test]
fn no_key_is_told_to_help_where_it_does_nothing() {
    let mut app = with_warnings(3);
    app.keys("enter ?");
    assert_eq!(app.notice(), "? means nothing here");
    app.keys("esc esc 1 y ?");
    assert_eq!(app.notice(), "? means nothing here");
    app.key("x");
    assert_eq!(app.notice(), "x means nothing here; ? shows every key");
}

#[test]
fn keys_of_the_panes_mean_nothing_over_an_event() {
    let mut app = with_warnings(3);
    app.keys("enter");
    for key in ["tab", "1", "2", "r", "space", "a", "f", "p", "L", "i", "c", "/", "?"] {
        app.key(key);
        assert!(matches!(app.state.dialog, Some(Dialog::Event(_))), "after {key}");
        assert_eq!(app.state.focus, Pane::Events, "after {key}");
    }
}

#[test]
fn long_lines_are_scrolled_to_the_side_and_back() {
    let mut app = App::new(80, 24);
    let words: Vec<String> = (0..40).map(|n| format!("word{n}")).collect();
    app.log(&[('W', "short"), ('W', &words.join(" "))]);
    assert!(app.drawn()[0].contains("word0") && app.drawn()[0].contains('…'));
    app.keys("l l");
    assert!(!app.drawn()[0].contains("word0 ") && app.drawn()[0].contains("word7"), "{}", app.drawn()[0]);
    for _ in 0..90 {
        app.key("l");
    }
    assert!(app.drawn()[0].contains("word39"), "no further than the end: {}", app.drawn()[0]);
    let left = app.state.events.left;
    for _ in 0..left.div_ceil(20) {
        app.key("h");
    }
    assert!(app.drawn()[0].contains("word0"), "{}", app.drawn()[0]);
    app.key("W");
    assert!(app.drawn()[1].contains("word10"), "{:?}", app.drawn());
    assert!(app.drawn().iter().any(|line| line.contains("short")), "{:?}", app.drawn());
}

#[test]
fn a_line_that_is_broken_under_the_cursor_is_always_in_sight() {
    let mut app = App::new(80, 24);
    for n in 0..20 {
        app.log(&[('W', &format!("{n:02}: {}", "long ".repeat(30)))]);
    }
    app.keys("W j");
    for n in (0..19).rev() {
        let drawn = app.drawn();
        let first = drawn.iter().position(|l| l.contains(&format!("WARN   {n:02}:"))).expect("the line");
        assert!(drawn.get(first + 1).is_some_and(|l| l.contains("   long long")), "whole: {drawn:#?}");
        app.key("j");
    }
}

/// Something that happens to the log while the view is held.
#[derive(Debug, Clone)]
enum Happening {
    Lines(Vec<(i64, char, usize)>),
    Flood,
    /// Something that the log does not tell, so much later or earlier than now.
    Note(i64),
    /// What became of one of those.
    Fate(usize),
    Closed,
    History(Vec<(i64, char, usize)>),
}

const SAID: [&str; 14] = [
    SENDING,
    LIMITED,
    FAILED,
    BODY,
    STRIKE,
    "Auto-refresh message sent successfully for account: work",
    "Updated rate_limit_reset for work to 2026-11-23T18:00:00.000Z",
    "Sending auto-refresh message to account: home",
    "Authentication failed (401) for account home, failing over to next account",
    "Auto-refresh message failed for account home: 503 Service Unavailable",
    "\u{274c} AUTHENTICATION FAILED: Account \"home\" needs manual reauthentication",
    "Starting auto-refresh scheduler",
    "Request: POST /v1/messages",
    "something else",
];

fn some_lines() -> impl Strategy<Value = Vec<(i64, char, usize)>> {
    let level = proptest::sample::select(vec!['D', 'I', 'W', 'E']);
    proptest::collection::vec((-4_000i64..3_000, level, 0..SAID.len()), 0..12)
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => some_lines().prop_map(Happening::Lines),
        1 => Just(Happening::Flood),
        1 => (-3_000i64..3_000).prop_map(Happening::Note),
        1 => (0usize..4).prop_map(Happening::Fate),
        1 => Just(Happening::Closed),
        2 => some_lines().prop_map(Happening::History),
    ]
}

fn happen(app: &mut App, what: Happening) {
    let lines = |app: &mut App, said: Vec<(i64, char, usize)>| -> Vec<LogLine> {
        app.now += TimeDelta::milliseconds(700);
        let line = |(late, level, said): (i64, char, usize)| {
            line(app.now + TimeDelta::milliseconds(late.min(0)), level, SAID[said])
        };
        said.into_iter().map(line).collect()
    };
    match what {
        Happening::Lines(said) => {
            let lines = lines(app, said);
            app.on(Msg::StreamRecords { seq: app.stream, lines, skipped: 0 });
        }
        Happening::Flood => app.flood(MOST_RECORDS + 500),
        Happening::Note(late) => {
            let at = app.now + TimeDelta::milliseconds(late);
            let id = app.state.logs.note(at, Plain::new("work"), News::MoreSeen(1));
            app.notes.push(id);
            app.on(Msg::Tick);
        }
        Happening::Fate(which) => {
            if let Some(id) = app.notes.iter().cycle().nth(which) {
                app.state.logs.amend(*id, |news| *news = News::MoreSeen(4));
            }
            app.on(Msg::Tick);
        }
        Happening::Closed => {
            app.on(Msg::StreamClosed { seq: app.stream, why: Failure::Closed });
            app.now += TimeDelta::seconds(60);
            app.on(Msg::Tick);
            app.stream = app.seq(|e| if let Effect::OpenStream { seq } = e { Some(*seq) } else { None });
        }
        Happening::History(said) => {
            app.on(Msg::StreamOpened { seq: app.stream });
            let lines = lines(app, said);
            app.history(lines);
        }
    }
}

/// What the pane shows where everything is looked through anew.
fn anew(state: &State) -> State {
    let mut anew = state.clone();
    anew.events = EventsPane::default();
    anew.events.lens = state.events.lens.clone();
    anew
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_held_view_never_moves(
        before in proptest::collection::vec(some_lines(), 1..5),
        keys in "[jjjkeLLi]{0,6}",
        after in proptest::collection::vec(happening(), 1..8),
    ) {
        let mut app = App::new(100, 30);
        for said in before {
            happen(&mut app, Happening::Lines(said));
        }
        app.log(&[('W', "something to hold")]);
        app.key("space");
        for key in keys.chars() {
            app.key(&key.to_string());
        }
        if !app.state.events.is_held() {
            app.key("space");
        }
        prop_assume!(app.state.events.is_held());
        let (seen, drawn, here) = (app.seen(), app.drawn(), app.here());
        let mut came = app.new_lines();
        for what in after {
            let folds = matches!(what, Happening::Lines(_) | Happening::History(_));
            happen(&mut app, what);
            prop_assert_eq!(&seen, &app.seen());
            prop_assert_eq!(&here, &app.here());
            prop_assert_eq!(&drawn, &app.drawn());
            prop_assert!(folds || app.new_lines() >= came, "nothing that has come is uncounted");
            came = app.new_lines();
        }
    }

    #[test]
    fn what_is_kept_up_is_what_is_seen_anew(
        events in proptest::collection::vec(happening(), 1..10),
        keys in proptest::collection::vec(proptest::sample::select(vec!["L", "i", "c", "space", "j", "g", "esc", "&"]), 0..10),
        search in proptest::option::of("[a-z4]{1,2}|4 more"),
    ) {
        let mut app = App::new(100, 30);
        if let Some(search) = search {
            app.key("/");
            app.type_in(&search);
            app.key("enter");
        }
        let mut keys = keys.into_iter();
        for what in events {
            happen(&mut app, what);
            if let Some(key) = keys.next() {
                app.key(key);
                if matches!(app.state.dialog, Some(Dialog::Prompt(_))) {
                    app.key("esc");
                }
            }
            let mut follows = app.state.clone();
            while follows.events.is_held() {
                let now = follows.now;
                update(&mut follows, now, Msg::Key("g".parse().expect("a key")));
            }
            let anew = anew(&follows);
            let (kept_up, again) = (window(&follows, 40_000), window(&anew, 40_000));
            prop_assert_eq!(kept_up.lines.len(), again.lines.len());
            prop_assert!(kept_up == again);
        }
    }
}

#[test]
fn a_view_that_is_held_at_every_record_of_the_recorded_log_never_moves() {
    let recorded = include_str!("fixtures/app-log.jsonl");
    let lines: Vec<LogLine> = recorded
        .lines()
        .filter_map(|line| match flaretop::api::read_record(line.as_bytes()) {
            flaretop::api::Record::Line(line) => Some(line),
            _ => None,
        })
        .collect();
    let mut app = App::new(120, 40);
    app.state.events.lens.show = Show::Warn;
    for part in lines.chunks(97) {
        app.log(&[('W', "something to hold")]);
        app.key("space");
        let held = app.drawn();
        for line in part {
            app.on(Msg::StreamRecords { seq: app.stream, lines: vec![line.clone()], skipped: 0 });
        }
        assert_eq!(app.drawn(), held);
        app.key("space");
    }
}

/// The keys at the bottom, at these sizes.
fn footer(app: &App, width: u16, height: u16) -> String {
    let screen = scene::text(&app.state, width, height);
    screen.trim_end().lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_way_back_is_named_for_what_it_does_next_and_does_it() {
    for (width, height) in [(40, 12), (80, 24), (120, 40), (200, 50)] {
        let mut app = App::new(width, height);
        app.log(&[('I', SENDING), ('E', FAILED), ('W', "1"), ('W', "2")]);
        app.key("c");
        app.log(&[('W', "3"), ('E', FAILED)]);
        app.keys("i / f enter j");
        for word in ["follow", "end search", "clear", "show all"] {
            let named = footer(&app, width, height);
            assert!(named.contains(&format!("esc {word}")), "{word}: {named}");
            assert!(!named.contains("esc back"), "{named}");
            app.key("esc");
            assert_eq!(app.state.focus, Pane::Events);
        }
        let named = footer(&app, width, height);
        assert_eq!(named.contains("esc"), width == 40, "{named}");
        assert!(named.contains(if width == 40 { "esc back" } else { "tab pane" }), "{named}");
        app.key("esc");
        assert_eq!(app.state.focus, Pane::Accounts);
    }
}

#[test]
fn a_step_back_that_does_something_else_first_is_not_named_for_what_it_does_later() {
    let mut app = App::new(80, 24);
    app.log(&[('W', "1"), ('W', "2")]);
    app.keys("j z");
    let named = footer(&app, 80, 24);
    assert!(named.contains("z back") && !named.contains("esc follow"), "{named}");
    app.key("esc");
    assert!(app.state.events.is_held(), "the pane has its place again");
    assert!(footer(&app, 80, 24).contains("esc follow"));
}

#[test]
fn a_key_that_shows_more_is_named_only_where_the_level_hides_something() {
    let mut app = App::new(80, 24);
    assert!(app.screen().contains("No refresh yet in the server's log. "), "{}", app.screen());
    assert!(!app.screen().contains("shows more"), "nothing is kept: {}", app.screen());
    app.log(&[('D', "routine")]);
    assert!(app.screen().contains(". L shows more."), "{}", app.screen());
    app.key("1");
    assert!(app.screen().contains(". 4, L shows more."), "{}", app.screen());
    app.keys("4 L L");
    assert_eq!(app.seen(), ["routine"]);
    app.keys("/ x enter &");
    assert!(app.screen().contains("Nothing matches x. esc ends the search."), "{}", app.screen());
    app.key("1");
    assert!(app.screen().contains("Nothing matches x. 4, esc ends the search."), "{}", app.screen());
    app.keys("4 esc i");
    assert!(app.screen().contains("Nothing is shown about"), "{}", app.screen());
    assert!(!app.screen().contains("shows more"), "everything is shown already: {}", app.screen());
}

#[test]
fn a_small_screen_says_why_there_are_no_events() {
    let mut app = App::new(40, 12);
    assert!(app.screen().contains(" no events yet "), "{}", app.screen());
    app.log(&[('D', "routine")]);
    assert!(app.screen().contains("no refresh yet: L shows more"), "{}", app.screen());
    app.log(&[('E', FAILED), ('D', "about nobody")]);
    for (keys, said) in [
        ("/ x enter &", "nothing matches x"),
        ("esc c", "cleared: nothing has come since"),
        ("c L L i", "nothing is shown about home"),
    ] {
        app.keys(keys);
        assert!(app.screen().contains(said), "{said}:\n{}", app.screen());
        assert!(!app.screen().contains("no events yet"), "{}", app.screen());
    }
    let mut app = App::new(40, 12);
    app.on(Msg::StreamClosed { seq: app.stream, why: Failure::Refused });
    app.now += TimeDelta::seconds(60);
    app.on(Msg::Tick);
    let seq = app.seq(|e| if let Effect::OpenStream { seq } = e { Some(*seq) } else { None });
    app.on(Msg::StreamClosed { seq, why: Failure::Refused });
    assert!(app.screen().contains("log not read: "), "{}", app.screen());
}

#[test]
fn a_small_screen_tells_through_what_its_events_are_looked_at() {
    let rule = |app: &App| app.screen().lines().find(|l| l.contains("──")).unwrap_or_default().to_owned();
    let mut app = App::new(40, 12);
    app.log(&[('E', FAILED), ('W', "a"), ('E', FAILED), ('E', FAILED), ('E', FAILED)]);
    app.key("/");
    app.type_in("failed");
    app.key("enter");
    assert!(rule(&app).contains(" /failed 4 matches "), "{}", rule(&app));
    app.key("n");
    assert!(rule(&app).contains(" held · /failed 1 of 4 "), "{}", rule(&app));
    app.key("i");
    assert!(rule(&app).contains(" /failed 1 of 4 · only work "), "{}", rule(&app));
    app.keys("esc esc");
    assert!(rule(&app).contains(" only work "), "{}", rule(&app));
    app.key("1");
    assert!(rule(&app).contains(" only work "), "beside the accounts too: {}", rule(&app));
}

/// A scene on a screen of that size, after these keys.
fn on_screen(mut state: State, (width, height): (u16, u16), keys: &str) -> String {
    let now = state.now;
    update(&mut state, now, Msg::Resized(Size::new(width, height)));
    scene::text(&scene::press(state, keys), width, height)
}

#[test]
fn a_small_screen_cuts_no_word_that_carries_the_meaning() {
    let screen = on_screen(scene::events(Show::Info, ""), (40, 12), "j j j");
    for said in ["spare auto off by the server ", "client-b failed 2 in a row "] {
        assert!(screen.contains(said), "{said}\n{screen}");
    }
    let screen = on_screen(scene::changed_elsewhere(), (40, 12), "4");
    assert!(screen.contains("glm-zai paused: 5 failures "), "{screen}");
    // Whoever scrolls to the side reads the whole of it.
    let screen = on_screen(scene::in_trouble(40, 12, ""), (40, 12), "l");
    assert!(screen.contains("off by the server"), "{screen}");
}

#[test]
fn the_count_of_failures_does_not_read_as_another_failure() {
    let mut app = App::new(80, 24);
    app.log(&[('I', SENDING), ('E', FAILED), ('W', STRIKE)]);
    app.key("L");
    let drawn = app.drawn();
    assert!(drawn[0].contains("strike 2 of 5   pauses at 5"), "{}", drawn[0]);
    assert_eq!(drawn.iter().filter(|line| line.contains("refresh failed")).count(), 1, "{drawn:#?}");
    app.key("/");
    app.type_in("pauses at 5");
    assert_eq!(window(&app.state, 9).hits, 1, "and it is found by what is read");
}

#[test]
fn details_stand_under_each_other_where_a_shorter_note_leaves_room() {
    for (width, names) in [(80, "*"), (79, ""), (80, ""), (120, "*")] {
        let screen = on_screen(scene::story(), (width, 24), names);
        let column = |what: &str, detail: &str| {
            let line = screen.lines().find(|line| line.contains(what)).unwrap_or_default();
            line.split_once(detail).map(|(before, _)| before.chars().count())
        };
        let [window, failed] = [column("new window", "resets "), column("refresh failed", "429")];
        assert!(window.is_some() && window == failed, "{width}: {window:?}, {failed:?}\n{screen}");
    }
}

#[test]
fn a_held_view_that_gets_more_room_leaves_no_line_of_it_empty() {
    let mut app = App::new(120, 40);
    app.log(&[('W', "one of many"); 100]);
    app.keys("1 d 4 G");
    let lines = app.state.regions().event_lines();
    assert_eq!(app.seen().len(), lines);
    app.keys("2 esc esc");
    let more = app.state.regions().event_lines();
    assert!(more > lines, "the details are closed");
    assert_eq!(app.seen().len(), more, "older lines come back into the room");
    assert_eq!(app.drawn().iter().filter(|line| line.contains("one of many")).count(), more);
}
