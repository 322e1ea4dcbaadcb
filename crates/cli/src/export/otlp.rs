//! OTLP as files: protobuf as it lies on the tapes, or JSON, a document a line.
//!
//! ```text
//! protobuf   TracesData = ResourceSpans*      field 1 { resource = 1, scope_spans = 2 * }     one ResourceSpans a tape
//! JSON       {"resourceSpans":[{"resource":{..},"scopeSpans":[{"scope":{..},"spans":[..]}]}]}  a line a chunk
//! ```
//!
//! The protobuf file is a message of that type as well as an `ExportTraceServiceRequest`; the JSON lines are those of the
//! Collector's file exporter. Both hold what the tapes hold, in the order of the tapes; metrics only in protobuf.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::json;
use telensic_run::{RunDir, RunError};
use telensic_tape::otlp::{LogView, Malformed, SpanView, put_varint};
use telensic_tape::{Body, Chunk, Signal, Tape};

use crate::json;
use crate::tape::otlp_json;

/// Writes the records of this signal as protobuf.
pub(crate) fn protobuf(run: &RunDir, signal: Signal, out: &mut impl Write) -> Result<Exported, ExportError> {
    const RESOURCE_RECORDS: u32 = 1;
    let mut exported = Exported::default();
    for path in run.list_tapes()? {
        let Some(tape) = exported.open(&path) else {
            continue;
        };
        // The whole is preceded by its length, so what cannot be read is found before.
        let mut chunks = Vec::new();
        for chunk in tape.chunks().filter(|chunk| chunk.signal() == signal) {
            if let Some(body) = exported.body(&path, &tape, chunk) {
                chunks.push((chunk, body.bytes().len() as u64));
            }
        }
        if chunks.is_empty() {
            continue;
        }
        let mut head = Vec::new();
        put_field(&mut head, 1, tape.head().resource());
        let len = head.len() as u64 + chunks.iter().map(|(_, len)| field_len(*len)).sum::<u64>();
        let mut prefix = Vec::new();
        put_varint(&mut prefix, u64::from(RESOURCE_RECORDS) << 3 | 2);
        put_varint(&mut prefix, len);
        out.write_all(&prefix)?;
        out.write_all(&head)?;
        for (chunk, len) in chunks {
            let body = tape.body(chunk)?;
            if body.bytes().len() as u64 != len {
                return Err(ExportError::Changing(path));
            }
            let mut prefix = Vec::new();
            put_varint(&mut prefix, 2 << 3 | 2);
            put_varint(&mut prefix, body.bytes().len() as u64);
            out.write_all(&prefix)?;
            out.write_all(body.bytes())?;
            exported.records += body.records().count() as u64;
        }
    }
    Ok(exported)
}

/// Writes the spans or log records as JSON.
pub(crate) fn json(run: &RunDir, signal: Signal, out: &mut impl Write) -> Result<Exported, ExportError> {
    let names = match signal {
        Signal::Spans => ["resourceSpans", "scopeSpans", "spans"],
        Signal::Logs => ["resourceLogs", "scopeLogs", "logRecords"],
        Signal::Metrics => return Err(ExportError::MetricsAsJson),
    };
    let mut exported = Exported::default();
    for path in run.list_tapes()? {
        let Some(tape) = exported.open(&path) else {
            continue;
        };
        for chunk in tape.chunks().filter(|chunk| chunk.signal() == signal) {
            let Some(body) = exported.body(&path, &tape, chunk) else {
                continue;
            };
            match line(names, tape.head().resource(), &body, signal) {
                Ok(line) => out.write_all(&line)?,
                Err(Malformed) => {
                    exported.leave_out(&path, chunk);
                    continue;
                }
            }
            exported.records += body.records().count() as u64;
        }
    }
    Ok(exported)
}

/// A chunk as a document on a line.
fn line(
    [resources, scopes, list]: [&str; 3],
    resource: &[u8],
    body: &Body,
    signal: Signal,
) -> Result<Vec<u8>, Malformed> {
    let scope = body.scope()?;
    let scope = json!({ "name": scope.name, "version": scope.version });
    let mut line = Vec::with_capacity(body.bytes().len() * 4);
    write!(line, "{{\"{resources}\":[{{\"resource\":{{\"attributes\":").map_err(|_| Malformed)?;
    json::write(&mut line, &otlp_json::resource(resource)?).map_err(|_| Malformed)?;
    write!(line, "}},\"{scopes}\":[{{\"scope\":").map_err(|_| Malformed)?;
    json::write(&mut line, &scope).map_err(|_| Malformed)?;
    write!(line, ",\"{list}\":[").map_err(|_| Malformed)?;
    for (number, record) in body.records().enumerate() {
        let record = record?;
        let text = match signal {
            Signal::Spans => otlp_json::span(&SpanView::parse(record)?)?,
            _ => otlp_json::log(&LogView::parse(record)?)?,
        };
        line.extend_from_slice(if number > 0 { b"," } else { b"" });
        line.extend_from_slice(text.as_bytes());
    }
    line.extend_from_slice(b"]}]}]}\n");
    Ok(line)
}

/// What went out, and what did not.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    /// How many records went out.
    pub(crate) records: u64,
    /// What could not be read, a line each.
    pub(crate) left_out: Vec<String>,
}

impl Exported {
    fn open(&mut self, path: &Path) -> Option<Tape> {
        Tape::open(path)
            .inspect_err(|error| self.left_out.push(error.to_string()))
            .ok()
    }

    /// The body of a chunk, if all its records can be told apart.
    fn body(&mut self, path: &Path, tape: &Tape, chunk: &Chunk) -> Option<Body> {
        let body = tape.body(chunk).ok();
        let body = body.filter(|body| body.records().all(|record| record.is_ok()));
        if body.is_none() {
            self.leave_out(path, chunk);
        }
        body
    }

    fn leave_out(&mut self, path: &Path, chunk: &Chunk) {
        let (number, records) = (chunk.id(), chunk.records());
        let path = path.display();
        self.left_out.push(format!(
            "chunk {number} of {path} is damaged; its {records} records are left out"
        ));
    }
}

fn put_field(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
    put_varint(out, number << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// The length of a field of the number 2 with so many bytes.
fn field_len(len: u64) -> u64 {
    let mut prefix = Vec::new();
    put_varint(&mut prefix, len);
    1 + prefix.len() as u64 + len
}

/// Why a run cannot be exported.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportError {
    /// The run's directory cannot be read.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The file cannot be written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Somebody writes to what is exported.
    #[error("{} changes while it is exported: export the run when it has ended", .0.display())]
    Changing(PathBuf),
    /// Metrics have no JSON here.
    #[error("metrics are exported as protobuf only: use --format otlp")]
    MetricsAsJson,
}
