//! Critical path, health, fleet view and trace file, from tapes that were really written.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what the tests share fails as they do"
)]

mod support;

mod a_faster_part_lets_others_take_over;
mod a_fleet_shows_where_runs_are_going;
mod critical_paths_equal_those_found_by_hand;
mod errors_are_told_by_their_root_cause;
mod health_names_what_is_missing;
mod health_shows_where_the_time_went;
mod reports_can_be_read_and_harm_nobody;
mod the_trace_file_is_json_whatever_was_recorded;
mod what_is_not_as_usual_is_flagged;
