//! Spans and log records as Parquet tables, for DuckDB, Polars, pandas and the like.
//!
//! | spans | logs |
//! |---|---|
//! | trace_id, span_id, parent_span_id, name, kind, status, status_message, start, end, duration_ns, is_open | time, severity, level, event, body, trace_id, span_id |
//! | service, host, pid, scope, attributes (JSON) | service, host, pid, scope, attributes (JSON) |
//!
//! Times are timestamps in nanoseconds, UTC.

use std::io::Write;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, StringBuilder, TimestampNanosecondBuilder, UInt8Builder, UInt32Builder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use telensic::events::{attributes_json, value_json};
use telensic_forensics::Timeline;
use telensic_forensics::timeline::{ProcessIndex, SpanState};
use telensic_tape::UnixNanos;
use telensic_tape::otlp::AnyView;

/// Rows that are in memory at once.
const BATCH: usize = 32 * 1024;

/// Writes all spans.
pub(crate) fn spans(timeline: &Timeline, out: impl Write + Send) -> Result<u64, ParquetError> {
    let indices: Vec<_> = timeline.indices().collect();
    write(out, &indices, |rows| {
        let mut ids = [StringBuilder::new(), StringBuilder::new(), StringBuilder::new()];
        let mut texts = [
            StringBuilder::new(),
            StringBuilder::new(),
            StringBuilder::new(),
            StringBuilder::new(),
        ];
        let (mut kind, mut open, mut duration) =
            (UInt8Builder::new(), BooleanBuilder::new(), UInt64Builder::new());
        let (mut start, mut end) = (times(), times());
        let mut origin = Origin::default();
        for index in rows {
            let span = timeline.span(*index);
            let view = timeline.span_view(*index);
            ids[0].append_value(span.trace_id.to_string());
            ids[1].append_value(span.span_id.to_string());
            ids[2].append_option(span.parent_id.map(|id| id.to_string()));
            texts[0].append_value(timeline.text(span.name));
            texts[1].append_value(span.status.text());
            let message = view
                .as_ref()
                .map(|view| view.status.message)
                .filter(|message| !message.is_empty());
            texts[2].append_option(message);
            let attributes = view
                .and_then(|view| attributes_json(view.attributes()).ok())
                .unwrap_or_default();
            texts[3].append_value(serde_json::Value::Object(attributes).to_string());
            kind.append_value(span.kind);
            open.append_value(span.state == SpanState::Open);
            duration.append_value(span.duration());
            append_time(&mut start, span.start);
            append_time(&mut end, span.end);
            origin.append(timeline, span.process, timeline.text(span.scope));
        }
        let [trace_id, span_id, parent] = ids.map(|mut column| column.finish());
        let [name, status, message, attributes] = texts.map(|mut column| column.finish());
        let mut columns: Vec<(&str, ArrayRef)> = vec![
            ("trace_id", Arc::new(trace_id)),
            ("span_id", Arc::new(span_id)),
            ("parent_span_id", Arc::new(parent)),
            ("name", Arc::new(name)),
            ("kind", Arc::new(kind.finish())),
            ("status", Arc::new(status)),
            ("status_message", Arc::new(message)),
            ("start", Arc::new(start.finish())),
            ("end", Arc::new(end.finish())),
            ("duration_ns", Arc::new(duration.finish())),
            ("is_open", Arc::new(open.finish())),
        ];
        columns.extend(origin.finish());
        columns.push(("attributes", Arc::new(attributes)));
        columns
    })
}

