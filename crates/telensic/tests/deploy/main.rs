//! What is shipped in `deploy/`, held against real programs: promtool, Prometheus, and programs that are instrumented.

#![cfg(all(feature = "macros", feature = "metrics", feature = "run", target_os = "linux"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "../metrics/peer.rs"]
mod peer;
mod prometheus;
#[expect(dead_code, reason = "the tests of the metrics use the rest")]
#[path = "../metrics/scrape.rs"]
mod scrape;
mod shipped;
#[expect(dead_code, unused_imports, reason = "the tests of the recorder use the rest")]
#[path = "../recorder/support/mod.rs"]
mod support;

mod alerts_fire_and_resolve;
mod every_query_finds_series;
mod promtool_accepts_it;
mod what_is_asked_for_is_written;
