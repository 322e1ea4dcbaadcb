//! The face of the switched-off build: every name is here, every type is empty, every call compiles to nothing.
//!
//! The crate `tests/off` compiles one program against this and against the recorder, so the two cannot part.

#[cfg(feature = "macros")]
pub mod instrument_adapter;
pub mod spans;
#[cfg(feature = "macros")]
pub mod trace_span;

use std::error::Error;
use std::future::Future;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::context::{Context, Extractor, Injector, Propagators, SpanContext};
use crate::{Sampler, Severity, SpanKind, Status, Value};

/// The key of an attribute.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a>(PhantomData<&'a str>);

impl Key<'static> {
    /// A key.
    pub const fn new(_: &'static str) -> Self {
        Self(PhantomData)
    }
}

impl<'a> Key<'a> {
    /// A key made at run time.
    pub fn dynamic(_: &'a str) -> Self {
        Self(PhantomData)
    }
}

impl From<&'static str> for Key<'static> {
    #[inline]
    fn from(_: &'static str) -> Self {
        Self(PhantomData)
    }
}

impl<'a> From<&'a String> for Key<'a> {
    #[inline]
    fn from(_: &'a String) -> Self {
        Self(PhantomData)
    }
}

/// An instrumentation scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScopeId;

impl ScopeId {
    /// The scope of this name.
    pub fn named(_: &str, _: &str) -> Self {
        Self
    }
}

/// Defines an empty type whose methods take what they are given and return nothing of it.
macro_rules! span_methods {
    ($($type:ident),*) => {$(
        impl $type {
            /// Nothing.
            #[inline]
            pub fn set<'k, 'v>(&mut self, _: impl Into<Key<'k>>, _: impl Into<Value<'v>>) {}
            /// Nothing.
            #[inline]
            pub fn event(&mut self, _: &str) {}
            /// Nothing; the closure is not called.
            #[inline]
            pub fn event_with(&mut self, _: &str, _: impl FnOnce(&mut Fields)) {}
            /// Nothing; the closure is not called.
            #[inline]
            pub fn event_at(&mut self, _: &str, _: SystemTime, _: impl FnOnce(&mut Fields)) {}
            /// Nothing.
            #[inline]
            pub fn link(&mut self, _: &Context) {}
            /// Nothing; the closure is not called.
            #[inline]
            pub fn link_with(&mut self, _: &Context, _: impl FnOnce(&mut Fields)) {}
            /// Nothing.
            #[inline]
            pub fn record_error<E: Error + ?Sized>(&mut self, _: &E) {}
            /// Nothing.
            #[inline]
            pub fn set_status(&mut self, _: Status) {}
            /// Nothing.
            #[inline]
            pub fn set_name(&mut self, _: &str) {}
            /// No ids.
            #[inline]
            pub fn span_context(&self) -> Option<SpanContext> {
                None
            }
        }
    )*};
}

span_methods!(Span, EnteredSpan, CurrentSpan);

/// Attributes of an event or a link.
#[derive(Debug)]
pub struct Fields;

impl Fields {
    /// Nothing.
    #[inline]
    pub fn set<'k, 'v>(&mut self, _: impl Into<Key<'k>>, _: impl Into<Value<'v>>) -> &mut Self {
        self
    }
}

/// A span that is not there.
#[derive(Debug, Default)]
pub struct Span;

impl Span {
    /// A span.
    #[inline]
    pub const fn none() -> Self {
        Self
    }
    /// No.
    #[inline]
    pub fn is_recording(&self) -> bool {
        false
    }
    /// An empty context.
    #[inline]
    pub fn context(&self) -> Context {
        Context::new()
    }
    /// Nothing.
    #[inline]
    #[must_use]
    pub fn with<'k, 'v>(self, _: impl Into<Key<'k>>, _: impl Into<Value<'v>>) -> Self {
        self
    }
    /// Nothing.
    #[inline]
    pub fn entered(self) -> EnteredSpan {
        EnteredSpan
    }
    /// Runs `work`.
    #[inline]
    pub fn in_scope<T>(&mut self, work: impl FnOnce() -> T) -> T {
        work()
    }
    /// Nothing.
    #[inline]
    pub fn end(self) {}
    /// Nothing.
    #[inline]
    pub fn end_at(self, _: SystemTime) {}
}

/// A span that is not there.
#[derive(Debug)]
pub struct EnteredSpan;

impl EnteredSpan {
    /// An empty context.
    #[inline]
    pub fn context(&self) -> Context {
        Context::new()
    }
    /// Nothing.
    #[inline]
    pub fn leave(&mut self) -> Span {
        Span
    }
}

/// A span that is not there.
#[derive(Debug)]
pub struct CurrentSpan;

/// A context that is not entered.
#[derive(Debug)]
pub struct Attached;

