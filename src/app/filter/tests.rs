use chrono::TimeDelta;
use proptest::prelude::*;
use ratatui::layout::Size;

use super::terms::{AUTO, SUBJECTS, Usage};
use super::*;
use crate::app::standing::STANDING_WORDS;
use crate::app::{Options, State};
use crate::model::{Account, PauseReason, Plain, Provider, UsageWindow, Utilization, parse_timestamp};

fn filter(text: &str) -> Filter {
    text.parse().unwrap_or_else(|why| panic!("{text}: {why}"))
}

fn wrong(text: &str) -> FilterError {
    text.parse::<Filter>().expect_err(text)
}

/// Three accounts at 12:00.
fn state() -> State {
    let now = parse_timestamp("2026-11-24T12:00:00Z").expect("a time");
    let mut state = State::new(now, Size::new(80, 24), Options::default());
    let window = |percent, minutes| {
        Utilization::from_percent(percent).map(|utilization| UsageWindow {
            utilization,
            resets_at: Some(now + TimeDelta::minutes(minutes)),
        })
    };
    let work = Account {
        priority: 1,
        auto_refresh: Some(true),
        reset: Some(now + TimeDelta::minutes(20)),
        five_hour: window(64.4, 20),
        seven_day: window(93.0, 3_000),
        ..Account::named("6f0c-91", "Work Max", Provider::Anthropic)
    };
    let spare = Account {
        priority: -5,
        auto_refresh: Some(false),
        paused: true,
        pause_reason: Some(PauseReason::Failures),
        reset: Some(now - TimeDelta::minutes(1)),
        five_hour: window(50.0, -1),
        ..Account::named("77aa-02", "réseau 北京", Provider::Zai)
    };
    let grok = Account { priority: 40, ..Account::named("6F11-ff", "grok", Provider::new("xai")) };
    state.accounts.list = Some(vec![work, spare, grok]);
    state
}

fn found(text: &str) -> Vec<&'static str> {
    let state = state();
    let filter = filter(text);
    let names = ["work", "spare", "grok"];
    let pairs = state.accounts.rows().iter().zip(names);
    pairs.filter(|(account, _)| filter.matches(&state, account)).map(|(_, name)| name).collect()
}

