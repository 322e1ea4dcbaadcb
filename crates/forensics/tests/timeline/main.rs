//! The timeline, from tapes that were really written.

mod support;

mod clocks_are_bounded_not_corrected;
mod everything_is_joined_and_nothing_dropped;
