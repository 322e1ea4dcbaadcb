//! What the code calls that `#[instrument_adapter]` generates. It is no part of the public face: it may change in any
//! version.
//!
//! - [`Operation`] is the call site: it starts the span and knows the metrics, looked up once.
//! - [`Call`] is one call: it ends by [`Call::succeed`] or [`Call::fail`], or else, dropped, as a panic or a cancellation.
//! - [`Failing`] sees why a call failed from an error of any type, as `Failure` does what to say of it.

mod failing;

#[cfg(feature = "record")]
mod call;
#[cfg(feature = "record")]
mod operation;

pub use failing::{ClassifiesItself, DerefsToWhatDoes, Failing, IsAnError, IsAnything};

#[cfg(not(feature = "record"))]
pub use crate::off::instrument_adapter::{Call, Operation};
#[cfg(feature = "record")]
pub use {call::Call, operation::Operation};
