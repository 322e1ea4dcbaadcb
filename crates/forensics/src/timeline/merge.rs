//! Joins the rows of all tapes: sorted, told apart, linked to their parents.

use std::path::Path;

use hashbrown::HashMap;
use telensic_run::{RunDir, RunError};
use telensic_tape::otlp::{LogView, SpanView};
use telensic_tape::{Body, SpanId, TraceId};

use super::bodies::Bodies;
use super::children::Children;
use super::clock_offsets::{self, ClockOffset};
use super::log::{Log, LogIndex};
use super::names::{Name, Names};
use super::process::{Process, ProcessIndex, UnreadableTape};
use super::read::{Rows, read_tapes};
use super::span::{Span, SpanIndex};

/// All records of a run, joined.
#[derive(Debug)]
pub struct Timeline {
    names: Names,
    processes: Vec<Process>,
    unreadable: Vec<UnreadableTape>,
    bodies: Bodies,
    spans: Vec<Span>,
    children: Children,
    roots: Vec<SpanIndex>,
    places: HashMap<(TraceId, SpanId), SpanIndex>,
    duplicates: Vec<Duplicate>,
    logs: Vec<Log>,
    metrics: u64,
}

/// A span that several tapes have; the first is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The one that is kept.
    pub kept: SpanIndex,
    /// The process on whose tape the other is.
    pub process: ProcessIndex,
    /// Whether their bytes differ: two recorders do not agree on it.
    pub differs: bool,
}

impl Timeline {
    /// Reads all tapes of a run. A tape that cannot be read is listed, not an error.
    pub fn read(run: &RunDir) -> Result<Self, RunError> {
        let tapes = run.list_tapes()?;
        Ok(Self::of_tapes(tapes.iter().map(AsRef::as_ref)))
    }

    /// Reads these tapes, whether they lie in a run or not.
    pub fn of_tapes<'a>(tapes: impl IntoIterator<Item = &'a Path>) -> Self {
        Self::merge(read_tapes(tapes))
    }

    fn merge(rows: Rows) -> Self {
        let mut kept = rows.spans;
        // Row indices have 32 bits; what is beyond that does not fit into memory anyway.
        kept.truncate(u32::MAX as usize - 1);
        let mut places = HashMap::with_capacity(kept.len());
        let mut doubles = Vec::new();
        keep_once(&mut kept, &mut places, &mut doubles);
        let open: Vec<Span> = rows
            .listed
            .into_iter()
            .filter(|span| !places.contains_key(&(span.trace_id, span.span_id)))
            .collect();
        if !open.is_empty() {
            kept.extend(open);
            places.clear();
            // A process that went on with a second tape lists what is open on both.
            keep_once(&mut kept, &mut places, &mut doubles);
        }
        let duplicates = doubles
            .into_iter()
            .filter_map(|double| double.told_apart(&kept, &places, &rows.bodies))
            .collect();
        link(&mut kept, &places);
        let mut logs = rows.logs;
        logs.sort_by_key(|log| log.time);
        for log in &mut logs {
            if let (Some(trace_id), Some(span_id)) = (log.trace_id, log.span_id) {
                log.span = places.get(&(trace_id, span_id)).copied();
            }
        }
        Self {
            children: Children::of_all(&kept),
            roots: (0..)
                .map(SpanIndex)
                .zip(&kept)
                .filter(|(_, span)| span.parent.is_none())
                .map(|(index, _)| index)
                .collect(),
            names: rows.names,
            processes: rows.processes,
            unreadable: rows.unreadable,
            bodies: rows.bodies,
            spans: kept,
            places,
            duplicates,
            logs,
            metrics: rows.metrics,
        }
    }

    /// All spans, sorted by start.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The places of all spans, in the order of their starts.
    pub fn indices(&self) -> impl ExactSizeIterator<Item = SpanIndex> + use<> {
        (0..self.spans.len() as u32).map(SpanIndex)
    }

    /// A span.
    pub fn span(&self, index: SpanIndex) -> &Span {
        &self.spans[index.index()]
    }

    /// The span of these ids.
    pub fn find(&self, trace_id: TraceId, span_id: SpanId) -> Option<SpanIndex> {
        self.places.get(&(trace_id, span_id)).copied()
    }

    /// The spans started in this one, by start.
    pub fn children(&self, parent: SpanIndex) -> &[SpanIndex] {
        self.children.of(parent)
    }

    /// The spans without a parent in this timeline: roots, and orphans.
    pub fn roots(&self) -> &[SpanIndex] {
        &self.roots
    }

    /// The spans that name a parent that no tape has.
    pub fn orphans(&self) -> impl Iterator<Item = SpanIndex> {
        self.roots
            .iter()
            .copied()
            .filter(|root| self.span(*root).is_orphan())
    }

    /// The encoded record of a span; an open one has none yet.
    pub fn span_record(&self, index: SpanIndex) -> Option<&[u8]> {
        Some(self.bodies.record(self.span(index).record?))
    }

    /// The whole record of a span; an open one has none yet.
    pub fn span_view(&self, index: SpanIndex) -> Option<SpanView<'_>> {
        // It was parsed before, or it would be no row.
        SpanView::parse(self.span_record(index)?).ok()
    }

    /// All log records and typed events, sorted by time.
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// The places of all log records, in the order of their times.
    pub fn log_indices(&self) -> impl ExactSizeIterator<Item = LogIndex> + use<> {
        (0..self.logs.len() as u32).map(LogIndex)
    }

    /// A log record.
    pub fn log(&self, index: LogIndex) -> &Log {
        &self.logs[index.index()]
    }

    /// The whole of a log record.
    pub fn log_view(&self, index: LogIndex) -> Option<LogView<'_>> {
        LogView::parse(self.bodies.record(self.log(index).record)).ok()
    }

    /// Chunks of metrics, as they lie.
    pub fn metrics(&self) -> impl Iterator<Item = &Body> {
        self.bodies.metrics()
    }

    /// How many metric records there are.
    pub fn metric_count(&self) -> u64 {
        self.metrics
    }

    /// The text of a name.
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    /// All names.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The processes, in the order of their tapes' names.
    pub fn processes(&self) -> &[Process] {
        &self.processes
    }

    /// A process.
    pub fn process(&self, index: ProcessIndex) -> &Process {
        &self.processes[index.index()]
    }

    /// Tapes of which nothing, or not everything, can be read.
    pub fn unreadable(&self) -> &[UnreadableTape] {
        &self.unreadable
    }

    /// Spans that several tapes have.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// By how much the clocks of the hosts can differ.
    pub fn clock_offsets(&self) -> Vec<ClockOffset> {
        clock_offsets::bounds(&self.processes, &self.spans)
    }

    /// The bytes that all records take.
    pub fn record_bytes(&self) -> u64 {
        self.bodies.bytes()
    }
}

