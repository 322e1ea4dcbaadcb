//! A span that is the current one whenever its future is polled, on whatever thread that happens.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context as Task, Poll};

use pin_project_lite::pin_project;

use super::Span;

/// Gives futures a span.
pub trait InSpan: Future + Sized {
    /// Runs the future in this span, which ends when the future is done or dropped.
    ///
    /// ```
    /// use telensic::InSpan;
    ///
    /// async fn fetch() -> u32 { 42 }
    /// let task = fetch().in_span(telensic::span("fetch"));
    /// # drop(task);
    /// ```
    fn in_span(self, span: Span) -> Instrumented<Self> {
        Instrumented {
            future: Some(self),
            span: span.movable(),
        }
    }
}

impl<F: Future> InSpan for F {}

pin_project! {
    /// A future in a span.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are polled"]
    pub struct Instrumented<F> {
        // Taken out before the span ends, so that what the future drops is still in the span.
        #[pin]
        future: Option<F>,
        span: Span,
    }

    impl<F> PinnedDrop for Instrumented<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            #[cfg(feature = "metrics")]
            if this.future.is_some() {
                this.span.edit(super::SpanData::note_cancelled);
            }
            this.span.in_scope(|| this.future.set(None));
        }
    }
}

impl<F: Future> Future for Instrumented<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let mut entered = std::mem::take(this.span).entered();
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            // Polled again after it was done, which the contract of futures leaves open: never ready.
            return Poll::Pending;
        };
        let poll = future.poll(task);
        if poll.is_ready() {
            this.future.set(None);
        } else {
            *this.span = entered.leave();
        }
        poll
    }
}
