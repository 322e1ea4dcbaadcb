//! `telensic recover`.

use std::fs;

use crate::support::{Plan, Runs, json, json_lines, snapshot};

#[test]
fn it_is_concluded_as_crashed_with_its_open_spans_named_and_then_verifies() {
    let runs = Runs::new();
    let place = runs.kill();
    let id = place.file_name().unwrap().to_str().unwrap();
    let listed = runs.telensic(&["ls"]).well();
    assert!(
        listed.contains("died") && listed.contains(&format!("`telensic recover {id}`")),
        "{listed}"
    );

    let text = runs.telensic(&["recover", id]).well();
    assert!(text.contains("concluded as crashed, and sealed"), "{text}");
    assert!(
        text.contains(
            "its process died, with 3 spans open: run_step:size, run_stage:trade, pipeline:nightly"
        ),
        "{text}"
    );
    let manifest = json(&fs::read_to_string(place.join("run.json")).unwrap());
    assert_eq!(manifest["status"], "crashed");
    assert!(manifest["ended_unix_nano"].as_u64() >= manifest["started_unix_nano"].as_u64());
    assert!(runs.telensic(&["verify", id]).well().starts_with("verified"));
    assert!(runs.telensic(&["report", id]).well().contains("run_step:size"));

    let before = snapshot(&runs.root());
    assert!(
        runs.telensic(&["recover", id])
            .well()
            .contains("it is sealed: nothing to do")
    );
    assert_eq!(runs.telensic(&["recover", "--all"]).well(), "");
    assert_eq!(snapshot(&runs.root()), before);
}

#[test]
fn a_run_that_goes_on_is_left_alone() {
    let runs = Runs::new();
    let (mut process, place) = runs.begin();
    let manifest = fs::read(place.join("run.json")).unwrap();
    let refused = runs.telensic(&["recover", "latest"]);
    let passed_over = runs.telensic(&["recover", "--all"]);
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(
        refused
            .refusal()
            .contains(&format!("process {} goes on", process.id()))
    );
    assert_eq!(passed_over.well(), "");
    assert_eq!(fs::read(place.join("run.json")).unwrap(), manifest);
    assert!(!place.join("seal.json").exists());
}

#[test]
fn a_run_of_another_host_is_only_recovered_on_insistence() {
    let runs = Runs::new();
    let place = runs.kill();
    let mut manifest = json(&fs::read_to_string(place.join("run.json")).unwrap());
    manifest["host"] = "elsewhere".into();
    fs::write(place.join("run.json"), manifest.to_string()).unwrap();
    let complaint = runs.telensic(&["recover", "latest"]).refusal();
    assert!(
        complaint.contains("it was started on elsewhere") && complaint.contains("--force"),
        "{complaint}"
    );
    let done = json_lines(&runs.telensic(&["recover", "latest", "--force", "--json"]).well());
    assert_eq!(done[0]["status"], "crashed");
    assert!(
        runs.telensic(&["verify", "latest"])
            .well()
            .starts_with("verified")
    );
}

#[test]
fn a_run_that_ended_but_was_not_sealed_is_sealed() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    // As if its process had died before it sealed.
    fs::remove_file(place.join("seal.json")).unwrap();
    fs::remove_file(place.with_file_name("LEDGER.jsonl")).unwrap();
    fs::remove_file(place.with_file_name("latest")).unwrap();
    let before = fs::read(place.join("run.json")).unwrap();
    let text = runs.telensic(&["recover", "--all"]).well();
    assert!(
        text.contains("sealed: it had ended, but its process died before that"),
        "{text}"
    );
    assert_eq!(fs::read(place.join("run.json")).unwrap(), before);
    assert_eq!(
        fs::read_link(place.with_file_name("latest")).unwrap().as_os_str(),
        place.file_name().unwrap()
    );
    assert!(
        runs.telensic(&["verify", "--all"])
            .well()
            .contains("verified  ledger: 1 line")
    );
}
