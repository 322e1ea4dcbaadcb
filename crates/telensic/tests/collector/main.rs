//! The event collector, as those see it who add events and those who want them: one behaviour a file.

#![cfg(all(feature = "metrics", feature = "run", target_os = "linux"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

#[expect(dead_code, reason = "the tests of the metrics use the rest")]
#[path = "../metrics/scrape.rs"]
mod scrape;
#[expect(dead_code, unused_imports, reason = "the tests of the recorder use the rest")]
#[path = "../recorder/support/mod.rs"]
mod support;

mod aggregates_say_what_happened_lately;
mod every_event_is_in_the_file;
mod no_secret_is_kept;
mod nobody_waits_for_the_collector;
mod subscribers_get_what_they_want;
