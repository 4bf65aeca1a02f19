//! The table, once, as text: where there is no terminal to draw on.

use std::io::{self, Write as _};
use std::process::ExitCode;

use super::clock;
use crate::app::{Effect, Msg, State, tally, update};
use crate::config::{Asks, Config};
use crate::view;

/// An account needs a person.
const NEEDS_YOU: u8 = 4;
/// No account can be used.
const NONE_USABLE: u8 = 5;

/// Asks for the list and the history once and prints the table.
///
/// # Errors
/// Where the server cannot be reached or does not let us in.
pub(super) async fn print(config: &Config) -> anyhow::Result<ExitCode> {
    let client = config.server.connect(Asks::OnTheTerminal).await?;
    let mut state = State::new(clock::now(), ratatui::layout::Size::new(80, 24), config.options());
    state.zone = clock::zone();
    let asked = update(&mut state, clock::now(), Msg::Tick);
    let seq = asked.iter().find_map(|e| match e {
        Effect::Poll { seq } => Some(*seq),
        _ => None,
    });
    let (accounts, history) = tokio::join!(client.accounts(), client.history());
    let answer = accounts.map_err(|why| crate::config::unreachable(&config.server.target, &why))?;
    if let Ok(lines) = history {
        state.logs.merge(lines); // without it the table is right, and knows less
    }
    update(&mut state, clock::now(), Msg::Accounts { seq: seq.unwrap_or_default(), result: Ok(answer) });
    let text = view::plain::table(&state, &config.theme());
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => return Err(e.into()),
        _ => {}
    }
    let tally = tally(&state);
    Ok(match tally {
        t if t.usable == 0 => ExitCode::from(NONE_USABLE),
        t if t.needs_you > 0 => ExitCode::from(NEEDS_YOU),
        _ => ExitCode::SUCCESS,
    })
}
