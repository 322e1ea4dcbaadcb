//! Log records that are emitted through the API are on the tape with all they say.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use opentelemetry::logs::{AnyValue, LogRecord as _, Logger, LoggerProvider as _, Severity};
use opentelemetry::trace::{TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, InstrumentationScope, Key, SpanId, TraceFlags, TraceId, global};
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue as ProtoValue, ArrayValue, KeyValue, KeyValueList};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use telensic::opentelemetry::TelensicLoggerProvider;

use crate::decoded;
use crate::support::{Read, is_child, recorded};

const CASES: usize = 200;

fn run(scenario: &str) -> Read {
    recorded(&format!("log_records_of_appenders_are_recorded::{scenario}"))
}

fn any_value() -> impl Strategy<Value = AnyValue> {
    let text = "[a-jA-J0-9 \u{e9}]{0,12}";
    let leaf = prop_oneof![
        any::<i64>().prop_map(AnyValue::Int),
        (-1e300..1e300_f64).prop_map(AnyValue::Double),
        text.prop_map(AnyValue::from),
        any::<bool>().prop_map(AnyValue::Boolean),
        prop::collection::vec(any::<u8>(), 0..8).prop_map(|bytes| AnyValue::from(&bytes[..])),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        let map = prop::collection::hash_map("[a-j]{1,3}", inner.clone(), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|items| AnyValue::ListAny(Box::new(items))),
            map.prop_map(|pairs| {
                let pairs: HashMap<Key, AnyValue> = pairs
                    .into_iter()
                    .map(|(key, value)| (Key::from(key), value))
                    .collect();
                AnyValue::Map(Box::new(pairs))
            }),
        ]
    })
}

fn cases() -> Vec<(AnyValue, AnyValue)> {
    let mut runner = TestRunner::deterministic();
    (0..CASES)
        .map(|_| {
            (any_value(), any_value())
                .new_tree(&mut runner)
                .unwrap()
                .current()
        })
        .collect()
}

/// The value as OTLP has it; maps by their keys.
fn proto(value: &AnyValue) -> ProtoValue {
    let value = match value {
        AnyValue::Int(int) => Any::IntValue(*int),
        AnyValue::Double(float) => Any::DoubleValue(*float),
        AnyValue::String(text) => Any::StringValue(text.as_str().to_owned()),
        AnyValue::Boolean(truth) => Any::BoolValue(*truth),
        AnyValue::Bytes(bytes) => Any::BytesValue(bytes.to_vec()),
        AnyValue::ListAny(items) => Any::ArrayValue(ArrayValue {
            values: items.iter().map(proto).collect(),
        }),
        AnyValue::Map(pairs) => {
            let mut values: Vec<KeyValue> = pairs
                .iter()
                .map(|(key, value)| KeyValue {
                    key: key.as_str().to_owned(),
                    value: Some(proto(value)),
                    ..KeyValue::default()
                })
                .collect();
            values.sort_by(|one, other| one.key.cmp(&other.key));
            Any::KvlistValue(KeyValueList { values })
        }
        other => panic!("{other:?}"),
    };
    ProtoValue { value: Some(value) }
}

#[test]
fn values_of_all_kinds_come_back() {
    let read = run("emits_values");
    let logs = decoded::logs(&read);
    let cases = cases();
    assert_eq!(logs.len(), cases.len());
    for ((_, log), (body, attribute)) in logs.iter().zip(&cases) {
        assert_eq!(log.body, Some(proto(body)));
        assert_eq!(
            decoded::value(&log.attributes, "a"),
            proto(attribute).value.as_ref()
        );
    }
}

#[test]
#[ignore = "the child of the test above"]
fn emits_values() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("values");
    let logger = TelensicLoggerProvider::new().logger("library");
    for (body, attribute) in cases() {
        let mut record = logger.create_log_record();
        record.set_body(body);
        record.add_attribute("a", attribute);
        logger.emit(record);
    }
}

