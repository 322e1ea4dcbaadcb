//! One request and its answer.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;

use http::Method;
use http_body::SizeHint;
use reqwest::{Body, Request, Response, ResponseBuilderExt as _};
use reqwest_middleware::Result;

use super::client::Client;
use super::failure;
use super::middleware::UrlTemplate;
use super::settings::Settings;
use crate::instrument::http::names::client::{ADDRESS, PORT, RESEND_COUNT, URL};
use crate::instrument::http::names::{ERROR_TYPE, PROTOCOL_VERSION};
use crate::instrument::http::{
    Head, SpanBody, Witness as _, put_peer, scrubbed_url, send_along, version, within,
};
use crate::instrument::text::with_text;
use crate::{Key, Span, SpanBuilder, SpanKind, Status};

const TEMPLATE: Key<'static> = Key::new("url.template");

/// A request that is under way. If it is dropped before its answer has come, its caller has lost interest.
pub(super) struct Exchange {
    settings: Arc<Settings>,
    span: Option<Span>,
    method: Method,
}

impl Exchange {
    /// Opens the span of a request, and sends its context along.
    pub(super) fn open(
        settings: &Arc<Settings>,
        request: &mut Request,
        template: Option<UrlTemplate>,
        attempt: u32,
    ) -> Self {
        let method = settings.methods.in_name(request.method());
        let start = |name: &str| SpanBuilder::new(name).kind(SpanKind::Client).start().movable();
        let mut span = match template {
            None => start(method),
            Some(UrlTemplate(template)) => with_text(format_args!("{method} {template}"), start),
        };
        if span.is_recording() {
            if let Some(UrlTemplate(template)) = template {
                span.set(TEMPLATE, template);
            }
            describe(&mut span, settings, request, attempt);
        }
        if settings.propagates {
            send_along(&span, request.headers_mut());
        }
        Self {
            settings: Arc::clone(settings),
            method: request.method().clone(),
            span: Some(span),
        }
    }

    /// Waits for the answer, in the span.
    pub(super) async fn within<F: Future>(&mut self, sending: F) -> F::Output {
        let mut sending = pin!(sending);
        poll_fn(|task| match &mut self.span {
            Some(span) => within(span, || sending.as_mut().poll(task)),
            None => sending.as_mut().poll(task),
        })
        .await
    }

    /// Tells the span what came, and has it end with the body.
    pub(super) fn concluded(mut self, answer: Result<Response>) -> Result<Response> {
        let Some(mut span) = self.span.take() else {
            return answer;
        };
        if !span.is_recording() {
            return answer;
        }
        match answer {
            Ok(response) => Ok(self.answered(span, response)),
            Err(error) => {
                failure::note(&mut span, &error);
                Err(error)
            }
        }
    }

    fn answered(&self, mut span: Span, response: Response) -> Response {
        let by = self.settings.conventions;
        if let Some(peer) = response.remote_addr() {
            put_peer(&mut span, by, peer);
        }
        if let Some(version) = version(response.version()) {
            PROTOCOL_VERSION.put(&mut span, by, version);
        }
        let mut witness = Client::new(Arc::clone(&self.settings), &self.method);
        let head = Head {
            status: response.status(),
            headers: response.headers(),
        };
        witness.answered(&mut span, &head);
        let hint = response
            .content_length()
            .map_or_else(SizeHint::new, SizeHint::with_exact);
        let length = witness.length(&head, &hint);
        let url = response.url().clone();
        let (mut parts, body) = http::Response::<Body>::from(response).into_parts();
        // The way back to a response takes its URL from where a builder puts it.
        if let Ok(with_url) = http::Response::builder().url(url).body(()) {
            parts.extensions.extend(with_url.into_parts().0.extensions);
        }
        let body = Body::wrap(SpanBody::new(body, span, Box::new(witness), length));
        http::Response::from_parts(parts, body).into()
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if let Some(span) = &mut self.span {
            span.set(ERROR_TYPE, "cancelled");
            span.set_status(Status::error("the caller did not wait for the answer"));
        }
    }
}

fn describe(span: &mut Span, settings: &Settings, request: &Request, attempt: u32) {
    let by = settings.conventions;
    let url = request.url();
    settings.methods.put(span, by, request.method());
    URL.put(span, by, &*scrubbed_url(url.as_str()));
    if let Some(host) = url.host_str() {
        ADDRESS.put(span, by, host.trim_matches(['[', ']']));
    }
    if let Some(port) = url.port_or_known_default() {
        PORT.put(span, by, port);
    }
    if attempt > 0 {
        RESEND_COUNT.put(span, by, attempt);
    }
    settings.request_headers.put(span, request.headers());
}
