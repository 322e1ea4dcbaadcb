//! Opening a connection: name, TCP, TLS, and the first words of the protocol.

use hyper::client::conn::http1;
#[cfg(feature = "otlp-grpc")]
use hyper::client::conn::http2;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::exchange::{Connection, whole};
use super::tls;
use crate::export::Protocol;
use crate::export::settings::Target;

/// Connects anew; an error tells at which step it failed.
pub(super) async fn connect(target: &Target) -> Result<Connection, String> {
    let endpoint = &target.endpoint;
    let host = endpoint.host.trim_matches(['[', ']']);
    let stream = TcpStream::connect((host, endpoint.port))
        .await
        .map_err(|error| format!("cannot connect: {error}"))?;
    // Requests are written whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    if endpoint.tls {
        let connector = tls::connector(target)?;
        let name = tls::server_name(host)?;
        let stream = connector
            .connect(name, stream)
            .await
            .map_err(|error| format!("cannot agree on TLS: {}", whole(&error)))?;
        handshake(target, stream).await
    } else {
        handshake(target, stream).await
    }
}

async fn handshake<S>(target: &Target, stream: S) -> Result<Connection, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let stream = TokioIo::new(stream);
    match target.protocol {
        Protocol::HttpProtobuf | Protocol::HttpJson => {
            let (sender, connection) = http1::handshake(stream).await.map_err(|error| whole(&error))?;
            // How it ends is learnt by the next request.
            tokio::spawn(async move { drop(connection.await) });
            Ok(Connection::Http1(sender))
        }
        #[cfg(feature = "otlp-grpc")]
        Protocol::Grpc => {
            let executor = hyper_util::rt::TokioExecutor::new();
            let shaken = http2::Builder::new(executor)
                .initial_max_send_streams(1)
                .handshake(stream);
            let (sender, connection) = shaken.await.map_err(|error| whole(&error))?;
            tokio::spawn(async move { drop(connection.await) });
            Ok(Connection::Http2(sender))
        }
        #[cfg(not(feature = "otlp-grpc"))]
        Protocol::Grpc => Err("gRPC needs the feature otlp-grpc".into()),
    }
}
