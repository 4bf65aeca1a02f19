//! The table as a person works in it: filter, order, columns, times, names, and a screen that stands still.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod scene;

use std::collections::HashSet;

use chrono::TimeDelta;
use flaretop::app::{
    AccountsAnswer, Availability, Dialog, Effect, Msg, Prompt, Seq, Show, SortBy, State, availability,
    next_wake,
};
use flaretop::keymap::{Action, Chord, Code};
use flaretop::model::{Account, AccountId, Plain, Setting, Timestamp, Told, Value};
use proptest::prelude::*;
use ratatui::layout::Size;
use scene::at;

/// The story's dashboard, told what happens.
struct App {
    state: State,
    now: Timestamp,
    /// The poll that waits for its answer.
    polling: Option<Seq>,
}

impl App {
    fn new() -> Self {
        Self::of(scene::story())
    }

    fn of(state: State) -> Self {
        Self { now: state.now, state, polling: None }
    }

    fn on(&mut self, msg: Msg) -> Vec<Effect> {
        let effects = scene::looks::update(&mut self.state, self.now, msg);
        let poll = effects.iter().find_map(|e| if let Effect::Poll { seq } = e { Some(*seq) } else { None });
        self.polling = poll.or(self.polling);
        effects
    }

    fn key(&mut self, key: &str) -> Vec<Effect> {
        self.on(Msg::Key(key.parse().expect("a key")))
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.now += TimeDelta::milliseconds(800);
            self.key(key);
        }
        self
    }

    fn typed(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.on(Msg::Key(Chord::plain(Code::Char(c))));
        }
        self
    }

    /// `/`, and this typed into an empty line.
    fn filter(&mut self, text: &str) -> &mut Self {
        self.keys("/ ctrl-u").typed(text)
    }

    /// A poll is answered with these accounts, in their order of priority.
    fn list(&mut self, accounts: Vec<Account>) -> &mut Self {
        if self.polling.is_none() && self.state.dialog.is_none() {
            self.key("r");
        }
        while self.polling.is_none() {
            self.now += TimeDelta::seconds(5);
            self.on(Msg::Tick);
        }
        let seq = self.polling.take().expect("a poll");
        let answer = AccountsAnswer {
            accounts,
            sent: self.now,
            received: self.now,
            date: None,
            rows: flaretop::model::Rows::default(),
        };
        self.on(Msg::Accounts { seq, result: Ok(answer) });
        self
    }

    /// A poll is answered with the story's accounts, changed so.
    fn changed(&mut self, name: &str, change: impl Fn(&mut Account)) -> &mut Self {
        let mut accounts = self.state.accounts.rows().to_vec();
        change(accounts.iter_mut().find(|a| a.name == name).expect("an account"));
        self.list(accounts)
    }

    fn select(&mut self, name: &str) -> &mut Self {
        let place = self.rows().iter().position(|n| *n == name).expect("a row of that name");
        self.keys("g");
        for _ in 0..place {
            self.keys("j");
        }
        assert_eq!(self.selected(), name);
        self
    }

    fn rows(&self) -> Vec<&str> {
        let accounts = &self.state.accounts;
        accounts.shown(0..accounts.shown_len()).map(|a| a.name.as_str()).collect()
    }

    fn selected(&self) -> &str {
        self.state.accounts.selection().map_or("", |a| a.name.as_str())
    }

    fn prompt(&self) -> &Prompt {
        match &self.state.dialog {
            Some(Dialog::Prompt(prompt)) => prompt,
            other => panic!("no prompt: {other:?}"),
        }
    }

    fn line(&self) -> &str {
        self.prompt().line.text()
    }

    fn screen(&self) -> String {
        self.screen_of(80, 24)
    }

    fn screen_of(&self, width: u16, height: u16) -> String {
        scene::text(&self.state, width, height)
    }

    fn notice(&self) -> &str {
        self.state.notice.as_ref().map_or("", |n| n.text.as_str())
    }
}

const ALL: [&str; 7] = ["work-max", "personal", "team-a", "client-b", "spare", "glm-zai", "grok"];

