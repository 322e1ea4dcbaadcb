//! Whatever is said of a span through the API is on the tape, as the SDK would have sent it.

use std::path::Path;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{
    Event, Link, Span as _, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState, Tracer,
    TracerProvider as _,
};
use opentelemetry::{Array, Context, InstrumentationScope, KeyValue, StringValue, Value};
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_sdk::trace::SdkTracerProvider;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use telensic::opentelemetry::TelensicTracerProvider;

use crate::decoded::{self, Kept};
use crate::support::{Dir, child, given, is_child, read, recorded, succeed};

/// What is said of a span.
#[derive(Clone, Debug)]
struct Said {
    name: String,
    kind: SpanKind,
    times: (SystemTime, SystemTime),
    attributes: [Vec<KeyValue>; 2],
    events: [Vec<Event>; 2],
    links: [Vec<Link>; 2],
    statuses: Vec<Status>,
    new_name: Option<String>,
}

impl Said {
    /// Says it: one half as the span starts, the other afterwards.
    fn to<T: Tracer>(self, tracer: &T) {
        let [attributes, later_attributes] = self.attributes;
        let [events, later_events] = self.events;
        let [links, later_links] = self.links;
        let mut span = tracer
            .span_builder(self.name)
            .with_kind(self.kind)
            .with_start_time(self.times.0)
            .with_attributes(attributes)
            .with_events(events)
            .with_links(links)
            .start_with_context(tracer, &Context::new());
        assert!(span.is_recording());
        span.set_attributes(later_attributes);
        for event in later_events {
            span.add_event_with_timestamp(event.name, event.timestamp, event.attributes);
        }
        for link in later_links {
            span.add_link(link.span_context, link.attributes);
        }
        for status in self.statuses {
            span.set_status(status);
        }
        if let Some(name) = self.new_name {
            span.update_name(name);
        }
        let before = span.span_context().clone();
        span.end_with_timestamp(self.times.1);
        assert!(!span.is_recording());
        assert_eq!(*span.span_context(), before);
        span.set_attribute(KeyValue::new("late", true));
        span.end();
    }
}

fn text() -> impl Strategy<Value = String> {
    "[a-jA-J0-9 \u{e9}\u{20ac}]{0,12}"
}

fn value() -> impl Strategy<Value = Value> {
    let float = prop_oneof![-1e300..1e300_f64, Just(f64::INFINITY), Just(-0.0)];
    let texts = prop::collection::vec(text().prop_map(StringValue::from), 0..4);
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        float.clone().prop_map(Value::from),
        text().prop_map(Value::from),
        prop::collection::vec(any::<bool>(), 0..4).prop_map(|items| Value::Array(Array::Bool(items))),
        prop::collection::vec(any::<i64>(), 0..4).prop_map(|items| Value::Array(Array::I64(items))),
        prop::collection::vec(float, 0..4).prop_map(|items| Value::Array(Array::F64(items))),
        texts.prop_map(|items| Value::Array(Array::String(items))),
    ]
}

/// Attributes of different keys.
fn attributes(prefix: &'static str, most: usize) -> impl Strategy<Value = Vec<KeyValue>> {
    let pairs = prop::collection::btree_map("[a-j]{1,3}", value(), 0..most);
    pairs.prop_map(move |pairs| {
        pairs
            .into_iter()
            .map(|(key, value)| KeyValue::new(format!("{prefix}.{key}"), value))
            .collect()
    })
}

fn time() -> impl Strategy<Value = SystemTime> {
    (1..1_800_000_000_000_000_000_u64).prop_map(|nanos| SystemTime::UNIX_EPOCH + Duration::from_nanos(nanos))
}

fn events(dropped: u32) -> impl Strategy<Value = Vec<Event>> {
    let event = (text(), time(), attributes("e", 3), 0..=dropped);
    prop::collection::vec(
        event.prop_map(|(name, time, all, dropped)| Event::new(name, time, all, dropped)),
        0..3,
    )
}

fn links() -> impl Strategy<Value = Vec<Link>> {
    let state = prop::option::of("[a-j]{1,5}=[a-j0-9]{1,5}");
    let link = (
        1..u128::MAX,
        1..u64::MAX,
        any::<bool>(),
        any::<bool>(),
        state,
        attributes("l", 3),
    );
    let link = link.prop_map(|(trace, span, sampled, remote, state, attributes)| {
        let flags = TraceFlags::default().with_sampled(sampled);
        let state = state.map_or(TraceState::NONE, |state| state.parse().unwrap());
        let to = SpanContext::new(TraceId::from(trace), SpanId::from(span), flags, remote, state);
        Link::new(to, attributes, 0)
    });
    prop::collection::vec(link, 0..3)
}

