//! An unmodified Python program with the official OpenTelemetry SDK, in three processes that share a trace.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use opentelemetry_proto::tonic::metrics::v1::metric::Data;

use crate::support::recorder;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// The Python of a virtual environment that has the SDK; `None` if it cannot be had here.
fn python() -> Option<PathBuf> {
    let requirements = Path::new(HERE).join("../../examples/opentelemetry/requirements.txt");
    let imports = "opentelemetry.sdk, opentelemetry.exporter.otlp.proto.http";
    telensic_test_venv::python("venv-otlp-http", &requirements, imports)
}

#[test]
fn three_processes_with_the_official_sdk_make_one_trace() {
    let Some(python) = python() else {
        println!("skipped: python3 with opentelemetry-sdk cannot be had here");
        return;
    };
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const STEPS: usize = 700;
    let recorder = recorder();
    let stages = [("load", "none"), ("train", "gzip"), ("report", "deflate")];
    let children = stages.map(|(stage, compression)| {
        let child = Command::new(&python)
            .arg(Path::new(HERE).join("tests/python/pipeline.py"))
            .args([stage, &STEPS.to_string()])
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", recorder.receiver.endpoint())
            .env("OTEL_EXPORTER_OTLP_COMPRESSION", compression)
            .env("OTEL_SERVICE_NAME", stage)
            .env("TRACEPARENT", format!("00-{TRACE}-00f067aa0ba902b7-01"))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        (stage, child)
    });
    for (stage, child) in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{stage}: {said}");
    }
    let recorded = recorder.finish();
    assert_eq!(recorded.tapes.len(), 3, "one for each service");
    let spans = recorded.spans();
    assert_eq!(spans.len(), stages.len() * (STEPS + 1));
    let id = |hex: &str| telensic_tape::TraceId::from_hex(hex).unwrap().to_bytes();
    assert!(spans.iter().all(|span| span.trace_id == id(TRACE)));
    for (stage, _) in stages {
        let name = format!("run_stage:{stage}");
        let root = spans.iter().find(|span| span.name == name).unwrap();
        let children = spans.iter().filter(|span| span.parent_span_id == root.span_id);
        assert_eq!(children.count(), STEPS);
        assert_eq!(root.events[0].name, "exception");
        let text = |key: &str| {
            format!(
                "{:?}",
                root.attributes.iter().find(|pair| pair.key == key).unwrap()
            )
        };
        assert!(
            text("db.password").contains("[REDACTED:"),
            "{}",
            text("db.password")
        );
        assert!(
            text("prices").contains("[ARRAY f64 n=1000 blake3:"),
            "{}",
            text("prices")
        );
        let log = recorded
            .logs()
            .into_iter()
            .find(|log| log.span_id == root.span_id)
            .unwrap();
        assert!(format!("{:?}", log.body).contains("was slow"));
    }
    let steps: i64 = recorded
        .metrics()
        .iter()
        .filter(|metric| metric.name == "steps_done")
        .map(|metric| match &metric.data {
            Some(Data::Sum(sum)) => match sum.data_points[0].value {
                Some(opentelemetry_proto::tonic::metrics::v1::number_data_point::Value::AsInt(steps)) => {
                    steps
                }
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        })
        .sum();
    assert_eq!(steps, (stages.len() * STEPS) as i64);
    assert_eq!(
        (recorded.summary.rejected.len(), recorded.summary.refused),
        (0, 0)
    );
}
