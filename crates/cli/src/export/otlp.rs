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

use serde_json::json;
use telensic_run::{RunDir, RunError};
use telensic_tape::otlp::{LogView, Malformed, Repeated, SpanView, field, put_varint};
use telensic_tape::{Chunk, Signal, Tape};

use crate::json;
use crate::tape::otlp_json;

/// Writes the records of this signal as protobuf; the count of records.
pub(crate) fn protobuf(run: &RunDir, signal: Signal, out: &mut impl Write) -> Result<u64, ExportError> {
    const RESOURCE_RECORDS: u32 = 1;
    let mut records = 0;
    for path in run.list_tapes()? {
        let tape = Tape::open(&path)?;
        let chunks: Vec<&Chunk> = tape.chunks().filter(|chunk| chunk.signal() == signal).collect();
        if chunks.is_empty() {
            continue;
        }
        let mut head = Vec::new();
        put_field(&mut head, 1, tape.head().resource());
        let bodies = chunks.iter().map(|chunk| field_len(chunk.body_len()));
        let len = head.len() as u64 + bodies.sum::<u64>();
        let mut prefix = Vec::new();
        put_varint(&mut prefix, u64::from(RESOURCE_RECORDS) << 3 | 2);
        put_varint(&mut prefix, len);
        out.write_all(&prefix)?;
        out.write_all(&head)?;
        for chunk in chunks {
            let body = tape.body(chunk)?;
            let mut prefix = Vec::new();
            put_varint(&mut prefix, 2 << 3 | 2);
            put_varint(&mut prefix, body.bytes().len() as u64);
            out.write_all(&prefix)?;
            out.write_all(body.bytes())?;
            records += chunk.records();
        }
    }
    Ok(records)
}

/// Writes the spans or log records as JSON; the count of records.
pub(crate) fn json(run: &RunDir, signal: Signal, out: &mut impl Write) -> Result<u64, ExportError> {
    let (resources, scopes, list) = match signal {
        Signal::Spans => ("resourceSpans", "scopeSpans", "spans"),
        Signal::Logs => ("resourceLogs", "scopeLogs", "logRecords"),
        Signal::Metrics => {
            return Err(ExportError::Told(
                "metrics are exported as protobuf only: use --format otlp".into(),
            ));
        }
    };
    let mut records = 0;
    for path in run.list_tapes()? {
        let tape = Tape::open(&path)?;
        let resource = otlp_json::resource(tape.head().resource())?;
        for chunk in tape.chunks().filter(|chunk| chunk.signal() == signal) {
            let body = tape.body(chunk)?;
            let scope = body.scope()?;
            let mut line = Vec::with_capacity(body.bytes().len() * 4);
            write!(line, "{{\"{resources}\":[{{\"resource\":{{\"attributes\":")?;
            json::write(&mut line, &resource).map_err(|_| Malformed)?;
            write!(line, "}},\"{scopes}\":[{{\"scope\":")?;
            json::write(
                &mut line,
                &json!({ "name": scope.name, "version": scope.version }),
            )
            .map_err(|_| Malformed)?;
            write!(line, ",\"{list}\":[")?;
            for (number, record) in Repeated::new(body.bytes(), field::scope_records::RECORD).enumerate() {
                let record = record?;
                let text = match signal {
                    Signal::Spans => otlp_json::span(record, &SpanView::parse(record)?)?,
                    _ => otlp_json::log(record, &LogView::parse(record)?)?,
                };
                line.extend_from_slice(if number > 0 { b"," } else { b"" });
                line.extend_from_slice(text.as_bytes());
                records += 1;
            }
            line.extend_from_slice(b"]}]}]}\n");
            out.write_all(&line)?;
        }
    }
    Ok(records)
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
    /// A tape cannot be read.
    #[error(transparent)]
    Tape(#[from] telensic_tape::TapeError),
    /// The run's directory cannot be read.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A file failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A record is damaged.
    #[error("a record is damaged: `telensic verify` says where")]
    Damaged(#[from] Malformed),
    /// What was asked for cannot be had.
    #[error("{0}")]
    Told(String),
}
