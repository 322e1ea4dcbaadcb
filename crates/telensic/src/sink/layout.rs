//! One record as one line of JSON, in one of three layouts.
//!
//! Keys are unique. A record's field whose name a layout uses itself is written as `context.<name>`, with as many
//! `context.` before it as it takes to be unique.
//!
//! Next to the record's own fields the others-go-here part has `event_type` (the name of a typed event),
//! `dropped_attributes_count` (cut by a limit) and `malformed_attributes_count` (not readable), if there is any.

use std::sync::Arc;

use telensic_tape::otlp::AnyView;

use super::json::{
    Comma, put_any, put_as_text, put_int, put_int_or_null, put_null, put_str, put_str_or_null,
};
use super::options::LogLayout;
use super::origin::LogOrigin;
use super::record::{Attribute, Place, Record};
use super::time::TimeText;

const EVENT_TYPE: &str = "event_type";
const DROPPED: &str = "dropped_attributes_count";
const MALFORMED: &str = "malformed_attributes_count";

/// Writes lines of one layout for one process.
pub(super) struct LineWriter {
    layout: LogLayout,
    origin: Arc<LogOrigin>,
    /// `"env":_,"host":_,"pid":_`, the same in every line, written once.
    process: Vec<u8>,
    time: TimeText,
}

impl LineWriter {
    pub(super) fn new(layout: LogLayout, origin: Arc<LogOrigin>) -> Self {
        let mut process = b"\"env\":".to_vec();
        put_str_or_null(&mut process, origin.env.as_deref());
        process.extend_from_slice(b",\"host\":");
        put_str_or_null(&mut process, origin.host.as_deref());
        process.extend_from_slice(b",\"pid\":");
        put_int(&mut process, origin.pid);
        Self {
            layout,
            origin,
            process,
            time: TimeText::new(),
        }
    }

    /// Appends the record as one JSON object, without a line break.
    pub(super) fn put(&mut self, out: &mut Vec<u8>, record: &Record<'_>) {
        match self.layout {
            LogLayout::Telensic => self.put_telensic(out, record),
            LogLayout::Standard => self.put_standard(out, record),
            LogLayout::Otel => self.put_otel(out, record),
        }
    }

    fn put_telensic(&mut self, out: &mut Vec<u8>, record: &Record<'_>) {
        out.extend_from_slice(b"{\"ts\":\"");
        out.extend_from_slice(self.time.rfc3339(record.time));
        out.extend_from_slice(b"\",\"level\":");
        put_str_or_null(out, record.level);
        out.extend_from_slice(b",\"msg\":");
        put_message(out, record);
        out.extend_from_slice(b",\"component\":");
        put_str(out, record.component);
        out.extend_from_slice(b",\"package\":");
        put_str(out, record.package);
        out.push(b',');
        out.extend_from_slice(&self.process);
        out.extend_from_slice(b",\"tid\":");
        put_int_or_null(out, record.thread_id);
        out.extend_from_slice(b",\"service\":");
        put_str(out, &self.origin.service);
        out.extend_from_slice(b",\"trace_id\":");
        put_trace_id(out, record);
        out.extend_from_slice(b",\"span_id\":");
        put_span_id(out, record);
        out.extend_from_slice(b",\"run_id\":");
        put_str_or_null(out, record.run_id);
        put_provenance(out, record);
        out.extend_from_slice(b",\"context\":{");
        let others = record.attributes.iter().filter(|one| one.place == Place::Context);
        put_others(out, record, others, &[], Comma::default());
        out.extend_from_slice(b"},\"exception\":");
        put_exception(out, record);
        out.push(b'}');
    }

    fn put_standard(&mut self, out: &mut Vec<u8>, record: &Record<'_>) {
        const OWN: &[&str] = &["timestamp", "level", "message", "trace_id", "span_id", "run_id"];
        self.put_time_level_message(out, record);
        out.extend_from_slice(b",\"trace_id\":");
        put_trace_id(out, record);
        out.extend_from_slice(b",\"span_id\":");
        put_span_id(out, record);
        out.extend_from_slice(b",\"run_id\":");
        put_str_or_null(out, record.run_id);
        let others = record.attributes.iter().filter(|one| one.place != Place::RunId);
        put_others(out, record, others, OWN, Comma::due());
        out.push(b'}');
    }

