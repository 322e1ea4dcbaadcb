//! The doors to HTTP and gRPC as servers and clients meet them: one behaviour a file.
//!
//! There is one recorder in a process, so each scenario is a child process: this program started again to run an ignored
//! test ([`support::child`]), with real servers and clients on loopback.

#![cfg(all(feature = "axum", feature = "reqwest", feature = "tonic", target_os = "linux"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod quotes;
#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the tests of the recorder, which need more of it"
)]
#[path = "../recorder/support/mod.rs"]
mod support;
mod wire;

mod a_call_is_a_span;
mod a_remote_procedure_call_is_a_span;
mod a_request_is_a_span;
mod an_answer_ends_with_its_body;
mod any_tower_service_can_be_recorded;
mod no_secret_of_a_request_is_recorded;
mod what_went_wrong_is_told_apart;
