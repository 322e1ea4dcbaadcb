#![expect(unused, reason = "only errors are of interest")]

use telensic::trace_span;

#[trace_span("load", feilds(rows))]
fn load(rows: u64) {}

#[trace_span(kind = clinet)]
fn call() {}

#[trace_span(root, root)]
fn twice() {}

#[trace_span(root, parent = context)]
fn two_parents(context: &telensic::context::Context) {}

#[trace_span(skip(api_key))]
fn fetch(api_key: &str) {}

#[trace_span(fields(rows = 1, rows = 2))]
fn same_key() {}

#[trace_span(fields("rows"))]
fn no_value() {}

#[trace_span(name)]
fn no_name() {}

#[trace_span(skip)]
fn no_list() {}

fn main() {}
