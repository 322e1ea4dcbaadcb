//! Stories of the program as its user sees it: what is typed, what is printed, how it ends.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod support;

mod a_half_written_run_is_read_as_far_as_it_goes;
mod a_killed_process_leaves_its_open_spans_to_see;
mod a_machine_is_examined_before_it_records;
mod a_profile_is_taken_of_who_can_be;
mod a_reader_that_leaves_ends_it_quietly;
mod a_run_goes_out_and_comes_in;
mod a_run_is_shown_at_a_glance;
mod a_run_whose_process_died_is_recovered;
mod a_sealed_run_is_proven_whole_or_the_change_is_named;
mod a_tape_is_shown_at_a_glance;
mod any_program_is_recorded_as_a_run;
mod bad_input_is_said_in_one_line;
mod damage_is_named_and_ends_with_one;
mod events_are_held_against_their_schemas;
mod names_in_a_run_cannot_drive_the_terminal;
mod records_are_printed_one_a_line;
mod records_mean_the_same_to_opentelemetry;
mod secrets_in_the_environment_stay_hidden;
mod shells_and_man_get_what_they_need;
mod tapes_of_many_nodes_become_one_trace;
mod the_demonstration_shows_what_it_promises;
mod two_runs_part_where_they_differ;
mod what_is_no_tape_is_said_in_one_line;
mod what_was_decided_can_be_followed;
mod what_was_recorded_cannot_drive_the_terminal;
