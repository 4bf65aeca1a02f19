//! `[servers.NAME]`.

use toml::de::DeValue;

use super::{Entry, OF_A_SERVER, Reader, entries};
use crate::client::Target;
use crate::config::server::{KeySource, Named};
use crate::model::Plain;
use crate::nearest::instead;

impl Reader<'_> {
    pub(super) fn servers(&mut self, entry: &Entry<'_, '_>) -> Vec<Named> {
        let DeValue::Table(table) = entry.value else {
            self.wrong(entry.at, "servers must be tables with names, like [servers.prod]");
            return Vec::new();
        };
        let mut servers: Vec<Named> = Vec::new();
        for entry in entries(table) {
            let Some(server) = self.server(&entry) else { continue };
            if server.default
                && let Some(other) = servers.iter().find(|s| s.default)
            {
                let both = format!("both {} and {} have default = true", other.name, server.name);
                self.wrong(entry.at, both);
            }
            servers.push(server);
        }
        servers
    }

    fn server(&mut self, entry: &Entry<'_, '_>) -> Option<Named> {
        let name = Plain::new(entry.name);
        if name.as_str() != entry.name || name.is_blank() {
            self.wrong(entry.at, format!("`{name}` is no name: it must be text that can be seen"));
            return None;
        }
        let DeValue::Table(table) = entry.value else {
            self.wrong(entry.at, format!("{name} must be a table, like [servers.{name}]"));
            return None;
        };
        let (mut target, mut ca_cert, mut default) = (None, None, false);
        let mut keys = Vec::new();
        let mut has_url = false;
        for entry in entries(table) {
            match entry.name {
                "url" => {
                    has_url = true;
                    let url = self.words(&entry, "\"http://localhost:8080\"");
                    match url.map(|url| Target::parse(&url)) {
                        Some(Ok(at)) => target = Some(at),
                        Some(Err(why)) => self.wrong(entry.at, format!("url: {why}")),
                        None => {}
                    }
                }
                "ca_cert" => ca_cert = self.path(&entry, "\"~/ca.pem\""),
                "api_key_file" => {
                    keys.push(self.path(&entry, "\"~/ccflare.key\"").map(KeySource::File));
                }
                "key_command" => keys.push(self.command(&entry).map(KeySource::Command)),
                "default" => default = self.switch(&entry).unwrap_or_default(),
                word => {
                    self.wrong(
                        entry.at,
                        format!("unknown key `{word}` of a server{}", instead(word, &OF_A_SERVER)),
                    );
                }
            }
        }
        if keys.len() > 1 {
            self.wrong(entry.at, format!("{name} has both key_command and api_key_file; leave one out"));
        }
        if !has_url {
            self.wrong(entry.at, format!("{name} has no url"));
        }
        let key = keys.into_iter().flatten().next().unwrap_or_default();
        Some(Named { name, target: target?, key, ca_cert, default })
    }

    fn command(&mut self, entry: &Entry<'_, '_>) -> Option<Vec<String>> {
        let line = self.words(entry, "\"pass show ccflare\"")?;
        match shell_words::split(&line) {
            Ok(words) if words.first().is_some_and(|w| !w.is_empty()) => {
                let home = self.home.map(|h| h.to_string_lossy().into_owned());
                let expanded = |word: String| match (word.strip_prefix("~/"), &home) {
                    (Some(rest), Some(home)) => format!("{home}/{rest}"),
                    _ => word,
                };
                Some(words.into_iter().map(expanded).collect())
            }
            Ok(_) => {
                self.wrong(entry.at, "key_command is empty");
                None
            }
            Err(_) => {
                self.wrong(entry.at, "key_command: a quote is opened and not closed");
                None
            }
        }
    }
}