#[test]
fn a_filter_shows_what_it_finds_while_it_is_typed_and_stays_with_enter() {
    let mut app = App::new();
    app.filter("auto:off");
    assert_eq!(app.rows(), ["client-b", "spare"]);
    assert!(app.screen().contains("2 match"), "{}", app.screen());
    app.keys("enter");
    assert_eq!(app.rows(), ["client-b", "spare"]);
    assert!(app.screen().contains("2 of 7 · sort: pri ▲ · filter: auto:off"), "{}", app.screen());
}

#[test]
fn a_filter_that_is_given_up_leaves_everything_as_it_was() {
    let mut app = App::new();
    app.select("team-a").filter("auto:off");
    assert_eq!(app.selected(), "client-b", "the next one that is shown");
    app.keys("esc");
    assert_eq!((app.rows(), app.selected()), (ALL.to_vec(), "team-a"));
    app.filter("pri<10").keys("enter").filter("zai").keys("esc");
    assert_eq!(app.rows(), ["work-max", "personal", "team-a"], "back to what stood there before");
}

#[test]
fn escape_clears_the_filter_once_nothing_lies_over_it() {
    let mut app = App::new();
    app.filter("auto:off").keys("enter x esc");
    assert_eq!(app.rows(), ["client-b", "spare"], "the notice goes first");
    app.keys("2 esc");
    assert_eq!(app.rows(), ["client-b", "spare"], "back from another pane");
    app.keys("esc");
    assert_eq!((app.rows(), app.selected()), (ALL.to_vec(), "client-b"));
}

#[test]
fn the_selection_follows_the_text_from_where_it_was() {
    let mut app = App::new();
    app.select("spare").filter("p");
    assert_eq!((app.rows(), app.selected()), (vec!["personal", "spare"], "spare"));
    app.typed("e");
    assert_eq!(app.selected(), "personal", "nothing that is shown comes after it");
    app.keys("backspace");
    assert_eq!(app.selected(), "spare", "it has not moved by itself");
    app.typed("e").keys("enter esc");
    assert_eq!(app.selected(), "personal", "what was kept is where it is now");
}

#[test]
fn where_nothing_matches_no_key_changes_anything_and_the_selection_comes_back() {
    let mut app = App::new();
    app.select("team-a").filter("nobody").keys("enter");
    assert_eq!((app.rows(), app.selected()), (vec![], ""));
    assert!(app.screen().contains("Nothing matches  nobody      esc clears the filter"), "{}", app.screen());
    assert_eq!(app.key("space"), []);
    assert_eq!(app.notice(), "nothing matches the filter; esc clears it");
    app.list(scene::cast());
    app.keys("esc");
    app.keys("esc");
    assert_eq!((app.rows(), app.selected()), (ALL.to_vec(), "team-a"));
}

#[test]
fn a_row_that_no_longer_matches_leaves_with_the_next_poll_and_the_next_one_is_selected() {
    let mut app = App::new();
    app.filter("pri<10").keys("enter").select("personal");
    app.changed("personal", |a| a.priority = 12);
    assert_eq!((app.rows(), app.selected()), (vec!["work-max", "team-a"], "team-a"));
    app.changed("personal", |a| a.priority = 1);
    assert_eq!(app.selected(), "team-a", "the selection does not jump back");
    app.changed("team-a", |a| a.priority = 3);
    assert_eq!(app.selected(), "team-a", "nor does it move while its row is shown");
    let mut without = app.state.accounts.rows().to_vec();
    without.retain(|a| a.name != "team-a");
    app.list(without);
    assert_eq!((app.rows(), app.selected()), (vec!["work-max", "personal"], "personal"));
}

#[test]
fn the_account_that_a_key_changes_stays_under_the_cursor() {
    let mut app = App::new();
    app.filter("auto:off").keys("enter").select("client-b");
    let effects = app.key("space");
    let [Effect::Apply { seq, id, change }] = &effects[..] else { panic!("{effects:?}") };
    app.on(Msg::ChangeDone {
        seq: *seq,
        id: id.clone(),
        change: change.clone(),
        result: Ok(Told::Is(Value::Switch(true))),
    });
    let mut accounts = scene::cast();
    accounts[3].auto_refresh = Some(true);
    app.list(accounts.clone());
    assert!(app.state.pending.is_empty(), "the change is settled");
    assert_eq!((app.rows(), app.selected()), (vec!["client-b", "spare"], "client-b"));
    app.list(accounts.clone());
    assert_eq!(app.selected(), "client-b", "the next key would undo the change, not make another");
    app.keys("j").list(accounts);
    assert_eq!((app.rows(), app.selected()), (vec!["spare"], "spare"));
}

