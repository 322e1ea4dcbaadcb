//! The metrics of stages and operations come by themselves when their spans end, in whatever way.

use telensic::metrics::{self, Format};
use telensic::{InSpan, Sampler, Status, spans, trace_span};

use crate::scrape::{total, value};
use crate::support::{Dir, child, is_child, succeed};

#[trace_span("run_stage:{stage_id}", err)]
fn read(stage_id: &str, text: &str) -> Result<usize, std::num::ParseIntError> {
    if text.is_empty() {
        return Ok(0);
    }
    text.parse()
}

#[trace_span("run_stage:{stage_id}")]
async fn wait(stage_id: &str) {
    std::future::pending::<()>().await;
}

#[trace_span("run_step:{step}")]
fn step(step: &str) -> usize {
    step.len()
}

fn record() {
    assert!(read("load", "").is_ok());
    assert!(read("load", "5").is_ok());
    assert!(read("load", "five").is_err());
    let panicked = std::panic::catch_unwind(|| {
        let _stage = spans::run_stage("panics").entered();
        panic!("as it should");
    });
    assert!(panicked.is_err());
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    let mut dropped = Box::pin(wait("dropped"));
    assert!(dropped.as_mut().poll(&mut task).is_pending());
    drop(dropped);
    let mut given_one = Box::pin(std::future::pending::<()>().in_span(spans::run_stage("dropped")));
    assert!(given_one.as_mut().poll(&mut task).is_pending());
    drop(given_one);
    let mut stage = spans::run_stage("says_so");
    stage.set_status(Status::error("on purpose"));
    stage.end();
    step("is no stage");
    telensic::span("run_stage:by_hand").end();

    let backtest = spans::operation("op-7", "backtest");
    backtest.start().end();
    backtest.progress(40.0, "features").end();
    backtest.complete().end();
    spans::operation("op-8", "backtest").start().end();
    spans::operation("op-8", "backtest").fail().end();
    // Started elsewhere: how long it took is not known here.
    spans::operation("op-9", "backtest").complete().end();
}

fn check() {
    let text = metrics::render(Format::Prometheus);
    let get = |sample: &str| value(&text, sample).unwrap_or(0.0);
    assert_eq!(get("stage_success_total{stage_id=\"load\"}"), 2.0, "{text}");
    let failed = |stage: &str, error: &str| {
        get(&format!(
            "stage_failure_total{{stage_id=\"{stage}\",error_type=\"{error}\"}}"
        ))
    };
    assert_eq!(failed("load", "core::num::error::ParseIntError"), 1.0, "{text}");
    assert_eq!(failed("panics", "panic"), 1.0, "{text}");
    assert_eq!(failed("dropped", "cancelled"), 2.0, "{text}");
    assert_eq!(failed("says_so", "error"), 1.0, "{text}");
    assert_eq!(total(&text, "stage_success_total"), 2.0, "{text}");
    assert_eq!(total(&text, "stage_failure_total"), 5.0, "{text}");
    assert_eq!(total(&text, "stage_duration_seconds_count"), 7.0, "{text}");
    let durations = |stage: &str, status: &str| {
        get(&format!(
            "stage_duration_seconds_count{{stage_id=\"{stage}\",status=\"{status}\"}}"
        ))
    };
    assert_eq!(durations("load", "ok"), 2.0);
    assert_eq!(durations("load", "error"), 1.0);
    assert_eq!(durations("dropped", "cancelled"), 2.0);

    let operations = |status: &str| {
        get(&format!(
            "operations_total{{operation_type=\"backtest\",status=\"{status}\"}}"
        ))
    };
    assert_eq!(
        (
            operations("started"),
            operations("completed"),
            operations("failed")
        ),
        (2.0, 2.0, 1.0)
    );
    assert_eq!(total(&text, "operation_duration_seconds_count"), 2.0, "{text}");
}

#[test]
#[ignore = "the child of a test below"]
fn in_a_sampled_trace() {
    if !is_child() {
        return;
    }
    let _guard = telensic::Builder::new("stages").log_files(false).init();
    record();
    check();
    // The exemplar is the stage's own span.
    let text = metrics::render(Format::OpenMetrics);
    let bucket =
        "stage_duration_seconds_bucket{stage_id=\"load\",status=\"error\",le=\"0.01\"} 1 # {trace_id=\"";
    assert!(text.contains(bucket), "{text}");
}

#[test]
#[ignore = "the child of a test below"]
fn in_a_trace_that_is_not_sampled() {
    if !is_child() {
        return;
    }
    let _guard = telensic::Builder::new("stages")
        .log_files(false)
        .sampler(Sampler::AlwaysOff)
        .init();
    let _above = telensic::span("above").entered();
    record();
    check();
    assert!(!metrics::render(Format::OpenMetrics).contains("trace_id"));
}

#[test]
fn stages_and_operations_are_counted() {
    succeed(&mut child(
        &Dir::new(),
        "stages_are_counted_however_they_end::in_a_sampled_trace",
    ));
}

#[test]
fn whether_their_traces_are_sampled_or_not() {
    succeed(&mut child(
        &Dir::new(),
        "stages_are_counted_however_they_end::in_a_trace_that_is_not_sampled",
    ));
}
