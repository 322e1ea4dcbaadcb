//! The service around another one.

use std::fmt::Display;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use super::describe::open;
use super::server::Server;
use super::settings::Settings;
use crate::instrument::http::{Answer, SpanBody, within};
use crate::recorder::active;

/// A service whose requests are recorded; see the [module](crate::tower).
#[derive(Clone, Debug)]
pub struct TelensicService<S> {
    inner: S,
    settings: Arc<Settings>,
}

impl<S> TelensicService<S> {
    pub(super) fn new(inner: S, settings: Arc<Settings>) -> Self {
        Self { inner, settings }
    }
}

impl<S, Q, B> Service<Request<Q>> for TelensicService<S>
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

    /// Calls the very service that was found ready, in the span of the request.
    fn call(&mut self, request: Request<Q>) -> Answer<S::Future> {
        if active() == 0 || !self.settings.wants(request.method(), request.uri()) {
            return Answer::untold(self.inner.call(request));
        }
        let mut span = open(&self.settings, &request);
        let witness = Server::new(Arc::clone(&self.settings), request.method());
        let future = within(&mut span, || self.inner.call(request));
        Answer::new(future, span, Box::new(witness))
    }
}
