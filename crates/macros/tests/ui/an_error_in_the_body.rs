#![expect(unused, reason = "only errors are of interest")]

use telensic::trace_span;

#[trace_span]
fn plain() -> u32 {
    "text"
}

#[trace_span]
fn fallible() -> Result<u32, String> {
    Ok("text")
}

#[trace_span]
async fn in_a_future() -> u32 {
    "text"
}

#[trace_span]
async fn fallible_future() -> Result<u32, String> {
    let number: u32 = "1".parse()?;
    Ok(number)
}

#[trace_span]
fn names_nothing() {
    let sum = missing + 1;
}

fn main() {}