fn said() -> impl Strategy<Value = Said> {
    let kind = prop::sample::select(vec![
        SpanKind::Internal,
        SpanKind::Server,
        SpanKind::Client,
        SpanKind::Producer,
        SpanKind::Consumer,
    ]);
    // Of several errors the SDK keeps the one that sorts last, where the specification has the last one count: so here they
    // are equal.
    let statuses = text().prop_flat_map(|why| {
        let status = prop::sample::select(vec![Status::Unset, Status::Ok, Status::error(why)]);
        prop::collection::vec(status, 0..4)
    });
    (
        (text(), kind, (time(), time()), prop::option::of(text())),
        [attributes("a", 6), attributes("b", 6)],
        // The SDK counts anew what is given as the span starts.
        [events(0), events(0)],
        [links(), links()],
        statuses,
    )
        .prop_map(
            |((name, kind, times, new_name), attributes, events, links, statuses)| Said {
                name,
                kind,
                times,
                attributes,
                events,
                links,
                statuses,
                new_name,
            },
        )
}

#[test]
fn the_tape_holds_what_the_sdk_would_have_sent() {
    let dir = Dir::new();
    let sent = dir.path().join("sent");
    succeed(child(&dir, "spans_of_the_api_are_recorded_whole::says_the_same_to_both").env("SENT", &sent));
    let spans = decoded::spans(&read(dir.path()));
    let sent = Kept::read(&sent);
    assert_eq!(sent.len(), 300);
    assert_eq!(spans.len(), sent.len());
    for ((scope, span), sent) in spans.into_iter().zip(sent) {
        assert_eq!((&*scope.name, &*scope.version), ("library", "1.2"));
        assert_eq!(span.flags & 0x1, 1);
        let ours_but_for_ids = Span {
            trace_id: sent.trace_id.clone(),
            span_id: sent.span_id.clone(),
            flags: sent.flags,
            ..span
        };
        assert_eq!(ours_but_for_ids, sent);
    }
}

#[test]
#[ignore = "the child of the test above"]
fn says_the_same_to_both() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("whole");
    let kept = Kept::default();
    let sdk = SdkTracerProvider::builder()
        .with_simple_exporter(kept.clone())
        .build();
    let scope = InstrumentationScope::builder("library")
        .with_version("1.2")
        .build();
    let tracers = (
        sdk.tracer_with_scope(scope.clone()),
        TelensicTracerProvider::new().tracer_with_scope(scope),
    );
    let mut runner = TestRunner::deterministic();
    for _ in 0..300 {
        let said = said().new_tree(&mut runner).unwrap().current();
        said.clone().to(&tracers.0);
        said.to(&tracers.1);
    }
    kept.write(Path::new(&given("SENT")));
}

