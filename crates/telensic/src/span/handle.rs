//! The handle of a span.

use std::error::Error;
use std::time::SystemTime;

use telensic_tape::{UnixNanos, Value};

use super::SpanData;
use super::builder::SpanBuilder;
use super::entered::EnteredSpan;
use super::exception::Exception;
use crate::context::{Context, SpanContext, TraceFlags};
use crate::message::Fields;
use crate::recorder::active;
use crate::thread::{self, Entry, ThreadState};
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
    // Asked here too, where it is inlined: in an unsampled trace that is all there is to do.
    match thread::unsampled_frame() {
        Some(frame) => Span::within(frame),
        None => SpanBuilder::new(name).start(),
    }
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
pub struct Span {
    data: Option<Box<SpanData>>,
    /// [`RECORDED`] if the data is recorded, here too so that a chain of calls asks a register; of a span without
    /// data the frame of the unsampled trace it was started in; else 0. Two words are handed on in registers.
    mark: u64,
}

/// The mark of a recorded span; no frame has this number.
const RECORDED: u64 = u64::MAX;

impl Span {
    /// A span that is not recorded and belongs to no trace.
    #[inline]
    pub const fn none() -> Self {
        Self { data: None, mark: 0 }
    }

    #[inline]
    pub(crate) fn of(data: Option<Box<SpanData>>) -> Self {
        let recorded = data.as_ref().is_some_and(|data| data.is_recorded());
        Self {
            data,
            mark: if recorded { RECORDED } else { 0 },
        }
    }

    /// A span that was just started.
    #[inline]
    pub(super) fn started(data: Box<SpanData>, recorded: bool) -> Self {
        Self {
            data: Some(data),
            mark: if recorded { RECORDED } else { 0 },
        }
    }

    /// A span in a trace that is not sampled: it has no ids of its own, for nobody will ever see them; what it
    /// hands on is the context of the frame it was started in.
    #[inline]
    pub(super) const fn within(frame: u64) -> Self {
        Self {
            data: None,
            mark: frame,
        }
    }

    /// The context of a span without data. Should the frame be gone, or on another thread, it is one of an
    /// unsampled trace without a past: never that of another trace.
    #[cold]
    fn inherited(&self) -> Context {
        if self.mark == 0 {
            return Context::new();
        }
        ThreadState::with(|thread| match thread.frame(self.mark) {
            Some(frame) => frame.entry.context().clone(),
            None => {
                let (trace_id, span_id) = (thread.random().trace_id(), thread.random().span_id());
                Context::new().with_span(SpanContext::new(trace_id, span_id, TraceFlags::RANDOM))
            }
        })
        .unwrap_or_default()
    }

    /// Gives a span of an unsampled trace ids of its own, with which it can be entered on another thread.
    pub(crate) fn movable(self) -> Self {
        if self.data.is_some() || self.mark == 0 {
            self
        } else {
            SpanBuilder::new("").parent(&self.inherited()).start()
        }
    }

    /// What is pushed on the stack when it is entered; nothing if it belongs to no trace.
    #[inline]
    pub(crate) fn into_entry(mut self) -> Option<Entry> {
        match self.data.take() {
            Some(data) => Some(Entry::Span(data)),
            None => Some(self.inherited())
                .filter(|context| !context.is_empty())
                .map(Entry::Context),
        }
    }

    /// Whether what is said of it is kept.
    #[inline]
    pub fn is_recording(&self) -> bool {
        self.mark == RECORDED
    }

    /// Its ids.
    pub fn span_context(&self) -> Option<SpanContext> {
        self.context().span().copied()
    }

    /// All that travels with it, to be handed on: ids, trace state, baggage.
    pub fn context(&self) -> Context {
        match &self.data {
            Some(data) => data.context().clone(),
            None => self.inherited(),
        }
    }

    /// Adds an attribute, or replaces the one with this key.
    #[inline(always)]
    pub fn with<'k, 'v>(mut self, key: impl Into<Key<'k>>, value: impl Into<Value<'v>>) -> Self {
        self.set(key, value);
        self
    }

    #[inline(always)]
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut SpanData)) {
        if self.is_recording()
            && let Some(data) = &mut self.data
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

    /// The ids of a recorded span with which nothing else travels.
    #[cfg(feature = "tracing")]
    #[inline]
    pub(crate) fn only_ids(&self) -> Option<SpanContext> {
        let data = self.data.as_ref().filter(|_| self.is_recording())?;
        data.context().only_span().copied()
    }

    /// Ends it as of a time at which nobody was in it any more.
    pub(crate) fn end_at_unix(mut self, time: UnixNanos) {
        let mut data = self.data.take();
        ThreadState::with(|thread| data.take().map(|data| data.end(thread, Some(time))));
        if let Some(data) = data {
            end_late(data);
        }
    }

    /// Says that a panic which unwinds ends it, if that is so.
    #[cfg(feature = "tracing")]
    pub(crate) fn note_panic(&mut self) {
        if let Some(data) = self.data.as_mut().filter(|data| data.is_ended_by_panic()) {
            crate::panics::note(data);
        }
    }

    /// Ends it as of this time.
    pub fn end_at(self, time: SystemTime) {
        self.end_at_unix(super::data::unix_nanos(time));
    }
}

impl Drop for Span {
    #[inline]
    fn drop(&mut self) {
        if let Some(data) = self.data.take() {
            end(data);
        }
    }
}

/// Ends a span; one that ends because of a panic says so. Not inlined, so that the drop of a span without data is.
#[inline(never)]
fn end(mut data: Box<SpanData>) {
    if data.is_ended_by_panic() {
        crate::panics::note(&mut data);
    }
    let mut data = Some(data);
    ThreadState::with(|thread| data.take().map(|data| data.end(thread, None)));
    if let Some(data) = data {
        end_late(data);
    }
}

/// Ends a span whose handle outlives what its thread has of the recorder: in another thread-local variable.
#[cold]
fn end_late(data: Box<SpanData>) {
    if ThreadState::is_gone() {
        data.end(&mut ThreadState::new(), None);
    }
}

/// The methods that every way to a span has; each does nothing if the span is not recorded.
macro_rules! span_methods {
    ($($type:ty),*) => {$(
        impl $type {
            /// Adds an attribute, or replaces the one with this key.
            #[inline(always)]
            pub fn set<'k, 'v>(&mut self, key: impl Into<Key<'k>>, value: impl Into<Value<'v>>) {
                self.edit(|span| span.set(key.into(), value.into()));
            }

            /// Adds an event that happens now.
            pub fn event(&mut self, name: &str) {
                self.edit(|span| span.event(name, None, |_| {}));
            }

            /// Adds an event that happens now, with attributes.
            pub fn event_with(&mut self, name: &str, fill: impl FnOnce(&mut Fields)) {
                self.edit(|span| span.event(name, None, fill));
            }

            /// Adds an event that happened at this time, with attributes.
            pub fn event_at(&mut self, name: &str, time: SystemTime, fill: impl FnOnce(&mut Fields)) {
                self.edit(|span| span.event(name, Some(time), fill));
            }

            /// Links it to a span of this or another trace.
            pub fn link(&mut self, to: &Context) {
                self.edit(|span| span.link(to, |_| {}));
            }

            /// Links it to a span of this or another trace, with attributes.
            pub fn link_with(&mut self, to: &Context, fill: impl FnOnce(&mut Fields)) {
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
