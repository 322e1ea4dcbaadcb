//! A record that is wrong is rejected by itself, counted and explained; its neighbours are kept.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use opentelemetry_proto::tonic::common::v1::AnyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{ArrayValue, KeyValueList};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use telensic_tape::otlp::put_bytes;

use crate::support::http::{JSON, PROTOBUF, post};
use crate::support::recorder;
use crate::support::requests::{attribute, full_span, log, logs_of, spans_of};

fn nested(depth: usize) -> AnyValue {
    (0..depth).fold(AnyValue { value: None }, |inner, level| AnyValue {
        value: Some(if level % 2 == 0 {
            Value::ArrayValue(ArrayValue { values: vec![inner] })
        } else {
            Value::KvlistValue(KeyValueList {
                values: vec![attribute("k", inner)],
            })
        }),
    })
}

fn span_with(change: impl FnOnce(&mut Span)) -> Vec<u8> {
    let mut span = full_span(99);
    change(&mut span);
    span.encode_to_vec()
}

/// A request of these encoded spans, whatever they hold.
fn request(spans: &[Vec<u8>]) -> Vec<u8> {
    let (mut scope, mut resource, mut request) = (Vec::new(), Vec::new(), Vec::new());
    spans.iter().for_each(|span| put_bytes(&mut scope, 2, span));
    put_bytes(&mut resource, 2, &scope);
    put_bytes(&mut request, 1, &resource);
    request
}

#[test]
fn each_wrong_span_is_counted_with_its_reason() {
    let recorder = recorder();
    let good = full_span(1).encode_to_vec();
    let mut not_utf8 = good.clone();
    put_bytes(&mut not_utf8, 5, b"\xff\xfe");
    let mut wrong_type = good.clone();
    wrong_type.extend_from_slice(&[5 << 3, 1]);
    let mut cut_off = good.clone();
    cut_off.extend_from_slice(&[9 << 3 | 2, 100]);
    let spans = [
        good.clone(),
        not_utf8,
        span_with(|span| span.trace_id = vec![0; 16]),
        span_with(|span| span.trace_id = vec![1; 15]),
        span_with(|span| span.trace_id = Vec::new()),
        good.clone(),
        span_with(|span| span.span_id = vec![0; 8]),
        span_with(|span| span.parent_span_id = vec![1; 7]),
        wrong_type,
        cut_off,
        span_with(|span| span.attributes.push(attribute("deep", nested(40)))),
        span_with(|span| span.attributes.push(attribute("deep", nested(30)))),
    ];
    let answer = post(
        recorder.receiver.address(),
        "/v1/traces",
        &[PROTOBUF],
        &request(&spans),
    );
    assert_eq!(answer.status, 200);
    let partial = ExportTraceServiceResponse::decode(&answer.body[..]).unwrap();
    let partial = partial.partial_success.unwrap();
    assert_eq!(partial.rejected_spans, 9);
    for words in [
        "2 that are not valid OTLP",
        "1 with a text that is not UTF-8",
        "3 with a trace id",
        "nested too deep",
    ] {
        assert!(partial.error_message.contains(words), "{}", partial.error_message);
    }
    let recorded = recorder.finish();
    assert_eq!(recorded.spans().len(), 3);
    let rejected: Vec<_> = recorded.summary.rejected.into_iter().collect();
    let expected = [
        ("malformed", 2),
        ("not_utf8", 1),
        ("parent_span_id", 1),
        ("span_id", 1),
        ("too_deep", 1),
        ("trace_id", 3),
    ];
    assert_eq!(rejected, expected);
}

#[test]
fn the_same_holds_for_json() {
    let recorder = recorder();
    let good = serde_json::to_value(full_span(1)).unwrap();
    let with = |key: &str, value: serde_json::Value| {
        let mut span = good.clone();
        span[key] = value;
        span
    };
    let deep = (0..2000).fold("{}".to_owned(), |inner, _| {
        format!(r#"{{"arrayValue":{{"values":[{inner}]}}}}"#)
    });
    let deep = format!(r#"{{"attributes":[{{"key":"k","value":{deep}}}]}}"#);
    let spans = [
        good.to_string(),
        with("traceId", "xyz".into()).to_string(),
        with("traceId", "".into()).to_string(),
        with("spanId", "00".into()).to_string(),
        with("name", 5.into()).to_string(),
        with("startTimeUnixNano", "-1".into()).to_string(),
        with("attributes", "none".into()).to_string(),
        r#"{"name":"\ud800"}"#.to_owned(),
        "5".to_owned(),
        deep,
        with("unknownField", serde_json::json!({"a": [1, {"b": null}]})).to_string(),
        with("parentSpanId", serde_json::Value::Null).to_string(),
    ];
    let body = format!(
        r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{}]}}]}}]}}"#,
        spans.join(",")
    );
    let answer = post(
        recorder.receiver.address(),
        "/v1/traces",
        &[JSON],
        body.as_bytes(),
    );
    let partial = &answer.json()["partialSuccess"];
    assert_eq!(partial["rejectedSpans"], "9", "{partial}");
    let recorded = recorder.finish();
    assert_eq!(recorded.spans().len(), 3);
    let rejected: Vec<_> = recorded.summary.rejected.into_iter().collect();
    assert_eq!(
        rejected,
        [("malformed", 5), ("span_id", 1), ("too_deep", 1), ("trace_id", 2)]
    );
}

#[test]
fn a_link_that_leads_nowhere_is_left_out_and_counted() {
    let recorder = recorder();
    let mut span = full_span(1);
    let mut nowhere = span.links[0].clone();
    nowhere.trace_id = vec![0; 16];
    span.links.push(nowhere);
    span.dropped_links_count = 2;
    let body = spans_of("prices", vec![span]).encode_to_vec();
    assert_eq!(
        post(recorder.receiver.address(), "/v1/traces", &[PROTOBUF], &body).status,
        200
    );
    let mut expected = full_span(1);
    expected.dropped_links_count = 3;
    assert_eq!(recorder.finish().spans(), [&expected]);
}

#[test]
fn a_log_record_with_a_wrong_id_is_kept_without_it() {
    let recorder = recorder();
    let mut wrong = log("said");
    wrong.trace_id = vec![1; 3];
    let body = logs_of("prices", vec![wrong]).encode_to_vec();
    assert_eq!(
        post(recorder.receiver.address(), "/v1/logs", &[PROTOBUF], &body).status,
        200
    );
    let mut expected = log("said");
    expected.trace_id.clear();
    assert_eq!(recorder.finish().logs(), [&expected]);
}

#[test]
fn what_otlp_does_not_define_is_not_written() {
    let recorder = recorder();
    let mut span = full_span(1).encode_to_vec();
    put_bytes(&mut span, 100, b"nobody knows what this is");
    let answer = post(
        recorder.receiver.address(),
        "/v1/traces",
        &[PROTOBUF],
        &request(&[span]),
    );
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    let paths = recorder.run.list_tapes().unwrap();
    let bytes = std::fs::read(&paths[0]).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"nobody"));
    assert_eq!(recorder.finish().spans(), [&full_span(1)]);
}
