//! The example pipeline as a newcomer runs it, and its record as `telensic` reads it: one story a file.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod bench;

mod a_killed_driver_is_recovered;
mod a_killed_worker_is_named;
mod a_look_ahead_is_flagged;
mod calls_that_fail_are_made_again;
mod files_are_read;
mod hypotheses_are_registered_and_counted;
mod the_same_seed_gives_the_same_record;
mod what_was_decided_is_rebuilt;
mod workers_come_to_the_same;
