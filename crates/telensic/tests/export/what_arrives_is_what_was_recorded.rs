//! What OpenTelemetry's own classes receive equals what is on the tape, field by field, whatever the encoding and the
//! compression.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use telensic::{Builder, ScopeId, Severity, SpanBuilder, SpanKind, Status, Value, event, log, span};
use telensic_tape::{Signal, Tape, otlp};

use crate::support::{Dir, child, is_child, reap, succeed, tapes_in};

/// A Python of its own with the classes, HTTP and gRPC; `None` if it cannot be had here.
fn python() -> Option<PathBuf> {
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/receiver-requirements.txt");
    let imports = "grpc, zstandard, opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc";
    telensic_test_venv::python("venv-receiver", &requirements, imports)
}

struct Receiver {
    process: Child,
    file: PathBuf,
    http: String,
    #[cfg_attr(
        not(feature = "otlp-grpc"),
        expect(dead_code, reason = "only gRPC goes there")
    )]
    grpc: String,
}

impl Receiver {
    fn start(python: &Path, dir: &Dir) -> Self {
        let file = dir.path().join("received");
        let mut process = Command::new(python)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/receiver.py"))
            .arg(&file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let (http, grpc) = line.trim().split_once(' ').unwrap();
        Self {
            http: format!("http://127.0.0.1:{http}"),
            grpc: format!("http://127.0.0.1:{grpc}"),
            process,
            file,
        }
    }

    /// What came this way, as `All`.
    fn received(&self, way: &str) -> All {
        let mut all = All::default();
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        for line in text.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            if line["way"] == way {
                let body = STANDARD.decode(line["body"].as_str().unwrap()).unwrap();
                let signal = match line["signal"].as_str().unwrap() {
                    "traces" => Signal::Spans,
                    "logs" => Signal::Logs,
                    _ => Signal::Metrics,
                };
                all.add(signal, &body);
            }
        }
        all.sorted()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        reap(&mut self.process);
    }
}

/// Everything of some requests, each record with its resource and scope.
#[derive(Debug, Default, PartialEq)]
struct All {
    spans: Vec<(Resource, InstrumentationScope, Span)>,
    logs: Vec<(Resource, InstrumentationScope, LogRecord)>,
    /// Encoded anew: of a number that is none, only the bytes are equal.
    metrics: Vec<(Resource, InstrumentationScope, Vec<u8>)>,
}

impl All {
    fn add(&mut self, signal: Signal, request: &[u8]) {
        if signal == Signal::Metrics {
            for resource in ExportMetricsServiceRequest::decode(request)
                .unwrap()
                .resource_metrics
            {
                let of = resource.resource.unwrap();
                for scope in resource.scope_metrics {
                    let within = scope.scope.unwrap();
                    let metrics = scope.metrics.into_iter();
                    self.metrics
                        .extend(metrics.map(|metric| (of.clone(), within.clone(), metric.encode_to_vec())));
                }
            }
        } else if signal == Signal::Spans {
            for resource in ExportTraceServiceRequest::decode(request).unwrap().resource_spans {
                let of = resource.resource.unwrap();
                for scope in resource.scope_spans {
                    let within = scope.scope.unwrap();
                    let spans = scope.spans.into_iter();
                    self.spans
                        .extend(spans.map(|span| (of.clone(), within.clone(), span)));
                }
            }
        } else {
            for resource in ExportLogsServiceRequest::decode(request).unwrap().resource_logs {
                let of = resource.resource.unwrap();
                for scope in resource.scope_logs {
                    let within = scope.scope.unwrap();
                    let logs = scope.log_records.into_iter();
                    self.logs
                        .extend(logs.map(|log| (of.clone(), within.clone(), log)));
                }
            }
        }
    }

    fn sorted(mut self) -> Self {
        self.spans.sort_by(|a, b| a.2.span_id.cmp(&b.2.span_id));
        self.logs.sort_by_key(|log| log.2.time_unix_nano);
        self.metrics.sort_by(|a, b| a.2.cmp(&b.2));
        self
    }

    /// What is on the only tape in this directory.
    fn on_tape(dir: &Dir) -> Self {
        let [path] = &tapes_in(&dir.path().join("tapes"))[..] else {
            panic!("one tape")
        };
        let tape = Tape::open(path).unwrap();
        let mut all = Self::default();
        for chunk in tape.chunks() {
            let mut request = Vec::new();
            otlp::put_message(&mut request, 1, |resources| {
                otlp::put_bytes(resources, 1, tape.head().resource());
                otlp::put_bytes(resources, 2, tape.body(chunk).unwrap().bytes());
            });
            all.add(chunk.signal(), &request);
        }
        all.sorted()
    }
}

