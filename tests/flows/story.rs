//! The story: what a person sees and does over five ticks, a freeze, and a restart.
//!
//! The real server looks once a minute, so each tick has as many outcomes as can be told apart.

use std::collections::{BTreeMap, BTreeSet};
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use super::outcomes::Outcomes;
use super::{Answer, Backend, WINDOW};
use crate::support::screen::Shot;
use crate::support::term::{Launch, Term};
use crate::support::wait;

/// The real server looks once a minute, and takes the accounts that are due one after another.
const TICK: Duration = Duration::from_secs(100);
/// Longer than the time within which a second press of a key is taken for a repeat.
const NO_REPEAT: Duration = Duration::from_millis(900);

/// AUTO and STATE of each account as the story begins. `token-expired` is told by the backend.
const BEGIN: [(&str, &str, &str); 37] = [
    ("active-window", "on", "ready"),
    ("expired-refresh-off", "off", "over"),
    ("never-used", "off", "unused"),
    ("reauth-soon", "off", "unused"),
    ("paused-manual", "on", "paused"),
    ("paused-threshold", "on", "paused"),
    ("paused-overage", "off", "paused"),
    ("rate-limited", "on", "cooling"),
    ("rate-limited-no-status", "off", "cooling"),
    ("custom-endpoint", "on", "warning"),
    ("codex-main", "on", "ready"),
    ("zai-coding", "on", "ready"),
    ("zai-peak-paused", "off", "paused"),
    ("token-missing", "off", "SIGN-IN"),
    ("anthropic-compat", "n/a", "ready"),
    ("bedrock-eu", "n/a", "ready"),
    ("console-api-key", "n/a", "ready"),
    ("kilo-1", "n/a", "ready"),
    ("minimax-1", "n/a", "ready"),
    ("nanogpt-1", "n/a", "ready"),
    ("openai-compat", "n/a", "ready"),
    ("five-fails", "on", "DUE"),
    ("e-401", "on", "ready"),
    ("e-403", "on", "ready"),
    ("e-404", "on", "ready"),
    ("e-429", "on", "ready"),
    ("e-429-open", "on", "ready"),
    ("e-500", "on", "ready"),
    ("e-529", "on", "ready"),
    ("e-closed", "on", "ready"),
    ("no-reset", "on", "ready"),
    ("nonsense", "on", "ready"),
    ("limited-word", "on", "ready"),
    ("overage", "on", "paused"),
    ("signed-out", "on", "SIGN-IN"),
    ("pausing", "on", "ready"),
    // Refreshed while the server started.
    ("paused-overage-refreshable", "on", "ready"),
];

/// A refresh that fails: the account, what the provider answers, what the event says, what stands in the row, and STATE then.
struct Fails {
    name: &'static str,
    answer: Option<Answer>,
    told: &'static str,
    last: &'static str,
    state: &'static str,
}

const fn fails(
    name: &'static str,
    answer: Option<Answer>,
    told: &'static str,
    last: &'static str,
    state: &'static str,
) -> Fails {
    Fails { name, answer, told, last, state }
}

/// Each told as what it was, and not as the `503` that the server's own line has for most of them.
const FAILS: [Fails; 10] = [
    fails("e-401", Some(Answer::Unauthorized), "401 Unauthorized", "401 1/5", "DUE"),
    fails("e-403", Some(Answer::Forbidden), "403 Forbidden", "403 1/5", "DUE"),
    fails("e-404", Some(Answer::NotFound), "404 Not Found", "404 1/5", "DUE"),
    fails("e-429", Some(Answer::Limited), "429 until ", "429 1/5", "cooling"),
    fails("e-429-open", Some(Answer::LimitedNoReset), "429 until ", "429 1/5", "cooling"),
    fails("e-500", Some(Answer::ServerError), "500 Internal Server Error", "500 1/5", "DUE"),
    fails("e-529", Some(Answer::Overloaded), "529 Overloaded", "529 1/5", "DUE"),
    fails("e-closed", Some(Answer::Closed), "no answer", "no answer", "DUE"),
    fails("limited-word", Some(Answer::LimitedWord), "429 until ", "429 1/5", "cooling"),
    fails("signed-out", None, "tokens not renewed: sign in again", "sign-in", "SIGN-IN"),
];

/// Tells the whole story.
pub(crate) fn tell(server: &dyn Backend) {
    let mut story = Story::begin(server);
    story.every_account_is_seen();
    story.a_countdown_falls();
    story.switches_are_set_and_set_back();

    story.a_tick_brings_a_new_window_and_every_failure();
    story.a_tick_passes_over_what_is_off_or_paused_and_mends_the_rest();
    story.a_tick_brings_what_was_switched_on_and_resumed();
    story.the_fifth_failure_pauses();

    story.a_frozen_server_thaws();
    story.a_server_that_went_away_comes_back_with_its_memory_gone();
    story.end();
}

