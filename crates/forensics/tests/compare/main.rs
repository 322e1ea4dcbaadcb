//! What differs between runs, and what a single run's record proves: on real tapes in real run directories.

#![expect(clippy::unwrap_used, reason = "the builder of tests fails as tests do")]

mod a_run_replays_from_its_record;
mod decisions_know_nothing_early;
mod figures_lead_back_to_data;
mod hypotheses_are_counted_together;
mod recorded_text_forges_no_line;
mod runs_differ_where_they_part;
mod support;
