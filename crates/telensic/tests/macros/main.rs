//! `#[trace_span]` and the standard spans, as they are read back from the tape: one behaviour a file.

#![cfg(all(feature = "macros", feature = "run", target_os = "linux"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

#[expect(dead_code, unused_imports, reason = "the tests of the recorder use the rest")]
#[path = "../recorder/support/mod.rs"]
mod support;

mod a_call_is_a_span;
mod a_future_is_a_span;
mod arguments_are_recorded_only_if_named;
mod generated_code_is_not_seen;
mod standard_spans_say_which_run;
mod what_goes_wrong_is_told;
