//! The table of keys.

/// What a person means by a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Auto-refresh of the selected account on or off.
    ToggleAutoRefresh,
    /// Auto-fallback of the selected account on or off.
    ToggleAutoFallback,
    /// Pause or resume the selected account.
    TogglePause,
    /// Set the selected account's priority.
    Priority,
    /// Set or clear the selected account's endpoint.
    Endpoint,
    /// Have the selected account's usage read again.
    ReadUsage,
    /// Clear a limit of the selected account.
    ClearLimit,
    /// Take the last change back.
    Undo,
    /// Ask once more for the change that failed.
    Retry,
    /// Show what was sent for the change that failed.
    WhatWasSent,
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
    /// Sort by what is asked for next.
    NextSort,
    /// The other end on top.
    FlipSort,
    /// Sort by the column to the left.
    SortLeft,
    /// Sort by the column to the right.
    SortRight,
    /// The columns before those that are shown.
    ColumnsLeft,
    /// The columns behind those that are shown.
    ColumnsRight,
    /// Choose which columns there are.
    ChooseColumns,
    /// Hide a column, or show it again.
    ToggleColumn,
    /// Keep a column on the first page, or not.
    KeepColumn,
    /// Every column as it usually is.
    AllColumns,
    /// Copy which columns were chosen.
    CopyColumns,
    /// Countdowns or times of day.
    Times,
    /// The machine's zone or UTC.
    Zone,
    /// Hide names or show them.
    HideNames,
    /// Let the screen stand still.
    Freeze,
    /// Hold the events, or follow the newest again.
    HoldEvents,
    /// Show the event under the cursor whole.
    WholeEvent,
    /// Search among the events.
    Search,
    /// To the next match, an older one.
    NextMatch,
    /// To the previous match, a newer one.
    PreviousMatch,
    /// Only the lines that match.
    OnlyMatches,
    /// To the next event that failed, an older one.
    NextError,
    /// To the previous event that failed, a newer one.
    PreviousError,
    /// Only the events of one account.
    OnlyAccount,
    /// Only the events that come from now on.
    ClearEvents,
    /// Break long lines, or cut them.
    Wrap,
    /// Scroll long lines to the left.
    Left,
    /// Scroll long lines to the right.
    Right,
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
    /// Copy the event under the cursor.
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
    /// The server before this one.
    PreviousServer,
    /// The server after this one.
    NextServer,
    /// Show every key.
    Help,
    /// Close the topmost thing.
    Back,
    /// Close the help.
    CloseHelp,
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

impl Action {
    /// True where it only moves about in a pane.
    pub fn moves(self) -> bool {
        matches!(
            self,
            Self::Up
                | Self::Down
                | Self::First
                | Self::Last
                | Self::HalfPageUp
                | Self::HalfPageDown
                | Self::PageUp
                | Self::PageDown
        )
    }

    /// Its name in the configuration: that of the value, in small letters with `_` between words.
    pub fn name(self) -> String {
        let mut name = String::new();
        for c in format!("{self:?}").chars() {
            if c.is_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.extend(c.to_lowercase());
        }
        name
    }

    /// The action of that name.
    pub fn named(name: &str) -> Option<Self> {
        BINDINGS.iter().map(|b| b.action).find(|a| a.name() == name)
    }
}

/// Where a key means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The accounts pane.
    Accounts,
    /// The accounts pane, while a change that failed is told of.
    Failed,
    /// The why pane.
    Why,
    /// The events pane.
    Events,
    /// An event that is shown whole.
    Event,
    /// The help.
    Help,
    /// A line that is being typed: it takes every key.
    Prompt,
    /// A question.
    Question,
    /// What of an account is to be copied.
    Copy,
    /// The list of columns.
    Columns,
    /// All panes, and the help and questions where they say nothing else.
    Anywhere,
}

impl Scope {
    /// Lies over the panes: what holds anywhere does not show there.
    pub fn is_over_panes(self) -> bool {
        matches!(self, Self::Help | Self::Prompt | Self::Question | Self::Copy | Self::Columns | Self::Event)
    }