#[test]
fn terms_find_what_the_table_shows() {
    for (text, expected) in [
        ("", vec!["work", "spare", "grok"]),
        ("  ", vec!["work", "spare", "grok"]),
        ("work", vec!["work"]),
        ("WORK", vec!["work"]),
        ("\"k M\"", vec!["work"]),
        ("RÉSEAU", vec!["spare"]),
        ("o", vec!["work", "grok"]),
        ("auto:on", vec!["work"]),
        ("auto:off", vec!["spare"]),
        ("auto:off!", vec![]),
        ("auto:n/a", vec!["grok"]),
        ("AUTO:On", vec!["work"]),
        ("state:paused", vec!["spare"]),
        ("state:ready or state:warning", vec!["work", "grok"]),
        ("provider:Anthropic", vec!["work"]),
        ("provider:anthro", vec![]),
        ("pri<10", vec!["work", "spare"]),
        ("pri>1", vec!["grok"]),
        ("pri>=1", vec!["work", "grok"]),
        ("pri:40", vec!["grok"]),
        ("pri:0-40", vec!["work", "grok"]),
        ("pri:-5--1", vec!["spare"]),
        ("pri:-5", vec!["spare"]),
        ("resets<30m", vec!["work"]),
        ("resets<20m", vec![]),
        ("resets:20m", vec!["work"]),
        ("resets>19m59s", vec!["work"]),
        ("resets>0s", vec!["work"]),
        ("resets<30d", vec!["work"]),
        ("use>90", vec!["work"]),
        ("use>90%", vec!["work"]),
        ("5h:64", vec!["work"]),
        ("5h<90", vec!["work"]),
        ("7d>=93", vec!["work"]),
        ("7d>93", vec![]),
        ("needs:me", vec!["spare"]),
        ("id:6f", vec!["work", "grok"]),
        ("id:6f0", vec!["work"]),
        ("!auto:on", vec!["spare", "grok"]),
        ("not:auto:on", vec!["spare", "grok"]),
        ("!not:auto:on", vec!["work"]),
        ("!use>90", vec!["spare", "grok"]),
        ("o !grok", vec!["work"]),
        ("o !grok or needs:me", vec!["work", "spare"]),
        ("pri>0 pri<10 OR id:77", vec!["work", "spare"]),
        ("\"or\"", vec!["work"]),
        ("\"auto:on\"", vec![]),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn of_a_row_that_cannot_be_read_only_name_id_and_state_mean_something() {
    let mut state = state();
    let list = state.accounts.list.as_mut().expect("a list");
    list[0].fault = Some(Plain::new("`priority` is missing"));
    let holds = |text: &str| filter(text).matches(&state, &state.accounts.rows()[0]);
    for text in ["work", "id:6f0c", "state:?", "state:unreadable", "needs:me", "!auto:on"] {
        assert!(holds(text), "{text}");
    }
    for text in ["auto:on", "provider:anthropic", "pri:1", "use>0", "resets<1d"] {
        assert!(!holds(text), "{text}");
    }
}

#[test]
fn a_wrong_term_is_named_with_what_was_meant() {
    for (text, expected) in [
        (
            "colour:red",
            "colour:red: there is no term colour; there is auto, state, provider, pri, resets, use, 5h, 7d, needs, id and not",
        ),
        ("work stat:due", "stat:due: there is no term stat; did you mean state?"),
        ("nott:auto:on", "nott:auto:on: there is no term nott; did you mean not?"),
        ("auto:offf", "auto:offf: auto is never offf; did you mean off?"),
        ("!auto:offf", "!auto:offf: auto is never offf; did you mean off?"),
        ("auto:maybe", "auto:maybe: auto is never maybe; it is on, off, off! or n/a"),
        ("state:limted", "state:limted: state is never limted; did you mean limited?"),
        ("needs:you", "needs:you: needs is never you; it is me"),
        ("auto:", "auto:: a value is missing, as in auto:on or auto:off"),
        ("auto<on", "auto<on: auto is written auto:on or auto:off"),
        ("pri=5", "pri=5: pri is written pri<10, pri>5, pri:5 or pri:0-9"),
        ("pri<x", "pri<x: x is no whole number; write pri<10, pri>5, pri:5 or pri:0-9"),
        ("pri:1-x", "pri:1-x: x is no whole number; write pri<10, pri>5, pri:5 or pri:0-9"),
        ("pri:9-1", "pri:9-1: it ends before it begins"),
        (
            "pri<99999999999999999999",
            "pri<99999999999999999999: 99999999999999999999 is no whole number; write pri<10, pri>5, pri:5 or pri:0-9",
        ),
        ("use>8.5", "use>8.5: 8.5 is no whole percent; write use>80, use<50 or use:50-80"),
        ("resets<30", "resets<30: 30 is no time; write resets<30m, resets>1h30m or resets:1h-2h"),
        ("resets<30w", "resets<30w: 30w is no time; write resets<30m, resets>1h30m or resets:1h-2h"),
        (
            "resets<999999999999d",
            "resets<999999999999d: 999999999999d is no time; write resets<30m, resets>1h30m or resets:1h-2h",
        ),
        ("or work", "or: there must be a term on each side of it"),
        ("a or or b", "or: there must be a term on each side of it"),
        ("work or", "or: there must be a term on each side of it"),
        ("work !", "!: there is nothing to negate"),
        ("\"\"", "\"\": there is nothing between the quotes"),
        ("\"my team", "\"my team: the quote has no end"),
    ] {
        assert_eq!(wrong(text).to_string(), expected);
    }
}

#[test]
fn what_may_still_become_right_is_told_from_what_is_wrong() {
    for text in [
        "auto:",
        "auto:o",
        "state:sign",
        "pri<",
        "pri:5-",
        "pri:5-1",
        "pri>-",
        "resets<3",
        "use:50-",
        "!",
        "not:",
        "work or",
        "\"my te",
        "needs:",
        "a auto:of",
    ] {
        // `auto:of` is wrong where nothing more can come to it.
        assert!(wrong(text).is_unfinished(), "{text}");
        let later = format!("{text} more");
        if !text.contains('"') && text != "work or" {
            assert!(!wrong(&later).is_unfinished(), "{later}");
        }
    }
    for text in ["auto:x", "colour:", "pri<x", "state:limitedd", "use>8.", "or", "\"\""] {
        assert!(!wrong(text).is_unfinished(), "{text}");
    }
}

#[test]
fn a_begun_term_is_completed() {
    let offered = |text: &str| {
        let providers = ["zai", "anthropic", "xai", "anthropic", "my own"];
        let Completion { start, candidates } = complete(text, providers);
        let kept = text.get(..start).expect("a place in the text");
        (kept.to_owned(), candidates)
    };
    for (text, kept, candidates) in [
        ("a", "", vec!["auto:"]),
        ("work au", "work ", vec!["auto:"]),
        ("work !au", "work !", vec!["auto:"]),
        ("not:n", "not:", vec!["needs:me", "not:"]),
        ("n", "", vec!["needs:me", "not:"]),
        ("work o", "work ", vec!["or"]),
        ("p", "", vec!["provider:", "pri<"]),
        ("auto:", "", vec!["auto:on", "auto:off", "auto:off!", "auto:n/a"]),
        ("auto:OF", "", vec!["auto:off", "auto:off!"]),
        ("state:s", "", vec!["state:sign-in"]),
        ("provider:", "", vec!["provider:anthropic", "provider:\"my own\"", "provider:xai", "provider:zai"]),
        ("work provider:x", "work ", vec!["provider:xai"]),
        ("pri<", "", vec![]),
        ("zzz", "", vec![]),
        ("colour:", "", vec![]),
        ("\"au", "\"au", vec![]),
    ] {
        assert_eq!(
            offered(text),
            (kept.to_owned(), candidates.into_iter().map(str::to_owned).collect()),
            "{text}"
        );
    }
    assert_eq!(offered("").1.len(), SUBJECTS.len());
    assert_eq!(offered("work "), ("work ".to_owned(), offered("").1));
}

#[test]
fn every_example_of_the_help_is_a_filter() {
    for term in TERMS {
        assert!(!filter(term.example).is_empty(), "{}", term.example);
    }
}

#[test]
fn names_can_be_left_out_of_what_is_printed() {
    assert_eq!(
        filter("work auto:on or !\"my team\" id:6f").without_names(),
        "(name) auto:on or !(name) (id)"
    );
}

fn any_range<T: std::fmt::Debug + Clone + Ord + Copy>(
    number: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Range<T>> {
    prop_oneof![
        number.clone().prop_map(Range::Below),
        number.clone().prop_map(Range::AtMost),
        number.clone().prop_map(Range::Above),
        number.clone().prop_map(Range::AtLeast),
        number.clone().prop_map(Range::Is),
        (number.clone(), number).prop_map(|(a, b)| Range::Between(a.min(b), a.max(b))),
    ]
}

fn any_test() -> impl Strategy<Value = Test> {
    let text = || "[a-zA-Z!:<>\"\\\\ orné北-]{1,8}|\\PC{1,6}|or|not:x";
    prop_oneof![
        text().prop_map(|t| Test::Name(Word::new(t))),
        text().prop_map(Test::Provider),
        text().prop_map(Test::Id),
        proptest::sample::select(AUTO).prop_map(Test::Auto),
        proptest::sample::select(STANDING_WORDS).prop_map(Test::State),
        Just(Test::NeedsMe),
        any_range(any::<i64>()).prop_map(Test::Priority),
        any_range(0i64..8_000_000_000).prop_map(Test::Resets),
        (
            proptest::sample::select(vec![Usage::Fuller, Usage::FiveHour, Usage::SevenDay]),
            any_range(any::<u16>())
        )
            .prop_map(|(of, range)| Test::Use(of, range)),
    ]
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let term = (any::<bool>(), any_test()).prop_map(|(negated, test)| Term { negated, test });
    let group = proptest::collection::vec(term, 1..4);
    proptest::collection::vec(group, 0..4).prop_map(|groups| Filter { groups })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(filter in any_filter()) {
        let text = filter.to_string();
        prop_assert_eq!(text.parse::<Filter>().map_err(|e| e.to_string()), Ok(filter), "{}", text);
    }

    #[test]
    fn any_text_is_a_filter_or_says_what_is_wrong(text in "[a-z0-9:<>=!\" \\\\or-]{0,24}|\\PC{0,24}") {
        match text.parse::<Filter>() {
            Ok(filter) => {
                let printed = filter.to_string();
                prop_assert_eq!(printed.parse::<Filter>(), Ok(filter), "{}", printed);
            }
            Err(why) => {
                prop_assert!(text.contains(why.term()) && !why.term().is_empty(), "{} in {}", why, text);
            }
        }
        let Completion { start, .. } = complete(&text, ["zai"]);
        prop_assert!(text.is_char_boundary(start));
    }

    #[test]
    fn a_filter_and_its_negation_never_agree(test in any_test()) {
        let state = state();
        let alone = |negated| Filter { groups: vec![vec![Term { negated, test: test.clone() }]] };
        for account in state.accounts.rows() {
            prop_assert_ne!(alone(true).matches(&state, account), alone(false).matches(&state, account));
        }
    }
}

/// Whatever a filter finds now it finds until the moment that it names: nothing is missed by looking only then.
#[test]
fn nothing_turns_before_it_is_said_to() {
    let texts = [
        "state:warning",
        "state:over",
        "resets<30m",
        "resets:10m-15m",
        "use>60",
        "!5h>1",
        "needs:me",
        "resets>1h",
    ];
    for text in texts {
        let filter = filter(text);
        let mut state = state();
        let end = state.now + TimeDelta::hours(2);
        while state.now < end {
            let next =
                |state: &State| state.accounts.rows().iter().filter_map(|a| filter.turns_at(state, a)).min();
            let found = |state: &State| -> Vec<bool> {
                state.accounts.rows().iter().map(|a| filter.matches(state, a)).collect()
            };
            let Some(turn) = next(&state) else { break };
            assert!(turn > state.now, "{text}");
            let before = found(&state);
            state.now = turn - TimeDelta::milliseconds(1);
            assert_eq!(found(&state), before, "{text} before {turn}");
            state.now = turn;
        }
    }
}
