//! `[keys]`.

use toml::Spanned;
use toml::de::DeValue;

use super::{Entry, File, Reader, entries};
use crate::keymap::{Action, BINDINGS, Chord, Keymap, Override, parse_key};
use crate::nearest::nearest;

impl Reader<'_> {
    pub(super) fn keys(&mut self, entry: &Entry<'_, '_>, file: &mut File) {
        let DeValue::Table(table) = entry.value else {
            self.wrong(entry.at, "keys must be a table of actions, like [keys]");
            return;
        };
        let names: Vec<String> = BINDINGS.iter().map(|b| b.action.name()).collect();
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut overrides: Vec<(usize, Override)> = Vec::new();
        for entry in entries(table) {
            let Some(action) = Action::named(entry.name) else {
                let word = entry.name;
                let nearest = nearest(word, known.iter().copied());
                let meant = nearest.map_or_else(
                    || "; `flaretop config default` lists them".to_owned(),
                    |name| format!("; did you mean `{name}`?"),
                );
                self.wrong(entry.at, format!("unknown action `{word}`{meant}"));
                continue;
            };
            if let Some(keys) = self.chords(&entry) {
                overrides.push((entry.at, Override { action, keys }));
            }
        }
        let wanted: Vec<Override> = overrides.iter().map(|(_, o)| o.clone()).collect();
        file.own_keys = wanted.len();
        match Keymap::with(&wanted) {
            Ok(keymap) => file.keymap = keymap,
            Err(errors) => {
                for error in errors {
                    let own = overrides.iter().find(|(_, o)| o.action == error.action());
                    self.wrong(own.map_or(entry.at, |(at, _)| *at), error.to_string());
                }
            }
        }
    }

    fn chords(&mut self, entry: &Entry<'_, '_>) -> Option<Vec<Chord>> {
        let mut chords = Vec::new();
        let list = if let DeValue::Array(list) = entry.value { Some(list) } else { None };
        let texts = list.and_then(|list| {
            let text = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            };
            list.iter().map(text).collect::<Option<Vec<String>>>()
        });
        let Some(texts) = texts else {
            self.wrong(entry.at, format!("{} must be a list of keys, like [\"space\", \"a\"]", entry.name));
            return None;
        };
        for text in texts {
            match parse_key(&text) {
                Ok(chord) => chords.push(chord),
                Err(why) => self.wrong(entry.at, format!("{}: {why}", entry.name)),
            }
        }
        Some(chords)
    }
}