    /// Its name in a sentence.
    pub fn place(self) -> String {
        format!("{self:?}").to_lowercase()
    }
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
        "Auto-refresh on or off",
    ),
    bind(Action::ToggleAutoFallback, Scope::Accounts, &["f"], "fallback", "Auto-fallback on or off"),
    bind(Action::TogglePause, Scope::Accounts, &["p"], "pause", "Pause or resume"),
    bind(Action::Filter, Scope::Accounts, &["/"], "filter", "Filter the accounts"),
    bind(Action::Why, Scope::Accounts, &["w"], "why", "Why it is refreshed or not"),
    bind(Action::Copy, Scope::Accounts, &["y"], "copy", "Copy name, id, reset, etc."),
    bind(Action::Details, Scope::Accounts, &["enter"], "details", "Details of the account"),
    bind(Action::NextTab, Scope::Accounts, &["d"], "", "Next detail tab"),
    bind(Action::PreviousTab, Scope::Accounts, &["D"], "", "Previous detail tab"),
    bind(Action::NextTab, Scope::Why, &["d"], "next", "Next detail tab"),
    bind(Action::PreviousTab, Scope::Why, &["D"], "previous", "Previous detail tab"),
    bind(Action::CopyPane, Scope::Why, &["y"], "copy", "Copy the text, or the command offered"),
    bind(Action::Fix, Scope::Why, &["enter"], "do", "Do what is offered"),
    bind(Action::Why, Scope::Why, &["w"], "why", "Why it is refreshed or not"),
    bind(Action::NextSort, Scope::Accounts, &["s"], "sort", "Sort by reset and others"),
    bind(Action::FlipSort, Scope::Accounts, &["S"], "", "Sort the other way round"),
    bind(Action::SortLeft, Scope::Accounts, &["<"], "", "Sort by the column to the left"),
    bind(Action::SortRight, Scope::Accounts, &[">"], "", "Sort by the column to the right"),
    bind(Action::ColumnsLeft, Scope::Accounts, &["h", "left"], "", "The columns before these"),
    bind(Action::ColumnsRight, Scope::Accounts, &["l", "right"], "", "The columns that do not fit"),
    bind(Action::ChooseColumns, Scope::Accounts, &["C"], "", "Choose the columns"),
    bind(Action::Undo, Scope::Accounts, &["u"], "undo", "Undo the last change"),
    bind(Action::Priority, Scope::Accounts, &["P"], "priority", "Set the priority, 0 to 100"),
    bind(Action::Endpoint, Scope::Accounts, &["e"], "endpoint", "Set or clear the endpoint"),
    bind(Action::ReadUsage, Scope::Accounts, &["R"], "re-read usage", "Re-read usage at provider"),
    bind(Action::ClearLimit, Scope::Accounts, &["X"], "clear limit", "Clear a stuck limit"),
    bind(Action::Retry, Scope::Failed, &["enter"], "retry", "Ask once more for a change that failed"),
    bind(Action::WhatWasSent, Scope::Failed, &["w"], "what was sent", "Show what was sent for it"),
    bind(Action::Back, Scope::Failed, &["esc"], "dismiss", "Dismiss it"),
    bind(Action::HoldEvents, Scope::Events, &["space"], "hold", "Hold the view, or follow again"),
    bind(Action::WholeEvent, Scope::Events, &["enter"], "whole", "The event whole, all its records"),
    bind(Action::Search, Scope::Events, &["/"], "search", "Search; tab shows only what matches"),
    bind(Action::NextError, Scope::Events, &["e"], "error", "Next error, an older one"),
    bind(Action::OnlyAccount, Scope::Events, &["i"], "account", "Only this account, or all again"),
    bind(Action::Level, Scope::Events, &["L"], "level", "Show more, or less again"),
    bind(Action::CopyEvent, Scope::Events, &["y"], "copy", "Copy the event whole"),
    bind(Action::PreviousError, Scope::Events, &["E"], "", "Previous error, a newer one"),
    bind(Action::NextMatch, Scope::Events, &["n"], "", "Next match, an older one"),
    bind(Action::PreviousMatch, Scope::Events, &["N"], "", "Previous match, a newer one"),
    bind(Action::OnlyMatches, Scope::Events, &["&"], "", "Only what matches, or all again"),
    bind(Action::ClearEvents, Scope::Events, &["c"], "", "Clear the view, or show all again"),
    bind(Action::Wrap, Scope::Events, &["W"], "", "The selected line whole, or cut again"),
    bind(Action::Left, Scope::Events, &["h", "left"], "", "Long lines: back to the left"),
    bind(Action::Right, Scope::Events, &["l", "right"], "", "Long lines: further to the right"),
    bind(Action::Back, Scope::Event, &["esc", "q", "enter"], "back", "Close"),
    bind(Action::CopyEvent, Scope::Event, &["y"], "copy", "Copy it"),
    bind(Action::Wrap, Scope::Event, &["W"], "wrap", "Break long lines, or leave them"),
    bind(Action::Left, Scope::Event, &["h", "left"], "left", "Long lines: back to the left"),
    bind(Action::Right, Scope::Event, &["l", "right"], "right", "Long lines: further to the right"),
    bind(Action::Up, Scope::Anywhere, &["k", "up"], "", "Up"),
    bind(Action::Down, Scope::Anywhere, &["j", "down"], "", "Down"),
    bind(Action::First, Scope::Anywhere, &["g", "home"], "", "First line"),
    bind(Action::Last, Scope::Anywhere, &["G", "end"], "", "Last line"),
    bind(Action::HalfPageUp, Scope::Anywhere, &["ctrl-u"], "", "Half a page up"),
    bind(Action::HalfPageDown, Scope::Anywhere, &["ctrl-d"], "", "Half a page down"),
    bind(Action::PageUp, Scope::Anywhere, &["pgup", "ctrl-b"], "", "A page up"),
    bind(Action::PageDown, Scope::Anywhere, &["pgdn", "ctrl-f"], "", "A page down"),
    bind(Action::PollNow, Scope::Anywhere, &["r"], "poll", "Ask the server for the list now"),
    bind(Action::Reconnect, Scope::Anywhere, &["ctrl-r"], "", "Connect anew"),
    bind(Action::Times, Scope::Anywhere, &["t"], "", "Time left, or time of day"),
    bind(Action::Zone, Scope::Anywhere, &["T"], "", "This machine's zone, or UTC"),
    bind(Action::HideNames, Scope::Anywhere, &["*"], "", "Hide names, or show them"),
    bind(Action::Freeze, Scope::Anywhere, &["F"], "", "Freeze to select text"),
    bind(Action::NextPane, Scope::Anywhere, &["tab"], "pane", "Next pane"),
    bind(Action::PreviousPane, Scope::Anywhere, &["shift-tab"], "", "Previous pane"),
    bind(Action::PaneAccounts, Scope::Anywhere, &["1"], "", "Accounts"),
    bind(Action::PaneWhy, Scope::Anywhere, &["2"], "", "Why"),
    bind(Action::PaneEvents, Scope::Anywhere, &["4"], "", "Events"),
    bind(Action::PreviousServer, Scope::Anywhere, &["["], "", "Previous server"),
    bind(Action::NextServer, Scope::Anywhere, &["]"], "server", "Next server"),
    bind(Action::Zoom, Scope::Anywhere, &["z"], "zoom", "The pane fills the screen, or not"),
    bind(Action::Palette, Scope::Anywhere, &[":"], "command", "Any command by name"),
    bind(Action::CopyName, Scope::Copy, &["n"], "name", "Copy the name"),
    bind(Action::CopyId, Scope::Copy, &["i"], "id", "Copy the id"),
    bind(Action::CopyReset, Scope::Copy, &["r"], "reset", "Copy the time of the reset"),
    bind(Action::CopyWhy, Scope::Copy, &["w"], "why", "Copy why it is refreshed, or is not"),
    bind(Action::CopyCurl, Scope::Copy, &["c"], "curl", "Copy a command that shows its state"),
    bind(Action::Back, Scope::Copy, &["esc", "q"], "back", "Copy nothing"),
    bind(Action::ToggleColumn, Scope::Columns, &["space"], "hide", "Hide the column, or show it again"),
    bind(Action::KeepColumn, Scope::Columns, &["f"], "keep", "Keep it on the first page, or not"),
    bind(Action::AllColumns, Scope::Columns, &["a"], "as usual", "Every column as it usually is"),
    bind(Action::CopyColumns, Scope::Columns, &["y"], "copy for config", "Copy the choice for config.toml"),
    bind(Action::ColumnsLeft, Scope::Columns, &["h", "left"], "page", "The columns before these"),
    bind(Action::ColumnsRight, Scope::Columns, &["l", "right"], "page", "The columns that do not fit"),
    bind(Action::ChooseColumns, Scope::Columns, &["C"], "", "Close"),
    bind(Action::Back, Scope::Columns, &["esc", "q", "enter"], "close", "Close"),
    bind(Action::Cancel, Scope::Question, &["n", "esc", "q"], "no", "Leave it"),
    bind(Action::Confirm, Scope::Question, &["y"], "yes", "Do it"),
    bind(Action::CloseHelp, Scope::Help, &["esc", "q", "?"], "close", "Close"),
    bind(Action::Help, Scope::Anywhere, &["?"], "help", "The keys of this pane"),
    bind(Action::Back, Scope::Anywhere, &["esc"], "", "Close the topmost thing"),
    bind(Action::Redraw, Scope::Anywhere, &["ctrl-l"], "", "Draw the screen anew"),
    bind(Action::Suspend, Scope::Anywhere, &["ctrl-z"], "", "Stop; fg brings it back"),
    bind(Action::Quit, Scope::Anywhere, &["q", "ctrl-c"], "quit", "Quit"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::{Chord, Keymap};
    use std::collections::HashSet;

    fn resolve(scope: Scope, chord: Chord) -> Option<Action> {
        Keymap::default().resolve(scope, chord)
    }

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
        assert_eq!(resolve(Scope::Help, q), Some(Action::CloseHelp));
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
        for scope in [Scope::Why, Scope::Events, Scope::Event, Scope::Help, Scope::Question, Scope::Copy] {
            for key in ["space", "a", "f", "p", "P", "e", "R", "X", "u", "enter"] {
                let action = resolve(scope, key.parse().expect("a key"));
                // What is offered is copied, or asked about first.
                let looks =
                    [Action::HoldEvents, Action::NextError, Action::WholeEvent, Action::Back, Action::Fix];
                assert!(action.is_none_or(|a| looks.contains(&a)), "{key} in {scope:?}");
            }
        }
    }

    #[test]
    fn every_action_has_a_name_of_its_own_and_is_found_by_it() {
        assert_eq!(Action::ToggleAutoRefresh.name(), "toggle_auto_refresh");
        assert_eq!(Action::Quit.name(), "quit");
        for b in BINDINGS {
            let name = b.action.name();
            assert_eq!(Action::named(&name), Some(b.action), "{name}");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{name}");
        }
        assert_eq!(Action::named("toggle_auto_refersh"), None);
    }
}
