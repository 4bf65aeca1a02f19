//! Values, commands, what is told of them among the events, what others changed, and the way back.

use flaretop::app::logs::{By, Entry, Fate, News};
use flaretop::app::{Ask, Done, Look};
use flaretop::model::{Endpoint, Matter, PauseReason, Priority};

use super::*;

fn deeds(effects: &[Effect]) -> Vec<Deed> {
    effects
        .iter()
        .filter_map(|e| if let Effect::Apply { change, .. } = e { Some(change.clone()) } else { None })
        .collect()
}

fn to(number: i64) -> Deed {
    Deed::Priority(Priority::new(number).expect("a priority"))
}

fn address(text: &str) -> Deed {
    Deed::Endpoint(Some(Endpoint::parse(text).expect("an address")))
}

fn with_priority(priority: i64) -> Account {
    Account { priority, ..work(true) }
}

fn with_endpoint(text: Option<&str>) -> Account {
    Account { endpoint: text.map(Plain::new), ..work(true) }
}

impl App {
    /// These accounts, with the priorities that they have.
    fn lists(accounts: Vec<Account>) -> Self {
        let mut app = Self::new(Options::default());
        app.comes(accounts);
        app.open_stream();
        app
    }

    /// A list is asked for and answered with these accounts as they are.
    fn comes(&mut self, accounts: Vec<Account>) -> Vec<Effect> {
        self.on(Msg::Resumed);
        let answer = AccountsAnswer {
            accounts,
            sent: self.now,
            received: self.now,
            date: None,
            rows: flaretop::model::Rows::default(),
        };
        let seq = self.poll_seq();
        self.on(Msg::Accounts { seq, result: Ok(answer) })
    }

    /// Types text into a prompt, a key every two seconds.
    fn types(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let key = if c == ' ' { "space".to_owned() } else { c.to_string() };
            self.pass(2000).key(&key);
        }
        self.pass(2000)
    }

    fn fault(&self) -> &str {
        match &self.state.dialog {
            Some(Dialog::Prompt(prompt)) => prompt.fault.as_deref().unwrap_or(""),
            _ => "no prompt",
        }
    }

    /// The change is answered as it was asked for, and the list agrees.
    fn done(&mut self, change: &Deed, accounts: Vec<Account>) {
        let told = change.value().map_or(Told::Done, Told::Is);
        self.pass(20).told(change.clone(), Ok(told));
        self.pass(20).comes(accounts);
    }

    /// What the events tell besides the log, oldest first.
    fn news(&self) -> Vec<&News> {
        self.state
            .logs
            .entries()
            .filter_map(|e| if let Entry::Note(n) = e { Some(&n.news) } else { None })
            .collect()
    }

    fn fates(&self) -> Vec<Fate> {
        self.news()
            .into_iter()
            .filter_map(|news| if let News::Yours { fate, .. } = news { Some(fate.clone()) } else { None })
            .collect()
    }

    /// What was changed elsewhere, with whose doing it is.
    fn seen(&self) -> Vec<(String, By)> {
        self.news()
            .into_iter()
            .filter_map(|news| match news {
                News::Seen { matter, was, is, by } => {
                    Some((format!("{} ({})", is.told(*matter), was.told_before(*matter)), by.clone()))
                }
                _ => None,
            })
            .collect()
    }

    fn wish(&self, matter: Matter) -> Option<Deed> {
        self.state.pending.get(&AccountId::new("w"), matter).map(|wish| wish.to.clone())
    }
}

// Values.

#[test]
fn a_priority_is_typed_over_the_one_that_is_there_and_shown_until_the_list_has_it() {
    let mut app = App::lists(vec![with_priority(10)]);
    assert_eq!(app.pass(2000).key("P"), []);
    let Some(Dialog::Prompt(prompt)) = &app.state.dialog else { panic!("{:?}", app.state.dialog) };
    assert_eq!((&prompt.ask, prompt.line.text()), (&Ask::Priority(AccountId::new("w")), "10"));
    app.pass(2000).key("backspace");
    app.types("5");
    let effects = app.pass(2000).key("enter");
    assert_eq!(deeds(&effects), [to(15)]);
    assert_eq!(app.state.dialog, None);
    assert_eq!(app.wish(Matter::Priority), Some(to(15)));
    let effects = app.pass(20).told(to(15), Ok(Told::Is(Value::Priority(15))));
    assert!(matches!(effects[..], [Effect::Poll { .. }]) || app.state.pending.len() == 1, "{effects:?}");
    app.pass(20).comes(vec![with_priority(15)]);
    assert!(app.state.pending.is_empty());
    assert_eq!((app.failed(), app.fates()), ("", vec![Fate::Confirmed]));
}

#[test]
fn text_that_is_no_priority_keeps_the_prompt_and_says_what_is_wrong() {
    let mut app = App::lists(vec![with_priority(10)]);
    app.pass(2000).key("P");
    assert_eq!(app.types("1").key("enter"), []);
    assert_eq!(app.fault(), "a whole number from 0 to 100 is wanted");
    app.pass(2000).key("backspace");
    assert_eq!(app.fault(), "", "typing on takes it back");
    app.pass(2000).key("esc");
    assert_eq!((app.state.dialog.clone(), app.state.pending.len()), (None, 0));
}

#[test]
fn what_is_there_already_is_not_sent() {
    let mut app = App::lists(vec![Account { endpoint: Some("bedrock:a:b".into()), ..with_priority(1234) }]);
    for key in ["P", "e"] {
        app.pass(2000).key(key);
        assert_eq!(app.pass(2000).key("enter"), [], "{key}");
        assert!(app.notice().contains("unchanged: nothing was sent"), "{}", app.notice());
    }
}

