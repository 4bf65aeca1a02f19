//! The table of keys.

use std::sync::LazyLock;

use super::Chord;

/// What a person means by a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Auto-refresh of the selected account on or off.
    ToggleAutoRefresh,
    /// Auto-fallback of the selected account on or off.
    ToggleAutoFallback,
    /// Pause or resume the selected account.
    TogglePause,
    /// Up one line.
    Up,
    /// Down one line.
    Down,
    /// To the first line.
    First,
    /// To the last line.
    Last,
    /// Up half a page.
    HalfPageUp,
    /// Down half a page.
    HalfPageDown,
    /// Up a page.
    PageUp,
    /// Down a page.
    PageDown,
    /// Choose which accounts are shown.
    Filter,
    /// Next log level in the events pane.
    Level,
    /// Next pane.
    NextPane,
    /// Previous pane.
    PreviousPane,
    /// The accounts pane.
    PaneAccounts,
    /// The why pane.
    PaneWhy,
    /// The events pane.
    PaneEvents,
    /// Details of the selected account.
    Details,
    /// Why the selected account is, or is not, refreshed.
    Why,
    /// The next of the account's details.
    NextTab,
    /// The previous of the account's details.
    PreviousTab,
    /// Do what the why pane offers.
    Fix,
    /// The focused pane fills the screen, or has its place again.
    Zoom,
    /// Choose what of the account is copied.
    Copy,
    /// Copy what the why pane shows.
    CopyPane,
    /// Copy the topmost event.
    CopyEvent,
    /// Copy the account's name.
    CopyName,
    /// Copy the account's id.
    CopyId,
    /// Copy the time of the account's reset.
    CopyReset,
    /// Copy why the account is, or is not, refreshed.
    CopyWhy,
    /// Copy a command that shows the account's state.
    CopyCurl,
    /// Type a command.
    Palette,
    /// Ask the server for the list now.
    PollNow,
    /// Connect anew, list and stream.
    Reconnect,
    /// Show every key.
    Help,
    /// Close the topmost thing.
    Back,
    /// Do what is asked.
    Confirm,
    /// Do not do what is asked.
    Cancel,
    /// Draw the screen anew.
    Redraw,
    /// Stop the program; `fg` brings it back.
    Suspend,
    /// Leave.
    Quit,
}

/// Where a key means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The accounts pane.
    Accounts,
    /// The why pane.
    Why,
    /// The events pane.
    Events,
    /// The help.
    Help,
    /// A line that is being typed: it takes every key.
    Prompt,
    /// A question.
    Question,
    /// What of an account is to be copied.
    Copy,
    /// All panes, and the help and questions where they say nothing else.
    Anywhere,
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// What it means.
    pub action: Action,
    /// Where.
    pub scope: Scope,
    /// The keys, as text.
    pub keys: &'static [&'static str],
    /// The word in the footer; empty: not shown there.
    pub word: &'static str,
    /// The sentence in the help.
    pub help: &'static str,
}

const fn bind(
    action: Action,
    scope: Scope,
    keys: &'static [&'static str],
    word: &'static str,
    help: &'static str,
) -> Binding {
    Binding { action, scope, keys, word, help }
}

/// Every key, in the order of the footer and the help.
pub const BINDINGS: &[Binding] = &[
    bind(
        Action::ToggleAutoRefresh,
        Scope::Accounts,
        &["space", "a"],
        "auto-refresh",
        "Switch auto-refresh on or off",
    ),
    bind(Action::ToggleAutoFallback, Scope::Accounts, &["f"], "fallback", "Switch auto-fallback on or off"),
    bind(Action::TogglePause, Scope::Accounts, &["p"], "pause", "Pause or resume the account"),
    bind(Action::Filter, Scope::Accounts, &["/"], "filter", "Choose which accounts are shown"),
    bind(Action::Why, Scope::Accounts, &["w"], "why", "Why it is refreshed, or is not"),
    bind(Action::Copy, Scope::Accounts, &["y"], "copy", "Copy its name, id, reset, why or curl"),
    bind(Action::Details, Scope::Accounts, &["enter"], "details", "Details of the account"),
    bind(Action::NextTab, Scope::Accounts, &["d"], "", "Next of its details"),
    bind(Action::PreviousTab, Scope::Accounts, &["D"], "", "Previous of its details"),
    bind(Action::NextTab, Scope::Why, &["d"], "next", "Next of the details"),
    bind(Action::PreviousTab, Scope::Why, &["D"], "previous", "Previous of the details"),
    bind(Action::CopyPane, Scope::Why, &["y"], "copy", "Copy the text, or the command offered"),
    bind(Action::Fix, Scope::Why, &["enter"], "do", "Do what is offered"),
    bind(Action::Why, Scope::Why, &["w"], "why", "Why it is refreshed, or is not"),
    bind(Action::Level, Scope::Events, &["L"], "level", "Show more, or less again"),
    bind(Action::CopyEvent, Scope::Events, &["y"], "copy", "Copy the topmost line"),
    bind(Action::Up, Scope::Anywhere, &["k", "up"], "", "Up"),
    bind(Action::Down, Scope::Anywhere, &["j", "down"], "", "Down"),
    bind(Action::First, Scope::Anywhere, &["g", "home"], "", "Top; follow events"),
    bind(Action::Last, Scope::Anywhere, &["G", "end"], "", "Last line"),
    bind(Action::HalfPageUp, Scope::Anywhere, &["ctrl-u"], "", "Half a page up"),
    bind(Action::HalfPageDown, Scope::Anywhere, &["ctrl-d"], "", "Half a page down"),
    bind(Action::PageUp, Scope::Anywhere, &["pgup", "ctrl-b"], "", "A page up"),
    bind(Action::PageDown, Scope::Anywhere, &["pgdn", "ctrl-f"], "", "A page down"),
    bind(Action::PollNow, Scope::Anywhere, &["r"], "poll", "Ask the server for the list now"),
    bind(Action::Reconnect, Scope::Anywhere, &["ctrl-r"], "", "Connect anew"),
    bind(Action::NextPane, Scope::Anywhere, &["tab"], "pane", "Next pane"),
    bind(Action::PreviousPane, Scope::Anywhere, &["shift-tab"], "", "Previous pane"),
    bind(Action::PaneAccounts, Scope::Anywhere, &["1"], "", "Accounts"),
    bind(Action::PaneWhy, Scope::Anywhere, &["2"], "", "Why"),
    bind(Action::PaneEvents, Scope::Anywhere, &["4"], "", "Events"),
    bind(Action::Zoom, Scope::Anywhere, &["z"], "zoom", "Fill the screen with the pane, or back"),
    bind(Action::Palette, Scope::Anywhere, &[":"], "command", "Any command by name"),
    bind(Action::CopyName, Scope::Copy, &["n"], "name", "Copy the name"),
    bind(Action::CopyId, Scope::Copy, &["i"], "id", "Copy the id"),
    bind(Action::CopyReset, Scope::Copy, &["r"], "reset", "Copy the time of the reset"),
    bind(Action::CopyWhy, Scope::Copy, &["w"], "why", "Copy why it is refreshed, or is not"),
    bind(Action::CopyCurl, Scope::Copy, &["c"], "curl", "Copy a command that shows its state"),
    bind(Action::Cancel, Scope::Copy, &["esc", "q"], "back", "Copy nothing"),
    bind(Action::Confirm, Scope::Question, &["y"], "yes", "Do it"),
    bind(Action::Cancel, Scope::Question, &["n", "esc", "q"], "no", "Leave it"),
    bind(Action::Back, Scope::Help, &["esc", "q", "?"], "close", "Close"),
    bind(Action::Help, Scope::Anywhere, &["?"], "help", "Show every key"),
    bind(Action::Back, Scope::Anywhere, &["esc"], "", "Close the topmost thing"),
    bind(Action::Redraw, Scope::Anywhere, &["ctrl-l"], "", "Draw the screen anew"),
    bind(Action::Suspend, Scope::Anywhere, &["ctrl-z"], "", "Stop; fg brings it back"),
    bind(Action::Quit, Scope::Anywhere, &["q", "ctrl-c"], "quit", "Quit"),
];