#[test]
fn time_alone_brings_rows_and_takes_them_away() {
    let mut app = App::new();
    app.list(scene::cast());
    app.filter("resets<35m").keys("enter");
    assert_eq!(app.rows(), [""; 0], "client-b has 38:40 left");
    let mut seen = false;
    while app.now < at("14:42:00") {
        let wake = next_wake(&app.state).expect("a clock is shown");
        assert!(wake > app.now || app.on(Msg::Tick).len() < 9);
        app.now = wake.max(app.now);
        app.on(Msg::Tick);
        let left = at("14:41:17") - app.now;
        let expected = left < TimeDelta::minutes(35) && left > TimeDelta::zero();
        assert_eq!(app.rows().contains(&"client-b"), expected, "at {}", app.now);
        seen |= expected;
    }
    assert!(seen);
}

#[test]
fn a_wrong_filter_is_explained_and_nothing_changes_until_it_is_right() {
    let mut app = App::new();
    app.filter("auto:off state:limted");
    assert_eq!(app.rows(), ["client-b", "spare"], "what was right stays");
    assert!(app.screen().contains("did you mean limited?"), "{}", app.screen());
    app.keys("enter");
    assert!(matches!(app.state.dialog, Some(Dialog::Prompt(_))), "the line is still there to be mended");
    app.keys("esc");
    assert_eq!(app.rows(), ALL);
}

#[test]
fn a_term_that_is_only_begun_is_no_mistake_until_enter() {
    let mut app = App::new();
    for (typed, rows) in [("a", 5), ("au", 7), ("auto", 7), ("auto:", 7), ("auto:o", 7), ("auto:on", 4)] {
        app.filter(typed);
        assert_eq!(app.prompt().fault, None, "{typed}");
        assert_eq!(app.rows().len(), rows, "{typed}");
        app.keys("esc");
    }
    app.filter("auto:").keys("enter");
    assert!(app.prompt().fault.as_ref().is_some_and(|f| f.contains("a value is missing")));
}

#[test]
fn tab_completes_terms_and_values() {
    let mut app = App::new();
    app.filter("au").keys("tab");
    assert_eq!(app.line(), "auto:");
    app.keys("tab");
    assert_eq!((app.line(), app.rows().len()), ("auto:on", 4));
    app.keys("tab");
    assert_eq!((app.line(), app.rows()), ("auto:off", vec!["client-b", "spare"]));
    app.keys("tab");
    assert_eq!((app.line(), app.rows()), ("auto:off!", vec!["spare"]));
    app.keys("tab shift-tab");
    assert_eq!(app.line(), "auto:off!", "round, and back");
    app.typed(" provider:a").keys("tab");
    assert_eq!(app.line(), "auto:off! provider:anthropic");
    app.filter("auto:of").keys("tab");
    assert_eq!(app.line(), "auto:off", "as far as all agree: off, off!");
    app.keys("ctrl-u tab");
    assert_eq!(app.line(), "auto:", "an empty line offers every term");
}

#[test]
fn filters_are_remembered() {
    let mut app = App::new();
    app.filter("work").keys("enter").filter("auto:off").keys("enter").filter("work").keys("enter");
    app.filter("zz").keys("up");
    assert_eq!((app.line(), app.rows()), ("work", vec!["work-max"]));
    app.keys("up");
    assert_eq!(app.line(), "auto:off");
    app.keys("up");
    assert_eq!(app.line(), "auto:off", "there is no older one; none stands twice");
    app.keys("down down");
    assert_eq!(app.line(), "zz", "what was being typed");
}

