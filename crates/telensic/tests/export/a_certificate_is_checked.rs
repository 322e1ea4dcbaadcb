//! TLS: a backend whose certificate is of an authority that is not trusted gets nothing; one that asks for a client
//! certificate gets it.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::backend::Backend;
use crate::support::{Dir, succeed};
use crate::work::{records, stats};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn certificate(of: &Authority) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    (params.signed_by(&key, of).unwrap(), key)
}

/// A backend with a certificate of this authority, which asks clients for one of it as well.
fn backend(of: &Authority) -> Backend {
    let (certificate, key) = certificate(of);
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(of.der().clone()).unwrap();
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    Backend::with_tls(config)
}

fn file(dir: &Dir, name: &str, content: &str) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn only_a_trusted_backend_gets_anything_and_it_gets_the_clients_certificate() {
    let (ours, others) = (authority(), authority());
    let (dir, backend) = (Dir::new(), backend(&ours));
    let endpoint = format!("https://localhost:{}", backend.port());
    let (client, key) = certificate(&ours);
    let chain = file(&dir, "client.pem", &client.pem());
    let key = file(&dir, "client.key", &key.serialize_pem());
    let command = |first, trusted: &Authority| {
        let mut command = records(&dir, &endpoint, first, 100);
        command
            .env(
                "OTEL_EXPORTER_OTLP_CERTIFICATE",
                file(&dir, "ca.pem", &trusted.pem()),
            )
            .env("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", &chain)
            .env("OTEL_EXPORTER_OTLP_CLIENT_KEY", &key);
        command
    };

    let said = succeed(&mut command(0, &others));
    assert!(
        said.contains("cannot agree on TLS: invalid peer certificate"),
        "{said}"
    );
    assert!(stats(&dir).starts_with("false"));
    assert!(backend.taken().is_empty());

    // The next one trusts it, and sends what was left as well.
    succeed(&mut command(100, &ours));
    assert_eq!(backend.numbers("work").len(), 200);

    let anonymous = succeed(command(200, &ours).env_remove("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"));
    assert!(anonymous.contains("does not take spans"), "{anonymous}");
    assert_eq!(backend.numbers("work").len(), 200);
}
