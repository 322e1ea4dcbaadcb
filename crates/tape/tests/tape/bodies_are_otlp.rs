use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue, KeyValueList, any_value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ScopeLogs};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status, span};
use prost::Message;
use telensic_tape::otlp::{self, AnyView, LogView, SpanView, Value, field};
use telensic_tape::{Signal, SpanId, TapeWriter, TraceId, UnixNanos};

use crate::support::{Dir, keys, open_sound, run, scope};

fn any(value: any_value::Value) -> AnyValue {
    AnyValue { value: Some(value) }
}

fn list(values: impl IntoIterator<Item = any_value::Value>) -> any_value::Value {
    any_value::Value::ArrayValue(ArrayValue {
        values: values.into_iter().map(any).collect(),
    })
}

fn pair(key: &str, value: any_value::Value) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(any(value)),
        ..KeyValue::default()
    }
}

fn string(text: &str) -> any_value::Value {
    any_value::Value::StringValue(text.to_owned())
}

/// Every kind of value beside what the official types call it.
fn with_values(check: impl Fn(Value<'_>, any_value::Value)) {
    use any_value::Value as Official;
    for text in [
        "",
        "a",
        &"x".repeat(111),
        &"x".repeat(112),
        &"\u{20ac}".repeat(5_000),
    ] {
        check(Value::Str(text), string(text));
    }
    for truth in [false, true] {
        check(Value::Bool(truth), Official::BoolValue(truth));
    }
    for int in [0, 1, -1, 127, 128, 300, i64::MIN, i64::MAX] {
        check(Value::I64(int), Official::IntValue(int));
    }
    for float in [0.0, -0.0, 1.5, f64::MIN, f64::INFINITY, f64::NEG_INFINITY] {
        check(Value::F64(float), Official::DoubleValue(float));
    }
    for bytes in [&[][..], &[0, 255], &[7; 300]] {
        check(Value::Bytes(bytes), Official::BytesValue(bytes.to_vec()));
    }
    check(Value::Strs(&["a", ""]), list([string("a"), string("")]));
    check(Value::Strings(&["b".into()]), list([string("b")]));
    check(
        Value::Bools(&[true, false]),
        list([Official::BoolValue(true), Official::BoolValue(false)]),
    );
    check(Value::I64s(&[]), list([]));
    check(
        Value::I64s(&[-5, 5]),
        list([Official::IntValue(-5), Official::IntValue(5)]),
    );
    check(Value::F64s(&[0.5]), list([Official::DoubleValue(0.5)]));
    check(
        Value::List(&[Value::I64(1), Value::Str("two")]),
        list([Official::IntValue(1), string("two")]),
    );
    check(
        Value::Map(&[("k", Value::Bool(true))]),
        Official::KvlistValue(KeyValueList {
            values: vec![pair("k", Official::BoolValue(true))],
        }),
    );
}

#[test]
fn every_value_is_what_the_official_types_read_and_write() {
    with_values(|value, official| {
        for key in ["k", &"k".repeat(111), &"k".repeat(200)] {
            let mut ours = Vec::new();
            otlp::put_attribute(&mut ours, field::span::ATTRIBUTE, key, value);
            let read = Span::decode(&ours[..]).unwrap();
            assert_eq!(read.attributes, [pair(key, official.clone())]);
            // And the same bytes: nothing is written that the official encoder would not write.
            assert_eq!(read.encode_to_vec(), ours);
        }
        let mut ours = Vec::new();
        value.put(&mut ours, field::log::BODY);
        let read = LogRecord::decode(&ours[..]).unwrap();
        assert_eq!(read.body, Some(any(official)));
        assert_eq!(read.encode_to_vec(), ours);
    });
}

#[test]
fn every_value_of_the_official_types_is_viewed_as_it_is() {
    with_values(|value, official| {
        let log = LogRecord {
            attributes: vec![pair("key", official)],
            ..LogRecord::default()
        };
        let bytes = log.encode_to_vec();
        let view = LogView::parse(&bytes).unwrap();
        let found = view.attributes().find("key").unwrap();
        match (value, found) {
            (Value::Str(text), AnyView::Str(found)) => assert_eq!(text, found),
            (Value::Bool(truth), AnyView::Bool(found)) => assert_eq!(truth, found),
            (Value::I64(int), AnyView::I64(found)) => assert_eq!(int, found),
            (Value::F64(float), AnyView::F64(found)) => assert_eq!(float.to_bits(), found.to_bits()),
            (Value::Bytes(bytes), AnyView::Bytes(found)) => assert_eq!(bytes, found),
            (Value::Map(pairs), AnyView::KeyValues(found)) => assert_eq!(pairs.len(), found.count()),
            (Value::Strs(items), AnyView::Array(found)) => assert_eq!(items.len(), found.count()),
            (Value::Strings(items), AnyView::Array(found)) => assert_eq!(items.len(), found.count()),
            (Value::Bools(items), AnyView::Array(found)) => assert_eq!(items.len(), found.count()),
            (Value::I64s(items), AnyView::Array(found)) => assert_eq!(items.len(), found.count()),
            (Value::F64s(items), AnyView::Array(found)) => assert_eq!(items.len(), found.count()),
            (Value::List(items), AnyView::Array(found)) => assert_eq!(items.len(), found.count()),
            (value, found) => panic!("{value:?} is viewed as {found:?}"),
        }
    });
}

fn official_span() -> Span {
    Span {
        trace_id: vec![1; 16],
        span_id: vec![2; 8],
        parent_span_id: vec![3; 8],
        trace_state: "vendor=1".into(),
        name: "fetch".into(),
        kind: 3,
        start_time_unix_nano: 10,
        end_time_unix_nano: u64::MAX,
        attributes: vec![pair("k", string("v"))],
        dropped_attributes_count: 4,
        events: vec![span::Event {
            time_unix_nano: 11,
            name: "retry".into(),
            attributes: vec![pair("n", any_value::Value::IntValue(2))],
            dropped_attributes_count: 0,
        }],
        dropped_events_count: 5,
        links: vec![span::Link {
            trace_id: vec![8; 16],
            span_id: vec![9; 8],
            attributes: vec![pair("l", string("m"))],
            ..span::Link::default()
        }],
        dropped_links_count: 6,
        status: Some(Status {
            code: 2,
            message: "no route".into(),
        }),
        flags: 0x301,
    }
}

#[test]
fn a_span_of_the_official_types_is_viewed_whole() {
    let bytes = official_span().encode_to_vec();
    let view = SpanView::parse(&bytes).unwrap();
    assert_eq!(view.trace_id, TraceId::from_bytes([1; 16]).unwrap());
    assert_eq!(view.span_id, SpanId::from_bytes([2; 8]).unwrap());
    assert_eq!(view.parent, SpanId::from_bytes([3; 8]));
    assert_eq!((view.trace_state, view.name, view.kind), ("vendor=1", "fetch", 3));
    assert_eq!((view.start, view.end), (UnixNanos(10), UnixNanos(u64::MAX)));
    assert_eq!((view.status.code, view.status.message), (2, "no route"));
    assert_eq!(view.flags, 0x301);
    assert_eq!(view.dropped_attributes, 4);
    assert_eq!((view.dropped_events, view.dropped_links), (5, 6));
    let event = view.events().next().unwrap().unwrap();
    assert_eq!((event.time, event.name), (UnixNanos(11), "retry"));
    assert_eq!(event.attributes().find("n").unwrap().as_i64(), Some(2));
    let link = view.links().next().unwrap().unwrap();
    assert_eq!(link.span_id, SpanId::from_bytes([9; 8]).unwrap());
    assert_eq!(link.attributes().find("l").unwrap().as_str(), Some("m"));
}

#[test]
fn a_chunk_is_a_message_that_an_exporter_wraps_and_sends() {
    let dir = Dir::new();
    let (tape, clerk) = TapeWriter::create(run(dir.path()));
    let mut spans = tape.lane(Signal::Spans, scope("wrap"), true, 0);
    let mut logs = tape.lane(Signal::Logs, scope("wrap"), true, 0);
    for _ in 0..300 {
        spans
            .append(&official_span().encode_to_vec(), UnixNanos(1))
            .unwrap();
        crate::support::append(&mut logs, Signal::Logs, 0, 7, 300).unwrap();
    }
    drop((spans, logs));
    clerk.close(&mut |_| {});
    let tape = open_sound(tape.path().unwrap());
    let (mut span_count, mut log_count) = (0, 0);
    for chunk in tape.chunks() {
        let body = tape.body(chunk).unwrap();
        if chunk.signal() == Signal::Logs {
            let logs = ScopeLogs::decode(body.bytes()).unwrap();
            assert_eq!(logs.scope.as_ref().unwrap().name, "wrap");
            assert_eq!(logs.encode_to_vec(), body.bytes());
            assert_eq!(keys(Signal::Logs, body.bytes()).len(), logs.log_records.len());
            log_count += logs.log_records.len();
            continue;
        }
        let scope_spans = ScopeSpans::decode(body.bytes()).unwrap();
        assert_eq!(scope_spans.encode_to_vec(), body.bytes());
        span_count += scope_spans.spans.len();
        // resource_spans = 1 { scope_spans = 2 { the bytes as they lie } }
        let mut resource_spans = Vec::new();
        otlp::put_bytes(&mut resource_spans, 2, body.bytes());
        let mut request = Vec::new();
        otlp::put_bytes(&mut request, 1, &resource_spans);
        let official = ExportTraceServiceRequest {
            resource_spans: vec![ResourceSpans {
                scope_spans: vec![scope_spans],
                ..ResourceSpans::default()
            }],
        };
        assert_eq!(ExportTraceServiceRequest::decode(&request[..]).unwrap(), official);
        assert!(
            official.resource_spans[0].scope_spans[0]
                .spans
                .iter()
                .all(|span| *span == official_span())
        );
        assert_eq!(official.encode_to_vec(), request);
    }
    assert_eq!((span_count, log_count), (300, 300));
}
