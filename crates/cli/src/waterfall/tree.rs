//! Which spans get a line: the tree from its roots, with many siblings of one name folded into one line.

use telensic_forensics::Timeline;
use telensic_forensics::timeline::{Name, SpanIndex};
use telensic_tape::TraceId;

/// A line of the waterfall.
#[derive(Clone, Copy, Debug)]
pub(super) enum Row {
    /// A span.
    Span { index: SpanIndex, depth: usize },
    /// Further siblings of one name.
    Folded {
        depth: usize,
        name: Name,
        count: u64,
        /// All their durations together.
        total: u64,
        /// How many of them failed.
        errors: u64,
    },
}

/// What is shown of the tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) trace: Option<TraceId>,
    pub(super) depth: usize,
    /// Shorter spans are left out, with their children.
    pub(super) least: u64,
    /// So many siblings of one name have a line of their own.
    pub(super) siblings: usize,
}

/// The rows, in the order of the tree; walked without recursion, since traces can be deeper than the stack.
pub(super) fn rows(timeline: &Timeline, cut: Cut) -> Vec<Row> {
    let mut rows = Vec::new();
    let roots = timeline.roots().iter().copied();
    let roots: Vec<SpanIndex> = roots
        .filter(|root| {
            cut.trace
                .is_none_or(|trace| timeline.span(*root).trace_id == trace)
        })
        .collect();
    let mut waiting = Vec::new();
    push_siblings(timeline, cut, &roots, 0, &mut waiting);
    while let Some(row) = waiting.pop() {
        rows.push(row);
        if let Row::Span { index, depth } = row
            && depth + 1 < cut.depth
        {
            push_siblings(timeline, cut, timeline.children(index), depth + 1, &mut waiting);
        }
    }
    rows
}

/// Puts siblings on the stack, the first one uppermost; what is folded comes behind the last of its name.
fn push_siblings(timeline: &Timeline, cut: Cut, siblings: &[SpanIndex], depth: usize, stack: &mut Vec<Row>) {
    let mut shown: Vec<Row> = Vec::new();
    let mut folded: Vec<Row> = Vec::new();
    let mut counts: Vec<(Name, usize)> = Vec::new();
    for index in siblings {
        let span = timeline.span(*index);
        if span.duration() < cut.least {
            continue;
        }
        let known = counts.iter().position(|(name, _)| *name == span.name);
        let place = known.unwrap_or_else(|| {
            counts.push((span.name, 0));
            counts.len() - 1
        });
        let seen = &mut counts[place].1;
        *seen += 1;
        if *seen <= cut.siblings {
            shown.push(Row::Span { index: *index, depth });
        } else {
            fold(&mut folded, depth, span);
        }
    }
    stack.extend(folded.into_iter().rev());
    stack.extend(shown.into_iter().rev());
}

fn fold(folded: &mut Vec<Row>, depth: usize, span: &telensic_forensics::timeline::Span) {
    use telensic_forensics::timeline::SpanStatus;
    let failed = u64::from(span.status == SpanStatus::Error);
    for row in folded.iter_mut() {
        if let Row::Folded {
            name,
            count,
            total,
            errors,
            ..
        } = row
            && *name == span.name
        {
            *count += 1;
            *total = total.saturating_add(span.duration());
            *errors += failed;
            return;
        }
    }
    folded.push(Row::Folded {
        depth,
        name: span.name,
        count: 1,
        total: span.duration(),
        errors: failed,
    });
}
