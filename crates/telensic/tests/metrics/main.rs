//! Metrics as those meet them who count and those who look: one behaviour a file.
//!
//! The readers are real ones: promtool, Prometheus and its Pushgateway where they are installed, Prometheus' own parser in
//! Python, OpenTelemetry's classes.

#![cfg(all(feature = "metrics", feature = "run", target_os = "linux"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod peer;
mod scrape;
#[path = "../recorder/support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the tests of the recorder, which use all of it"
)]
mod support;

mod a_fork_counts_anew;
mod a_gateway_has_the_last_state;
mod a_prometheus_counts_what_the_program_counted;
mod a_run_keeps_its_metrics;
mod a_scraper_gets_what_it_asks_for;
mod adapters_tell_how_calls_ended;
mod labels_without_end_take_no_memory;
mod misuse_is_told_and_harms_nothing;
mod others_read_the_text;
mod snapshots_lie_on_the_tape;
mod stages_are_counted_however_they_end;
mod totals_are_exact;