#[test]
fn an_endpoint_is_looked_at_before_it_is_sent_and_cleared_by_none_or_nothing() {
    let mut app = App::lists(vec![with_endpoint(None)]);
    app.pass(2000).key("e");
    assert_eq!(app.types("nope").key("enter"), []);
    assert!(app.fault().contains("http:// or https://"), "{}", app.fault());
    app.pass(2000).key("ctrl-u");
    assert_eq!(deeds(&app.types(" https://a.example/v1 ").key("enter")), [address("https://a.example/v1")]);
    app.done(&address("https://a.example/v1"), vec![with_endpoint(Some("https://a.example/v1"))]);
    assert_eq!(app.fates(), [Fate::Confirmed]);
    for text in ["None", ""] {
        let mut app = App::lists(vec![with_endpoint(Some("https://a.example/v1"))]);
        app.pass(2000).key("e");
        app.pass(2000).key("ctrl-u");
        assert_eq!(deeds(&app.types(text).key("enter")), [Deed::Endpoint(None)]);
        app.done(&Deed::Endpoint(None), vec![with_endpoint(None)]);
        assert!(app.state.pending.is_empty() && app.failed().is_empty());
    }
}

#[test]
fn an_unknown_account_that_the_server_answered_200_for_is_told() {
    let mut app = App::lists(vec![with_endpoint(None)]);
    app.pass(2000).key("e");
    app.types("http://x").key("enter");
    app.done(&address("http://x"), vec![named("o", "other")]);
    assert_eq!(app.failed(), "the account is gone");
}

#[test]
fn what_is_no_address_is_replaced_only_after_a_question() {
    let mut app = App::lists(vec![with_endpoint(Some("bedrock:a:b"))]);
    app.pass(2000).key("e");
    app.pass(2000).key("ctrl-u");
    assert_eq!(app.types("http://x").key("enter"), []);
    assert!(matches!(app.state.dialog, Some(Dialog::Question { why: Doubt::NotPutBack, .. })));
    assert_eq!(app.pass(2000).key("enter"), [], "enter alone never applies");
    assert_eq!(deeds(&app.pass(2000).key("y")), [address("http://x")]);
    app.done(&address("http://x"), vec![with_endpoint(Some("http://x"))]);
    assert_eq!(app.pass(2000).key("u"), []);
    assert!(app.notice().contains("bedrock:a:b cannot be put back"), "{}", app.notice());
}

#[test]
fn a_key_in_an_endpoint_is_not_shown_where_it_is_typed_and_not_lost() {
    let secret = "https://proxy/v1?key=StUvWxYz0123456789abcdef";
    let mut app = App::lists(vec![with_endpoint(Some(secret))]);
    app.pass(2000).key("e");
    let Some(Dialog::Prompt(prompt)) = &app.state.dialog else { panic!("a prompt") };
    assert_eq!(prompt.line.text(), "https://proxy/v1?key=***");
    assert_eq!(app.pass(2000).key("enter"), [], "as it was is as it is");
    assert!(app.notice().contains("unchanged") && !app.notice().contains("StUv"), "{}", app.notice());
    app.pass(2000).key("e");
    app.pass(2000).key("home");
    app.pass(2000).key("del");
    assert_eq!(app.types("h").key("enter"), [], "the same again");
    app.pass(2000).key("e");
    assert_eq!(app.types("/x").key("enter"), []);
    assert!(app.fault().contains("*** stands for what is not shown"), "{}", app.fault());
    app.pass(2000).key("ctrl-u");
    assert_eq!(
        deeds(&app.types("http://x?key=AbCdEfGh0123456789").key("enter")),
        [address("http://x?key=AbCdEfGh0123456789")]
    );
    let why = Failure::Status { status: 500, text: "no".into() };
    app.pass(20).told(address("http://x?key=AbCdEfGh0123456789"), Err(why));
    for keys in ["", "w"] {
        if !keys.is_empty() {
            app.pass(2000).key(keys);
        }
        let screen = drawn(&app.state);
        assert!(!screen.contains("StUv") && !screen.contains("AbCd"), "{screen}");
        assert!(screen.contains("key=***"), "{screen}");
    }
    assert!(!format!("{:?}", address("http://x?key=AbCdEfGh0123456789")).contains("AbCd"), "nor in a log");
}

/// All that is on the screen.
fn drawn(state: &State) -> String {
    let area = ratatui::layout::Rect::new(0, 0, 120, 40);
    let mut buf = ratatui::buffer::Buffer::empty(area);
    let theme = flaretop::view::theme::Theme::new(true, false);
    flaretop::view::render(state, &theme, area, &mut buf);
    buf.content().iter().map(ratatui::buffer::Cell::symbol).collect()
}

#[test]
fn what_is_said_of_an_account_is_not_masked_for_its_name() {
    for name in ["secret-santa", "topsecret", "cookie-monster"] {
        let mut app = App::lists(vec![Account { name: Plain::new(name), ..with_priority(10) }]);
        app.pass(2000).key("P");
        assert_eq!(app.pass(2000).key("enter"), []);
        assert_eq!(app.notice(), format!("{name}: priority unchanged: nothing was sent"));
    }
}

#[test]
fn an_address_is_not_told_while_names_are_hidden() {
    let mut app = App::lists(vec![with_endpoint(Some("https://one.example"))]);
    app.pass(2000).key("e");
    app.pass(2000).key("ctrl-u");
    app.types("https://two.example").key("enter");
    app.done(&address("https://two.example"), vec![with_endpoint(Some("https://two.example"))]);
    app.pass(2000).key("*");
    app.pass(2000).key("u");
    assert_eq!(app.notice(), "undoing work: endpoint (hidden) again (was (hidden))");
    app.pass(20)
        .told(address("https://one.example"), Err(Failure::Status { status: 500, text: "no".into() }));
    for key in ["esc", "1", "w"] {
        app.pass(2000).key(key);
        let screen = drawn(&app.state);
        assert!(!screen.contains(".example"), "{screen}");
    }
}

