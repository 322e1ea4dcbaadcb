//! The span of a request, and what is known of it before anybody has answered.

use http::Request;
use http::header::{HOST, USER_AGENT};
use http::uri;

use super::settings::{Settings, peer};
use crate::instrument::http::names::{PROTOCOL_VERSION, server};
use crate::instrument::http::{Authority, Conventions, forwarded, put_client, scrubbed_query, version};
use crate::instrument::text::with_text;
use crate::{Span, SpanBuilder, SpanKind};

/// Opens the span of a request, as a child of the one that its headers name.
pub(super) fn open<Q>(settings: &Settings, request: &Request<Q>) -> Span {
    let incoming = crate::extract(request.headers());
    let start = |name: &str| {
        let builder = SpanBuilder::new(name).kind(SpanKind::Server);
        // Who names nobody belongs to what the server itself was started in, if anything.
        if incoming.is_empty() {
            builder.start()
        } else {
            builder.parent(&incoming).start()
        }
    };
    let method = settings.methods.in_name(request.method());
    let route = settings.route(request.uri(), request.extensions());
    let mut span = match route {
        None => start(method),
        Some(route) => with_text(format_args!("{method} {route}"), start),
    };
    if span.is_recording() {
        if let Some(route) = route {
            span.set(server::ROUTE, route);
        }
        describe(&mut span, settings, request);
    }
    span
}

fn describe<Q>(span: &mut Span, settings: &Settings, request: &Request<Q>) {
    let (by, headers) = (settings.conventions, request.headers());
    let text = |name| headers.get(name)?.to_str().ok();
    let said = |parameter: &str, older: &str| {
        let trusted = settings.trusts_proxies.then_some(headers)?;
        forwarded(trusted, parameter, older)
    };
    settings.methods.put(span, by, request.method());
    let scheme = said("proto", "x-forwarded-proto").or(request.uri().scheme_str());
    server::SCHEME.put(span, by, scheme.unwrap_or(settings.scheme));
    put_target(span, by, request.uri());
    let authority = said("host", "x-forwarded-host")
        .or_else(|| request.uri().authority().map(uri::Authority::as_str))
        .or_else(|| text(HOST));
    if let Some(Authority { host, port }) = authority.and_then(Authority::parse) {
        server::ADDRESS.put(span, by, host);
        if let Some(port) = port {
            server::PORT.put(span, by, port);
        }
    }
    if let Some(version) = version(request.version()) {
        PROTOCOL_VERSION.put(span, by, version);
    }
    if let Some(agent) = text(USER_AGENT) {
        server::USER_AGENT.put(span, by, agent);
    }
    let client = said("for", "x-forwarded-for").and_then(Authority::parse);
    let client = client.map(|client| client.host);
    put_client(span, by, peer(request.extensions()), client);
    settings.request_headers.put(span, headers);
}

/// The path and the query, which the older names have in one.
fn put_target(span: &mut Span, by: Conventions, uri: &uri::Uri) {
    server::PATH.put(span, by, uri.path());
    let query = uri.query().map(scrubbed_query);
    if let Some(query) = &query {
        server::QUERY.put(span, by, &**query);
    }
    if by == Conventions::Both {
        match &query {
            None => span.set(server::OLDER_TARGET, uri.path()),
            Some(query) => span.set(server::OLDER_TARGET, &format!("{}?{query}", uri.path())),
        }
    }
}
