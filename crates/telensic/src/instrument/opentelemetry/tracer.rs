//! The tracer provider of the API and its tracers.

use opentelemetry::trace::{
    SpanBuilder as ApiBuilder, SpanContext, SpanKind as ApiKind, TraceContextExt as _, Tracer, TracerProvider,
};
use opentelemetry::{Context as ApiContext, InstrumentationScope};

use super::span::{self, TelensicSpan};
use super::{attached, context, scope};
use crate::context::Context;
use crate::recorder::active;
use crate::{ScopeId, SpanBuilder, SpanKind};

/// A tracer provider whose spans are recorded as Telensic's.
///
/// ```
/// use opentelemetry::trace::{Tracer, TracerProvider};
///
/// let tracer = telensic::opentelemetry::TelensicTracerProvider::new().tracer("pricing");
/// tracer.in_span("load", |_| {});
/// ```
#[derive(Clone, Debug)]
pub struct TelensicTracerProvider(());

/// Starts spans of one instrumentation scope.
#[derive(Clone, Debug)]
pub struct TelensicTracer {
    scope: ScopeId,
}

impl TelensicTracerProvider {
    /// A provider for the recorder in force, whichever that is when a span starts.
    pub fn new() -> Self {
        attached::connect();
        Self(())
    }
}

impl Default for TelensicTracerProvider {
    fn default() -> Self {
        Self::new()
    }
}

impl TracerProvider for TelensicTracerProvider {
    type Tracer = TelensicTracer;

    fn tracer_with_scope(&self, scope: InstrumentationScope) -> TelensicTracer {
        TelensicTracer {
            scope: scope::id(&scope),
        }
    }
}

impl Tracer for TelensicTracer {
    type Span = TelensicSpan;

    fn build_with_context(&self, builder: ApiBuilder, parent_cx: &ApiContext) -> TelensicSpan {
        if parent_cx.is_telemetry_suppressed() {
            return TelensicSpan::unrecorded(SpanContext::NONE);
        }
        if active() == 0 {
            // As the API does without a provider: what was sent is handed on.
            return TelensicSpan::unrecorded(parent_cx.span().span_context().clone());
        }
        let parent = parent(parent_cx);
        let mut start = SpanBuilder::new(&builder.name)
            .kind(kind(builder.span_kind.as_ref()))
            .scope(self.scope);
        if let Some(parent) = &parent {
            start = start.parent(parent);
        }
        let started = match builder.start_time {
            Some(time) => start.start_at(time),
            None => start.start(),
        };
        let mut started = TelensicSpan::new(started.movable());
        started.edit(|span| {
            let attributes = builder.attributes.iter().flatten();
            attributes.for_each(|attribute| span::put(span, attribute));
            let events = builder.events.iter().flatten();
            events.for_each(|event| span::put_event(span, event));
            let links = builder.links.iter().flatten();
            links.for_each(|link| span::put_link(span, link));
        });
        started
    }
}

/// The parent that this context names; `None` if that is what is current.
fn parent(context: &ApiContext) -> Option<Context> {
    if !attached::has_current_span(context) {
        return Some(context::from_context(context));
    }
    match context.has_active_span() {
        true => None,
        false => context::decision(context).cloned(),
    }
}

pub(super) fn kind(kind: Option<&ApiKind>) -> SpanKind {
    match kind {
        None | Some(ApiKind::Internal) => SpanKind::Internal,
        Some(ApiKind::Server) => SpanKind::Server,
        Some(ApiKind::Client) => SpanKind::Client,
        Some(ApiKind::Producer) => SpanKind::Producer,
        Some(ApiKind::Consumer) => SpanKind::Consumer,
    }
}
