//! `[columns]`.

use toml::de::DeValue;

use super::{Entry, Reader, entries};
use crate::layout::ColumnChoice;
use crate::layout::columns::{Column, Wanted};
use crate::nearest::{instead, nearest};

impl Reader<'_> {
    pub(super) fn columns(&mut self, entry: &Entry<'_, '_>) -> ColumnChoice {
        let mut choice = ColumnChoice::default();
        let DeValue::Table(table) = entry.value else {
            self.wrong(entry.at, "columns must be a table of columns, like [columns]");
            return choice;
        };
        for entry in entries(table) {
            let Some(column) = Column::CHOSEN.into_iter().find(|c| c.name() == entry.name) else {
                let name = entry.name;
                let meant = match nearest(name, Column::CHOSEN.into_iter().map(Column::name)) {
                    _ if name == Column::Name.name() => "it is always shown".to_owned(),
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`flaretop config default` lists them".to_owned(),
                };
                self.wrong(entry.at, format!("unknown column `{name}`; {meant}"));
                continue;
            };
            let Some(word) = self.words(&entry, "\"hidden\"") else { continue };
            let Some(wanted) = Wanted::ALL.into_iter().find(|w| w.name() == word) else {
                let instead = instead(&word, &Wanted::ALL.map(Wanted::name));
                self.wrong(entry.at, format!("{}: unknown word `{word}`{instead}", column.name()));
                continue;
            };
            choice = choice.with(column, wanted);
        }
        choice
    }
}
