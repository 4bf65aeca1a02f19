//! The server's address, as a person writes it.

use std::net::IpAddr;

use reqwest::Url;

use crate::model::Plain;

/// The port where no scheme and no port are given: the server's own default (`docs/server-contract.md`, section 1).
const DEFAULT_PORT: u16 = 8080;

/// Why an address cannot be used. The messages never repeat a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was given.
    #[error("the address is empty; give one like http://localhost:8080")]
    Empty,
    /// Another protocol was named.
    #[error("`{0}` is not spoken here; the address starts with http:// or https://")]
    Scheme(Plain),
    /// A user name or a password is in it.
    #[error("the address holds a user name or a password, which the server does not know; leave it out")]
    Credentials,
    /// There is something after host and port.
    #[error("the address goes on after the port with `{0}`; leave that out, only host and port are used")]
    Tail(Plain),
    /// An IPv6 address without brackets.
    #[error("`{0}` looks like an IPv6 address; put it into brackets, as in http://[::1]:8080")]
    Brackets(Plain),
    /// It cannot be understood.
    #[error("`{text}` is not an address ({why}); give one like http://localhost:8080")]
    Unreadable {
        /// What was given.
        text: Plain,
        /// What is wrong with it.
        why: Plain,
    },
}

/// Where the server is: scheme, host and port, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    base: Url,
    shown: Plain,
    full: Plain,
    loopback: bool,
}

impl Target {
    /// Reads `http://host:port`, `https://host:port`, `host:port` or `host`.
    ///
    /// With a scheme the port defaults to the scheme's own; without one http is meant, and port 8080.
    ///
    /// # Errors
    ///
    /// What is wrong with the address, with advice.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let unreadable =
            |why: &str| AddressError::Unreadable { text: Plain::new(text), why: Plain::new(why) };
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, text),
        };
        // Reading a URL forgives a good deal that is better asked about: blanks, backslashes, an empty user name.
        let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err(AddressError::Credentials);
        }
        if let Some(other) = scheme.as_deref().filter(|s| !matches!(*s, "http" | "https")) {
            return Err(AddressError::Scheme(Plain::from(format!("{other}://"))));
        }
        if !matches!(tail, "" | "/") {
            // A query may hold a key: it is not repeated.
            let told = match tail.find(['?', '#']).and_then(|at| tail.get(..=at)) {
                Some(path) => format!("{path}…"),
                None => tail.to_owned(),
            };
            return Err(AddressError::Tail(Plain::from(told)));
        }
        if authority.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(unreadable("it holds a blank"));
        }
        if !authority.starts_with('[') && authority.matches(':').count() > 1 {
            return Err(AddressError::Brackets(Plain::new(authority)));
        }

        let base = format!("{}://{authority}", scheme.as_deref().unwrap_or("http"));
        let mut base = Url::parse(&base).map_err(|e| unreadable(&e.to_string()))?;
        let has_port = authority
            .rsplit_once(':')
            .is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
        if scheme.is_none() && !has_port {
            base.set_port(Some(DEFAULT_PORT)).map_err(|()| unreadable("it has no host"))?;
        }
        let (Some(host), Some(port)) = (base.host_str(), base.port_or_known_default()) else {
            return Err(unreadable("it has no host"));
        };
        if port == 0 {
            return Err(unreadable("port 0 is none"));
        }
        let shown = Plain::from(format!("{host}:{port}"));
        let full = Plain::from(format!("{}://{host}:{port}", base.scheme()));
        let loopback = is_loopback(host);
        Ok(Self { base, shown, full, loopback })
    }

    /// Host and port, for the header line.
    pub fn display(&self) -> &Plain {
        &self.shown
    }

    /// The whole address, with scheme and port.
    pub fn url(&self) -> &Plain {
        &self.full
    }

    /// True where the connection is encrypted.
    pub fn is_tls(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// True where the host is this machine. Such an address is never reached through a proxy.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The URL of one path.
    pub(super) fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    /// Host, as it can be looked up, and port.
    pub(super) fn host_and_port(&self) -> (&str, u16) {
        let host = self.base.host_str().unwrap_or_default();
        (bare(host), self.base.port_or_known_default().unwrap_or_default())
    }
}

/// The host without the brackets of an IPv6 address.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host)
}

fn is_loopback(host: &str) -> bool {
    match bare(host).parse::<IpAddr>() {
        Ok(ip) => ip.to_canonical().is_loopback(),
        Err(_) => host.trim_end_matches('.') == "localhost",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, url, loopback) in [
            ("http://localhost:8080", "http://localhost:8080", true),
            ("http://localhost:8080/", "http://localhost:8080", true),
            (" HTTP://LocalHost ", "http://localhost:80", true),
            ("https://box.example", "https://box.example:443", false),
            ("https://box.example:8443", "https://box.example:8443", false),
            ("box.example", "http://box.example:8080", false),
            ("box.example:80", "http://box.example:80", false),
            ("box", "http://box:8080", false),
            ("127.0.0.1:9000", "http://127.0.0.1:9000", true),
            ("127.9.9.9", "http://127.9.9.9:8080", true),
            ("[::1]", "http://[::1]:8080", true),
            ("[::1]:9000", "http://[::1]:9000", true),
            ("https://[2001:db8::1]", "https://[2001:db8::1]:443", false),
            ("http://[::ffff:127.0.0.1]:81", "http://[::ffff:7f00:1]:81", true),
            ("http://127.0.0.1.example", "http://127.0.0.1.example:80", false),
            ("http://b\u{fc}cher.example", "http://xn--bcher-kva.example:80", false),
        ] {
            let target = Target::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(target.url().as_str(), url, "{text}");
            assert!(target.url().as_str().ends_with(target.display().as_str()));
            assert_eq!(target.is_tls(), url.starts_with("https"), "{text}");
            assert_eq!(target.is_loopback(), loopback, "{text}");
        }
    }

    #[test]
    fn what_is_more_than_host_and_port_is_refused_with_advice() {
        for (text, error) in [
            ("", AddressError::Empty),
            ("  ", AddressError::Empty),
            ("ftp://host", AddressError::Scheme("ftp://".into())),
            ("unix:///run/s", AddressError::Scheme("unix://".into())),
            ("http://host/api", AddressError::Tail("/api".into())),
            ("host:8080/accounts", AddressError::Tail("/accounts".into())),
            ("host\\x", AddressError::Tail("\\x".into())),
            ("http://host?x=1", AddressError::Tail("?…".into())),
            ("host/a?key=secret", AddressError::Tail("/a?…".into())),
            ("http://host/#top", AddressError::Tail("/#…".into())),
            ("http://me@host", AddressError::Credentials),
            ("http://me:secret@host", AddressError::Credentials),
            ("me:secret@host:80", AddressError::Credentials),
            ("http://@host", AddressError::Credentials),
            ("::1", AddressError::Brackets("::1".into())),
            ("http://::1:8080", AddressError::Brackets("::1:8080".into())),
        ] {
            assert_eq!(Target::parse(text), Err(error), "{text}");
        }
        for text in
            ["http://", "http://:80", ":80", "host:x", "host:99999", "host:0", "ho st", "[::1", "http://[]"]
        {
            let error = Target::parse(text).expect_err(text);
            assert!(matches!(error, AddressError::Unreadable { .. }), "{text}: {error:?}");
        }
    }

    #[test]
    fn a_password_is_never_repeated() {
        for text in ["http://me:secret@host", "ftp://me:secret@host", "me:secret@host/secret"] {
            let error = Target::parse(text).expect_err(text);
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
