//! The store at its face: what was acknowledged is found, once, whatever happens in between.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod a_crash_anywhere_loses_nothing_and_doubles_nothing;
mod answers_equal_those_of_a_plain_loop;
mod exporters_follow_at_their_own_pace;
mod pages_follow_on_one_another_while_the_store_changes;
mod what_is_damaged_is_named_and_costs_nothing_else;
mod what_was_acknowledged_is_seen_at_once;

mod support;
