//! The OTLP messages, as `opentelemetry/proto/{common,resource,trace,logs,metrics}/v1` define them (version 1.9).
//!
//! The string indices of the profiles signal (`key_strindex`) are left out: they mean nothing outside it.

use telensic_tape::Signal;

use super::schema::{Field, IdRule, Kind, Message};

use Kind::{Any, Attribute, Bool, Bytes, Double, Enum, Fixed32, Fixed64, Id, Sfixed64, Sint32, Text, Uint32};

/// The `Export*ServiceRequest` of a signal.
pub(crate) fn request_of(signal: Signal) -> &'static Message {
    match signal {
        Signal::Spans => &TRACE_REQUEST,
        Signal::Logs => &LOGS_REQUEST,
        Signal::Metrics => &METRICS_REQUEST,
    }
}

/// The record of a signal.
pub(crate) fn record_of(signal: Signal) -> &'static Message {
    match signal {
        Signal::Spans => &SPAN,
        Signal::Logs => &LOG_RECORD,
        Signal::Metrics => &METRIC,
    }
}

static TRACE_REQUEST: Message =
    Message::new(&[Field::many(1, "resourceSpans", Kind::Message(&RESOURCE_SPANS))]);

static LOGS_REQUEST: Message = Message::new(&[Field::many(1, "resourceLogs", Kind::Message(&RESOURCE_LOGS))]);

static METRICS_REQUEST: Message = Message::new(&[Field::many(
    1,
    "resourceMetrics",
    Kind::Message(&RESOURCE_METRICS),
)]);

static RESOURCE_SPANS: Message = Message::new(&[
    Field::one(1, "resource", Kind::Message(&RESOURCE)),
    Field::many(2, "scopeSpans", Kind::Message(&SCOPE_SPANS)),
    Field::one(3, "schemaUrl", Text),
]);

static RESOURCE_LOGS: Message = Message::new(&[
    Field::one(1, "resource", Kind::Message(&RESOURCE)),
    Field::many(2, "scopeLogs", Kind::Message(&SCOPE_LOGS)),
    Field::one(3, "schemaUrl", Text),
]);

static RESOURCE_METRICS: Message = Message::new(&[
    Field::one(1, "resource", Kind::Message(&RESOURCE)),
    Field::many(2, "scopeMetrics", Kind::Message(&SCOPE_METRICS)),
    Field::one(3, "schemaUrl", Text),
]);

static SCOPE_SPANS: Message = Message::new(&[
    Field::one(1, "scope", Kind::Message(&SCOPE)),
    Field::many(2, "spans", Kind::Record(&SPAN)),
    Field::one(3, "schemaUrl", Text),
]);

static SCOPE_LOGS: Message = Message::new(&[
    Field::one(1, "scope", Kind::Message(&SCOPE)),
    Field::many(2, "logRecords", Kind::Record(&LOG_RECORD)),
    Field::one(3, "schemaUrl", Text),
]);

static SCOPE_METRICS: Message = Message::new(&[
    Field::one(1, "scope", Kind::Message(&SCOPE)),
    Field::many(2, "metrics", Kind::Record(&METRIC)),
    Field::one(3, "schemaUrl", Text),
]);

/// `Resource`.
pub(crate) static RESOURCE: Message = Message::new(&[
    Field::many(1, "attributes", Attribute(&KEY_VALUE)),
    Field::one(2, "droppedAttributesCount", Uint32),
    Field::many(3, "entityRefs", Kind::Message(&ENTITY_REF)),
]);

static ENTITY_REF: Message = Message::new(&[
    Field::one(1, "schemaUrl", Text),
    Field::one(2, "type", Text),
    Field::many(3, "idKeys", Text),
    Field::many(4, "descriptionKeys", Text),
]);

/// `InstrumentationScope`.
pub(crate) static SCOPE: Message = Message::new(&[
    Field::one(1, "name", Text),
    Field::one(2, "version", Text),
    Field::many(3, "attributes", Attribute(&KEY_VALUE)),
    Field::one(4, "droppedAttributesCount", Uint32),
]);

static KEY_VALUE: Message = Message::new(&[
    Field::one(1, "key", Text),
    Field::one(2, "value", Any(&ANY_VALUE)),
]);

static ANY_VALUE: Message = Message::new(&[
    Field::one(1, "stringValue", Text),
    Field::one(2, "boolValue", Bool),
    Field::one(3, "intValue", Kind::Int64),
    Field::one(4, "doubleValue", Double),
    Field::one(5, "arrayValue", Kind::Message(&ARRAY_VALUE)),
    Field::one(6, "kvlistValue", Kind::Message(&KEY_VALUE_LIST)),
    Field::one(7, "bytesValue", Bytes),
]);

static ARRAY_VALUE: Message = Message::new(&[Field::many(1, "values", Any(&ANY_VALUE))]);

