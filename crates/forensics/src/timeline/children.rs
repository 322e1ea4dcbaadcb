//! From parents to children: one array of all children, sorted by parent, then by start.

use super::span::{Span, SpanIndex};

#[derive(Debug, Default)]
pub(super) struct Children {
    /// Where the children of each span begin; one more than there are spans.
    offsets: Vec<u32>,
    children: Vec<SpanIndex>,
}

impl Children {
    /// The children by the parents of these spans, which are sorted by start.
    pub(super) fn of_all(spans: &[Span]) -> Self {
        let mut offsets = vec![0u32; spans.len() + 1];
        for parent in spans.iter().filter_map(|span| span.parent) {
            offsets[parent.index() + 1] += 1;
        }
        for index in 1..offsets.len() {
            offsets[index] += offsets[index - 1];
        }
        let mut next = offsets.clone();
        let mut children = vec![SpanIndex(0); offsets.last().map_or(0, |count| *count as usize)];
        for (span, index) in spans.iter().zip((0..).map(SpanIndex)) {
            if let Some(parent) = span.parent {
                let place = &mut next[parent.index()];
                children[*place as usize] = index;
                *place += 1;
            }
        }
        Self { offsets, children }
    }

    pub(super) fn of(&self, parent: SpanIndex) -> &[SpanIndex] {
        let from = self.offsets[parent.index()] as usize;
        let to = self.offsets[parent.index() + 1] as usize;
        &self.children[from..to]
    }
}
