//! A pipeline of the OpenTelemetry SDK with one more exporter: what it exports is on the tape, unchanged.

use std::path::Path;
use std::time::{Duration, SystemTime};

use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry::trace::{
    Link, Span as _, SpanContext, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceState,
    Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter as _};
use telensic::opentelemetry::{ForensicLogExporter, ForensicSpanExporter};

use crate::decoded::{self, Kept};
use crate::support::{Dir, child, given, is_child, read, recorded, succeed};

#[test]
fn every_field_of_a_span_is_as_the_sdk_exports_it() {
    let dir = Dir::new();
    let sent = dir.path().join("sent");
    succeed(child(&dir, "spans_of_another_sdk_keep_everything::exports_spans").env("SENT", &sent));
    let read = read(dir.path());
    let sent = Kept::read(&sent);
    let mut spans = decoded::spans(&read);
    assert_eq!(spans.len(), sent.len());
    for sent in sent {
        let position = spans.iter().position(|(_, span)| span.span_id == sent.span_id);
        let (scope, span) = spans.swap_remove(position.unwrap());
        assert_eq!(scope.name, "library");
        assert_eq!(span, sent);
    }
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn exports_spans() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("pipeline");
    let kept = Kept::default();
    let provider = SdkTracerProvider::builder()
        .with_resource(Resource::builder_empty().build())
        .with_max_attributes_per_span(3)
        .with_max_events_per_span(2)
        .with_max_links_per_span(1)
        .with_max_attributes_per_event(1)
        .with_simple_exporter(kept.clone())
        .with_batch_exporter(ForensicSpanExporter::new())
        .build();
    let tracer = provider.tracer("library");
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let state: TraceState = "vendor=opaque,other=2".parse().unwrap();
    let remote = SpanContext::new(5.into(), 6.into(), TraceFlags::SAMPLED, true, state);
    let parent = Context::new().with_remote_span_context(remote.clone());
    for number in 0..50_u64 {
        let mut outer = tracer
            .span_builder(format!("outer {number}"))
            .with_kind(SpanKind::Server)
            .with_start_time(at(number))
            .with_attributes((0..5).map(|key| KeyValue::new(format!("k{key}"), key)))
            .with_links(vec![
                Link::with_context(remote.clone()),
                Link::with_context(remote.clone()),
            ])
            .start_with_context(&tracer, &parent);
        for event in 0..4 {
            let attributes = vec![KeyValue::new("a", event), KeyValue::new("b", 0.5)];
            outer.add_event_with_timestamp("happened", at(event as u64), attributes);
        }
        outer.set_status(Status::error("refused"));
        let cx = Context::new().with_span(outer);
        let mut inner = tracer.start_with_context("inner", &cx);
        inner.set_status(Status::Ok);
        inner.end();
        cx.span().end_with_timestamp(at(number + 1));
    }
    provider.shutdown().unwrap();
    kept.write(Path::new(&given("SENT")));
}

#[test]
fn a_resource_that_differs_stands_on_each_record() {
    let read = recorded("spans_of_another_sdk_keep_everything::has_a_resource_of_its_own");
    let (_, span) = &decoded::spans(&read)[0];
    let (scope, log) = &decoded::logs(&read)[0];
    let checkout = Any::StringValue("checkout".to_owned());
    for attributes in [&span.attributes, &log.attributes] {
        assert_eq!(decoded::value(attributes, "service.name"), Some(&checkout));
        assert_eq!(decoded::value(attributes, "telemetry.sdk.name"), None);
    }
    // What is said of the record itself stands.
    assert_eq!(decoded::value(&span.attributes, "zone"), Some(&Any::IntValue(1)));
    assert_eq!(decoded::value(&log.attributes, "zone"), Some(&Any::IntValue(1)));

    assert_eq!(scope.name, "a::target");
    assert_eq!(
        (log.time_unix_nano, log.observed_time_unix_nano),
        (5_000_000_000, 7_000_000_000)
    );
    assert_eq!((log.severity_number, &*log.severity_text), (14, "WARN2"));
    assert_eq!(log.event_name, "book.gap");
    assert_eq!(
        (&log.trace_id[..], &log.span_id[..]),
        (&span.trace_id[..], &span.span_id[..])
    );
    let body = log.body.as_ref().unwrap().value.as_ref();
    assert_eq!(body, Some(&Any::StringValue("said".to_owned())));
    // The thread that exports is not the one that said it.
    assert_eq!(decoded::value(&log.attributes, "thread.id"), None);
    assert_eq!(log.attributes.len(), 3);
    // Nor does a secret reach the tape that another SDK was told.
    for attributes in [&span.attributes, &log.attributes] {
        match decoded::value(attributes, "password") {
            Some(Any::StringValue(text)) => assert!(text.starts_with("[REDACTED:"), "{text}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
#[ignore = "the child of the test above"]
fn has_a_resource_of_its_own() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("pricing");
    let resource = Resource::builder()
        .with_service_name("checkout")
        .with_attribute(KeyValue::new("zone", "eu"))
        .build();
    let traces = SdkTracerProvider::builder()
        .with_resource(resource.clone())
        .with_simple_exporter(ForensicSpanExporter::new())
        .build();
    let logs = SdkLoggerProvider::builder()
        .with_resource(resource)
        .with_batch_exporter(ForensicLogExporter::new())
        .build();
    let tracer = traces.tracer("library");
    let logger = logs.logger("library");
    tracer.in_span("outer", |cx| {
        cx.span().set_attribute(KeyValue::new("zone", 1));
        cx.span().set_attribute(KeyValue::new("password", "hunter2"));
        let mut record = logger.create_log_record();
        record.set_target("a::target");
        record.set_timestamp(SystemTime::UNIX_EPOCH + Duration::from_secs(5));
        record.set_observed_timestamp(SystemTime::UNIX_EPOCH + Duration::from_secs(7));
        record.set_severity_number(Severity::Warn2);
        record.set_event_name("book.gap");
        record.set_body(AnyValue::from("said"));
        record.add_attribute("zone", 1);
        record.add_attribute("password", "hunter2");
        logger.emit(record);
    });
    logs.shutdown().unwrap();
    traces.shutdown().unwrap();
}

#[test]
fn an_exporter_says_when_nothing_is_recorded() {
    let exporter = ForensicSpanExporter::new();
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    let mut export = std::pin::pin!(exporter.export(Vec::new()));
    let std::task::Poll::Ready(Err(OTelSdkError::InternalFailure(why))) = export.as_mut().poll(&mut task)
    else {
        panic!("an error is told at once");
    };
    assert!(why.contains("telensic::init"), "{why}");
    exporter.shutdown().unwrap();
    assert!(matches!(exporter.shutdown(), Err(OTelSdkError::AlreadyShutdown)));
}
