//! `tracing` and `log` as a program meets them: one behaviour a file.
//!
//! There is one recorder and one global subscriber in a process, so each scenario is a child process: this program
//! started again to run an ignored test ([`support::child`]).

#![cfg(all(feature = "tracing", target_os = "linux"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the tests of the recorder, which need more of it"
)]
#[path = "../recorder/support/mod.rs"]
mod support;

mod events_become_log_records;
mod fields_arrive_as_they_were_given;
mod filtered_spans_are_nobodys_parent;
mod logging_is_set_up_once;
mod no_secret_of_a_field_is_recorded;
mod records_of_the_log_crate_are_recorded_once;
mod spans_end_when_they_are_done;
mod spans_nest_with_those_of_telensic;
mod typed_records_have_the_same_fields_everywhere;
mod work_keeps_its_parent_wherever_it_runs;