#[test]
#[ignore = "the child of the test below"]
fn says_all_there_is() {
    if !is_child() {
        return;
    }
    let _guard = Builder::new("all of it").version("1.2").log_files(false).init();
    let mut all = SpanBuilder::new("all")
        .kind(SpanKind::Server)
        .scope(ScopeId::named("library", "3"))
        .start();
    all.set("text", "\u{20ac}uro \u{1f4c8} \"quoted\" \u{1}");
    all.set("empty", "");
    all.set("truth", false);
    all.set("least", i64::MIN);
    all.set("most", i64::MAX);
    all.set("float", 0.1 + 0.2);
    all.set("infinite", f64::NEG_INFINITY);
    all.set("bytes", Value::Bytes(b"\x00\xff"));
    all.set("texts", &["a", "b"][..]);
    all.set("truths", &[true, false]);
    all.set("ints", &[1, -1, 1 << 60]);
    all.set("floats", &[1.5, -0.0]);
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
    for number in 0..3000 {
        drop(span("child").with("number", number).entered());
    }
    log(Severity::Warn, "said")
        .with("text", "x".repeat(200).as_str())
        .emit();
    event("book.gap").with("row_count", 5).emit();
    #[cfg(feature = "metrics")]
    measure();
    drop(entered);
}

#[cfg(feature = "metrics")]
fn measure() {
    use telensic::metrics;

    metrics::counter("orders_total")
        .help("orders")
        .labels(&["side"])
        .register()
        .with(&["buy"])
        .add(7);
    metrics::counter("amount_total").register().alone().add_f64(0.5);
    metrics::up_down_counter("open").register().alone().add(-3);
    let levels = metrics::gauge("level").labels(&["which"]).register();
    levels.with(&["none"]).set(f64::NAN);
    levels.with(&["all"]).set(f64::INFINITY);
    let sizes = metrics::histogram("sizes").buckets(&[1.0, 2.5]).register();
    let wide = metrics::histogram("wide").exponential().register();
    for value in [0.0, 1.5, -7.0, 3e9, 1e-9] {
        sizes.alone().observe(value);
        wide.alone().observe(value);
    }
}

#[test]
fn in_every_encoding_and_compression() {
    let Some(python) = python() else {
        println!("skipped: python3 with grpcio and opentelemetry-proto cannot be had here");
        return;
    };
    let theirs = Dir::new();
    let receiver = Receiver::start(&python, &theirs);
    let mut ways = vec![
        (
            "http/protobuf",
            "none",
            "application/x-protobuf none",
            &receiver.http,
        ),
        (
            "http/protobuf",
            "gzip",
            "application/x-protobuf gzip",
            &receiver.http,
        ),
        (
            "http/protobuf",
            "zstd",
            "application/x-protobuf zstd",
            &receiver.http,
        ),
        ("http/json", "none", "application/json none", &receiver.http),
        ("http/json", "gzip", "application/json gzip", &receiver.http),
        ("http/json", "zstd", "application/json zstd", &receiver.http),
    ];
    #[cfg(feature = "otlp-grpc")]
    ways.extend([
        ("grpc", "none", "grpc none", &receiver.grpc),
        ("grpc", "gzip", "grpc gzip", &receiver.grpc),
    ]);
    for (protocol, compression, way, endpoint) in ways.drain(..) {
        let dir = Dir::new();
        let mut command = child(&dir, "what_arrives_is_what_was_recorded::says_all_there_is");
        command
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
            .env("OTEL_EXPORTER_OTLP_COMPRESSION", compression)
            .env("OTEL_EXPORTER_OTLP_HEADERS", format!("x-way={compression}"));
        let said = succeed(&mut command);
        assert!(!said.contains("telensic: "), "{way}: {said}");
        let (sent, received) = (All::on_tape(&dir), receiver.received(way));
        assert_eq!((sent.spans.len(), sent.logs.len()), (3002, 2));
        assert_eq!((received.spans.len(), received.logs.len()), (3002, 2), "{way}");
        for (sent, received) in sent.spans.iter().zip(&received.spans) {
            assert_eq!(sent, received, "{way}");
        }
        assert_eq!(sent.logs, received.logs, "{way}");
        assert_eq!(sent.metrics.is_empty(), cfg!(not(feature = "metrics")));
        assert_eq!(sent.metrics, received.metrics, "{way}");
    }
}
