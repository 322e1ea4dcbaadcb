//! Context: what travels with a request from one process to the next, and the forms it travels in.
//!
//! A [`Context`] names the span that is the parent of what comes next ([`SpanContext`]), the notes other
//! tracing systems left about the trace ([`TraceState`]), and the program's own values ([`Baggage`]). A list of
//! [`Propagators`] writes it into any carrier that is an [`Injector`] (HTTP headers, gRPC metadata, a map, the
//! environment of a child process) and reads it from any that is an [`Extractor`].
//!
//! Invariant: everything here is pure and total. What came over the wire is never trusted; malformed input gives
//! an empty context, so a new trace starts, and never an error or a panic.
//!
//! ```
//! use std::collections::HashMap;
//! use telensic::context::{Baggage, Context, Propagators, SpanContext};
//!
//! let mut baggage = Baggage::new();
//! baggage.insert("run_id", "r-42");
//! let parent = SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
//! let context = Context::new().with_span(parent.unwrap()).with_baggage(baggage);
//!
//! let mut headers = HashMap::new();
//! let propagators = Propagators::default();
//! propagators.inject(&context, &mut headers);
//! assert_eq!(headers["traceparent"], "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
//! assert_eq!(headers["baggage"], "run_id=r-42");
//! assert_eq!(propagators.extract(&headers), context);
//! ```

mod b3;
mod baggage;
mod carrier;
#[expect(
    clippy::module_inception,
    reason = "the room's central idea bears the room's name"
)]
mod context;
mod env_carrier;
mod propagator;
mod span_context;
mod trace_state;
mod traceparent;

#[cfg(test)]
mod tests;

pub use baggage::{Baggage, BaggageMember, BaggageProperty};
pub use carrier::{Extractor, Injector};
pub use context::Context;
pub use env_carrier::EnvCarrier;
pub use propagator::{Propagator, Propagators};
pub use span_context::{SpanContext, TraceFlags};
pub use trace_state::TraceState;
