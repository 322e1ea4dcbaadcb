//! How long each span did something that none of its children did.

use crate::timeline::Timeline;

/// The self times of all spans, in nanoseconds: duration without the time that children cover.
///
/// Spans come sorted by start, so what a parent's children cover grows from left to right: one pass is enough.
pub(super) fn of_all(timeline: &Timeline) -> Vec<u64> {
    let spans = timeline.spans();
    let mut own: Vec<u64> = spans.iter().map(|span| span.duration()).collect();
    // Until when the children seen so far cover each span.
    let mut covered = vec![0u64; spans.len()];
    for span in spans {
        let Some(parent) = span.parent else { continue };
        let at = parent.index();
        let above = &spans[at];
        let from = span.start.0.max(above.start.0).max(covered[at]);
        let to = span.end.0.min(above.end.0);
        if from < to {
            own[at] -= to - from;
            covered[at] = to;
        }
    }
    own
}