struct Story<'a> {
    server: &'a dyn Backend,
    term: Term,
    outcomes: Outcomes,
}

impl<'a> Story<'a> {
    fn begin(server: &'a dyn Backend) -> Self {
        let url = server.url();
        // Room for all accounts, and for all that is told of a tick.
        let mut term = Launch::new(&["--interval", "1", &url]).size(200, 110).start();
        term.wait_for("the list", |shot| shot.has(" live") && shot.has("/42 usable"));
        Self { server, term, outcomes: Outcomes::default() }
    }

    fn wait_for_tick(&mut self, what: &str, shows: impl Fn(&Shot) -> bool) -> Shot {
        self.term.wait_longer(TICK, what, shows)
    }

    /// Moves to an account.
    fn select(&mut self, name: &str) {
        select(&mut self.term, name);
    }

    fn every_account_is_seen(&mut self) {
        let token_expired = ("token-expired", "off", self.server.state_of_token_expired());
        for (name, auto, state) in BEGIN.into_iter().chain([token_expired]) {
            self.term.wait_for(&format!("{name} is {auto} and {state}"), |shot| {
                shot.shows(name, "AUTO", auto) && shot.shows(name, "STATE", state)
            });
        }
        let shot = self.term.shot();
        assert!(shot.has("réseau 北京") && shot.has("team 🚀") && shot.has("quarterly-"), "{shot}");
        // The server refreshed these two while it started.
        for name in ["expired-window", "paused-overage-refreshable"] {
            self.term.wait_for(&format!("the refresh of {name}"), |shot| {
                shot.shows(name, "AUTO", "on") && event(shot, name, "new window")
            });
            assert_eq!(self.server.row(name)["paused"], false, "the refresh ends a pause for overage");
        }
        self.term.wait_for("the failure of five-fails", |shot| ends(shot, "five-fails", "500 1/5"));
    }

    fn a_countdown_falls(&mut self) {
        let first = self.term.shot().seconds_left("codex-main").expect("a countdown");
        self.term.wait_for("a smaller countdown", |shot| {
            shot.seconds_left("codex-main").is_some_and(|left| left <= first - 2)
        });
    }

    fn switches_are_set_and_set_back(&mut self) {
        let (server, name) = (self.server, "never-used");
        self.select(name);
        for (key, heading, field, off) in
            [("space", "AUTO", "autoRefreshEnabled", "off"), ("f", "FALL", "autoFallbackEnabled", "·")]
        {
            assert_eq!(server.row(name)[field], false);
            self.term.keys(key);
            self.term.wait_for_cell(name, heading, "on");
            assert_eq!(server.row(name)[field], true);
            sleep(NO_REPEAT);
            self.term.keys(key);
            self.term.wait_for_cell(name, heading, off);
            assert_eq!(server.row(name)[field], false);
        }
        assert_eq!(server.row(name)["paused"], false);
        self.term.keys("p");
        self.term.wait_for_cell(name, "STATE", "paused");
        assert_eq!(server.row(name)["paused"], true);
        sleep(NO_REPEAT);
        self.term.keys("p");
        self.term.wait_for_cell(name, "STATE", "unused");
        assert_eq!(server.row(name)["paused"], false);
    }

