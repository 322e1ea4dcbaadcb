//! Gaps: sleeves that did not come, failed or went stale, contexts that were lost, tapes not closed.

use telensic_forensics::Health;
use telensic_forensics::health::Gap;
use telensic_run::RunStatus;

use crate::support::{Recorder, Spec, manifest, read};

#[test]
fn sleeves_that_are_missing_failed_or_stale_are_each_named() {
    let dir = tempfile::tempdir().unwrap();
    let mut engine = Recorder::new(dir.path(), "engine");
    let mut worker = Recorder::new(dir.path(), "worker");
    worker.span(Spec::new(10, 2, "run_pipeline", 10, 60).with("symbol", "BTC"));
    let failed = Spec::new(11, 2, "run_pipeline", 10, 30).with("symbol", "ETH");
    worker.span(failed.exception("ValueError", "empty frame", ""));
    worker.open(12, 2, "run_pipeline", 20);
    engine.span(Spec::new(2, 1, "execute_sleeves", 5, 90).with("n_sleeves", 4));
    engine.span(Spec::new(1, 0, "pipeline:nightly", 0, 100));
    let timeline = read(&[engine.close(), worker.abandon()]);
    let health = Health::of(&timeline, &manifest(0, RunStatus::Failed), &[]);
    let told: Vec<String> = health.gaps.first.iter().map(Gap::to_string).collect();
    let host = telensic_tape::host_name();
    assert_eq!(told[0], "1 of 4 sleeves missing: 3 were recorded");
    assert_eq!(
        told[1],
        format!("sleeve ETH on {host} failed: ValueError: empty frame")
    );
    assert!(told[2].ends_with("did not end"), "{told:?}");
    assert!(told[3].contains("was not closed"), "{told:?}");
    assert_eq!(told.len(), 4);
    let open = &health.record.open.first[0];
    assert_eq!((open.span.name.as_str(), open.open_ns), ("run_pipeline", 40));
    let running = Health::of(&timeline, &manifest(0, RunStatus::Running), &[]);
    assert_eq!(running.gaps.total, 3, "a run that goes on has open tapes");
}

#[test]
fn a_sleeve_that_was_tried_again_is_no_gap() {
    let dir = tempfile::tempdir().unwrap();
    let mut engine = Recorder::new(dir.path(), "engine");
    engine.span(Spec::new(10, 2, "run_pipeline", 10, 20).failed("lost its node"));
    engine.span(Spec::new(11, 2, "run_pipeline", 10, 20));
    engine.span(Spec::new(12, 2, "run_pipeline", 25, 40));
    engine.span(Spec::new(2, 1, "execute_sleeves", 5, 90).with("n_sleeves", 2));
    engine.span(Spec::new(1, 0, "pipeline:nightly", 0, 100));
    let health = crate::support::health(&read(&[engine.close()]));
    assert!(health.gaps.is_empty(), "{:?}", health.gaps);
}

#[test]
fn a_lost_context_is_told_once_a_process() {
    let dir = tempfile::tempdir().unwrap();
    let mut engine = Recorder::new(dir.path(), "engine");
    let mut worker = Recorder::new(dir.path(), "worker");
    worker.span(Spec::new(10, 77, "run_pipeline", 10, 60));
    worker.span(Spec::new(11, 78, "run_pipeline", 10, 60));
    engine.span(Spec::new(1, 0, "pipeline:nightly", 0, 100));
    let timeline = read(&[engine.close(), worker.close_on("node-7")]);
    let health = crate::support::health(&timeline);
    assert_eq!(health.record.orphans.total, 2);
    let told: Vec<String> = health.gaps.first.iter().map(Gap::to_string).collect();
    assert_eq!(
        told,
        ["2 spans of worker on node-7 have a parent that no tape has"]
    );
}

#[test]
fn what_is_wrong_with_the_record_itself_is_listed() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = Recorder::new(dir.path(), "engine");
    let mut second = Recorder::new(dir.path(), "engine");
    first.span(Spec::new(1, 0, "pipeline:nightly", 0, 100));
    second.span(Spec::new(1, 0, "pipeline:nightly", 0, 101));
    first.log(10, 17, "");
    first.log(11, 9, "");
    first.log(12, 9, "data.load");
    first.log(13, 9, "event.invalid");
    let garbage = dir.path().join("garbage.tape");
    std::fs::write(&garbage, b"no tape at all").unwrap();
    let health = crate::support::health(&read(&[first.close(), second.close(), garbage]));
    let duplicates = health.record.duplicates;
    assert_eq!((duplicates.total, duplicates.differing), (1, 1));
    assert_eq!(health.record.unreadable.first[0].tape, "garbage.tape");
    let logs = &health.logs;
    assert_eq!(
        (logs.records, logs.error, logs.info, logs.invalid_events),
        (2, 1, 1, 1)
    );
    assert_eq!(logs.events["data.load"], 1);
}

#[test]
fn a_run_that_recorded_nothing_has_a_report_too() {
    let health = Health::of(&read(&[]), &manifest(0, RunStatus::Crashed), &[]);
    assert_eq!(
        (health.span_count, health.stages.len(), health.wall_ns),
        (0, 0, 0)
    );
    assert!(health.critical_path.is_none());
    assert!(
        serde_json::to_string(&health)
            .unwrap()
            .contains("\"status\":\"crashed\"")
    );
}
