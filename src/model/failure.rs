//! Why a request to the server came to nothing.

use super::Plain;

/// Which of the server's three refusals at the door it was (`docs/server-contract.md`, section 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthProblem {
    /// A key is wanted and none was sent.
    KeyRequired,
    /// The key is not known to the server.
    InvalidKey,
    /// The key is valid and has no right to the dashboard.
    NotAdmin,
    /// Another text.
    Other(Plain),
}

/// What a body was that should have been JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotJson {
    /// A web page.
    Html,
    /// Nothing at all.
    Empty,
    /// It ends too early.
    CutShort,
    /// Something else.
    Other,
    /// JSON, of another shape than the contract's.
    WrongShape,
}

/// Why a request came to nothing. All text in it is safe to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nothing listens there.
    #[error("connection refused")]
    Refused,
    /// The name is not known.
    #[error("no such host")]
    UnknownHost,
    /// The network said so.
    #[error("cannot connect: {0}")]
    Unreachable(Plain),
    /// The connection was not made in time.
    #[error("no connection within {0} s")]
    ConnectTimeout(u64),
    /// The connection is there and no answer came in time: the server may be frozen or very busy.
    #[error("no answer within {0} s")]
    AnswerTimeout(u64),
    /// The connection ended before the answer did.
    #[error("the connection was closed")]
    Closed,
    /// The connection was closed without a byte, and this address has never answered. A server with TLS does that to plain
    /// HTTP, and so does one that is just stopping, so this is no more than a guess.
    #[error("the connection was closed without an answer")]
    ClosedUnanswered,
    /// https was spoken to a port that speaks http.
    #[error("this port does not speak TLS")]
    NotTls,
    /// http was spoken to a port that speaks https.
    #[error("this port wants TLS")]
    WantsTls,
    /// The certificate was not accepted.
    #[error("certificate not accepted: {0}")]
    Certificate(Plain),
    /// Something else about TLS.
    #[error("TLS failed: {0}")]
    Tls(Plain),
    /// The answer was not what the contract says.
    #[error("{}", not_json(*.0))]
    NotJson(NotJson),
    /// The body, or one record of it, is larger than is taken.
    #[error("the answer is larger than {0} MiB")]
    TooLarge(u64),
    /// The server wants a key, or another one.
    #[error("{}", auth(.0))]
    Unauthorized(AuthProblem),
    /// The server pointed elsewhere, which is never followed: it would carry the key away.
    #[error("redirected to {0}")]
    Redirected(Plain),
    /// The server answered with an error of its own.
    #[error("{status}{}{text}", if .text.is_blank() { "" } else { ": " })]
    Status {
        /// The HTTP status code.
        status: u16,
        /// The server's words, possibly none.
        text: Plain,
    },
    /// The id would change the request's path, so nothing was sent.
    #[error("the account's id cannot be named in a request")]
    UnsafeId,
    /// The server does not have this endpoint.
    #[error("not offered by this server")]
    NotOffered,
    /// Anything else.
    #[error("{0}")]
    Other(Plain),
}

impl Failure {
    /// True where a request that changes something may have been carried out all the same.
    ///
    /// A gateway's 502, 503 or 504 and an odd success say nothing about what the server behind did.
    pub fn leaves_outcome_unknown(&self) -> bool {
        if let Self::Status { status, .. } = self {
            return matches!(status, 200..=299 | 502..=504);
        }
        matches!(
            self,
            Self::AnswerTimeout(_)
                | Self::Closed
                | Self::ClosedUnanswered
                | Self::TooLarge(_)
                | Self::NotJson(_)
                | Self::Other(_)
        )
    }

    /// True where the server was reached and answered in its own words.
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::Status { .. } | Self::Unauthorized(_))
    }

    /// What to try, as one sentence without a full stop; none where there is nothing to advise.
    pub fn advice(&self) -> Option<&'static str> {
        Some(match self {
            Self::Refused => "is better-ccflare running there?",
            Self::UnknownHost => "check the host's name",
            Self::Unreachable(_) | Self::ConnectTimeout(_) => {
                "check the address, a firewall, or the SSH tunnel"
            }
            Self::AnswerTimeout(_) => "the server accepts connections and does not answer: is it frozen?",
            Self::Closed => "the server closed the connection: did it restart?",
            Self::ClosedUnanswered => {
                "does this port want https:// instead of http://, or the other way round?"
            }
            Self::NotTls => "use http:// instead of https://",
            Self::WantsTls => "use https:// instead of http://",
            Self::Certificate(_) | Self::Tls(_) => {
                "name the CA or the server's own certificate with --ca-cert FILE"
            }
            Self::NotJson(NotJson::Html) => "that is a web page: is this better-ccflare's address and port?",
            Self::NotJson(_) => "is this better-ccflare's address and port?",
            Self::Unauthorized(AuthProblem::KeyRequired | AuthProblem::Other(_)) => {
                "set FLARETOP_API_KEY or --api-key-file to an admin key"
            }
            Self::Unauthorized(AuthProblem::InvalidKey) => {
                "check FLARETOP_API_KEY or --api-key-file: is the key from this server, and still active?"
            }
            Self::Unauthorized(AuthProblem::NotAdmin) => {
                "make a key with better-ccflare --generate-api-key NAME --admin"
            }
            Self::Redirected(_) => "give flaretop the address that it points to, if you trust it",
            _ => return None,
        })
    }
}

fn not_json(what: NotJson) -> &'static str {
    match what {
        NotJson::Html => "the answer is a web page",
        NotJson::Empty => "the answer is empty",
        NotJson::CutShort => "the answer is cut short",
        NotJson::Other => "the answer is not JSON",
        NotJson::WrongShape => "the answer is JSON of an unknown shape",
    }
}

fn auth(problem: &AuthProblem) -> String {
    match problem {
        AuthProblem::KeyRequired => "401: the server wants an API key".into(),
        AuthProblem::InvalidKey => "401: the server does not know this API key".into(),
        AuthProblem::NotAdmin => "401: this API key has no access to the dashboard".into(),
        AuthProblem::Other(text) => format!("401: {text}"),
    }
}
