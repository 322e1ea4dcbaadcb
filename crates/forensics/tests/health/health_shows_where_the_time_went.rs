//! Stages, self times, shares, retries, parallelism and names.

use telensic_forensics::health::{StageBasis, StageStatus};

use crate::support::{Drawing, Recorder, Spec, health, read};

#[test]
fn each_stage_has_its_duration_self_time_share_and_gain() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    recorder.span(Spec::new(2, 1, "run_stage:load", 0, 40));
    recorder.span(Spec::new(3, 2, "run_step:read", 10, 30));
    recorder.span(Spec::new(4, 1, "run_stage:features", 40, 90));
    // At the same time, and shorter: nobody waits for it.
    recorder.span(Spec::new(5, 1, "stats", 40, 70).with("stage_id", "statistics"));
    recorder.span(Spec::new(6, 5, "within", 45, 50).with("stage_id", "statistics"));
    recorder.span(Spec::new(1, 0, "pipeline:nightly", 0, 100));
    let health = health(&read(&[recorder.close()]));
    assert_eq!((health.wall_ns, health.stage_basis), (100, StageBasis::Standard));
    let told: Vec<_> = health
        .stages
        .iter()
        .map(|row| {
            (
                row.id.as_str(),
                row.duration_ns,
                row.self_ns,
                row.path_ns,
                row.removal_gain_ns,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("load", 40, 20, 40, Some(40)),
            ("features", 50, 50, 50, Some(20)),
            ("statistics", 30, 25, 0, Some(0)),
        ]
    );
    assert_eq!(health.stages[0].share, 0.4);
    assert_eq!((health.stages[2].executions, health.stages[2].spans), (1, 2));
    let path = health.critical_path.unwrap();
    let legs: Vec<_> = path
        .legs
        .first
        .iter()
        .map(|leg| (leg.name.as_deref(), leg.time_ns))
        .collect();
    assert_eq!(legs, [(Some("load"), 40), (Some("features"), 50), (None, 10)]);
}

#[test]
fn a_stage_that_failed_and_was_tried_again_is_ok_and_counts_its_retries() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    recorder.span(Spec::new(2, 1, "run_stage:load", 0, 10).failed("timeout"));
    recorder.span(Spec::new(3, 1, "run_stage:load", 15, 25).failed("timeout"));
    recorder.span(Spec::new(4, 1, "run_stage:load", 30, 50));
    recorder.span(Spec::new(5, 1, "run_stage:fit", 50, 60).with("attempt", 3));
    recorder.span(
        Spec::new(6, 1, "run_stage:save", 60, 70)
            .with("retry", 1)
            .failed("full"),
    );
    recorder.span(Spec::new(1, 0, "pipeline:nightly", 0, 100));
    let health = health(&read(&[recorder.close()]));
    let told: Vec<_> = health
        .stages
        .iter()
        .map(|row| (row.id.as_str(), row.status, row.retries, row.duration_ns))
        .collect();
    assert_eq!(
        told,
        [
            ("load", StageStatus::Ok, 2, 40),
            ("fit", StageStatus::Ok, 2, 10),
            ("save", StageStatus::Error, 1, 10),
        ]
    );
}

#[test]
fn executions_at_once_are_no_retries_and_their_time_counts_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    recorder.span(Spec::new(2, 1, "run_stage:fit", 0, 30).failed("bad"));
    recorder.span(Spec::new(3, 1, "run_stage:fit", 10, 40));
    recorder.span(Spec::new(1, 0, "pipeline:nightly", 0, 50));
    let health = health(&read(&[recorder.close()]));
    let row = &health.stages[0];
    assert_eq!((row.status, row.retries), (StageStatus::Error, 0));
    assert_eq!((row.duration_ns, row.executions), (40, 2));
}

