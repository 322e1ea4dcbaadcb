//! The span that a thread is in, where a signal handler can read it.
//!
//! Written by its own thread whenever it enters or leaves a span while a profiler runs, and read by a handler on the same thread:
//! what must hold is the order of the stores, which costs no instruction. The span's id is zero while the rest changes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, compiler_fence};

use telensic_tape::{SpanId, TraceId};

use crate::context::SpanContext;

struct ActiveSpan {
    trace: [AtomicU64; 2],
    span: AtomicU64,
}

thread_local! {
    // Constant and without a destructor, so that a handler that reads it runs no code of anybody's.
    static ACTIVE: ActiveSpan = const {
        ActiveSpan { trace: [AtomicU64::new(0), AtomicU64::new(0)], span: AtomicU64::new(0) }
    };
}

/// Whether anybody reads it.
static IS_READ: AtomicBool = AtomicBool::new(false);

/// Notes the span that this thread is in from now on.
#[inline(always)]
pub(crate) fn note<'a>(span: impl FnOnce() -> Option<&'a SpanContext>) {
    if IS_READ.load(Ordering::Relaxed) {
        write(span());
    }
}

#[inline]
fn write(span: Option<&SpanContext>) {
    ACTIVE.with(|active| {
        active.span.store(0, Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
        let Some(span) = span else { return };
        let trace = u128::from_be_bytes(span.trace_id().to_bytes());
        active.trace[0].store((trace >> 64) as u64, Ordering::Relaxed);
        active.trace[1].store(trace as u64, Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
        let id = u64::from_be_bytes(span.span_id().to_bytes());
        active.span.store(id, Ordering::Relaxed);
    });
}

/// Has every thread note its span, or no longer.
pub(super) fn watch(is_read: bool) {
    IS_READ.store(is_read, Ordering::Relaxed);
}

/// The span that this thread is in. May be called in a signal handler.
pub(super) fn seen() -> Option<(TraceId, SpanId)> {
    ACTIVE.with(|active| {
        let span = SpanId::from_bytes(active.span.load(Ordering::Relaxed).to_be_bytes())?;
        compiler_fence(Ordering::SeqCst);
        let [high, low] = [0, 1].map(|half: usize| u128::from(active.trace[half].load(Ordering::Relaxed)));
        let trace = TraceId::from_bytes((high << 64 | low).to_be_bytes())?;
        Some((trace, span))
    })
}
