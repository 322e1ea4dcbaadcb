//! `#[instrument_adapter]`: spans as they are read back from the tape, and metrics as they are shown: one behaviour a file.

#![cfg(all(feature = "macros", feature = "metrics", feature = "run", target_os = "linux"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod counted;
#[expect(dead_code, reason = "the tests of the metrics use the rest")]
#[path = "../metrics/scrape.rs"]
mod scrape;
#[expect(dead_code, unused_imports, reason = "the tests of the recorder use the rest")]
#[path = "../recorder/support/mod.rs"]
mod support;

mod a_call_is_a_span;
mod calls_are_counted_however_they_end;
mod errors_are_told_apart;
mod secrets_of_arguments_stay_out;
mod totals_are_exact_under_load;
