//! Errors by their root cause: the failing spans under which no other fails, told apart by what they say.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use serde::Serialize;

use super::cause::{Cause, without_numbers};
use super::nearest::Nearest;
use super::stages::Stages;
use super::{Listed, SpanRef};
use crate::timeline::{SpanIndex, SpanStatus, Timeline};

/// Failures of one cause.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ErrorGroup {
    /// The cause in a line, without numbers and ids: the same in every run.
    pub cause: String,
    /// The span that failed, without numbers and ids.
    pub span_name: String,
    /// How often it failed so.
    pub count: u64,
    /// Failures that began with one of these: of several in one failing tree, the one that ended first.
    pub began: u64,
    /// How many of these were caught: a span around them did not fail.
    pub caught: u64,
    /// When it was first, Unix nanoseconds.
    pub first_unix_nano: u64,
    /// The type of the first one's exception.
    pub exception_type: String,
    /// What the first one said.
    pub message: String,
    /// The errors behind that, the deepest last.
    pub caused_by: Vec<String>,
    /// The first one's way from the outermost failing span down; of a long one, both ends.
    pub chain: Vec<String>,
    /// The first one.
    pub first: SpanRef,
    /// The stages that it happened in.
    pub stages: Vec<String>,
    /// The hosts that it happened on.
    pub hosts: Vec<String>,
}

/// All errors of a run.
pub(super) struct Errors {
    /// Failing spans.
    pub(super) spans: u64,
    pub(super) groups: Listed<ErrorGroup>,
}

#[derive(Default)]
struct Group {
    leaves: Vec<SpanIndex>,
    cause: Cause,
    began: u64,
    caught: u64,
}

impl Errors {
    pub(super) fn of(timeline: &Timeline, stages: &Stages) -> Self {
        let failed = |span: SpanIndex| timeline.span(span).status == SpanStatus::Error;
        let failing: Vec<SpanIndex> = timeline.indices().filter(|span| failed(*span)).collect();
        if failing.is_empty() {
            return Self {
                spans: 0,
                groups: Listed::of([]),
            };
        }
        let mut has_failing_child = vec![false; timeline.spans().len()];
        for parent in failing.iter().filter_map(|span| timeline.span(*span).parent) {
            has_failing_child[parent.index()] = true;
        }
        // The outermost failing span above each.
        let tops = Nearest::of(timeline, |span| {
            let is_top = failed(span) && !timeline.span(span).parent.is_some_and(failed);
            is_top.then(|| span.index() as u32)
        });
        let mut leaves: Vec<SpanIndex> = failing
            .iter()
            .copied()
            .filter(|span| !has_failing_child[span.index()])
            .collect();
        leaves.sort_by_key(|span| timeline.span(*span).end);
        let mut has_begun = vec![false; timeline.spans().len()];
        let mut groups: HashMap<(String, String), Group> = HashMap::new();
        for leaf in leaves {
            let cause = timeline.span_view(leaf).map(|view| Cause::of(&view));
            let cause = cause.unwrap_or_default();
            let name = without_numbers(timeline.text(timeline.span(leaf).name));
            let group = groups.entry((cause.line(), name)).or_default();
            if group.leaves.is_empty() {
                group.cause = cause;
            }
            group.leaves.push(leaf);
            let Some(top) = tops.at(leaf).map(|top| SpanIndex::at(top as usize)) else {
                continue;
            };
            group.caught += u64::from(timeline.span(top).parent.is_some());
            group.began += u64::from(!has_begun[top.index()]);
            has_begun[top.index()] = true;
        }
        let mut groups: Vec<ErrorGroup> = groups
            .into_iter()
            .filter_map(|((cause, span_name), group)| group.told(timeline, stages, cause, span_name))
            .collect();
        groups.sort_by(|a, b| {
            let key = |group: &ErrorGroup| (group.caught < group.count, group.began, group.count);
            key(b)
                .cmp(&key(a))
                .then_with(|| a.first_unix_nano.cmp(&b.first_unix_nano))
                .then_with(|| (&a.cause, &a.span_name).cmp(&(&b.cause, &b.span_name)))
        });
        Self {
            spans: failing.len() as u64,
            groups: Listed::of(groups),
        }
    }
}

impl Group {
    fn told(
        self,
        timeline: &Timeline,
        stages: &Stages,
        cause: String,
        span_name: String,
    ) -> Option<ErrorGroup> {
        let first = *self.leaves.first()?;
        let mut in_stages = BTreeSet::new();
        let mut hosts = BTreeSet::new();
        for leaf in &self.leaves {
            in_stages.extend(stages.around(*leaf));
            hosts.insert(timeline.process(timeline.span(*leaf).process).host.as_str());
        }
        Some(ErrorGroup {
            cause,
            span_name,
            count: self.leaves.len() as u64,
            began: self.began,
            caught: self.caught,
            first_unix_nano: timeline.span(first).end.0,
            exception_type: self.cause.kind,
            message: self.cause.message,
            caused_by: self.cause.caused_by,
            chain: chain(timeline, first),
            first: SpanRef::of(timeline, first),
            stages: in_stages.into_iter().map(|at| stages.ids[at].clone()).collect(),
            hosts: hosts.into_iter().map(str::to_owned).collect(),
        })
    }
}

/// The names from the outermost failing span down to this one.
fn chain(timeline: &Timeline, leaf: SpanIndex) -> Vec<String> {
    const HALF: usize = 5;
    let mut names = Vec::new();
    let mut at = Some(leaf);
    while let Some(span) = at.map(|at| timeline.span(at))
        && span.status == SpanStatus::Error
    {
        names.push(span.name);
        at = span.parent;
    }
    names.reverse();
    let text = |name: &_| timeline.text(*name).to_owned();
    if names.len() <= 2 * HALF + 1 {
        return names.iter().map(text).collect();
    }
    let left_out = format!("({} more)", names.len() - 2 * HALF);
    let (head, tail) = (&names[..HALF], &names[names.len() - HALF..]);
    let head = head.iter().map(text).chain([left_out]);
    head.chain(tail.iter().map(text)).collect()
}
