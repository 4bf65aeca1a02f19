//! The rows of the list as the server sent them, for whoever wants to see one whole.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::{AccountId, Detail};

/// The rows of a list as they came, each to be found by its account.
///
/// They are kept as the one text that they came in, since ten thousand rows of their own would take a third more. They may hold
/// what nobody is to see, so they are never printed; [`Rows::detail`] makes something of one that may be shown.
#[derive(Clone, Default)]
pub struct Rows {
    text: Arc<String>,
    places: Arc<[(AccountId, Range<u32>)]>,
}

impl Rows {
    /// The rows that stand in `text` at these places.
    pub fn new(text: String, places: Vec<(AccountId, Range<u32>)>) -> Self {
        Self { text: Arc::new(text), places: places.into() }
    }

    /// The row of an account.
    pub fn get(&self, id: &AccountId) -> Option<&str> {
        let (_, place) = self.places.iter().find(|(row, _)| row == id)?;
        self.text.get(place.start as usize..place.end as usize)
    }

    /// The row of an account, as far as the table does not show it.
    pub fn detail(&self, id: &AccountId) -> Option<Detail> {
        self.get(id).map(crate::api::read_detail)
    }

    /// The bytes that they hold in memory.
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// Keeps the row of one account and gives the memory of the others back.
    pub fn keep_only(&mut self, id: Option<&AccountId>) {
        let kept = id.and_then(|id| Some((id.clone(), self.get(id)?.to_owned())));
        *self = kept.map_or_else(Self::default, |(id, row)| {
            let place = 0..u32::try_from(row.len()).unwrap_or(u32::MAX);
            Self::new(row, vec![(id, place)])
        });
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rows({} of them)", self.places.len())
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        let same = Arc::ptr_eq(&self.text, &other.text) || self.text == other.text;
        same && self.places == other.places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_by_its_account_and_can_be_kept_alone() {
        let (a, b) = (AccountId::new("a"), AccountId::new("b"));
        let mut rows = Rows::new("[1,22]".to_owned(), vec![(a.clone(), 1..2), (b.clone(), 3..5)]);
        assert_eq!((rows.get(&a), rows.get(&b)), (Some("1"), Some("22")));
        rows.keep_only(Some(&b));
        assert_eq!((rows.get(&a), rows.get(&b), rows.size()), (None, Some("22"), 2));
        rows.keep_only(Some(&a));
        assert_eq!(rows, Rows::default());
    }

    #[test]
    fn rows_are_not_printed() {
        let rows = Rows::new("[\"sk-ant-1\"]".to_owned(), vec![(AccountId::new("a"), 1..11)]);
        assert!(!format!("{rows:?}").contains("sk-ant"));
    }
}
