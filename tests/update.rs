//! What the program decides: given this state, at this time, on this message, this state and these effects.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test says what it expects")]

use chrono::TimeDelta;
use flaretop::app::{
    AccountsAnswer, Availability, Dialog, Doubt, Effect, Link, Msg, Options, Pane, Prognosis, Seq, Standing,
    State, Switch, availability, next_wake, prognosis, standing, switch, update,
};
use flaretop::keymap::Action;
use flaretop::model::{
    Account, AccountId, AuthProblem, Change, Deed, Failure, Level, LogLine, Offers, Plain, Provider, Rows,
    Setting, Timestamp, Token, Told, Value,
};
use proptest::prelude::*;
use ratatui::layout::Size;

#[path = "update/changes.rs"]
mod changes;

fn time(text: &str) -> Timestamp {
    flaretop::model::parse_timestamp(text).expect("a time")
}

/// A dashboard that is told what happens, and the effects it has not been asked about yet.
struct App {
    state: State,
    now: Timestamp,
    asked: Vec<Effect>,
}

impl App {
    fn new(options: Options) -> Self {
        let now = time("2026-11-24T12:00:00Z");
        let mut app = Self { state: State::new(now, Size::new(80, 24), options), now, asked: Vec::new() };
        app.on(Msg::Tick);
        app
    }

    /// Connected, with these accounts.
    fn with(accounts: Vec<Account>) -> Self {
        let mut app = Self::new(Options::default());
        app.list(accounts);
        app.open_stream();
        app
    }

    fn on(&mut self, msg: Msg) -> Vec<Effect> {
        let effects = update(&mut self.state, self.now, msg);
        self.asked.extend(effects.iter().cloned());
        effects
    }

    fn pass(&mut self, ms: i64) -> &mut Self {
        self.now += TimeDelta::milliseconds(ms);
        self
    }

    /// Lets time pass as the loop does: waking whenever something is due, until `ms` have passed.
    fn run(&mut self, ms: i64) -> Vec<Effect> {
        let end = self.now + TimeDelta::milliseconds(ms);
        let mut effects = Vec::new();
        for _ in 0..100_000 {
            let Some(wake) = next_wake(&self.state).filter(|t| *t <= end) else { break };
            self.now = self.now.max(wake);
            effects.extend(self.on(Msg::Tick));
            // A screen that stands still waits for answers alone.
            let Some(next) = next_wake(&self.state) else {
                assert!(self.state.display.frozen, "something is always due");
                break;
            };
            assert!(next > self.now, "after a tick nothing is due any more, or the loop would spin");
        }
        self.now = end;
        effects
    }

    fn key(&mut self, key: &str) -> Vec<Effect> {
        self.on(Msg::Key(key.parse().expect("a key")))
    }

    /// The newest request of a kind.
    fn seq(&self, pick: impl Fn(&Effect) -> Option<Seq>) -> Seq {
        self.asked.iter().rev().find_map(pick).expect("such a request")
    }

    fn poll_seq(&self) -> Seq {
        self.seq(|e| if let Effect::Poll { seq } = e { Some(*seq) } else { None })
    }

    fn apply_seq(&self) -> Seq {
        self.seq(|e| if let Effect::Apply { seq, .. } = e { Some(*seq) } else { None })
    }

    fn stream_seq(&self) -> Seq {
        self.seq(|e| if let Effect::OpenStream { seq } = e { Some(*seq) } else { None })
    }

    fn history_seq(&self) -> Seq {
        self.seq(|e| if let Effect::FetchHistory { seq } = e { Some(*seq) } else { None })
    }

    /// The newest poll is answered with these accounts, to be used in this order.
    fn list(&mut self, mut accounts: Vec<Account>) -> Vec<Effect> {
        for (priority, account) in (0..).zip(&mut accounts) {
            account.priority = priority;
        }
        let answer = AccountsAnswer {
            accounts,
            sent: self.now,
            received: self.now,
            date: None,
            rows: Rows::default(),
        };
        self.on(Msg::Accounts { seq: self.poll_seq(), result: Ok(answer) })
    }

    fn no_list(&mut self, why: Failure) -> Vec<Effect> {
        self.on(Msg::Accounts { seq: self.poll_seq(), result: Err(why) })
    }

    fn open_stream(&mut self) {
        let seq = self.stream_seq();
        self.on(Msg::StreamOpened { seq });
        let seq = self.history_seq();
        self.on(Msg::History { seq, result: Ok(Vec::new()) });
    }

    fn log(&mut self, message: &str) -> Vec<Effect> {
        let line = LogLine { at: self.now, level: Level::Info, message: Plain::new(message), data: None };
        self.on(Msg::StreamRecords { seq: self.stream_seq(), lines: vec![line], skipped: 0 })
    }

    fn answer(&mut self, change: Change, result: Result<bool, Failure>) -> Vec<Effect> {
        self.told(Deed::Switch(change), result.map(|on| Told::Is(Value::Switch(on))))
    }