#[test]
fn what_only_this_door_decides_is_as_it_says() {
    let read = recorded("spans_of_the_api_are_recorded_whole::says_the_rest");
    let spans = decoded::spans(&read);
    let named = |name: &str| &spans.iter().find(|(_, span)| span.name == name).unwrap().1;

    let twice = named("an attribute is replaced");
    assert_eq!(decoded::value(&twice.attributes, "k"), Some(&Any::IntValue(2)));

    let failed = named("fails twice").status.as_ref().unwrap();
    assert_eq!((failed.code, &*failed.message), (2, "second"));

    let counted = named("dropped elsewhere");
    assert_eq!(counted.events[0].dropped_attributes_count, 3);
    assert_eq!(counted.links[0].dropped_attributes_count, 4);
    assert_eq!(counted.dropped_links_count, 1);

    let many = named("too many");
    assert_eq!((many.attributes.len(), many.dropped_attributes_count), (128, 2));

    let now = named("ends now");
    assert!(now.start_time_unix_nano <= now.events[0].time_unix_nano);
    assert!(now.events[0].time_unix_nano <= now.end_time_unix_nano);
    assert_eq!(now.events[0].name, "exception");
    let message = Any::StringValue("it broke".to_owned());
    assert_eq!(
        decoded::value(&now.events[0].attributes, "exception.message"),
        Some(&message)
    );

    let masked = named("masked");
    match decoded::value(&masked.attributes, "api_key") {
        Some(Any::StringValue(text)) => assert!(text.starts_with("[REDACTED:"), "{text}"),
        other => panic!("{other:?}"),
    }

    let scopes: Vec<_> = spans.iter().map(|(scope, _)| scope).collect();
    let described = scopes.iter().find(|scope| scope.name == "described").unwrap();
    let schema = Any::StringValue("https://example.com/schema".to_owned());
    assert_eq!(
        decoded::value(&described.attributes, "otel.scope.schema_url"),
        Some(&schema)
    );
    assert_eq!(
        decoded::value(&described.attributes, "tier"),
        Some(&Any::IntValue(3))
    );
    match decoded::value(&described.attributes, "password") {
        Some(Any::StringValue(text)) => assert!(text.starts_with("[REDACTED:"), "{text}"),
        other => panic!("{other:?}"),
    }
    let large = scopes.iter().find(|scope| scope.name == "large").unwrap();
    assert_eq!((large.attributes.len(), large.dropped_attributes_count), (0, 20));
    assert!(spans.iter().all(|(_, span)| span.name != "suppressed"));
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn says_the_rest() {
    if !is_child() {
        return;
    }
    // Made before anything records, as a static would be.
    let scope = InstrumentationScope::builder("described")
        .with_schema_url("https://example.com/schema")
        .with_attributes([KeyValue::new("tier", 3), KeyValue::new("password", "hunter2")])
        .build();
    let described = TelensicTracerProvider::new().tracer_with_scope(scope);
    let mut nothing = described.start("nobody records");
    assert!(!nothing.is_recording() && !nothing.span_context().is_valid());
    nothing.end();

    let _guard = telensic::init("rest");
    telensic::opentelemetry::install();
    described.start("described").end();
    let texts = (0..20).map(|number| KeyValue::new(format!("k{number}"), "x".repeat(1000)));
    let large = InstrumentationScope::builder("large")
        .with_attributes(texts)
        .build();
    TelensicTracerProvider::new()
        .tracer_with_scope(large)
        .start("large")
        .end();
    let tracer = opentelemetry::global::tracer("library");

    let mut twice = tracer.start("an attribute is replaced");
    twice.set_attribute(KeyValue::new("k", 1));
    twice.set_attribute(KeyValue::new("k", 2));
    twice.end();

    let mut failed = tracer.start("fails twice");
    failed.set_status(Status::error("first"));
    failed.set_status(Status::error("second"));
    failed.set_status(Status::Unset);
    failed.end();

    let to = SpanContext::new(7.into(), 7.into(), TraceFlags::SAMPLED, true, TraceState::NONE);
    let mut counted = tracer
        .span_builder("dropped elsewhere")
        .with_events(vec![Event::new("e", SystemTime::UNIX_EPOCH, Vec::new(), 3)])
        .with_links(vec![Link::new(to, Vec::new(), 4)])
        .start(&tracer);
    counted.add_link(SpanContext::NONE, Vec::new());
    counted.end();

    let all = (0..130).map(|number| KeyValue::new(format!("k{number}"), number));
    tracer
        .span_builder("too many")
        .with_attributes(all)
        .start(&tracer)
        .end();

    let mut now = tracer.start("ends now");
    now.record_error(&std::io::Error::other("it broke"));
    drop(now);

    let mut masked = tracer.start("masked");
    masked.set_attribute(KeyValue::new("api_key", "0123456789"));
    masked.end();

    let _suppressed = Context::enter_telemetry_suppressed_scope();
    assert!(!tracer.start("suppressed").is_recording());
}

#[test]
fn a_trace_that_is_not_sampled_has_ids_and_is_not_recorded() {
    let dir = Dir::new();
    let mut unsampled = child(
        &dir,
        "spans_of_the_api_are_recorded_whole::starts_unsampled_spans",
    );
    succeed(unsampled.env("OTEL_TRACES_SAMPLER", "always_off"));
    assert!(decoded::spans(&read(dir.path())).is_empty());
}

#[test]
#[ignore = "the child of the test above"]
fn starts_unsampled_spans() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("unsampled");
    telensic::opentelemetry::install();
    let tracer = opentelemetry::global::tracer("library");
    tracer.in_span("outer", |outer| {
        use opentelemetry::trace::TraceContextExt as _;
        let outer = outer.span().span_context().clone();
        assert!(outer.is_valid() && !outer.is_sampled());
        let inner = tracer.start("inner");
        assert!(!inner.is_recording());
        assert_eq!(inner.span_context().trace_id(), outer.trace_id());
        assert!(inner.span_context().is_valid() && !inner.span_context().is_sampled());
    });
}
