//! What the tests share: records as a recorder writes them, and events of every type with drawn content.

mod draw;

pub(crate) use draw::{Visit, draws};

use telensic_run::event::{Event, EventRecord};
use telensic_tape::otlp::{self, LogView, field};
use telensic_tape::{SpanId, TraceId, Value};

/// The time that every record here has.
pub(crate) const TIME: u64 = 1_769_342_400_123_456_789;

/// A log record of this event, as a recorder puts it together.
pub(crate) fn encoded(event: &impl Event) -> Vec<u8> {
    encoded_by(name_of(event), |put| event.fields(put))
}

fn name_of<E: Event>(_: &E) -> &'static str {
    E::NAME
}

/// A log record of this name with the fields that are put.
pub(crate) fn encoded_by(
    name: &str,
    fields: impl FnOnce(&mut dyn FnMut(&'static str, Value<'_>)),
) -> Vec<u8> {
    let mut record = Vec::new();
    otlp::put_fixed64(&mut record, field::log::TIME, TIME);
    otlp::put_bytes(&mut record, field::log::TRACE_ID, &trace_id().to_bytes());
    otlp::put_bytes(&mut record, field::log::SPAN_ID, &span_id().to_bytes());
    otlp::put_attribute(&mut record, field::log::ATTRIBUTE, "thread.id", Value::I64(7));
    otlp::put_bytes(&mut record, field::log::EVENT_NAME, name.as_bytes());
    fields(&mut |key, value| otlp::put_attribute(&mut record, field::log::ATTRIBUTE, key, value));
    record
}

/// The event in a log record.
pub(crate) fn read(record: &[u8]) -> EventRecord {
    EventRecord::of(&LogView::parse(record).unwrap())
        .unwrap()
        .unwrap()
}

pub(crate) fn trace_id() -> TraceId {
    TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736").unwrap()
}

pub(crate) fn span_id() -> SpanId {
    SpanId::from_hex("00f067aa0ba902b7").unwrap()
}