    /// The newest change, of `work`, is answered so.
    fn told(&mut self, change: Deed, result: Result<Told, Failure>) -> Vec<Effect> {
        let (seq, id) = (self.apply_seq(), AccountId::new("w"));
        self.on(Msg::ChangeDone { seq, id, change, result })
    }

    fn shown(&self, setting: Setting) -> Switch {
        switch(&self.state, &self.state.accounts.rows()[0], setting)
    }

    fn notice(&self) -> &str {
        self.state.notice.as_ref().map_or("", |n| n.text.as_str())
    }

    /// Why the change that is told of failed.
    fn failed(&self) -> &str {
        self.state.failed.as_ref().map_or("", |f| f.why.as_str())
    }
}

/// An account called `work` that can be refreshed, with auto-refresh on or off.
fn work(on: bool) -> Account {
    let mut account = Account::named("w", "work", Provider::Anthropic);
    account.auto_refresh = Some(on);
    account.auto_fallback = Some(false);
    account.token = Some(Token { renewable: true, valid: true, expires_at: None });
    account.reset = Some(time("2026-11-24T15:00:00Z"));
    account.offers = Offers::ALL;
    account
}

fn named(id: &str, name: &str) -> Account {
    Account { id: AccountId::new(id), name: Plain::new(name), ..work(true) }
}

const ON: Change = Change { setting: Setting::AutoRefresh, to: true };
const OFF: Change = Change { setting: Setting::AutoRefresh, to: false };

fn applies(effects: &[Effect]) -> Vec<Change> {
    effects
        .iter()
        .filter_map(|e| {
            if let Effect::Apply { change: Deed::Switch(change), .. } = e { Some(*change) } else { None }
        })
        .collect()
}

fn refused(text: &str) -> Failure {
    Failure::Status { status: 400, text: Plain::new(text) }
}

#[test]
fn the_list_and_the_stream_are_asked_for_at_once_and_the_history_after_the_stream_is_open() {
    let mut app = App::new(Options::default());
    assert!(matches!(app.asked[..], [Effect::Poll { .. }, Effect::OpenStream { .. }]), "{:?}", app.asked);
    let seq = app.stream_seq();
    let effects = app.on(Msg::StreamOpened { seq });
    assert!(matches!(effects[..], [Effect::FetchHistory { .. }]), "{effects:?}");
}

#[test]
fn a_change_shows_at_once_and_stands_when_answer_and_list_agree() {
    let mut app = App::with(vec![work(false)]);
    assert_eq!(applies(&app.key("space")), [ON]);
    assert_eq!(app.shown(Setting::AutoRefresh), Switch::Changing(true));
    let effects = app.answer(ON, Ok(true));
    assert!(matches!(effects[..], [Effect::Poll { .. }]), "the list is read at once: {effects:?}");
    assert_eq!(app.shown(Setting::AutoRefresh), Switch::Changing(true));
    app.list(vec![work(true)]);
    assert_eq!(app.shown(Setting::AutoRefresh), Switch::On);
    assert!(app.state.pending.is_empty());
}

#[test]
fn a_refused_change_restores_the_old_value_and_says_why() {
    let mut app = App::with(vec![work(true)]);
    app.key("a");
    app.answer(OFF, Err(refused("Auto-refresh is only available for Anthropic accounts")));
    assert_eq!(app.shown(Setting::AutoRefresh), Switch::On);
    assert_eq!(app.failed(), "400: Auto-refresh is only available for Anthropic accounts");
    let failed = app.state.failed.as_ref().expect("it is told");
    assert_eq!((failed.name.as_str(), &failed.shows), ("work", &Some(Value::Switch(true))));
}

#[test]
fn already_paused_is_no_error() {
    let mut app = App::with(vec![work(true), named("o", "other")]);
    let pause = Change { setting: Setting::Paused, to: true };
    assert_eq!(applies(&app.key("p")), [pause]);
    app.answer(pause, Err(refused("Account 'work' is already paused")));
    assert_eq!(app.notice(), "");
    let mut paused = work(true);
    paused.paused = true;
    app.list(vec![paused, named("o", "other")]);
    assert_eq!(standing(&app.state, &app.state.accounts.rows()[0]), Standing::Paused(None));
    assert!(app.state.pending.is_empty());
}

#[test]
fn a_list_that_was_asked_for_before_the_answer_does_not_undo_the_change() {
    let mut app = App::with(vec![work(false)]);
    app.pass(1000).key("r"); // a poll that reads the old value is under way
    let early = app.now;
    app.pass(10).key("space");
    app.pass(10).answer(ON, Ok(true));
    let answer = AccountsAnswer {
        accounts: vec![work(false)],
        sent: early,
        received: app.now,
        date: None,
        rows: Rows::default(),
    };
    let effects = app.on(Msg::Accounts { seq: app.poll_seq(), result: Ok(answer) });
    assert_eq!(app.shown(Setting::AutoRefresh), Switch::Changing(true));
    assert!(matches!(effects[..], [Effect::Poll { .. }]), "the list is read again: {effects:?}");
    app.pass(10).list(vec![work(true)]);
    assert_eq!(app.shown(Setting::AutoRefresh), Switch::On);
}