#[test]
fn a_foreign_program_has_the_spans_below_its_root_as_stages() {
    let trace = Drawing::of(
        "
        root      [------------------]
          load      [---]
            read     [-]
          fit            [----->
          fit            [----]
        ",
    );
    let health = health(&trace.timeline);
    assert_eq!(health.stage_basis, StageBasis::TopLevel);
    let told: Vec<_> = health
        .stages
        .iter()
        .map(|row| (row.id.as_str(), row.status, row.executions, row.spans))
        .collect();
    assert_eq!(
        told,
        [("load", StageStatus::Ok, 1, 2), ("fit", StageStatus::Open, 2, 2)]
    );
}

#[test]
fn sleeves_on_workers_are_held_against_the_ideal() {
    let dir = tempfile::tempdir().unwrap();
    let mut engine = Recorder::new(dir.path(), "engine");
    let mut tapes = Vec::new();
    for worker in 0..4u64 {
        let mut recorder = Recorder::new(dir.path(), "worker");
        recorder.span(Spec::new(10 + worker, 2, "run_pipeline", 10, 50 + 10 * worker));
        tapes.push(recorder.close_on(&format!("node-{worker}")));
    }
    engine.span(
        Spec::new(2, 1, "execute_sleeves", 10, 90)
            .with("n_sleeves", 4)
            .with("parallelism", 4),
    );
    engine.span(Spec::new(1, 0, "pipeline:nightly", 0, 100));
    tapes.push(engine.close());
    let health = health(&read(&tapes));
    let fan_out = &health.parallelism.fan_outs.first[0];
    // 40 + 50 + 60 + 70 in 80.
    assert_eq!(
        (fan_out.busy_ns, fan_out.wall_ns, fan_out.peak, fan_out.workers),
        (220, 80, 4, 4)
    );
    assert_eq!((fan_out.speedup, fan_out.efficiency), (2.75, Some(2.75 / 4.0)));
    // And 20 of the root, and 10 of the engine's waiting.
    assert_eq!((health.parallelism.busy_ns, health.parallelism.ideal), (250, 4));
}

#[test]
fn one_worker_has_no_efficiency() {
    let trace = Drawing::of(
        "
        root      [------------------]
          load      [---]
        ",
    );
    let parallelism = health(&trace.timeline).parallelism;
    assert_eq!((parallelism.speedup, parallelism.efficiency), (1.0, None));
}

#[test]
fn threads_of_one_process_are_workers_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    for thread in 1..=3u32 {
        recorder.span(Spec::new(1 + u64::from(thread), 1, "fit", 0, 90).on_thread(thread));
    }
    recorder.span(Spec::new(1, 0, "root", 0, 90));
    let parallelism = health(&read(&[recorder.close()])).parallelism;
    assert_eq!((parallelism.workers, parallelism.speedup), (3, 3.0));
    assert_eq!(parallelism.efficiency, Some(1.0));
}

#[test]
fn names_have_counts_percentiles_and_self_times() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    for number in 0..100u64 {
        let span = Spec::new(2 + number, 1, "call", 1000 * number, 1000 * number + number + 1);
        recorder.span(if number == 7 { span.failed("no") } else { span });
    }
    recorder.span(Spec::new(1, 0, "root", 0, 100_000));
    let health = health(&read(&[recorder.close()]));
    let root = &health.names.first[0];
    assert_eq!((root.name.as_str(), root.self_ns), ("root", 100_000 - 5050));
    let calls = &health.names.first[1];
    assert_eq!(
        (calls.count, calls.total_ns, calls.self_ns, calls.errors),
        (100, 5050, 5050, 1)
    );
    assert_eq!((calls.p50_ns, calls.p95_ns, calls.max_ns), (50, 95, 100));
}

#[test]
fn self_time_counts_overlapping_children_once_and_cuts_those_outside() {
    let trace = Drawing::of(
        "
        root      [------------------]
          a         [-----]
          b            [-----]
          c       [--]b
            late           [--------------]
        ",
    );
    let health = health(&trace.timeline);
    let own = |name: &str| {
        health
            .names
            .first
            .iter()
            .find(|row| row.name == name)
            .unwrap()
            .self_ns
    };
    // a and b cover 2-11, c covers 0-3: 8 are left.
    assert_eq!((own("root"), own("c")), (8, 3));
}
