//! Exemplars: one value of a bucket, and the span that it was recorded in.
//!
//! The first value that a bucket gets in a sampled span is kept; it is asked for another one each time it is read. So
//! recording a value costs one look at a flag, and each scrape shows a trace that is no older than the scrape before.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use telensic_tape::{Clock, SpanId, TraceId, UnixNanos};

use crate::context::SpanContext;
use crate::thread::ThreadState;

/// A value and where it came from.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exemplar {
    /// The value.
    pub value: f64,
    /// The trace of the span that it was recorded in.
    pub trace_id: TraceId,
    /// That span.
    pub span_id: SpanId,
    /// When.
    pub at: UnixNanos,
}

/// Where a bucket keeps its exemplar.
#[derive(Debug)]
pub(super) struct ExemplarPlace {
    /// Whether the next value in a sampled span is to be kept.
    is_wanted: AtomicBool,
    kept: Mutex<Option<Box<Exemplar>>>,
}

impl ExemplarPlace {
    pub(super) fn new() -> Self {
        Self {
            is_wanted: AtomicBool::new(true),
            kept: Mutex::new(None),
        }
    }

    /// Keeps the value if one is wanted and there is a sampled span.
    #[inline]
    pub(super) fn offer(&self, value: f64) {
        if self.is_wanted.load(Ordering::Relaxed) {
            self.take_in_current(value);
        }
    }

    /// As [`Self::offer`], in this span.
    pub(super) fn offer_in(&self, span: Option<&SpanContext>, value: f64) {
        if let Some(span) = span.filter(|_| self.is_wanted.load(Ordering::Relaxed)) {
            self.take(span, value);
        }
    }

    #[inline(never)]
    fn take_in_current(&self, value: f64) {
        let span = ThreadState::with(|thread| thread.context()?.span().copied()).flatten();
        if let Some(span) = span {
            self.take(&span, value);
        }
    }

    fn take(&self, span: &SpanContext, value: f64) {
        if !span.is_sampled() {
            return;
        }
        // Whoever holds it puts one in, or reads it: neither is worth waiting for.
        let Ok(mut kept) = self.kept.try_lock() else {
            return;
        };
        self.is_wanted.store(false, Ordering::Relaxed);
        *kept = Some(Box::new(Exemplar {
            value,
            trace_id: span.trace_id(),
            span_id: span.span_id(),
            at: Clock::get().now(),
        }));
    }

    /// The one that is kept; another one is wanted from now on.
    pub(super) fn read(&self) -> Option<Exemplar> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_wanted.store(true, Ordering::Relaxed);
        kept.as_deref().copied()
    }

    pub(super) fn reset(&self) {
        // In the child of a fork a thread that is not there may hold it for ever.
        if let Ok(mut kept) = self.kept.try_lock() {
            *kept = None;
        }
        self.is_wanted.store(true, Ordering::Relaxed);
    }
}