#[test]
fn a_key_pressed_again_while_one_is_in_flight_changes_the_wish_and_the_last_wish_is_sent_next() {
    let mut app = App::with(vec![work(false)]);
    app.key("space");
    assert_eq!(applies(&app.pass(1000).key("space")), [], "one at a time");
    assert_eq!(app.shown(Setting::AutoRefresh), Switch::Changing(false));
    assert_eq!(applies(&app.answer(ON, Ok(true))), [OFF]);
    app.pass(1000).key("space");
    app.pass(1000).key("space");
    assert_eq!(applies(&app.answer(OFF, Ok(false))), [], "the last wish is what was sent");
}

#[test]
fn a_change_without_an_answer_is_settled_by_the_next_list() {
    for (listed, shown, says, fails) in [
        (true, Switch::On, "done after all", ""),
        (false, Switch::Off, "reading the list", "no answer, and the list shows it unchanged"),
    ] {
        let mut app = App::with(vec![work(false)]);
        app.key("space");
        let effects = app.pass(10_000).answer(ON, Err(Failure::AnswerTimeout(10)));
        assert_eq!(app.shown(Setting::AutoRefresh), Switch::Unsure(true));
        assert!(matches!(effects[..], [Effect::Poll { .. }]), "{effects:?}");
        app.pass(10).list(vec![work(listed)]);
        assert_eq!(app.shown(Setting::AutoRefresh), shown);
        assert!(app.notice().contains(says), "{}", app.notice());
        assert_eq!(app.failed(), fails);
    }
}

#[test]
fn a_held_key_makes_one_change() {
    for first_gap in [250, 500, 660] {
        for answered in [false, true] {
            let mut app = App::with(vec![work(false)]);
            let mut sent = applies(&app.key("space"));
            if answered {
                app.pass(5).answer(ON, Ok(true));
                app.list(vec![work(true)]);
            }
            app.run(first_gap);
            for _ in 0..30 {
                sent.extend(applies(&app.key("space")));
                sent.extend(applies(&app.run(33)));
            }
            if !answered {
                sent.extend(applies(&app.answer(ON, Ok(true))));
                app.list(vec![work(true)]);
            }
            sent.extend(applies(&app.run(3000)));
            assert_eq!(sent, [ON], "first repeat after {first_gap} ms, answered before it: {answered}");
            assert_eq!(app.shown(Setting::AutoRefresh), Switch::On);
        }
    }
}

#[test]
fn two_quick_presses_are_two_changes() {
    let mut app = App::with(vec![work(false)]);
    app.key("space");
    app.pass(5).answer(ON, Ok(true));
    app.list(vec![work(true)]);
    let mut sent = applies(&app.pass(300).key("space"));
    assert_eq!(app.shown(Setting::AutoRefresh), Switch::Changing(false), "the key is answered at once");
    sent.extend(applies(&app.run(500)));
    assert_eq!(sent, [OFF]);
}

#[test]
fn another_key_in_between_makes_a_press_certain() {
    let mut app = App::with(vec![work(false), named("o", "other")]);
    let mut sent = applies(&app.key("space"));
    for key in ["j", "space", "k", "j"] {
        sent.extend(applies(&app.pass(40).key(key)));
    }
    assert_eq!(sent.len(), 2);
}

#[test]
fn pausing_asks_first_where_another_account_has_the_name() {
    let mut app = App::with(vec![work(true), named("o", "work")]);
    assert_eq!(app.key("p"), []);
    assert!(matches!(app.state.dialog, Some(Dialog::Question { why: Doubt::Twin, .. })));
    assert_eq!(app.pass(1000).key("n"), []);
    assert_eq!(app.state.dialog, None);
    app.pass(1000).key("p");
    let pause = Change { setting: Setting::Paused, to: true };
    assert_eq!(applies(&app.pass(1000).key("y")), [pause]);
}

#[test]
fn pausing_asks_first_where_no_other_account_can_be_used() {
    let mut other = named("o", "other");
    other.paused = true;
    let mut app = App::with(vec![work(true), other]);
    app.key("p");
    assert!(matches!(app.state.dialog, Some(Dialog::Question { why: Doubt::LastUsable, .. })));
}

#[test]
fn a_question_about_an_account_that_is_gone_goes_away() {
    let mut app = App::with(vec![work(true), named("o", "work")]);
    app.key("p");
    app.pass(5000).on(Msg::Tick);
    app.list(vec![named("o", "work")]);
    assert_eq!(app.state.dialog, None);
    assert!(app.notice().contains("gone"), "{}", app.notice());
}

