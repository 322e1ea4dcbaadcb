//! An event as read from the tape.

use serde_json::Value;
use telensic_tape::otlp::{AnyView, LogView, Malformed};
use telensic_tape::{SpanId, TraceId, UnixNanos};

use super::{Event, Misfit, Schemas, from_tape};
use crate::names;

/// An event, whatever its type.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRecord {
    /// When it happened.
    pub time: UnixNanos,
    /// Its type.
    pub name: String,
    /// The trace that it happened in.
    pub trace_id: Option<TraceId>,
    /// The span that it happened in.
    pub span_id: Option<SpanId>,
    /// Its fields, a JSON object.
    pub fields: Value,
    /// What was said besides.
    pub body: Option<Value>,
}

impl EventRecord {
    /// The event that this log record is; `None` if it is a plain one.
    pub fn of(log: &LogView<'_>) -> Result<Option<Self>, Malformed> {
        if log.event_name.is_empty() {
            return Ok(None);
        }
        let mut fields = from_tape::object(log.attributes(), 0)?;
        // The recorder's own, on every log record: no part of the event.
        fields.remove(names::key::THREAD_ID);
        let body = match &log.body {
            AnyView::Empty => None,
            body => Some(from_tape::value(body.clone(), 0)?),
        };
        Ok(Some(Self {
            time: log.time,
            name: log.event_name.to_owned(),
            trace_id: log.trace_id,
            span_id: log.span_id,
            fields: Value::Object(fields),
            body,
        }))
    }

    /// The event as its type; fields that the type does not know are passed over.
    pub fn parse<E: Event>(&self) -> Result<E, Misfit> {
        parse(&self.name, &self.fields)
    }
}

/// Fields as a type, if the name is that of the type.
pub(super) fn parse<E: Event>(name: &str, fields: &Value) -> Result<E, Misfit> {
    if name != E::NAME {
        return Err(Misfit::new(
            "",
            &format!("it is no {} but another event", E::NAME),
        ));
    }
    E::deserialize(fields).map_err(|_| {
        // What serde says quotes the value and knows no path; the schema says it better.
        let misfit = Schemas::standard().check(name, fields).err();
        misfit.unwrap_or_else(|| Misfit::new("", &format!("its fields are not those of {}", E::NAME)))
    })
}
