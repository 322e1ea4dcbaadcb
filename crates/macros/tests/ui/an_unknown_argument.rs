#![expect(unused, reason = "only errors are of interest")]

use telensic::trace_span;

#[trace_span("run_stage:{stage_idd}")]
fn run_stage(stage_id: &str) {}

#[trace_span("of {self.symbol}")]
fn without_self() {}

#[trace_span(args, skip(api_kye))]
fn fetch(api_key: &str) {}

fn main() {}
