//! The layer of a client.

use std::fmt::Display;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::call::Call;
use super::method::start;
use super::names::{Names, put_server};
use crate::SpanKind;
use crate::instrument::http::{Answer, Authority, SpanBody, send_along, within};

/// Records the calls of a client and sends its context along; see the [module](crate::tonic).
#[derive(Clone, Debug, Default)]
#[must_use = "a layer does nothing until a channel is in it"]
pub struct ClientLayer {
    settings: Arc<Settings>,
}

#[derive(Clone, Debug)]
struct Settings {
    names: Names,
    server: Option<(String, u16)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            names: Names::of_environment(),
            server: None,
        }
    }
}

impl ClientLayer {
    /// A layer as the environment asks for: `OTEL_SEMCONV_STABILITY_OPT_IN`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says where the calls go, which a channel keeps to itself.
    pub fn server(mut self, host: &str, port: u16) -> Self {
        Arc::make_mut(&mut self.settings).server = Some((host.to_owned(), port));
        self
    }
}

impl<S> Layer<S> for ClientLayer {
    type Service = ClientService<S>;

    fn layer(&self, inner: S) -> ClientService<S> {
        ClientService {
            inner,
            settings: Arc::clone(&self.settings),
        }
    }
}

/// A channel whose calls are recorded; see the [module](crate::tonic).
#[derive(Clone, Debug)]
pub struct ClientService<S> {
    inner: S,
    settings: Arc<Settings>,
}

impl<S, Q, B> Service<Request<Q>> for ClientService<S>
where
    S: Service<Request<Q>, Response = Response<B>, Error: Display + 'static>,
    B: Body,
{
    type Response = Response<SpanBody<B>>;
    type Error = S::Error;
    type Future = Answer<S::Future>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, mut request: Request<Q>) -> Answer<S::Future> {
        let uri = request.uri();
        let Settings { names, server } = &*self.settings;
        let mut span = start(uri, SpanKind::Client, *names, None).movable();
        if span.is_recording() {
            let told = server.as_ref().map(|(host, port)| Authority {
                host,
                port: Some(*port),
            });
            let asked = || Authority::parse(uri.authority()?.as_str());
            if let Some(server) = told.or_else(asked) {
                put_server(&mut span, server);
            }
        }
        send_along(&span, request.headers_mut());
        let future = within(&mut span, || self.inner.call(request));
        let call = Call::new(SpanKind::Client, *names);
        Answer::new(future, span, Box::new(call))
    }
}
