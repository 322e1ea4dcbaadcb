//! The layer, and what can be asked of it.

use std::sync::Arc;

use http::{Method, Uri};
use tower_layer::Layer;

use super::service::TelensicService;
use super::settings::{RouteOf, Settings};

/// Records the requests that a service answers; see the [module](crate::tower).
#[derive(Clone, Debug, Default)]
#[must_use = "a layer does nothing until a service is in it"]
pub struct TelensicLayer {
    settings: Arc<Settings>,
}

impl TelensicLayer {
    /// A layer as the environment asks for: `OTEL_SEMCONV_STABILITY_OPT_IN`, `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`,
    /// `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST` and `..._RESPONSE`.
    pub fn new() -> Self {
        Self::default()
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        self
    }

    /// Records these headers of requests. Those that carry credentials (`Authorization`, `Proxy-Authorization`,
    /// `Cookie`, `Set-Cookie`) are left out unless [`with_credential_headers`](Self::with_credential_headers) is called.
    pub fn request_headers<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.set(|settings| settings.request_headers.name(names))
    }

    /// Records these headers of responses.
    pub fn response_headers<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.set(|settings| settings.response_headers.name(names))
    }

    /// Records headers that carry credentials as well, if they are named: masked, so that equal ones can be seen to be
    /// equal and none can be read.
    pub fn with_credential_headers(self) -> Self {
        self.set(|settings| {
            settings.request_headers.allow_credentials();
            settings.response_headers.allow_credentials();
        })
    }

    /// Records nothing of requests for this path: a health check, say. May be called several times.
    pub fn without_path(self, path: &str) -> Self {
        self.set(|settings| settings.without.push(path.to_owned()))
    }

    /// Records only requests for which this is true.
    pub fn filter(self, wanted: fn(&Method, &Uri) -> bool) -> Self {
        self.set(|settings| settings.filter = Some(wanted))
    }

    /// Finds the route in another way than axum's, for other routers. It must be a template: names of spans made from
    /// raw paths are without number.
    pub fn route_of(self, route_of: RouteOf) -> Self {
        self.set(|settings| settings.route_of = Some(route_of))
    }

    /// Believes `Forwarded`, `X-Forwarded-For`, `X-Forwarded-Host` and `X-Forwarded-Proto`. Anybody can write these: only
    /// for servers behind a proxy that does.
    pub fn trust_proxies(self) -> Self {
        self.set(|settings| settings.trusts_proxies = true)
    }

    /// The scheme of requests that do not say theirs: `http`, unless the server speaks TLS.
    pub fn scheme(self, scheme: &'static str) -> Self {
        self.set(|settings| settings.scheme = scheme)
    }
}

impl<S> Layer<S> for TelensicLayer {
    type Service = TelensicService<S>;

    fn layer(&self, inner: S) -> TelensicService<S> {
        TelensicService::new(inner, Arc::clone(&self.settings))
    }
}
