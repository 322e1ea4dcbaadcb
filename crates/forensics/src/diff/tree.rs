//! The events of a run as a tree: every span that has events in or below it is a branch, with its events in order.
//!
//! A branch is known by its label (name and identity, never an id) and by a digest of all that is in and below it. The digest
//! takes the branches below a span in the order of their labels and digests, so it does not matter in which order parallel
//! branches ran, or how their events were interleaved. Events outside any span form a branch for each service.

use hashbrown::HashMap;

use super::digest::{self, Digest};
use super::volatile::UnderWay;
use crate::timeline::{LogIndex, SpanIndex};
use crate::{Timeline, place};

/// An event of a branch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    pub(super) at: LogIndex,
    pub(super) content: Digest,
}

/// A span with events in or below it; or the root above all spans; or a service's events outside any span.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) span: Option<SpanIndex>,
    pub(super) label: String,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) leaves: Vec<Leaf>,
    /// The branches below, by start.
    pub(super) below: Vec<usize>,
    pub(super) digest: Digest,
    /// Events in and below it.
    pub(super) events: usize,
    /// The first of them.
    pub(super) first: Option<Leaf>,
}

/// The events of a run.
#[derive(Debug)]
pub(super) struct EventTree<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) under_way: UnderWay,
    /// The first is the root.
    pub(super) branches: Vec<Branch>,
}

impl<'a> EventTree<'a> {
    /// That of this timeline.
    pub(super) fn of(timeline: &'a Timeline) -> Self {
        let mut tree = Self {
            timeline,
            under_way: UnderWay::of(timeline),
            branches: vec![Branch::new(None, "the run".to_owned(), 0, u64::MAX)],
        };
        let mut branch_of: Vec<Option<usize>> = vec![None; timeline.spans().len()];
        let mut outside: HashMap<String, usize> = HashMap::new();
        for at in timeline.log_indices() {
            let log = timeline.log(at);
            let Some(view) = log.event.and_then(|_| timeline.log_view(at)) else {
                continue;
            };
            let content = digest::of_event(&view, tree.under_way);
            let branch = match log.span {
                Some(span) => tree.branch(span, &mut branch_of),
                None => tree.outside(&timeline.process(log.process).service, &mut outside),
            };
            let branch = &mut tree.branches[branch];
            branch.leaves.push(Leaf { at, content });
            if branch.span.is_none() {
                branch.start = branch.start.min(log.time.0);
                branch.end = branch.end.max(log.time.0);
            }
        }
        tree.sum_up();
        tree
    }

    /// The branch of this span; made, with those above it, if it is not there yet.
    fn branch(&mut self, span: SpanIndex, branch_of: &mut [Option<usize>]) -> usize {
        let mut way = Vec::new();
        let mut at = Some(span);
        let mut above = 0;
        while let Some(index) = at {
            if let Some(known) = branch_of[index.index()] {
                above = known;
                break;
            }
            way.push(index);
            at = self.timeline.span(index).parent;
        }
        for index in way.into_iter().rev() {
            let row = self.timeline.span(index);
            let label = place::label(self.timeline, index);
            above = self.grow(above, Branch::new(Some(index), label, row.start.0, row.end.0));
            branch_of[index.index()] = Some(above);
        }
        above
    }

    fn outside(&mut self, service: &str, outside: &mut HashMap<String, usize>) -> usize {
        if let Some(known) = outside.get(service) {
            return *known;
        }
        let label = format!("outside any span of {service}");
        let branch = self.grow(0, Branch::new(None, label, u64::MAX, 0));
        outside.insert(service.to_owned(), branch);
        branch
    }

    fn grow(&mut self, above: usize, branch: Branch) -> usize {
        let new = self.branches.len();
        self.branches.push(branch);
        self.branches[above].below.push(new);
        new
    }

    /// Digests and counts, from the leaves up: a branch is always made after the one above it.
    fn sum_up(&mut self) {
        for index in (0..self.branches.len()).rev() {
            let (above, below) = self.branches.split_at_mut(index + 1);
            let branch = &mut above[index];
            // `below` begins behind this branch.
            let child = |number: &usize| &below[number - index - 1];
            let mut digests: Vec<(&str, Digest)> = branch
                .below
                .iter()
                .map(|number| (child(number).label.as_str(), child(number).digest))
                .collect();
            digests.sort_unstable();
            let leaves = branch.leaves.iter().map(|leaf| leaf.content.bytes());
            let count = (branch.leaves.len() as u64).to_le_bytes();
            let children = digests
                .iter()
                .flat_map(|(label, digest)| [label.as_bytes(), digest.bytes()]);
            branch.digest = Digest::of_parts([&count[..]].into_iter().chain(leaves).chain(children));
            branch.events = branch.leaves.len() + branch.below.iter().map(|n| child(n).events).sum::<usize>();
            let earliest = branch.below.iter().filter_map(|number| child(number).first);
            branch.first = branch
                .leaves
                .first()
                .copied()
                .into_iter()
                .chain(earliest)
                .min_by_key(|leaf| leaf.at);
            branch.below.sort_by_key(|number| (child(number).start, *number));
        }
    }

    pub(super) fn branch_at(&self, index: usize) -> &Branch {
        &self.branches[index]
    }

    /// The path of a branch, for people.
    pub(super) fn path(&self, index: usize) -> String {
        let branch = self.branch_at(index);
        match branch.span {
            Some(span) => place::path(self.timeline, Some(span)),
            None => branch.label.clone(),
        }
    }
}

impl Branch {
    fn new(span: Option<SpanIndex>, label: String, start: u64, end: u64) -> Self {
        Self {
            span,
            label,
            start,
            end,
            leaves: Vec::new(),
            below: Vec::new(),
            digest: Digest::of_parts([]),
            events: 0,
            first: None,
        }
    }
}
