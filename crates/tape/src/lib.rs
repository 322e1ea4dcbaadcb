//! The tape: the crash-safe file that a process records into.

mod ids;

pub use ids::{SpanId, TraceId, UnixNanos};
