//! What can be asked of the server about one account: switches, values, and two commands.
//!
//! A [`Deed`] can be asked for, and only what the server takes can be one. A [`Value`] is what an account shows, whatever that is.

use std::fmt;

use super::{Account, Change, Plain, Setting, masked};

/// Which of an account's matters a deed is about. Of each, one is under way at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// One of the switches.
    Switch(Setting),
    /// The order of use.
    Priority,
    /// Where its requests go.
    Endpoint,
    /// Reading its usage from the provider.
    Usage,
    /// What is stored of a limit.
    Limit,
}

impl Matter {
    /// Those that have a value which the list shows.
    pub const SHOWN: [Self; 5] = [
        Self::Switch(Setting::AutoRefresh),
        Self::Switch(Setting::AutoFallback),
        Self::Switch(Setting::Paused),
        Self::Priority,
        Self::Endpoint,
    ];
}

impl fmt::Display for Matter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Switch(Setting::AutoRefresh) => "auto-refresh",
            Self::Switch(Setting::AutoFallback) => "auto-fallback",
            Self::Switch(Setting::Paused) => "pause",
            Self::Priority => "priority",
            Self::Endpoint => "endpoint",
            Self::Usage => "usage",
            Self::Limit => "limit",
        })
    }
}

impl From<Setting> for Matter {
    fn from(setting: Setting) -> Self {
        Self::Switch(setting)
    }
}

/// A priority that the server takes: 0 to 100 (`docs/server-contract.md`, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(u8);

impl Priority {
    /// None where the server refuses it. Its database may hold others.
    pub fn new(number: i64) -> Option<Self> {
        u8::try_from(number).ok().filter(|n| *n <= 100).map(Self)
    }

    /// From typed text.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const WANTED: &str = "a whole number from 0 to 100 is wanted";
        let text = text.trim();
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|_| digits).and_then(Self::new).ok_or(WANTED)
    }

    /// The number.
    pub fn number(self) -> i64 {
        self.0.into()
    }
}

/// An address of http or https in place of a provider's own.
///
/// The server asks only that it is a URL of some kind and answers anything else with 500, so that it is looked at before it is sent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint(Plain);

/// As it is shown: a key in it reaches no log.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({:?})", masked(self.0.as_str()))
    }
}

impl Endpoint {
    /// From typed text.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        let scheme = ["http://", "https://"].into_iter().find(|s| lower.starts_with(s));
        let rest = scheme.and_then(|s| text.get(s.len()..));
        let rest = rest.ok_or("an address that begins with http:// or https:// is wanted")?;
        if text.bytes().any(|b| !b.is_ascii_graphic() || b"\"<>\\^`{|}".contains(&b)) {
            return Err("an address is ASCII without blanks: write %20 and the like for other characters");
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let authority = rest.get(..end).unwrap_or_default();
        if authority.contains('@') {
            return Err("no name or password in an address: everyone who sees the list could read it");
        }
        let (host, port) = split_port(authority).ok_or("the address has no host, or no good one")?;
        if !is_host(host) {
            return Err("the address has no host, or no good one");
        }
        if port.is_some_and(|p| p.parse::<u16>().is_err() || !p.bytes().all(|b| b.is_ascii_digit())) {
            return Err("the address's port is no number up to 65535");
        }
        Ok(Self(Plain::new(text)))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Host and port of `host:port`, where the host may be `[::1]`.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    if authority.starts_with('[') {
        let (host, rest) = authority.split_at_checked(authority.find(']')? + 1)?;
        return match rest {
            "" => Some((host, None)),
            _ => Some((host, Some(rest.strip_prefix(':')?))),
        };
    }
    Some(authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))))
}

/// True for a name or an address of a host. Where the last label is a number, the server's parser takes the whole for an address.
fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return inner.parse::<core::net::Ipv6Addr>().is_ok();
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    let numeric = last.bytes().all(|b| b.is_ascii_digit()) || last.starts_with("0x");
    name.split('.').all(label) && (!numeric || name.parse::<core::net::Ipv4Addr>().is_ok())
}

/// What an account shows of a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A switch's position.
    Switch(bool),
    /// Any number that the database holds.
    Priority(i64),
    /// Any text that the database holds; none: the provider's own address.
    Endpoint(Option<Plain>),
}

