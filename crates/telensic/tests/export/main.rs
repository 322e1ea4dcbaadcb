//! Export as a backend meets it: one behaviour a file.
//!
//! Whatever records is a child process (`support::child`); backends are real ones on loopback: ours, OpenTelemetry's own
//! classes in Python, and one that misbehaves as a test asks for.

#![cfg(all(feature = "otlp", target_os = "linux"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod backend;
#[path = "../recorder/support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the tests of the recorder, which use all of it"
)]
mod support;
mod work;

mod a_backend_that_fails_costs_nothing;
mod a_certificate_is_checked;
mod a_restart_sends_the_rest;
mod only_sampled_records_leave;
mod our_own_receiver_takes_it;
mod overrun_is_counted;
mod refusals_are_counted_and_said_once;
mod secrets_go_to_the_endpoint_alone;
mod what_arrives_is_what_was_recorded;