#[test]
fn an_account_that_vanishes_while_a_change_is_in_flight_is_told_of() {
    let mut app = App::with(vec![work(false), named("o", "other")]);
    app.key("space");
    app.pass(5000).on(Msg::Tick);
    app.list(vec![named("o", "other")]);
    assert_eq!(app.state.pending.len(), 1, "its answer is still to come");
    let mut refused = App { state: app.state.clone(), now: app.now, asked: app.asked.clone() };
    refused.answer(ON, Err(Failure::Status { status: 404, text: "Account not found".into() }));
    assert_eq!(refused.failed(), "404: Account not found");
    app.answer(ON, Ok(true));
    app.list(vec![named("o", "other")]);
    assert_eq!(app.failed(), "the account is gone");
    assert!(app.state.pending.is_empty());
}

#[test]
fn a_wish_that_changed_while_no_answer_came_is_sent_once_the_list_tells() {
    for (listed, then) in [(true, vec![OFF]), (false, vec![])] {
        let mut app = App::with(vec![work(false)]);
        app.key("space");
        app.pass(2000).key("space");
        app.pass(8000).answer(ON, Err(Failure::AnswerTimeout(10)));
        assert_eq!(applies(&app.pass(10).list(vec![work(listed)])), then);
    }
}

#[test]
fn a_gateways_error_leaves_it_open_whether_a_change_was_made() {
    let mut app = App::with(vec![work(false)]);
    app.key("space");
    app.answer(ON, Err(Failure::Status { status: 504, text: "Gateway Timeout".into() }));
    assert_eq!(app.shown(Setting::AutoRefresh), Switch::Unsure(true));
}

#[test]
fn a_question_is_not_answered_into_a_lost_connection() {
    let mut app = App::with(vec![work(true), named("o", "work")]);
    app.key("p");
    app.run(5000);
    app.no_list(Failure::Refused);
    assert_eq!(applies(&app.key("y")), []);
    assert!(app.notice().contains("nothing was changed"), "{}", app.notice());
}

#[test]
fn the_last_usable_account_is_asked_about_while_the_others_are_being_paused() {
    let mut app = App::with(vec![work(true), named("o", "other")]);
    assert_eq!(applies(&app.key("p")).len(), 1);
    app.pass(100).key("j");
    assert_eq!(app.pass(100).key("p"), []);
    assert!(matches!(app.state.dialog, Some(Dialog::Question { why: Doubt::LastUsable, .. })));
}

#[test]
fn what_is_held_back_is_sent_before_leaving() {
    let mut app = App::with(vec![work(false)]);
    app.key("space");
    app.answer(ON, Ok(true));
    app.list(vec![work(true)]);
    assert_eq!(applies(&app.pass(300).key("space")), []);
    let effects = app.pass(10).key("q");
    assert_eq!(applies(&effects), [OFF]);
    assert_eq!(effects.last(), Some(&Effect::Quit));
}

#[test]
fn a_stream_that_is_cut_whenever_it_opens_is_no_storm() {
    let mut app = App::new(Options::default());
    app.no_list(Failure::Status { status: 500, text: "Invalid Date".into() });
    let (mut opened, mut polled) = (0, 0);
    let end = app.now + TimeDelta::seconds(60);
    while app.now < end {
        let open = app.asked.iter().any(|e| matches!(e, Effect::OpenStream { .. }));
        let poll = app.asked.iter().any(|e| matches!(e, Effect::Poll { .. }));
        if poll {
            polled += 1;
            app.no_list(Failure::Status { status: 500, text: "Invalid Date".into() });
        }
        if open {
            opened += 1;
            let seq = app.stream_seq();
            app.on(Msg::StreamOpened { seq });
            app.on(Msg::StreamClosed { seq, why: Failure::Closed });
        }
        app.asked.clear();
        app.now = next_wake(&app.state).expect("a wake").max(app.now + TimeDelta::milliseconds(1));
        app.on(Msg::Tick);
    }
    assert!((3..=12).contains(&opened), "{opened} openings in a minute");
    assert!((3..=12).contains(&polled), "{polled} polls in a minute");
}

#[test]
fn an_error_of_the_list_alone_leaves_a_healthy_stream_alone() {
    let mut app = App::with(vec![work(true)]);
    for _ in 0..5 {
        app.run(5000);
        app.no_list(Failure::Status { status: 500, text: "Invalid Date".into() });
        app.run(600);
        let effects = app.list(vec![work(true)]);
        assert!(!effects.iter().any(|e| matches!(e, Effect::OpenStream { .. })), "{effects:?}");
    }
}

#[test]
fn a_history_that_was_asked_for_before_the_stream_was_lost_bridges_nothing() {
    let mut app = App::new(Options::default());
    app.list(vec![work(true)]);
    let seq = app.stream_seq();
    app.on(Msg::StreamOpened { seq });
    app.log("hello");
    let early = app.history_seq();
    app.pass(1000).on(Msg::StreamClosed { seq, why: Failure::Closed });
    let record =
        |at: Timestamp, text: &str| LogLine { at, level: Level::Info, message: text.into(), data: None };
    let old = vec![record(app.now - TimeDelta::seconds(1), "hello")];
    app.on(Msg::History { seq: early, result: Ok(old) });
    app.run(60_000);
    let seq = app.stream_seq();
    app.on(Msg::StreamOpened { seq });
    let seq = app.history_seq();
    let rotated = vec![record(app.now, "after a rotation")];
    app.on(Msg::History { seq, result: Ok(rotated) });
    let marked = app.state.logs.entries().any(|e| matches!(e, flaretop::app::logs::Entry::Gap { .. }));
    assert!(marked, "a minute may be missing");
}

