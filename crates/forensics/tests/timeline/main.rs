//! The timeline, from tapes that were really written.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the builder of tests fails as tests do"
)]

mod support;

mod clocks_are_bounded_not_corrected;
mod everything_is_joined_and_nothing_dropped;
