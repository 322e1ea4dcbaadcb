#![expect(unused, reason = "only errors are of interest")]

use telensic::trace_span;

struct Opaque;

#[trace_span(fields(opaque))]
fn named(opaque: Opaque) {}

#[trace_span(fields(made = Opaque))]
fn expression() {}

#[trace_span(args)]
fn all(opaque: Opaque) {}

#[trace_span("of {opaque}")]
fn in_the_name(opaque: Opaque) {}

#[trace_span(err)]
fn no_result() -> u32 {
    1
}

fn main() {}
