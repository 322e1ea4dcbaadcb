//! Not even a program that forbids everything has to allow anything.

#![forbid(unsafe_code, unused, missing_docs, nonstandard_style, rust_2018_idioms, unused_qualifications)]
#![forbid(elided_lifetimes_in_paths, single_use_lifetimes, unreachable_pub, unused_results, let_underscore_drop)]

use telensic::trace_span;

#[trace_span("run_stage:{stage_id}", args, ret, kind = internal)]
fn run_stage(stage_id: &str, rows: Option<u64>) -> Result<u64, std::num::ParseIntError> {
    let base: u64 = stage_id.parse()?;
    Ok(rows.map_or(base, |rows| rows + base))
}

#[trace_span(fields(length = stage_id.len()))]
async fn later(stage_id: &str) -> Result<u64, std::num::ParseIntError> {
    run_stage(stage_id, None)
}

fn main() {
    assert_eq!(run_stage("2", Some(1)), Ok(3));
    drop(later("2"));
}
