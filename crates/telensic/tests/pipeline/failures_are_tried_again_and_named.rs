//! What fails is tried again if it says so, counted, and named with all that waited for it.

use std::io;
use std::time::Duration;

use telensic::RunStatus;
use telensic::pipeline::{Ended, Pipeline, Retry, StageError};

use crate::recorded::{begin, run_of};
use crate::support::{Val, is_child};

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionRefused, "nobody listens")
}

#[test]
#[ignore = "the child of the test below"]
fn retried() {
    if !is_child() {
        return;
    }
    let run = begin();
    let mut pipeline = Pipeline::new().parallelism(1);
    let again = Retry::times(4).wait(Duration::from_millis(1));
    let load = pipeline
        .stage("load")
        .retry(again.clone())
        .runs(|task| match task.attempt() {
            1 | 2 => Err(refused().into()),
            attempt => Ok(attempt),
        });
    let steps = pipeline.stage("steps").runs(move |task| {
        let mut calls = 0;
        task.optional_step("cache", |_| Err::<(), _>(StageError::new("it is cold")));
        task.retried_step("fetch", &again, |span| {
            calls += 1;
            span.set("call", calls);
            if calls < 4 {
                Err(refused().into())
            } else {
                Ok(calls)
            }
        })
    });
    let picky = Retry::times(9).on(|error| error.downcast_ref::<io::Error>().is_some());
    pipeline
        .stage("picky")
        .retry(picky)
        .runs(|_| Err::<(), _>(StageError::new("a wrong route")));
    let outcome = pipeline.run(&run).unwrap();
    assert_eq!((load.get(), steps.get()), (Some(&3), Some(&4)));
    let attempts: Vec<u32> = outcome.stages().iter().map(|stage| stage.attempts).collect();
    assert_eq!(attempts, [3, 1, 1]);
    let concluded = outcome.conclude(run).unwrap().unwrap();
    let stages = &concluded.health.stages;
    let retries: Vec<_> = stages
        .iter()
        .map(|row| (row.id.as_str(), row.retries, row.status.text()))
        .collect();
    assert_eq!(
        retries,
        [("load", 2, "ok"), ("steps", 3, "ok"), ("picky", 0, "ERROR")]
    );
}

#[test]
fn every_try_is_recorded_and_counted_as_one() {
    let read = run_of("failures_are_tried_again_and_named::retried");
    let tries = read.named("run_stage:load");
    let told: Vec<_> = tries
        .iter()
        .map(|span| (span.int("attempt"), span.status))
        .collect();
    assert_eq!(told, [(1, 2), (2, 2), (3, 1)]);
    let exception = &tries[0].events[0];
    assert_eq!(
        exception.get("exception.type"),
        Some(&Val::from("std::io::error::Error"))
    );
    assert_eq!(
        exception.get("exception.message"),
        Some(&Val::from("nobody listens"))
    );
    let log = read.log("stage load failed and is tried again, 2 of 5: nobody listens");
    assert_eq!((log.int("attempt"), log.int("wait_ms"), log.severity), (1, 1, 13));
    let log = read.log("stage load failed and is tried again, 3 of 5: nobody listens");
    assert_eq!((log.int("attempt"), log.int("wait_ms")), (2, 2));

    assert_eq!(read.named("run_step:fetch").len(), 4);
    assert_eq!(read.span("run_stage:steps").int("retries"), 3);
    let passed_over = read.span("run_step:cache");
    assert_eq!(passed_over.get("is_strict"), Some(&Val::Bool(false)));
    assert_eq!(
        (passed_over.status, passed_over.message.as_str()),
        (2, "it is cold")
    );
    assert_eq!(
        read.log("step cache failed and was passed over: it is cold")
            .severity,
        13
    );
}

#[test]
#[ignore = "the child of the test below"]
fn panicking_policy() {
    if !is_child() {
        return;
    }
    let run = begin();
    let mut pipeline = Pipeline::new().parallelism(2);
    let policy = Retry::times(3).on(|_| panic!("no idea"));
    pipeline
        .stage("load")
        .retry(policy)
        .runs(|_| Err::<(), _>(StageError::new("no quotes")));
    pipeline.stage("features").after("load").runs(|_| Ok(()));
    let outcome = pipeline.run(&run).unwrap();
    let told = "stage load failed: panicked: no idea; skipped: features";
    assert_eq!(outcome.check().unwrap_err().to_string(), told);
    outcome.conclude(run).unwrap();
}

#[test]
fn a_panic_of_what_is_asked_about_retries_hangs_nothing() {
    let read = run_of("failures_are_tried_again_and_named::panicking_policy");
    assert_eq!(read.span("run_stage:load").message, "no quotes");
}

#[test]
#[ignore = "the child of the test below"]
fn failing() {
    if !is_child() {
        return;
    }
    let run = begin();
    let mut pipeline = Pipeline::new().parallelism(2);
    let load = pipeline.stage("load").runs(|_| Ok(vec![1.0]));
    let validate = pipeline
        .stage("validate")
        .needs(&load)
        .retry(Retry::times(3))
        .runs(|_, nav| {
            if nav.len() < 2 {
                panic!("only {} bars", nav.len());
            }
            Ok(())
        });
    let features = pipeline
        .stage("features")
        .needs((&load, &validate))
        .runs(|_, _| Ok(1));
    let report = pipeline
        .stage("report")
        .needs(&features)
        .runs(|_, features| Ok(*features));
    let apart = pipeline.stage("apart").needs(&load).runs(|_, nav| Ok(nav.len()));
    let outcome = pipeline.run(&run).unwrap();
    assert_eq!(apart.get(), Some(&1));
    assert_eq!((validate.get(), features.get(), report.get()), (None, None, None));
    let Ended::Failed(error) = &outcome.stage("validate").unwrap().ended else {
        panic!("{outcome:?}");
    };
    assert!(error.is_panic());
    let told = "stage validate failed: panicked: only 1 bars; skipped: features, report";
    assert_eq!(outcome.check().unwrap_err().to_string(), told);
    let concluded = outcome.conclude(run).unwrap().unwrap();
    assert_eq!(concluded.status, RunStatus::Failed);
    assert_eq!(concluded.health.error.as_deref(), Some(told));
}

#[test]
fn a_panic_fails_its_stage_and_skips_those_that_wait_for_it() {
    let read = run_of("failures_are_tried_again_and_named::failing");
    let failed = read.span("run_stage:validate");
    assert_eq!(failed.status, 2);
    assert_eq!(failed.events[0].get("exception.type"), Some(&Val::from("panic")));
    assert_eq!(
        read.named("run_stage:features").len() + read.named("run_stage:report").len(),
        0
    );
    let skipped: Vec<_> = read
        .logs
        .iter()
        .filter(|log| log.event_name == "stage.skipped")
        .map(|log| {
            (
                log.get("stage_id").unwrap().text(),
                log.get("because").unwrap().text(),
            )
        })
        .collect();
    assert_eq!(skipped, [("features", "validate"), ("report", "validate")]);
    let root = read.span("pipeline:nightly");
    let log = read.log("stage features was skipped, since stage validate failed");
    assert_eq!(log.span, Some(root.id));
}
