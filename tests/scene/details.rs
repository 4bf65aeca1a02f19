//! The recorded accounts, and what keys make of the screen.

use chrono::FixedOffset;
use flaretop::api::read_list;
use flaretop::app::{AccountsAnswer, Effect, Msg, Options, State, update};
use flaretop::model::{Failure, Health, parse_timestamp};
use ratatui::layout::Size;

/// The recorded list, with usage of every provider that tells any.
pub const TRAFFIC: &str = include_str!("../fixtures/accounts-after-traffic.json");
/// The recorded list in which a session has statistics.
pub const ODD: &str = include_str!("../fixtures/accounts-odd-values.json");

/// What a server may send that was not recorded: its names and shapes are those of the contract, section 3.
pub const UNRECORDED: &str = r#"[
 {"id":"a11b-aa","name":"alibaba-1","provider":"alibaba-coding-plan","paused":false,"rateLimitStatus":"OK","rateLimitReset":null,"priority":1,
  "usageData":{"five_hour":{"used":120,"total":1200,"percentUsed":10,"resetAt":1795424400000},
   "weekly":{"used":4500,"total":9000,"percentUsed":50,"resetAt":1795737600000},"monthly":{"used":17100,"total":18000,"percentUsed":95,"resetAt":1796601600000},
   "planName":"Coding Plan Pro","status":"VALID","remainingDays":12}},
 {"id":"c0de-c0","name":"codex-busy","provider":"codex","paused":true,"rateLimitStatus":"allowed (60m)","rateLimitReset":"2026-11-23T08:29:53.997Z","priority":2,
  "autoRefreshEnabled":true,"autoFallbackEnabled":false,"autoPauseOnOverageEnabled":true,"peakHoursPauseEnabled":false,"pauseReason":"overage",
  "hasRefreshToken":true,"tokenStatus":"expired","tokenExpiresAt":"2026-11-23T06:30:00.000Z","rateLimitedUntil":1795422600000,
  "rateLimitedReason":"upstream_429_no_reset_default_5h","rateLimitedAt":1795404600000,"rateLimitRemaining":-3,"requestCount":1234567,"totalRequests":2345678,
  "created":"2026-09-01T12:00:00.000Z","lastUsed":"2026-11-23T07:41:12.000Z","crossRegionMode":"geographic","billingType":"plan",
  "customEndpoint":"https://user:hunter2@proxy.example/v1?api_key=abc123",
  "modelMappings":{"opus":"gpt-big","sonnet":["gpt-mid","gpt-mid-2"]},"modelFallbacks":{"opus":["sonnet","haiku"]},
  "usageData":{"five_hour":{"utilization":97,"resets_at":"2026-11-23T08:29:53.997Z"},"seven_day":{"utilization":30,"resets_at":"2026-11-27T00:00:00Z"},
   "code_review":{"utilization":4,"resets_at":null},"plan":{"tier":"pro","seats":3}},
  "sessionInfo":"Active: 17 reqs","sessionStats":{"requests":17,"inputTokens":123456,"cacheCreationInputTokens":1000,"cacheReadInputTokens":9876543,"outputTokens":4321,
   "planCostUsd":12.3456,"apiCostUsd":0.000062},
  "email":"someone@example.org","access_token":"sk-ant-oat01-AbCdEfGhIjKlMnOp","session":{"cookie":"c0okie","note":"Bearer abc.def"}},
 {"id":"50a7-e5","name":"dead-one","provider":"anthropic","paused":false,"rateLimitStatus":"OK","rateLimitReset":null,"priority":3,
  "autoRefreshEnabled":false,"hasRefreshToken":false,"tokenStatus":"expired","tokenExpiresAt":null,"usageData":null,"sessionInfo":"-","sessionStats":null},
 7]"#;

/// A dashboard of so many columns and lines that has just read `body`, as it stands after these keys; the named account is selected.
pub fn after(body: &str, name: &str, keys: &str, (width, height): (u16, u16)) -> State {
    // The recording with traffic is seen as it was when it was made: its windows are still under way.
    let now = if body == TRAFFIC { "2026-11-23T07:38:40Z" } else { "2026-11-23T07:42:00Z" };
    let now = parse_timestamp(now).expect("a time");
    let mut state = State::new(now, Size::new(width, height), Options::default());
    state.zone = FixedOffset::east_opt(3600).expect("a zone");
    let asked = update(&mut state, now, Msg::Tick);
    let seq = asked.iter().find_map(|e| if let Effect::Poll { seq } = e { Some(*seq) } else { None });
    let (accounts, rows) = read_list(body.as_bytes().to_vec()).expect("a list");
    let answer = AccountsAnswer { accounts, sent: now, received: now, date: None, rows };
    update(&mut state, now, Msg::Accounts { seq: seq.expect("a poll"), result: Ok(answer) });
    let seq = asked.iter().find_map(|e| if let Effect::OpenStream { seq } = e { Some(*seq) } else { None });
    let opened = update(&mut state, now, Msg::StreamOpened { seq: seq.expect("a stream") });
    for effect in opened {
        if let Effect::FetchHistory { seq } = effect {
            update(&mut state, now, Msg::History { seq, result: Ok(Vec::new()) });
        }
    }
    let place = state.accounts.rows().iter().position(|a| a.name == name).expect("an account of that name");
    press(&mut state, &"j ".repeat(place));
    press(&mut state, keys);
    state
}

/// Presses keys; the server's own count is one account less than it looks from here.
pub fn press(state: &mut State, keys: &str) {
    let now = state.now;
    for key in keys.split_whitespace() {
        for effect in update(state, now, Msg::Key(key.parse().expect("a key"))) {
            if let Effect::AskHealth { seq } = effect {
                let routable = flaretop::app::tally(state).usable as u64 - 1;
                let configured = Some(state.accounts.rows().len() as u64);
                let health = Health { status: "ok".into(), routable: Some(routable), configured };
                update(state, now, Msg::Health { seq, result: Ok::<_, Failure>(health) });
            }
        }
    }
}

/// The story as it stands after these keys.
pub fn story(name: &str, keys: &str, (width, height): (u16, u16)) -> State {
    let mut state = super::selecting(name);
    state.size = Size::new(width, height);
    press(&mut state, keys);
    state
}
