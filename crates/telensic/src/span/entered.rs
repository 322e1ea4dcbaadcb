//! A span that is the current one of a thread.

use std::marker::PhantomData;

use super::{Span, SpanData, current};
use crate::context::{Context, SpanContext};
use crate::thread::{Entry, ThreadState};

/// Keeps a span the current one; dropping it ends the span.
///
/// Guards may be dropped in any order; each takes only its own span out.
#[derive(Debug)]
#[must_use = "a guard that is not kept ends the span at once"]
pub struct EnteredSpan {
    /// 0 if there is nothing on the thread's stack.
    token: u64,
    /// The span is on this thread's stack.
    not_send: PhantomData<*const ()>,
}

impl EnteredSpan {
    #[inline]
    pub(super) fn enter(span: Span) -> Self {
        // A span that belongs to no trace leaves the current one in force.
        let token = match span.into_entry() {
            None => 0,
            Some(entry) => ThreadState::with(|thread| thread.push(entry)).unwrap_or(0),
        };
        Self {
            token,
            not_send: PhantomData,
        }
    }

    /// Its ids.
    pub fn span_context(&self) -> Option<SpanContext> {
        ThreadState::with(|thread| thread.frame(self.token)?.entry.context().span().copied()).flatten()
    }

    /// All that travels with it, to be handed on: ids, trace state, baggage.
    pub fn context(&self) -> Context {
        ThreadState::with(|thread| Some(thread.frame(self.token)?.entry.context().clone()))
            .flatten()
            .unwrap_or_default()
    }

    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut SpanData)) {
        current::edit(self.token, change);
    }

    /// Leaves the span without ending it.
    pub fn leave(&mut self) -> Span {
        let entry = match std::mem::take(&mut self.token) {
            0 => None,
            token => ThreadState::with(|thread| thread.pop(token)).flatten(),
        };
        match entry {
            Some(Entry::Span(data)) => Span::of(Some(data)),
            // Of an unsampled trace: made into a span with ids, which can be entered again anywhere.
            Some(Entry::Context(context)) => super::SpanBuilder::new("").parent(&context).start(),
            None => Span::none(),
        }
    }
}

impl Drop for EnteredSpan {
    #[inline]
    fn drop(&mut self) {
        if self.token != 0 {
            let entry = ThreadState::with(|thread| thread.pop(self.token)).flatten();
            // Ends outside the thread's borrow.
            drop(Span::of(entry.and_then(Entry::into_span)));
        }
    }
}
