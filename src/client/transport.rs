//! What a request that came to nothing ran into, read out of the chain of errors below it; where that does not tell whether TLS is
//! spoken there, by asking.

use std::error::Error;
use std::io::ErrorKind;
use std::time::Duration;

use rustls::{CertificateError, InvalidMessage};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::target::Target;
use crate::model::{Failure, NotJson, Plain};

/// A failure before the head of an answer was there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// What it was.
    Told(Failure),
    /// The connection was closed without a byte.
    Silent,
    /// Something answered that does not speak HTTP.
    NotHttp,
}

/// What an error before the head of an answer means.
pub(super) fn trouble(error: &reqwest::Error, connect_timeout: Duration) -> Trouble {
    let causes = causes(error);
    let hyper = causes.iter().find_map(|cause| cause.downcast_ref::<hyper::Error>());
    if hyper.is_some_and(hyper::Error::is_parse) {
        return Trouble::NotHttp;
    }
    if let Some(tls) = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return Trouble::Told(tls_failure(tls));
    }
    if causes.iter().any(|cause| cause.to_string() == "dns error") {
        return Trouble::Told(lookup_failure(&innermost(&causes)));
    }
    if error.is_connect() && error.is_timeout() {
        return Trouble::Told(Failure::ConnectTimeout(seconds(connect_timeout)));
    }
    match io_kind(&causes) {
        Some(ErrorKind::ConnectionRefused) => Trouble::Told(Failure::Refused),
        Some(kind) if is_closed(kind) => Trouble::Silent,
        _ if error.is_connect() => Trouble::Told(Failure::Unreachable(Plain::from(innermost(&causes)))),
        _ if hyper.is_some_and(|e| e.is_incomplete_message() || e.is_closed() || e.is_canceled()) => {
            Trouble::Silent
        }
        Some(ErrorKind::TimedOut) => Trouble::Told(Failure::Closed), // given up by the kernel
        _ => Trouble::Told(Failure::Other(Plain::from(innermost(&causes)))),
    }
}

/// What an error in the middle of a body means. A body that ends early is told from a connection that broke.
pub(super) fn body_failure(error: &reqwest::Error) -> Failure {
    let causes = causes(error);
    if let Some(tls) = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return tls_failure(tls);
    }
    let hyper = causes.iter().find_map(|cause| cause.downcast_ref::<hyper::Error>());
    match io_kind(&causes) {
        Some(ErrorKind::UnexpectedEof) => Failure::NotJson(NotJson::CutShort),
        Some(kind) if is_closed(kind) || kind == ErrorKind::TimedOut => Failure::Closed,
        _ if hyper.is_some_and(hyper::Error::is_incomplete_message) => Failure::NotJson(NotJson::CutShort),
        _ if hyper.is_some_and(|e| e.is_closed() || e.is_canceled()) => Failure::Closed,
        _ => Failure::Other(Plain::from(innermost(&causes))),
    }
}

/// Whole seconds, at least one, for telling a person.
pub(super) fn seconds(time: Duration) -> u64 {
    time.as_secs().max(1)
}

/// The error and everything below it. An I/O error hides what it wraps from `source`, so that is asked for by itself.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut causes = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        causes.push(cause);
        let wrapped: Option<&'a (dyn Error + 'static)> = cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .map(|inner| -> &'a (dyn Error + 'static) { inner });
        next = wrapped.or_else(|| cause.source());
    }
    causes
}