#[test]
fn a_history_that_fails_while_the_stream_is_open_marks_no_gap() {
    let mut app = App::new(Options::default());
    app.list(vec![work(true)]);
    let seq = app.stream_seq();
    app.on(Msg::StreamOpened { seq });
    for _ in 0..3 {
        app.log("hello");
        let seq = app.history_seq();
        app.on(Msg::History { seq, result: Err(Failure::Status { status: 500, text: "no".into() }) });
        app.run(2000);
    }
    assert_eq!(app.state.logs.entries().count(), app.state.logs.kept());
}

#[test]
fn reconnecting_is_not_repeated_by_a_held_key() {
    let mut app = App::with(vec![work(true)]);
    let mut opened = 0;
    for wait in std::iter::once(1000).chain([500]).chain(std::iter::repeat_n(33, 30)) {
        opened +=
            app.pass(wait).key("ctrl-r").iter().filter(|e| matches!(e, Effect::OpenStream { .. })).count();
    }
    assert_eq!(opened, 1);
}

#[test]
fn nothing_is_sent_when_read_only() {
    let mut app = App::new(Options { read_only: true, ..Options::default() });
    app.list(vec![work(false)]);
    for key in ["space", "a", "f", "p", "P", "e", "R", "X", "u"] {
        assert_eq!(app.pass(1000).key(key), [], "{key}");
        assert!(app.notice().contains("read-only"), "{key}: {}", app.notice());
    }
}

#[test]
fn a_key_that_cannot_act_says_why_and_sends_nothing() {
    let mut router = work(false);
    router.provider = Provider::Other("openrouter".into());
    let mut odd_id = work(false);
    odd_id.id = AccountId::new("../v1/messages?");
    let mut old = work(false);
    old.auto_refresh = None;
    let mut broken = work(false);
    broken.fault = Some("no field `paused`".into());
    for (account, says) in [
        (router, "auto-refresh: not offered for openrouter accounts"),
        (odd_id, "cannot be named in a request"),
        (old, "not offered by this server"),
        (broken, "no field `paused`"),
    ] {
        let mut app = App::with(vec![account]);
        assert_eq!(app.key("space"), []);
        assert!(app.notice().contains(says), "{}", app.notice());
    }
}

#[test]
fn changes_are_off_while_the_list_is_lost_and_the_last_data_stays() {
    let mut app = App::with(vec![work(false)]);
    app.run(5000);
    app.no_list(Failure::Refused);
    assert_eq!(app.state.accounts.rows().len(), 1);
    assert!(matches!(availability(Action::ToggleAutoRefresh, &app.state), Availability::Blocked(_)));
    assert_eq!(applies(&app.key("space")), []);
}

#[test]
fn retries_back_off_to_thirty_seconds_and_never_storm() {
    let mut app = App::new(Options::default());
    let mut gaps = Vec::new();
    for _ in 0..12 {
        app.no_list(Failure::Refused);
        let from = app.now;
        while !app.on(Msg::Tick).iter().any(|e| matches!(e, Effect::Poll { .. })) {
            app.now = next_wake(&app.state).expect("a retry").max(app.now + TimeDelta::milliseconds(1));
        }
        gaps.push((app.now - from).num_milliseconds());
    }
    assert!((250..=501).contains(&gaps[0]), "{gaps:?}");
    assert!(gaps[8..].iter().all(|g| (15_000..=30_001).contains(g)), "{gaps:?}");
    assert!(gaps[8..].windows(2).any(|w| w[0] != w[1]), "no jitter: {gaps:?}");
}

#[test]
fn one_poll_at_a_time_however_often_it_is_asked_for() {
    let mut app = App::with(vec![work(true)]);
    let mut polls = 0;
    for _ in 0..50 {
        polls += app.pass(20).key("r").len();
        polls +=
            usize::from(!app.log("Updated rate_limit_reset for work to 2026-11-24T17:00:00.000Z").is_empty());
    }
    assert_eq!(polls, 1);
}

#[test]
fn a_log_line_that_says_an_account_changed_leads_to_a_poll_within_300_ms() {
    let mut app = App::with(vec![work(true)]);
    app.pass(1000).log("Updated rate_limit_reset for work to 2026-11-24T17:00:00.000Z");
    assert!(app.run(300).iter().any(|e| matches!(e, Effect::Poll { .. })));
}

#[test]
fn a_flood_of_log_lines_makes_no_flood_of_polls() {
    let mut app = App::with(vec![work(true)]);
    let mut polls = 0;
    for _ in 0..600 {
        app.log("Auto-refresh message sent successfully for account: work");
        if app.run(100).iter().any(|e| matches!(e, Effect::Poll { .. })) {
            polls += 1;
            app.list(vec![work(true)]);
        }
    }
    assert!((60..=70).contains(&polls), "{polls} polls in a minute");
}

