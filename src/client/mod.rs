//! Requests to the server: one typed function for each endpoint that the dashboard uses, and no other.
//!
//! A path that the server does not know is not answered with 404: it is forwarded to a provider with an account's
//! credentials (`docs/server-contract.md`, section 1). So all paths stand in this file and in [`crate::api::wanted`], and ids are
//! checked before they go into one. When to ask, how often, and what to do about a failure is decided in [`crate::app`].

mod body;
mod secret;
pub mod sse;
mod stream;
mod target;
mod tls;
mod transport;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response, StatusCode};
use rustls::ClientConfig;
use tokio::time::timeout;

pub use secret::{Secret, SecretError};
pub use stream::{LogStream, StreamBatch};
pub use target::{AddressError, Target};
pub use tls::TlsError;

use self::body::Mebibytes;
use self::transport::{Trouble, seconds};
use crate::api;
use crate::model::{
    AccountId, AccountsAnswer, Change, Deed, Endpoint, Failure, Health, LogLine, NotJson, Priority, Timestamp,
};

/// The most that is taken of the list: some 100,000 accounts.
const LIST_LIMIT: Mebibytes = Mebibytes(100);

/// The most that is taken of the history: 1,000 records, of which one may be several megabytes.
const HISTORY_LIMIT: Mebibytes = Mebibytes(64);

/// The most that is taken of the answer to a change, which is one sentence, or to the question for the server's health.
const CHANGE_LIMIT: Mebibytes = Mebibytes(1);

/// How long an unused connection is kept. The server closes one after about 252 s (`docs/server-contract.md`, section 1), and a
/// request that is on its way at that moment is lost.
const IDLE: Duration = Duration::from_secs(200);

const ACCOUNTS: &str = "/api/accounts";
const HISTORY: &str = "/api/logs/history";
const STREAM: &str = "/api/logs/stream";
const HEALTH: &str = "/health";

/// How long is waited for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, with TLS where it is wanted. A host that drops packets never refuses one.
    pub connect: Duration,
    /// For the next byte of an answer. A frozen server accepts connections and says nothing.
    pub answer: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), answer: Duration::from_secs(10) }
    }
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Encryption cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The HTTP library refuses.
    #[error("cannot set up HTTP")]
    Http(#[source] reqwest::Error),
}

/// Speaks to one server. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    target: Target,
    key: Option<Secret>,
    tls: ClientConfig,
    timeouts: Timeouts,
    clock: fn() -> Timestamp,
    http: RwLock<reqwest::Client>,
    /// The server has answered something. From then on a connection may be an old one that the server has closed.
    answered: AtomicBool,
    /// The head of a list has come.
    list_begun: AtomicBool,
}

impl Client {
    /// A client for `target`. The certificates of `ca_cert` are trusted besides the platform's; for http neither is loaded.
    ///
    /// # Errors
    ///
    /// That the certificates cannot be used.
    pub fn new(
        target: Target,
        key: Option<Secret>,
        ca_cert: Option<&Path>,
        clock: fn() -> Timestamp,
    ) -> Result<Self, SetupError> {
        Self::with_timeouts(target, key, ca_cert, clock, Timeouts::default())
    }

