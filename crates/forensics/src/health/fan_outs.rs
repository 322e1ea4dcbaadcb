//! Fan-outs: spans that hand out sleeves to workers, and whether it was worth it.

use std::collections::BTreeSet;

use serde::Serialize;
use telensic_run::names;

use super::nearest::Nearest;
use super::stage_table::share;
use super::{SpanRef, attributes};
use crate::timeline::{SpanIndex, SpanState, SpanStatus, Timeline};

/// A span that handed out sleeves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FanOut {
    /// The span.
    pub span: SpanRef,
    /// How many sleeves it says it handed out.
    pub expected: Option<u64>,
    /// How many were recorded, further tries included.
    pub seen: u64,
    /// How many of these failed.
    pub failed: u64,
    /// How many of these did not end.
    pub open: u64,
    /// Workers (threads of processes) that ran them.
    pub workers: u64,
    /// The most that could run at once: what it says, or the workers seen, at most one for each sleeve.
    pub ideal: u64,
    /// The most that did run at once.
    pub peak: u64,
    /// The durations of all sleeves together.
    pub busy_ns: u64,
    /// The duration of the span.
    pub wall_ns: u64,
    /// Busy time over wall-clock time.
    pub speedup: f64,
    /// The speedup over the ideal; none where only one could run at once.
    pub efficiency: Option<f64>,
}

/// A fan-out with its sleeves.
pub(super) struct Sleeves {
    pub(super) row: FanOut,
    pub(super) sleeves: Vec<SpanIndex>,
}

/// All fan-outs, by start.
pub(super) fn find(timeline: &Timeline) -> Vec<Sleeves> {
    let fan_out = timeline.names().find(names::span::EXECUTE_SLEEVES);
    let sleeve = timeline.names().find(names::span::RUN_PIPELINE);
    let Some(fan_out) = fan_out else {
        return Vec::new();
    };
    let spans: Vec<SpanIndex> = timeline
        .indices()
        .filter(|index| timeline.span(*index).name == fan_out)
        .collect();
    let nearest = Nearest::of(timeline, |span| {
        spans.binary_search(&span).ok().map(|number| number as u32)
    });
    let mut sleeves = vec![Vec::new(); spans.len()];
    for index in timeline.indices() {
        if Some(timeline.span(index).name) == sleeve
            && let Some(number) = nearest.at(index)
        {
            sleeves[number as usize].push(index);
        }
    }
    spans
        .into_iter()
        .zip(sleeves)
        .map(|(span, sleeves)| Sleeves {
            row: FanOut::of(timeline, span, &sleeves),
            sleeves,
        })
        .collect()
}

impl FanOut {
    fn of(timeline: &Timeline, index: SpanIndex, sleeves: &[SpanIndex]) -> Self {
        let view = timeline.span_view(index);
        let said = |key| view.as_ref().and_then(|view| attributes::count(view, &[key]));
        let expected = said(names::key::N_SLEEVES);
        let all = || sleeves.iter().map(|sleeve| timeline.span(*sleeve));
        let workers: BTreeSet<_> = all().map(|span| (span.process, span.thread)).collect();
        let workers = workers.len() as u64;
        let most = expected.unwrap_or(sleeves.len() as u64).max(1);
        let ideal = said(names::key::PARALLELISM).filter(|at_once| *at_once > 0);
        let ideal = ideal.unwrap_or(workers).clamp(1, most);
        let busy = all().fold(0, |sum: u64, span| sum.saturating_add(span.duration()));
        let wall = timeline.span(index).duration();
        let speedup = share(busy, wall);
        Self {
            span: SpanRef::of(timeline, index),
            expected,
            seen: sleeves.len() as u64,
            failed: all().filter(|span| span.status == SpanStatus::Error).count() as u64,
            open: all().filter(|span| span.state == SpanState::Open).count() as u64,
            workers,
            ideal,
            peak: peak(timeline, sleeves),
            busy_ns: busy,
            wall_ns: wall,
            speedup,
            efficiency: (ideal > 1).then(|| speedup / ideal as f64),
        }
    }
}

/// The most of these spans, sorted by start, that ran at once.
fn peak(timeline: &Timeline, spans: &[SpanIndex]) -> u64 {
    let mut ends: Vec<u64> = spans.iter().map(|span| timeline.span(*span).end.0).collect();
    ends.sort_unstable();
    let (mut ended, mut peak) = (0, 0);
    for (begun, span) in (1..).zip(spans) {
        while ends
            .get(ended)
            .is_some_and(|end| *end <= timeline.span(*span).start.0)
            && ended + 1 < begun
        {
            ended += 1;
        }
        peak = peak.max(begun - ended);
    }
    peak as u64
}
