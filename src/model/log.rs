//! Log records as the server keeps them.

use std::hash::{Hash, Hasher};

use super::{Plain, Timestamp};

/// How serious a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Level {
    /// For finding faults.
    Debug,
    /// Routine.
    Info,
    /// Worth a look.
    Warn,
    /// Something failed.
    Error,
    /// A word that is not known here, shown as sent.
    Other(Plain),
}

impl Level {
    /// From the server's word, in any case.
    pub fn new(word: &str) -> Self {
        match word {
            "DEBUG" | "debug" => Self::Debug,
            "INFO" | "info" => Self::Info,
            "WARN" | "warn" | "WARNING" | "warning" => Self::Warn,
            "ERROR" | "error" => Self::Error,
            other => Self::Other(Plain::new(other)),
        }
    }

    /// The word that is shown.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Other(word) => word.as_str(),
        }
    }

    /// How serious, 0 (debug) to 3 (error). An unknown level counts as a warning, so that nothing unknown is hidden.
    pub fn severity(&self) -> u8 {
        match self {
            Self::Debug => 0,
            Self::Info => 1,
            Self::Warn | Self::Other(_) => 2,
            Self::Error => 3,
        }
    }
}

/// One record of the server's log (`docs/server-contract.md`, section 4). The server gives records no ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When, by the server's clock, with milliseconds.
    pub at: Timestamp,
    /// How serious.
    pub level: Level,
    /// The message, whole.
    pub message: Plain,
    /// What came with it, as JSON text on one line.
    pub data: Option<Plain>,
}

/// What nearly always tells two records apart is enough for a hash.
impl Hash for LogLine {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.at.hash(state);
        self.message.hash(state);
    }
}

impl LogLine {
    /// About how many bytes the record holds in memory.
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.message.len() + self.data.as_ref().map_or(0, Plain::len)
    }
}