#[test]
fn the_selection_stays_with_its_account_when_rows_move_and_when_it_goes() {
    let rows = |ids: &[&str]| ids.iter().map(|id| named(id, id)).collect::<Vec<_>>();
    let mut app = App::with(rows(&["a", "b", "c", "d"]));
    app.key("j");
    app.key("j");
    app.run(5000);
    app.list(rows(&["c", "d", "a", "b"]));
    assert_eq!(app.state.accounts.selected, Some(AccountId::new("c")));
    app.run(5000);
    app.list(rows(&["d", "a", "b"]));
    assert_eq!(app.state.accounts.selected, Some(AccountId::new("d")), "the one that took its place");
    app.run(5000);
    app.list(Vec::new());
    assert_eq!(app.state.accounts.selected, None);
    app.run(5000);
    app.list(rows(&["z"]));
    assert_eq!(app.state.accounts.selected, Some(AccountId::new("z")));
}

#[test]
fn the_first_to_be_used_is_on_top_and_a_counted_request_moves_nothing() {
    let with = |id: &str, priority| Account { priority, ..named(id, id) };
    let mut app = App::new(Options::default());
    for order in [[2, 0, 1], [0, 2, 1]] {
        let all = [with("b", 0), with("c", 0), with("a", 7)];
        let accounts = order.iter().map(|i| all[*i].clone()).collect();
        let answer =
            AccountsAnswer { accounts, sent: app.now, received: app.now, date: None, rows: Rows::default() };
        let seq = app.poll_seq();
        app.on(Msg::Accounts { seq, result: Ok(answer) });
        let names: Vec<&str> = app.state.accounts.rows().iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, ["b", "c", "a"]);
        app.key("r");
    }
}

#[test]
fn a_routine_cut_of_the_stream_is_reopened_without_alarm() {
    let mut app = App::with(vec![work(true)]);
    for _ in 0..3 {
        let seq = app.stream_seq();
        app.pass(252_000);
        let effects = app.on(Msg::StreamClosed { seq, why: Failure::Closed });
        assert!(matches!(effects[..], [Effect::OpenStream { .. }]), "{effects:?}");
        assert!(app.state.links.stream.is_live());
        app.open_stream();
    }
}

#[test]
fn a_stream_that_ends_early_is_lost_and_tried_again() {
    let mut app = App::with(vec![work(true)]);
    let seq = app.stream_seq();
    app.pass(3000).on(Msg::StreamClosed { seq, why: Failure::Closed });
    assert!(matches!(app.state.links.stream, Link::Lost { tries: 1, .. }));
    assert!(app.run(600).iter().any(|e| matches!(e, Effect::OpenStream { .. })));
}

#[test]
fn a_stream_that_outlives_the_servers_own_limit_is_opened_anew() {
    let mut app = App::with(vec![work(true)]);
    let mut reopened = false;
    for _ in 0..70 {
        let effects = app.run(5000);
        reopened |= effects.iter().any(|e| matches!(e, Effect::OpenStream { .. }));
        app.list(vec![work(true)]);
    }
    assert!(reopened);
}

#[test]
fn a_stream_that_is_kept_alive_without_records_is_left_alone() {
    let mut app = App::with(vec![work(true)]);
    for _ in 0..20 {
        let seq = app.stream_seq();
        app.on(Msg::StreamRecords { seq, lines: Vec::new(), skipped: 0 });
        for _ in 0..12 {
            let effects = app.run(5000);
            assert!(!effects.iter().any(|e| matches!(e, Effect::OpenStream { .. })), "{effects:?}");
            app.list(vec![work(true)]);
        }
    }
}

#[test]
fn a_server_without_a_stream_has_its_history_polled() {
    let mut app = App::new(Options::default());
    app.list(vec![work(true)]);
    let seq = app.stream_seq();
    let effects = app.on(Msg::StreamClosed { seq, why: Failure::NotOffered });
    assert!(matches!(effects[..], [Effect::FetchHistory { .. }]), "{effects:?}");
    let seq = app.history_seq();
    app.on(Msg::History { seq, result: Ok(Vec::new()) });
    assert!(app.run(15_000).iter().any(|e| matches!(e, Effect::FetchHistory { .. })));
    assert!(!app.asked.iter().skip(3).any(|e| matches!(e, Effect::OpenStream { .. })));
}

#[test]
fn when_the_list_is_back_the_stream_is_opened_anew() {
    let mut app = App::with(vec![work(true)]);
    app.run(5000);
    app.no_list(Failure::AnswerTimeout(10));
    app.run(600);
    let effects = app.list(vec![work(true)]);
    assert!(effects.iter().any(|e| matches!(e, Effect::OpenStream { .. })), "{effects:?}");
}

