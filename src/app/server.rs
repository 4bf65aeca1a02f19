//! From one server to another: everything that was known of the one is forgotten.

use super::msg::Effect;
use super::state::Served;
use super::{Availability, State, schedule};

/// Whether another server can be gone to.
pub(crate) fn availability(state: &State) -> Availability {
    if state.options.servers.len() < 2 {
        return Availability::Absent;
    }
    if !state.pending.is_empty() {
        return Availability::Blocked("server: a change is under way; wait until it is settled".into());
    }
    Availability::Ready
}

/// Goes so many servers on, round and round.
pub(crate) fn go(state: &mut State, steps: usize) -> Vec<Effect> {
    let servers = &state.options.servers;
    let Some(place) = (state.options.place + steps).checked_rem(servers.len()) else { return Vec::new() };
    let Some(to) = servers.get(place).cloned() else { return Vec::new() };
    let mut options = state.options.clone();
    let Served { name, server, url, key_set } = to;
    (options.name, options.server, options.url, options.key_set) = (name, server, url, key_set);
    options.place = place;
    // What is not carried over here is new, so that nothing of one server is ever shown as another's.
    let mut fresh = State::new(state.now, state.size, options);
    fresh.zone = state.zone;
    (fresh.focus, fresh.zoomed, fresh.details.tab) = (state.focus, state.zoomed, state.details.tab);
    fresh.events.lens.show = state.events.lens.show;
    fresh.accounts.table.sort = state.accounts.table.sort;
    fresh.accounts.table.page = state.accounts.table.page;
    // How times are shown belongs to the zone, and names that are hidden stay hidden.
    fresh.display = state.display.clone();
    fresh.names = std::mem::take(&mut state.names);
    // Answers to the old server's requests are told by their numbers.
    fresh.last_seq = state.last_seq;
    fresh.dice = state.dice;
    fresh.last_key = state.last_key;
    *state = fresh;
    let mut effects = vec![Effect::UseServer { place }];
    effects.extend(schedule::due(state));
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{AccountsAnswer, Link, Msg, Options, Seq, Tab, update};
    use crate::keymap::Action;
    use crate::model::{Account, Change, Failure, Plain, Provider, Rows, Setting, Timestamp, Told, Value};
    use chrono::TimeDelta;
    use ratatui::layout::Size;

    fn served(name: &str) -> Served {
        let server = Plain::from(format!("{name}:8080"));
        Served { name: Some(Plain::new(name)), url: server.clone(), server, key_set: name == "b" }
    }

    /// Connected to the first of three servers, with one account, and the numbers of the list's and the stream's requests.
    fn three() -> (State, Timestamp, Seq, Seq) {
        let now = Timestamp::UNIX_EPOCH;
        let options = Options { servers: ["a", "b", "c"].map(served).into(), ..Options::default() };
        let mut state = State::new(now, Size::new(80, 24), options);
        let asked = update(&mut state, now, Msg::Tick);
        let [Effect::Poll { seq: poll }, Effect::OpenStream { seq: stream }] = asked[..] else {
            panic!("{asked:?}")
        };
        let mut account = Account::named("w", "work", Provider::Anthropic);
        account.auto_refresh = Some(false);
        let answer = AccountsAnswer {
            accounts: vec![account],
            sent: now,
            received: now,
            date: None,
            rows: Rows::default(),
        };
        update(&mut state, now, Msg::Accounts { seq: poll, result: Ok(answer) });
        update(&mut state, now, Msg::StreamOpened { seq: stream });
        (state, now, poll, stream)
    }

    fn key(state: &mut State, key: &str) -> Vec<Effect> {
        let later = state.now + TimeDelta::seconds(2);
        update(state, later, Msg::Key(key.parse().expect("a key")))
    }

    #[test]
    fn the_keys_go_round_and_ask_the_other_server_for_everything() {
        let (mut state, ..) = three();
        let mut seen = Vec::new();
        for pressed in ["]", "]", "]", "[", "["] {
            let effects = key(&mut state, pressed);
            let place = state.options.place;
            let [Effect::UseServer { place: used }, Effect::Poll { .. }, Effect::OpenStream { .. }] =
                effects[..]
            else {
                panic!("{effects:?}")
            };
            assert_eq!(used, place);
            assert_eq!(state.options.key_set, place == 1);
            seen.push(state.options.which());
        }
        assert_eq!(seen, ["b (b:8080)", "c (c:8080)", "a (a:8080)", "c (c:8080)", "b (b:8080)"]);
    }

    #[test]
    fn nothing_of_the_server_before_is_left() {
        let (mut state, ..) = three();
        state.logs.mark_gap();
        state.accounts.filter = crate::app::Filter::default();
        key(&mut state, "d");
        key(&mut state, "r"); // what is said of it
        key(&mut state, "]");
        assert_eq!((&state.accounts.list, &state.accounts.selected), (&None, &None));
        assert_eq!(state.accounts.came, None);
        assert_eq!((&state.dialog, &state.notice), (&None, &None));
        assert_eq!((&state.details.row, &state.details.health), (&None, &None));
        assert_eq!(state.logs, State::new(state.now, state.size, Options::default()).logs);
        assert!(matches!(state.links.list, Link::Connecting { .. }));
    }

    #[test]
    fn how_the_screen_is_looked_at_stays() {
        let (mut state, ..) = three();
        for pressed in ["C", "space", "esc", "s", "T", "*", "t", "d", "z"] {
            key(&mut state, pressed);
        }
        let before = state.clone();
        key(&mut state, "]");
        assert!(state.names.are_hidden() && state.display.is_utc() && state.display.is_clock());
        assert_eq!((state.accounts.table.sort, state.zone), (before.accounts.table.sort, before.zone));
        assert_eq!((state.details.tab, state.zoomed), (Tab::Facts, true));
        assert!(
            state.display.columns == before.display.columns && before.display.columns.chosen().count() == 1
        );
    }

    #[test]
    fn what_the_server_before_still_says_is_not_taken_for_the_new_ones() {
        let (mut state, now, poll, stream) = three();
        let again = key(&mut state, "r");
        let Some(Effect::Poll { seq: second }) = again.first() else { panic!("{again:?}") };
        key(&mut state, "]");
        let before = state.clone();
        for seq in [poll, *second] {
            let accounts = vec![Account::named("w", "work", Provider::Anthropic)];
            let answer =
                AccountsAnswer { accounts, sent: now, received: now, date: None, rows: Rows::default() };
            update(&mut state, before.now, Msg::Accounts { seq, result: Ok(answer) });
        }
        update(&mut state, before.now, Msg::StreamClosed { seq: stream, why: Failure::Closed });
        let change = Change { setting: Setting::AutoRefresh, to: true };
        let id = crate::model::AccountId::new("w");
        update(
            &mut state,
            before.now,
            Msg::ChangeDone {
                seq: Seq(1),
                id,
                change: change.into(),
                result: Ok(Told::Is(Value::Switch(true))),
            },
        );
        assert_eq!(state, before);
    }

    #[test]
    fn a_change_under_way_is_waited_for() {
        let (mut state, ..) = three();
        assert!(matches!(key(&mut state, "space")[..], [Effect::Apply { .. }]));
        assert_eq!(key(&mut state, "]"), []);
        assert_eq!(state.options.place, 0);
        let said = state.notice.as_ref().expect("it says so").text.to_string();
        assert!(said.contains("a change is under way"), "{said}");
    }

    #[test]
    fn one_server_alone_has_no_such_keys() {
        let (mut state, ..) = three();
        state.options.servers.truncate(1);
        for action in [Action::NextServer, Action::PreviousServer] {
            assert_eq!(crate::app::availability(action, &state), Availability::Absent);
        }
        assert_eq!(key(&mut state, "]"), []);
        assert!(state.accounts.list.is_some());
        assert!(state.notice.as_ref().is_some_and(|n| n.text.as_str().contains("] means nothing here")));
    }
}
