//! Runs against earlier ones of the same profile.

use telensic_forensics::health::Anomaly;
use telensic_forensics::{Health, RunSummary};
use telensic_run::{DataRoot, RunStatus};

use crate::support::{Recorder, Spec, manifest, one_after_another, read, summary};

const GOOD: RunStatus = RunStatus::Succeeded;

fn against(stages: &[(&str, u64)], history: &[RunSummary]) -> Vec<String> {
    let health = Health::of(&one_after_another(stages), &manifest(1000, GOOD), history);
    health.anomalies.iter().map(Anomaly::to_string).collect()
}

#[test]
fn over_300_percent_of_the_usual_is_flagged_from_the_first_earlier_run_on() {
    let history = [summary(1, GOOD, &[("load", 100), ("fit", 1000)])];
    assert!(against(&[("load", 300), ("fit", 1000)], &history).is_empty());
    assert_eq!(
        against(&[("load", 301), ("fit", 1000)], &history),
        ["stage load took 301 % of the usual duration (1 earlier runs)"]
    );
    assert!(against(&[("load", 9999)], &[]).is_empty(), "nothing is usual yet");
}

#[test]
fn with_five_runs_a_smaller_deviation_is_beyond_chance() {
    let history: Vec<_> = [1000, 1010, 990, 1005, 995, 9000]
        .iter()
        .zip(1..)
        .map(|(duration, second)| summary(second, GOOD, &[("load", *duration)]))
        .collect();
    assert!(against(&[("load", 1050)], &history).is_empty());
    let slow = against(&[("load", 1200)], &history);
    assert_eq!(slow.len(), 2, "the run, and the stage: {slow:?}");
    let fast = against(&[("load", 10)], &history);
    assert!(
        fast[0].starts_with("stage load took 1 % of the usual duration"),
        "{fast:?}"
    );
}

#[test]
fn stages_that_came_or_went_and_new_errors_are_flagged() {
    let history = [
        summary(1, GOOD, &[("load", 100), ("fit", 100)]),
        summary(2, GOOD, &[("load", 100), ("fit", 100)]),
    ];
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    recorder.span(Spec::new(2, 1, "run_stage:load", 0, 100).failed("no rows"));
    recorder.span(Spec::new(3, 1, "run_stage:report", 100, 200));
    recorder.span(Spec::new(1, 0, "pipeline:nightly", 0, 200));
    let health = Health::of(&read(&[recorder.close()]), &manifest(9, GOOD), &history);
    let told: Vec<String> = health.anomalies.iter().map(Anomaly::to_string).collect();
    assert_eq!(
        told,
        [
            "stage fit is missing: 2 of 2 earlier runs had it",
            "stage report is new",
            "new error in run_stage:load: no rows (1 times)",
        ]
    );
}

#[test]
fn only_earlier_runs_of_the_profile_that_succeeded_say_how_long_it_takes() {
    let failed = summary(1, RunStatus::Failed, &[("load", 1)]);
    let later = summary(2000, GOOD, &[("load", 1)]);
    let mut other = summary(2, GOOD, &[("load", 1)]);
    other.profile = "hourly".to_owned();
    assert!(against(&[("load", 1000)], &[failed, later, other]).is_empty());
}

#[test]
fn a_summary_is_what_later_runs_read_of_the_health_report() {
    let dir = tempfile::tempdir().unwrap();
    let root = DataRoot::new(dir.path());
    let mut written = Vec::new();
    for second in 1..=4 {
        let manifest = manifest(second, GOOD);
        let run = root.create_run(manifest.run_id).unwrap();
        run.write_manifest(&manifest).unwrap();
        let health = Health::of(&one_after_another(&[("load", 100 * second)]), &manifest, &[]);
        let bytes = serde_json::to_vec(&health).unwrap();
        run.write(&run.health_json(), &bytes).unwrap();
        written.push(health.summary());
    }
    let broken = root.run(written[2].run_id);
    std::fs::write(broken.health_json(), b"{").unwrap();
    let (earlier, unreadable) = RunSummary::earlier(&root, &manifest(4, GOOD), 10).unwrap();
    assert_eq!(earlier, written[..2]);
    assert_eq!(unreadable.len(), 1);
    assert!(
        unreadable[0].to_string().contains("is no health report"),
        "{unreadable:?}"
    );
    let (latest, _) = RunSummary::earlier(&root, &manifest(4, GOOD), 1).unwrap();
    assert_eq!(latest, written[1..2]);
    assert_eq!(
        RunSummary::read(&root.run(manifest(77, GOOD).run_id)).unwrap(),
        None
    );
}
