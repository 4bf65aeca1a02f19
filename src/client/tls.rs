//! Which certificates are trusted.
//!
//! For http nothing is: no root is loaded, which would cost time and memory at every start. For https the platform's own roots
//! count, and with them what the user's `--ca-cert` file holds: as authorities, and each as the exact certificate of the server
//! itself, since a server with one self-made certificate has no authority above it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConfig, Resumption};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use crate::model::Plain;

/// Why encrypted connections cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of `--ca-cert` cannot be read.
    #[error("cannot read the certificates in {file}: {source}")]
    Unreadable {
        /// The file.
        file: Plain,
        /// Why.
        source: io::Error,
    },
    /// The file of `--ca-cert` holds no certificate.
    #[error("{file} holds no certificate; it must be a PEM file with a CERTIFICATE part")]
    NoCertificate {
        /// The file.
        file: Plain,
    },
    /// A certificate in the file of `--ca-cert` is damaged.
    #[error("{file} holds a certificate that cannot be used: {why}")]
    Damaged {
        /// The file.
        file: Plain,
        /// What is wrong with it.
        why: Plain,
    },
    /// The platform has no certificates, or the library refuses them.
    #[error("this machine's certificates cannot be used: {0}; name the server's with --ca-cert FILE")]
    Platform(Plain),
}

/// Settings that trust nobody, for connections without encryption.
pub(super) fn without_roots() -> Result<ClientConfig, TlsError> {
    let mut config = builder()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// Settings that trust the platform's roots and the certificates in the file, if one is named.
pub(super) fn with_roots(ca_cert: Option<&Path>) -> Result<ClientConfig, TlsError> {
    let own = ca_cert.map(certificates).transpose()?.unwrap_or_default();
    let chain = Verifier::new_with_extra_roots(own.iter().cloned(), provider())
        .map_err(|e| TlsError::Platform(Plain::from(e.to_string())))?;
    let config = builder()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(ExactOrChain { exact: own, chain }))
        .with_no_client_auth();
    Ok(config)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, TlsError> {
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| TlsError::Platform(Plain::from(e.to_string())))
}

/// The certificates in a PEM file, at least one, each of which can be an authority.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let file = Plain::from(path.to_string_lossy());
    let pem = std::fs::read(path).map_err(|source| TlsError::Unreadable { file: file.clone(), source })?;
    let damaged = |why: String| TlsError::Damaged { file: file.clone(), why: Plain::from(why) };
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|e| damaged(e.to_string()))?;
        RootCertStore::empty().add(certificate.clone()).map_err(|e| damaged(e.to_string()))?;
        certificates.push(certificate);
    }
    if certificates.is_empty() {
        return Err(TlsError::NoCertificate { file });
    }
    Ok(certificates)
}

/// Accepts the exact certificates that the user named, and otherwise what the chain of authorities says.
///
/// The exact ones are accepted whatever name and dates they carry: that the server holds their key is proved by the signatures,
/// which are checked as always.
#[derive(Debug)]
struct ExactOrChain {
    exact: Vec<CertificateDer<'static>>,
    chain: Verifier,
}

impl ServerCertVerifier for ExactOrChain {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.exact.iter().any(|own| own.as_ref() == end_entity.as_ref()) {
            return Ok(ServerCertVerified::assertion());
        }
        self.chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_usable_certificate_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ca.pem");
        let told = |words: &str| {
            let text = with_roots(Some(&path)).expect_err("refused").to_string();
            assert!(text.contains(words) && text.contains(&path.display().to_string()), "{text}");
        };
        told("cannot read the certificates");
        std::fs::write(&path, "").expect("written");
        told("holds no certificate");
        std::fs::write(&path, "no PEM at all").expect("written");
        told("holds no certificate");
        std::fs::write(&path, "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n")
            .expect("written");
        told("cannot be used");
        std::fs::write(&path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
            .expect("written");
        told("cannot be used");
    }
}
