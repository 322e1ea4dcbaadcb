//! What is raced: each scenario is one small piece of an instrumented program, the same for all.

use crate::Outcome;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scenario {
    /// A root span `operation` with 4 attributes.
    Span4Attrs,
    /// A root span with 9 children in it, each of the ten with 4 attributes.
    Nested,
    /// A child, with 4 attributes, of a trace that is not sampled.
    UnsampledChild,
    /// The calls of `Span4Attrs` in a program in which nobody switched telemetry on.
    Disabled,
    /// `Span4Attrs` on two threads at once.
    TwoThreads,
    /// `Span4Attrs` through the `tracing` facade: made, entered, left, closed.
    TracingSpan,
    /// A message with 4 fields inside an active span, ids of trace and span with it.
    LogEvent,
    /// `Span4Attrs` with a secret as one of the values, which must not be delivered: only we mask it.
    Redaction,
    /// A counter with 3 labels, its handle kept.
    CounterBound,
    /// `CounterBound` on two threads at once.
    BoundTwoThreads,
    /// The same counter, found by its label values each time.
    CounterLookedUp,
    /// `CounterLookedUp` on two threads at once.
    LookedUpTwoThreads,
    /// A histogram with 11 bounds, its handle kept.
    Histogram,
    /// 10,000 series of a counter with 3 labels, written as Prometheus' text.
    Scrape,
    /// What a call of a data provider is instrumented with: `Span4Attrs`, and requests, durations, active requests and
    /// the share that succeeded.
    AdapterCall,
}

impl Scenario {
    pub(crate) const ALL: [Self; 15] = [
        Self::Span4Attrs,
        Self::Nested,
        Self::UnsampledChild,
        Self::Disabled,
        Self::TwoThreads,
        Self::TracingSpan,
        Self::LogEvent,
        Self::Redaction,
        Self::CounterBound,
        Self::BoundTwoThreads,
        Self::CounterLookedUp,
        Self::LookedUpTwoThreads,
        Self::Histogram,
        Self::Scrape,
        Self::AdapterCall,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Span4Attrs => "span_4_attrs",
            Self::Nested => "nested",
            Self::UnsampledChild => "unsampled_child",
            Self::Disabled => "disabled",
            Self::TwoThreads => "two_threads",
            Self::TracingSpan => "tracing_span",
            Self::LogEvent => "log_event",
            Self::Redaction => "redaction",
            Self::CounterBound => "counter_bound",
            Self::BoundTwoThreads => "counter_bound_two_threads",
            Self::CounterLookedUp => "counter_looked_up",
            Self::LookedUpTwoThreads => "counter_looked_up_two_threads",
            Self::Histogram => "histogram",
            Self::Scrape => "scrape",
            Self::AdapterCall => "adapter_call",
        }
    }

    pub(crate) fn named(name: &str) -> Outcome<Self> {
        let found = Self::ALL.into_iter().find(|scenario| scenario.name() == name);
        found.ok_or_else(|| format!("no scenario is called `{name}`").into())
    }

    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Span4Attrs => "root span, 4 attributes; ns per span",
            Self::Nested => "root with 9 children, 4 attributes each; ns per span",
            Self::UnsampledChild => "child of a trace that is not sampled, 4 attributes; ns per span",
            Self::Disabled => "the same calls with telemetry not switched on; ns per span",
            Self::TwoThreads => "root span, 4 attributes, two threads at once; CPU ns per span",
            Self::TracingSpan => "root span, 4 fields, through `tracing`: made, entered, closed; ns per span",
            Self::LogEvent => "log record in an active span, 4 fields and the ids; ns per record",
            Self::Redaction => "root span, 4 attributes, one of them a secret; ns per span",
            Self::CounterBound => "counter with 3 labels, its handle kept; ns per count",
            Self::BoundTwoThreads => "the same on two threads at once; CPU ns per count",
            Self::CounterLookedUp => "counter found by 3 label values each time; ns per count",
            Self::LookedUpTwoThreads => "the same on two threads at once; CPU ns per count",
            Self::Histogram => "histogram with 11 bounds, its handle kept; ns per value",
            Self::Scrape => "10,000 series of a counter with 3 labels as Prometheus' text; ns per series",
            Self::AdapterCall => {
                "adapter call: root span, 4 attributes, and requests, durations, active, success rate; ns per call"
            }
        }
    }

    /// Whether anything has to arrive in the file.
    pub(crate) fn delivers(self) -> bool {
        !matches!(self, Self::UnsampledChild | Self::Disabled)
            && (!self.counts() || self == Self::AdapterCall)
    }

    /// Whether a metric has to stand at the number of rows in the end.
    pub(crate) fn counts(self) -> bool {
        matches!(
            self,
            Self::CounterBound
                | Self::BoundTwoThreads
                | Self::CounterLookedUp
                | Self::LookedUpTwoThreads
                | Self::Histogram
                | Self::Scrape
                | Self::AdapterCall
        )
    }

    /// What two threads do at once, done by one.
    pub(crate) fn by_one_thread(self) -> Option<Self> {
        match self {
            Self::TwoThreads => Some(Self::Span4Attrs),
            Self::BoundTwoThreads => Some(Self::CounterBound),
            Self::LookedUpTwoThreads => Some(Self::CounterLookedUp),
            _ => None,
        }
    }

    pub(crate) fn threads(self) -> u64 {
        if self.by_one_thread().is_some() { 2 } else { 1 }
    }

    /// Rows are recorded a chunk at a time, so that what surrounds a loop (a virtual call, the look
    /// at the backlog, the set-up of a parent) is lost in it. A multiple of `SPANS_PER_TRACE`.
    pub(crate) fn chunk(self) -> u64 {
        match self {
            Self::Scrape => SERIES,
            _ if self.delivers() => 500,
            _ => 50_000,
        }
    }
}

/// Series of `Scrape`.
pub(crate) const SERIES: u64 = 10_000;
/// How many children a root of `Nested` has.
pub(crate) const CHILDREN: usize = 9;
/// Spans in a trace of `Nested`: the root and its children.
pub(crate) const SPANS_PER_TRACE: u64 = 1 + CHILDREN as u64;
