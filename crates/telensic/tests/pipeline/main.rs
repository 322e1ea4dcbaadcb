//! Pipelines as those meet them who write one and those who read its record: one behaviour a file.

#![cfg(all(feature = "run", target_os = "linux"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod recorded;
#[path = "../recorder/support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the tests of the recorder, which use all of it"
)]
mod support;

mod failures_are_tried_again_and_named;
mod sleeves_harm_no_other;
mod stages_run_as_soon_as_they_can;
mod what_cannot_be_run_is_told_before_anything_is;
mod workers_continue_the_trace;
