//! Which accounts are shown.

use super::{State, accounts};
use crate::model::Account;

/// Which accounts are shown: those whose name has this in it. Everything where it is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    text: String,
}

impl Filter {
    /// The filter as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True where everything is shown.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// True where the account is shown.
    pub fn matches(&self, account: &Account) -> bool {
        account.name.as_str().to_lowercase().contains(&self.text.to_lowercase())
    }
}

/// Shows what `text` says from now on. The error says what is wrong with it, and nothing is changed.
pub(crate) fn apply(state: &mut State, text: &str) -> Result<(), String> {
    state.accounts.filter = Filter { text: text.trim().to_owned() };
    accounts::scroll_to_selection(state);
    Ok(())
}
