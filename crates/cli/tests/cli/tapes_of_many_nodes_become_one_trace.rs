//! `telensic merge`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Plan, Runs, copy, json, snapshot};

fn tapes(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn the_spans_of_a_run_are_one_json_document_and_the_rest_is_said_beside() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    let ran = runs.telensic(&["merge"]);
    assert_eq!(ran.code, 0);
    let spans = json(&ran.stdout);
    let names: Vec<&str> = spans
        .as_array()
        .unwrap()
        .iter()
        .map(|span| span["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["pipeline:nightly", "run_stage:load", "run_stage:trade"]);
    assert!(ran.stderr.contains("1 tape of 1 host: 3 spans"), "{}", ran.stderr);
    assert_eq!(
        ran.stdout,
        fs::read_to_string(place.join("data/forensic_trace.json")).unwrap()
    );

    let document = json(&runs.telensic(&["merge", "-o", "trace.json", "--json"]).well());
    assert_eq!(document["spans"], 3);
    assert_eq!(
        fs::read_to_string(runs.path().join("trace.json")).unwrap(),
        ran.stdout
    );
}

#[test]
fn what_several_tapes_have_is_there_once_and_counted() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    copy(&place.join("tape"), &runs.path().join("node"));
    let tape = tapes(&place.join("tape")).remove(0);
    let ran = runs.telensic(&["merge", tape.to_str().unwrap(), "node"]);
    assert_eq!(json(&ran.stdout).as_array().unwrap().len(), 3);
    assert!(ran.stderr.contains("3 duplicates left out"), "{}", ran.stderr);
}

#[test]
fn tapes_are_brought_into_a_run_that_is_not_sealed_and_none_is_overwritten() {
    let (runs, [sealed]) = Runs::with([Plan::Trade]);
    let open = runs.kill();
    let node = runs.path().join("node");
    copy(&sealed.join("tape"), &node);
    let bring = |run: &Path| runs.telensic(&["merge", run.to_str().unwrap(), "--tapes", "node"]);

    let before = snapshot(&sealed);
    let complaint = bring(&sealed).refusal();
    assert!(
        complaint.contains("is sealed and takes no more tapes"),
        "{complaint}"
    );
    assert_eq!(snapshot(&sealed), before);

    let ran = bring(&open);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    assert!(ran.stderr.contains("1 tape copied into run"), "{}", ran.stderr);
    assert_eq!(tapes(&open.join("tape")).len(), 2);
    assert!(bring(&open).stderr.contains("0 tapes copied into run"));

    let brought = tapes(&node).remove(0);
    let kept = open.join("tape").join(brought.file_name().unwrap());
    let held = fs::read(&kept).unwrap();
    fs::copy(
        tapes(&open.join("tape"))
            .into_iter()
            .find(|tape| *tape != kept)
            .unwrap(),
        &brought,
    )
    .unwrap();
    let ran = bring(&open);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("is not copied: another tape of this name"),
        "{}",
        ran.stderr
    );
    assert_eq!(fs::read(&kept).unwrap(), held);
}