#[test]
fn what_comes_by_itself_is_not_put_away_by_the_next_key() {
    let mut app = App::lists(vec![with_priority(10)]);
    app.pass(2000).key("R");
    app.pass(900).told(Deed::ReadUsage, Ok(Told::Begun));
    assert!(app.notice().contains("none has come yet"), "{}", app.notice());
    app.pass(50).key("j");
    assert!(app.notice().contains("none has come yet"), "{}", app.notice());
}

#[test]
fn an_endpoint_is_not_typed_while_names_are_hidden() {
    let mut app = App::lists(vec![with_endpoint(Some("http://x"))]);
    app.pass(2000).key("*");
    app.pass(2000).key("e");
    assert_eq!(app.state.dialog, None);
    assert!(app.notice().contains("names are hidden"), "{}", app.notice());
}

#[test]
fn a_typed_text_is_not_lost_where_the_connection_is() {
    let mut app = App::lists(vec![with_priority(10)]);
    app.pass(2000).key("P");
    app.no_list(Failure::Refused);
    assert_eq!(app.types("0").key("enter"), []);
    assert!(app.fault().contains("no connection"), "{}", app.fault());
}

#[test]
fn a_prompt_of_an_account_that_is_gone_changes_nothing() {
    let mut app = App::lists(vec![with_priority(10), named("o", "other")]);
    app.pass(2000).key("j");
    app.pass(2000).key("P");
    assert!(
        matches!(&app.state.dialog, Some(Dialog::Prompt(p)) if p.ask == Ask::Priority(AccountId::new("w")))
    );
    app.pass(20).comes(vec![named("o", "other")]);
    app.pass(2000).key("backspace");
    assert_eq!(app.pass(2000).key("enter"), []);
    assert!(app.notice().contains("gone; nothing was changed"), "{}", app.notice());
}

#[test]
fn a_refused_priority_is_put_back_and_can_be_asked_for_once_more() {
    let mut app = App::lists(vec![with_priority(10)]);
    app.pass(2000).key("P");
    app.types("0").key("enter");
    let why = Failure::Status { status: 500, text: "Failed to update account priority".into() };
    app.pass(20).told(to(100), Err(why));
    let failed = app.state.failed.clone().expect("it is told");
    assert_eq!(failed.deed, to(100));
    assert_eq!(failed.shows, Some(Value::Priority(10)));
    assert_eq!(app.fates(), [Fate::Refused("500: Failed to update account priority".into())]);
    assert!(app.state.undo.is_empty());
    assert_eq!(deeds(&app.pass(2000).key("enter")), [to(100)]);
    assert_eq!(app.state.failed, None);
    app.done(&to(100), vec![with_priority(100)]);
    assert_eq!(app.fates()[1], Fate::Confirmed);
}

#[test]
fn a_value_without_an_answer_is_not_known_until_the_list_tells() {
    for (listed, fate) in
        [(15, Fate::Confirmed), (10, Fate::Refused("no answer, and the list shows it unchanged".into()))]
    {
        let mut app = App::lists(vec![with_priority(10)]);
        app.pass(2000).key("P");
        app.pass(2000).key("backspace");
        app.types("5").key("enter");
        app.comes(vec![with_priority(10)]);
        app.pass(10_000).told(to(15), Err(Failure::AnswerTimeout(10)));
        assert_eq!((app.fates(), app.wish(Matter::Priority)), (vec![Fate::Unknown], Some(to(15))));
        app.pass(20).comes(vec![with_priority(listed)]);
        app.pass(20).comes(vec![with_priority(listed)]);
        assert_eq!(app.fates(), [fate]);
        assert!(app.state.pending.is_empty());
        assert_eq!(app.seen(), []);
    }
}

#[test]
fn another_value_asked_for_meanwhile_is_sent_after_the_answer() {
    let mut app = App::lists(vec![with_priority(10)]);
    app.pass(2000).key("P");
    app.types("0").key("enter");
    app.pass(2000).key("P");
    let Some(Dialog::Prompt(prompt)) = &app.state.dialog else { panic!("{:?}", app.state.dialog) };
    assert_eq!(prompt.line.text(), "100", "the wish stands there, not what the list still says");
    app.pass(2000).key("ctrl-u");
    assert_eq!(deeds(&app.types("7").key("enter")), [], "one at a time");
    assert_eq!(deeds(&app.told(to(100), Ok(Told::Is(Value::Priority(100))))), [to(7)]);
    app.done(&to(7), vec![with_priority(7)]);
    assert_eq!(app.fates(), [Fate::Confirmed, Fate::Confirmed]);
    assert_eq!(app.seen(), []);
    let steps: Vec<Deed> = (0..2).flat_map(|_| deeds(&app.pass(2000).key("u"))).collect();
    assert_eq!(steps, [to(100)], "the second waits for the first");
}

#[test]
fn an_answer_that_names_another_value_is_a_failure() {
    let mut app = App::lists(vec![with_priority(10)]);
    app.pass(2000).key("P");
    app.types("0").key("enter");
    app.told(to(100), Ok(Told::Is(Value::Priority(7))));
    assert_eq!(app.failed(), "the server answered that it is not so");
}

// Commands.

