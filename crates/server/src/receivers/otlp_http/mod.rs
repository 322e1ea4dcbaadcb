//! OTLP over HTTP: `POST /v1/traces`, `/v1/logs` and `/v1/metrics`, in protobuf or JSON, plain or compressed.
//!
//! ```text
//! Receiver (a thread of its own) -> connections -> exchange: route, body, encoding, request -> Intake -> answer
//! ```
//!
//! Invariants: an answer of success is sent after the intake has stored the records; whatever a client sends, it gets
//! an answer or is disconnected, and the others are served.

mod answer;
mod body;
mod connections;
mod encoding;
mod exchange;
mod limits;
mod receiver;

pub use limits::Limits;
pub use receiver::{CannotListen, Ending, Receiver};
