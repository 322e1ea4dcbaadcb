//! `tracing` and `log`: programs and libraries that speak either are recorded.
//!
//! A [`TracingLayer`] turns spans into spans and events into log records. It keeps the open spans itself ([`open`]), and
//! what is known of a callsite it finds out once ([`callsite`]). Entering a span puts its context on the same stack as
//! entering one of Telensic's own does, so that both kinds nest in one another. A [`LogBridge`] takes the records of the
//! `log` crate, and [`setup_logging`] installs all of it.

mod bridge;
mod callsite;
mod event;
mod fields;
mod layer;
mod location;
mod newest;
mod open;
mod setup;
mod span_fields;

use super::scopes;

pub use bridge::LogBridge;
pub use layer::{TracingLayer, tracing_layer};
pub use setup::{Logging, SetupError, setup_logging};
