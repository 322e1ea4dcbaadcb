//! A line of `events.jsonl`: one event, one valid JSON object, whatever the event holds.
//!
//! `{"ts","event","run_id","trace_id","span_id","host","pid","service","fields":{..}}`; `ts` is RFC 3339 in UTC with
//! nanoseconds, so that a time reads back as it was. A `body` follows if the event has one. Unknown members are
//! passed over.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use telensic_tape::{SpanId, TraceId, UnixNanos};

use super::{Event, EventRecord, Misfit, record};
use crate::RunId;

/// An event and where it was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventLine {
    /// When it happened.
    #[serde(rename = "ts", with = "time")]
    pub time: UnixNanos,
    /// Its type.
    pub event: String,
    /// The run that it belongs to.
    pub run_id: Option<RunId>,
    /// The trace that it happened in.
    #[serde(default, with = "trace_id")]
    pub trace_id: Option<TraceId>,
    /// The span that it happened in.
    #[serde(default, with = "span_id")]
    pub span_id: Option<SpanId>,
    /// The host that recorded it.
    pub host: String,
    /// The process that recorded it.
    pub pid: u32,
    /// The service that recorded it.
    pub service: String,
    /// Its fields, a JSON object.
    #[serde(deserialize_with = "object")]
    pub fields: Value,
    /// What was said besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

impl EventLine {
    /// The line of an event that this process recorded.
    pub fn new(event: EventRecord, run_id: Option<RunId>, host: &str, pid: u32, service: &str) -> Self {
        Self {
            time: event.time,
            event: event.name,
            run_id,
            trace_id: event.trace_id,
            span_id: event.span_id,
            host: host.to_owned(),
            pid,
            service: service.to_owned(),
            fields: event.fields,
            body: event.body,
        }
    }

    /// The event as its type.
    pub fn parse<E: Event>(&self) -> Result<E, Misfit> {
        record::parse(&self.event, &self.fields)
    }
}

fn object<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    serde_json::Map::deserialize(deserializer).map(Value::Object)
}

/// RFC 3339 with all nine digits.
mod time {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use telensic_tape::{Civil, UnixNanos};

    const NANOS: u64 = 1_000_000_000;

    pub(super) fn serialize<S: Serializer>(time: &UnixNanos, serializer: S) -> Result<S::Ok, S::Error> {
        let Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = time.civil();
        let nanos = time.0 % NANOS;
        serializer.collect_str(&format_args!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{nanos:09}Z"
        ))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UnixNanos, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text)
            .ok_or_else(|| D::Error::custom("ts is no time of the form 2026-01-25T12:00:00.123456789Z"))
    }

    fn parse(text: &str) -> Option<UnixNanos> {
        const FORM: &[u8; 30] = b"0000-00-00T00:00:00.000000000Z";
        let fits = |(byte, form): (u8, &u8)| match form {
            b'0' => byte.is_ascii_digit(),
            _ => byte == *form,
        };
        if text.len() != FORM.len() || !text.bytes().zip(FORM).all(fits) {
            return None;
        }
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
        let civil = Civil {
            year: number(0, 4)?,
            month: number(5, 7)?,
            day: number(8, 10)?,
            hour: number(11, 13)?,
            minute: number(14, 16)?,
            second: number(17, 19)?,
        };
        let nanos = civil.to_second()?.checked_mul(NANOS)?;
        nanos.checked_add(number(20, 29)?).map(UnixNanos)
    }
}

/// Ids in hex, or null.
macro_rules! hex {
    ($module:ident, $id:ident) => {
        mod $module {
            use serde::de::Error;
            use serde::{Deserialize, Deserializer, Serialize, Serializer};
            use telensic_tape::$id;

            pub(super) fn serialize<S: Serializer>(
                id: &Option<$id>,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                id.map(|id| id.to_string()).serialize(serializer)
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<$id>, D::Error> {
                let Some(hex) = Option::<String>::deserialize(deserializer)? else {
                    return Ok(None);
                };
                let id = $id::from_hex(&hex);
                id.map(Some)
                    .ok_or_else(|| D::Error::custom(concat!(stringify!($module), " is no id in hex")))
            }
        }
    };
}

hex!(trace_id, TraceId);
hex!(span_id, SpanId);
