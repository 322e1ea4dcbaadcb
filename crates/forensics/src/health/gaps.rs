//! Data that should be in the record and is not, or is not whole.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use telensic_run::{RunStatus, names};

use super::cause::Cause;
use super::fan_outs::Sleeves;
use super::{Listed, SpanRef, attributes};
use crate::timeline::{SpanIndex, SpanState, SpanStatus, Timeline};

/// Something that is missing.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Gap {
    /// Fewer sleeves were recorded than were handed out.
    SleevesMissing {
        /// The span that handed them out.
        fan_out: SpanRef,
        /// How many it handed out.
        expected: u64,
        /// How many were recorded.
        seen: u64,
    },
    /// A sleeve failed, and no other took its place.
    SleeveFailed {
        /// Which one: its sleeve id, symbol, profile or node.
        sleeve: String,
        /// Its span.
        span: SpanRef,
        /// Why, in a line.
        cause: String,
    },
    /// A sleeve did not end.
    SleeveStale {
        /// Which one.
        sleeve: String,
        /// Its span.
        span: SpanRef,
        /// For how long it had been running when its worker was last heard of.
        open_ns: u64,
    },
    /// Spans of a process name a parent that no tape has: a context, or a whole tape, was lost.
    ContextLost {
        /// The process's host.
        host: String,
        /// Its service.
        service: String,
        /// How many such spans it has.
        spans: u64,
        /// The first of them.
        first: SpanRef,
    },
    /// A tape was not closed although the run has ended: its last records may be missing.
    TapeNotClosed {
        /// The tape's file name.
        tape: String,
        /// Its host.
        host: String,
        /// Its service.
        service: String,
        /// When it was last heard of, Unix nanoseconds.
        last_seen_unix_nano: u64,
    },
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SleevesMissing { expected, seen, .. } => {
                write!(
                    f,
                    "{} of {expected} sleeves missing: {seen} were recorded",
                    expected - seen
                )
            }
            Self::SleeveFailed { sleeve, span, cause } => {
                write!(f, "sleeve {sleeve} on {} failed: {cause}", span.host)
            }
            Self::SleeveStale { sleeve, span, .. } => {
                write!(f, "sleeve {sleeve} on {} did not end", span.host)
            }
            Self::ContextLost {
                host, service, spans, ..
            } => write!(
                f,
                "{spans} spans of {service} on {host} have a parent that no tape has"
            ),
            Self::TapeNotClosed { tape, host, .. } => {
                write!(
                    f,
                    "tape {tape} of {host} was not closed: its last records may be missing"
                )
            }
        }
    }
}

/// All gaps.
pub(super) fn find(timeline: &Timeline, status: RunStatus, fan_outs: &[Sleeves]) -> Listed<Gap> {
    let mut gaps = Vec::new();
    for fan_out in fan_outs {
        gaps.extend(of_fan_out(timeline, fan_out));
    }
    let mut lost: BTreeMap<_, (SpanIndex, u64)> = BTreeMap::new();
    for orphan in timeline.orphans() {
        let process = timeline.span(orphan).process;
        lost.entry(process).or_insert((orphan, 0)).1 += 1;
    }
    gaps.extend(lost.into_iter().map(|(process, (first, spans))| {
        let process = timeline.process(process);
        Gap::ContextLost {
            host: process.host.clone(),
            service: process.service.clone(),
            spans,
            first: SpanRef::of(timeline, first),
        }
    }));
    if status != RunStatus::Running {
        let unclosed = timeline.processes().iter().filter(|process| !process.is_closed);
        gaps.extend(unclosed.map(|process| Gap::TapeNotClosed {
            tape: process.tape.clone(),
            host: process.host.clone(),
            service: process.service.clone(),
            last_seen_unix_nano: process.last_seen.0,
        }));
    }
    Listed::of(gaps)
}

fn of_fan_out(timeline: &Timeline, fan_out: &Sleeves) -> Vec<Gap> {
    let row = &fan_out.row;
    let expected = row.expected.unwrap_or(row.seen);
    let mut gaps = Vec::new();
    if row.seen < expected {
        gaps.push(Gap::SleevesMissing {
            fan_out: row.span.clone(),
            expected,
            seen: row.seen,
        });
    }
    // As many as were handed out ended well: those that failed were tried again.
    let is_whole = row.seen - row.failed - row.open >= expected;
    for index in &fan_out.sleeves {
        let span = timeline.span(*index);
        let sleeve = || name_of(timeline, *index);
        if span.state == SpanState::Open {
            gaps.push(Gap::SleeveStale {
                sleeve: sleeve(),
                span: SpanRef::of(timeline, *index),
                open_ns: span.duration(),
            });
        } else if span.status == SpanStatus::Error && !is_whole {
            gaps.push(Gap::SleeveFailed {
                sleeve: sleeve(),
                span: SpanRef::of(timeline, *index),
                cause: root_cause(timeline, *index),
            });
        }
    }
    gaps
}

/// What a sleeve is called by those who look for it. One that did not end has no attributes: then it is called as the
/// nearest span is that started it, as long as that is below the fan-out.
fn name_of(timeline: &Timeline, index: SpanIndex) -> String {
    const KEYS: [&str; 5] = [
        "sleeve",
        "sleeve_id",
        names::key::SYMBOL,
        names::key::PROFILE,
        names::key::NODE_IP,
    ];
    let mut keys = &KEYS[..];
    let mut at = Some(index);
    while let Some(span) = at.filter(|span| !is_fan_out(timeline, *span)) {
        let view = timeline.span_view(span);
        if let Some(name) = view.and_then(|view| attributes::word(&view, keys)) {
            return name;
        }
        // What is above says profile and node of other things too.
        keys = &KEYS[..3];
        at = timeline.span(span).parent;
    }
    timeline.span(index).span_id.to_string()
}

fn is_fan_out(timeline: &Timeline, span: SpanIndex) -> bool {
    timeline.text(timeline.span(span).name) == names::span::EXECUTE_SLEEVES
}

/// The cause of the failing span under this one, down by those that failed first.
fn root_cause(timeline: &Timeline, index: SpanIndex) -> String {
    // Deeper ones are told among the errors.
    const DEEPEST: usize = 1000;
    let mut at = index;
    let failing = |span: &SpanIndex| timeline.span(*span).status == SpanStatus::Error;
    for _ in 0..DEEPEST {
        let below = timeline.children(at).iter().copied().filter(failing);
        match below.min_by_key(|child| timeline.span(*child).end) {
            Some(deeper) => at = deeper,
            None => break,
        }
    }
    let cause = timeline.span_view(at).map(|view| Cause::of(&view));
    cause.unwrap_or_default().line()
}
