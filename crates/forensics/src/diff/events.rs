//! Compares the events of two runs, branch by branch, in the order of the pipeline.
//!
//! Below each pair of branches the branches are paired by their labels: those of equal digests first, whatever their
//! order, then in the order of their starts. Differences come in the order of the first run: what happened before a branch
//! began stands before it; branches that overlapped in time stand in the order of their labels, since which of them began first
//! is chance. So the first divergence is the same however parallel branches ran.

use std::collections::BTreeMap;

use telensic_run::names::event as name;

use super::align::{Keys, Step, align};
use super::digest::{self, Digest};
use super::divergence::{Divergence, EventDiff};
use super::tell::{Both, EventTask};
use super::tree::{Branch, EventTree};

/// So many differences are told; the rest is counted.
const MOST_LISTED: usize = 100;

/// Compares all events.
pub(super) fn compare(a: &EventTree<'_>, b: &EventTree<'_>) -> EventDiff {
    let mut found = EventDiff {
        a_events: a.branch_at(0).events,
        b_events: b.branch_at(0).events,
        differing: 0,
        first: None,
        first_consequence: None,
        listed: Vec::new(),
    };
    let both = Both { a, b };
    let mut waiting = vec![Task::Branches(Some(0), Some(0))];
    while let Some(task) = waiting.pop() {
        match task {
            Task::Branches(Some(left), Some(right)) => {
                let mut tasks = both.tasks(left, right);
                tasks.reverse();
                waiting.append(&mut tasks);
            }
            // A difference is put into words only as long as it may be told.
            Task::Branches(left, right) => found.note(|| both.lone_branch(left, right)),
            Task::Event(event) => found.note(|| Some(both.event(&event))),
        }
    }
    found
}

/// What is still to be compared or told.
enum Task {
    Branches(Option<usize>, Option<usize>),
    Event(EventTask),
}

impl EventDiff {
    fn note(&mut self, tell: impl FnOnce() -> Option<Divergence>) {
        self.differing += 1;
        if self.listed.len() >= MOST_LISTED && self.first_consequence.is_some() {
            return;
        }
        let Some(divergence) = tell() else { return };
        if self.first.is_none() {
            self.first = Some(divergence.clone());
        }
        if self.first_consequence.is_none() && !is_input(&divergence.event) {
            self.first_consequence = Some(divergence.clone());
        }
        if self.listed.len() < MOST_LISTED {
            self.listed.push(divergence);
        }
    }
}

/// Whether an event of this type says what goes in, not what comes of it.
pub(super) fn is_input(event: &str) -> bool {
    matches!(event, name::DATA_LOAD | name::ALGORITHM_INIT | name::AUDIT_INTENT)
}

