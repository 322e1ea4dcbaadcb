//! The standard spans, none of which is there.

use super::Span;

/// Nothing.
#[inline]
pub fn pipeline(_: &str, _: &str) -> Span {
    Span
}

/// Nothing.
#[inline]
pub fn run_stage(_: &str) -> Span {
    Span
}

/// Nothing.
#[inline]
pub fn run_step(_: &str, _: bool) -> Span {
    Span
}

/// Nothing.
#[inline]
pub fn execute_sleeves(_: usize, _: usize) -> Span {
    Span
}

/// Nothing.
#[inline]
pub fn run_pipeline(_: &str, _: &str) -> Span {
    Span
}

/// Nothing.
#[inline]
pub const fn operation<'a>(_: &'a str, _: &'a str) -> Operation<'a> {
    Operation(std::marker::PhantomData)
}

/// An operation of which nothing is told.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a>(std::marker::PhantomData<&'a str>);

impl<'a> Operation<'a> {
    /// Nothing.
    #[inline]
    #[must_use]
    pub const fn symbol(self, _: &'a str) -> Self {
        self
    }

    /// Nothing.
    #[inline]
    #[must_use]
    pub const fn strategy(self, _: &'a str) -> Self {
        self
    }

    /// Nothing.
    #[inline]
    pub fn start(&self) -> Span {
        Span
    }

    /// Nothing.
    #[inline]
    pub fn progress(&self, _: f64, _: &str) -> Span {
        Span
    }

    /// Nothing.
    #[inline]
    pub fn complete(&self) -> Span {
        Span
    }

    /// Nothing.
    #[inline]
    pub fn fail(&self) -> Span {
        Span
    }
}
