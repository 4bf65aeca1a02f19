//! Scenes of changes: asked for, done, refused, taken back, and made elsewhere. Each is come to by keys and answers.

use super::*;
use flaretop::app::Seq;

fn press(state: &mut State, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in keys.split(' ') {
        let now = state.now + TimeDelta::seconds(1);
        effects.extend(update(state, now, Msg::Key(key.parse().expect("a key"))));
    }
    effects
}

fn poll_of(effects: &[Effect]) -> Seq {
    let poll =
        effects.iter().rev().find_map(|e| if let Effect::Poll { seq } = e { Some(*seq) } else { None });
    poll.expect("a poll")
}

/// The change that was asked for last is answered so; gives the poll that follows.
fn answer(state: &mut State, asked: &[Effect], result: Result<Told, Failure>) -> Seq {
    let change = asked.iter().rev().find_map(|e| match e {
        Effect::Apply { seq, id, change } => Some((*seq, id.clone(), change.clone())),
        _ => None,
    });
    let (seq, id, change) = change.expect("a change");
    let now = state.now + TimeDelta::milliseconds(20);
    poll_of(&update(state, now, Msg::ChangeDone { seq, id, change, result }))
}

fn list(state: &mut State, seq: Seq, accounts: Vec<Account>) {
    let now = state.now + TimeDelta::milliseconds(20);
    let answer = flaretop::app::AccountsAnswer {
        accounts,
        sent: now,
        received: now,
        date: None,
        rows: flaretop::model::Rows::default(),
    };
    update(state, now, Msg::Accounts { seq, result: Ok(answer) });
}

fn edited(state: &State, name: &str, edit: impl Fn(&mut Account)) -> Vec<Account> {
    let mut accounts = state.accounts.rows().to_vec();
    accounts.iter_mut().filter(|a| a.name == name).for_each(edit);
    accounts
}

/// The story a moment earlier, so that the keys end near its own time.
fn early(name: &str, time: &str) -> State {
    let mut state = selecting(name);
    state.now = at(time);
    state
}

/// The priority of `team-a` is typed.
pub fn typing_a_priority() -> State {
    let mut state = story();
    press(&mut state, "P");
    state
}

/// A priority was typed that is none.
pub fn a_wrong_priority() -> State {
    let mut state = story();
    press(&mut state, "P 0 0 enter");
    state
}

/// An endpoint is typed.
pub fn typing_an_endpoint() -> State {
    let mut state = story();
    press(&mut state, "e h t t p s : / / a . e x a m p l e / v 1");
    state
}

/// An endpoint was typed that is none.
pub fn a_wrong_endpoint() -> State {
    let mut state = story();
    press(&mut state, "e n o p e enter");
    state
}

/// Values are being changed: a priority that is under way, an endpoint too.
pub fn values_changing() -> State {
    let mut state = early("team-a", "14:02:20");
    press(&mut state, "P backspace 7 enter");
    press(&mut state, "e h t t p : / / x enter");
    state.now = at("14:02:37");
    state
}

/// Own changes among the events: confirmed, refused, not known, under way.
pub fn own_changes() -> State {
    let mut state = early("client-b", "14:00:09");
    let asked = press(&mut state, "f");
    let seq = answer(&mut state, &asked, Ok(Told::Done));
    let fallback = edited(&state, "client-b", |a| a.auto_fallback = Some(true));
    list(&mut state, seq, fallback);
    let asked = press(&mut state, "P backspace backspace 4 enter");
    let why = Failure::Status { status: 500, text: "Failed to update account priority".into() };
    let seq = answer(&mut state, &asked, Err(why));
    let same = state.accounts.rows().to_vec();
    list(&mut state, seq, same);
    press(&mut state, "esc k");
    let asked = press(&mut state, "R");
    let seq = answer(&mut state, &asked, Err(Failure::AnswerTimeout(10)));
    let same = state.accounts.rows().to_vec();
    list(&mut state, seq, same);
    press(&mut state, "k space");
    state.now = at("14:02:37");
    state.notice = None;
    state
}

/// Changes that others made, and the server.
pub fn changed_elsewhere() -> State {
    let mut state = early("team-a", "14:00:09");
    let seq = poll_of(&press(&mut state, "r"));
    let accounts = edited(&state, "personal", |a| a.auto_refresh = Some(false));
    list(&mut state, seq, accounts);
    let seq = poll_of(&press(&mut state, "r"));
    let accounts = edited(&state, "work-max", |a| {
        a.priority = 2;
        a.endpoint = Some(Plain::new("https://proxy.example/anthropic"));
    });
    list(&mut state, seq, accounts);
    let line = "Account \"glm-zai\" has been PAUSED. Resume with: bun run cli --resume \"glm-zai\"";
    state.logs.push(vec![log("14:00:11.900", "ERROR", line)]);
    let seq = poll_of(&press(&mut state, "r"));
    let accounts = edited(&state, "glm-zai", |a| a.paused = true);
    list(&mut state, seq, accounts);
    state.now = at("14:02:37");
    state
}

/// A change was refused.
pub fn refused() -> State {
    refused_by("Internal Server Error while writing to the database")
}

/// A change was refused with these words.
pub fn refused_by(words: &str) -> State {
    let mut state = early("team-a", "14:02:35");
    let asked = press(&mut state, "space");
    answer(&mut state, &asked, Err(Failure::Status { status: 500, text: words.into() }));
    state.now = at("14:02:37");
    state
}

/// The same with few accounts, so that there is room under the rows.
pub fn refused_among_few() -> State {
    let mut state = with(cast()[..3].to_vec());
    let asked = press(&mut state, "P backspace 7 enter");
    let why = Failure::Status { status: 500, text: "Failed to update account priority".into() };
    answer(&mut state, &asked, Err(why));
    state.now = at("14:02:37");
    state
}

/// What was sent for it.
pub fn what_was_sent() -> State {
    let mut state = refused();
    press(&mut state, "w");
    state.now = at("14:02:37");
    state
}

/// A change is taken back.
pub fn undoing() -> State {
    let mut state = early("client-b", "14:00:09");
    let asked = press(&mut state, "f");
    let seq = answer(&mut state, &asked, Ok(Told::Done));
    let fallback = edited(&state, "client-b", |a| a.auto_fallback = Some(true));
    list(&mut state, seq, fallback);
    state.now = at("14:02:35");
    press(&mut state, "u");
    state.now = at("14:02:37");
    state
}

/// Clearing a limit is asked about.
pub fn clearing_a_limit() -> State {
    let mut state = selecting("client-b");
    press(&mut state, "X");
    state.now = at("14:02:37");
    state
}

/// Replacing an endpoint that is no address is asked about.
pub fn replacing_what_is_no_address() -> State {
    let mut accounts = cast();
    accounts[2].endpoint = Some(Plain::new("bedrock:default:eu-central-1"));
    let mut state = with(accounts);
    press(&mut state, "e ctrl-u h t t p : / / x enter");
    state.now = at("14:02:37");
    state
}