    /// `run_id` is among the fields of every record that belongs to a run, so it is here too, if known.
    fn put_otel(&mut self, out: &mut Vec<u8>, record: &Record<'_>) {
        const OWN: &[&str] = &[
            "timestamp",
            "level",
            "message",
            "otelTraceID",
            "otelSpanID",
            "otelServiceName",
            "run_id",
        ];
        self.put_time_level_message(out, record);
        out.extend_from_slice(b",\"otelTraceID\":");
        put_trace_id(out, record);
        out.extend_from_slice(b",\"otelSpanID\":");
        put_span_id(out, record);
        out.extend_from_slice(b",\"otelServiceName\":");
        put_str(out, &self.origin.service);
        if record.run_id.is_some() {
            out.extend_from_slice(b",\"run_id\":");
            put_str_or_null(out, record.run_id);
        }
        let others = record.attributes.iter().filter(|one| one.place != Place::RunId);
        put_others(out, record, others, OWN, Comma::due());
        out.push(b'}');
    }

    fn put_time_level_message(&mut self, out: &mut Vec<u8>, record: &Record<'_>) {
        out.extend_from_slice(b"{\"timestamp\":\"");
        out.extend_from_slice(self.time.rfc3339(record.time));
        out.extend_from_slice(b"\",\"level\":");
        put_str_or_null(out, record.level);
        out.extend_from_slice(b",\"message\":");
        put_message(out, record);
    }
}

/// The body as text; without one, the name of the event.
fn put_message(out: &mut Vec<u8>, record: &Record<'_>) {
    match &record.body {
        AnyView::Empty => put_str(out, record.event_name),
        body => put_as_text(out, body),
    }
}

fn put_trace_id(out: &mut Vec<u8>, record: &Record<'_>) {
    match record.trace_id {
        Some(id) => put_hex(out, &id.to_hex()),
        None => put_null(out),
    }
}

fn put_span_id(out: &mut Vec<u8>, record: &Record<'_>) {
    match record.span_id {
        Some(id) => put_hex(out, &id.to_hex()),
        None => put_null(out),
    }
}

fn put_hex(out: &mut Vec<u8>, hex: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(hex);
    out.push(b'"');
}

fn put_provenance(out: &mut Vec<u8>, record: &Record<'_>) {
    out.extend_from_slice(b",\"provenance\":{\"session_id\":");
    put_str_or_null(out, record.provenance.session_id);
    out.extend_from_slice(b",\"git_sha\":");
    put_str_or_null(out, record.provenance.git_sha);
    out.extend_from_slice(b",\"input_hash\":");
    put_str_or_null(out, record.provenance.input_hash);
    out.extend_from_slice(b",\"random_seed\":");
    put_int_or_null(out, record.provenance.random_seed);
    out.push(b'}');
}

fn put_exception(out: &mut Vec<u8>, record: &Record<'_>) {
    if !record.exception.is_some() {
        return put_null(out);
    }
    out.extend_from_slice(b"{\"type\":");
    put_str_or_null(out, record.exception.kind);
    out.extend_from_slice(b",\"message\":");
    put_str_or_null(out, record.exception.message);
    out.extend_from_slice(b",\"stacktrace\":");
    put_str_or_null(out, record.exception.stacktrace);
    out.push(b'}');
}

/// Appends the members for all that has no field of its own; `own` are the keys that the object has already.
fn put_others<'r, 'a: 'r>(
    out: &mut Vec<u8>,
    record: &Record<'a>,
    others: impl Iterator<Item = &'r Attribute<'a>>,
    own: &[&str],
    mut comma: Comma,
) {
    if !record.event_name.is_empty() {
        comma.put(out);
        out.extend_from_slice(b"\"event_type\":");
        put_str(out, record.event_name);
    }
    for attribute in others {
        comma.put(out);
        if is_taken(attribute.key, record, own) {
            put_str(out, &free_key(attribute.key, record));
        } else {
            put_str(out, attribute.key);
        }
        out.push(b':');
        put_any(out, &attribute.value);
    }
    for (key, count) in [(DROPPED, record.dropped), (MALFORMED, record.malformed)] {
        if count > 0 {
            comma.put(out);
            put_str(out, key);
            out.push(b':');
            put_int(out, count);
        }
    }
}

fn is_taken(key: &str, record: &Record<'_>, own: &[&str]) -> bool {
    own.contains(&key)
        || match key {
            EVENT_TYPE => !record.event_name.is_empty(),
            DROPPED => record.dropped > 0,
            MALFORMED => record.malformed > 0,
            _ => false,
        }
}

/// The key with `context.` before it until no attribute of the record has it.
fn free_key(key: &str, record: &Record<'_>) -> String {
    let mut free = format!("context.{key}");
    while record.attributes.iter().any(|one| one.key == free) {
        free.insert_str(0, "context.");
    }
    free
}
