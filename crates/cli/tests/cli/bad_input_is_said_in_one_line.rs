//! Every command that reads runs, on everything that is none: one clear line, the right exit code, nothing changed.

use std::fs;
use std::path::PathBuf;

use crate::support::{Plan, RUN_COMMANDS, Runs, on_run, snapshot};

/// Those on a root, and whether an empty one is an error.
const ON_A_ROOT: &[(&[&str], bool)] = &[
    (&["ls"], false),
    (&["hypotheses", "--experiment", "exp-7"], false),
    (&["recover", "--all"], false),
    (&["hypotheses"], true),
    (&["fleet"], true),
    (&["verify", "--all"], true),
];

/// Each command on this text: one line that holds this, exit code 2, and the root as it was.
#[track_caller]
fn all_refuse(runs: &Runs, run: &str, expected: &str) {
    let before = snapshot(runs.path());
    for command in RUN_COMMANDS {
        let words = on_run(command, run);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let complaint = runs.telensic(&words).refusal();
        assert!(complaint.contains(expected), "{words:?}: {complaint}");
        let mut as_json = words.clone();
        as_json.push("--json");
        let complaint = runs.telensic(&as_json).refusal();
        assert!(complaint.contains(expected), "{as_json:?}: {complaint}");
        assert!(snapshot(runs.path()) == before, "{words:?} changed something");
    }
}

#[test]
fn an_empty_root_has_no_run() {
    let runs = Runs::new();
    all_refuse(&runs, "latest", "there is no run latest");
    all_refuse(&runs, "20260101", "there is no run 20260101");
    all_refuse(&runs, "latest~x", "latest~x is no run: write latest~1");
    for (command, is_error) in ON_A_ROOT {
        let ran = runs.telensic(command);
        assert_eq!(
            ran.code,
            if *is_error { 2 } else { 0 },
            "{command:?}: {}",
            ran.stderr
        );
        assert!(ran.stderr.lines().count() <= 1, "{command:?}: {}", ran.stderr);
    }
    assert!(fs::read_dir(runs.root()).unwrap().next().is_none());
}

#[test]
fn a_foreign_directory_is_no_run() {
    let runs = Runs::new();
    fs::create_dir(runs.path().join("photos")).unwrap();
    fs::write(runs.path().join("photos/cat.jpg"), [0xff; 100]).unwrap();
    fs::write(runs.path().join("notes.txt"), "buy low").unwrap();
    let before = snapshot(runs.path());
    for command in RUN_COMMANDS {
        for named in ["./photos", "./notes.txt", "./missing"] {
            let words = on_run(command, named);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let complaint = runs.telensic(&words).refusal();
            let says = ["is not a run", "is not a tape", "no tapes in"]
                .iter()
                .any(|text| complaint.contains(text));
            assert!(says, "{words:?}: {complaint}");
        }
    }
    assert_eq!(snapshot(runs.path()), before);
}

#[test]
fn a_directory_without_a_manifest_and_one_with_garbage_are_no_runs() {
    let runs = Runs::new();
    let place = runs.kill();
    let id = place.file_name().unwrap().to_str().unwrap().to_owned();
    fs::remove_file(place.join("run.json")).unwrap();
    all_refuse(&runs, &id, "is not a run: it has no run.json");
    fs::write(place.join("run.json"), [0x5a; 3_000]).unwrap();
    all_refuse(&runs, &id, "run.json is no manifest of a run");
    fs::write(
        place.join("run.json"),
        r#"{"format_version": 99, "shape": "unknown"}"#,
    )
    .unwrap();
    all_refuse(
        &runs,
        &id,
        "has run format 99, this build reads up to 1: use a newer telensic",
    );
    let before = snapshot(&runs.root());
    for (command, _) in ON_A_ROOT {
        let ran = runs.telensic(command);
        assert_eq!(ran.code, 2, "{command:?}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{command:?}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("has run format 99"),
            "{command:?}: {}",
            ran.stderr
        );
    }
    assert_eq!(snapshot(&runs.root()), before);
}

#[test]
fn files_that_are_broken_beside_the_tapes_are_told_of() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    let run = place.to_str().unwrap();
    fs::write(place.join("data/provenance.json"), "{").unwrap();
    for command in ["report", "diff", "replay", "lookahead"] {
        let complaint = runs.telensic(&[command, run]).refusal();
        assert!(
            complaint.contains("provenance.json is no provenance"),
            "{command}: {complaint}"
        );
    }
    let ran = runs.telensic(&["show", run]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("provenance.json is no provenance"),
        "{}",
        ran.stderr
    );
    fs::write(place.join("seal.json"), "{").unwrap();
    let ran = runs.telensic(&["verify", run]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("seal.json was altered"), "{}", ran.stdout);
    fs::write(place.join("reports/health.json"), "{").unwrap();
    let ran = runs.telensic(&["fleet"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("health.json is no health report"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_root_that_is_a_file_is_said_to_be_one() {
    let runs = Runs::new();
    let file: PathBuf = runs.path().join("file");
    fs::write(&file, "no directory").unwrap();
    for (command, _) in ON_A_ROOT {
        let mut words = command.to_vec();
        words.extend(["--data", "file"]);
        let complaint = runs.telensic(&words).refusal();
        assert!(complaint.contains("file"), "{words:?}: {complaint}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "no directory");
}

#[test]
fn wrong_usage_ends_with_two() {
    let runs = Runs::new();
    for words in [
        &["lineage"][..],
        &["lineage", "latest"],
        &["pack", "latest"],
        &["recover"],
        &["recover", "--all", "latest"],
        &["verify", "--all", "latest"],
        &["hypotheses", "--method", "guess"],
        &["hypotheses", "--experiment", "a", "--profile", "b"],
        &["fleet", "-n", "many"],
        &["schema", "--check"],
        &["report", "--json", "--md", "x"],
    ] {
        let ran = runs.telensic(words);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{words:?}");
        assert!(!ran.stderr.is_empty());
    }
}
