//! Provenance and fingerprints, from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod arrays_are_told_by_their_values;
mod canonical_json_is_that_of_the_rfc;
mod csv_is_read_as_it_is_written;
mod differences_name_column_and_rows;
mod files_that_cannot_be_read_say_why;
mod fingerprints_stay_what_they_are;
mod git_is_asked_but_not_trusted;
mod json_counts_rows_and_keys;
#[cfg(feature = "arrow")]
mod layouts_of_arrow_make_no_difference;
#[cfg(feature = "parquet")]
mod parquet_is_told_by_its_values;
mod provenance_holds_no_secret;