/// A span that was there before.
struct Double(Span);

impl Double {
    fn told_apart(
        self,
        kept: &[Span],
        places: &HashMap<(TraceId, SpanId), SpanIndex>,
        bodies: &Bodies,
    ) -> Option<Duplicate> {
        let place = *places.get(&(self.0.trace_id, self.0.span_id))?;
        let bytes = |span: &Span| span.record.map(|at| bodies.record(at));
        let (first, second) = (bytes(&kept[place.index()]), bytes(&self.0));
        // One that is merely listed as open on two tapes is nothing to tell.
        second.map(|second| Duplicate {
            kept: place,
            process: self.0.process,
            differs: first != Some(second),
        })
    }
}

/// Sorts the spans by start and keeps the first of each id, in place: a copy of a million rows is 100 MB.
fn keep_once(
    spans: &mut Vec<Span>,
    places: &mut HashMap<(TraceId, SpanId), SpanIndex>,
    doubles: &mut Vec<Double>,
) {
    spans.sort_by_key(|span| span.start);
    let mut next = 0;
    spans.retain(|span| {
        let is_first = places
            .try_insert((span.trace_id, span.span_id), SpanIndex(next))
            .is_ok();
        match is_first {
            true => next += 1,
            false => doubles.push(Double(span.clone())),
        }
        is_first
    });
}

/// Finds each span's parent. A circle, which only foreign or damaged records can have, is opened where it is found: the
/// earliest of its spans becomes an orphan.
fn link(spans: &mut [Span], places: &HashMap<(TraceId, SpanId), SpanIndex>) {
    for span in spans.iter_mut() {
        let parent = span
            .parent_id
            .and_then(|parent| places.get(&(span.trace_id, parent)));
        span.parent = parent.copied();
    }
    // Which walk came by, numbered from 1; 0 is none yet.
    let mut seen = vec![0u32; spans.len()];
    for (start, walk) in (0..spans.len()).zip(1..) {
        let mut at = start;
        while seen[at] == 0 {
            seen[at] = walk;
            let Some(parent) = spans[at].parent else { break };
            at = parent.index();
            if seen[at] == walk {
                open_circle(spans, at);
                break;
            }
        }
    }
}

fn open_circle(spans: &mut [Span], member: usize) {
    let mut earliest = member;
    let mut at = member;
    while let Some(parent) = spans[at].parent {
        at = parent.index();
        earliest = earliest.min(at);
        if at == member {
            break;
        }
    }
    spans[earliest].parent = None;
}
