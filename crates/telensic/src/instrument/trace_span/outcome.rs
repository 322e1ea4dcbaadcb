//! What a function returned: perhaps a `Result`, whatever its type is called.

use std::convert::Infallible;

/// A value that was returned.
pub struct Outcome<'r, T>(pub &'r T);

/// Of a result: its error, or its value.
pub trait OfResult<'r> {
    /// What it comes to when all goes well.
    type Value;
    /// What it comes to otherwise.
    type Error;

    /// The error, if it is one.
    fn error(&self) -> Option<&'r Self::Error>;
    /// The value, if it is none.
    fn value(&self) -> Option<&'r Self::Value>;
}

impl<'r, T, E> OfResult<'r> for &Outcome<'r, Result<T, E>> {
    type Value = T;
    type Error = E;

    #[inline(always)]
    fn error(&self) -> Option<&'r E> {
        self.0.as_ref().err()
    }

    #[inline(always)]
    fn value(&self) -> Option<&'r T> {
        self.0.as_ref().ok()
    }
}

/// Of any other type: the value, and never an error.
pub trait OfAny<'r> {
    /// What was returned.
    type Value;

    /// None.
    fn error(&self) -> Option<&'r Infallible>;
    /// It.
    fn value(&self) -> Option<&'r Self::Value>;
}

impl<'r, T> OfAny<'r> for Outcome<'r, T> {
    type Value = T;

    #[inline(always)]
    fn error(&self) -> Option<&'r Infallible> {
        None
    }

    #[inline(always)]
    fn value(&self) -> Option<&'r T> {
        Some(self.0)
    }
}

/// The error of what must be a result.
#[inline(always)]
pub fn error_of<T, E>(result: &Result<T, E>) -> Option<&E> {
    result.as_ref().err()
}
