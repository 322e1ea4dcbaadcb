//! For every span the nearest mark on its way up, its own included: in which stage, in which fan-out it lies.

use crate::timeline::{SpanIndex, Timeline};

/// The nearest marks of all spans.
pub(super) struct Nearest(Vec<u32>);

const NONE: u32 = u32::MAX;

impl Nearest {
    /// The nearest of these marks. Each span is looked at once, however deep it lies.
    pub(super) fn of(timeline: &Timeline, mark: impl Fn(SpanIndex) -> Option<u32>) -> Self {
        let spans = timeline.spans();
        let mut nearest = vec![NONE; spans.len()];
        let mut is_known = vec![false; spans.len()];
        let mut way = Vec::new();
        for index in timeline.indices() {
            let mut at = Some(index);
            let mut found = NONE;
            while let Some(span) = at {
                if is_known[span.index()] {
                    found = nearest[span.index()];
                    break;
                }
                is_known[span.index()] = true;
                way.push(span);
                if let Some(own) = mark(span) {
                    found = own;
                    break;
                }
                at = timeline.span(span).parent;
            }
            for span in way.drain(..) {
                nearest[span.index()] = found;
            }
        }
        Self(nearest)
    }

    pub(super) fn at(&self, span: SpanIndex) -> Option<u32> {
        Some(self.0[span.index()]).filter(|mark| *mark != NONE)
    }
}
