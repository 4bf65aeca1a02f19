//! The built program in a pseudo-terminal, against a server on loopback: what a person sees, and what the server is asked for.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test says what it expects, and fails where it does not come"
)]

#[path = "../support/mod.rs"]
mod support;

mod changes;
mod configured;
mod demo;
mod details;
mod events;
mod exits;
mod failures;
mod hostile;
mod keys;
mod links;
mod look;
mod mouse;
mod once;
mod sizes;
mod start;
mod table;

use support::account::Account;
use support::server::Server;
use support::term::{Launch, Term};

/// Two accounts: `work`, auto-refresh on, and below it `home`, off; both with hours left.
fn two_accounts() -> [Account; 2] {
    [Account::named("work").with("priority", 1), Account::named("home").auto_refresh(false)]
}

/// The dashboard of `server`, polling twice a second.
fn dashboard(server: &Server) -> Launch {
    Launch::new(&["--interval", "0.5", &server.url()])
}

/// The dashboard of `server`, polling for itself as good as never.
fn patient_dashboard(server: &Server) -> Launch {
    Launch::new(&["--interval", "3600", &server.url()])
}

/// Started, connected, and the list is there.
fn live(launch: Launch) -> Term {
    let mut term = launch.start();
    term.wait_for("the list", |shot| shot.has(" live") && shot.row("work").is_some());
    term
}
