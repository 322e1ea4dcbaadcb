//! An event as a line of JSON.
//!
//! ```text
//! {"ts","type","source","provider","operation","duration_seconds" | "value","trace_id","span_id",
//!  "error":{"type","message"},"data":{...}}
//! ```
//!
//! Invariant: one JSON object without a raw line break, whatever the event holds; numbers that JSON has no form for are
//! the strings `"NaN"`, `"Infinity"` and `"-Infinity"`. A part that an event does not have is left out.

use super::{EventType, EventValue, TelemetryEvent};
use crate::sink::json::{put_float, put_int, put_str};
use crate::sink::time::TimeText;

/// Appends the object.
pub(super) fn put(out: &mut Vec<u8>, event: &TelemetryEvent) {
    out.extend_from_slice(b"{\"ts\":\"");
    out.extend_from_slice(TimeText::new().rfc3339(event.at()));
    out.extend_from_slice(b"\",\"type\":");
    put_str(out, event.event_type().name());
    put_text(out, "source", event.source_name());
    if let Some(provider) = event.provider_name() {
        put_text(out, "provider", provider);
    }
    put_text(out, "operation", event.operation());
    if let Some(measure) = event.measure() {
        let key = match event.event_type() {
            EventType::Metric => "value",
            _ => "duration_seconds",
        };
        put_key(out, key);
        put_float(out, measure);
    }
    if let Some(span) = event.span_context() {
        put_text(out, "trace_id", &span.trace_id().to_string());
        put_text(out, "span_id", &span.span_id().to_string());
    }
    if let Some(error) = event.failure() {
        out.extend_from_slice(b",\"error\":{\"type\":");
        put_str(out, &error.kind);
        put_text(out, "message", &error.message);
        out.push(b'}');
    }
    out.extend_from_slice(b",\"data\":{");
    for (index, (key, value)) in event.data().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        put_str(out, key);
        out.push(b':');
        put_value(out, value);
    }
    out.extend_from_slice(b"}}");
}

fn put_key(out: &mut Vec<u8>, key: &str) {
    out.push(b',');
    put_str(out, key);
    out.push(b':');
}

fn put_text(out: &mut Vec<u8>, key: &str, text: &str) {
    put_key(out, key);
    put_str(out, text);
}

fn put_value(out: &mut Vec<u8>, value: &EventValue) {
    match value {
        EventValue::Str(text) => put_str(out, text),
        EventValue::Bool(truth) => out.extend_from_slice(if *truth { b"true" } else { b"false" }),
        EventValue::I64(number) => put_int(out, *number),
        EventValue::F64(number) => put_float(out, *number),
    }
}
