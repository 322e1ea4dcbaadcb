//! What the code calls that `#[trace_span]` generates. It is no part of the public face: it may change in any version.
//!
//! - [`Site::start`] and [`Site::start_as`] begin every span, [`call`] and [`in_span`] do the work within it.
//! - [`Given`] puts a value of any type into an attribute; [`Outcome`] and [`Failure`] see what came of the call.
//!
//! Types are told apart by method resolution: a method is looked for on `&&&T`, then on `&&T`, and so on, so of several
//! traits that have it the one counts whose implementation needs the most references.

mod failure;
mod given;
mod outcome;
#[cfg(feature = "record")]
mod say;

use std::future::Future;

pub use failure::{Failure, ThatDerefs, ThatIsAnError, ThatIsAnything, ThatIsDebug, ThatSpeaks};
pub use given::{Given, Known, OrBorrowed, OrCopied, OrDebug, OrKnown, OrRefused};
pub use outcome::{OfAny, OfResult, Outcome, error_of};

#[cfg(not(feature = "record"))]
pub use crate::off::trace_span::{Say, Site, Start};
#[cfg(feature = "record")]
pub use {super::site::Site, super::start::Start, say::Say};

use crate::{InSpan, Span};

/// Calls a closure once. Passed as an argument, it may give away what it has captured.
#[inline(always)]
pub fn call<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// The future, in the span.
#[inline]
pub fn in_span<F: Future>(future: F, span: Span) -> impl Future<Output = F::Output> {
    future.in_span(span)
}
