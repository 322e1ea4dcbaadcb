//! Adapters: clients of data providers, and why their calls fail.
//!
//! [`instrument_adapter`](crate::instrument_adapter) records the calls of one; this is how it sees what an error means. A
//! type of the user's says it itself, by [`ClassifyError`]; of any other the sources are asked.

mod classify;
mod error;
mod known;

pub use classify::ClassifyError;
pub use error::AdapterError;
#[cfg(all(feature = "macros", feature = "record"))]
pub(crate) use known::of_sources;