#[test]
fn usage_is_read_again_for_accounts_of_anthropic_only() {
    let mut app = App::lists(vec![work(true)]);
    assert_eq!(deeds(&app.pass(2000).key("R")), [Deed::ReadUsage]);
    assert_eq!(app.pass(2000).key("R"), [], "one at a time");
    assert!(app.notice().contains("asked for already"), "{}", app.notice());
    app.pass(20).told(Deed::ReadUsage, Ok(Told::Done));
    assert_eq!(app.notice(), "work: its usage was re-read");
    assert_eq!(app.fates(), [Fate::Confirmed]);
    assert_eq!(deeds(&app.pass(2000).key("R")), [Deed::ReadUsage]);
    app.pass(20).told(Deed::ReadUsage, Ok(Told::Begun));
    assert!(app.notice().contains("none has come yet"), "{}", app.notice());
    for provider in [Provider::Codex, Provider::Zai, Provider::Other("openrouter".into())] {
        let mut app = App::lists(vec![Account { provider, ..work(true) }]);
        assert_eq!(app.pass(2000).key("R"), []);
        assert!(app.notice().contains("usage: not offered for"), "{}", app.notice());
    }
}

#[test]
fn a_limit_is_cleared_only_after_a_yes() {
    let mut app = App::lists(vec![work(true)]);
    assert_eq!(app.pass(2000).key("X"), []);
    assert!(matches!(app.state.dialog, Some(Dialog::Question { why: Doubt::ForGood, .. })));
    for key in ["enter", "space", "X"] {
        assert_eq!(app.pass(2000).key(key), [], "{key}");
        assert!(app.state.dialog.is_some(), "{key}");
    }
    app.pass(2000).key("esc");
    assert_eq!(app.state.dialog, None);
    app.pass(2000).key("X");
    assert_eq!(deeds(&app.pass(2000).key("y")), [Deed::ClearLimit]);
    app.pass(20).told(Deed::ClearLimit, Ok(Told::Done));
    assert!(app.notice().contains("cannot be undone"), "{}", app.notice());
    assert!(app.state.pending.is_empty());
}

#[test]
fn a_limit_is_cleared_only_where_there_is_something_to_forget() {
    let mut none = work(true);
    none.reset = None;
    none.rate_limit_status = "OK".into();
    let mut app = App::lists(vec![none.clone()]);
    app.pass(2000).key("X");
    assert_eq!(app.notice(), "limit: nothing is stored to be cleared");
    for limited in [
        Account { rate_limit_status: "rate_limited".into(), ..none.clone() },
        Account { cooldown_until: Some(time("2026-11-24T11:00:00Z")), ..none },
    ] {
        let mut app = App::lists(vec![limited]);
        app.pass(2000).key("X");
        assert!(app.state.dialog.is_some());
    }
}

#[test]
fn a_command_without_an_answer_is_not_sent_again_and_told_as_not_known() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("R");
    app.pass(10_000).told(Deed::ReadUsage, Err(Failure::AnswerTimeout(10)));
    assert_eq!(app.fates(), [Fate::Unknown]);
    assert!(app.notice().contains("is not known"), "{}", app.notice());
    assert!(app.state.pending.is_empty());
    app.pass(2000).key("R");
    app.pass(20).told(Deed::ReadUsage, Err(refused("Usage refresh is only available for …")));
    assert!(app.failed().starts_with("400: Usage refresh"), "{}", app.failed());
}

#[test]
fn what_a_row_does_not_tell_of_is_not_asked_for() {
    let mut app = App::lists(vec![Account { offers: Offers::default(), ..work(true) }]);
    for key in ["P", "e", "R", "X"] {
        assert_eq!(app.pass(2000).key(key), [], "{key}");
        assert_eq!(app.state.dialog, None, "{key}");
        assert!(app.notice().contains("not offered by this server"), "{}", app.notice());
    }
}

// Held keys.

#[test]
fn held_keys_never_repeat_what_they_do() {
    let gaps = || std::iter::once(300).chain(std::iter::repeat_n(33, 40));
    for key in ["P", "e"] {
        let mut app = App::lists(vec![with_endpoint(None)]);
        app.pass(2000).key(key);
        for gap in gaps() {
            app.pass(gap).key(key);
        }
        let Some(Dialog::Prompt(prompt)) = &app.state.dialog else { panic!("{:?}", app.state.dialog) };
        assert_eq!(
            prompt.line.text(),
            if key == "P" { "0" } else { "" },
            "{key} is no text while it is held"
        );
        app.types(key);
        let Some(Dialog::Prompt(prompt)) = &app.state.dialog else { panic!("{:?}", app.state.dialog) };
        assert!(prompt.line.text().ends_with(key), "and it is, later");
    }
    let mut app = App::lists(vec![work(true)]);
    let mut sent = deeds(&app.pass(2000).key("R"));
    app.told(Deed::ReadUsage, Ok(Told::Done));
    for gap in gaps() {
        sent.extend(deeds(&app.pass(gap).key("R")));
    }
    assert_eq!(sent, [Deed::ReadUsage]);
}

/// What a key asked for that might have been held down is done by the clock, and seen at once.
#[test]
fn what_a_suspected_key_does_later_is_drawn_then() {
    let paused = |paused: bool, on: bool| Account { paused, ..work(on) };
    let resume = Change { setting: Setting::Paused, to: false };
    let mut app = App::lists(vec![paused(true, true)]);
    assert_eq!(applies(&app.pass(2000).key("p")), [resume]);
    app.done(&Deed::Switch(resume), vec![paused(false, true)]);
    assert_eq!(applies(&app.pass(2000).key("space")), [OFF]);
    app.done(&Deed::Switch(OFF), vec![paused(false, false)]);
    assert_eq!(applies(&app.pass(2000).key("u")), [ON]);
    app.done(&Deed::Switch(ON), vec![paused(false, true)]);
    app.pass(300).key("u");
    assert_eq!(app.state.dialog, None, "it may be held down");
    while app.state.dialog.is_none() {
        app.now = next_wake(&app.state).expect("something is due");
        app.on(Msg::Tick);
    }
    assert!(matches!(app.state.dialog, Some(Dialog::Question { .. })), "it would pause the last one");
    assert_eq!(app.state.look, Look::New);
}

