//! The deepest failing span speaks, and the same failure is told once.

use crate::support::{Recorder, Spec, health, read};

#[test]
fn the_deepest_failing_span_is_the_cause_of_those_above_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    recorder.span(Spec::new(4, 3, "GET /bars", 20, 30).exception(
        "reqwest::Error",
        "error sending request",
        "error sending request\ncaused by: tcp connect error\ncaused by: Connection refused (os error 111)",
    ));
    recorder.span(Spec::new(3, 2, "adapter.bars", 15, 35).failed("no bars"));
    recorder.span(Spec::new(2, 1, "run_stage:load", 10, 40).failed("load failed"));
    recorder.span(Spec::new(1, 0, "pipeline:nightly", 0, 50).failed("load failed"));
    let health = health(&read(&[recorder.close()]));
    assert_eq!((health.error_spans, health.errors.len()), (4, 1));
    let group = &health.errors[0];
    assert_eq!(group.cause, "connection refused");
    assert_eq!(group.exception_type, "reqwest::Error");
    assert_eq!(group.caused_by.len(), 2);
    assert_eq!(
        group.chain,
        ["pipeline:nightly", "run_stage:load", "adapter.bars", "GET /bars"]
    );
    assert_eq!(group.stages, ["load"]);
    assert_eq!((group.count, group.began, group.caught), (1, 1, 0));
}

#[test]
fn failures_that_differ_in_numbers_alone_are_one_cause_with_a_count() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    for number in 2..12u64 {
        let message = format!("no bar {number} at 127.0.0.1:{}", 5000 + number);
        let span = Spec::new(number, 1, "adapter.bars", number, number + 1);
        recorder.span(span.exception("app::NoBar", &message, ""));
    }
    recorder.span(Spec::new(20, 1, "adapter.ticks", 30, 31).exception("TimeoutError", "read timed out", ""));
    recorder.span(Spec::new(1, 0, "root", 0, 50));
    let health = health(&read(&[recorder.close()]));
    let told: Vec<_> = health
        .errors
        .iter()
        .map(|group| (group.cause.as_str(), group.count, group.caught))
        .collect();
    assert_eq!(
        told,
        [("NoBar: no bar # at #.#.#.#:#", 10, 10), ("timeout", 1, 1)]
    );
    assert_eq!(
        health.errors[0].message, "no bar 2 at 127.0.0.1:5002",
        "the first one's own words"
    );
}

#[test]
fn of_several_failing_children_the_first_to_end_began_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    recorder.span(Spec::new(2, 1, "slow", 1, 40).failed("cancelled"));
    recorder.span(Spec::new(3, 1, "fast", 5, 10).failed("no such column"));
    recorder.span(Spec::new(1, 0, "root", 0, 50).failed("task failed"));
    let health = health(&read(&[recorder.close()]));
    let told: Vec<_> = health
        .errors
        .iter()
        .map(|group| (group.span_name.as_str(), group.began))
        .collect();
    assert_eq!(told, [("fast", 1), ("slow", 0)]);
}

#[test]
fn a_failing_span_without_a_word_still_counts() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    recorder.span(Spec::new(1, 0, "root", 0, 50).failed(""));
    recorder.span(
        Spec::new(2, 1, "GET", 0, 5)
            .with("http.response.status_code", 503)
            .failed(""),
    );
    let health = health(&read(&[recorder.close()]));
    assert_eq!(health.errors[0].cause, "status #");
    assert_eq!(health.errors[0].message, "status 503");
}