#[test]
fn a_record_says_when_how_grave_and_where() {
    let read = run("emits_all_there_is");
    let logs = decoded::logs(&read);
    let said = |text: &str| -> (&str, &LogRecord) {
        let body = Some(ProtoValue {
            value: Some(Any::StringValue(text.to_owned())),
        });
        let (scope, log) = logs.iter().find(|(_, log)| log.body == body).unwrap();
        (&scope.name, log)
    };

    let (scope, all) = said("all");
    assert_eq!(scope, "a::target");
    assert_eq!(
        (all.time_unix_nano, all.observed_time_unix_nano),
        (5_000_000_000, 7_000_000_000)
    );
    assert_eq!((all.severity_number, &*all.severity_text), (19, "odd"));
    assert_eq!(all.event_name, "book.gap");
    assert_eq!(
        (&all.trace_id[..], &all.span_id[..]),
        (&[0x11; 16][..], &[0x22; 8][..])
    );
    assert_eq!(all.flags, 1);

    let (scope, plain) = said("plain");
    assert_eq!(scope, "library");
    assert_eq!((plain.severity_number, &*plain.severity_text), (0, ""));
    assert_eq!(plain.time_unix_nano, plain.observed_time_unix_nano);
    assert!(plain.trace_id.is_empty() && plain.span_id.is_empty());

    let (_, trace_only) = said("trace only");
    assert_eq!(
        (&trace_only.trace_id[..], trace_only.span_id.len()),
        (&[0x11; 16][..], 0)
    );

    let (_, within) = said("within");
    assert_eq!(within.span_id, read.span("outer").id.to_bytes());
    assert_eq!(within.severity_text, "INFO");

    assert_eq!(
        logs.len(),
        5,
        "what is below the level, or suppressed, is not recorded"
    );
    assert_eq!(
        logs[4].1.event_name, "event.invalid",
        "an event of a known type is held against its schema"
    );
}

#[test]
#[ignore = "the child of the test above"]
fn emits_all_there_is() {
    if !is_child() {
        return;
    }
    let provider = TelensicLoggerProvider::new();
    let logger = provider.logger_with_scope(InstrumentationScope::builder("library").build());
    assert!(!logger.event_enabled(Severity::Fatal, "", None));
    let _guard = telensic::init("all");
    telensic::opentelemetry::install();
    let record = |text: &'static str, severity: Option<Severity>| {
        let mut record = logger.create_log_record();
        record.set_body(text.into());
        severity
            .into_iter()
            .for_each(|severity| record.set_severity_number(severity));
        record
    };
    let mut all = record("all", Some(Severity::Error3));
    all.set_target("a::target");
    all.set_timestamp(SystemTime::UNIX_EPOCH + Duration::from_secs(5));
    all.set_observed_timestamp(SystemTime::UNIX_EPOCH + Duration::from_secs(7));
    all.set_severity_text("odd");
    all.set_event_name("book.gap");
    let (trace, span) = (TraceId::from_bytes([0x11; 16]), SpanId::from_bytes([0x22; 8]));
    all.set_trace_context(trace, span, Some(TraceFlags::SAMPLED));
    logger.emit(all);

    let mut plain = record("plain", None);
    plain.set_event_name("event src/main.rs:5");
    logger.emit(plain);

    let mut trace_only = record("trace only", Some(Severity::Info));
    trace_only.set_trace_context(trace, SpanId::INVALID, None);
    logger.emit(trace_only);

    global::tracer("library").in_span("outer", |cx| {
        assert!(cx.span().is_recording());
        logger.emit(record("within", Some(Severity::Info)));
    });

    assert!(!logger.event_enabled(Severity::Debug4, "", None));
    assert!(logger.event_enabled(Severity::Info, "", None));
    logger.emit(record("too fine", Some(Severity::Debug)));
    {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        assert!(!logger.event_enabled(Severity::Fatal, "", None));
        logger.emit(record("suppressed", Some(Severity::Fatal)));
    }
    let mut event = record("", Some(Severity::Info));
    event.set_event_name("data.load");
    event.add_attribute("row_count", "many");
    logger.emit(event);
}
