//! The global propagator writes and reads the formats that are set, as Telensic's own calls do.

use std::collections::HashMap;

use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::trace::{Span as _, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue, global};
use telensic::span;

use crate::support::{Dir, child, is_child, read, succeed};

type Headers = HashMap<String, String>;

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn sent(cx: &Context) -> Headers {
    let mut headers = Headers::new();
    global::get_text_map_propagator(|propagator| propagator.inject_context(cx, &mut headers));
    headers
}

fn received(headers: &[(&str, &str)]) -> Context {
    let headers: Headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    global::get_text_map_propagator(|propagator| propagator.extract_with_context(&Context::new(), &headers))
}

#[test]
fn w3c_headers_come_and_go() {
    let dir = Dir::new();
    succeed(&mut child(&dir, "contexts_travel_in_carriers::speaks_w3c"));
    let read = read(dir.path());
    let served = read.span("served");
    assert_eq!(served.trace.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(served.parent.unwrap().to_string(), "00f067aa0ba902b7");
    assert_eq!(served.flags & 0x300, 0x300, "the parent is remote");
}

#[test]
#[ignore = "the child of the test above"]
fn speaks_w3c() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("w3c");
    telensic::opentelemetry::install();
    let tracer = global::tracer("library");
    let cx = received(&[
        ("traceparent", PARENT),
        ("tracestate", "vendor=opaque"),
        ("baggage", "desk=rates;ttl=5,book=a%20b"),
    ]);
    assert_eq!(cx.span().span_context().trace_state().header(), "vendor=opaque");
    assert_eq!(cx.baggage().get("book").unwrap().as_str(), "a b");

    let cx = cx.with_span(tracer.start_with_context("served", &cx));
    let headers = sent(&cx);
    let own = cx.span().span_context().span_id();
    assert_eq!(
        headers["traceparent"],
        format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{own}-01")
    );
    assert_eq!(headers["tracestate"], "vendor=opaque");
    assert_eq!(headers["baggage"], "book=a%20b,desk=rates;ttl=5");
    cx.span().end();

    // What is not valid changes nothing, and what is current is sent, whoever started it.
    let kept = global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(
            &cx,
            &Headers::from([("traceparent".to_owned(), "00-nonsense".to_owned())]),
        )
    });
    assert_eq!(kept.span().span_context(), cx.span().span_context());
    let current = span("current").entered();
    let ids = current.span_context().unwrap();
    assert_eq!(sent(&Context::current())["traceparent"], ids.to_traceparent());
    let fields = global::get_text_map_propagator(|propagator| {
        propagator.fields().map(str::to_owned).collect::<Vec<_>>()
    });
    assert_eq!(fields, ["traceparent", "tracestate", "baggage"]);
}

#[test]
fn b3_says_more_than_an_opentelemetry_context_holds() {
    let dir = Dir::new();
    let mut b3 = child(&dir, "contexts_travel_in_carriers::speaks_b3");
    succeed(b3.env("OTEL_PROPAGATORS", "b3"));
    let read = read(dir.path());
    assert_eq!(read.spans.len(), 1);
    assert!(read.span("of a debugged trace").is_sampled());
}

#[test]
#[ignore = "the child of the test above"]
fn speaks_b3() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("b3");
    telensic::opentelemetry::install();
    let tracer = global::tracer("library");
    let debugged = received(&[("b3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-d")]);
    let own = tracer.start_with_context("of a debugged trace", &debugged);
    let debugged = debugged.with_span(own);
    let attached = debugged.clone().attach();
    let mut headers = Headers::new();
    telensic::inject(&telensic::current_context(), &mut headers);
    assert_eq!(headers["b3"], sent(&debugged)["b3"]);
    drop(attached);
    let denied = received(&[("b3", "0")]);
    let mut span = tracer.start_with_context("of a trace that is not wanted", &denied);
    assert!(!span.is_recording() && span.span_context().is_valid());
    span.set_attribute(KeyValue::new("k", 1));
}
