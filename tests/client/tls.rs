//! Certificates, and the two ways of speaking the wrong protocol to a port.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

use flaretop::client::{Client, Target};
use flaretop::model::{Failure, NotJson};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::server::{Server, TIMEOUTS, Then, Wire, answer, client, json, listening, noon};

/// A server that speaks TLS with this certificate.
fn server(certificate: &CertificateDer<'static>, key: &KeyPair) -> Server {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .expect("a certificate");
    let config = Arc::new(config);
    let wrap = move |mut socket: TcpStream| -> Option<Box<dyn Wire>> {
        let mut tls = ServerConnection::new(Arc::clone(&config)).ok()?;
        while tls.is_handshaking() {
            if tls.complete_io(&mut socket).is_err() {
                let _ = tls.write_tls(&mut socket); // the alert
                return None;
            }
        }
        Some(Box::new(StreamOwned::new(tls, socket)))
    };
    Server::wrapped(wrap, |_, wire| {
        let _ = wire.write_all(json("200 OK", "[]").as_bytes());
        let _ = wire.flush();
        Then::Close
    })
}

/// What a client makes of the server that trusts what is in `pem` besides the platform's roots.
async fn ask(address: SocketAddr, host: &str, pem: &str) -> Result<usize, Failure> {
    let folder = tempfile::tempdir().expect("a folder");
    let file: PathBuf = folder.path().join("ca.pem");
    std::fs::write(&file, pem).expect("written");
    let target = Target::parse(&format!("https://{host}:{}", address.port())).expect("an address");
    let client = Client::with_timeouts(target, None, Some(&file), noon, TIMEOUTS).expect("a client");
    client.accounts().await.map(|list| list.accounts.len())
}

fn self_signed(change: impl FnOnce(&mut CertificateParams)) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("names");
    change(&mut params);
    let certificate = params.self_signed(&key).expect("a certificate");
    (certificate, key)
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).expect("names");
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

#[tokio::test]
async fn the_servers_own_certificate_is_trusted_exactly() {
    // For another name, out of date, and an authority in form, as common tools make them.
    let (certificate, key) = self_signed(|params| {
        params.subject_alt_names.clear();
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    });
    let server = server(certificate.der(), &key);
    assert_eq!(ask(server.address, "127.0.0.1", &certificate.pem()).await, Ok(0));
    assert_eq!(ask(server.address, "localhost", &certificate.pem()).await, Ok(0));
}

#[tokio::test]
async fn another_certificate_of_the_same_key_is_not_trusted() {
    let (certificate, key) = self_signed(|_| ());
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("names");
    params.serial_number = Some(7.into());
    let other = params.self_signed(&key).expect("a certificate");
    let server = server(certificate.der(), &key);
    let failure = ask(server.address, "127.0.0.1", &other.pem()).await.expect_err("refused");
    assert!(matches!(failure, Failure::Certificate(_)), "{failure:?}");
}

#[tokio::test]
async fn an_authority_vouches_for_its_servers_by_name_and_date() {
    let authority = authority("ours");
    let pem = authority.pem();
    let make = |name: &str, year: i32| {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("names");
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
        let certificate = params.signed_by(&key, &authority).expect("a certificate");
        server(certificate.der(), &key)
    };
    assert_eq!(ask(make("localhost", 4000).address, "localhost", &pem).await, Ok(0));
    assert_eq!(
        ask(make("elsewhere.example", 4000).address, "localhost", &pem).await,
        Err(Failure::Certificate("it is for another name (elsewhere.example)".into()))
    );
    assert_eq!(
        ask(make("localhost", 2002).address, "localhost", &pem).await,
        Err(Failure::Certificate("it has expired".into()))
    );
    let stranger = self::authority("theirs").pem();
    assert_eq!(
        ask(make("localhost", 4000).address, "localhost", &stranger).await,
        Err(Failure::Certificate("its issuer is not known here".into()))
    );
    let namesake = self::authority("ours").pem();
    assert_eq!(
        ask(make("localhost", 4000).address, "localhost", &namesake).await,
        Err(Failure::Certificate("it was not signed by the issuer that is known here by that name".into()))
    );
    // Both in one file, as a bundle.
    assert_eq!(ask(make("localhost", 4000).address, "localhost", &(stranger + &pem)).await, Ok(0));
}

#[tokio::test]
async fn https_to_a_port_without_tls_is_told() {
    let address = listening(|_, mut socket| {
        let mut hello = [0; 64];
        let _ = socket.read(&mut hello);
        let _ = socket.write_all(answer("400 Bad Request", "text/plain", "").as_bytes());
    });
    let (certificate, _) = self_signed(|_| ());
    assert_eq!(ask(address, "127.0.0.1", &certificate.pem()).await, Err(Failure::NotTls));
}

#[tokio::test]
async fn a_handshake_that_never_comes_is_a_connection_that_is_not_made() {
    let mut kept = Vec::new();
    let address = listening(move |_, socket| kept.push(socket));
    let (certificate, _) = self_signed(|_| ());
    assert_eq!(ask(address, "127.0.0.1", &certificate.pem()).await, Err(Failure::ConnectTimeout(1)));
}

#[tokio::test]
async fn http_to_a_port_with_tls_is_told() {
    let (certificate, key) = self_signed(|_| ());
    let server = server(certificate.der(), &key);
    assert_eq!(server.client().accounts().await.err(), Some(Failure::WantsTls));

    let alert = Server::answering(|_, wire| {
        let _ = wire.write_all(&[0x15, 0x03, 0x01, 0, 2, 2, 70]);
        Then::Close
    });
    assert_eq!(alert.client().accounts().await.err(), Some(Failure::WantsTls));
    assert_eq!(alert.lines(), ["GET /api/accounts", "GET /health"]);

    let words = answer("400 Bad Request", "text/plain", "Client sent an HTTP request to an HTTPS server.\n");
    assert_eq!(Server::saying(words).client().accounts().await.err(), Some(Failure::WantsTls));
    let other = Server::saying("220 mail.example ESMTP\r\n");
    assert_eq!(other.client().accounts().await.err(), Some(Failure::NotJson(NotJson::Other)));
}

#[tokio::test]
async fn a_handshake_that_is_broken_off_may_mean_http() {
    let address = listening(|_, mut socket| {
        let mut hello = [0; 4096];
        let _ = socket.read(&mut hello);
    });
    let client = client(&format!("https://{address}"));
    assert_eq!(client.accounts().await.err(), Some(Failure::ClosedUnanswered));
}
