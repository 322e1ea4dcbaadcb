//! Puts a difference between two runs' events into a [`Divergence`]: where it is, what it is about, what it says.

use telensic_run::event::EventRecord;

use super::align::Step;
use super::divergence::{CommonEvent, Divergence, DivergenceKind, FieldChange};
use super::fields;
use super::tree::{EventTree, Leaf};

/// The events of both runs.
pub(super) struct Both<'a> {
    pub(super) a: &'a EventTree<'a>,
    pub(super) b: &'a EventTree<'a>,
}

/// An event to be told of.
pub(super) struct EventTask {
    pub(super) branches: (usize, usize),
    pub(super) step: Step,
    /// The last step before it that is the same in both.
    pub(super) after: Option<usize>,
}

impl Both<'_> {
    /// An event that changed, or that only one run has.
    pub(super) fn event(&self, task: &EventTask) -> Divergence {
        let (left, right) = task.branches;
        let (in_a, in_b) = (self.a.branch_at(left), self.b.branch_at(right));
        let (at_a, at_b) = match task.step {
            Step::Same(a, b) | Step::Changed(a, b) => (Some(a), Some(b)),
            Step::OnlyA(a) => (Some(a), None),
            Step::OnlyB(b) => (None, Some(b)),
        };
        let a = at_a.and_then(|at| read(self.a, in_a.leaves[at]));
        let b = at_b.and_then(|at| read(self.b, in_b.leaves[at]));
        let (a_time, b_time) = (time(a.as_ref()), time(b.as_ref()));
        let event = a.as_ref().or(b.as_ref()).map(|event| event.name.clone());
        let source = a.as_ref().or(b.as_ref()).and_then(source);
        let kind = match (a, b) {
            (Some(a), Some(b)) => DivergenceKind::Changed {
                fields: event_changes(self, &a, &b),
            },
            (Some(a), None) => DivergenceKind::OnlyInA { fields: a.fields },
            (None, b) => DivergenceKind::OnlyInB {
                fields: b.map(|event| event.fields).unwrap_or_default(),
            },
        };
        Divergence {
            place: if at_a.is_some() {
                self.a.path(left)
            } else {
                self.b.path(right)
            },
            sequence: at_a.or(at_b).map_or(0, |at| at + 1),
            event: event.unwrap_or_default(),
            source,
            kind,
            after: task.after.and_then(|at| {
                Some(CommonEvent {
                    event: read(self.a, in_a.leaves[at])?.name,
                    sequence: at + 1,
                })
            }),
            a_time_unix_nano: a_time,
            b_time_unix_nano: b_time,
        }
    }

    /// A branch that only one run has.
    pub(super) fn lone_branch(&self, left: Option<usize>, right: Option<usize>) -> Option<Divergence> {
        let (tree, number) = left.map(|n| (self.a, n)).or(right.map(|n| (self.b, n)))?;
        let branch = tree.branch_at(number);
        let first = branch.first.and_then(|leaf| read(tree, leaf));
        let start = time(first.as_ref());
        let source = first.as_ref().and_then(source);
        let events = branch.events;
        Some(Divergence {
            place: tree.path(number),
            sequence: 0,
            event: first.map(|event| event.name).unwrap_or_default(),
            source,
            kind: if left.is_some() {
                DivergenceKind::BranchOnlyInA { events }
            } else {
                DivergenceKind::BranchOnlyInB { events }
            },
            after: None,
            a_time_unix_nano: left.and(start),
            b_time_unix_nano: right.and(start),
        })
    }
}

fn event_changes(both: &Both<'_>, a: &EventRecord, b: &EventRecord) -> Vec<FieldChange> {
    let under_way = Some((both.a.under_way, both.b.under_way));
    let mut changed = fields::changes(&a.fields, &b.fields, under_way);
    if a.body != b.body {
        changed.push(FieldChange {
            path: "body".to_owned(),
            a: a.body.clone(),
            b: b.body.clone(),
        });
    }
    if a.name != b.name {
        changed.push(FieldChange {
            path: "event_name".to_owned(),
            a: Some(a.name.clone().into()),
            b: Some(b.name.clone().into()),
        });
    }
    changed
}

/// What an event is about.
fn source(event: &EventRecord) -> Option<String> {
    const FIELDS: [&str; 6] = [
        "source_path",
        "algorithm_name",
        "variable",
        "step",
        "test_name",
        "position_type",
    ];
    let mut found = FIELDS
        .iter()
        .filter_map(|field| event.fields.get(field)?.as_str());
    found.next().map(str::to_owned)
}

fn time(event: Option<&EventRecord>) -> Option<u64> {
    event.map(|event| event.time.0)
}

fn read(tree: &EventTree<'_>, leaf: Leaf) -> Option<EventRecord> {
    // What is no OTLP had no digest and is no leaf.
    EventRecord::of(&tree.timeline.log_view(leaf.at)?).ok().flatten()
}
