//! CPU profiles of real processes: which function of which stage was busy, and that nobody who is not asked is disturbed.

#![cfg(all(
    feature = "profile",
    target_os = "linux",
    target_env = "gnu",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "../recorder/support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the tests of the recorder, which use all of it"
)]
mod support;

mod busy;
mod profiled;

mod a_program_that_uses_the_signal_is_left_alone;
mod a_stage_names_its_own_hot_function;
mod forked_children_are_not_sampled;
mod others_read_the_file;
mod samples_tell_the_time_that_was_used;
mod threads_may_come_and_go;
mod who_does_not_ask_pays_nothing;
mod workers_are_drawn_with_their_stage;