static KEY_VALUE_LIST: Message = Message::new(&[Field::many(1, "values", Attribute(&KEY_VALUE))]);

static SPAN: Message = Message::new(&[
    Field::one(1, "traceId", Id(IdRule::Trace)),
    Field::one(2, "spanId", Id(IdRule::Span)),
    Field::one(3, "traceState", Text),
    Field::one(4, "parentSpanId", Id(IdRule::Parent)),
    Field::one(5, "name", Text),
    Field::one(6, "kind", Enum(SPAN_KIND)),
    Field::one(7, "startTimeUnixNano", Fixed64),
    Field::one(8, "endTimeUnixNano", Fixed64),
    Field::many(9, "attributes", Attribute(&KEY_VALUE)),
    Field::one(10, "droppedAttributesCount", Uint32),
    Field::many(11, "events", Kind::Message(&EVENT)),
    Field::one(12, "droppedEventsCount", Uint32),
    Field::many(13, "links", Kind::Link(&LINK)),
    Field::one(14, "droppedLinksCount", Uint32),
    Field::one(15, "status", Kind::Message(&STATUS)),
    Field::one(16, "flags", Fixed32),
]);

static EVENT: Message = Message::new(&[
    Field::one(1, "timeUnixNano", Fixed64),
    Field::one(2, "name", Text),
    Field::many(3, "attributes", Attribute(&KEY_VALUE)),
    Field::one(4, "droppedAttributesCount", Uint32),
]);

static LINK: Message = Message::new(&[
    Field::one(1, "traceId", Id(IdRule::Trace)),
    Field::one(2, "spanId", Id(IdRule::Span)),
    Field::one(3, "traceState", Text),
    Field::many(4, "attributes", Attribute(&KEY_VALUE)),
    Field::one(5, "droppedAttributesCount", Uint32),
    Field::one(6, "flags", Fixed32),
]);

static STATUS: Message = Message::new(&[
    Field::one(2, "message", Text),
    Field::one(3, "code", Enum(STATUS_CODE)),
]);

static LOG_RECORD: Message = Message::new(&[
    Field::one(1, "timeUnixNano", Fixed64),
    Field::one(2, "severityNumber", Enum(SEVERITY)),
    Field::one(3, "severityText", Text),
    Field::one(5, "body", Any(&ANY_VALUE)),
    Field::many(6, "attributes", Attribute(&KEY_VALUE)),
    Field::one(7, "droppedAttributesCount", Uint32),
    Field::one(8, "flags", Fixed32),
    Field::one(9, "traceId", Id(IdRule::Optional(16))),
    Field::one(10, "spanId", Id(IdRule::Optional(8))),
    Field::one(11, "observedTimeUnixNano", Fixed64),
    Field::one(12, "eventName", Text),
]);

static METRIC: Message = Message::new(&[
    Field::one(1, "name", Text),
    Field::one(2, "description", Text),
    Field::one(3, "unit", Text),
    Field::one(5, "gauge", Kind::Message(&GAUGE)),
    Field::one(7, "sum", Kind::Message(&SUM)),
    Field::one(9, "histogram", Kind::Message(&HISTOGRAM)),
    Field::one(10, "exponentialHistogram", Kind::Message(&EXPONENTIAL_HISTOGRAM)),
    Field::one(11, "summary", Kind::Message(&SUMMARY)),
    Field::many(12, "metadata", Attribute(&KEY_VALUE)),
]);

static GAUGE: Message = Message::new(&[Field::many(1, "dataPoints", Kind::Message(&NUMBER_DATA_POINT))]);

static SUM: Message = Message::new(&[
    Field::many(1, "dataPoints", Kind::Message(&NUMBER_DATA_POINT)),
    Field::one(2, "aggregationTemporality", Enum(TEMPORALITY)),
    Field::one(3, "isMonotonic", Bool),
]);

static HISTOGRAM: Message = Message::new(&[
    Field::many(1, "dataPoints", Kind::Message(&HISTOGRAM_DATA_POINT)),
    Field::one(2, "aggregationTemporality", Enum(TEMPORALITY)),
]);

static EXPONENTIAL_HISTOGRAM: Message = Message::new(&[
    Field::many(1, "dataPoints", Kind::Message(&EXPONENTIAL_DATA_POINT)),
    Field::one(2, "aggregationTemporality", Enum(TEMPORALITY)),
]);

static SUMMARY: Message = Message::new(&[Field::many(1, "dataPoints", Kind::Message(&SUMMARY_DATA_POINT))]);

static NUMBER_DATA_POINT: Message = Message::new(&[
    Field::one(2, "startTimeUnixNano", Fixed64),
    Field::one(3, "timeUnixNano", Fixed64),
    Field::one(4, "asDouble", Double),
    Field::many(5, "exemplars", Kind::Message(&EXEMPLAR)),
    Field::one(6, "asInt", Sfixed64),
    Field::many(7, "attributes", Attribute(&KEY_VALUE)),
    Field::one(8, "flags", Uint32),
]);

