//! Rows as Arrow columns, and back: one row a span, a log record, a data point.
//!
//! Ids, times, names, kinds, statuses, what the resource says of itself, and the standard attributes have columns of
//! their own; all other attributes are a map from key to a struct with a field a type. What only a protobuf message
//! can say (resource, scope, nested values) is kept encoded, as it came, in dictionaries.
//!
//! Invariant: nothing is lost. [`otlp`] gives back the request that the rows came from: same values, same types, same
//! order of attributes. An attribute that has a column of its own keeps its place in the map, with [`IN_COLUMN`]
//! for a value.
//!
//! ```text
//! all       service host run_id | profile stage_id step provider ... | scope_name resource resource_url scope scope_url
//! spans     trace_id span_id parent_span_id name kind start duration status_code status_message trace_state flags
//!           attributes events links dropped_attributes dropped_events dropped_links
//! logs      time observed severity severity_text body event_name trace_id span_id flags attributes dropped_attributes
//! metrics   name description unit metadata type temporality is_monotonic start time double int
//!           count sum min max bucket_counts bounds flags rest attributes
//!
//! attributes  map<text, struct { text, int, double, bool, other: encoded AnyValue }>
//! events      list<struct { time, name, attributes, dropped_attributes }>
//! links       list<struct { trace_id, span_id, trace_state, flags, attributes, dropped_attributes }>
//! ```
//!
//! Times are nanoseconds since 1970 in UTC; those beyond the year 2262 are stored as negative numbers and come back as
//! they were.

mod attributes;
mod builder;
mod logs;
mod metrics;
mod nested;
pub(crate) mod otlp;
mod read;
mod sheet;
mod spans;
mod standard;
mod values;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use attributes::AttributesColumn;
pub(crate) use builder::Builder;
pub(crate) use nested::{EventsColumn, LinksColumn};
pub(crate) use read::{blobs, ids, integers, optional, times, words};
pub(crate) use sheet::schema_of;
pub use standard::STANDARD;
pub(crate) use values::{Stored, ValuesColumn};
pub(crate) use words::WordsColumn;

/// What stands in the map for the value of an attribute that has a column: no `AnyValue` begins with this byte.
pub(crate) const IN_COLUMN: &[u8] = &[0];

/// The names of the columns that code refers to.
pub mod name {
    /// The trace.
    pub const TRACE_ID: &str = "trace_id";
    /// The span.
    pub const SPAN_ID: &str = "span_id";
    /// The span it was started in.
    pub const PARENT_SPAN_ID: &str = "parent_span_id";
    /// The name of a span or a metric.
    pub const NAME: &str = "name";
    /// OTLP's `SpanKind`.
    pub const KIND: &str = "kind";
    /// When a span or a data point's interval began.
    pub const START: &str = "start";
    /// From start to end, in nanoseconds.
    pub const DURATION: &str = "duration";
    /// 0 unset, 1 ok, 2 error.
    pub const STATUS_CODE: &str = "status_code";
    /// What was said of an error.
    pub const STATUS_MESSAGE: &str = "status_message";
    /// The W3C tracestate.
    pub const TRACE_STATE: &str = "trace_state";
    /// W3C trace flags, or a data point's flags.
    pub const FLAGS: &str = "flags";
    /// All attributes.
    pub const ATTRIBUTES: &str = "attributes";
    /// A span's events.
    pub const EVENTS: &str = "events";
    /// A span's links.
    pub const LINKS: &str = "links";
    /// Attributes cut by a limit.
    pub const DROPPED_ATTRIBUTES: &str = "dropped_attributes";
    /// Events cut by a limit.
    pub const DROPPED_EVENTS: &str = "dropped_events";
    /// Links cut by a limit.
    pub const DROPPED_LINKS: &str = "dropped_links";
    /// When a log record or a data point was made.
    pub const TIME: &str = "time";
    /// When a log record was received.
    pub const OBSERVED: &str = "observed";
    /// OTLP's severity number.
    pub const SEVERITY: &str = "severity";
    /// The level's name.
    pub const SEVERITY_TEXT: &str = "severity_text";
    /// What was said.
    pub const BODY: &str = "body";
    /// The type of a typed event.
    pub const EVENT_NAME: &str = "event_name";
    /// The service that recorded.
    pub const SERVICE: &str = "service";
    /// The host it ran on.
    pub const HOST: &str = "host";
    /// The run it belongs to.
    pub const RUN_ID: &str = "run_id";
    /// The pipeline profile.
    pub const PROFILE: &str = "profile";
    /// The instrumentation scope's name.
    pub const SCOPE_NAME: &str = "scope_name";
    /// The encoded `Resource`.
    pub const RESOURCE: &str = "resource";
    /// Its schema's URL.
    pub const RESOURCE_URL: &str = "resource_url";
    /// The encoded `InstrumentationScope`.
    pub const SCOPE: &str = "scope";
    /// Its schema's URL.
    pub const SCOPE_URL: &str = "scope_url";
    /// A metric's description.
    pub const DESCRIPTION: &str = "description";
    /// A metric's unit.
    pub const UNIT: &str = "unit";
    /// A metric's encoded metadata.
    pub const METADATA: &str = "metadata";
    /// 5 gauge, 7 sum, 9 histogram, 10 exponential histogram, 11 summary.
    pub const TYPE: &str = "type";
    /// 1 delta, 2 cumulative.
    pub const TEMPORALITY: &str = "temporality";
    /// Whether a sum only grows.
    pub const IS_MONOTONIC: &str = "is_monotonic";
    /// A data point's value.
    pub const DOUBLE: &str = "double";
    /// A data point's value.
    pub const INT: &str = "int";
    /// How many measurements.
    pub const COUNT: &str = "count";
    /// Their sum.
    pub const SUM: &str = "sum";
    /// The least.
    pub const MIN: &str = "min";
    /// The greatest.
    pub const MAX: &str = "max";
    /// How many a bucket.
    pub const BUCKET_COUNTS: &str = "bucket_counts";
    /// Where buckets end.
    pub const BOUNDS: &str = "bounds";
    /// Encoded fields of a data point that have no column.
    pub const REST: &str = "rest";
}
