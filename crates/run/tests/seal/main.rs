//! What is sealed stays provable: every change is named, and nothing else is.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "what the tests stand on fails as they do")]

mod support;

mod a_crash_between_any_two_steps_is_mended;
mod a_key_is_made_once_and_kept_private;
mod a_ledger_shows_every_change;
mod a_run_that_goes_on_verifies_up_to_its_last_full_chunk;
mod a_seal_states_what_a_run_holds;
mod every_changed_byte_is_named;
mod many_processes_keep_one_chain;
mod what_is_moved_is_named;