fn io_kind(causes: &[&(dyn Error + 'static)]) -> Option<ErrorKind> {
    causes.iter().rev().find_map(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind)
}

fn innermost(causes: &[&(dyn Error + 'static)]) -> String {
    causes.last().map(ToString::to_string).unwrap_or_default()
}

fn is_closed(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::NotConnected
            | ErrorKind::UnexpectedEof
    )
}

/// A lookup that failed for now is no proof that there is no such host.
fn lookup_failure(text: &str) -> Failure {
    if text.contains("emporary") || text.contains("ry again") {
        Failure::Unreachable("the host's name could not be looked up just now".into())
    } else {
        Failure::UnknownHost
    }
}

fn tls_failure(error: &rustls::Error) -> Failure {
    match error {
        rustls::Error::InvalidMessage(
            InvalidMessage::InvalidContentType
            | InvalidMessage::UnknownProtocolVersion
            | InvalidMessage::MessageTooLarge,
        ) => Failure::NotTls,
        rustls::Error::InvalidCertificate(why) => Failure::Certificate(certificate_words(why)),
        rustls::Error::NoCertificatesPresented => Failure::Certificate("the server has none".into()),
        other => Failure::Tls(Plain::from(other.to_string())),
    }
}

fn certificate_words(error: &CertificateError) -> Plain {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".into(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet; is a clock wrong?".into()
        }
        CertificateError::UnknownIssuer => "its issuer is not known here".into(),
        CertificateError::BadSignature => {
            "it was not signed by the issuer that is known here by that name".into()
        }
        CertificateError::NotValidForName => "it is for another name".into(),
        CertificateError::NotValidForNameContext { presented, .. } => {
            Plain::from(format!("it is for another name ({})", names(presented)))
        }
        other => match other.to_string() {
            words if words.contains("CaUsedAsEndEntity") => "it is self-signed".into(),
            words => Plain::from(words),
        },
    }
}

/// The first few of a certificate's names; some have hundreds. They come as `DnsName("…")` or `IpAddress(…)`.
fn names(presented: &[String]) -> String {
    const SHOWN: usize = 3;
    let bare = |name: &String| {
        let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
        inner.trim_matches('"').to_owned()
    };
    let mut names: Vec<String> = presented.iter().take(SHOWN).map(bare).collect();
    if presented.len() > SHOWN {
        names.push("…".into());
    }
    names.join(", ")
}

/// True where the port answers plain HTTP with an alert of TLS, which the HTTP library can only call unreadable.
///
/// `path` should be one that needs no key.
pub(super) async fn is_answered_with_alert(target: &Target, path: &str, patience: Duration) -> bool {
    let asked = async {
        let mut socket = tokio::net::TcpStream::connect(target.host_and_port()).await?;
        let question =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", target.display());
        socket.write_all(question.as_bytes()).await?;
        let mut start = [0; 2];
        socket.read_exact(&mut start).await?;
        std::io::Result::Ok(start == [0x15, 0x03]) // the type of an alert, and the major version of all of TLS
    };
    matches!(timeout(patience, asked).await, Ok(Ok(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_refused_in_words() {
        for (error, words) in [
            (CertificateError::Expired, "it has expired"),
            (CertificateError::UnknownIssuer, "its issuer is not known here"),
            (CertificateError::NotValidYet, "it is not valid yet; is a clock wrong?"),
        ] {
            assert_eq!(
                tls_failure(&rustls::Error::InvalidCertificate(error)),
                Failure::Certificate(words.into())
            );
        }
        let presented = [r#"DnsName("a")"#, "IpAddress(::1)", "c", "d"].map(String::from).to_vec();
        let expected = rustls::pki_types::ServerName::try_from("x.example").expect("a name").to_owned();
        let error = CertificateError::NotValidForNameContext { expected, presented };
        assert_eq!(certificate_words(&error), "it is for another name (a, ::1, c, …)");
    }

    #[test]
    fn a_lookup_that_failed_for_now_does_not_deny_the_host() {
        assert!(matches!(
            lookup_failure("failed to lookup address information: Temporary failure in name resolution"),
            Failure::Unreachable(_)
        ));
        assert_eq!(
            lookup_failure("failed to lookup address information: Name or service not known"),
            Failure::UnknownHost
        );
    }

    #[test]
    fn an_error_within_an_io_error_is_found() {
        let inner = rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType);
        let outer = std::io::Error::new(ErrorKind::InvalidData, inner);
        assert!(causes(&outer).iter().any(|cause| cause.is::<rustls::Error>()));
    }
}