    /// The same with other timeouts.
    ///
    /// # Errors
    ///
    /// That the certificates cannot be used.
    pub fn with_timeouts(
        target: Target,
        key: Option<Secret>,
        ca_cert: Option<&Path>,
        clock: fn() -> Timestamp,
        timeouts: Timeouts,
    ) -> Result<Self, SetupError> {
        let tls = if target.is_tls() { tls::with_roots(ca_cert)? } else { tls::without_roots()? };
        let http = connections(&target, key.as_ref(), &tls, timeouts).map_err(SetupError::Http)?;
        let (http, answered, list_begun) =
            (RwLock::new(http), AtomicBool::new(false), AtomicBool::new(false));
        let shared = Shared { target, key, tls, timeouts, clock, http, answered, list_begun };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The server's address.
    pub fn target(&self) -> &Target {
        &self.shared.target
    }

    /// Forgets the connections that are kept open, so that the next request makes a new one. Requests under way go on.
    pub fn drop_connections(&self) {
        let Shared { target, key, tls, timeouts, http, .. } = &*self.shared;
        // The same settings were accepted before; should they be refused now, the old connections are better than none.
        if let Ok(fresh) = connections(target, key.as_ref(), tls, *timeouts) {
            *http.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
    }

    /// Asks for the list of accounts (`docs/server-contract.md`, section 3).
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub async fn accounts(&self) -> Result<AccountsAnswer, Failure> {
        let Answer { sent, received, response } = self.get(ACCOUNTS, "application/json").await?;
        self.shared.list_begun.store(response.status() == StatusCode::OK, Ordering::Relaxed);
        let date = body::date(response.headers());
        let body = self.body(response, LIST_LIMIT).await?;
        let (accounts, rows) = api::read_list(body).map_err(Failure::NotJson)?;
        Ok(AccountsAnswer { accounts, sent, received, date, rows })
    }

    /// True once the head of a list has come: the rest follows, if it has not.
    pub fn has_list_begun(&self) -> bool {
        self.shared.list_begun.load(Ordering::Relaxed)
    }

    /// Asks for the server's own count of the accounts that it can use (`docs/server-contract.md`, section 8).
    ///
    /// # Errors
    ///
    /// Why it is not known.
    pub async fn health(&self) -> Result<Health, Failure> {
        let Answer { response, .. } = self.get(HEALTH, "application/json").await?;
        // Its status tells about the accounts: with none to use it is 503, with a whole body.
        if !matches!(response.status(), StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE) {
            return Err(body::refusal(response, self.shared.timeouts.answer).await);
        }
        let body = body::read(response, CHANGE_LIMIT, self.shared.timeouts.answer).await?;
        api::read_health(&body).map_err(Failure::NotJson)
    }

    /// Sets one switch and tells its position according to the answer (`docs/server-contract.md`, section 2).
    ///
    /// Like every change it is sent once at most: an old connection that turns out closed is replaced only before anything was
    /// written to it.
    ///
    /// # Errors
    ///
    /// Why the position is not known; [`Failure::leaves_outcome_unknown`] tells whether it may have changed all the same.
    pub async fn change(&self, id: &AccountId, change: Change) -> Result<bool, Failure> {
        let body = self.ask(id, &Deed::Switch(change)).await?;
        api::read_change(&body, change).map_err(Failure::NotJson)
    }

    /// Sets the priority and tells it according to the answer (`docs/server-contract.md`, section 2).
    ///
    /// # Errors
    ///
    /// As [`Client::change`].
    pub async fn set_priority(&self, id: &AccountId, priority: Priority) -> Result<i64, Failure> {
        let body = self.ask(id, &Deed::Priority(priority)).await?;
        api::read_priority(&body, priority.number()).map_err(Failure::NotJson)
    }

    /// Sets the address where the account's requests go, or with none the provider's own (`docs/server-contract.md`, section 2).
    ///
    /// The answer says nothing of the address, nor whether there is such an account: the list does.
    ///
    /// # Errors
    ///
    /// As [`Client::change`].
    pub async fn set_endpoint(&self, id: &AccountId, address: Option<Endpoint>) -> Result<(), Failure> {
        let body = self.ask(id, &Deed::Endpoint(address)).await?;
        api::read_done(&body).map_err(Failure::NotJson)
    }

    /// Has the server read the account's usage from the provider now (`docs/server-contract.md`, section 2). True where it has come,
    /// false where it was only asked for.
    ///
    /// # Errors
    ///
    /// As [`Client::change`].
    pub async fn reread_usage(&self, id: &AccountId) -> Result<bool, Failure> {
        let body = self.ask(id, &Deed::ReadUsage).await?;
        api::read_usage_begun(&body).map_err(Failure::NotJson)
    }

    /// Has the server forget the account's cooldown, reset and status (`docs/server-contract.md`, section 2).
    ///
    /// # Errors
    ///
    /// As [`Client::change`].
    pub async fn clear_limit(&self, id: &AccountId) -> Result<(), Failure> {
        let body = self.ask(id, &Deed::ClearLimit).await?;
        api::read_done(&body).map_err(Failure::NotJson)
    }

    /// Sends what asks for `deed`, and takes in the answer's body.
    async fn ask(&self, id: &AccountId, deed: &Deed) -> Result<Vec<u8>, Failure> {
        let segment = id.path_segment().ok_or(Failure::UnsafeId)?;
        let api::Wanted { action, body } = api::wanted(deed);
        let path = format!("{ACCOUNTS}/{segment}/{action}");
        let Answer { response, .. } =
            self.send(Method::POST, &path, "application/json", body).await.map_err(|e| self.told(e))?;
        self.body(response, CHANGE_LIMIT).await
    }

    /// Asks for the last log records, oldest first (`docs/server-contract.md`, section 4).
    ///
    /// # Errors
    ///
    /// Why there are none.
    pub async fn history(&self) -> Result<Vec<LogLine>, Failure> {
        let Answer { response, .. } = self.get(HISTORY, "application/json").await?;
        if is_missing(response.status()) {
            return Err(Failure::NotOffered);
        }
        let body = self.body(response, HISTORY_LIMIT).await?;
        api::read_history(&body).map_err(Failure::NotJson)
    }

    /// Opens the stream of log records (`docs/server-contract.md`, section 4).
    ///
    /// # Errors
    ///
    /// Why it cannot be opened.
    pub async fn stream(&self) -> Result<LogStream, Failure> {
        let Answer { response, .. } = self.get(STREAM, "text/event-stream").await?;
        match response.status() {
            StatusCode::OK if body::is_type(response.headers(), "text/event-stream") => {
                Ok(LogStream::new(response))
            }
            StatusCode::OK if body::is_html(response.headers()) => Err(Failure::NotJson(NotJson::Html)),
            StatusCode::OK => Err(Failure::NotOffered),
            status if is_missing(status) => Err(Failure::NotOffered),
            _ => Err(body::refusal(response, self.shared.timeouts.answer).await),
        }
    }

    /// The body of an answer with status 200, or the failure that another status is.
    async fn body(&self, response: Response, limit: Mebibytes) -> Result<Vec<u8>, Failure> {
        let patience = self.shared.timeouts.answer;
        if response.status() == StatusCode::OK {
            body::read(response, limit, patience).await
        } else {
            Err(body::refusal(response, patience).await)
        }
    }

    /// Asks once, and once more where the reason may be a kept connection that the server had closed.
    async fn get(&self, path: &str, accept: &'static str) -> Result<Answer, Failure> {
        let may_be_old = self.shared.answered.load(Ordering::Relaxed);
        let trouble = match self.send(Method::GET, path, accept, None).await {
            Err(Trouble::Silent) if may_be_old => self.send(Method::GET, path, accept, None).await,
            result => result,
        };
        match trouble {
            Err(Trouble::NotHttp) if !self.target().is_tls() && self.speaks_tls().await => {
                Err(Failure::WantsTls)
            }
            result => result.map_err(|trouble| self.told(trouble)),
        }
    }

    /// Sends one request and waits for the head of its answer.
    async fn send(
        &self,
        method: Method,
        path: &str,
        accept: &'static str,
        content: Option<String>,
    ) -> Result<Answer, Trouble> {
        let Shared { target, timeouts, clock, http, answered, .. } = &*self.shared;
        let http = http.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut request = http.request(method, target.at(path)).header(ACCEPT, accept);
        if let Some(content) = content {
            request = request.header(CONTENT_TYPE, "application/json").body(content);
        }
        let sent = clock();
        match timeout(timeouts.answer, request.send()).await {
            Ok(Ok(response)) => {
                let received = clock();
                answered.store(true, Ordering::Relaxed);
                Ok(Answer { sent, received, response })
            }
            Ok(Err(error)) => Err(transport::trouble(&error, timeouts.connect)),
            Err(_) => Err(Trouble::Told(Failure::AnswerTimeout(seconds(timeouts.answer)))),
        }
    }

    /// True where the port answers a plain question as TLS does.
    async fn speaks_tls(&self) -> bool {
        transport::is_answered_with_alert(self.target(), HEALTH, self.shared.timeouts.connect).await
    }

    fn told(&self, trouble: Trouble) -> Failure {
        match trouble {
            Trouble::Told(failure) => failure,
            Trouble::NotHttp => Failure::NotJson(NotJson::Other),
            Trouble::Silent if self.shared.answered.load(Ordering::Relaxed) => Failure::Closed,
            // A server with TLS closes a connection on which it is spoken to in plain HTTP, and says nothing.
            Trouble::Silent => Failure::ClosedUnanswered,
        }
    }
}

/// The head of an answer, and when it came.
struct Answer {
    sent: Timestamp,
    received: Timestamp,
    response: Response,
}

/// True where the server does not know the path or the method. The real one never says so.
fn is_missing(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)
}

/// A pool of connections, empty at first.
fn connections(
    target: &Target,
    key: Option<&Secret>,
    tls: &ClientConfig,
    timeouts: Timeouts,
) -> reqwest::Result<reqwest::Client> {
    let mut headers = HeaderMap::new();
    if let Some(value) = key.and_then(Secret::header) {
        headers.insert(HeaderName::from_static("x-api-key"), value);
    }
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(timeouts.connect)
        .pool_idle_timeout(IDLE);
    if target.is_loopback() {
        builder = builder.no_proxy();
    }
    builder.build()
}
