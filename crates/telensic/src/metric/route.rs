//! The metrics as a route of a server that the program has already.

use axum::body::Body;
use axum::response::Response;
use hyper::HeaderMap;

use super::serve::{exposed, response};

/// Answers `GET /metrics`, as a handler of axum.
///
/// ```
/// use axum::Router;
/// use axum::routing::get;
///
/// let app: Router = Router::new().route("/metrics", get(telensic::metrics::axum_handler));
/// ```
pub async fn axum_handler(headers: HeaderMap) -> Response {
    response::<Body>(exposed(&headers))
}