#[test]
fn a_list_that_fails_while_the_stream_lives_keeps_the_events_coming() {
    let mut app = App::with(vec![work(true)]);
    app.run(5000);
    app.no_list(Failure::Status { status: 500, text: "Invalid Date".into() });
    app.log("Sending auto-refresh message to account: work");
    assert!(app.state.links.stream.is_live());
    assert_eq!(app.state.logs.kept(), 1);
}

#[test]
fn a_refused_key_is_told_and_tried_again() {
    let mut app = App::new(Options::default());
    app.no_list(Failure::Unauthorized(AuthProblem::KeyRequired));
    assert!(matches!(app.state.links.list, Link::Lost { why: Failure::Unauthorized(_), .. }));
    assert!(app.run(600).iter().any(|e| matches!(e, Effect::Poll { .. })));
}

#[test]
fn pasted_text_changes_nothing() {
    let mut app = App::with(vec![work(false)]);
    let before = app.state.accounts.clone();
    assert_eq!(app.on(Msg::Pasted("qqq".to_owned())), []);
    assert_eq!(app.state.accounts, before);
    assert!(app.state.pending.is_empty());
}

#[test]
fn escape_goes_back_one_step_at_a_time() {
    let mut app = App::with(vec![work(true)]);
    app.key("4");
    app.key("?");
    app.key("esc");
    assert_eq!((app.state.dialog.clone(), app.state.focus), (None, Pane::Events));
    app.key("esc");
    assert_eq!(app.state.focus, Pane::Accounts);
}

#[test]
fn an_expired_window_is_due_only_where_the_server_will_refresh_it() {
    let past = Some(time("2026-11-24T11:59:00Z"));
    let mut on = work(true);
    on.reset = past;
    let mut off = work(false);
    off.reset = past;
    off.id = AccountId::new("off");
    let app = App::with(vec![on, off]);
    let rows = app.state.accounts.rows();
    assert_eq!(standing(&app.state, &rows[0]), Standing::Due);
    assert_eq!(prognosis(&app.state, &rows[0]), Prognosis::NextTick);
    assert_eq!(standing(&app.state, &rows[1]), Standing::Over);
}

#[test]
fn countdowns_follow_the_servers_clock() {
    let mut app = App::new(Options::default());
    let date = app.now + TimeDelta::seconds(90);
    for _ in 0..20 {
        let answer = AccountsAnswer {
            accounts: vec![work(true)],
            sent: app.now,
            received: app.now,
            date: Some(date),
            rows: Rows::default(),
        };
        let seq = app.poll_seq();
        app.on(Msg::Accounts { seq, result: Ok(answer) });
    }
    let offset = app.state.clock.offset();
    assert!((90_000..=92_000).contains(&offset.num_milliseconds()), "{offset}");
    assert!(app.state.clock.differs());
}

#[test]
fn with_nothing_under_an_hour_only_the_selected_row_wakes_the_screen() {
    let mut app = App::with(vec![work(true), named("o", "other")]);
    let wake = next_wake(&app.state).expect("a wake");
    assert_eq!((wake - app.now).num_milliseconds(), 1000, "the selected row counts seconds");
    let mut unused = work(true);
    unused.reset = None;
    app.run(5000);
    app.list(vec![unused.clone()]);
    let next = next_wake(&app.state).expect("a wake");
    assert_eq!((next - app.now).num_milliseconds(), 5000, "nothing counts: only the next poll");
}

fn any_failure() -> impl Strategy<Value = Failure> {
    proptest::sample::select(vec![
        Failure::Refused,
        Failure::Closed,
        Failure::AnswerTimeout(10),
        Failure::NotOffered,
        Failure::Status { status: 500, text: "Invalid Date".into() },
        Failure::Unauthorized(AuthProblem::InvalidKey),
    ])
}

