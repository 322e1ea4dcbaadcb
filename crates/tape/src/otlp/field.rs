//! The protobuf field numbers of the OTLP messages that the tape carries.

/// `ScopeSpans`, `ScopeLogs` and `ScopeMetrics` share their first two fields.
pub mod scope_records {
    /// `scope`.
    pub const SCOPE: u32 = 1;
    /// `spans`, `log_records` or `metrics`.
    pub const RECORD: u32 = 2;
}

/// `Span`.
pub mod span {
    /// `trace_id`, 16 bytes.
    pub const TRACE_ID: u32 = 1;
    /// `span_id`, 8 bytes.
    pub const SPAN_ID: u32 = 2;
    /// `trace_state`, the W3C header.
    pub const TRACE_STATE: u32 = 3;
    /// `parent_span_id`, 8 bytes or absent.
    pub const PARENT_SPAN_ID: u32 = 4;
    /// `name`.
    pub const NAME: u32 = 5;
    /// `kind`.
    pub const KIND: u32 = 6;
    /// `start_time_unix_nano`, fixed64.
    pub const START: u32 = 7;
    /// `end_time_unix_nano`, fixed64.
    pub const END: u32 = 8;
    /// `attributes`.
    pub const ATTRIBUTE: u32 = 9;
    /// `dropped_attributes_count`.
    pub const DROPPED_ATTRIBUTES: u32 = 10;
    /// `events`.
    pub const EVENT: u32 = 11;
    /// `dropped_events_count`.
    pub const DROPPED_EVENTS: u32 = 12;
    /// `links`.
    pub const LINK: u32 = 13;
    /// `dropped_links_count`.
    pub const DROPPED_LINKS: u32 = 14;
    /// `status`.
    pub const STATUS: u32 = 15;
    /// `flags`, fixed32.
    pub const FLAGS: u32 = 16;
}

/// `Span.Event`.
pub mod event {
    /// `time_unix_nano`, fixed64.
    pub const TIME: u32 = 1;
    /// `name`.
    pub const NAME: u32 = 2;
    /// `attributes`.
    pub const ATTRIBUTE: u32 = 3;
    /// `dropped_attributes_count`.
    pub const DROPPED_ATTRIBUTES: u32 = 4;
}

/// `Span.Link`.
pub mod link {
    /// `trace_id`.
    pub const TRACE_ID: u32 = 1;
    /// `span_id`.
    pub const SPAN_ID: u32 = 2;
    /// `trace_state`.
    pub const TRACE_STATE: u32 = 3;
    /// `attributes`.
    pub const ATTRIBUTE: u32 = 4;
    /// `dropped_attributes_count`.
    pub const DROPPED_ATTRIBUTES: u32 = 5;
    /// `flags`, fixed32.
    pub const FLAGS: u32 = 6;
}

/// `Status`.
pub mod status {
    /// `message`.
    pub const MESSAGE: u32 = 2;
    /// `code`.
    pub const CODE: u32 = 3;
}

/// `LogRecord`.
pub mod log {
    /// `time_unix_nano`, fixed64.
    pub const TIME: u32 = 1;
    /// `severity_number`.
    pub const SEVERITY: u32 = 2;
    /// `severity_text`.
    pub const SEVERITY_TEXT: u32 = 3;
    /// `body`, an `AnyValue`.
    pub const BODY: u32 = 5;
    /// `attributes`.
    pub const ATTRIBUTE: u32 = 6;
    /// `dropped_attributes_count`.
    pub const DROPPED_ATTRIBUTES: u32 = 7;
    /// `flags`, fixed32.
    pub const FLAGS: u32 = 8;
    /// `trace_id`.
    pub const TRACE_ID: u32 = 9;
    /// `span_id`.
    pub const SPAN_ID: u32 = 10;
    /// `observed_time_unix_nano`, fixed64.
    pub const OBSERVED_TIME: u32 = 11;
    /// `event_name`.
    pub const EVENT_NAME: u32 = 12;
}

/// `KeyValue`.
pub mod key_value {
    /// `key`.
    pub const KEY: u32 = 1;
    /// `value`, an `AnyValue`.
    pub const VALUE: u32 = 2;
}

/// `AnyValue`, a oneof.
pub mod any {
    /// `string_value`.
    pub const STRING: u32 = 1;
    /// `bool_value`.
    pub const BOOL: u32 = 2;
    /// `int_value`.
    pub const INT: u32 = 3;
    /// `double_value`, fixed64.
    pub const DOUBLE: u32 = 4;
    /// `array_value`.
    pub const ARRAY: u32 = 5;
    /// `kvlist_value`.
    pub const KEY_VALUES: u32 = 6;
    /// `bytes_value`.
    pub const BYTES: u32 = 7;
}

/// `InstrumentationScope`.
pub mod scope {
    /// `name`.
    pub const NAME: u32 = 1;
    /// `version`.
    pub const VERSION: u32 = 2;
    /// `attributes`.
    pub const ATTRIBUTE: u32 = 3;
    /// `dropped_attributes_count`.
    pub const DROPPED_ATTRIBUTES: u32 = 4;
}

/// `Resource`.
pub mod resource {
    /// `attributes`.
    pub const ATTRIBUTE: u32 = 1;
}
