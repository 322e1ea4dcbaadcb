//! The walk from the root's end backwards, into the child that finished last.

use std::cmp::Reverse;
use std::hash::Hash;

use hashbrown::HashMap;
use telensic_tape::UnixNanos;

use super::options::{Child, PathOptions, Window, children_within};
use crate::timeline::{SpanIndex, Timeline};

/// A stretch of the path, spent in one span and in none of its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The span.
    pub span: SpanIndex,
    /// From when.
    pub from: UnixNanos,
    /// Until when; always later.
    pub to: UnixNanos,
}

impl Segment {
    /// How long, in nanoseconds.
    pub fn duration(&self) -> u64 {
        self.to.0 - self.from.0
    }
}

/// The critical path of a span.
#[derive(Clone, Debug)]
pub struct CriticalPath {
    root: SpanIndex,
    segments: Vec<Segment>,
}

impl CriticalPath {
    /// The path through this span and all that was started in it.
    pub fn of(timeline: &Timeline, root: SpanIndex, options: PathOptions) -> Self {
        let mut walk = Walk {
            timeline,
            options,
            frames: Vec::new(),
            candidates: Vec::new(),
            segments: Vec::new(),
        };
        walk.enter(root, Window::of(timeline.span(root)));
        walk.run();
        walk.segments.reverse();
        Self {
            root,
            segments: walk.segments,
        }
    }

    /// Where it begins and ends.
    pub fn root(&self) -> SpanIndex {
        self.root
    }

    /// What it consists of, by time, without gap or overlap.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// How long it is: the root's duration, in nanoseconds.
    pub fn duration(&self) -> u64 {
        self.segments.iter().map(Segment::duration).sum()
    }

    /// The time on the path by whatever the spans are told apart by: name, stage, host. The longest first.
    pub fn time_by<K: Hash + Eq + Ord>(&self, mut key: impl FnMut(SpanIndex) -> K) -> Vec<(K, u64)> {
        let mut times = HashMap::new();
        for segment in &self.segments {
            *times.entry(key(segment.span)).or_insert(0) += segment.duration();
        }
        let mut times: Vec<_> = times.into_iter().collect();
        times.sort_unstable_by(|(one, a), (other, b)| b.cmp(a).then_with(|| one.cmp(other)));
        times
    }
}

struct Walk<'t> {
    timeline: &'t Timeline,
    options: PathOptions,
    /// The spans from the root down to where the walk is.
    frames: Vec<Frame>,
    /// For each of them the children not looked at yet, one frame's behind the other's, the last to end at the back.
    candidates: Vec<Child>,
    /// The latest first.
    segments: Vec<Segment>,
}

struct Frame {
    span: SpanIndex,
    from: u64,
    /// What is later is on the path already.
    cursor: u64,
    /// By how much the next child may reach beyond the cursor.
    allowance: u64,
    /// Where its candidates begin.
    first: usize,
}

impl Walk<'_> {
    fn enter(&mut self, span: SpanIndex, window: Window) {
        let first = self.candidates.len();
        let children = children_within(self.timeline, span, window, self.options);
        self.candidates.extend(children);
        // Of those that end at once, the one that began first explains most.
        self.candidates[first..]
            .sort_unstable_by_key(|child| (child.window.to, Reverse(child.window.from), Reverse(child.span)));
        self.frames.push(Frame {
            span,
            from: window.from,
            cursor: window.to,
            allowance: 0,
            first,
        });
    }

    fn run(&mut self) {
        while let Some(frame) = self.frames.last_mut() {
            let (span, until) = (frame.span, frame.cursor);
            let next = frame.next_child(&mut self.candidates);
            let from = next.map_or(frame.from, |child| child.window.to);
            if let Some(child) = next {
                frame.cursor = child.window.from;
                frame.allowance = self.options.allowance(child.window.duration());
            }
            if from < until {
                self.segments.push(Segment {
                    span,
                    from: UnixNanos(from),
                    to: UnixNanos(until),
                });
            }
            match next {
                Some(child) => self.enter(child.span, child.window),
                None => {
                    self.frames.pop();
                }
            }
        }
    }
}

impl Frame {
    /// The last child to end before the cursor.
    fn next_child(&self, candidates: &mut Vec<Child>) -> Option<Child> {
        while candidates.len() > self.first {
            let mut child = candidates.pop()?;
            let is_before = child.window.to <= self.cursor.saturating_add(self.allowance);
            if is_before && child.window.from < self.cursor {
                child.window.to = child.window.to.min(self.cursor);
                return Some(child);
            }
        }
        None
    }
}
