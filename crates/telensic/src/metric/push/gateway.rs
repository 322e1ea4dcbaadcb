//! One push: a connection, a request, an answer.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::options::{PushMethod, Target};
use crate::metrics::Format;

/// Why a push did not arrive.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) why: String,
    /// Whether the same push may arrive another time.
    pub(super) may_pass: bool,
}

/// Of an answer that is not good, so much is read.
const MOST_ANSWERED: usize = 4096;

/// Pushes this text.
pub(super) async fn push(target: &Target, method: PushMethod, text: String) -> Result<(), Failure> {
    let host = target.host.trim_matches(['[', ']']);
    let stream = TcpStream::connect((host, target.port))
        .await
        .map_err(|error| passing(format!("cannot connect: {error}")))?;
    if !target.tls {
        return send(stream, target, method, text).await;
    }
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| lasting("its name is none that a certificate can be for"))?;
    let connector = connector().map_err(lasting)?;
    let stream = connector
        .connect(name, stream)
        .await
        .map_err(|error| passing(format!("cannot agree on TLS: {error}")))?;
    send(stream, target, method, text).await
}

/// TLS with the authorities that the system trusts.
fn connector() -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    // One that cannot be read leaves the others.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn send<S>(stream: S, target: &Target, method: PushMethod, text: String) -> Result<(), Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let method = match method {
        PushMethod::Put => Method::PUT,
        PushMethod::Post => Method::POST,
    };
    let mut request = Request::builder()
        .method(method)
        .uri(&target.path)
        .header("host", format!("{}:{}", target.host, target.port))
        .header("user-agent", concat!("telensic/", env!("CARGO_PKG_VERSION")))
        .header("content-type", Format::Prometheus.content_type());
    if let Some(authorization) = &target.authorization {
        request = request.header("authorization", authorization);
    }
    let request = request
        .body(Full::new(Bytes::from(text)))
        .map_err(|error| lasting(format!("cannot be asked: {error}")))?;
    let broken = |error: hyper::Error| passing(format!("the connection broke: {error}"));
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    // How it ends is learnt by the request.
    tokio::spawn(async move { drop(connection.await) });
    let response = sender.send_request(request).await.map_err(broken)?;
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let body = Limited::new(response.into_body(), MOST_ANSWERED).collect().await;
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    let said = String::from_utf8_lossy(&body);
    let said = said.lines().next().unwrap_or_default();
    Err(Failure {
        why: format!("answers {status}: {said}"),
        may_pass: status.is_server_error() || status.as_u16() == 429,
    })
}

fn passing(why: impl Into<String>) -> Failure {
    Failure {
        why: why.into(),
        may_pass: true,
    }
}

fn lasting(why: impl Into<String>) -> Failure {
    Failure {
        why: why.into(),
        may_pass: false,
    }
}
