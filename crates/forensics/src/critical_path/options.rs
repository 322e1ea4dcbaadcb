//! Which children a span is taken to have waited for, and when.

use crate::timeline::{Span, SpanIndex, Timeline};

/// How the path is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PathOptions {
    /// A sibling that overlaps the next one by at most this share of the next one's duration still counts as ended
    /// before it; 0 is exact, 0.01 the rule of CRISP, for clocks that are read late.
    pub sequential_slack: f64,
    /// What becomes of a child that ends after its parent.
    pub outliving: Outliving,
}

impl PathOptions {
    /// The 1 % rule of CRISP.
    pub const CRISP: Self = Self {
        sequential_slack: 0.01,
        outliving: Outliving::Cut,
    };

    /// By how much a sibling may reach into one of this duration and still come before it.
    pub(super) fn allowance(&self, duration: u64) -> u64 {
        let share = self.sequential_slack.clamp(0.0, 1.0);
        // NaN becomes 0.
        (duration as f64 * share) as u64
    }
}

/// What becomes of a child that ends after its parent; one that begins after its parent's end is never on the path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outliving {
    /// It is cut to its parent, as CRISP and Jaeger do: a span often ends a little after what waited for its answer,
    /// and clocks of two hosts differ.
    #[default]
    Cut,
    /// It is passed over if it is of its parent's host, whose clock is the same: nobody waited for it.
    PassOver,
}

/// A stretch of time that is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: u64,
    pub(super) to: u64,
}

impl Window {
    pub(super) fn of(span: &Span) -> Self {
        Self {
            from: span.start.0,
            to: span.end.0,
        }
    }

    pub(super) fn duration(self) -> u64 {
        self.to - self.from
    }

    fn within(self, outer: Self) -> Option<Self> {
        let inner = Self {
            from: self.from.max(outer.from),
            to: self.to.min(outer.to),
        };
        (inner.from < inner.to).then_some(inner)
    }
}

/// A child as its parent saw it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Child {
    pub(super) span: SpanIndex,
    pub(super) window: Window,
}

/// The children that a span may have waited for in this window of its own, by start.
pub(super) fn children_within<'t>(
    timeline: &'t Timeline,
    parent: SpanIndex,
    window: Window,
    options: PathOptions,
) -> impl Iterator<Item = Child> + 't {
    let above = timeline.span(parent);
    let host = |span: &Span| timeline.process(span.process).host.as_str();
    timeline.children(parent).iter().filter_map(move |child| {
        let span = timeline.span(*child);
        let is_passed_over = options.outliving == Outliving::PassOver
            && span.end > above.end
            && (span.process == above.process || host(span) == host(above));
        if is_passed_over {
            return None;
        }
        let window = Window::of(span).within(window)?;
        Some(Child { span: *child, window })
    })
}
