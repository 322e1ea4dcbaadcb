//! The identity of a span in OpenTelemetry's words and in ours: ids, flags, trace state.

use std::str::FromStr;

use opentelemetry::trace as api;
use telensic_tape::{SpanId, TraceId};

use crate::context::{Context, SpanContext, TraceFlags, TraceState};

/// The ids of a span; `None` if one is zero, which stands for no span.
pub(super) fn span_context(span: &api::SpanContext) -> Option<SpanContext> {
    let trace_id = TraceId::from_bytes(span.trace_id().to_bytes())?;
    let span_id = SpanId::from_bytes(span.span_id().to_bytes())?;
    let flags = TraceFlags::from_w3c(span.trace_flags().to_u8());
    Some(match span.is_remote() {
        true => SpanContext::remote(trace_id, span_id, flags),
        false => SpanContext::new(trace_id, span_id, flags),
    })
}

/// This context within that span; as it is if that is no span.
pub(super) fn within(context: Context, span: &api::SpanContext) -> Context {
    let Some(ids) = span_context(span) else {
        return context;
    };
    let context = context.with_span(ids);
    let state = span.trace_state();
    if *state == api::TraceState::NONE && context.trace_state().is_none() {
        return context;
    }
    context.with_trace_state(TraceState::parse(&state.header()).unwrap_or_default())
}

/// The identity of a context's span.
pub(super) fn of_context(context: &Context) -> Option<api::SpanContext> {
    let span = context.span()?;
    let state = context
        .trace_state()
        // What does not fit OpenTelemetry's grammar does not travel on through it.
        .and_then(|state| api::TraceState::from_str(state.as_str()).ok());
    Some(api::SpanContext::new(
        api::TraceId::from_bytes(span.trace_id().to_bytes()),
        api::SpanId::from_bytes(span.span_id().to_bytes()),
        api::TraceFlags::new(span.flags().to_w3c()),
        span.is_remote(),
        state.unwrap_or_default(),
    ))
}