/// Nothing.
#[inline]
pub fn span(_: &str) -> Span {
    Span
}

/// Nothing.
#[inline]
pub fn root_span(_: &str) -> Span {
    Span
}

/// Nothing.
#[inline]
pub fn current() -> CurrentSpan {
    CurrentSpan
}

/// An empty context.
#[inline]
pub fn current_context() -> Context {
    Context::new()
}

/// Nothing.
#[inline]
pub fn attach(_: Context) -> Attached {
    Attached
}

/// A span about to be nothing.
#[derive(Clone, Debug)]
pub struct SpanBuilder<'a>(PhantomData<&'a str>);

impl<'a> SpanBuilder<'a> {
    /// Nothing.
    #[inline]
    pub fn new(_: &'a str) -> Self {
        Self(PhantomData)
    }
    /// Nothing.
    #[inline]
    #[must_use]
    pub fn parent(self, _: &'a Context) -> Self {
        self
    }
    /// Nothing.
    #[inline]
    #[must_use]
    pub fn kind(self, _: SpanKind) -> Self {
        self
    }
    /// Nothing.
    #[inline]
    #[must_use]
    pub fn scope(self, _: ScopeId) -> Self {
        self
    }
    /// Nothing.
    #[inline]
    pub fn start_at(self, _: SystemTime) -> Span {
        Span
    }
    /// Nothing.
    #[inline]
    pub fn start(self) -> Span {
        Span
    }
}

/// Gives futures a span that is not there.
pub trait InSpan: Future + Sized {
    /// The future itself.
    #[inline]
    fn in_span(self, _: Span) -> Self {
        self
    }
}

impl<F: Future> InSpan for F {}

/// A log record that is not made.
#[derive(Debug, Default)]
pub struct LogRecord;

/// Nothing.
#[inline]
pub fn log(_: Severity, _: &str) -> LogRecord {
    LogRecord
}

/// Nothing.
#[inline]
pub fn event(_: &str) -> LogRecord {
    LogRecord
}

impl LogRecord {
    /// No.
    #[inline]
    pub fn is_recording(&self) -> bool {
        false
    }
    /// Nothing.
    #[inline]
    pub fn set<'k, 'v>(&mut self, _: impl Into<Key<'k>>, _: impl Into<Value<'v>>) {}
    /// Nothing.
    #[inline]
    #[must_use]
    pub fn with<'k, 'v>(self, _: impl Into<Key<'k>>, _: impl Into<Value<'v>>) -> Self {
        self
    }
    /// Nothing.
    #[inline]
    #[must_use]
    pub fn error<E: Error + ?Sized>(self, _: &E) -> Self {
        self
    }
    /// Nothing.
    #[inline]
    #[must_use]
    pub fn body<'v>(self, _: impl Into<Value<'v>>) -> Self {
        self
    }
    /// Nothing.
    #[inline]
    #[must_use]
    pub fn scope(self, _: ScopeId) -> Self {
        self
    }
    /// Nothing.
    #[inline]
    #[must_use]
    pub fn at(self, _: SystemTime) -> Self {
        self
    }
    /// Nothing.
    #[inline]
    pub fn emit(self) {}
}

/// Settings that set nothing.
#[derive(Debug, Default)]
pub struct Builder;

impl Builder {
    /// Nothing.
    pub fn new(_: impl Into<String>) -> Self {
        Self
    }
    /// Nothing.
    #[must_use]
    pub fn version(self, _: impl Into<String>) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn environment(self, _: impl Into<String>) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn run_id(self, _: impl Into<String>) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn resource_attribute(self, _: impl Into<String>, _: impl Into<String>) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn dir(self, _: impl Into<PathBuf>) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn log_dir(self, _: impl Into<PathBuf>) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn sampler(self, _: Sampler) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn propagators(self, _: Propagators) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn log_level(self, _: Severity) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn log_files(self, _: bool) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn console(self, _: bool) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn shutdown(self, _: Duration) -> Self {
        self
    }
    /// Nothing.
    #[must_use]
    pub fn panics(self, _: bool) -> Self {
        self
    }
    /// Nothing.
    pub fn init(self) -> Guard {
        Guard
    }
}

/// Keeps nothing on.
#[derive(Debug)]
pub struct Guard;

impl Guard {
    /// Done.
    pub fn shutdown(self) -> bool {
        true
    }
}

/// Nothing.
#[inline]
pub fn init(_: &str) -> Guard {
    Guard
}

/// Done.
#[inline]
pub fn flush(_: Duration) -> bool {
    true
}

/// There is none.
#[inline]
pub fn tape_path() -> Option<PathBuf> {
    None
}

/// Nothing: no header is written.
#[inline]
pub fn inject(_: &Context, _: &mut dyn Injector) {}

/// An empty context.
#[inline]
pub fn extract(_: &dyn Extractor) -> Context {
    Context::new()
}
