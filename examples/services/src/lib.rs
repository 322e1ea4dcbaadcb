//! What the example services share: how they listen, and the client by which they call each other.
//!
//! The three programs are the shape of a platform of services: `api_service` takes orders from users, `host_service` sits
//! next to a gateway that only runs on that host, and `trace_context_service` is what the W3C's trace-context harness calls.

use std::io::{self, Write};
use std::net::SocketAddr;

use axum::Router;
use reqwest_middleware::ClientWithMiddleware;
use telensic::reqwest::{Resolver, TelensicMiddleware};
use telensic::tower::TelensicLayer;

/// A client whose calls are recorded and carry the context along.
pub fn client() -> reqwest::Result<ClientWithMiddleware> {
    let client = reqwest::Client::builder()
        .dns_resolver(Resolver::new())
        .timeout(std::time::Duration::from_secs(10))
        .build()?;
    let recorded = TelensicMiddleware::new().response_headers(["retry-after"]);
    Ok(reqwest_middleware::ClientBuilder::new(client)
        .with(recorded)
        .build())
}

/// Serves routes at the address given as the program's first argument, or at one that is free, until Ctrl-C. Says on
/// stdout where that is.
pub async fn serve(routes: Router) -> io::Result<()> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    let recorded = TelensicLayer::new()
        .without_path("/healthz")
        .request_headers(["x-request-id"]);
    let service = routes
        .layer(recorded)
        .into_make_service_with_connect_info::<SocketAddr>();
    let stop = async {
        // Without a handler for it there is no Ctrl-C to wait for: the service then goes on.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