#[test]
fn a_held_u_undoes_one_change_and_two_presses_undo_two() {
    let changed = || {
        let mut app = App::lists(vec![work(true)]);
        for (on, change) in [(false, OFF), (true, ON), (false, OFF)] {
            assert_eq!(applies(&app.pass(2000).key("space")), [change]);
            app.done(&Deed::Switch(change), vec![work(on)]);
        }
        app
    };
    let mut app = changed();
    let mut sent = applies(&app.pass(2000).key("u"));
    app.done(&Deed::Switch(ON), vec![work(true)]);
    for gap in std::iter::once(300).chain(std::iter::repeat_n(33, 40)) {
        sent.extend(applies(&app.run(gap)));
        sent.extend(applies(&app.key("u")));
    }
    sent.extend(applies(&app.run(3000)));
    assert_eq!(sent, [ON]);
    let mut app = changed();
    let mut sent = applies(&app.pass(2000).key("u"));
    app.done(&Deed::Switch(ON), vec![work(true)]);
    sent.extend(applies(&app.pass(300).key("u")));
    sent.extend(applies(&app.run(400)));
    assert_eq!(sent, [ON, OFF]);
}

#[test]
fn a_held_enter_asks_once_more_once() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    app.pass(20).told(Deed::Switch(OFF), Err(refused("no")));
    let mut sent = applies(&app.pass(2000).key("enter"));
    for gap in std::iter::once(300).chain(std::iter::repeat_n(33, 20)) {
        app.told(Deed::Switch(OFF), Err(refused("no")));
        sent.extend(applies(&app.pass(gap).key("enter")));
    }
    assert_eq!(sent, [OFF]);
    // The enter that ended a prompt is no answer to what is told next.
    let mut app = App::lists(vec![with_priority(10)]);
    app.pass(2000).key("P");
    app.types("0").key("enter");
    app.told(to(100), Err(refused("no")));
    let mut again = Vec::new();
    for gap in std::iter::once(300).chain(std::iter::repeat_n(33, 20)) {
        again.extend(deeds(&app.pass(gap).key("enter")));
    }
    assert_eq!(again, []);
}

// The way back.

#[test]
fn u_takes_back_one_change_after_the_other() {
    let mut app = App::lists(vec![with_priority(10)]);
    app.pass(2000).key("space");
    app.done(&Deed::Switch(OFF), vec![Account { priority: 10, ..work(false) }]);
    app.pass(2000).key("P");
    app.pass(2000).key("backspace");
    app.types("5").key("enter");
    app.done(&to(15), vec![Account { priority: 15, ..work(false) }]);
    assert_eq!(app.state.undo.len(), 2);
    assert_eq!(deeds(&app.pass(2000).key("u")), [to(10)]);
    assert_eq!(app.notice(), "undoing work: priority 10 again (was 15)");
    app.done(&to(10), vec![Account { priority: 10, ..work(false) }]);
    assert_eq!(applies(&app.pass(2000).key("u")), [ON]);
    assert_eq!(app.notice(), "undoing work: auto-refresh on again (was off)");
    app.done(&Deed::Switch(ON), vec![with_priority(10)]);
    assert_eq!(app.pass(2000).key("u"), [], "back is not forth");
    assert_eq!(app.notice(), "there is nothing to undo");
    assert_eq!(app.fates(), [Fate::Confirmed, Fate::Confirmed, Fate::Confirmed, Fate::Confirmed]);
}

#[test]
fn nothing_to_undo_is_said() {
    let mut app = App::lists(vec![work(true)]);
    assert_eq!(app.pass(2000).key("u"), []);
    assert_eq!(app.notice(), "there is nothing to undo");
    assert!(matches!(availability(Action::Undo, &app.state), Availability::Blocked(_)));
}

#[test]
fn a_change_of_someone_elses_since_then_is_not_overwritten() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("P");
    app.types("5").key("enter");
    app.done(&to(5), vec![with_priority(5)]);
    app.pass(2000).comes(vec![with_priority(77)]);
    assert_eq!(app.pass(2000).key("u"), []);
    assert!(app.notice().contains("changed by someone else since, it is 77"), "{}", app.notice());
    assert!(app.state.undo.is_empty(), "the next u goes further back");
}

#[test]
fn an_account_that_is_gone_is_said_when_its_change_is_to_be_undone() {
    let mut app = App::lists(vec![work(true), named("o", "other")]);
    let id = app.state.accounts.selected.clone();
    assert_eq!(id, Some(AccountId::new("o")));
    app.pass(2000).key("j");
    app.pass(2000).key("space");
    app.done(&Deed::Switch(OFF), vec![work(false), named("o", "other")]);
    app.pass(2000).comes(vec![named("o", "other")]);
    assert_eq!(app.pass(2000).key("u"), []);
    assert!(app.notice().contains("account w is gone"), "{}", app.notice());
}

#[test]
fn a_refused_way_back_can_be_taken_again() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    app.done(&Deed::Switch(OFF), vec![work(false)]);
    app.pass(2000).key("u");
    app.pass(20).told(Deed::Switch(ON), Err(refused("no")));
    assert_eq!((app.failed(), app.state.undo.len()), ("400: no", 1));
    app.comes(vec![work(false)]);
    assert_eq!(applies(&app.pass(2000).key("enter")), [ON], "by asking once more");
    assert_eq!(app.state.undo.len(), 0);
    app.pass(20).told(Deed::Switch(ON), Err(refused("no")));
    app.comes(vec![work(false)]);
    assert_eq!(applies(&app.pass(2000).key("u")), [ON], "or by u");
    app.done(&Deed::Switch(ON), vec![work(true)]);
    assert!(app.state.undo.is_empty());
}