    /// The first tick since the start: a refresh that succeeds, and one that ends in each other way.
    fn a_tick_brings_a_new_window_and_every_failure(&mut self) {
        let server = self.server;
        for Fails { name, answer, .. } in FAILS {
            if let Some(answer) = answer {
                server.answer(name, answer);
            }
        }
        server.answer("no-reset", Answer::NoReset);
        server.answer("nonsense", Answer::Nonsense);
        let from = server.log().len();
        let succeed = ["active-window", "no-reset", "nonsense", "overage"];
        let due: Vec<&str> = FAILS.iter().map(|f| f.name).chain(succeed).collect();
        server.set(&due, "rate_limit_reset", &json!("-1000"));
        self.term.wait_for_cell("active-window", "STATE", "DUE");
        self.term.wait_for_cell("active-window", "NEXT REFRESH", "next tick");

        server.tick();
        let new_window = |shot: &Shot| event(shot, "active-window", "new window");
        let shot = self.wait_for_tick("the refresh of active-window", new_window);
        assert!(shot.has("following"), "{shot}");
        self.term.wait_for("the new countdown", |shot| {
            shot.seconds_left("active-window").is_some_and(|left| (WINDOW - 60..=WINDOW).contains(&left))
        });
        self.term.wait_for_cell("active-window", "STATE", "ready");

        for Fails { name, told, last, state, .. } in FAILS {
            self.wait_for_tick(&format!("{told} for {name}"), |shot| {
                says(shot, name, &["refresh failed", told, "strike 1 of 5"])
            });
            self.term.wait_for(&format!("{last} in the row of {name}"), |shot| ends(shot, name, last));
            self.term.wait_for_cell(name, "AUTO", "on");
            self.term.wait_for_cell(name, "STATE", state);
            // After the word the window ends with the cooldown; after a 429 the window stays over, and the cooldown counts.
            if state == "cooling" && name != "limited-word" {
                self.term.wait_for(&format!("the cooldown of {name}"), |shot| {
                    shot.cell(name, "RESETS IN").is_some_and(|cell| cell.starts_with("cd "))
                });
            }
        }
        for name in ["no-reset", "nonsense"] {
            self.term.wait_for(&format!("the refresh of {name}"), |shot| {
                event(shot, name, "refreshed, no new reset time") && succeeded(shot, name)
            });
            // It is taken again, since no window's end is known that would keep it from that.
            self.term.wait_for_cell(name, "NEXT REFRESH", "next tick");
        }
        self.term.wait_for_cell("no-reset", "STATE", "DUE");
        self.term.wait_for_cell("nonsense", "RESETS IN", "-");
        self.term.wait_for_cell("overage", "STATE", "ready");
        self.term.wait_for("the second failure of five-fails", |shot| ends(shot, "five-fails", "500 2/5"));

        let cases = [
            ("success", "active-window"),
            ("success without a window", "no-reset"),
            ("success with a window's end of which no time can be made", "nonsense"),
            ("success, and a pause for overage ends", "overage"),
            ("success, and the word that the account is limited", "limited-word"),
            ("401", "e-401"),
            ("403", "e-403"),
            ("404", "e-404"),
            ("429", "e-429"),
            ("429 without a window", "e-429-open"),
            ("500", "e-500"),
            ("529", "e-529"),
            ("the connection is closed", "e-closed"),
            ("there are no tokens", "signed-out"),
            ("the second failure in a row", "five-fails"),
        ];
        self.outcomes.compare(server, from, &cases);
        let belongs = |name: &str| cases.iter().any(|(_, case)| *case == name);
        super::outcomes::assert_nothing_else(server, from, belongs);
    }

    /// The second tick: switched off and paused accounts wait, though their windows are over; what failed succeeds.
    fn a_tick_passes_over_what_is_off_or_paused_and_mends_the_rest(&mut self) {
        let server = self.server;
        for Fails { name, .. } in FAILS {
            server.answer(name, Answer::Ok);
        }
        for name in ["no-reset", "nonsense"] {
            server.answer(name, Answer::Ok);
        }
        self.select("custom-endpoint");
        self.term.keys("space");
        self.term.wait_for_cell("custom-endpoint", "AUTO", "off");
        self.select("pausing");
        self.term.keys("p");
        self.term.wait_for_cell("pausing", "STATE", "paused");
        self.select("expired-refresh-off");
        self.term.wait_for_cell("expired-refresh-off", "NEXT REFRESH", "never: off");
        self.term.keys("space");
        self.term.wait_for_cell("expired-refresh-off", "STATE", "DUE");
        self.term.wait_for_cell("expired-refresh-off", "NEXT REFRESH", "next tick");
        let from = server.log().len();
        server.set(&["active-window", "custom-endpoint", "pausing"], "rate_limit_reset", &json!("-1000"));
        self.term.wait_for_cell("active-window", "STATE", "DUE");
        self.term.wait_for_cell("custom-endpoint", "STATE", "over");
        self.term.wait_for_cell("custom-endpoint", "NEXT REFRESH", "never: off");
        self.term.wait_for_cell("pausing", "NEXT REFRESH", "no: paused");

        server.tick();
        self.wait_for_tick("the refresh of active-window", |shot| {
            shot.shows("active-window", "STATE", "ready")
        });
        self.wait_for_tick("the third failure of five-fails", |shot| ends(shot, "five-fails", "500 3/5"));
        self.wait_for_tick("the refresh of expired-refresh-off", |shot| {
            event(shot, "expired-refresh-off", "new window")
                && shot.shows("expired-refresh-off", "STATE", "ready")
        });
        for name in ["e-401", "e-403", "e-404", "e-500", "e-529", "e-closed", "no-reset", "nonsense"] {
            self.wait_for_tick(&format!("{name} is refreshed"), |shot| {
                succeeded(shot, name) && shot.shows(name, "STATE", "ready")
            });
        }
        self.term.wait_for("the second failure of signed-out", |shot| {
            says(
                shot,
                "signed-out",
                &["refresh failed", "tokens not renewed: sign in again", "strike 2 of 5"],
            )
        });
        // These stood in the same batch, if they stood in it at all.
        for name in ["custom-endpoint", "pausing", "paused-manual", "rate-limited"] {
            assert_eq!(server.refreshes(name), 0, "{name} is to wait");
        }
        for name in ["e-429", "limited-word"] {
            self.term.wait_for_cell(name, "STATE", "cooling");
            assert_eq!(server.refreshes(name), 1, "{name} cools down");
        }
        self.outcomes.compare(server, from, &[("success after a window that was known", "active-window")]);
    }

