//! Which records of a huge run a page shows.
//!
//! Spans, until the limit is reached, each together with all spans above it: first those on the critical path, then
//! those with an error or still open, then stages, then the longest. So a span that is shown always has its whole way up to the
//! root, and nothing that decided how the run ended or how long it took is left out for something that did not.
//! Log records and events: the most severe first, and of those the latest.

use std::cmp::Reverse;

use telensic_run::names::span::STAGE_PREFIX;

use crate::critical_path::CriticalPath;
use crate::timeline::{LogIndex, SpanIndex, SpanState, SpanStatus, Timeline};

/// How many records a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thinning {
    /// At most so many spans.
    pub spans: usize,
    /// At most so many log records, and as many events.
    pub logs: usize,
}

impl Default for Thinning {
    fn default() -> Self {
        Self {
            spans: 200_000,
            logs: 100_000,
        }
    }
}

/// The spans that are shown, and where each of them is.
#[derive(Debug)]
pub(super) struct Shown {
    spans: Vec<SpanIndex>,
    /// For each span of the timeline its place among the shown, from 1; 0 if it is not shown.
    places: Vec<u32>,
}

impl Shown {
    pub(super) fn of(timeline: &Timeline, path: Option<&CriticalPath>, most: usize) -> Self {
        let count = timeline.spans().len();
        let mut is_shown = vec![count <= most; count];
        if count > most {
            choose(timeline, path, most, &mut is_shown);
        }
        let mut shown = Self {
            spans: Vec::with_capacity(count.min(most)),
            places: vec![0; count],
        };
        for (index, is_shown) in timeline.indices().zip(is_shown) {
            if is_shown {
                shown.spans.push(index);
                shown.places[index.index()] = shown.spans.len() as u32;
            }
        }
        shown
    }

    /// By start, as in the timeline.
    pub(super) fn spans(&self) -> &[SpanIndex] {
        &self.spans
    }

    /// The place of this span among the shown, from 1; 0 if there is none.
    pub(super) fn place(&self, span: Option<SpanIndex>) -> u32 {
        span.map_or(0, |span| self.places[span.index()])
    }
}

fn choose(timeline: &Timeline, path: Option<&CriticalPath>, most: usize, is_shown: &mut [bool]) {
    let mut is_on_path = vec![false; is_shown.len()];
    for segment in path.into_iter().flat_map(CriticalPath::segments) {
        is_on_path[segment.span.index()] = true;
    }
    let mut order: Vec<SpanIndex> = timeline.indices().collect();
    order.sort_by_cached_key(|index| {
        let span = timeline.span(*index);
        let rank = if is_on_path[index.index()] {
            0
        } else if span.status == SpanStatus::Error || span.state == SpanState::Open {
            1
        } else if timeline.text(span.name).starts_with(STAGE_PREFIX) {
            2
        } else {
            3
        };
        (rank, Reverse(span.duration()), *index)
    });
    let mut room = most;
    let mut way = Vec::new();
    for span in order {
        way.clear();
        let mut at = Some(span);
        while let Some(above) = at.filter(|above| !is_shown[above.index()]) {
            way.push(above);
            at = timeline.span(above).parent;
        }
        if way.len() > room {
            continue;
        }
        room -= way.len();
        for above in &way {
            is_shown[above.index()] = true;
        }
    }
}

/// Of these records the ones that are shown, by time.
pub(super) fn thin_logs(timeline: &Timeline, mut logs: Vec<LogIndex>, most: usize) -> Vec<LogIndex> {
    if logs.len() > most {
        logs.sort_by_key(|log| (Reverse(timeline.log(*log).severity), Reverse(*log)));
        logs.truncate(most);
        logs.sort_unstable();
    }
    logs
}