impl Value {
    /// What `account` shows; none where its row does not tell.
    pub fn of(account: &Account, matter: Matter) -> Option<Self> {
        if account.fault.is_some() {
            return None;
        }
        match matter {
            Matter::Switch(setting) => account.setting(setting).map(Self::Switch),
            Matter::Priority => account.offers.priority.then_some(Self::Priority(account.priority)),
            Matter::Endpoint => account.offers.endpoint.then(|| Self::Endpoint(account.endpoint.clone())),
            Matter::Usage | Matter::Limit => None,
        }
    }

    /// The value in words, to stand behind the name of its matter: `on`, `5`, `https://…`.
    pub fn words(&self) -> String {
        match self {
            Self::Switch(true) => "on".to_owned(),
            Self::Switch(false) => "off".to_owned(),
            Self::Priority(n) => n.to_string(),
            Self::Endpoint(None) => "none".to_owned(),
            Self::Endpoint(Some(address)) => address.to_string(),
        }
    }

    /// The same as it may be shown: keys in an address are masked.
    pub fn shown(&self) -> String {
        masked(&self.words()).into_owned()
    }

    /// The same without its address, where nobody is to see that.
    #[must_use]
    pub fn without_address(&self) -> Self {
        match self {
            Self::Endpoint(Some(_)) => Self::Endpoint(Some(Plain::new("(hidden)"))),
            other => other.clone(),
        }
    }

    /// That a matter has the value, in words: `auto-refresh on`, `paused`, `priority 5`.
    pub fn told(&self, matter: Matter) -> String {
        match (matter, self) {
            (Matter::Switch(Setting::Paused), Self::Switch(true)) => "paused".to_owned(),
            (Matter::Switch(Setting::Paused), Self::Switch(false)) => "resumed".to_owned(),
            _ => format!("{matter} {}", self.shown()),
        }
    }

    /// That a matter had the value before it got another one: `was on`, `was paused`, `was 5`.
    pub fn told_before(&self, matter: Matter) -> String {
        match (matter, self) {
            (Matter::Switch(Setting::Paused), Self::Switch(true)) => "was paused".to_owned(),
            (Matter::Switch(Setting::Paused), Self::Switch(false)) => "was not".to_owned(),
            _ => format!("was {}", self.shown()),
        }
    }

    /// The deed that makes it so.
    ///
    /// # Errors
    ///
    /// Why the server does not take it.
    pub fn to_deed(&self, matter: Matter) -> Result<Deed, &'static str> {
        match (matter, self) {
            (Matter::Switch(setting), Self::Switch(to)) => Ok(Deed::Switch(Change { setting, to: *to })),
            (Matter::Priority, Self::Priority(n)) => {
                Priority::new(*n).map(Deed::Priority).ok_or("the server takes 0 to 100 only")
            }
            (Matter::Endpoint, Self::Endpoint(None)) => Ok(Deed::Endpoint(None)),
            (Matter::Endpoint, Self::Endpoint(Some(text))) => {
                Endpoint::parse(text.as_str()).map(|e| Deed::Endpoint(Some(e)))
            }
            _ => Err("it has no value"),
        }
    }
}

/// Something that can be asked of the server about one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Set a switch.
    Switch(Change),
    /// Set the order of use.
    Priority(Priority),
    /// Set where its requests go; none: to the provider's own address.
    Endpoint(Option<Endpoint>),
    /// Read its usage from the provider now.
    ReadUsage,
    /// Forget its cooldown, its reset and its status.
    ClearLimit,
}

impl Deed {
    /// What it is about.
    pub fn matter(&self) -> Matter {
        match self {
            Self::Switch(change) => Matter::Switch(change.setting),
            Self::Priority(_) => Matter::Priority,
            Self::Endpoint(_) => Matter::Endpoint,
            Self::ReadUsage => Matter::Usage,
            Self::ClearLimit => Matter::Limit,
        }
    }

    /// What the account shows once it is done; none for the commands.
    pub fn value(&self) -> Option<Value> {
        match self {
            Self::Switch(change) => Some(Value::Switch(change.to)),
            Self::Priority(n) => Some(Value::Priority(n.number())),
            Self::Endpoint(address) => Some(Value::Endpoint(address.as_ref().map(|e| e.0.clone()))),
            Self::ReadUsage | Self::ClearLimit => None,
        }
    }