impl Both<'_> {
    /// What differs in this pair of branches, in order.
    fn tasks(&self, left: usize, right: usize) -> Vec<Task> {
        let (in_a, in_b) = (self.a.branch_at(left), self.b.branch_at(right));
        if in_a.digest == in_b.digest {
            return Vec::new();
        }
        // By time, then branches before events, then by label: see `blocks`.
        let mut timed: Vec<(u64, Task)> = Vec::new();
        let mut time = in_a.start;
        let mut after = None;
        for step in align(&Leaves(self.a, in_a), &Leaves(self.b, in_b)) {
            if let Step::Same(at, _) | Step::Changed(at, _) | Step::OnlyA(at) = step {
                time = self.a.timeline.log(in_a.leaves[at].at).time.0;
            }
            if let Step::Same(at, _) = step {
                after = Some(at);
                continue;
            }
            let branches = (left, right);
            timed.push((
                time,
                Task::Event(EventTask {
                    branches,
                    step,
                    after,
                }),
            ));
        }
        timed.extend(self.blocks(in_a, in_b));
        // Stable: of equal times, events keep their order.
        timed.sort_by_key(|(time, _)| *time);
        timed.into_iter().map(|(_, task)| task).collect()
    }

    /// The differing branches below a pair, each at the time when the first of those that it overlaps began.
    fn blocks(&self, in_a: &Branch, in_b: &Branch) -> Vec<(u64, Task)> {
        let shift = i128::from(in_a.start) - i128::from(in_b.start);
        let shifted = |time: u64| (i128::from(time) + shift).clamp(0, i128::from(u64::MAX)) as u64;
        struct Below<'a> {
            start: u64,
            end: u64,
            label: &'a str,
            pair: (Option<usize>, Option<usize>),
        }
        let mut below: Vec<Below<'_>> = self
            .pairs(in_a, in_b)
            .into_iter()
            .filter_map(|pair| {
                match (
                    pair.0.map(|n| self.a.branch_at(n)),
                    pair.1.map(|n| self.b.branch_at(n)),
                ) {
                    (Some(branch), _) => Some(Below {
                        start: branch.start,
                        end: branch.end,
                        label: &branch.label,
                        pair,
                    }),
                    (None, Some(branch)) => Some(Below {
                        start: shifted(branch.start),
                        end: shifted(branch.end),
                        label: &branch.label,
                        pair,
                    }),
                    (None, None) => None,
                }
            })
            .collect();
        below.sort_by_key(|branch| branch.start);
        let mut blocks: Vec<(u64, u64, Vec<Below<'_>>)> = Vec::new();
        for branch in below {
            match blocks.last_mut() {
                Some((_, end, block)) if branch.start < *end => {
                    *end = branch.end.max(*end);
                    block.push(branch);
                }
                _ => blocks.push((branch.start, branch.end, vec![branch])),
            }
        }
        let mut ordered = Vec::new();
        for (start, _, mut block) in blocks {
            block.sort_by_key(|branch| branch.label);
            ordered.extend(
                block
                    .into_iter()
                    .map(|branch| (start, Task::Branches(branch.pair.0, branch.pair.1))),
            );
        }
        ordered
    }

    /// The branches below two branches, paired; equal ones are left out unless others overlap them in time.
    fn pairs(&self, in_a: &Branch, in_b: &Branch) -> Vec<(Option<usize>, Option<usize>)> {
        let mut by_label: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for number in &in_a.below {
            by_label
                .entry(&self.a.branch_at(*number).label)
                .or_default()
                .0
                .push(*number);
        }
        for number in &in_b.below {
            by_label
                .entry(&self.b.branch_at(*number).label)
                .or_default()
                .1
                .push(*number);
        }
        let mut pairs = Vec::new();
        let (mut lone_a, mut lone_b) = (Vec::new(), Vec::new());
        for (left, right) in by_label.into_values() {
            let mut equals: BTreeMap<Digest, Vec<usize>> = BTreeMap::new();
            for number in right.iter().rev() {
                equals
                    .entry(self.b.branch_at(*number).digest)
                    .or_default()
                    .push(*number);
            }
            let mut others_a = Vec::new();
            for number in left {
                match equals
                    .get_mut(&self.a.branch_at(number).digest)
                    .and_then(Vec::pop)
                {
                    Some(equal) => pairs.push((Some(number), Some(equal))),
                    None => others_a.push(number),
                }
            }
            let mut others_b: Vec<usize> = equals.into_values().flatten().collect();
            others_b.sort_by_key(|number| (self.b.branch_at(*number).start, *number));
            let common = others_a.len().min(others_b.len());
            lone_a.extend(others_a.split_off(common));
            lone_b.extend(others_b.split_off(common));
            let others = others_a.into_iter().zip(others_b);
            pairs.extend(others.map(|(one, other)| (Some(one), Some(other))));
        }
        // A root of another name is still the root.
        if let ([one], [other]) = (&lone_a[..], &lone_b[..])
            && in_a.span.is_none()
        {
            pairs.push((Some(*one), Some(*other)));
            return pairs;
        }
        pairs.extend(lone_a.into_iter().map(|number| (Some(number), None)));
        pairs.extend(lone_b.into_iter().map(|number| (None, Some(number))));
        pairs
    }
}

/// The events of a branch, to be aligned.
struct Leaves<'a>(&'a EventTree<'a>, &'a Branch);

impl Keys for Leaves<'_> {
    type Key = Digest;

    fn content(&self, at: usize) -> Digest {
        self.1.leaves[at].content
    }

    fn identity(&self, at: usize) -> Digest {
        let view = self.0.timeline.log_view(self.1.leaves[at].at);
        view.map_or(self.content(at), |view| {
            digest::of_identity(&view, self.0.under_way)
        })
    }

    fn kind(&self, at: usize) -> Digest {
        let timeline = self.0.timeline;
        let kind = timeline.log(self.1.leaves[at].at).event;
        Digest::of_parts([kind.map_or("", |kind| timeline.text(kind)).as_bytes()])
    }

    fn len(&self) -> usize {
        self.1.leaves.len()
    }
}