#[test]
fn a_question_mark_where_a_term_begins_shows_the_terms() {
    let mut app = App::new();
    app.filter("?");
    assert_eq!(app.line(), "");
    assert!(app.screen().contains("resets<30m"), "{}", app.screen());
    app.typed("auto:off ");
    assert_eq!(app.rows(), ["client-b", "spare"], "they stay while the line is typed");
    app.keys("esc");
    assert!(!app.screen().contains("resets<30m"));
    assert_eq!(app.line(), "auto:off ", "they go first");
    app.typed("\"?\" state:?");
    assert_eq!(app.line(), "auto:off \"?\" state:?", "elsewhere it is a character");
}

#[test]
fn a_filter_can_be_typed_before_the_list_is_there() {
    let mut app = App::of(scene::loading());
    app.on(Msg::Tick);
    app.filter("spare");
    assert_eq!(app.line(), "spare");
    app.list(scene::cast());
    assert_eq!((app.rows(), app.selected()), (vec!["spare"], "spare"));
}

#[test]
fn a_pasted_filter_is_taken_as_typed() {
    let mut app = App::new();
    app.filter("");
    app.on(Msg::Pasted("auto:off\n".to_owned()));
    assert_eq!(app.rows(), ["client-b", "spare"]);
}

fn sorted(app: &App) -> (SortBy, Vec<&str>) {
    (app.state.accounts.table.sort.by, app.rows())
}

#[test]
fn each_column_can_be_sorted_by() {
    let mut app = App::new();
    for (by, expected) in [
        (SortBy::Resets, ["team-a", "client-b", "work-max", "glm-zai", "personal", "spare", "grok"]),
        (SortBy::Next, ["team-a", "work-max", "glm-zai", "personal", "client-b", "spare", "grok"]),
        (SortBy::State, ["spare", "client-b", "team-a", "work-max", "personal", "glm-zai", "grok"]),
        (SortBy::FiveHour, ["client-b", "work-max", "glm-zai", "personal", "team-a", "spare", "grok"]),
        (SortBy::SevenDay, ["client-b", "team-a", "work-max", "personal", "spare", "glm-zai", "grok"]),
        (SortBy::Last, ["client-b", "personal", "spare", "work-max", "team-a", "glm-zai", "grok"]),
        (SortBy::Auto, ["work-max", "personal", "team-a", "glm-zai", "client-b", "spare", "grok"]),
        (SortBy::Name, ["client-b", "glm-zai", "grok", "personal", "spare", "team-a", "work-max"]),
        (SortBy::Priority, ALL),
    ] {
        app.keys("s");
        assert_eq!(sorted(&app), (by, expected.to_vec()));
    }
}

#[test]
fn sorting_the_other_way_round_leaves_what_is_unknown_at_the_end_and_ties_as_they_were() {
    let mut app = App::new();
    app.keys("S");
    let mut back = ALL.to_vec();
    back.reverse();
    assert_eq!(app.rows(), back);
    assert!(app.screen().contains("sort: pri ▼"), "{}", app.screen());
    app.keys("> S"); // auto
    assert_eq!(app.rows(), ["spare", "client-b", "work-max", "personal", "team-a", "glm-zai", "grok"]);
    assert!(app.screen().contains("sort: auto ▼"), "{}", app.screen());
    app.keys("> > S"); // 5h use
    assert_eq!(app.rows(), ["personal", "glm-zai", "work-max", "client-b", "team-a", "spare", "grok"]);
    assert!(app.screen().contains("sort: 5h use ▲"), "{}", app.screen());
}

#[test]
fn the_sort_column_moves_left_and_right_to_the_ends() {
    let mut app = App::new();
    app.keys("< <");
    assert_eq!(sorted(&app).0, SortBy::Name);
    assert_eq!(
        availability(Action::SortLeft, &app.state),
        Availability::Blocked("this is the first column".into())
    );
    app.keys("> > > > > > > > >");
    assert_eq!(sorted(&app).0, SortBy::Last);
    assert_eq!(app.notice(), "this is the last column");
}

