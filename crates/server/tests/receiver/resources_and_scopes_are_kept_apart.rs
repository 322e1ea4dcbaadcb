//! A tape for each resource and chunks for each scope, until there are too many; then records tell theirs themselves.

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use prost::Message;
use telensic_server::intake::RunIntakeOptions;
use telensic_server::receivers::otlp_http::Limits;

use crate::support::http::{PROTOBUF, post};
use crate::support::requests::{
    attribute, counter, full_span, log, logs_of, metrics_of, scope, spans_of, text,
};
use crate::support::{Recorded, recorder_with};

fn value<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let pair = attributes.iter().find(|pair| pair.key == key)?;
    match pair.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        other => panic!("{other:?}"),
    }
}

fn tape_of<'a>(recorded: &'a Recorded, service: &str) -> &'a crate::support::OnTape {
    let found = recorded
        .tapes
        .iter()
        .find(|tape| value(&tape.resource.attributes, "service.name") == Some(service));
    found.unwrap()
}

#[test]
fn resources_beyond_the_limit_share_a_tape_and_are_told_by_their_records() {
    let mut options = RunIntakeOptions::default();
    options.most_tapes = 2;
    let recorder = recorder_with(Limits::default(), options);
    let address = recorder.receiver.address();
    let mut own = full_span(1);
    own.attributes
        .push(attribute("service.name", text("said by the span")));
    for service in ["a", "b", "c", "d", "a"] {
        let bodies = [
            (
                "/v1/traces",
                spans_of(service, vec![full_span(0)]).encode_to_vec(),
            ),
            ("/v1/logs", logs_of(service, vec![log("said")]).encode_to_vec()),
            (
                "/v1/metrics",
                metrics_of(service, vec![counter("runs", 1)]).encode_to_vec(),
            ),
        ];
        for (path, body) in bodies {
            assert_eq!(post(address, path, &[PROTOBUF], &body).status, 200);
        }
    }
    let body = spans_of("d", vec![own]).encode_to_vec();
    assert_eq!(post(address, "/v1/traces", &[PROTOBUF], &body).status, 200);
    let notices = recorder.intake.take_notices();
    assert_eq!(notices.len(), 1, "it is said once: {notices:?}");
    let recorded = recorder.finish();
    assert_eq!(
        (
            recorded.tapes.len(),
            recorded.summary.tapes,
            recorded.summary.without_own_tape
        ),
        (3, 3, 7)
    );
    let a = tape_of(&recorded, "a");
    assert_eq!((a.spans.len(), a.logs.len(), a.metrics.len()), (2, 2, 2));
    assert_eq!(a.spans[0].1, full_span(0));
    let common = tape_of(&recorded, "unknown_service");
    let told: Vec<_> = common
        .spans
        .iter()
        .map(|(_, span)| value(&span.attributes, "service.name").unwrap())
        .collect();
    assert_eq!(told, ["c", "d", "said by the span"]);
    assert_eq!(value(&common.logs[1].1.attributes, "service.name"), Some("d"));
    assert_eq!(value(&common.metrics[0].1.metadata, "service.name"), Some("c"));
}

#[test]
fn scopes_beyond_the_limit_share_chunks_and_are_told_by_their_records() {
    let mut options = RunIntakeOptions::default();
    options.most_scopes = 2;
    let recorder = recorder_with(Limits::default(), options);
    let mut request = spans_of("prices", Vec::new());
    for number in 0..500 {
        let mut of_scope = request.resource_spans[0].scope_spans[0].clone();
        of_scope.scope = Some(scope(&format!("scope {number}")));
        of_scope.spans = vec![full_span(number)];
        request.resource_spans[0].scope_spans.push(of_scope);
    }
    let answer = post(
        recorder.receiver.address(),
        "/v1/traces",
        &[PROTOBUF],
        &request.encode_to_vec(),
    );
    assert_eq!(answer.status, 200);
    assert_eq!(recorder.intake.take_notices().len(), 1);
    let size = std::fs::metadata(&recorder.run.list_tapes().unwrap()[0])
        .unwrap()
        .len();
    assert!(size < 4 << 20, "{size}: every scope has a chunk");
    let recorded = recorder.finish();
    assert_eq!(recorded.summary.without_own_scope, 498);
    let spans = &recorded.tapes[0].spans;
    assert_eq!(spans.len(), 500);
    for (scope, span) in spans {
        let number = span.name.trim_start_matches("span ");
        let told = value(&span.attributes, "otel.scope.name").unwrap_or(&scope.name);
        assert_eq!(told, format!("scope {number}"));
    }
}

#[test]
fn a_resource_too_large_to_repeat_is_cut_and_the_cut_is_counted() {
    let mut options = RunIntakeOptions::default();
    options.most_tapes = 0;
    let recorder = recorder_with(Limits::default(), options);
    let mut request = spans_of("prices", vec![full_span(0)]);
    let resource = request.resource_spans[0].resource.as_mut().unwrap();
    for number in 0..100 {
        let long = "x".repeat(100);
        resource
            .attributes
            .push(attribute(&format!("attribute.{number}"), text(long)));
    }
    let answer = post(
        recorder.receiver.address(),
        "/v1/traces",
        &[PROTOBUF],
        &request.encode_to_vec(),
    );
    assert_eq!(answer.status, 200);
    let recorded = recorder.finish();
    let span = recorded.spans()[0];
    let before = full_span(0);
    let added = span.attributes.len() - before.attributes.len();
    assert_eq!(
        added + (span.dropped_attributes_count - before.dropped_attributes_count) as usize,
        101
    );
    assert!(added > 20 && span.encoded_len() < 5000);
}
