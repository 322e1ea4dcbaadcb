//! Records as OTLP's own JSON: a `Span`, a `LogRecord` or a `Metric` message in protobuf's JSON mapping as OTLP amends it:
//! ids in hex, 64-bit integers as text, enums as numbers, field names in lower camel case.
//!
//! The one writer of it, for the exporter and for the command line. What a view of the record does not carry is read from the
//! message itself, so that nothing is left out. A value that is malformed deep within, or nested too deep, is an error of
//! the serializer.

mod metric;

pub use metric::MetricJson;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use telensic_tape::otlp::{
    AnyView, Attributes, FieldValue, Fields, LogView, Malformed, Repeated, ScopeView, SpanView, StatusView,
    field,
};

/// How deep values may be nested: bytes that nest without end must not end the program.
const DEEPEST: u32 = 30;

/// A `Span`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpanJson<'a> {
    trace_id: String,
    span_id: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    trace_state: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<String>,
    #[serde(skip_serializing_if = "is_zero")]
    flags: u64,
    name: &'a str,
    kind: u64,
    start_time_unix_nano: String,
    end_time_unix_nano: String,
    attributes: AttributesJson<'a>,
    #[serde(skip_serializing_if = "is_zero")]
    dropped_attributes_count: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    events: Vec<EventJson<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    dropped_events_count: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<LinkJson<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    dropped_links_count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<StatusJson<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventJson<'a> {
    time_unix_nano: String,
    name: &'a str,
    attributes: AttributesJson<'a>,
    #[serde(skip_serializing_if = "is_zero")]
    dropped_attributes_count: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LinkJson<'a> {
    trace_id: String,
    span_id: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    trace_state: &'a str,
    attributes: AttributesJson<'a>,
    #[serde(skip_serializing_if = "is_zero")]
    dropped_attributes_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    flags: u64,
}

#[derive(Serialize)]
struct StatusJson<'a> {
    #[serde(skip_serializing_if = "is_zero")]
    code: u64,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
}

/// A `LogRecord`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogJson<'a> {
    time_unix_nano: String,
    observed_time_unix_nano: String,
    severity_number: u64,
    #[serde(skip_serializing_if = "str::is_empty")]
    severity_text: &'a str,
    #[serde(skip_serializing_if = "Any::is_empty")]
    body: Any<'a>,
    attributes: AttributesJson<'a>,
    #[serde(skip_serializing_if = "is_zero")]
    dropped_attributes_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    flags: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    span_id: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    event_name: &'a str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl<'a> SpanJson<'a> {
    /// Of this span.
    pub fn of(span: &SpanView<'a>) -> Result<Self, Malformed> {
        let message = span.bytes();
        let events = span.events().zip(Repeated::new(message, field::span::EVENT));
        let events = events.map(|(event, message)| {
            let (event, message) = (event?, message?);
            Ok(EventJson {
                time_unix_nano: event.time.0.to_string(),
                name: event.name,
                attributes: AttributesJson::of(event.attributes()),
                dropped_attributes_count: number(message, field::event::DROPPED_ATTRIBUTES)?,
            })
        });
        let links = span.links().zip(Repeated::new(message, field::span::LINK));
        let links = links.map(|(link, message)| {
            let (link, message) = (link?, message?);
            Ok(LinkJson {
                trace_id: link.trace_id.to_string(),
                span_id: link.span_id.to_string(),
                trace_state: text(message, field::link::TRACE_STATE)?,
                attributes: AttributesJson::of(link.attributes()),
                dropped_attributes_count: number(message, field::link::DROPPED_ATTRIBUTES)?,
                flags: number(message, field::link::FLAGS)?,
            })
        });
        Ok(Self {
            trace_id: span.trace_id.to_string(),
            span_id: span.span_id.to_string(),
            trace_state: span.trace_state,
            parent_span_id: span.parent.map(|parent| parent.to_string()),
            flags: span.flags.into(),
            name: span.name,
            kind: span.kind,
            start_time_unix_nano: span.start.0.to_string(),
            end_time_unix_nano: span.end.0.to_string(),
            attributes: AttributesJson::of(span.attributes()),
            dropped_attributes_count: span.dropped_attributes,
            events: events.collect::<Result<_, Malformed>>()?,
            dropped_events_count: span.dropped_events,
            links: links.collect::<Result<_, Malformed>>()?,
            dropped_links_count: span.dropped_links,
            status: (span.status != StatusView::default()).then_some(StatusJson {
                code: span.status.code,
                message: span.status.message,
            }),
        })
    }
}

impl<'a> LogJson<'a> {
    /// Of this log record.
    pub fn of(log: &LogView<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            time_unix_nano: log.time.0.to_string(),
            observed_time_unix_nano: number(log.bytes(), field::log::OBSERVED_TIME)?.to_string(),
            severity_number: log.severity,
            severity_text: log.severity_text,
            body: Any::of(log.body.clone()),
            attributes: AttributesJson::of(log.attributes()),
            dropped_attributes_count: log.dropped_attributes,
            flags: log.flags.into(),
            trace_id: log.trace_id.map(|id| id.to_string()),
            span_id: log.span_id.map(|id| id.to_string()),
            event_name: log.event_name,
        })
    }
}

