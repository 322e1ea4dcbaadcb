//! What a faster part would gain: the run is played again with other durations, by what waited for what.
//!
//! A child is taken to have begun as soon as the siblings that had ended before it had ended, and its parent had then
//! done what lay in between; a span ends when its last child has, and what it did after that is done:
//!
//! ```text
//! parent |--gap--[ a ]--gap--[ b ]--tail--|      start(b) = end(a) + gap
//!                [ c            ]                end(parent) = max(end(b), end(c)) + tail
//! ```
//!
//! So a branch that ran at the same time takes over when the longer one shrinks. Played with the recorded durations, every
//! span lasts exactly as long as it did. Only spans above a changed one are played; below nothing changes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::options::{PathOptions, Window, children_within};
use crate::timeline::{SpanIndex, Timeline};

/// Spans whose time is changed, and to what.
#[derive(Clone, Debug)]
pub struct Change {
    /// The spans.
    pub spans: Vec<SpanIndex>,
    /// How far it reaches.
    pub reach: Reach,
    /// How many times faster; infinity removes them. What is not above 0 changes nothing.
    pub speedup: f64,
}

/// How far a change reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What the spans do themselves, outside of their children.
    Itself,
    /// The spans with all that was started in them.
    WithDescendants,
}

impl Change {
    /// As if these spans, and all below them, took no time.
    pub fn remove(spans: Vec<SpanIndex>) -> Self {
        Self {
            spans,
            reach: Reach::WithDescendants,
            speedup: f64::INFINITY,
        }
    }

    fn scaled(&self, duration: u64) -> u64 {
        if self.speedup > 0.0 {
            (duration as f64 / self.speedup).round() as u64
        } else {
            duration
        }
    }
}

/// The run under a root, to be played with other durations.
#[derive(Clone, Copy, Debug)]
pub struct WhatIf<'t> {
    timeline: &'t Timeline,
    root: SpanIndex,
    options: PathOptions,
}

impl<'t> WhatIf<'t> {
    /// The run under this root.
    pub fn new(timeline: &'t Timeline, root: SpanIndex, options: PathOptions) -> Self {
        Self {
            timeline,
            root,
            options,
        }
    }

    /// How long the root would have taken, in nanoseconds.
    pub fn wall(&self, change: &Change) -> u64 {
        self.play(change).0
    }

    /// How long the root would have taken, and how many spans were played to know.
    pub(crate) fn play(&self, change: &Change) -> (u64, usize) {
        let marks = Marks::of(self.timeline, change);
        let mut nodes = vec![Node::of(self.root, Window::of(self.timeline.span(self.root)))];
        let mut at = 0;
        while at < nodes.len() {
            let Node { span, window, .. } = nodes[at];
            let is_whole = change.reach == Reach::WithDescendants && marks.is_target(span);
            nodes[at].first = nodes.len();
            if marks.is_above(span) && !is_whole {
                let children = children_within(self.timeline, span, window, self.options);
                nodes.extend(children.map(|child| Node::of(child.span, child.window)));
            }
            nodes[at].end = nodes.len();
            at += 1;
        }
        let mut durations = vec![0; nodes.len()];
        let mut running = BinaryHeap::new();
        for (at, node) in nodes.iter().enumerate().rev() {
            let scale = |duration| match marks.is_target(node.span) {
                true => change.scaled(duration),
                false => duration,
            };
            let children = nodes[node.first..node.end].iter();
            let children = children.zip(&durations[node.first..node.end]);
            running.clear();
            durations[at] = self.duration(node.window, children, &mut running, scale);
        }
        (durations[0], nodes.len())
    }

    /// How long a span takes whose children take so long; `running` is the room for those that have not ended yet.
    fn duration<'n>(
        &self,
        window: Window,
        children: impl Iterator<Item = (&'n Node, &'n u64)>,
        running: &mut BinaryHeap<Reverse<(u64, u64)>>,
        scale: impl Fn(u64) -> u64,
    ) -> u64 {
        // When everything waited for had ended: as recorded, and as played, from the span's start.
        let mut recorded = window.from;
        let mut played = 0;
        let (mut last_recorded, mut last_played) = (window.from, 0);
        for (child, duration) in children {
            let Window { from, to } = child.window;
            let before = from.saturating_add(self.options.allowance(to - from));
            while let Some(Reverse((ended, ended_played))) = running.peek().copied()
                && ended <= before
            {
                running.pop();
                recorded = recorded.max(ended);
                played = played.max(ended_played);
            }
            let start = match from.checked_sub(recorded) {
                Some(gap) => u64::saturating_add(played, scale(gap)),
                // It began a little before the one counted as ended had.
                None => u64::saturating_sub(played, recorded - from),
            };
            let end = start.saturating_add(*duration);
            running.push(Reverse((to, end)));
            last_recorded = last_recorded.max(to);
            last_played = last_played.max(end);
        }
        last_played.saturating_add(scale(window.to - last_recorded))
    }
}

/// A span that is played, and where those of its children that are lie.
#[derive(Clone, Copy, Debug)]
struct Node {
    span: SpanIndex,
    window: Window,
    first: usize,
    end: usize,
}

impl Node {
    fn of(span: SpanIndex, window: Window) -> Self {
        Self {
            span,
            window,
            first: 0,
            end: 0,
        }
    }
}

/// Which spans are changed, and which lie above one.
struct Marks(Vec<u8>);

const ABOVE: u8 = 1;
const TARGET: u8 = 2;

impl Marks {
    fn of(timeline: &Timeline, change: &Change) -> Self {
        let mut marks = vec![0; timeline.spans().len()];
        for target in &change.spans {
            marks[target.index()] |= TARGET;
            let mut at = Some(*target);
            while let Some(span) = at
                && marks[span.index()] & ABOVE == 0
            {
                marks[span.index()] |= ABOVE;
                at = timeline.span(span).parent;
            }
        }
        Self(marks)
    }

    fn is_target(&self, span: SpanIndex) -> bool {
        self.0[span.index()] & TARGET != 0
    }

    fn is_above(&self, span: SpanIndex) -> bool {
        self.0[span.index()] & ABOVE != 0
    }
}