#[test]
fn what_cannot_be_undone_says_so_and_is_passed_over() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    app.done(&Deed::Switch(OFF), vec![work(false)]);
    app.pass(2000).key("X");
    app.pass(2000).key("y");
    app.pass(20).told(Deed::ClearLimit, Ok(Told::Done));
    app.pass(2000).key("R");
    app.pass(20).told(Deed::ReadUsage, Ok(Told::Done));
    app.comes(vec![work(false)]);
    for says in ["usage re-read: that cannot be undone", "limit cleared: that cannot be undone"] {
        assert_eq!(app.pass(2000).key("u"), []);
        assert!(app.notice().contains(says), "{}", app.notice());
    }
    assert_eq!(applies(&app.pass(2000).key("u")), [ON]);
}

#[test]
fn a_way_back_that_is_doubtful_asks_first() {
    let pause = Change { setting: Setting::Paused, to: true };
    let resume = Change { setting: Setting::Paused, to: false };
    let paused = Account { paused: true, ..work(true) };
    let mut app = App::lists(vec![paused.clone()]);
    assert_eq!(applies(&app.pass(2000).key("p")), [resume]);
    app.done(&Deed::Switch(resume), vec![work(true)]);
    assert_eq!(app.pass(2000).key("u"), []);
    assert!(matches!(app.state.dialog, Some(Dialog::Question { why: Doubt::LastUsable, .. })));
    app.pass(2000).key("n");
    assert_eq!(app.state.undo.len(), 1, "a no leaves it where it was");
    app.pass(2000).key("u");
    assert_eq!(applies(&app.pass(2000).key("y")), [pause]);
    app.done(&Deed::Switch(pause), vec![paused]);
    assert!(app.state.undo.is_empty());
}

#[test]
fn a_priority_that_the_server_would_refuse_is_not_put_back() {
    let mut app = App::lists(vec![with_priority(1234)]);
    app.pass(2000).key("P");
    app.pass(2000).key("ctrl-u");
    app.types("5").key("enter");
    app.done(&to(5), vec![with_priority(5)]);
    assert_eq!(app.pass(2000).key("u"), []);
    assert!(
        app.notice().contains("1234 cannot be put back: the server takes 0 to 100 only"),
        "{}",
        app.notice()
    );
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut app = App::lists(vec![work(true)]);
    let mut on = true;
    for _ in 0..60 {
        on = !on;
        app.pass(2000).key("space");
        app.done(&Deed::Switch(Change { setting: Setting::AutoRefresh, to: on }), vec![work(on)]);
    }
    assert_eq!(app.state.undo.len(), 50);
}

#[test]
fn a_switch_pressed_to_and_fro_can_be_taken_back_step_by_step() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    app.pass(2000).key("space");
    assert_eq!(applies(&app.told(Deed::Switch(OFF), Ok(Told::Is(Value::Switch(false))))), [ON]);
    app.done(&Deed::Switch(ON), vec![work(true)]);
    let steps: Vec<Change> = [false, true]
        .into_iter()
        .flat_map(|on| {
            let sent = applies(&app.pass(2000).key("u"));
            app.done(&Deed::Switch(Change { setting: Setting::AutoRefresh, to: on }), vec![work(on)]);
            sent
        })
        .collect();
    assert_eq!(steps, [OFF, ON]);
    assert_eq!(app.seen(), []);
}

// Told among the events.

#[test]
fn an_own_change_is_told_from_the_asking_to_the_list() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    assert_eq!(app.fates(), [Fate::Asked]);
    let news = News::Yours { deed: Deed::Switch(OFF), was: Some(Value::Switch(true)), fate: Fate::Asked };
    assert_eq!(app.news(), [&news]);
    app.pass(20).told(Deed::Switch(OFF), Ok(Told::Is(Value::Switch(false))));
    assert_eq!(app.fates(), [Fate::Asked], "the list has not said so yet");
    app.comes(vec![work(true)]);
    app.pass(20).comes(vec![work(false)]);
    assert_eq!(app.fates(), [Fate::Confirmed]);
}

#[test]
fn what_a_held_key_did_not_send_is_not_told() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    for gap in std::iter::once(300).chain(std::iter::repeat_n(33, 20)) {
        app.run(gap);
        app.key("space");
    }
    app.run(1000);
    assert_eq!(app.fates().len(), 1);
}

#[test]
fn own_changes_are_shown_at_every_level_and_stand_in_time_order() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).log("Sending auto-refresh message to account: work");
    app.pass(2000).key("space");
    app.pass(2000).log("Auto-refresh message sent successfully for account: work");
    for show in [flaretop::app::Show::Refresh, flaretop::app::Show::All] {
        app.state.events.lens.show = show;
        let seen = flaretop::app::window(&app.state, 10);
        let notes: Vec<bool> = seen.lines.iter().map(|s| matches!(s.entry, Entry::Note(_))).collect();
        let place = notes.iter().position(|n| *n);
        assert_eq!(place, Some(1), "{show:?}: {notes:?}");
    }
}

// What others changed.

#[test]
fn the_first_list_tells_no_changes_and_the_next_tells_each() {
    let mut app = App::lists(vec![work(true)]);
    assert_eq!(app.news(), [&News::MoreSeen(0); 0]);
    app.pass(1000).comes(vec![Account {
        auto_fallback: Some(true),
        paused: true,
        priority: 3,
        endpoint: Some("http://x".into()),
        ..work(false)
    }]);
    let told = [
        "auto-refresh off (was on)",
        "auto-fallback on (was off)",
        "paused (was not)",
        "priority 3 (was 0)",
        "endpoint http://x (was none)",
    ];
    assert_eq!(app.seen(), told.map(|t| (t.to_owned(), By::Someone)));
    app.pass(1000).comes(vec![Account {
        auto_fallback: Some(true),
        paused: true,
        priority: 3,
        endpoint: Some("http://x".into()),
        ..work(false)
    }]);
    assert_eq!(app.seen().len(), 5, "once each");
}

