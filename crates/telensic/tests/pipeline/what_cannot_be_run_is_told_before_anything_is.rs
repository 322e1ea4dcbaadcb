//! A pipeline with a fault is told of in a line, and nothing of it runs.

use telensic::pipeline::{Pipeline, PipelineErrorKind};

use crate::recorded::{begin, run_of};
use crate::support::is_child;

#[test]
#[ignore = "the child of the test below"]
fn faults() {
    if !is_child() {
        return;
    }
    let run = begin();
    let refused = |pipeline: Pipeline<'_>| {
        let error = pipeline.run(&run).unwrap_err();
        (error.kind(), error.to_string())
    };

    let mut pipeline = Pipeline::new();
    pipeline.stage("load").runs(|_| Ok(1));
    pipeline.stage("load").runs(|_| Ok(2));
    let told = "two stages are called load: give each an id of its own";
    assert_eq!(refused(pipeline), (PipelineErrorKind::SameId, told.to_owned()));

    let mut pipeline = Pipeline::new();
    pipeline.stage("load").runs(|_| Ok(1));
    pipeline.stage("features").after("laod").runs(|_| Ok(2));
    let told = "stage features waits for stage laod, which is not there: the stages are load, features";
    assert_eq!(
        refused(pipeline),
        (PipelineErrorKind::UnknownStage, told.to_owned())
    );

    let mut pipeline = Pipeline::new();
    pipeline.stage("apart").runs(|_| Ok(0));
    let first = pipeline.stage("first").after("third").runs(|_| Ok(1));
    let second = pipeline
        .stage("second")
        .needs(&first)
        .runs(|_, first| Ok(first + 1));
    pipeline
        .stage("third")
        .needs(&second)
        .runs(|_, second| Ok(second + 1));
    pipeline.stage("behind").after("third").runs(|_| Ok(0));
    let told = "stages wait for each other in a circle: first -> third -> second -> first; take one of these edges away";
    assert_eq!(refused(pipeline), (PipelineErrorKind::Circle, told.to_owned()));

    let mut pipeline = Pipeline::new();
    pipeline.stage("itself").after("itself").runs(|_| Ok(0));
    let told = "stages wait for each other in a circle: itself -> itself; take one of these edges away";
    assert_eq!(refused(pipeline), (PipelineErrorKind::Circle, told.to_owned()));

    let foreign = Pipeline::new().stage("load").runs(|_| Ok(1));
    let mut pipeline = Pipeline::new();
    pipeline
        .stage("features")
        .needs(&foreign)
        .runs(|_, load| Ok(*load));
    let told = "stage features needs a result of another pipeline: hand its value over instead";
    assert_eq!(
        refused(pipeline),
        (PipelineErrorKind::OtherPipeline, told.to_owned())
    );

    Pipeline::new().run(&run).unwrap().conclude(run).unwrap();
}

#[test]
fn each_fault_has_its_own_line() {
    let read = run_of("what_cannot_be_run_is_told_before_anything_is::faults");
    assert_eq!(read.spans.len(), 1, "{:?}", read.spans);
}
