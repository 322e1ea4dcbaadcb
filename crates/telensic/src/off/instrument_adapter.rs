//! What the code calls that `#[instrument_adapter]` generates: nothing is recorded or counted.

use super::Span;
use crate::adapter::AdapterError;

/// A method of an adapter, of which nothing is known.
#[derive(Debug)]
pub struct Operation;

impl Operation {
    /// An operation.
    pub const fn new(_: &'static str, _: &'static str, _: &'static str) -> Self {
        Self
    }

    /// Nothing.
    #[inline(always)]
    pub fn start(&self) -> Span {
        Span
    }

    /// Nothing.
    #[inline(always)]
    pub fn begin(&self) -> Call {
        Call
    }
}

/// A call that is not counted.
#[derive(Debug)]
pub struct Call;

impl Call {
    /// Nothing.
    #[inline(always)]
    pub fn succeed<S>(self, _: &mut S) {}

    /// Nothing; the closure is not called.
    #[inline(always)]
    pub fn fail<'e, S>(self, _: &mut S, _: impl FnOnce() -> AdapterError<'e>) {}
}