#[test]
fn names_numbers_and_accounts_that_come_and_go_are_no_changes() {
    let mut app = App::lists(vec![work(true), named("o", "other")]);
    let renamed = Account { name: "wo_rk".into(), ..work(true) };
    app.pass(1000).comes(vec![named("n", "new"), renamed]);
    let mut broken = work(true);
    broken.fault = Some("`paused` is missing".into());
    app.pass(1000).comes(vec![broken]);
    app.pass(1000).comes(vec![Account { auto_fallback: None, offers: Offers::default(), ..work(true) }]);
    assert_eq!(app.seen(), []);
}

#[test]
fn a_list_that_comes_back_after_a_loss_tells_what_changed_meanwhile() {
    let mut app = App::lists(vec![work(true)]);
    app.no_list(Failure::Refused);
    app.run(60_000);
    app.comes(vec![work(false)]);
    assert_eq!(app.seen(), [("auto-refresh off (was on)".to_owned(), By::Someone)]);
}

#[test]
fn an_own_change_is_never_told_as_someone_elses() {
    // The list shows it before its answer comes; between answer and list; twice to and fro between two lists.
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    app.pass(20).comes(vec![work(false)]);
    app.pass(20).told(Deed::Switch(OFF), Ok(Told::Is(Value::Switch(false))));
    app.pass(20).comes(vec![work(false)]);
    app.pass(20).comes(vec![work(false)]);
    assert_eq!((app.seen(), app.fates()), (vec![], vec![Fate::Confirmed]));
    app.pass(2000).key("space");
    app.pass(2000).key("space");
    app.told(Deed::Switch(ON), Ok(Told::Is(Value::Switch(true))));
    app.pass(20).comes(vec![work(true)]);
    app.pass(20).told(Deed::Switch(OFF), Ok(Told::Is(Value::Switch(false))));
    app.pass(20).comes(vec![work(false)]);
    app.pass(20).comes(vec![work(false)]);
    assert_eq!(app.seen(), []);
    assert!(app.state.pending.is_empty());
    // And what another one does to the same switch afterwards is.
    app.pass(2000).comes(vec![work(true)]);
    app.pass(2000).comes(vec![work(false)]);
    assert_eq!(app.seen().len(), 2);
}

#[test]
fn a_change_that_was_given_up_and_is_done_late_is_still_ours() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    app.comes(vec![work(true)]);
    app.pass(10_000).told(Deed::Switch(OFF), Err(Failure::AnswerTimeout(10)));
    app.pass(20).comes(vec![work(true)]);
    assert_eq!(app.failed(), "no answer, and the list shows it unchanged");
    app.pass(60_000).comes(vec![work(false)]);
    assert_eq!(app.seen(), []);
    assert_eq!((app.failed(), app.fates()), ("", vec![Fate::Confirmed]));
    assert!(app.notice().contains("done after all"), "{}", app.notice());
    assert_eq!(applies(&app.pass(2000).key("u")), [ON], "and can be taken back");
}

#[test]
fn a_refused_change_that_another_one_makes_is_theirs() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    app.pass(20).told(Deed::Switch(OFF), Err(refused("no")));
    app.pass(2000).comes(vec![work(false)]);
    assert_eq!(app.seen().len(), 1);
}

#[test]
fn what_the_server_did_is_told_as_its_doing_whenever_the_log_tells() {
    let off = "🚫 Auto-refresh has been DISABLED for account \"work\" until reauthentication is completed";
    let paused = "Account \"work\" has been PAUSED. Resume with: bun run cli --resume \"work\"";
    let peak = "Peak hours pause: paused zai account 'work'";
    let over = "Peak hours resume: resumed zai account 'work'";
    let itself = "Auto-resuming account 'work' — failure_threshold cleared";
    let on_hold = || Account { paused: true, ..work(true) };
    for (line, before, after, by) in [
        (off, work(true), work(false), By::SignIn),
        (paused, work(true), on_hold(), By::Pause(PauseReason::Failures)),
        (peak, work(true), on_hold(), By::Pause(PauseReason::PeakHours)),
        (over, on_hold(), work(true), By::Resume(Some(PauseReason::PeakHours))),
        (itself, on_hold(), work(true), By::Resume(None)),
    ] {
        for line_first in [true, false] {
            let mut app = App::lists(vec![before.clone()]);
            app.pass(30_000);
            let say = |app: &mut App| {
                let at = app.now;
                let record = LogLine { at, level: Level::Error, message: line.into(), data: None };
                let seq = app.stream_seq();
                app.on(Msg::StreamRecords { seq, lines: vec![record], skipped: 0 });
            };
            if line_first {
                say(&mut app);
            }
            app.pass(50).comes(vec![after.clone()]);
            if !line_first {
                app.pass(50);
                say(&mut app);
            }
            let seen = app.seen();
            assert_eq!(seen.len(), 1);
            assert_eq!(seen[0].1, by, "{line}, line first: {line_first}");
        }
    }
}

#[test]
fn an_old_line_is_no_reason_for_a_new_change() {
    let mut app = App::lists(vec![Account { paused: true, ..work(true) }]);
    app.log("Peak hours resume: resumed zai account 'work'");
    app.pass(600_000).comes(vec![Account { paused: true, ..work(true) }]);
    app.pass(5000).comes(vec![work(true)]);
    assert_eq!(app.seen(), [("resumed (was paused)".to_owned(), By::Someone)]);
}