/// Writes all log records and events.
pub(crate) fn logs(timeline: &Timeline, out: impl Write + Send) -> Result<u64, ParquetError> {
    let indices: Vec<_> = timeline.log_indices().collect();
    write(out, &indices, |rows| {
        let (mut time, mut severity) = (times(), UInt8Builder::new());
        let mut texts = [(); 6].map(|()| StringBuilder::new());
        let mut origin = Origin::default();
        for index in rows {
            let log = timeline.log(*index);
            let view = timeline.log_view(*index);
            append_time(&mut time, log.time);
            severity.append_value(log.severity);
            texts[0].append_option(view.as_ref().map(|view| view.severity_text));
            texts[1].append_option(log.event.map(|event| timeline.text(event)));
            let body = view.as_ref().and_then(|view| text_of(&view.body));
            texts[2].append_option(body);
            texts[3].append_option(log.trace_id.map(|id| id.to_string()));
            texts[4].append_option(log.span_id.map(|id| id.to_string()));
            let attributes = view
                .and_then(|view| attributes_json(view.attributes()).ok())
                .unwrap_or_default();
            texts[5].append_value(serde_json::Value::Object(attributes).to_string());
            origin.append(timeline, log.process, timeline.text(log.scope));
        }
        let [level, event, body, trace_id, span_id, attributes] = texts.map(|mut column| column.finish());
        let mut columns: Vec<(&str, ArrayRef)> = vec![
            ("time", Arc::new(time.finish())),
            ("severity", Arc::new(severity.finish())),
            ("level", Arc::new(level)),
            ("event", Arc::new(event)),
            ("body", Arc::new(body)),
            ("trace_id", Arc::new(trace_id)),
            ("span_id", Arc::new(span_id)),
        ];
        columns.extend(origin.finish());
        columns.push(("attributes", Arc::new(attributes)));
        columns
    })
}

/// The columns that say which process a record is from.
#[derive(Default)]
struct Origin {
    service: StringBuilder,
    host: StringBuilder,
    pid: UInt32Builder,
    scope: StringBuilder,
}

impl Origin {
    fn append(&mut self, timeline: &Timeline, process: ProcessIndex, scope: &str) {
        let process = timeline.process(process);
        self.service.append_value(&process.service);
        self.host.append_value(&process.host);
        self.pid.append_value(process.pid);
        self.scope.append_value(scope);
    }

    fn finish(mut self) -> Vec<(&'static str, ArrayRef)> {
        vec![
            ("service", Arc::new(self.service.finish())),
            ("host", Arc::new(self.host.finish())),
            ("pid", Arc::new(self.pid.finish())),
            ("scope", Arc::new(self.scope.finish())),
        ]
    }
}

/// A body as text; one that is more than text as JSON.
fn text_of(body: &AnyView<'_>) -> Option<String> {
    match body {
        AnyView::Empty => None,
        AnyView::Str(text) => Some((*text).to_owned()),
        other => value_json(other.clone()).ok().map(|value| value.to_string()),
    }
}

fn times() -> TimestampNanosecondBuilder {
    TimestampNanosecondBuilder::new().with_timezone("UTC")
}

/// A time beyond the year 2262 has no place in the column and is null.
fn append_time(column: &mut TimestampNanosecondBuilder, time: UnixNanos) {
    column.append_option(i64::try_from(time.0).ok());
}

fn write<T>(
    out: impl Write + Send,
    rows: &[T],
    batch: impl Fn(&[T]) -> Vec<(&'static str, ArrayRef)>,
) -> Result<u64, ParquetError> {
    // Of no rows there is a file too, with the columns.
    let first = RecordBatch::try_from_iter_with_nullable(nullable(batch(&rows[..rows.len().min(BATCH)])))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .build();
    let mut writer = ArrowWriter::try_new(out, first.schema(), Some(properties))?;
    writer.write(&first)?;
    for rows in rows.chunks(BATCH).skip(1) {
        writer.write(&RecordBatch::try_from_iter_with_nullable(nullable(batch(rows)))?)?;
    }
    writer.close()?;
    Ok(rows.len() as u64)
}

/// All columns may hold nulls, so that every batch has the same schema.
fn nullable(columns: Vec<(&'static str, ArrayRef)>) -> Vec<(&'static str, ArrayRef, bool)> {
    columns
        .into_iter()
        .map(|(name, column)| (name, column, true))
        .collect()
}