#[test]
fn what_an_order_puts_on_top_is_in_sight_where_the_selection_leaves_it_there() {
    let mut app = App::of(scene::many(27));
    app.keys("G S");
    app.keys("g S");
    app.keys("G S j");
    let screen = app.screen();
    assert_eq!(app.state.accounts.position(), Some(1), "{screen}");
    assert!(screen.contains("1-8 of 27"), "{screen}");
}

#[test]
fn what_was_said_of_a_key_is_not_said_of_the_next_one() {
    let mut app = App::new();
    app.keys("x");
    assert_eq!(app.notice(), "x means nothing here; ? shows every key");
    app.keys("j");
    assert_eq!(app.state.notice, None);
    app.filter("auto:off").keys("enter x esc");
    assert_eq!((app.state.notice.as_ref(), app.rows()), (None, vec!["client-b", "spare"]), "it goes first");
}

#[test]
fn the_order_is_kept_from_poll_to_poll_and_the_selection_stays_with_its_account() {
    let mut app = App::new();
    app.list(scene::cast());
    app.keys("> > > > >").select("work-max"); // resets in
    assert_eq!(sorted(&app).0, SortBy::Resets);
    let before = app.rows().join(" ");
    app.changed("personal", |a| a.reset = Some(at("14:10:00")));
    assert_ne!(app.rows().join(" "), before);
    assert_eq!(app.rows()[..2], ["team-a", "personal"]);
    assert_eq!(app.selected(), "work-max");
    let kept: Vec<String> = app.rows().into_iter().map(str::to_owned).collect();
    app.now = at("14:20:00");
    app.on(Msg::Tick);
    assert_eq!(app.rows(), kept, "between two polls no row moves");
}

#[test]
fn filter_and_order_go_together() {
    let mut app = App::new();
    app.keys("<").filter("auto:on").keys("enter");
    assert_eq!(app.rows(), ["glm-zai", "personal", "team-a", "work-max"]);
    app.select("personal").filter("zai or work").keys("enter");
    assert_eq!((app.rows(), app.selected()), (vec!["glm-zai", "work-max"], "work-max"));
}

#[test]
fn columns_that_do_not_fit_are_on_further_pages() {
    let mut app = App::new();
    let first = app.screen();
    assert!(first.contains("NEXT REFRESH     ›"), "{first}");
    app.keys("l");
    let second = app.screen();
    for word in ["‹", "NAME", "FALL", "7D WINDOW", "LAST REFRESH", "team-a", "columns 2 of 2"] {
        assert!(second.contains(word), "{word} in {second}");
    }
    assert!(!second.contains('›') && !second.contains("STATE"), "{second}");
    app.keys("l");
    assert_eq!(app.notice(), "these are the last columns");
    app.keys("esc h");
    assert_eq!(app.screen().lines().nth(2), first.lines().nth(2));
    app.keys("h");
    assert_eq!(app.notice(), "these are the first columns");
}

#[test]
fn where_every_column_is_shown_there_is_no_further_page() {
    let mut app = App::new();
    app.keys("l");
    app.on(Msg::Resized(Size::new(200, 50)));
    assert!(!app.screen_of(200, 50).contains('›'));
    app.keys("l");
    assert_eq!(app.notice(), "every column is shown");
    app.on(Msg::Resized(Size::new(80, 24)));
    assert!(app.screen().contains("columns 2 of 2"), "as it was at this size");
}

#[test]
fn times_of_day_stand_where_countdowns_did_and_nothing_counts() {
    let mut app = App::new();
    app.keys("t");
    let screen = app.screen();
    for words in ["RESETS AT", "15:14  after 15:14:20", "Window over since 14:02:16"] {
        assert!(screen.contains(words), "{words} in {screen}");
    }
    for wide in [app.screen_of(120, 40), app.screen_of(200, 50), app.screen_of(40, 12)] {
        assert!(!wide.contains("+0:2") && !wide.contains("38:4"), "{wide}");
    }
    let drawn = app.screen();
    app.state.accounts.came = Some(at("14:02:55"));
    app.now = at("14:02:56");
    app.on(Msg::Tick);
    assert_eq!(app.screen(), drawn, "within the minute nothing moves");
    app.keys("t");
    assert!(app.screen().contains("RESETS IN"));
}

