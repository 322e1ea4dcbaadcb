//! The recorder as a program meets it: one behaviour a file.
//!
//! There is one recorder in a process, so each scenario is a child process: this program started again to run
//! an ignored test ([`support::child`]).

#![cfg(all(feature = "record", target_os = "linux"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod acknowledged;
mod support;

mod a_forked_child_records_for_itself;
mod a_run_is_recorded_into_a_directory_of_its_own;
mod a_wall_clock_set_back_tears_no_trace;
mod every_ended_span_survives_sigkill;
mod no_secret_reaches_the_disk;
mod other_deaths_cost_no_more;
mod others_decode_what_we_write;
mod recording_begins_and_ends_as_asked;
mod tasks_keep_their_span;
mod the_current_span_is_each_threads_own;
mod the_disk_may_be_full_or_gone;
mod the_environment_is_heeded;
mod what_is_cut_is_counted;
