//! A server that can be watched: where it is, and what is needed to be let in.

use std::path::PathBuf;

use super::key_command::{self, Asks, CommandError};
use crate::client::{Client, Secret, SecretError, SetupError, Target};
use crate::model::Plain;
use crate::runtime::clock;

/// Where a server's API key comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum KeySource {
    /// There is none.
    #[default]
    None,
    /// It is here.
    Set(Secret),
    /// From a file.
    File(PathBuf),
    /// From what a program prints.
    Command(Vec<String>),
}

/// A server of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is called.
    pub name: Plain,
    /// Where it is.
    pub target: Target,
    /// Where its API key comes from.
    pub key: KeySource,
    /// A certificate to trust.
    pub ca_cert: Option<PathBuf>,
    /// It is the one where none is named.
    pub default: bool,
}

/// A server that can be watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// What the configuration calls it; none where only its address was given.
    pub name: Option<Plain>,
    /// Where it is.
    pub target: Target,
    /// Where its API key comes from.
    pub key: KeySource,
    /// A certificate to trust.
    pub ca_cert: Option<PathBuf>,
}

impl From<Named> for Server {
    fn from(named: Named) -> Self {
        let Named { name, target, key, ca_cert, default: _ } = named;
        Self { name: Some(name), target, key, ca_cert }
    }
}

/// Why a server cannot even be asked.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Its key cannot be had from its file.
    #[error(transparent)]
    Key(#[from] SecretError),
    /// Its key cannot be had from its command.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// Encryption cannot be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The program ends.
    #[error("{0}")]
    Ended(Plain),
}

impl Server {
    /// The server at an address, with nothing more to it.
    pub fn at(target: Target) -> Self {
        Self { name: None, target, key: KeySource::None, ca_cert: None }
    }

    /// An API key is sent with each request.
    pub fn has_key(&self) -> bool {
        self.key != KeySource::None
    }

    /// Fetches the key, reads the certificates, and makes the client.
    ///
    /// # Errors
    /// Where the key cannot be had, or a certificate cannot be read or used.
    pub async fn connect(&self, asks: Asks) -> Result<Client, ServerError> {
        let printed = match &self.key {
            KeySource::Command(words) => Some(key_command::run(words, asks).await?),
            _ => None,
        };
        if asks == Asks::OnTheTerminal {
            return self.client(printed);
        }
        // The screen is drawn on meanwhile, and the machine's certificates take a while.
        let server = self.clone();
        match tokio::task::spawn_blocking(move || server.client(printed)).await {
            Ok(client) => client,
            Err(gone) => Err(ServerError::Ended(Plain::from(gone.to_string()))),
        }
    }

    fn client(&self, printed: Option<Secret>) -> Result<Client, ServerError> {
        let key = match &self.key {
            KeySource::None => None,
            KeySource::Set(secret) => Some(secret.clone()),
            KeySource::File(path) => Some(Secret::from_file(path)?),
            KeySource::Command(_) => printed,
        };
        Ok(Client::new(self.target.clone(), key, self.ca_cert.as_deref(), clock::now)?)
    }
}
