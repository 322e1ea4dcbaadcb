//! Many runs next to one another.

use telensic_forensics::Fleet;
use telensic_run::RunStatus;

use crate::support::summary;

const GOOD: RunStatus = RunStatus::Succeeded;

#[test]
fn stages_have_their_usual_their_trend_and_their_outliers() {
    let mut runs: Vec<_> = (0..9u64)
        .map(|run| summary(run, GOOD, &[("load", 1000 + 10 * run), ("fit", 500)]))
        .collect();
    runs.push(summary(9, GOOD, &[("load", 1090), ("fit", 5000)]));
    runs.push(summary(10, RunStatus::Failed, &[("load", 7)]));
    // In whatever order.
    runs.reverse();
    let fleet = Fleet::of(&runs);
    assert_eq!(
        (fleet.runs.len(), fleet.succeeded, fleet.failed.len()),
        (11, 10, 1)
    );
    assert!(fleet.runs.is_sorted());
    let fit = fleet.stages.iter().find(|stage| stage.id == "fit").unwrap();
    let durations = fit.durations.as_ref().unwrap();
    assert_eq!(
        (durations.median_ns, durations.p95_ns, durations.max_ns),
        (500, 5000, 5000)
    );
    assert_eq!(durations.outliers.len(), 1);
    assert_eq!(durations.outliers[0].run_id, runs[1].run_id);
    assert_eq!(durations.outliers[0].deviation.percent, Some(1000.0));
    assert_eq!(
        durations.trend_percent_per_run,
        Some(0.0),
        "one outlier is no trend"
    );
    assert_eq!((fit.runs, fit.on_path, fit.leads_path), (10, 10, 1));
    let wall = fleet.wall.unwrap();
    assert_eq!((wall.runs, wall.min_ns), (10, 1500));
}

#[test]
fn a_stage_that_grows_from_run_to_run_has_a_trend() {
    let runs: Vec<_> = (0..5u64)
        .map(|run| summary(run, GOOD, &[("load", 800 + 100 * run)]))
        .collect();
    let fleet = Fleet::of(&runs);
    let load = fleet.stages[0].durations.as_ref().unwrap();
    assert_eq!(load.trend_percent_per_run, Some(10.0));
    assert_eq!(fleet.stages[0].path_share, 1.0);
}

#[test]
fn no_runs_and_one_run_have_a_view_too() {
    let none = Fleet::of(&[]);
    assert!(none.wall.is_none() && none.stages.is_empty());
    let one = Fleet::of(&[summary(1, GOOD, &[("load", 5)])]);
    assert_eq!(one.wall.unwrap().trend_percent_per_run, None);
    assert_eq!(one.parallelism.median_speedup, Some(1.0));
    assert_eq!(one.parallelism.median_efficiency, None);
}
