//! Sleeves run at once, each with its own span; what one of them does leaves the others alone.

use std::sync::Barrier;

use telensic::pipeline::{Named, Pipeline, StageError};

use crate::recorded::{begin, path, run_of};
use crate::support::is_child;

fn named(names: &[&str]) -> Vec<(String, usize)> {
    names
        .iter()
        .map(|name| ((*name).to_owned(), name.len()))
        .collect()
}

#[test]
#[ignore = "the child of the test below"]
fn sleeves() {
    if !is_child() {
        return;
    }
    let run = begin();
    let two = Barrier::new(2);
    let mut pipeline = Pipeline::new();
    let lengths = pipeline.stage("sleeves").runs(|task| {
        let sleeves = task.sleeves(2, named(&["a", "bb", "ccc", "dddd"]), |sleeve, length| {
            two.wait();
            match sleeve.name() {
                "bb" => Err(StageError::new("no quotes")),
                "ccc" => panic!("out of range"),
                _ => sleeve.step("measure", |_| Ok(length)),
            }
        })?;
        assert!(sleeves.failed.get("ccc").unwrap().is_panic());
        assert_eq!(sleeves.failed.get("bb").unwrap().to_string(), "no quotes");
        Ok(sleeves.done)
    });
    let strict = pipeline.stage("strict").runs(|task| {
        task.sleeves(1, named(&["a", "bb"]), |_, length| {
            if length == 1 {
                Ok(())
            } else {
                Err(StageError::new("no quotes"))
            }
        })?
        .all()
    });
    let twice = pipeline
        .stage("twice")
        .runs(|task| task.sleeves(1, named(&["a", "a"]), |_, _| Ok(())));
    let outcome = pipeline.run(&run).unwrap();
    assert_eq!(
        lengths.get().unwrap().iter().collect::<Vec<_>>(),
        [("a", &1), ("dddd", &4)]
    );
    assert!(strict.get().is_none() && twice.get().is_none());
    let told = outcome.check().unwrap_err().to_string();
    assert!(
        told.contains("stage strict failed: 1 of 2 sleeves failed, bb for one: no quotes"),
        "{told}"
    );
    assert!(told.contains("there are two results called a"), "{told}");
    let concluded = outcome.conclude(run).unwrap().unwrap();
    let gaps: Vec<String> = concluded
        .health
        .gaps
        .first
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        gaps.iter()
            .any(|gap| gap.starts_with("sleeve bb on ") && gap.ends_with("no quotes")),
        "{gaps:?}"
    );
}

#[test]
fn each_has_its_span_below_the_one_that_hands_them_out() {
    let read = run_of("sleeves_harm_no_other::sleeves");
    let of_first = |name: &str| {
        let all = read.named("run_pipeline");
        let found = all.into_iter().find(|span| {
            span.get("sleeve").unwrap().text() == name && path(&read, span).contains("run_stage:sleeves")
        });
        found.unwrap().clone()
    };
    for (name, status) in [("a", 1), ("bb", 2), ("ccc", 2), ("dddd", 1)] {
        let sleeve = of_first(name);
        assert_eq!(
            path(&read, &sleeve),
            "pipeline:nightly / run_stage:sleeves / execute_sleeves / run_pipeline"
        );
        assert_eq!(sleeve.status, status, "{name}");
        assert_eq!(sleeve.get("profile").unwrap().text(), "nightly");
        assert!(sleeve.get("node_ip").is_some());
    }
    let measured = read.named("run_step:measure")[0];
    assert!(path(&read, measured).ends_with("run_pipeline / run_step:measure"));
    let fan_outs = read.named("execute_sleeves");
    let first = fan_outs.iter().find(|span| span.int("n_sleeves") == 4).unwrap();
    assert_eq!((first.int("parallelism"), first.status), (2, 2));
    assert_eq!(fan_outs.len(), 2, "a collision is told before any sleeve runs");
}

#[test]
fn results_of_one_name_never_take_each_others_place() {
    let mut left = Named::new();
    left.insert("weights", 1).unwrap();
    left.insert("costs", 2).unwrap();
    assert_eq!(
        left.insert("weights", 3).unwrap_err().to_string(),
        "there are two results called weights: give each branch's result a name of its own"
    );
    let mut right = Named::new();
    for name in ["costs", "risk", "weights"] {
        right.insert(name, 9).unwrap();
    }
    assert_eq!(
        left.merge(right).unwrap_err().to_string(),
        "two branches have results called costs, weights: give each a name of its own"
    );
    assert_eq!(left.iter().collect::<Vec<_>>(), [("costs", &2), ("weights", &1)]);
}