/// The program sleeps until the next wake. With times of day that is the next minute, or the moment at which something is over.
#[test]
fn with_times_of_day_the_screen_is_silent_until_something_is_over() {
    let mut app = App::new();
    app.state.options.interval = TimeDelta::days(1);
    app.list(scene::cast());
    app.keys("t");
    app.now += TimeDelta::seconds(1); // what a list says that says nothing new is shown with the next second
    app.on(Msg::Tick);
    while app.now < at("14:42:30") {
        app.state.accounts.came = Some(app.now); // each poll is answered at once
        for effect in app.on(Msg::Tick) {
            if let Effect::OpenStream { seq } = effect {
                app.on(Msg::StreamOpened { seq });
            }
        }
        let wake = next_wake(&app.state).expect("a clock is shown");
        assert!(wake > app.now);
        // A screen that stands still wakes for what is asked of the server alone.
        let mut still = app.state.clone();
        still.display.frozen = true;
        let for_the_server = next_wake(&still) == Some(wake);
        // A window that ends, and one that should have been begun anew by a tick long ago.
        let over = wake == at("14:41:17") || wake == at("14:04:16");
        assert!(for_the_server || over || wake.timestamp() % 60 == 0, "woken at {wake} for nothing");
        let drawn = app.screen_of(120, 40);
        app.now = wake;
        app.state.now = wake - TimeDelta::milliseconds(1);
        app.state.accounts.came = Some(app.state.now);
        assert_eq!(app.screen_of(120, 40), drawn, "until {wake}");
    }
}

#[test]
fn all_times_are_this_machines_or_utc() {
    let mut app = App::new();
    assert!(app.screen().contains("14:02 ¦"), "{}", app.screen());
    app.keys("T");
    assert_eq!(app.notice(), "times are UTC");
    app.keys("esc");
    let screen = app.screen();
    for words in ["13:02 +00:00", "after 14:14:20", "12:58:46  ERROR", "until 13:41:17"] {
        assert!(screen.contains(words), "{words} in {screen}");
    }
    app.on(Msg::Zone(chrono::FixedOffset::east_opt(7200).expect("a zone")));
    assert!(app.screen().contains("13:02 +00:00"), "the machine's zone changes and UTC does not");
    app.keys("T esc");
    assert!(app.screen().contains("after 16:14:20"), "{}", app.screen());
}

#[test]
fn hidden_names_are_nowhere_on_the_screen() {
    for (width, height) in [(40, 12), (80, 24), (120, 40), (200, 50)] {
        let mut app = App::new();
        app.on(Msg::Resized(Size::new(width, height)));
        app.state.events.lens.show = Show::All;
        app.filter("work or needs:me or p or auto:on or n/a").keys("enter *");
        for _ in 0..7 {
            for keys in ["j", "p", "esc", "2", "1", "?", "esc"] {
                app.keys(keys);
                let screen = app.screen_of(width, height);
                for account in scene::cast() {
                    let (name, id) = (account.name.as_str(), account.id.to_plain());
                    assert!(!screen.contains(name), "{name} in {screen}");
                    assert!(!screen.contains(id.as_str()), "{id} in {screen}");
                }
            }
        }
        let screen = app.screen_of(width, height);
        assert!(screen.contains("account-7"), "{screen}");
    }
}

#[test]
fn hidden_names_are_hidden_in_notices_and_records_and_come_back() {
    let mut app = App::new();
    app.list(scene::cast());
    app.keys("*");
    assert!(app.screen().contains("names hidden"), "{}", app.screen());
    assert!(app.screen().contains("account-3 will be refreshed"), "{}", app.screen());
    let effects = app.key("space");
    let [Effect::Apply { seq, id, change }] = &effects[..] else { panic!("{effects:?}") };
    let why = flaretop::model::Failure::Status { status: 500, text: Plain::new("team-a is locked") };
    app.on(Msg::ChangeDone { seq: *seq, id: id.clone(), change: change.clone(), result: Err(why) });
    let screen = app.screen();
    assert!(screen.contains("Could not switch auto-refresh off for account-3"), "{screen}");
    assert!(screen.contains("account-3 is locked"), "{screen}");
    app.keys("esc *");
    assert!(app.screen().contains("team-a will be refreshed"), "{}", app.screen());
    app.keys("*");
    let mut accounts = scene::cast();
    accounts.insert(0, Account::named("new", "a-new-one", flaretop::model::Provider::Zai));
    app.list(accounts);
    let screen = app.screen();
    assert!(screen.contains("account-3 will be refreshed"), "an alias stays with its name: {screen}");
    assert!(screen.contains("account-8") && !screen.contains("a-new-one"), "{screen}");
}