    /// The third tick: what was switched on again, and resumed, is refreshed.
    fn a_tick_brings_what_was_switched_on_and_resumed(&mut self) {
        let server = self.server;
        self.select("custom-endpoint");
        self.term.keys("space");
        self.term.wait_for_cell("custom-endpoint", "STATE", "DUE");
        for name in ["pausing", "paused-manual"] {
            self.select(name);
            self.term.keys("p");
            self.term.wait_for_cell(name, "STATE", "DUE");
            assert_eq!(server.row(name)["paused"], false);
        }
        server.answer("e-500", Answer::ServerError);
        server.set(&["e-500"], "rate_limit_reset", &json!("-1000"));
        self.term.wait_for_cell("e-500", "STATE", "DUE");

        server.tick();
        for name in ["custom-endpoint", "pausing", "paused-manual"] {
            self.wait_for_tick(&format!("the refresh of {name}"), |shot| {
                event(shot, name, "new window") && shot.shows(name, "STATE", "ready")
            });
        }
        self.wait_for_tick("the failure of e-500", |shot| ends(shot, "e-500", "500 1/5"));
        self.wait_for_tick("the fourth failure of five-fails", |shot| ends(shot, "five-fails", "500 4/5"));
    }

    fn the_fifth_failure_pauses(&mut self) {
        let server = self.server;
        let from = server.log().len();
        server.tick();
        self.wait_for_tick("the pause of five-fails", |shot| {
            ends(shot, "five-fails", "500 5/5") && shot.shows("five-fails", "STATE", "paused")
        });
        let told = "paused by the server after 5 failures";
        self.term.wait_for("the pause among the events", |shot| event(shot, "five-fails", told));
        self.term.wait_for_cell("five-fails", "AUTO", "on");
        self.term.wait_for_cell("five-fails", "NEXT REFRESH", "no: paused");
        assert_eq!(server.row("five-fails")["paused"], true);
        self.wait_for_tick("the second failure of e-500", |shot| ends(shot, "e-500", "500 2/5"));
        self.outcomes.compare(server, from, &[("the fifth failure in a row", "five-fails")]);

        server.answer("five-fails", Answer::Ok);
        self.select("five-fails");
        self.term.keys("p");
        self.term.wait_for_cell("five-fails", "STATE", "DUE");
        assert_eq!(server.row("five-fails")["paused"], false);
    }

    fn a_frozen_server_thaws(&mut self) {
        self.server.freeze();
        self.term.wait_for_text("last data");
        self.term.keys("?");
        self.term.wait_for_text("Help");
        self.term.keys("esc");
        self.server.thaw();
        self.term.wait_for("all is well again", |shot| shot.has(" live") && !shot.has("last data"));
    }

    fn a_server_that_went_away_comes_back_with_its_memory_gone(&mut self) {
        let server = self.server;
        server.stop();
        let shot = self.term.wait_for_text("LOST");
        assert!(shot.row("active-window").is_some(), "{shot}");
        let from = server.log().len();
        server.start();
        self.term.wait_for("all is well again", |shot| shot.has(" live") && shot.has("following"));
        // Its log is the same file, and it says that it started.
        self.term
            .wait_for("the start is among the events", |shot| event(shot, "server", "scheduler started"));
        // It looks at once, and what it knew of failures is gone.
        self.term.wait_for("the refresh of five-fails", |shot| {
            succeeded(shot, "five-fails") && shot.shows("five-fails", "STATE", "ready")
        });
        self.term.wait_for("the failure of e-500", |shot| ends(shot, "e-500", "500 1/5"));
        let starts = |r: &&super::Record| r.message == "Starting auto-refresh scheduler";
        assert_eq!(server.log()[from..].iter().filter(starts).count(), 1);
    }

