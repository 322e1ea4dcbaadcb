//! A stage gets the results that it needs; stages that do not need each other run at once; the tree is right.

use std::sync::{Barrier, Mutex};

use telensic::RunStatus;
use telensic::pipeline::{Handle, Pipeline};

use crate::recorded::{begin, path, run_of};
use crate::support::is_child;

#[test]
#[ignore = "the child of the test below"]
fn diamond() {
    if !is_child() {
        return;
    }
    let run = begin();
    // Each side waits until the other one runs too.
    let both = Barrier::new(2);
    let order = Mutex::new(Vec::new());
    let note = |id: &str| order.lock().unwrap().push(id.to_owned());
    let mut pipeline = Pipeline::new().parallelism(2);
    let load = pipeline.stage("load").runs(|task| {
        task.set("rows", 3);
        note(task.name());
        Ok(vec![1.0, 2.0, 3.0])
    });
    let sum = pipeline.stage("sum").needs(&load).runs(|_, nav| {
        both.wait();
        Ok(nav.iter().sum::<f64>())
    });
    let count = pipeline.stage("count").needs(&load).runs(|task, nav| {
        both.wait();
        task.step("count them", |_| Ok(nav.len()))
    });
    let mean = pipeline
        .stage("mean")
        .needs((&sum, &count))
        .runs(|task, (sum, count)| {
            note(task.name());
            Ok(sum / *count as f64)
        });
    let tidied = pipeline.stage("tidy").after("mean").runs(|task| {
        note(task.name());
        Ok(())
    });
    let outcome = pipeline.run(&run).unwrap();
    outcome.check().unwrap();
    assert_eq!(mean.get(), Some(&2.0));
    assert_eq!(tidied.get(), Some(&()));
    assert_eq!(*order.lock().unwrap(), ["load", "mean", "tidy"]);
    let concluded = outcome.conclude(run).unwrap().unwrap();
    assert_eq!(concluded.status, RunStatus::Succeeded);
    assert!(concluded.troubles.is_empty(), "{:?}", concluded.troubles);
}

#[test]
fn independent_stages_overlap_below_one_root() {
    let read = run_of("stages_run_as_soon_as_they_can::diamond");
    let (sum, count) = (read.span("run_stage:sum"), read.span("run_stage:count"));
    assert!(sum.start < count.end && count.start < sum.end);
    for stage in ["load", "sum", "count", "mean", "tidy"] {
        let span = read.span(&format!("run_stage:{stage}"));
        assert_eq!(path(&read, span), format!("pipeline:nightly / run_stage:{stage}"));
        assert_eq!(span.get("stage_id").unwrap().text(), stage);
        assert_eq!(span.get("profile").unwrap().text(), "nightly");
        assert!(span.get("run_id").is_some());
        assert_eq!(span.get("attempt"), None);
        assert_eq!(span.status, 1);
    }
    assert_eq!(read.span("run_stage:load").int("rows"), 3);
    let step = read.span("run_step:count them");
    assert_eq!(
        path(&read, step),
        "pipeline:nightly / run_stage:count / run_step:count them"
    );
}

#[test]
#[ignore = "the child of the test below"]
fn many() {
    if !is_child() {
        return;
    }
    let run = begin();
    let mut pipeline = Pipeline::new().parallelism(4);
    let parts: Vec<Handle<u64>> = (0..40_u64)
        .map(|part| pipeline.stage(format!("part-{part}")).runs(move |_| Ok(part)))
        .collect();
    let sum = pipeline
        .stage("sum")
        .needs(&parts[..])
        .runs(|_, parts| Ok(parts.into_iter().sum::<u64>()));
    pipeline.run(&run).unwrap().conclude(run).unwrap();
    assert_eq!(sum.get(), Some(&780));
}

#[test]
fn a_stage_can_need_any_number_of_results() {
    let read = run_of("stages_run_as_soon_as_they_can::many");
    assert_eq!(read.spans.len(), 42);
}
