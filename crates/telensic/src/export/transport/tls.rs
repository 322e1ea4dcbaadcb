//! TLS: the system's authorities, or those of a file; a client certificate if one is given.
//!
//! The system's, rather than a list built in: what a company or a distribution trusts is there, and it does not age with
//! the program. The files are read at each connection, so a certificate that was renewed is used without a restart.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::export::Protocol;
use crate::export::settings::Target;

/// What TLS connections to this backend are made by.
pub(super) fn connector(target: &Target) -> Result<TlsConnector, String> {
    let roots = match &target.certificate {
        Some(file) => roots_of(file)?,
        None => roots_of_system()?,
    };
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots);
    let mut config = match &target.client {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => {
            let private = PrivateKeyDer::from_pem_file(key)
                .map_err(|error| format!("the client key {} cannot be read: {error}", key.display()))?;
            builder
                .with_client_auth_cert(certificates(chain)?, private)
                .map_err(|error| {
                    format!(
                        "the client certificate {} cannot be used: {error}",
                        chain.display()
                    )
                })?
        }
    };
    config.alpn_protocols = match target.protocol {
        Protocol::Grpc => vec![b"h2".to_vec()],
        Protocol::HttpProtobuf | Protocol::HttpJson => vec![b"http/1.1".to_vec()],
    };
    Ok(TlsConnector::from(Arc::new(config)))
}

/// The name that the backend's certificate must be for.
pub(super) fn server_name(host: &str) -> Result<ServerName<'static>, String> {
    ServerName::try_from(host.to_owned())
        .map_err(|_| format!("{host:?} is no name that a certificate can be for"))
}

fn roots_of(file: &Path) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file)? {
        roots
            .add(certificate)
            .map_err(|error| format!("{} holds no authority: {error}", file.display()))?;
    }
    Ok(roots)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let cannot =
        |error: &dyn std::fmt::Display| format!("the certificate {} cannot be read: {error}", file.display());
    let found = CertificateDer::pem_file_iter(file).map_err(|error| cannot(&error))?;
    let found: Vec<_> = found.collect::<Result<_, _>>().map_err(|error| cannot(&error))?;
    if found.is_empty() {
        return Err(cannot(&"there is none in it"));
    }
    Ok(found)
}

fn roots_of_system() -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    // One that cannot be read leaves the others.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err("this system has no authorities to trust: set OTEL_EXPORTER_OTLP_CERTIFICATE".into());
    }
    Ok(roots)
}
