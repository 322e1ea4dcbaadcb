//! Typed domain events: records with an `event_name`, of which readers know the fields.
//!
//! A typed one ([`record`]) cannot be wrong. One of free form ([`event`]) is held against the schema of its type when it
//! is emitted; if it does not fit, an `event.invalid` with the reason and all its fields is written in its place.

use std::sync::{LazyLock, PoisonError, RwLock, RwLockReadGuard};

use serde_json::Value as Json;
use telensic_run::RunError;
use telensic_run::event::{Event, EventInvalid, EventRecord, Schemas};
use telensic_tape::UnixNanos;
use telensic_tape::otlp::{self, field};

use crate::Severity;
use crate::context::Context;
use crate::log::{Kind, LogData, LogRecord};

/// An event of this type, in free form: held against its schema, if there is one, when it is emitted.
///
/// ```
/// telensic::event("data.load").with("source_path", "nav.csv").with("sha256_hash", "9f86d08").emit();
/// ```
#[inline]
pub fn event(name: &str) -> LogRecord {
    event_in(None, Severity::Info, name)
}

/// An event of free form in this context, if one is given, and of this level.
pub(crate) fn event_in(context: Option<&Context>, severity: Severity, name: &str) -> LogRecord {
    named(context, severity, name, Kind::Event)
}

/// A record of this name: an event that is checked if its type has a schema, else of this kind.
pub(crate) fn named(context: Option<&Context>, severity: Severity, name: &str, otherwise: Kind) -> LogRecord {
    let kind = if schemas().knows(name) {
        Kind::Checked
    } else {
        otherwise
    };
    begin(context, severity, name, kind)
}

/// Records a typed event.
///
/// ```
/// use telensic::events::EpochDetected;
///
/// telensic::record(&EpochDetected::new(3_u32, 41_u32, 0.06, 0.01).tmaeg_threshold(0.05));
/// ```
pub fn record<E: Event>(event: &E) {
    put(begin(None, Severity::Info, E::NAME, Kind::Event), event).emit();
}

/// Records a typed event that happened then.
pub(crate) fn record_at<E: Event>(event: &E, time: UnixNanos) {
    put(begin(None, Severity::Info, E::NAME, Kind::Event), event)
        .at_unix(time)
        .emit();
}

/// Adds the schema (JSON Schema, draft 2020-12) of an event type of one's own, for the events recorded from now on.
pub fn register_schema(name: &str, schema: Json) -> Result<(), RunError> {
    SCHEMAS
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .register(name, schema)
}

static SCHEMAS: LazyLock<RwLock<Schemas>> = LazyLock::new(RwLock::default);

fn schemas() -> RwLockReadGuard<'static, Schemas> {
    SCHEMAS.read().unwrap_or_else(PoisonError::into_inner)
}

fn begin(context: Option<&Context>, severity: Severity, name: &str, kind: Kind) -> LogRecord {
    LogRecord::begin_in(context, severity, kind, |message| {
        let name = message.redacted(name);
        otlp::put_bytes(&mut message.bytes, field::log::EVENT_NAME, name.as_bytes());
    })
}

fn put<E: Event>(mut record: LogRecord, event: &E) -> LogRecord {
    if record.is_recording() {
        event.fields(&mut |name, value| record.set(name, value));
    }
    record
}

/// What is to be written in the place of an event that does not fit its schema.
pub(crate) fn invalid(data: &LogData) -> Option<EventInvalid> {
    let event = EventRecord::of(&data.to_be_checked()?).ok()??;
    let misfit = schemas().check(&event.name, &event.fields).err()?;
    if is_masked(event.fields.pointer(misfit.path())) {
        // It was another value before secrets and raw data were taken out.
        return None;
    }
    let fields = match event.fields {
        Json::Object(fields) => fields,
        _ => serde_json::Map::new(),
    };
    #[cfg(feature = "metrics")]
    crate::metrics::event_invalid(&event.name);
    Some(EventInvalid::of(&event.name, &misfit, fields))
}

/// Whether a value stands for another one that must not be recorded.
fn is_masked(value: Option<&Json>) -> bool {
    let text = value.and_then(Json::as_str);
    text.is_some_and(|text| text.starts_with("[ARRAY ") || text.starts_with("[REDACTED:"))
}