#[test]
fn a_pause_by_overage_may_be_the_servers_which_does_not_log_it() {
    let over = |paused| Account { paused, auto_pause_on_overage: true, ..work(true) };
    let mut app = App::lists(vec![over(false)]);
    app.pass(5000).comes(vec![over(true)]);
    app.pass(5000).comes(vec![over(false)]);
    assert_eq!(
        app.seen().into_iter().map(|(_, by)| by).collect::<Vec<_>>(),
        [By::SomeoneOrOverage, By::SomeoneOrOverage]
    );
    let told = |reason| Account { pause_reason: Some(reason), ..over(true) };
    let mut app = App::lists(vec![over(false)]);
    app.pass(5000).comes(vec![told(PauseReason::Overage)]);
    assert_eq!(app.seen()[0].1, By::Pause(PauseReason::Overage));
}

#[test]
fn a_refresh_that_succeeds_ends_a_pause_by_overage() {
    let over = |paused| Account { paused, auto_pause_on_overage: true, ..work(true) };
    for line_first in [true, false] {
        let mut app = App::lists(vec![over(true)]);
        app.pass(30_000);
        let line = "Auto-refresh message sent successfully for account: work";
        if line_first {
            app.log(line);
        }
        app.pass(50).comes(vec![over(false)]);
        if !line_first {
            app.pass(50).log(line);
        }
        assert_eq!(app.seen()[0].1, By::Resume(Some(PauseReason::Overage)), "line first: {line_first}");
    }
}

#[test]
fn a_script_that_changes_everything_does_not_flood_the_events() {
    let all = |on: bool| -> Vec<Account> {
        (0..2000)
            .map(|n| Account { auto_refresh: Some(on), ..named(&format!("i{n}"), &format!("n{n}")) })
            .collect()
    };
    let mut app = App::lists(all(true));
    app.pass(5000).comes(all(false));
    assert_eq!(app.seen().len(), 50);
    assert_eq!(app.news().last(), Some(&&News::MoreSeen(1950)));
}

#[test]
fn two_dashboards_tell_of_each_other_and_not_of_themselves() {
    let (mut here, mut there) = (App::lists(vec![work(true)]), App::lists(vec![work(true)]));
    here.pass(2000).key("space");
    here.done(&Deed::Switch(OFF), vec![work(false)]);
    there.pass(2020).comes(vec![work(false)]);
    assert_eq!((here.seen().len(), there.seen().len()), (0, 1));
}

// What is said of a failure.

#[test]
fn a_failure_is_told_until_it_is_dismissed_or_its_time_is_over() {
    let failed = || {
        let mut app = App::lists(vec![work(true)]);
        app.pass(2000).key("space");
        app.pass(20).told(Deed::Switch(OFF), Err(refused("no")));
        app.comes(vec![work(true)]);
        app
    };
    let mut app = failed();
    app.pass(2000).key("esc");
    assert_eq!(app.state.failed, None);
    let mut app = failed();
    app.run(59_000);
    assert!(app.state.failed.is_some());
    app.run(2000);
    assert_eq!(app.state.failed, None);
    let mut app = failed();
    app.pass(2000).key("space");
    assert!(app.state.failed.is_some(), "not before it is done");
    app.done(&Deed::Switch(OFF), vec![work(false)]);
    assert_eq!(app.state.failed, None);
}

#[test]
fn what_was_sent_is_shown_and_closed() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("w");
    assert_eq!(app.state.dialog, None, "the key has its usual meaning");
    app.pass(2000).key("1");
    app.pass(2000).key("space");
    app.pass(20).told(Deed::Switch(OFF), Err(refused("no")));
    app.pass(2000).key("w");
    assert!(matches!(&app.state.dialog, Some(Dialog::Sent(f)) if f.deed == Deed::Switch(OFF)));
    app.pass(2000).key("esc");
    assert_eq!(app.state.dialog, None);
    assert!(app.state.failed.is_some(), "one step at a time");
}

#[test]
fn a_failure_is_answered_only_among_the_accounts() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    app.pass(20).told(Deed::Switch(OFF), Err(refused("no")));
    app.comes(vec![work(true)]);
    for pane in ["2", "4"] {
        app.pass(2000).key(pane);
        assert_eq!(deeds(&app.pass(2000).key("enter")), []);
        if app.state.dialog.is_some() {
            app.pass(2000).key("esc"); // it opened what is noted of the change
        }
    }
    app.pass(2000).key("1");
    assert_eq!(applies(&app.pass(2000).key("enter")), [OFF]);
}

#[test]
fn of_several_failures_the_last_is_told_and_the_others_counted() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    app.told(Deed::Switch(OFF), Err(refused("no")));
    app.pass(2000).key("f");
    let fallback = Deed::Switch(Change { setting: Setting::AutoFallback, to: true });
    app.told(fallback.clone(), Err(refused("nor that")));
    let failed = app.state.failed.as_ref().expect("it is told");
    assert_eq!((&failed.deed, failed.others), (&fallback, 1));
}

#[test]
fn asking_once_more_into_a_lost_connection_changes_nothing() {
    let mut app = App::lists(vec![work(true)]);
    app.pass(2000).key("space");
    app.pass(20).told(Deed::Switch(OFF), Err(refused("no")));
    app.no_list(Failure::Refused);
    assert_eq!(deeds(&app.pass(2000).key("enter")), []);
    assert!(app.notice().contains("nothing was changed: no connection"), "{}", app.notice());
}

#[test]
fn a_step_back_says_what_it_was() {
    let done = Done {
        id: AccountId::new("w"),
        matter: Matter::Priority,
        before: Value::Priority(1),
        after: Value::Priority(2),
        at: time("2026-11-24T12:00:00Z"),
    };
    assert_eq!(done.before.told(done.matter), "priority 1");
    assert_eq!(done.after.told_before(done.matter), "was 2");
}