/// The table's keys, parsed once. A key that does not parse would be no key; a test sees to it that all do.
static PARSED: LazyLock<Vec<(Scope, Chord, Action)>> = LazyLock::new(|| {
    BINDINGS
        .iter()
        .flat_map(|b| b.keys.iter().filter_map(|k| k.parse().ok()).map(|chord| (b.scope, chord, b.action)))
        .collect()
});

/// What `chord` means in `scope`: what the scope itself says, else what holds anywhere.
///
/// A question takes its own keys and those that leave, stop or redraw, so that no stray key answers or hides it. So does the choice
/// of what is copied.
pub fn resolve(scope: Scope, chord: Chord) -> Option<Action> {
    let find =
        |scope| PARSED.iter().find(|(s, c, _)| *s == scope && *c == chord).map(|(_, _, action)| *action);
    find(scope).or_else(|| {
        let everywhere = find(Scope::Anywhere)?;
        let passes = !matches!(scope, Scope::Question | Scope::Copy)
            || matches!(everywhere, Action::Quit | Action::Suspend | Action::Redraw);
        passes.then_some(everywhere)
    })
}

/// The bindings that hold in `scope`, its own first.
pub fn bindings_of(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    let own = BINDINGS.iter().filter(move |b| b.scope == scope);
    let shared = BINDINGS.iter().filter(move |b| {
        b.scope == Scope::Anywhere
            && scope != Scope::Anywhere
            && !matches!(scope, Scope::Question | Scope::Help | Scope::Copy)
    });
    own.chain(shared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_key_of_the_table_parses_and_prints_as_written() {
        for key in BINDINGS.iter().flat_map(|b| b.keys) {
            assert_eq!(key.parse::<Chord>().expect("a key").to_string(), *key);
        }
    }

    #[test]
    fn no_scope_has_one_key_twice() {
        let mut seen = HashSet::new();
        for b in BINDINGS {
            for key in b.keys {
                assert!(seen.insert((b.scope, *key)), "{key} is bound twice in {:?}", b.scope);
            }
        }
    }

    #[test]
    fn a_scope_goes_before_anywhere() {
        let q = "q".parse().expect("a key");
        assert_eq!(resolve(Scope::Accounts, q), Some(Action::Quit));
        assert_eq!(resolve(Scope::Help, q), Some(Action::Back));
        assert_eq!(resolve(Scope::Question, q), Some(Action::Cancel));
    }

    #[test]
    fn a_question_takes_no_stray_key() {
        for key in ["space", "j", "r", "tab", "?", "p"] {
            assert_eq!(resolve(Scope::Question, key.parse().expect("a key")), None, "{key}");
        }
        assert_eq!(resolve(Scope::Question, "ctrl-c".parse().expect("a key")), Some(Action::Quit));
    }

    #[test]
    fn keys_that_change_the_server_work_only_among_the_accounts() {
        for scope in [Scope::Why, Scope::Events, Scope::Help, Scope::Question, Scope::Copy] {
            for key in ["space", "a", "f", "p"] {
                let action = resolve(scope, key.parse().expect("a key"));
                assert_eq!(action, None, "{key} in {scope:?}");
            }
        }
    }
}
