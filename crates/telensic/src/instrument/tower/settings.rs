//! What a server records of its requests.

use std::net::SocketAddr;

use http::{Extensions, Method, Uri};

use crate::instrument::http::{Captured, Conventions, Direction, Methods};

/// Finds the route of a request, a template as `/quotes/{symbol}`, in what the router left with it.
pub type RouteOf = for<'r> fn(&'r Uri, &'r Extensions) -> Option<&'r str>;

/// The address of who sent a request. A server that knows it puts this into the request's extensions; axum's
/// `ConnectInfo` is found without that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Settings of the layer.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) conventions: Conventions,
    pub(super) methods: Methods,
    pub(super) request_headers: Captured,
    pub(super) response_headers: Captured,
    /// Paths of which nothing is recorded.
    pub(super) without: Vec<String>,
    pub(super) filter: Option<fn(&Method, &Uri) -> bool>,
    pub(super) route_of: Option<RouteOf>,
    pub(super) trusts_proxies: bool,
    pub(super) scheme: &'static str,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            conventions: Conventions::of_environment(),
            methods: Methods::of_environment(),
            request_headers: Captured::of_environment(
                Direction::Request,
                "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST",
            ),
            response_headers: Captured::of_environment(
                Direction::Response,
                "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE",
            ),
            without: Vec::new(),
            filter: None,
            route_of: None,
            trusts_proxies: false,
            scheme: "http",
        }
    }
}

impl Settings {
    /// Whether a request is recorded.
    pub(super) fn wants(&self, method: &Method, uri: &Uri) -> bool {
        self.without.iter().all(|path| path != uri.path())
            && self.filter.is_none_or(|filter| filter(method, uri))
    }

    /// The route of a request, if it is known.
    pub(super) fn route<'r>(&self, uri: &'r Uri, extensions: &'r Extensions) -> Option<&'r str> {
        match self.route_of {
            Some(route_of) => route_of(uri, extensions),
            None => matched(extensions),
        }
    }
}

#[cfg(feature = "axum")]
fn matched(extensions: &Extensions) -> Option<&str> {
    extensions
        .get::<axum::extract::MatchedPath>()
        .map(axum::extract::MatchedPath::as_str)
}

#[cfg(not(feature = "axum"))]
fn matched(_: &Extensions) -> Option<&str> {
    None
}

/// Who sent a request, if that is known.
pub(super) fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    if let Some(Peer(address)) = extensions.get() {
        return Some(*address);
    }
    #[cfg(feature = "axum")]
    if let Some(axum::extract::ConnectInfo(address)) = extensions.get() {
        return Some(*address);
    }
    None
}
