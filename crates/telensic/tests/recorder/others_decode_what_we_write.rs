//! The chunk bodies, framed as OTLP requests, read by OpenTelemetry's own classes in Rust and in Python.

use std::path::{Path, PathBuf};
use std::process::Command;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use prost::Message;
use telensic::{ScopeId, Severity, SpanKind, Status, Value, log, span};
use telensic_tape::{Signal, Tape, otlp};

use crate::support::{Dir, child, is_child, read, succeed};

/// An `Export*ServiceRequest` of all chunks of a signal: a resource, and each chunk's body as it lies.
fn request(tape: &Tape, signal: Signal) -> Vec<u8> {
    const RESOURCES: u32 = 1;
    const RESOURCE: u32 = 1;
    const SCOPES: u32 = 2;
    let mut request = Vec::new();
    otlp::put_message(&mut request, RESOURCES, |resources| {
        otlp::put_bytes(resources, RESOURCE, tape.head().resource());
        for chunk in tape.chunks().filter(|chunk| chunk.signal() == signal) {
            otlp::put_bytes(resources, SCOPES, tape.body(chunk).unwrap().bytes());
        }
    });
    request
}

fn recorded() -> (Dir, Vec<u8>, Vec<u8>) {
    let dir = Dir::new();
    succeed(&mut child(&dir, "others_decode_what_we_write::says_all_there_is"));
    let read = read(dir.path());
    let (traces, logs) = (
        request(&read.tapes[0], Signal::Spans),
        request(&read.tapes[0], Signal::Logs),
    );
    (dir, traces, logs)
}

#[test]
#[ignore = "the child of the tests below"]
fn says_all_there_is() {
    if !is_child() {
        return;
    }
    let _guard = telensic::Builder::new("decoded")
        .version("1.2")
        .log_files(false)
        .init();
    let scope = ScopeId::named("library", "3");
    let mut all = telensic::SpanBuilder::new("all")
        .kind(SpanKind::Server)
        .scope(scope)
        .start();
    all.set("text", "\u{20ac}uro");
    all.set("truth", true);
    all.set("int", -5);
    all.set("float", f64::NAN);
    all.set("bytes", Value::Bytes(b"\x00\xff"));
    all.set("texts", &["a", "b"][..]);
    all.set(
        "map",
        Value::Map(&[("inner", Value::List(&[Value::I64(1), Value::Bool(false)]))]),
    );
    all.event_with("event", |event| {
        event.set("k", 1);
    });
    all.link(&telensic::root_span("linked").context());
    all.record_error(&std::io::Error::other("error"));
    all.set_status(Status::error("failed"));
    let entered = all.entered();
    for number in 0..2000 {
        drop(span("child").with("number", number).entered());
    }
    log(Severity::Warn, "said")
        .with("text", "x".repeat(200).as_str())
        .emit();
    telensic::event("book.gap").with("row_count", 5).emit();
    drop(entered);
}

#[test]
fn the_rust_classes_read_every_field() {
    let (_dir, traces, logs) = recorded();
    let traces = ExportTraceServiceRequest::decode(&traces[..]).unwrap();
    let resource = traces.resource_spans[0].resource.as_ref().unwrap();
    assert!(resource.attributes.iter().any(|pair| pair.key == "service.name"));
    let scopes = &traces.resource_spans[0].scope_spans;
    assert!(
        scopes
            .iter()
            .any(|scope| scope.scope.as_ref().unwrap().name == "library")
    );
    let spans: Vec<_> = scopes.iter().flat_map(|scope| &scope.spans).collect();
    assert_eq!(spans.len(), 2002);
    let all = spans.iter().find(|span| span.name == "all").unwrap();
    assert_eq!(
        (all.kind, all.attributes.len(), all.events.len(), all.links.len()),
        (2, 7, 2, 1)
    );
    let status = all.status.as_ref().unwrap();
    assert_eq!((status.code, status.message.as_str()), (2, "failed"));
    let value = |key: &str| {
        let pair = all.attributes.iter().find(|pair| pair.key == key).unwrap();
        pair.value.clone().unwrap().value.unwrap()
    };
    assert_eq!(value("text"), Any::StringValue("\u{20ac}uro".into()));
    assert_eq!(value("int"), Any::IntValue(-5));
    assert_eq!(value("bytes"), Any::BytesValue(vec![0, 255]));
    let Any::KvlistValue(map) = value("map") else {
        panic!("{all:?}")
    };
    assert_eq!(map.values[0].key, "inner");
    let children = spans
        .iter()
        .filter(|span| span.parent_span_id == all.span_id)
        .count();
    assert_eq!(children, 2000);
    let logs = ExportLogsServiceRequest::decode(&logs[..]).unwrap();
    let logs: Vec<_> = logs.resource_logs[0]
        .scope_logs
        .iter()
        .flat_map(|scope| &scope.log_records)
        .collect();
    assert_eq!(logs.len(), 2);
    assert!(
        logs.iter()
            .all(|log| log.span_id == all.span_id && log.trace_id == all.trace_id)
    );
    assert_eq!(logs[1].event_name, "book.gap");
}

/// The Python of a virtual environment that has the classes; `None` if it cannot be had here.
fn python() -> Option<PathBuf> {
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/requirements.txt");
    let imports = "opentelemetry.proto.collector.trace.v1.trace_service_pb2";
    telensic_test_venv::python("venv-test", &requirements, imports)
}

#[test]
fn the_python_classes_read_every_field() {
    let Some(python) = python() else {
        println!("skipped: python3 with opentelemetry-proto cannot be had here");
        return;
    };
    let (dir, traces, logs) = recorded();
    let (traces_file, logs_file) = (dir.path().join("traces.pb"), dir.path().join("logs.pb"));
    std::fs::write(&traces_file, traces).unwrap();
    std::fs::write(&logs_file, logs).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/decode.py");
    let output = Command::new(python)
        .arg(script)
        .arg(traces_file)
        .arg(logs_file)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let every = |signal: &str, resources: &str, scopes: &str, records: &str| {
        let scopes = found[signal][resources][0][scopes].as_array().unwrap().clone();
        let records = scopes
            .iter()
            .flat_map(|scope| scope[records].as_array().unwrap().clone());
        records.collect::<Vec<serde_json::Value>>()
    };
    let spans = every("traces", "resourceSpans", "scopeSpans", "spans");
    assert_eq!(spans.len(), 2002);
    let all = spans.iter().find(|span| span["name"] == "all").unwrap();
    assert_eq!(all["kind"], "SPAN_KIND_SERVER");
    assert_eq!(all["status"]["code"], "STATUS_CODE_ERROR");
    assert_eq!(all["attributes"].as_array().unwrap().len(), 7);
    assert_eq!(all["events"][0]["name"], "event");
    let children = spans
        .iter()
        .filter(|span| span["parentSpanId"] == all["spanId"])
        .count();
    assert_eq!(children, 2000);
    let logs = every("logs", "resourceLogs", "scopeLogs", "logRecords");
    assert_eq!(logs.len(), 2);
    assert_eq!(logs[0]["severityText"], "WARN");
    assert_eq!(logs[1]["eventName"], "book.gap");
}
