//! The layer of a server.

use std::fmt::Display;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tonic::transport::server::TcpConnectInfo;
use tower_layer::Layer;
use tower_service::Service;

use super::call::Call;
use super::method::start;
use super::names::{Names, put_server};
use crate::SpanKind;
use crate::instrument::http::{Answer, Authority, Conventions, SpanBody, put_client, within};
use crate::recorder::active;

/// Records the calls that a server answers; see the [module](crate::tonic).
#[derive(Clone, Copy, Debug)]
#[must_use = "a layer does nothing until a service is in it"]
pub struct ServerLayer {
    names: Names,
}

impl Default for ServerLayer {
    fn default() -> Self {
        Self {
            names: Names::of_environment(),
        }
    }
}

impl ServerLayer {
    /// A layer as the environment asks for: `OTEL_SEMCONV_STABILITY_OPT_IN`.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<S> Layer<S> for ServerLayer {
    type Service = ServerService<S>;

    fn layer(&self, inner: S) -> ServerService<S> {
        ServerService {
            inner,
            names: self.names,
        }
    }
}

/// A service whose calls are recorded; see the [module](crate::tonic).
#[derive(Clone, Debug)]
pub struct ServerService<S> {
    inner: S,
    names: Names,
}

/// What a service of tonic is known by.
impl<S: tonic::server::NamedService> tonic::server::NamedService for ServerService<S> {
    const NAME: &'static str = S::NAME;
}

impl<S, Q, B> Service<Request<Q>> for ServerService<S>
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

    /// Calls the very service that was found ready, in the span of the call.
    fn call(&mut self, request: Request<Q>) -> Answer<S::Future> {
        if active() == 0 {
            return Answer::untold(self.inner.call(request));
        }
        let incoming = crate::extract(request.headers());
        let parent = Some(&incoming).filter(|incoming| !incoming.is_empty());
        let uri = request.uri();
        let mut span = start(uri, SpanKind::Server, self.names, parent);
        if span.is_recording() {
            let asked = uri.authority();
            if let Some(server) = asked.and_then(|authority| Authority::parse(authority.as_str())) {
                put_server(&mut span, server);
            }
            let peer = request.extensions().get().and_then(TcpConnectInfo::remote_addr);
            put_client(&mut span, Conventions::Stable, peer, None);
        }
        let future = within(&mut span, || self.inner.call(request));
        let call = Call::new(SpanKind::Server, self.names);
        Answer::new(future, span, Box::new(call))
    }
}
