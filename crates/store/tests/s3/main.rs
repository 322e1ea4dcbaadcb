//! The store with its segments in a bucket of a real S3 server (moto), which is slow at times and answers 503 at others.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod a_bad_server_costs_time_not_spans;
mod server;

#[expect(dead_code, reason = "the other tests need more of it")]
#[path = "../store/support.rs"]
mod support;
