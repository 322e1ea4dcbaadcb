//! What the code calls that `#[trace_span]` generates: nothing is evaluated, nothing is kept.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use super::{Key, ScopeId, Span};
use crate::context::Context;
use crate::{SpanKind, Value};

/// A place in the program where no spans are started.
#[derive(Clone, Copy, Debug)]
pub struct Site;

impl Site {
    /// A site.
    pub const fn new(_: &str, _: &[&str]) -> Self {
        Self
    }

    /// Nothing.
    #[inline(always)]
    pub fn start(&self, _: &str, _: Start<'_>) -> Span {
        Span
    }

    /// Nothing.
    #[inline(always)]
    pub fn start_as(&self, _: fmt::Arguments<'_>, _: Start<'_>) -> Span {
        Span
    }
}

/// What a span would be started with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start<'p>(PhantomData<&'p Context>);

impl<'p> Start<'p> {
    /// Nothing.
    #[inline(always)]
    pub fn new() -> Self {
        Self(PhantomData)
    }

    /// Nothing.
    #[inline(always)]
    #[must_use]
    pub fn kind(self, _: SpanKind) -> Self {
        self
    }

    /// Nothing.
    #[inline(always)]
    #[must_use]
    pub fn scope(self, _: ScopeId) -> Self {
        self
    }

    /// Nothing.
    #[inline(always)]
    #[must_use]
    pub fn parent(self, _: &'p Context) -> Self {
        self
    }

    /// Nothing.
    #[inline(always)]
    #[must_use]
    pub fn root(self) -> Self {
        self
    }
}

/// Every way to a span that is not there.
pub trait Say {
    /// Nothing.
    #[inline(always)]
    fn set_value(&mut self, _: Key<'static>, _: Value<'_>) {}
    /// Nothing.
    #[inline(always)]
    fn set_text(&mut self, _: Key<'static>, _: fmt::Arguments<'_>) {}
    /// Nothing.
    #[inline(always)]
    fn fail<E: Error + ?Sized>(&mut self, _: &E) {}
    /// Nothing.
    #[inline(always)]
    fn fail_as(&mut self, _: &'static str, _: fmt::Arguments<'_>) {}
}

impl<T> Say for T {}