#[test]
fn a_filter_finds_aliases_and_does_not_give_names_away() {
    let mut app = App::new();
    app.filter("team").keys("enter *");
    assert_eq!(app.rows(), ["team-a"], "hiding names changes nothing else");
    assert!(!app.screen().contains("team"), "{}", app.screen());
    app.filter("account-2").keys("enter");
    assert_eq!(app.rows(), ["personal"]);
}

#[test]
fn a_frozen_screen_sleeps_takes_data_in_and_any_key_thaws_it() {
    let mut app = App::new();
    app.list(scene::cast());
    app.keys("F");
    assert!(app.state.display.frozen);
    assert!(app.screen().contains("FROZEN") && app.screen().contains("any key resumes"), "{}", app.screen());
    let mut accounts = scene::cast();
    accounts[0].priority = 99;
    let began = app.now;
    for _ in 0..3 {
        if app.polling.is_none() {
            app.now = next_wake(&app.state).expect("the next poll").max(app.now);
            app.on(Msg::Tick);
        }
    }
    app.list(accounts);
    assert!(app.now - began >= TimeDelta::seconds(4), "nothing wakes for a countdown");
    assert_eq!(app.rows().last(), Some(&"work-max"), "data is taken in");
    assert!(app.state.display.frozen, "and the screen stands");
    assert_eq!(app.key("space"), [], "whoever thaws it changes nothing");
    assert!(!app.state.display.frozen);
    for thaw in [Msg::Resized(Size::new(100, 30)), Msg::Resumed] {
        app.keys("F");
        app.on(thaw);
        assert!(!app.state.display.frozen);
    }
}

#[test]
fn the_table_scrolls_and_moves_by_what_is_shown() {
    let mut app = App::of(scene::many(200));
    app.filter("spare").keys("enter G");
    let shown = app.rows().len();
    assert!(shown > 20 && shown < 40);
    assert_eq!(app.selected(), *app.rows().last().expect("rows"));
    let screen = app.screen();
    assert!(screen.contains(&format!("{shown} of 200")), "{screen}");
    assert!(screen.contains(&format!("-{shown} ")), "the last rows are in sight: {screen}");
    app.keys("esc");
    assert_eq!(app.state.accounts.position(), Some(193), "the selection is where it was");
}

#[test]
fn an_account_gone_from_the_list_is_not_selected() {
    let mut app = App::new();
    app.state.accounts.selected = Some(AccountId::new("nobody"));
    assert_eq!(app.state.accounts.selection(), None);
    app.list(scene::cast());
    assert_eq!(app.selected(), "work-max");
    assert_eq!(app.state.accounts.selection().and_then(|a| a.setting(Setting::AutoRefresh)), Some(true));
}

