//! Stories of the program as its user sees it: what is typed, what is printed, how it ends.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod support;

mod a_killed_process_leaves_its_open_spans_to_see;
mod a_machine_is_examined_before_it_records;
mod a_reader_that_leaves_ends_it_quietly;
mod a_tape_is_shown_at_a_glance;
mod damage_is_named_and_ends_with_one;
mod records_are_printed_one_a_line;
mod records_mean_the_same_to_opentelemetry;
mod secrets_in_the_environment_stay_hidden;
mod shells_and_man_get_what_they_need;
mod what_is_no_tape_is_said_in_one_line;
mod what_was_recorded_cannot_drive_the_terminal;
