//! The tape as its users meet it: one behaviour a file.
//!
//! Tests that need a process of their own start this program again ([`support::child`]).

#![cfg(all(feature = "file", unix, not(loom)))]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod support;

mod a_child_process_leaves_the_tape_alone;
mod a_fixed_format_is_read_for_ever;
mod a_full_disk_costs_nothing_that_fits_memory;
mod a_killed_process_leaves_all_it_acknowledged;
mod a_late_record_is_refused_or_kept;
mod a_ring_keeps_the_newest_within_its_budget;
mod a_run_keeps_everything_without_a_clerk;
mod bodies_are_otlp;
mod hostile_bytes_are_named_not_obeyed;
mod large_records_take_cells_of_their_own;
mod open_spans_are_listed_until_they_end;
mod records_come_back_exactly_once;
mod short_threads_share_chunks;
mod without_a_directory_it_records_in_memory;
mod without_a_mapping_the_clerk_writes;
