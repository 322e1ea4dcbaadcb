//! Records as OTLP's own JSON, written so that no character of it drives a terminal.

use serde::Serialize;
use telensic_run::otlp_json::{AttributesJson, LogJson, SpanJson};
use telensic_tape::otlp::{Attributes, LogView, Malformed, SpanView, field};

use crate::json;

/// A `Span` message.
pub(crate) fn span(span: &SpanView<'_>) -> Result<String, Malformed> {
    line(&SpanJson::of(span)?)
}

/// A `LogRecord` message.
pub(crate) fn log(log: &LogView<'_>) -> Result<String, Malformed> {
    line(&LogJson::of(log)?)
}

/// A resource's attributes, for a document.
pub(crate) fn resource(message: &[u8]) -> Result<serde_json::Value, Malformed> {
    let attributes = AttributesJson::of(Attributes::new(message, field::resource::ATTRIBUTE));
    serde_json::to_value(attributes).map_err(|_| Malformed)
}

/// A record that is malformed deep within, or nested too deep, is found out here.
fn line(record: &impl Serialize) -> Result<String, Malformed> {
    let mut line = Vec::with_capacity(512);
    json::write(&mut line, record).map_err(|_| Malformed)?;
    String::from_utf8(line).map_err(|_| Malformed)
}
