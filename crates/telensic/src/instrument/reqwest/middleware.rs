//! The middleware, and what can be asked of it.

use std::sync::Arc;

use async_trait::async_trait;
use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{Middleware, Next, Result};

use super::exchange::Exchange;
use super::settings::Settings;

/// The path of a request as a template (`/quotes/{symbol}`), to name its span by:
/// `client.get(url).with_extension(UrlTemplate("/quotes/{symbol}"))`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlTemplate(pub &'static str);

/// How often a request was sent before, in the extensions that all its attempts share.
#[derive(Clone, Copy, Debug)]
struct Sent(u32);

/// Records the requests of a client; see the [module](crate::reqwest).
#[derive(Clone, Debug, Default)]
pub struct TelensicMiddleware {
    settings: Arc<Settings>,
}

impl TelensicMiddleware {
    /// A middleware as the environment asks for: `OTEL_SEMCONV_STABILITY_OPT_IN`,
    /// `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`, `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST` and
    /// `..._RESPONSE`.
    pub fn new() -> Self {
        Self::default()
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        self
    }

    /// Records these headers of requests. Those that carry credentials (`Authorization`, `Proxy-Authorization`,
    /// `Cookie`, `Set-Cookie`) are left out unless [`with_credential_headers`](Self::with_credential_headers) is called.
    #[must_use]
    pub fn request_headers<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.set(|settings| settings.request_headers.name(names))
    }

    /// Records these headers of responses.
    #[must_use]
    pub fn response_headers<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.set(|settings| settings.response_headers.name(names))
    }

    /// Records headers that carry credentials as well, if they are named, masked.
    #[must_use]
    pub fn with_credential_headers(self) -> Self {
        self.set(|settings| {
            settings.request_headers.allow_credentials();
            settings.response_headers.allow_credentials();
        })
    }

    /// Sends no context along: for a service of somebody else, who need not know one's trace ids and baggage.
    #[must_use]
    pub fn without_propagation(self) -> Self {
        self.set(|settings| settings.propagates = false)
    }
}

#[async_trait]
impl Middleware for TelensicMiddleware {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let attempt = extensions.get().map_or(0, |Sent(before)| before + 1);
        extensions.insert(Sent(attempt));
        let template = extensions.get::<UrlTemplate>().copied();
        let mut exchange = Exchange::open(&self.settings, &mut request, template, attempt);
        let answer = exchange.within(next.run(request, extensions)).await;
        exchange.concluded(answer)
    }
}
