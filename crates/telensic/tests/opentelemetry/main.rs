//! The OpenTelemetry API and SDK as a program meets them: one behaviour a file.
//!
//! There is one recorder and one set of globals in a process, so each scenario is a child process: this program started
//! again to run an ignored test ([`support::child`]). What is expected is what OpenTelemetry's own SDK makes of the same
//! calls, in its own protobuf classes.

#![cfg(all(feature = "opentelemetry-sdk", target_os = "linux"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod decoded;
#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the tests of the recorder, which need more of it"
)]
#[path = "../recorder/support/mod.rs"]
mod support;

mod any_order_of_guards_keeps_the_contexts_equal;
mod contexts_travel_in_carriers;
mod either_span_is_the_others_parent;
mod log_records_of_appenders_are_recorded;
mod spans_of_another_sdk_keep_everything;
mod spans_of_the_api_are_recorded_whole;
mod what_tracing_crates_build_on_the_api_works;
