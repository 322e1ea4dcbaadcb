//! `forensic_trace.json`, read back by a JSON parser.

use serde_json::{Value as Json, json};
use telensic_forensics::{Timeline, TraceFile};
use telensic_tape::Value;
use telensic_tape::otlp::{self, field};

use crate::support::{Recorder, START, Spec, read};

fn written(timeline: &Timeline, is_verbose: bool) -> Vec<Json> {
    let mut bytes = Vec::new();
    TraceFile::new(timeline)
        .verbose(is_verbose)
        .write_to(&mut bytes)
        .unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    assert_eq!(text.lines().count(), timeline.spans().len() + 2, "a span a line");
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_span_has_exactly_the_fields_that_it_should() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    recorder.span(
        Spec::new(2, 1, "run_stage:load", 10, 2_500_010)
            .with("rows", i64::MAX)
            .with("nan", f64::NAN)
            .with("infinite", f64::NEG_INFINITY)
            .with("share", 0.1)
            .with("text", "\u{0}\"\\\n")
            .with("list", &[1.5, f64::NAN])
            .with("bytes", Value::Bytes(&[0xff, 0]))
            .with("map", Value::Map(&[("deep", Value::Bool(true))]))
            .exception("E", "why", "where"),
    );
    recorder.span(Spec::new(1, 0, "root", 0, 3_000_000));
    let tape = recorder.close_on("node-1");
    let timeline = read(&[tape]);
    let spans = written(&timeline, false);
    assert_eq!(
        spans[1],
        json!({
            "name": "run_stage:load", "start_time": START + 10, "end_time": START + 2_500_010, "duration_ms": 2.5,
            "status": "ERROR",
            "attributes": {
                "rows": i64::MAX, "nan": "NaN", "infinite": "-Infinity", "share": 0.1, "text": "\u{0}\"\\\n",
                "list": [1.5, "NaN"], "bytes": "/wA=", "map": {"deep": true},
            },
            "trace_id": "01".repeat(16), "span_id": "0000000000000002", "parent_span_id": "0000000000000001",
            "process": {"host": "node-1", "pid": std::process::id(), "service": "engine"},
        })
    );
    assert_eq!(spans[0]["parent_span_id"], Json::Null);
    let verbose = written(&timeline, true);
    assert_eq!(verbose[0]["events"], json!([]));
    assert_eq!(
        verbose[1]["events"],
        json!([{"name": "exception", "time": START + 2_500_010, "attributes": {
            "exception.type": "E", "exception.message": "why", "exception.stacktrace": "where"}}])
    );
}

#[test]
fn a_span_in_flight_says_that_it_is_open() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    recorder.open(1, 0, "root", 5);
    let spans = written(&read(&[recorder.abandon()]), true);
    assert_eq!(spans[0]["open"], true);
    assert_eq!(
        (&spans[0]["end_time"], &spans[0]["duration_ms"]),
        (&Json::Null, &Json::Null)
    );
    assert_eq!(
        (&spans[0]["status"], &spans[0]["attributes"]),
        (&json!("UNSET"), &json!({}))
    );
}

#[test]
fn no_spans_are_an_empty_list() {
    assert!(written(&read(&[]), false).is_empty());
}

#[test]
fn values_nested_without_end_and_attributes_that_are_no_otlp_break_nothing() {
    // 20,000 lists, one in another.
    let mut any = Vec::new();
    for _ in 0..20_000 {
        let mut list = Vec::new();
        otlp::put_bytes(&mut list, 1, &any);
        any.clear();
        otlp::put_bytes(&mut any, field::any::ARRAY, &list);
    }
    let mut nested = Vec::new();
    otlp::put_encoded(&mut nested, field::span::ATTRIBUTE, "nested", &any);
    let mut broken = Vec::new();
    otlp::put_bytes(&mut broken, field::span::ATTRIBUTE, b"\xff\xff\xff");
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    recorder.span(Spec::new(1, 0, "root", 0, 9).raw(&nested));
    recorder.span(Spec::new(2, 1, "broken", 1, 9).raw(&broken).with("after", 1));
    let spans = written(&read(&[recorder.close()]), true);
    assert!(spans[0].to_string().contains("[nested too deeply]"));
    assert_eq!(spans[1]["attributes"], json!({"after": 1}));
}
