//! The provider: `GET /v1/series` names its series, `GET /v1/nav/{name}` has one of them as CSV.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use telensic::tower::TelensicLayer;
use tokio::runtime::Runtime;

use super::faults::{Answer, Calls, Faults};
use crate::ith::NavSeries;
use crate::nav::write_csv;

/// A service that listens until it is dropped.
#[derive(Debug)]
pub struct Service {
    address: SocketAddr,
    _runtime: Runtime,
}

impl Service {
    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

#[derive(Debug)]
struct Provider {
    series: Vec<NavSeries>,
    faults: Faults,
    calls: Calls,
}

/// Serves these series on loopback, in the background.
pub fn serve(series: Vec<NavSeries>, faults: Faults) -> io::Result<Service> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("market-data")
        .enable_all()
        .build()?;
    let provider = Arc::new(Provider {
        series,
        faults,
        calls: Calls::default(),
    });
    // One line: every request is a span, a child of its caller's.
    let routes = Router::new()
        .route("/v1/series", get(names))
        .route("/v1/nav/{name}", get(nav))
        .with_state(provider)
        .layer(TelensicLayer::new());
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    runtime.spawn(async move { axum::serve(listener, routes).await });
    Ok(Service {
        address,
        _runtime: runtime,
    })
}

async fn names(State(provider): State<Arc<Provider>>) -> Response {
    let names: Vec<&str> = provider
        .series
        .iter()
        .map(|series| series.name.as_str())
        .collect();
    Json(names).into_response()
}

async fn nav(State(provider): State<Arc<Provider>>, Path(name): Path<String>) -> Response {
    tokio::time::sleep(Duration::from_millis(provider.faults.latency)).await;
    match provider.calls.next(&provider.faults) {
        Answer::TooMany => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "0")]).into_response(),
        Answer::Broken => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Answer::Data => match provider.series.iter().find(|series| series.name == name) {
            Some(series) => write_csv(std::slice::from_ref(series)).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}
