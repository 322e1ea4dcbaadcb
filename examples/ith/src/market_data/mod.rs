//! A provider of market data, and the adapter by which the pipeline calls it: over HTTP on loopback, so that all of it is
//! real: contexts in headers, refusals, timeouts.

mod adapter;
mod error;
mod faults;
mod service;

pub use adapter::MarketData;
pub use error::MarketDataError;
pub use faults::Faults;
pub use service::{Service, serve};
