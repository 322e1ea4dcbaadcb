//! Typed events as their users meet them: one behaviour a file.

#![expect(clippy::unwrap_used, reason = "what the tests share fails as they do")]

mod support;

mod events_jsonl_holds_one_valid_object_a_line;
mod every_typed_event_comes_back_from_the_tape;
mod records_of_others_are_read_whatever_they_hold;
mod schemas_are_generated_from_the_types;
mod users_bring_their_own_schemas;
mod what_does_not_fit_is_kept_with_the_reason;
