//! A run with an open endpoint, and what is on its tapes.

pub(crate) mod http;
pub(crate) mod requests;

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::Metric;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use telensic_redact::Redactor;
use telensic_run::{DataRoot, RunDir, RunId};
use telensic_server::intake::{IntakeSummary, RunIntake, RunIntakeOptions};
use telensic_server::receivers::otlp_http::{Ending, Limits, Receiver};
use telensic_tape::otlp::{FieldValue, Fields, field};
use telensic_tape::{Signal, Tape};
use tempfile::TempDir;

/// A run, its intake and an open endpoint.
pub(crate) struct Recorder {
    /// Removed when it is dropped.
    _root: TempDir,
    pub(crate) run: RunDir,
    pub(crate) intake: Arc<RunIntake>,
    pub(crate) receiver: Receiver,
}

/// What was recorded, as OpenTelemetry's own classes read it.
pub(crate) struct Recorded {
    pub(crate) tapes: Vec<OnTape>,
    pub(crate) summary: IntakeSummary,
}

/// One tape.
#[derive(Default)]
pub(crate) struct OnTape {
    pub(crate) resource: Resource,
    pub(crate) spans: Vec<(InstrumentationScope, Span)>,
    pub(crate) logs: Vec<(InstrumentationScope, LogRecord)>,
    pub(crate) metrics: Vec<(InstrumentationScope, Metric)>,
}

pub(crate) fn recorder() -> Recorder {
    recorder_with(Limits::default(), RunIntakeOptions::default())
}

pub(crate) fn recorder_with(limits: Limits, options: RunIntakeOptions) -> Recorder {
    let root = tempfile::tempdir().unwrap();
    let run = DataRoot::new(root.path()).create_run(RunId::new()).unwrap();
    let intake = Arc::new(RunIntake::open(&run, Arc::new(Redactor::default()), options));
    let receiver = Receiver::bind(([127, 0, 0, 1], 0).into(), limits, intake.clone()).unwrap();
    Recorder {
        _root: root,
        run,
        intake,
        receiver,
    }
}

impl Recorder {
    /// Ends everything in order and reads what there is.
    pub(crate) fn finish(self) -> Recorded {
        assert_eq!(self.receiver.shutdown(Duration::from_secs(10)), Ending::Clean);
        let summary = self.intake.finish();
        Recorded {
            tapes: read_tapes(&self.run),
            summary,
        }
    }
}

impl Recorded {
    pub(crate) fn spans(&self) -> Vec<&Span> {
        let spans = self.tapes.iter().flat_map(|tape| &tape.spans);
        spans.map(|(_, span)| span).collect()
    }

    pub(crate) fn logs(&self) -> Vec<&LogRecord> {
        let logs = self.tapes.iter().flat_map(|tape| &tape.logs);
        logs.map(|(_, log)| log).collect()
    }

    pub(crate) fn metrics(&self) -> Vec<&Metric> {
        let metrics = self.tapes.iter().flat_map(|tape| &tape.metrics);
        metrics.map(|(_, metric)| metric).collect()
    }
}

/// Every tape of a run, each of which must be sound.
pub(crate) fn read_tapes(run: &RunDir) -> Vec<OnTape> {
    run.list_tapes().unwrap().iter().map(|path| read(path)).collect()
}

fn read(path: &std::path::Path) -> OnTape {
    let tape = Tape::open(path).unwrap();
    assert_eq!(tape.damage().len(), 0, "{:?}", tape.damage());
    let mut found = OnTape {
        resource: Resource::decode(tape.head().resource()).unwrap(),
        ..OnTape::default()
    };
    for chunk in tape.chunks() {
        let body = tape.body(chunk).unwrap();
        let first = Fields::new(body.bytes()).next();
        let Some(Ok((field::scope_records::SCOPE, FieldValue::Len(scope)))) = first else {
            panic!("a body begins with its scope: {first:?}")
        };
        let scope = InstrumentationScope::decode(scope).unwrap();
        for record in body.records().map(Result::unwrap) {
            match chunk.signal() {
                Signal::Spans => {
                    assert!(telensic_tape::otlp::SpanView::parse(record).is_ok());
                    found.spans.push((scope.clone(), Span::decode(record).unwrap()));
                }
                Signal::Logs => {
                    assert!(telensic_tape::otlp::LogView::parse(record).is_ok());
                    found
                        .logs
                        .push((scope.clone(), LogRecord::decode(record).unwrap()));
                }
                Signal::Metrics => found
                    .metrics
                    .push((scope.clone(), Metric::decode(record).unwrap())),
            }
        }
    }
    found
}