/// Something that happens: a key, time, an answer to the newest or to an old request.
#[derive(Debug, Clone)]
enum Happening {
    Key(&'static str),
    Pass(i64),
    List(Vec<(u8, bool, bool)>),
    NoList(Failure),
    Change(bool, Option<Failure>),
    Stream(u8),
    Closed(Failure),
    History(u8),
    NoHistory(Failure),
    Resize(u16, u16),
}

fn happening() -> impl Strategy<Value = Happening> {
    let keys = vec![
        "space",
        "a",
        "f",
        "p",
        "y",
        "n",
        "esc",
        "j",
        "k",
        "g",
        "G",
        "ctrl-d",
        "ctrl-u",
        "tab",
        "4",
        "L",
        "?",
        "r",
        "ctrl-r",
        "ctrl-l",
        "pgup",
        "pgdn",
        "x",
        "P",
        "e",
        "R",
        "X",
        "u",
        "u",
        "w",
        "enter",
        "7",
        "backspace",
        "E",
        "i",
        "c",
        "W",
        "h",
        "l",
        "/",
        "N",
        "&",
        "d",
        "D",
        "z",
        ":",
        "1",
        "2",
    ];
    prop_oneof![
        4 => proptest::sample::select(keys).prop_map(Happening::Key),
        4 => (1i64..20_000).prop_map(Happening::Pass),
        3 => proptest::collection::vec((0u8..9, any::<bool>(), any::<bool>()), 0..9).prop_map(Happening::List),
        1 => any_failure().prop_map(Happening::NoList),
        2 => (any::<bool>(), proptest::option::of(any_failure())).prop_map(|(v, f)| Happening::Change(v, f)),
        2 => (0u8..20).prop_map(Happening::Stream),
        1 => any_failure().prop_map(Happening::Closed),
        1 => (0u8..20).prop_map(Happening::History),
        1 => any_failure().prop_map(Happening::NoHistory),
        1 => (0u16..220, 0u16..70).prop_map(|(w, h)| Happening::Resize(w, h)),
    ]
}

fn lines(app: &App, count: u8) -> Vec<LogLine> {
    let messages =
        ["Sending auto-refresh message to account: n1", "Updated rate_limit_reset for n1 to x", "hello"];
    (0..count)
        .map(|i| LogLine {
            at: app.now,
            level: Level::Info,
            message: Plain::new(messages[usize::from(i) % messages.len()]),
            data: None,
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_messages_keeps_the_invariants(story in proptest::collection::vec(happening(), 1..80)) {
        let mut app = App::new(Options::default());
        for step in story {
            match step {
                Happening::Key(key) => {
                    app.key(key);
                }
                Happening::Pass(ms) => {
                    app.run(ms);
                }
                Happening::List(rows) => {
                    let mut rows: Vec<Account> = rows
                        .iter()
                        .map(|(n, on, paused)| {
                            let mut account = named(&format!("id{n}"), &format!("n{}", n % 4));
                            account.auto_refresh = Some(*on);
                            account.paused = *paused;
                            account
                        })
                        .collect();
                    rows.sort_by(|a, b| a.id.cmp(&b.id));
                    rows.dedup_by(|a, b| a.id == b.id);
                    app.list(rows);
                }
                Happening::NoList(why) => {
                    app.no_list(why);
                }
                Happening::Change(value, failure) => {
                    let open = app.asked.iter().rev().find_map(|e| match e {
                        Effect::Apply { seq, id, change } => Some((*seq, id.clone(), change.clone())),
                        _ => None,
                    });
                    if let Some((seq, id, change)) = open {
                        let as_asked = change.value().filter(|_| value).map_or(Told::Done, Told::Is);
                        let result = failure.map_or(Ok(as_asked), Err);
                        app.on(Msg::ChangeDone { seq, id, change, result });
                    }
                }
                Happening::Stream(count) => {
                    let lines = lines(&app, count);
                    let seq = app.stream_seq();
                    app.on(Msg::StreamRecords { seq, lines, skipped: 0 });
                }
                Happening::Closed(why) => {
                    let seq = app.stream_seq();
                    app.on(Msg::StreamClosed { seq, why });
                }
                Happening::History(count) => {
                    let seq = app.stream_seq();
                    app.on(Msg::StreamOpened { seq });
                    let result = Ok(lines(&app, count));
                    let seq = app.asked.iter().rev().find_map(|e| match e {
                        Effect::FetchHistory { seq } => Some(*seq),
                        _ => None,
                    });
                    if let Some(seq) = seq {
                        app.on(Msg::History { seq, result });
                    }
                }
                Happening::NoHistory(why) => {
                    let seq = app.asked.iter().rev().find_map(|e| match e {
                        Effect::FetchHistory { seq } => Some(*seq),
                        _ => None,
                    });
                    if let Some(seq) = seq {
                        app.on(Msg::History { seq, result: Err(why) });
                    }
                }
                Happening::Resize(width, height) => {
                    app.on(Msg::Resized(Size::new(width, height)));
                }
            }
            let state = &app.state;
            let shown = state.accounts.shown_len();
            prop_assert!(shown == 0 || state.accounts.selected.is_some(), "something is selected wherever there is something");
            prop_assert!(shown == 0 || state.accounts.position().is_some());
            prop_assert!(state.accounts.offset <= shown);
            if let (Some(place), true) = (state.accounts.position(), state.regions().account_rows() > 0) {
                let offset = state.accounts.offset;
                prop_assert!((offset..offset + state.regions().account_rows()).contains(&place), "the selection is in sight");
            }
            prop_assert!(next_wake(state).is_some(), "it wakes again");
            prop_assert!(state.pending.len() <= 7 * 9);
            prop_assert!(state.undo.len() <= 50);
            prop_assert!(state.failed.as_ref().is_none_or(|f| f.until > state.now), "nothing is told for ever");
            for account in state.accounts.rows() {
                let usable = standing(state, account).is_usable();
                prop_assert!(!(account.paused && usable));
            }
        }
        // Whatever happened: with a server that answers, everything settles.
        for _ in 0..6 {
            app.run(40_000);
            if app.asked.iter().rev().any(|e| matches!(e, Effect::Poll { .. })) {
                app.list(vec![work(true)]);
            }
        }
        prop_assert!(app.state.links.list.is_live());
    }
}