/// Something that happens to the table.
#[derive(Debug, Clone)]
enum Happening {
    Keys(&'static str),
    /// A poll is answered with these of forty accounts; the first number shifts their states.
    List(usize, Vec<bool>),
    /// So many seconds pass.
    Pass(i64),
}

fn happening() -> impl Strategy<Value = Happening> {
    const KEYS: &[&str] = &[
        "j",
        "k",
        "G",
        "g",
        "pgdn",
        "s",
        "S",
        "<",
        ">",
        "l",
        "h",
        "t",
        "*",
        "esc",
        "space",
        "/ a enter",
        "/ ctrl-u z",
        "enter",
        "/ ctrl-u a u t o : o f f enter",
        "/ ctrl-u s t a t e : d u e enter",
        "/ ctrl-u r e s e t s < 2 h enter",
        "/ ctrl-u p r i < 9 esc",
    ];
    prop_oneof![
        4 => proptest::sample::select(KEYS).prop_map(Happening::Keys),
        2 => (0usize..7, proptest::collection::vec(any::<bool>(), 40)).prop_map(|(s, l)| Happening::List(s, l)),
        1 => (1i64..4000).prop_map(Happening::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_selection_is_a_shown_row_in_sight(story in proptest::collection::vec(happening(), 1..40)) {
        let mut app = App::of(scene::many(40));
        let all = app.state.accounts.rows().to_vec();
        for step in story {
            let before = app.state.accounts.selected.clone();
            let polled = matches!(step, Happening::List(..));
            match step {
                Happening::Keys(keys) => {
                    app.keys(keys);
                }
                Happening::List(shift, kept) => {
                    let models = (0..).zip(&all).map(|(i, account)| {
                        let model = &all[(i + shift) % all.len()];
                        Account { id: account.id.clone(), name: account.name.clone(), ..model.clone() }
                    });
                    app.list(models.zip(kept).filter(|(_, kept)| *kept).map(|(a, _)| a).collect());
                }
                Happening::Pass(seconds) => {
                    app.now += TimeDelta::seconds(seconds);
                    app.on(Msg::Tick);
                }
            }
            let accounts = &app.state.accounts;
            let rows = accounts.shown_len();
            let ids: HashSet<_> = accounts.shown(0..rows).map(|a| a.id.clone()).collect();
            prop_assert_eq!(ids.len(), rows, "each row is another account of the list");
            if accounts.filter.is_empty() {
                prop_assert_eq!(rows, accounts.rows().len());
            }
            prop_assert_eq!(accounts.selected.is_none(), rows == 0);
            if let Some(row) = accounts.position() {
                let fits = app.state.account_rows();
                if fits > 0 {
                    prop_assert!((accounts.offset..accounts.offset + fits).contains(&row));
                    prop_assert!(accounts.offset == 0 || accounts.offset + fits <= rows, "no empty rows at the end");
                }
            } else {
                prop_assert_eq!(rows, 0);
            }
            if polled && before.as_ref().is_some_and(|id| ids.contains(id)) {
                prop_assert_eq!(&accounts.selected, &before, "a poll does not move the selection off a row that is shown");
            }
        }
    }
}

#[test]
fn last_refresh_says_how_long_it_took() {
    let screen = scene::text(&scene::story(), 200, 50);
    let row = screen.lines().find(|line| line.contains("  personal  ")).expect("the row");
    assert!(row.contains("  13:57 ok 1.9s  "), "{row}");
}

#[test]
fn names_that_are_short_leave_their_room_to_the_providers() {
    let state = scene::details::after(scene::details::UNRECORDED, "alibaba-1", "", (200, 50));
    let screen = scene::text(&state, 200, 50);
    assert!(screen.contains(" alibaba-1   alibaba-coding-p…   1 n/a "), "{screen}");
    let wider = scene::text(&state, 240, 50);
    assert!(wider.contains("  alibaba-coding-plan  "), "{wider}");
    assert!(!wider.contains("alibaba-coding-p…"), "{wider}");
}

#[test]
fn a_blank_stands_between_what_comes_next_and_the_wall_beside_long_names() {
    let state = scene::details::after(scene::details::TRAFFIC, "token-missing", "", (80, 24));
    let screen = scene::text(&state, 80, 24);
    assert!(screen.contains("  no: off, sign in │"), "{screen}");
}

#[test]
fn bars_and_the_usage_beside_them_say_the_same_of_every_provider_that_tells() {
    let state = scene::details::after(scene::details::UNRECORDED, "alibaba-1", "enter d", (200, 50));
    let screen = scene::text(&state, 200, 50);
    let row = screen.lines().find(|line| line.contains("▸ alibaba-1")).expect("the row");
    let (row, _) = row.split_once("││").expect("two panes");
    assert!(row.contains(" 10% ") && row.contains(" 50% "), "{row}");
    assert!(screen.contains("││ 5 hours ") && screen.contains("││ weekly "), "{screen}");
}
