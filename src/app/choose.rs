//! Choosing the table's columns: a list of all of them, in which each is hidden or shown. The table behind it follows at once.

use super::availability::without;
use super::input::Step;
use super::msg::Effect;
use super::state::Dialog;
use super::{Availability, State, accounts, copy};
use crate::keymap::Action;
use crate::layout::columns::{Column, ColumnChoice, Wanted};

/// The list of columns while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choosing {
    /// Which of [`Column::CHOSEN`] the keys are about.
    pub(crate) at: usize,
    /// How many lines are scrolled off the top.
    top: usize,
}

impl Choosing {
    /// Which column the keys are about.
    pub(crate) fn column(&self) -> Column {
        Column::CHOSEN.get(self.at).copied().unwrap_or(Column::Name)
    }

    /// The first line that is shown where so many fit: that of the keys is always in sight, and none stays empty.
    pub(crate) fn from(&self, lines: usize) -> usize {
        let lines = lines.max(1);
        let last = Column::CHOSEN.len().saturating_sub(lines);
        self.top.min(last).min(self.at).max((self.at + 1).saturating_sub(lines))
    }
}

impl State {
    /// Which columns are shown now: what was chosen, without one that says nothing that another one does not.
    pub(crate) fn choice(&self) -> ColumnChoice {
        let choice = self.display.columns;
        // With times of day RESETS AT says what AT does, where it is there.
        let said = self.display.is_clock() && !choice.hides(Column::Resets);
        if said { choice.with(Column::At, Wanted::Hidden) } else { choice }
    }
}

/// The list's keys.
pub(crate) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    let choice = state.display.columns;
    let at = if let Some(Dialog::Columns(choosing)) = &state.dialog { Some(choosing.column()) } else { None };
    let to = match (action, at.map(|column| (column, choice.of(column)))) {
        (Action::ChooseColumns, open) => {
            state.notice = None;
            state.dialog = open.is_none().then(|| Dialog::Columns(Choosing::default()));
            return Vec::new();
        }
        (Action::CopyColumns, _) => {
            let lines = lines(choice);
            return copy::copied(state, "[columns] for config.toml", lines.iter().map(String::as_str));
        }
        (Action::AllColumns, _) => ColumnChoice::default(),
        (Action::KeepColumn, Some((column, Wanted::Kept)))
        | (Action::ToggleColumn, Some((column, Wanted::Hidden))) => choice.with(column, Wanted::Shown),
        (Action::KeepColumn, Some((column, _))) => choice.with(column, Wanted::Kept),
        (Action::ToggleColumn, Some((column, _))) => choice.with(column, Wanted::Hidden),
        _ => return Vec::new(),
    };
    state.display.columns = to;
    accounts::scroll_to_selection(state);
    Vec::new()
}

/// What was chosen, as the configuration says it.
fn lines(choice: ColumnChoice) -> Vec<String> {
    let chosen = choice.chosen().map(|(column, wanted)| format!("{} = {:?}", column.name(), wanted.name()));
    std::iter::once("[columns]".to_owned()).chain(chosen).collect()
}

/// Moves in the list, which has room for `page` lines.
pub(crate) fn go(choosing: &mut Choosing, step: Step, page: usize) {
    let last = Column::CHOSEN.len().saturating_sub(1);
    choosing.top = choosing.from(page);
    choosing.at = choosing.at.min(last).saturating_add_signed(step.lines(page)).min(last);
    choosing.top = choosing.from(page);
}

/// What the keys of a column do to the one that they are about.
pub(crate) fn word(state: &State, action: Action) -> &'static str {
    let Some(Dialog::Columns(choosing)) = &state.dialog else { return "" };
    match (action, state.display.columns.of(choosing.column())) {
        (Action::KeepColumn, Wanted::Kept) => "let go",
        (Action::KeepColumn, _) => "keep",
        (_, Wanted::Hidden) => "show",
        _ => "hide",
    }
}

/// A click on that line of the list.
pub(crate) fn clicked(state: &mut State, line: u16, lines: u16) -> Vec<Effect> {
    let Some(Dialog::Columns(choosing)) = &mut state.dialog else { return Vec::new() };
    choosing.top = choosing.from(usize::from(lines));
    let at = choosing.top + usize::from(line);
    if at >= Column::CHOSEN.len() {
        return Vec::new();
    }
    choosing.at = at;
    act(state, Action::ToggleColumn)
}

/// Whether one of the list's keys can be used.
pub(crate) fn availability(action: Action, state: &State) -> Option<Availability> {
    let blocked = |why: &'static str| Some(Availability::Blocked(why.into()));
    match action {
        Action::ChooseColumns
            if state.accounts.rows().is_empty() && !matches!(state.dialog, Some(Dialog::Columns(_))) =>
        {
            blocked(without(state))
        }
        Action::AllColumns if state.display.columns.is_usual() => blocked("every column is as it usually is"),
        Action::CopyColumns if state.display.columns.is_usual() && state.options.columns.is_usual() => {
            blocked("nothing is chosen yet that could be copied")
        }
        _ => None,
    }
}
