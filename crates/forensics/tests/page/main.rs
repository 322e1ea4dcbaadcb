//! The report and the evidence pack, as a browser shows them and as files.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what the tests share fails as they do"
)]

mod browser;
mod record;
mod runs;

mod a_pack_comes_back_as_a_run;
mod a_pack_verifies_in_the_browser;
mod hostile_text_stays_text;
mod huge_runs_are_thinned_by_rule;
mod the_page_checks_as_the_standards_say;
mod the_page_shows_a_run;
