//! Ways into the recorder for code that is already written: one room for each.

#[cfg(feature = "macros")]
pub mod adapter;
#[cfg(feature = "record")]
pub mod door;
#[cfg(any(feature = "tower", feature = "reqwest"))]
pub(crate) mod http;
#[cfg(feature = "opentelemetry")]
pub mod opentelemetry;
#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(any(feature = "opentelemetry", feature = "tracing"))]
pub(crate) mod scopes;
#[cfg(feature = "record")]
pub(crate) mod site;
#[cfg(feature = "record")]
pub mod standard;
#[cfg(feature = "record")]
pub(crate) mod start;
#[cfg(feature = "record")]
pub(crate) mod text;
#[cfg(feature = "tonic")]
pub mod tonic;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "macros")]
pub mod trace_span;
#[cfg(feature = "tracing")]
pub(crate) mod tracing;
