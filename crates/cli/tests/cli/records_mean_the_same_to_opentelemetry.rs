use std::path::PathBuf;
use std::sync::Arc;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue, KeyValueList};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{Span, Status};
use prost::Message;
use telensic_tape::{Clock, Mode, Signal, TapeOptions, TapeWriter};

use crate::support::{Dir, tape};

/// A tape with one record.
fn tape_of(dir: &Dir, signal: Signal, record: &[u8]) -> PathBuf {
    let (tape, clerk) = TapeWriter::create(TapeOptions::new(dir.path()).mode(Mode::Run));
    let mut lane = tape.lane(signal, Arc::from(&b""[..]), true, 1);
    lane.append(record, Clock::get().now()).unwrap();
    drop(lane);
    clerk.close(&mut |_| {});
    tape.path().unwrap().to_owned()
}

fn any(value: Value) -> AnyValue {
    AnyValue { value: Some(value) }
}

fn pair(key: &str, value: Value) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(any(value)),
        ..KeyValue::default()
    }
}

/// An attribute of every type.
fn attributes() -> Vec<KeyValue> {
    let inner = vec![pair("deep", Value::IntValue(i64::MIN))];
    let values = vec![any(Value::StringValue("a".into())), any(Value::DoubleValue(0.5))];
    vec![
        pair(
            "text",
            Value::StringValue("caf\u{e9} \u{1b}\u{9b}\u{202e}\"".into()),
        ),
        pair("truth", Value::BoolValue(true)),
        pair("int", Value::IntValue(i64::MAX)),
        pair("float", Value::DoubleValue(-1.5e300)),
        pair("bytes", Value::BytesValue(vec![0, 255, 16, 4])),
        pair("array", Value::ArrayValue(ArrayValue { values })),
        pair("map", Value::KvlistValue(KeyValueList { values: inner })),
    ]
}

#[test]
fn a_span_with_every_field_comes_back_as_it_was() {
    let span = Span {
        trace_id: vec![0xab; 16],
        span_id: vec![0xcd; 8],
        trace_state: "vendor=1".into(),
        parent_span_id: vec![0xef; 8],
        flags: 0x301,
        name: "work".into(),
        kind: 3,
        start_time_unix_nano: u64::MAX - 1,
        end_time_unix_nano: u64::MAX,
        attributes: attributes(),
        dropped_attributes_count: 1,
        events: vec![Event {
            time_unix_nano: 5,
            name: "retry".into(),
            attributes: attributes(),
            dropped_attributes_count: 2,
        }],
        dropped_events_count: 3,
        links: vec![Link {
            trace_id: vec![1; 16],
            span_id: vec![2; 8],
            trace_state: "other=2".into(),
            attributes: attributes(),
            dropped_attributes_count: 4,
            flags: 0x101,
        }],
        dropped_links_count: 5,
        status: Some(Status {
            message: "no price".into(),
            code: 2,
        }),
    };
    let dir = Dir::new();
    let path = tape_of(&dir, Signal::Spans, &span.encode_to_vec());
    let line = tape(&path, &["--records", "--json"]).well();
    assert_eq!(serde_json::from_str::<Span>(&line).unwrap(), span, "{line}");
}

#[test]
fn a_log_record_with_every_field_comes_back_as_it_was() {
    let log = LogRecord {
        time_unix_nano: u64::MAX,
        observed_time_unix_nano: 7,
        severity_number: 17,
        severity_text: "ERROR".into(),
        body: Some(any(Value::KvlistValue(KeyValueList { values: attributes() }))),
        attributes: attributes(),
        dropped_attributes_count: 1,
        flags: 1,
        trace_id: vec![0xab; 16],
        span_id: vec![0xcd; 8],
        event_name: "data.load".into(),
    };
    let dir = Dir::new();
    let path = tape_of(&dir, Signal::Logs, &log.encode_to_vec());
    let line = tape(&path, &["--records", "--json"]).well();
    assert_eq!(serde_json::from_str::<LogRecord>(&line).unwrap(), log, "{line}");
}

#[test]
fn what_nests_without_end_is_named_and_harms_nobody() {
    // As bytes: a library that builds it as a value would need the very stack that is spared here.
    let put = |out: &mut Vec<u8>, field: u8, content: &[u8]| {
        out.push(field << 3 | 2);
        prost::encoding::encode_varint(content.len() as u64, out);
        out.extend_from_slice(content);
    };
    let mut value = Vec::new();
    for _ in 0..20_000 {
        let (mut array, mut any) = (Vec::new(), Vec::new());
        put(&mut array, 1, &value);
        put(&mut any, 5, &array);
        value = any;
    }
    let mut log = Vec::new();
    put(&mut log, 5, &value);
    let dir = Dir::new();
    let path = tape_of(&dir, Signal::Logs, &log);
    for form in [&["--records"][..], &["--records", "--json"]] {
        let ran = tape(&path, form);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
        assert!(
            ran.stderr.contains("record 0 of chunk 1 cannot be decoded"),
            "{}",
            ran.stderr
        );
    }
}
