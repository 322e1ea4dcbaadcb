//! A span as a row of fixed size.

use telensic_tape::{SpanId, TraceId, UnixNanos};

use super::bodies::RecordAt;
use super::names::Name;
use super::process::ProcessIndex;

/// The place of a span in its timeline; a later one did not start earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpanIndex(pub(super) u32);

impl SpanIndex {
    /// As an index of a slice with one element a span.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The span at this place of a slice with one element a span.
    pub fn at(index: usize) -> Self {
        // A timeline refuses more spans than fit.
        Self(index as u32)
    }
}

/// How a span ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SpanStatus {
    /// Nobody said.
    #[default]
    Unset,
    /// Well.
    Ok,
    /// With an error.
    Error,
}

impl SpanStatus {
    pub(super) fn from_code(code: u64) -> Self {
        match code {
            1 => Self::Ok,
            2 => Self::Error,
            _ => Self::Unset,
        }
    }

    /// As `forensic_trace.json` has it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Unset => "UNSET",
            Self::Ok => "OK",
            Self::Error => "ERROR",
        }
    }
}

/// Whether a span ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpanState {
    /// It has a record.
    Ended,
    /// It was in flight when its process was last heard of; that time stands for its end.
    Open,
}

/// A span.
#[derive(Clone, Debug)]
pub struct Span {
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Its own id.
    pub span_id: SpanId,
    /// The id of the span it was started in.
    pub parent_id: Option<SpanId>,
    /// That span, if it is in this timeline. Walking up from parent to parent always comes to an end.
    pub parent: Option<SpanIndex>,
    /// When it started.
    pub start: UnixNanos,
    /// When it ended; of an open one, when its process was last heard of. Never before the start.
    pub end: UnixNanos,
    /// What it is called.
    pub name: Name,
    /// The process that recorded it.
    pub process: ProcessIndex,
    /// The scope that recorded it.
    pub scope: Name,
    /// How it ended.
    pub status: SpanStatus,
    /// Whether it ended.
    pub state: SpanState,
    /// OTLP's `SpanKind`.
    pub kind: u8,
    /// The thread that started it, where the tape tells.
    pub thread: u32,
    pub(super) record: Option<RecordAt>,
}

impl Span {
    /// From start to end, in nanoseconds.
    pub fn duration(&self) -> u64 {
        self.end.0 - self.start.0
    }

    /// Whether it names a parent that is in no tape of the run.
    pub fn is_orphan(&self) -> bool {
        self.parent_id.is_some() && self.parent.is_none()
    }
}