    /// The provider was asked for nothing but refreshes, and those are the ones that were told here.
    fn end(mut self) {
        self.term.keys("q");
        let end = self.term.wait_for_end();
        assert_eq!(end.code, 0);
        end.assert_restored();

        let server = self.server;
        let same = || (server.history() == last(1_000, &server.log())).then_some(());
        wait("the history is the end of the log", same, || format!("{:#?}", server.history()));

        let sent = server.sent();
        let mut refreshed: Vec<&str> = sent.keys().map(String::as_str).collect();
        refreshed.sort_unstable();
        let mut told: Vec<&str> = FAILS.iter().map(|f| f.name).collect();
        told.extend([
            "active-window",
            "five-fails",
            "custom-endpoint",
            "expired-refresh-off",
            "expired-window",
        ]);
        told.extend([
            "no-reset",
            "nonsense",
            "overage",
            "paused-manual",
            "paused-overage-refreshable",
            "pausing",
        ]);
        told.sort_unstable();
        assert_eq!(refreshed, told, "these were refreshed, and those were to be");
        assert_explained(&sent, &server.asked());
    }
}

/// Fails if the provider was asked for anything that no refresh explains: then a request of the program's was forwarded with an
/// account's credentials.
fn assert_explained(sent: &BTreeMap<String, u64>, asked: &BTreeMap<String, u64>) {
    let names: BTreeSet<&String> = sent.keys().chain(asked.keys()).collect();
    for name in names {
        let count = |of: &BTreeMap<String, u64>| of.get(name).copied().unwrap_or_default();
        let (sent, count) = (count(sent), count(asked));
        let is_explained = match name.as_str() {
            // Without tokens there is nothing to send.
            "signed-out" => count == 0,
            // The real server's HTTP client asks twice more where a connection is closed.
            "e-closed" => (sent..=sent + 2).contains(&count),
            // The embedded server asks for the first of the three models only.
            "e-404" => count == sent || count + 2 == sent,
            _ => count == sent,
        };
        assert!(
            is_explained,
            "{name}: {sent} were sent, and the provider was asked {count} times: {asked:?}"
        );
    }
}

fn last<T: Clone>(count: usize, list: &[T]) -> Vec<T> {
    list[list.len().saturating_sub(count)..].to_vec()
}

/// True where one event of the account says all of this. A name that has no room is known by its beginning.
fn says(shot: &Shot, name: &str, words: &[&str]) -> bool {
    let events = shot.lines().into_iter().skip_while(|l| !l.contains("4 Events"));
    let cut = (8..name.len()).filter_map(|to| Some(format!(" {}… ", name.get(..to)?)));
    let names: Vec<String> = cut.chain([format!(" {name} ")]).collect();
    let is_about = |line: &str| names.iter().any(|name| line.contains(name));
    events
        .into_iter()
        .any(|l| is_about(&l) && words.iter().all(|w| l.replace("strike 1/5", "strike 1 of 5").contains(w)))
}

/// True where an event of the account says these words.
fn event(shot: &Shot, name: &str, words: &str) -> bool {
    says(shot, name, &[words])
}

/// True where LAST REFRESH of the account ends so.
fn ends(shot: &Shot, name: &str, words: &str) -> bool {
    shot.cell(name, "LAST REFRESH").is_some_and(|cell| cell.ends_with(&format!(" {words}")))
}

/// True where LAST REFRESH of the account tells of a success, and how long it took.
fn succeeded(shot: &Shot, name: &str) -> bool {
    shot.cell(name, "LAST REFRESH").is_some_and(|cell| cell.contains(" ok ") && cell.ends_with('s'))
}

/// Moves to an account, all of which the screen has room for.
pub(crate) fn select(term: &mut Term, name: &str) {
    let headings = |shot: &Shot| shot.lines().iter().position(|l| l.contains("NAME") && l.contains("STATE"));
    term.keys("g");
    let shot = term.wait_for("the first account is selected", |shot| {
        headings(shot).is_some_and(|y| marked(shot) == Some(y + 1))
    });
    let row = shot.row(name).expect("the account is on the screen");
    let below = row - marked(&shot).expect("a selected account");
    term.keys(&"j ".repeat(below));
    let selected = |shot: &Shot| shot.row(name).is_some_and(|y| marked(shot) == Some(y));
    term.wait_for(&format!("{name} is selected"), selected);
}

/// The line of the selected account.
fn marked(shot: &Shot) -> Option<usize> {
    (2..shot.rows.len()).find(|y| shot.line(*y).contains('▸'))
}
