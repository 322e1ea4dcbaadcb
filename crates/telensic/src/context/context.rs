//! All that travels: the parent span, its trace state, the baggage.
//!
//! Invariant: a trace state is never without the span it belongs to.

use std::sync::Arc;

use super::{Baggage, SpanContext, TraceState};

/// What a span, a log record or an outgoing call belongs to. Empty by default; cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    span: Option<SpanContext>,
    /// What few contexts have, behind one pointer: a context is copied for every span.
    rest: Option<Arc<Rest>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rest {
    trace_state: Option<Arc<TraceState>>,
    baggage: Option<Arc<Baggage>>,
    sampling_decision: Option<bool>,
}

impl Context {
    /// A context that holds nothing: what is opened in it starts a new trace.
    #[inline]
    pub const fn new() -> Self {
        Self {
            span: None,
            rest: None,
        }
    }

    #[cfg(feature = "record")]
    /// Turns this into the context of a span within `above`, in place: all but the span is as there.
    #[inline]
    pub(crate) fn become_child(&mut self, above: &Self, span: SpanContext) {
        self.span = Some(span);
        // Seldom: most contexts have nothing but a span.
        if self.rest.is_some() {
            self.rest = None;
        }
        if let Some(rest) = &above.rest {
            self.rest = Some(Arc::clone(rest));
        }
    }

    /// A context with this span and nothing else.
    #[cfg(feature = "tracing")]
    #[inline]
    pub(crate) fn of_span(span: SpanContext) -> Self {
        Self {
            span: Some(span),
            rest: None,
        }
    }

    /// The span, if there is nothing else.
    #[cfg(feature = "tracing")]
    #[inline]
    pub(crate) fn only_span(&self) -> Option<&SpanContext> {
        self.span.as_ref().filter(|_| self.rest.is_none())
    }

    fn change_rest(&mut self, change: impl FnOnce(&mut Rest)) {
        let mut rest = self.rest.as_deref().cloned().unwrap_or_default();
        change(&mut rest);
        self.rest = (rest != Rest::default()).then(|| Arc::new(rest));
    }

    /// This context with another span. The trace state stays only if the trace is the same.
    #[must_use]
    pub fn with_span(mut self, span: SpanContext) -> Self {
        if self.rest.is_some() {
            let same_trace = self.span.is_some_and(|held| held.trace_id() == span.trace_id());
            self.change_rest(|rest| {
                rest.sampling_decision = None;
                if !same_trace {
                    rest.trace_state = None;
                }
            });
        }
        self.span = Some(span);
        self
    }

    /// This context with a span read from a carrier. Two formats may name the same trace; what only one of them
    /// can tell, random ids or B3's debug, is then kept, as W3C and B3 both demand.
    pub(super) fn with_extracted_span(self, span: SpanContext) -> Self {
        match self.span {
            Some(held) if held.trace_id() == span.trace_id() => {
                self.with_span(span.with_flags(span.flags().or_kept_from(held.flags())))
            }
            _ => self.with_span(span),
        }
    }

    /// This context with the trace state of its span; without a span there is nothing to hold it.
    #[must_use]
    pub fn with_trace_state(mut self, trace_state: impl Into<Arc<TraceState>>) -> Self {
        let state = self
            .span
            .map(|_| trace_state.into())
            .filter(|state| !state.is_empty());
        self.change_rest(|rest| rest.trace_state = state);
        self
    }

    /// This context with other baggage.
    #[must_use]
    pub fn with_baggage(mut self, baggage: impl Into<Arc<Baggage>>) -> Self {
        let baggage = Some(baggage.into()).filter(|baggage| !baggage.is_empty());
        self.change_rest(|rest| rest.baggage = baggage);
        self
    }

    /// This context, without a span, for a new trace on whose sampling the caller has decided.
    #[must_use]
    pub fn with_sampling_decision(mut self, sampled: bool) -> Self {
        self.span = None;
        self.change_rest(|rest| {
            rest.trace_state = None;
            rest.sampling_decision = Some(sampled);
        });
        self
    }

    /// The span that is the parent of what comes next.
    #[inline]
    pub const fn span(&self) -> Option<&SpanContext> {
        self.span.as_ref()
    }

    /// What other tracing systems noted about the trace.
    pub fn trace_state(&self) -> Option<&TraceState> {
        self.rest.as_deref()?.trace_state.as_deref()
    }

    /// The program's own values.
    pub fn baggage(&self) -> Option<&Baggage> {
        self.rest.as_deref()?.baggage.as_deref()
    }

    /// What the caller decided about a trace it did not name: B3 allows `b3: 0`, "trace nothing of this".
    #[inline]
    pub fn sampling_decision(&self) -> Option<bool> {
        self.rest.as_deref()?.sampling_decision
    }

    /// Whether nothing is held.
    pub const fn is_empty(&self) -> bool {
        self.span.is_none() && self.rest.is_none()
    }
}
