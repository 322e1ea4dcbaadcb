//! HTTP servers: a layer for axum and for any other tower service that answers `http::Request` with `http::Response`.
//!
//! ```no_run
//! # #[cfg(feature = "axum")]
//! # async fn serve() -> std::io::Result<()> {
//! use axum::{Router, routing::get};
//! use telensic::tower::TelensicLayer;
//!
//! let _guard = telensic::init("quotes");
//! let app = Router::new()
//!     .route("/quotes/{symbol}", get(async || "42"))
//!     .route("/healthz", get(async || "well"))
//!     .layer(TelensicLayer::new().without_path("/healthz").request_headers(["x-request-id"]));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! axum::serve(listener, app).await
//! # }
//! ```
//!
//! Each request is a span `{METHOD} {route}` of kind SERVER: a child of the span that the request's headers name, the
//! current one of everything the handler does, and ended when the last byte of the answer has been handed over. With the
//! feature `axum` the route is the one that axum has matched, if the layer is added with `Router::layer`.
//!
//! | what happens | status | `error.type` |
//! |---|---|---|
//! | an answer of 1xx to 4xx | unset | |
//! | an answer of 5xx | error | the status code |
//! | the service or the body fails | error, and an exception with its sources | the type of the error |
//! | the handler panics | error, and the panic; it goes on unwinding | `panic` |
//! | the client goes away before it has the whole answer | error | `client_disconnect` |

mod describe;
mod layer;
mod server;
mod service;
mod settings;

pub use super::http::{Answer, SpanBody};
pub use layer::TelensicLayer;
pub use service::TelensicService;
pub use settings::{Peer, RouteOf};