    /// What it is called once it is done, with `showing` of its value.
    pub fn told(&self, showing: fn(&Value) -> Value) -> String {
        match (self, self.value()) {
            (Self::ReadUsage, _) => "usage re-read".to_owned(),
            (Self::ClearLimit, _) => "limit cleared".to_owned(),
            (_, value) => value.map_or_else(String::new, |v| showing(&v).told(self.matter())),
        }
    }

    /// The position that a switch is set to; none for what is no switch.
    pub fn position(&self) -> Option<bool> {
        match self {
            Self::Switch(change) => Some(change.to),
            _ => None,
        }
    }

    /// A switch set the other way; anything else as it is.
    #[must_use]
    pub fn flipped(&self) -> Self {
        match self {
            Self::Switch(change) => Self::Switch(Change { to: !change.to, ..*change }),
            other => other.clone(),
        }
    }
}

/// As it is told once it is done: `auto-refresh on`, `priority 5`, `limit cleared`.
impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Value::clone))
    }
}

impl From<Change> for Deed {
    fn from(change: Change) -> Self {
        Self::Switch(change)
    }
}

/// What the answer to a deed says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It is so now.
    Is(Value),
    /// It was done.
    Done,
    /// It was begun, and nothing has come of it yet.
    Begun,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_priority_is_a_whole_number_from_0_to_100() {
        for (text, number) in [("0", 0), (" 5 ", 5), ("100", 100), ("007", 7)] {
            assert_eq!(Priority::parse(text).map(Priority::number), Ok(number), "{text:?}");
        }
        for text in ["", " ", "101", "-1", "+5", "1.5", "1e2", "x", "5 5", "٥", "99999999999999999999"] {
            assert!(Priority::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_endpoint_is_an_address_of_http_or_https() {
        for text in [
            "https://api.example.com",
            "HTTP://localhost:8080/v1/messages",
            "http://127.0.0.1:44653/u/active",
            "https://[::1]:8443/",
            "https://a_b.example./path?x=1&y=%20#z",
            "http://x:0",
        ] {
            assert_eq!(Endpoint::parse(text).map(|e| e.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(Endpoint::parse(" http://x ").map(|e| e.to_string()), Ok("http://x".to_owned()));
        for (text, says) in [
            ("", "http://"),
            ("nope", "http://"),
            ("javascript:1", "http://"),
            ("bedrock:default:eu-central-1", "http://"),
            ("ftp://x", "http://"),
            ("https:/x", "http://"),
            ("https://", "host"),
            ("https:///path", "host"),
            ("https://?x", "host"),
            ("https://a..b", "host"),
            ("https://1.2.3.4.5", "host"),
            ("https://300.1.1.1", "host"),
            ("https://[::x]", "host"),
            ("https://[::1]x", "host"),
            ("https://a,b", "host"),
            ("https://x:", "port"),
            ("https://x:y", "port"),
            ("https://x:+1", "port"),
            ("https://x:65536", "port"),
            ("https://me:secret@x", "password"),
            ("https://x/a b", "ASCII"),
            ("https://ex\u{e4}mple.com", "ASCII"),
            ("https://x/\u{1b}[2J", "ASCII"),
            ("https://x/\"", "ASCII"),
        ] {
            let fault = Endpoint::parse(text).expect_err(text);
            assert!(fault.contains(says), "{text:?}: {fault}");
        }
    }

    #[test]
    fn a_value_that_the_server_refuses_is_no_deed() {
        let values = [
            (Matter::Priority, Value::Priority(1234)),
            (Matter::Priority, Value::Priority(-1)),
            (Matter::Endpoint, Value::Endpoint(Some(Plain::new("bedrock:default:eu-central-1")))),
            (Matter::Priority, Value::Switch(true)),
            (Matter::Usage, Value::Switch(true)),
        ];
        for (matter, value) in values {
            assert!(value.to_deed(matter).is_err(), "{value:?}");
        }
        for (matter, value) in [
            (Matter::Switch(Setting::Paused), Value::Switch(true)),
            (Matter::Priority, Value::Priority(100)),
            (Matter::Endpoint, Value::Endpoint(None)),
            (Matter::Endpoint, Value::Endpoint(Some(Plain::new("https://x.example")))),
        ] {
            let deed = value.to_deed(matter).expect("a deed");
            assert_eq!((deed.matter(), deed.value()), (matter, Some(value)));
        }
    }
}
