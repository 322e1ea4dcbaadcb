//! A log record or typed event as a row.

use telensic_tape::{SpanId, TraceId, UnixNanos};

use super::bodies::RecordAt;
use super::names::Name;
use super::process::ProcessIndex;
use super::span::SpanIndex;

/// The place of a log record in its timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogIndex(pub(super) u32);

impl LogIndex {
    /// As an index of a slice with one element a log record.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A log record; one with an event name is a typed event.
#[derive(Clone, Debug)]
pub struct Log {
    /// When it happened.
    pub time: UnixNanos,
    /// The trace it was said in.
    pub trace_id: Option<TraceId>,
    /// The id of the span it was said in.
    pub span_id: Option<SpanId>,
    /// That span, if it is in this timeline.
    pub span: Option<SpanIndex>,
    /// The type of a typed event.
    pub event: Option<Name>,
    /// The scope that recorded it.
    pub scope: Name,
    /// The process that recorded it.
    pub process: ProcessIndex,
    /// OTLP's severity number, 1 to 24; 0 if unset.
    pub severity: u8,
    /// The thread that said it, where the tape tells.
    pub thread: u32,
    pub(super) record: RecordAt,
}
