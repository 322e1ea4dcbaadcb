//! The handle of a span.

use std::error::Error;
use std::time::SystemTime;

use telensic_tape::Value;

use super::builder::SpanBuilder;
use super::entered::EnteredSpan;
use super::exception::Exception;
use super::{Fields, SpanData};
use crate::context::{Context, SpanContext};
use crate::recorder::active;
use crate::thread::ThreadState;
use crate::{Key, Status};

/// Starts a span: a child of the current one, or the root of a new trace.
///
/// ```
/// let _guard = telensic::span("run_stage:features").with("stage_id", "features").entered();
/// // what happens here is in the span; it ends with the block
/// ```
#[inline]
pub fn span(name: &str) -> Span {
    if active() == 0 {
        return Span::none();
    }
    SpanBuilder::new(name).start()
}

/// Starts a span that begins a new trace.
#[inline]
pub fn root_span(name: &str) -> Span {
    if active() == 0 {
        return Span::none();
    }
    const ROOT: &Context = &Context::new();
    SpanBuilder::new(name).parent(ROOT).start()
}

/// A span that was started. It ends when it is dropped, on whatever thread.
///
/// A span that is not recorded (telemetry is off, or its trace is not sampled) costs next to nothing: all its
/// methods do nothing.
#[derive(Debug, Default)]
#[must_use = "a span that is not kept ends at once"]
pub struct Span(pub(crate) Option<Box<SpanData>>);

impl Span {
    /// A span that is not recorded and belongs to no trace.
    #[inline]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Whether what is said of it is kept.
    #[inline]
    pub fn is_recording(&self) -> bool {
        self.0.as_ref().is_some_and(|data| data.is_recorded())
    }

    /// Its ids.
    pub fn span_context(&self) -> Option<SpanContext> {
        self.0.as_ref()?.context().span().copied()
    }

    /// All that travels with it, to be handed on: ids, trace state, baggage.
    pub fn context(&self) -> Context {
        self.0
            .as_ref()
            .map_or_else(Context::new, |data| data.context().clone())
    }

    /// Adds an attribute, or replaces the one with this key.
    #[inline]
    pub fn with<'k, 'v>(mut self, key: impl Into<Key<'k>>, value: impl Into<Value<'v>>) -> Self {
        self.set(key, value);
        self
    }

    #[inline]
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut SpanData)) {
        if let Some(data) = &mut self.0
            && data.is_recorded()
        {
            change(data);
        }
    }

    /// Makes it the current span of this thread until the guard is dropped, which also ends it.
    #[inline]
    pub fn entered(self) -> EnteredSpan {
        EnteredSpan::enter(self)
    }

    /// Runs `work` with this as the current span; it goes on afterwards.
    pub fn in_scope<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let mut entered = std::mem::take(self).entered();
        let result = work();
        *self = entered.leave();
        result
    }

    /// Ends it now.
    pub fn end(self) {}

    /// Ends it as of this time.
    pub fn end_at(mut self, time: SystemTime) {
        if let Some(data) = self.0.take() {
            let time = super::data::unix_nanos(time);
            ThreadState::with(|thread| data.end(thread, Some(time)));
        }
    }
}

impl Drop for Span {
    #[inline]
    fn drop(&mut self) {
        if let Some(data) = self.0.take() {
            end(data);
        }
    }
}

/// Ends a span; one that ends because of a panic says so.
#[inline]
fn end(mut data: Box<SpanData>) {
    if data.is_recorded() && std::thread::panicking() {
        crate::panics::note(&mut data);
    }
    ThreadState::with(|thread| data.end(thread, None));
}

/// The methods that every way to a span has; each does nothing if the span is not recorded.
macro_rules! span_methods {
    ($($type:ty),*) => {$(
        impl $type {
            /// Adds an attribute, or replaces the one with this key.
            #[inline]
            pub fn set<'k, 'v>(&mut self, key: impl Into<Key<'k>>, value: impl Into<Value<'v>>) {
                self.edit(|span| span.set(key.into(), value.into()));
            }

            /// Adds an event that happens now.
            pub fn event(&mut self, name: &str) {
                self.edit(|span| span.event(name, None, |_| {}));
            }

            /// Adds an event that happens now, with attributes.
            pub fn event_with(&mut self, name: &str, fill: impl FnOnce(&mut Fields<'_>)) {
                self.edit(|span| span.event(name, None, fill));
            }

            /// Adds an event that happened at this time, with attributes.
            pub fn event_at(&mut self, name: &str, time: SystemTime, fill: impl FnOnce(&mut Fields<'_>)) {
                self.edit(|span| span.event(name, Some(time), fill));
            }

            /// Links it to a span of this or another trace.
            pub fn link(&mut self, to: &Context) {
                self.edit(|span| span.link(to, |_| {}));
            }

            /// Links it to a span of this or another trace, with attributes.
            pub fn link_with(&mut self, to: &Context, fill: impl FnOnce(&mut Fields<'_>)) {
                self.edit(|span| span.link(to, fill));
            }

            /// Records an error and its sources as an `exception` event, and that the span failed.
            pub fn record_error<E: Error + ?Sized>(&mut self, error: &E) {
                self.edit(|span| span.exception(&Exception::of(error)));
            }

            /// Says how it ends; `Status::Ok` is final.
            pub fn set_status(&mut self, status: Status) {
                self.edit(|span| span.set_status(status));
            }

            /// Gives it another name.
            pub fn set_name(&mut self, name: &str) {
                self.edit(|span| span.set_name(name));
            }
        }
    )*};
}

span_methods!(Span, EnteredSpan, super::CurrentSpan);
