//! Reading a tape back: a record at a time as OTLP's own JSON, while it is written or after its process died.

use std::io;
use std::path::PathBuf;

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use telensic_run::otlp_json::{LogJson, ResourceJson, SpanJson};
use telensic_tape::otlp::{LogView, SpanView};
use telensic_tape::{Loss, Signal, Tape};

use crate::fingerprint::json;

/// What a tape holds: the head, and all spans and log records; each a JSON document.
#[pyfunction]
pub(crate) fn read_tape(py: Python<'_>, path: PathBuf) -> PyResult<(String, Vec<String>, Vec<String>)> {
    py.detach(|| {
        let tape =
            Tape::open(&path).map_err(|error| PyOSError::new_err(format!("{}: {error}", path.display())))?;
        let (mut spans, mut logs) = (Vec::new(), Vec::new());
        for chunk in tape.chunks() {
            let body = match tape.body(chunk) {
                Ok(body) => body,
                // Overwritten by newer records while a live ring is read.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(PyOSError::new_err(format!("{}: {error}", path.display()))),
            };
            for record in body.records() {
                let malformed = |_| {
                    PyValueError::new_err(format!(
                        "{} is damaged: telensic tape tells where",
                        path.display()
                    ))
                };
                let record = record.map_err(malformed)?;
                match chunk.signal() {
                    Signal::Spans => {
                        let span = SpanView::parse(record).map_err(malformed)?;
                        spans.push(json(&SpanJson::of(&span).map_err(malformed)?)?);
                    }
                    Signal::Logs => {
                        let log = LogView::parse(record).map_err(malformed)?;
                        logs.push(json(&LogJson::of(&log).map_err(malformed)?)?);
                    }
                    Signal::Metrics => {}
                }
            }
        }
        Ok((head(&tape)?, spans, logs))
    })
}

fn head(tape: &Tape) -> PyResult<String> {
    let head = tape.head();
    let open = tape
        .open_spans()
        .map_err(|error| PyOSError::new_err(error.to_string()))?;
    let open: Vec<_> = open
        .iter()
        .map(|span| {
            serde_json::json!({
                "name": span.name,
                "traceId": span.trace_id.to_string(),
                "spanId": span.span_id.to_string(),
                "parentSpanId": span.parent.map(|parent| parent.to_string()),
                "startTimeUnixNano": span.start.0.to_string(),
            })
        })
        .collect();
    let lost: u64 = Loss::ALL.into_iter().map(|reason| head.lost(reason)).sum();
    json(&serde_json::json!({
        "host": head.host(),
        "pid": head.pid(),
        "state": tape.writer_state().name(),
        "lost": lost,
        "openSpans": open,
        "resource": ResourceJson::of(head.resource()),
    }))
}
