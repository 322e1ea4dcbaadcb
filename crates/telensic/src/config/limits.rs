//! How much of a record is kept; what is cut is counted in OTLP's dropped counts.

use super::Env;

/// The limits of one span or log record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Attributes of a span.
    pub span_attributes: u32,
    /// Events of a span.
    pub span_events: u32,
    /// Links of a span.
    pub span_links: u32,
    /// Attributes of an event.
    pub event_attributes: u32,
    /// Attributes of a link.
    pub link_attributes: u32,
    /// Attributes of a log record.
    pub log_attributes: u32,
    /// Characters of a span's text value.
    pub span_value_length: u32,
    /// Characters of a log record's text value; its body is not cut.
    pub log_value_length: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            span_attributes: 128,
            span_events: 128,
            span_links: 128,
            event_attributes: 128,
            link_attributes: 128,
            log_attributes: 128,
            span_value_length: 1024,
            log_value_length: 1024,
        }
    }
}

impl Limits {
    /// The limits that OpenTelemetry's variables ask for: a specific one wins over the general one.
    pub(crate) fn from_env(env: &mut Env<'_>) -> Self {
        let default = Self::default();
        let count = env.number("OTEL_ATTRIBUTE_COUNT_LIMIT");
        let length = env.number("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT");
        Self {
            span_attributes: env
                .number("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT")
                .or(count)
                .unwrap_or(default.span_attributes),
            span_events: env
                .number("OTEL_SPAN_EVENT_COUNT_LIMIT")
                .unwrap_or(default.span_events),
            span_links: env
                .number("OTEL_SPAN_LINK_COUNT_LIMIT")
                .unwrap_or(default.span_links),
            event_attributes: env
                .number("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT")
                .or(count)
                .unwrap_or(default.event_attributes),
            link_attributes: env
                .number("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT")
                .or(count)
                .unwrap_or(default.link_attributes),
            log_attributes: env
                .number("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT")
                .or(count)
                .unwrap_or(default.log_attributes),
            span_value_length: env
                .number("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT")
                .or(length)
                .unwrap_or(default.span_value_length),
            log_value_length: env
                .number("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT")
                .or(length)
                .unwrap_or(default.log_value_length),
        }
    }
}
