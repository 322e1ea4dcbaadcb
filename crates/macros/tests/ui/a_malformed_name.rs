#![expect(unused, reason = "only errors are of interest")]

use telensic::trace_span;

#[trace_span("stage {}")]
fn positional(stage_id: &str) {}

#[trace_span("stage {0}")]
fn numbered(stage_id: &str) {}

#[trace_span("stage {stage_id")]
fn unclosed(stage_id: &str) {}

#[trace_span("stage }")]
fn unopened() {}

#[trace_span("stage {stage_id.len()}")]
fn expression(stage_id: &str) {}

#[trace_span("stage {stage_id:width$}")]
fn width(stage_id: &str, width: usize) {}

#[trace_span("")]
fn empty() {}

fn main() {}
