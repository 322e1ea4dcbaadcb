//! The spans as columns: a number or two a span and column, instead of an object with its names a span.

use serde::{Serialize, Serializer};
use telensic_tape::TraceId;

use super::dictionary::Dictionary;
use super::thinning::Shown;
use crate::timeline::{Span, SpanState, SpanStatus, Timeline};

/// A column; one whose rows are all equal is that one number.
pub(super) struct Column(Vec<u64>);

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.split_first() {
            Some((first, rest)) if rest.iter().all(|row| row == first) => serializer.serialize_u64(*first),
            _ => self.0.serialize(serializer),
        }
    }
}

/// All shown spans, by start.
#[derive(Serialize)]
pub(super) struct Columns {
    /// How many there are, shown or not.
    total: usize,
    shown: usize,
    /// Nanoseconds since the span before started.
    start: Column,
    /// Nanoseconds.
    duration: Column,
    name: Column,
    scope: Column,
    /// The parent's place, from 1; 0 for none that is shown.
    parent: Column,
    process: Column,
    thread: Column,
    /// Status in bits 0-1, open 2, orphan 3, kind from bit 4 on.
    flags: Column,
    /// Which of `traces`.
    trace: Column,
    traces: Vec<String>,
    /// Sixteen hex digits each.
    ids: String,
}

const OPEN: u64 = 1 << 2;
const ORPHAN: u64 = 1 << 3;

impl Columns {
    pub(super) fn of<'a>(
        timeline: &'a Timeline,
        shown: &Shown,
        dictionary: &Dictionary<'a>,
        origin: u64,
    ) -> Self {
        let rows = || shown.spans().iter().map(|index| timeline.span(*index));
        let column = |of: &mut dyn FnMut(&Span) -> u64| Column(rows().map(of).collect());
        let mut before = origin;
        let mut traces: Vec<TraceId> = rows().map(|span| span.trace_id).collect();
        traces.sort_unstable_by_key(|trace| trace.to_bytes());
        traces.dedup();
        let place_of = |trace: TraceId| {
            let found = traces.binary_search_by_key(&trace.to_bytes(), |trace| trace.to_bytes());
            found.unwrap_or_default() as u64
        };
        Self {
            total: timeline.spans().len(),
            shown: shown.spans().len(),
            start: column(&mut |span| {
                let start = span.start.0.max(origin);
                start - std::mem::replace(&mut before, start)
            }),
            duration: column(&mut |span| span.end.0.saturating_sub(span.start.0.max(origin))),
            name: column(&mut |span| dictionary.number(timeline.text(span.name)).into()),
            scope: column(&mut |span| dictionary.number(timeline.text(span.scope)).into()),
            parent: column(&mut |span| shown.place(span.parent).into()),
            process: column(&mut |span| span.process.index() as u64),
            thread: column(&mut |span| span.thread.into()),
            flags: column(&mut flags),
            trace: column(&mut |span| place_of(span.trace_id)),
            traces: traces.iter().map(ToString::to_string).collect(),
            ids: rows().map(|span| span.span_id.to_string()).collect(),
        }
    }
}

fn flags(span: &Span) -> u64 {
    let status = match span.status {
        SpanStatus::Unset => 0,
        SpanStatus::Ok => 1,
        SpanStatus::Error => 2,
    };
    let open = if span.state == SpanState::Open { OPEN } else { 0 };
    let orphan = if span.is_orphan() { ORPHAN } else { 0 };
    status | open | orphan | u64::from(span.kind) << 4
}
