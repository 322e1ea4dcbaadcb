//! What is on a tape, decoded by OpenTelemetry's protobuf classes, and what its SDK would have sent.

use std::path::Path;
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ScopeLogs};
use opentelemetry_proto::tonic::trace::v1::{ScopeSpans, Span};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use prost::Message;
use telensic_tape::Signal;

use crate::support::Read;

/// All spans, each with its scope.
pub(crate) fn spans(read: &Read) -> Vec<(InstrumentationScope, Span)> {
    let mut spans = Vec::new();
    for tape in &read.tapes {
        for chunk in tape.chunks().filter(|chunk| chunk.signal() == Signal::Spans) {
            let body = ScopeSpans::decode(tape.body(chunk).unwrap().bytes()).unwrap();
            let scope = body.scope.unwrap();
            spans.extend(body.spans.into_iter().map(|mut span| {
                // A status that is absent says what an empty one does.
                span.status.get_or_insert_default();
                (scope.clone(), span)
            }));
        }
    }
    spans
}

/// All log records, each with its scope.
pub(crate) fn logs(read: &Read) -> Vec<(InstrumentationScope, LogRecord)> {
    let mut logs = Vec::new();
    for tape in &read.tapes {
        for chunk in tape.chunks().filter(|chunk| chunk.signal() == Signal::Logs) {
            let body = ScopeLogs::decode(tape.body(chunk).unwrap().bytes()).unwrap();
            let scope = body.scope.unwrap();
            logs.extend(body.log_records.into_iter().map(|log| (scope.clone(), log)));
        }
    }
    logs
}

/// The attribute's value, of which there is one.
pub(crate) fn value<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Any> {
    let mut found = attributes.iter().filter(|attribute| attribute.key == key);
    let first = found.next()?;
    assert!(found.next().is_none(), "{key} is there twice");
    first.value.as_ref()?.value.as_ref()
}

/// An exporter of an SDK's pipeline that keeps what it is handed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept(Arc<Mutex<Vec<SpanData>>>);

impl SpanExporter for Kept {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().unwrap().extend(batch);
        Ok(())
    }
}

impl Kept {
    /// Writes the spans as OpenTelemetry encodes them.
    pub(crate) fn write(&self, file: &Path) {
        let spans = self.0.lock().unwrap().drain(..).map(Span::from).collect();
        let body = ScopeSpans {
            spans,
            ..ScopeSpans::default()
        };
        std::fs::write(file, body.encode_to_vec()).unwrap();
    }

    pub(crate) fn read(file: &Path) -> Vec<Span> {
        ScopeSpans::decode(&std::fs::read(file).unwrap()[..])
            .unwrap()
            .spans
    }
}