/// A `Resource`.
#[derive(Serialize)]
pub struct ResourceJson<'a> {
    attributes: AttributesJson<'a>,
}

impl<'a> ResourceJson<'a> {
    /// Of this encoded message.
    pub fn of(message: &'a [u8]) -> Self {
        Self {
            attributes: AttributesJson::of(Attributes::new(message, field::resource::ATTRIBUTE)),
        }
    }
}

/// An `InstrumentationScope`.
#[derive(Serialize)]
pub struct ScopeJson<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    version: &'a str,
}

impl<'a> ScopeJson<'a> {
    /// Of this scope.
    pub fn of(scope: &ScopeView<'a>) -> Self {
        Self {
            name: scope.name,
            version: scope.version,
        }
    }
}

/// The number in a field, 0 if it is not there; the last one counts.
fn number(message: &[u8], wanted: u32) -> Result<u64, Malformed> {
    let mut found = 0;
    for field in Fields::new(message) {
        match field? {
            (number, FieldValue::Varint(value) | FieldValue::Fixed64(value)) if number == wanted => {
                found = value
            }
            (number, FieldValue::Fixed32(value)) if number == wanted => found = value.into(),
            _ => {}
        }
    }
    Ok(found)
}

/// The text in a field, empty if it is not there; the last one counts.
fn text(message: &[u8], wanted: u32) -> Result<&str, Malformed> {
    let mut found = "";
    for field in Fields::new(message) {
        match field? {
            (number, FieldValue::Len(bytes)) if number == wanted => {
                found = std::str::from_utf8(bytes).map_err(|_| Malformed)?;
            }
            _ => {}
        }
    }
    Ok(found)
}

/// An array of `{"key": .., "value": ..}`.
pub struct AttributesJson<'a> {
    attributes: Attributes<'a>,
    depth: u32,
}

impl<'a> AttributesJson<'a> {
    /// Of these attributes.
    pub fn of(attributes: Attributes<'a>) -> Self {
        Self { attributes, depth: 0 }
    }
}

impl Serialize for AttributesJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Pair<'a> {
            key: &'a str,
            value: Any<'a>,
        }
        let mut sequence = serializer.serialize_seq(None)?;
        for pair in self.attributes.clone() {
            let pair = pair.map_err(S::Error::custom)?;
            let (value, depth) = (pair.value, self.depth);
            sequence.serialize_element(&Pair {
                key: pair.key,
                value: Any { value, depth },
            })?;
        }
        sequence.end()
    }
}

/// An `AnyValue`: an object whose one member says its type.
struct Any<'a> {
    value: AnyView<'a>,
    depth: u32,
}

impl<'a> Any<'a> {
    fn of(value: AnyView<'a>) -> Self {
        Self { value, depth: 0 }
    }

    fn is_empty(&self) -> bool {
        matches!(self.value, AnyView::Empty)
    }
}

impl Serialize for Any<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.depth > DEEPEST {
            return Err(S::Error::custom(Malformed));
        }
        let depth = self.depth + 1;
        let mut map = serializer.serialize_map(None)?;
        match &self.value {
            AnyView::Empty => {}
            AnyView::Str(text) => map.serialize_entry("stringValue", text)?,
            AnyView::Bool(truth) => map.serialize_entry("boolValue", truth)?,
            AnyView::I64(int) => map.serialize_entry("intValue", &int.to_string())?,
            AnyView::F64(float) if float.is_nan() => map.serialize_entry("doubleValue", "NaN")?,
            AnyView::F64(f64::INFINITY) => map.serialize_entry("doubleValue", "Infinity")?,
            AnyView::F64(f64::NEG_INFINITY) => map.serialize_entry("doubleValue", "-Infinity")?,
            AnyView::F64(float) => map.serialize_entry("doubleValue", float)?,
            AnyView::Bytes(bytes) => map.serialize_entry("bytesValue", &STANDARD.encode(bytes))?,
            AnyView::Array(items) => {
                let values = Items {
                    items: items.clone(),
                    depth,
                };
                map.serialize_entry("arrayValue", &Values { values })?;
            }
            AnyView::KeyValues(pairs) => {
                let values = AttributesJson {
                    attributes: pairs.clone(),
                    depth,
                };
                map.serialize_entry("kvlistValue", &Values { values })?;
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Values<T> {
    values: T,
}

/// The elements of an `ArrayValue`.
struct Items<'a> {
    items: Repeated<'a>,
    depth: u32,
}

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        for item in self.items.clone() {
            let value = item.and_then(AnyView::parse).map_err(S::Error::custom)?;
            let depth = self.depth;
            sequence.serialize_element(&Any { value, depth })?;
        }
        sequence.end()
    }
}