static HISTOGRAM_DATA_POINT: Message = Message::new(&[
    Field::one(2, "startTimeUnixNano", Fixed64),
    Field::one(3, "timeUnixNano", Fixed64),
    Field::one(4, "count", Fixed64),
    Field::one(5, "sum", Double),
    Field::many(6, "bucketCounts", Fixed64),
    Field::many(7, "explicitBounds", Double),
    Field::many(8, "exemplars", Kind::Message(&EXEMPLAR)),
    Field::many(9, "attributes", Attribute(&KEY_VALUE)),
    Field::one(10, "flags", Uint32),
    Field::one(11, "min", Double),
    Field::one(12, "max", Double),
]);

static EXPONENTIAL_DATA_POINT: Message = Message::new(&[
    Field::many(1, "attributes", Attribute(&KEY_VALUE)),
    Field::one(2, "startTimeUnixNano", Fixed64),
    Field::one(3, "timeUnixNano", Fixed64),
    Field::one(4, "count", Fixed64),
    Field::one(5, "sum", Double),
    Field::one(6, "scale", Sint32),
    Field::one(7, "zeroCount", Fixed64),
    Field::one(8, "positive", Kind::Message(&BUCKETS)),
    Field::one(9, "negative", Kind::Message(&BUCKETS)),
    Field::one(10, "flags", Uint32),
    Field::many(11, "exemplars", Kind::Message(&EXEMPLAR)),
    Field::one(12, "min", Double),
    Field::one(13, "max", Double),
    Field::one(14, "zeroThreshold", Double),
]);

static BUCKETS: Message = Message::new(&[
    Field::one(1, "offset", Sint32),
    Field::many(2, "bucketCounts", Kind::Uint64),
]);

static SUMMARY_DATA_POINT: Message = Message::new(&[
    Field::one(2, "startTimeUnixNano", Fixed64),
    Field::one(3, "timeUnixNano", Fixed64),
    Field::one(4, "count", Fixed64),
    Field::one(5, "sum", Double),
    Field::many(6, "quantileValues", Kind::Message(&QUANTILE)),
    Field::many(7, "attributes", Attribute(&KEY_VALUE)),
    Field::one(8, "flags", Uint32),
]);

static QUANTILE: Message = Message::new(&[Field::one(1, "quantile", Double), Field::one(2, "value", Double)]);

static EXEMPLAR: Message = Message::new(&[
    Field::one(2, "timeUnixNano", Fixed64),
    Field::one(3, "asDouble", Double),
    Field::one(4, "spanId", Id(IdRule::Optional(8))),
    Field::one(5, "traceId", Id(IdRule::Optional(16))),
    Field::one(6, "asInt", Sfixed64),
    Field::many(7, "filteredAttributes", Attribute(&KEY_VALUE)),
]);

const SPAN_KIND: &[&str] = &[
    "SPAN_KIND_UNSPECIFIED",
    "SPAN_KIND_INTERNAL",
    "SPAN_KIND_SERVER",
    "SPAN_KIND_CLIENT",
    "SPAN_KIND_PRODUCER",
    "SPAN_KIND_CONSUMER",
];

const STATUS_CODE: &[&str] = &["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

const TEMPORALITY: &[&str] = &[
    "AGGREGATION_TEMPORALITY_UNSPECIFIED",
    "AGGREGATION_TEMPORALITY_DELTA",
    "AGGREGATION_TEMPORALITY_CUMULATIVE",
];

const SEVERITY: &[&str] = &[
    "SEVERITY_NUMBER_UNSPECIFIED",
    "SEVERITY_NUMBER_TRACE",
    "SEVERITY_NUMBER_TRACE2",
    "SEVERITY_NUMBER_TRACE3",
    "SEVERITY_NUMBER_TRACE4",
    "SEVERITY_NUMBER_DEBUG",
    "SEVERITY_NUMBER_DEBUG2",
    "SEVERITY_NUMBER_DEBUG3",
    "SEVERITY_NUMBER_DEBUG4",
    "SEVERITY_NUMBER_INFO",
    "SEVERITY_NUMBER_INFO2",
    "SEVERITY_NUMBER_INFO3",
    "SEVERITY_NUMBER_INFO4",
    "SEVERITY_NUMBER_WARN",
    "SEVERITY_NUMBER_WARN2",
    "SEVERITY_NUMBER_WARN3",
    "SEVERITY_NUMBER_WARN4",
    "SEVERITY_NUMBER_ERROR",
    "SEVERITY_NUMBER_ERROR2",
    "SEVERITY_NUMBER_ERROR3",
    "SEVERITY_NUMBER_ERROR4",
    "SEVERITY_NUMBER_FATAL",
    "SEVERITY_NUMBER_FATAL2",
    "SEVERITY_NUMBER_FATAL3",
    "SEVERITY_NUMBER_FATAL4",
];
