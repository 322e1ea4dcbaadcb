//! What is recorded between the start and the end of a run is the run's, and nothing else is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use telensic::{Builder, DataRoot, Guard, Run, RunStatus};

use crate::support::{Dir, child, finish, given, is_child, kill, reap, succeed};

fn start(profile: &str) -> Run {
    Run::start(profile).unwrap()
}

/// The runs of a directory, the oldest first.
fn runs(dir: &Dir) -> Vec<PathBuf> {
    let root = DataRoot::new(dir.path());
    root.list()
        .unwrap()
        .into_iter()
        .map(|run| run.path().to_owned())
        .collect()
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn span_names(run: &Path) -> Vec<String> {
    let trace = json(&run.join("data/forensic_trace.json"));
    let spans = trace.as_array().unwrap().iter();
    spans
        .map(|span| span["name"].as_str().unwrap().to_owned())
        .collect()
}

/// A child with a key of this directory's own, so that no test writes one into the home of whoever runs it.
fn run_child(dir: &Dir, test: &str) -> Command {
    let mut command = child(dir, test);
    command.env("TELENSIC_KEY", dir.path().join("seal.key"));
    command
}

#[test]
fn later_runs_do_not_leak_into_earlier_ones_nor_into_the_service_around_them() {
    let dir = Dir::new();
    succeed(&mut run_child(
        &dir,
        "a_run_is_recorded_into_a_directory_of_its_own::two_runs_in_a_service",
    ));
    let runs = runs(&dir);
    assert_eq!(runs.len(), 2);
    for (run, name) in runs.iter().zip(["first", "second"]) {
        let names: BTreeSet<String> = span_names(run).into_iter().collect();
        let expected = [
            &format!("pipeline:{name}"),
            "run_stage:on a thread",
            &format!("run_stage:{name}"),
        ];
        assert_eq!(names, expected.map(str::to_owned).into());
        let trace = json(&run.join("data/forensic_trace.json"));
        let root = trace
            .as_array()
            .unwrap()
            .iter()
            .find(|span| span["parent_span_id"].is_null())
            .unwrap();
        assert_eq!(root["name"], format!("pipeline:{name}"));
        assert_eq!(
            root["attributes"]["run_id"],
            run.file_name().unwrap().to_str().unwrap()
        );
        assert_eq!(json(&run.join("run.json"))["status"], "succeeded");
    }
    let outside = crate::support::read(dir.path());
    let names: Vec<&str> = outside.spans.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["before", "between", "after"]);
}

#[test]
#[ignore = "a child"]
fn two_runs_in_a_service() {
    if !is_child() {
        return;
    }
    let _guard: Guard = telensic::init("service");
    telensic::span("before").end();
    for name in ["first", "second"] {
        let run = start(name);
        telensic::span(&format!("run_stage:{name}")).end();
        std::thread::spawn(|| telensic::span("run_stage:on a thread").end())
            .join()
            .unwrap();
        let error = Run::start("another").unwrap_err();
        assert!(error.to_string().contains("in a run already"), "{error}");
        assert_eq!(run.finish().unwrap().unwrap().status, RunStatus::Succeeded);
        if name == "first" {
            telensic::span("between").end();
        }
    }
    telensic::span("after").end();
}

#[test]
fn a_worker_joins_the_run_that_started_it_and_leaves_its_end_to_it() {
    let dir = Dir::new();
    succeed(&mut run_child(
        &dir,
        "a_run_is_recorded_into_a_directory_of_its_own::an_engine_with_workers",
    ));
    let runs = runs(&dir);
    assert_eq!(runs.len(), 1, "the workers made none");
    let trace = json(&runs[0].join("data/forensic_trace.json"));
    let spans = trace.as_array().unwrap();
    let named = |name: &str| {
        spans
            .iter()
            .filter(|span| span["name"] == name)
            .collect::<Vec<_>>()
    };
    let (root, engine) = (named("pipeline:nightly")[0], named("execute_sleeves")[0]);
    assert_eq!(engine["parent_span_id"], root["span_id"]);
    let plain = named("plain worker");
    let joined = named("pipeline:sleeve");
    for worker in plain.iter().chain(&joined) {
        assert_eq!(worker["parent_span_id"], engine["span_id"], "{worker}");
        assert_eq!(worker["trace_id"], root["trace_id"]);
        assert_ne!(worker["process"]["pid"], root["process"]["pid"]);
    }
    assert_eq!((plain.len(), joined.len()), (1, 1));
    let inner = named("within the sleeve")[0];
    assert_eq!(inner["parent_span_id"], joined[0]["span_id"]);
    let provenance = json(&runs[0].join("data/provenance.json"));
    assert_eq!(
        provenance["seeds"],
        serde_json::json!({ "engine": "7", "sleeve": "8" })
    );
    assert!(!runs[0].join("data/provenance.d").exists());
}

#[test]
#[ignore = "a child"]
fn an_engine_with_workers() {
    if !is_child() {
        return;
    }
    let run = start("nightly");
    run.seed("engine", 7).unwrap();
    {
        let _span = telensic::span("execute_sleeves").entered();
        for worker in ["a_plain_worker", "a_worker_with_a_run"] {
            let dir = Dir::new();
            let mut command = run_child(
                &dir,
                &format!("a_run_is_recorded_into_a_directory_of_its_own::{worker}"),
            );
            succeed(run.hand_over(&mut command));
        }
    }
    run.finish().unwrap();
}

#[test]
#[ignore = "a child"]
fn a_plain_worker() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("worker");
    telensic::span("plain worker").end();
}

#[test]
#[ignore = "a child"]
fn a_worker_with_a_run() {
    if !is_child() {
        return;
    }
    let run = start("sleeve");
    run.seed("sleeve", 8).unwrap();
    telensic::span("within the sleeve").end();
    assert!(
        run.finish().unwrap().is_none(),
        "the run is the engine's to conclude"
    );
}

#[test]
fn a_run_that_is_not_finished_has_failed_and_says_why() {
    for (how, reason) in [
        ("return", "it was dropped without finish()"),
        ("panic", "a panic ended it"),
        ("error", "no such column: close"),
    ] {
        let dir = Dir::new();
        let mut command = run_child(
            &dir,
            "a_run_is_recorded_into_a_directory_of_its_own::a_run_that_ends_badly",
        );
        finish(command.env("HOW", how));
        let runs = runs(&dir);
        let manifest = json(&runs[0].join("run.json"));
        assert_eq!(
            (&manifest["status"], &manifest["error"]),
            (&"failed".into(), &reason.into()),
            "{how}"
        );
        let trace = json(&runs[0].join("data/forensic_trace.json"));
        assert_eq!(trace[0]["status"], "ERROR", "{how}");
        assert!(runs[0].join("seal.json").exists(), "{how}");
        assert!(
            DataRoot::new(dir.path()).latest_id().unwrap().is_none(),
            "latest is for runs that succeeded"
        );
    }
}

#[test]
#[ignore = "a child"]
fn a_run_that_ends_badly() {
    if !is_child() {
        return;
    }
    let run = start("nightly");
    match given("HOW").as_str() {
        "panic" => panic!("out of range"),
        "error" => drop(run.fail(&std::io::Error::other("no such column: close")).unwrap()),
        _ => {}
    }
}

#[test]
fn what_is_known_of_the_run_is_on_every_log_line() {
    let dir = Dir::new();
    succeed(&mut run_child(
        &dir,
        "a_run_is_recorded_into_a_directory_of_its_own::a_run_that_logs",
    ));
    let run = &runs(&dir)[0];
    let lines = std::fs::read_to_string(run.join("logs/nightly.jsonl")).unwrap();
    let line: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    let provenance = json(&run.join("data/provenance.json"));
    assert_eq!(line["run_id"], run.file_name().unwrap().to_str().unwrap());
    assert_eq!(line["provenance"]["session_id"], provenance["session_id"]);
    assert_eq!(line["provenance"]["random_seed"], 42);
    assert_eq!(
        line["provenance"]["input_hash"],
        provenance["inputs"][0]["sha256"]
    );
    assert_eq!(line["trace_id"], json(&run.join("run.json"))["trace_id"]);
}

#[test]
#[ignore = "a child"]
fn a_run_that_logs() {
    if !is_child() {
        return;
    }
    let run = Run::builder("nightly")
        .recorder(Builder::new("nightly"))
        .start()
        .unwrap();
    run.seed("bootstrap", 42).unwrap();
    let input = DataRoot::from_env().path().join("nav.csv");
    std::fs::write(&input, "nav\n1.0\n").unwrap();
    run.input(&input).unwrap();
    telensic::log(telensic::Severity::Info, "loaded").emit();
    run.finish().unwrap();
}

#[test]
fn an_event_that_does_not_fit_is_kept_with_the_reason_and_no_level_hides_events() {
    let dir = Dir::new();
    let mut command = run_child(
        &dir,
        "a_run_is_recorded_into_a_directory_of_its_own::a_run_with_events",
    );
    succeed(command.env("TELENSIC_LOG_LEVEL", "error"));
    let events = std::fs::read_to_string(runs(&dir)[0].join("events.jsonl")).unwrap();
    let events: Vec<Value> = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let names: Vec<&str> = events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "epoch_detected",
            "event.invalid",
            "data.load",
            "own.event",
            "event.invalid"
        ]
    );
    assert_eq!(events[0]["fields"]["excess_gain"], 0.06);
    assert_eq!(events[1]["fields"]["event_name"], "data.load");
    assert_eq!(events[1]["fields"]["path"], "/row_count");
    assert_eq!(
        events[1]["fields"]["fields"]["source_path"], "nav.csv",
        "nothing of it is lost"
    );
    assert_eq!(events[4]["fields"]["event_name"], "own.typed");
}

#[test]
#[ignore = "a child"]
fn a_run_with_events() {
    if !is_child() {
        return;
    }
    let run = start("nightly");
    telensic::record(&telensic::events::EpochDetected::new(3_u32, 41_u32, 0.06, 0.01));
    telensic::event("data.load")
        .with("source_path", "nav.csv")
        .with("row_count", "many")
        .emit();
    telensic::event("data.load")
        .with("source_path", "nav.csv")
        .with("row_count", 5)
        .emit();
    telensic::event("own.event").with("anything", true).emit();
    let schema = serde_json::json!({ "type": "object", "required": ["side"] });
    telensic::register_schema("own.typed", schema).unwrap();
    telensic::event("own.typed").with("price", 1.5).emit();
    run.finish().unwrap();
}

#[test]
fn a_run_whose_process_is_killed_still_says_what_it_was() {
    let dir = Dir::new();
    let mut command = run_child(
        &dir,
        "a_run_is_recorded_into_a_directory_of_its_own::a_run_that_waits",
    );
    let mut waiting = command.spawn().unwrap();
    while !dir.path().join("ready").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(waiting.try_wait().unwrap().is_none(), "the child ended early");
    }
    kill(waiting.id());
    reap(&mut waiting);
    let run = DataRoot::new(dir.path()).find("latest").unwrap();
    let manifest = run.manifest().unwrap();
    assert_eq!(manifest.status, RunStatus::Running);
    let timeline = telensic_forensics::Timeline::read(&run).unwrap();
    let names: Vec<&str> = timeline
        .spans()
        .iter()
        .map(|span| timeline.text(span.name))
        .collect();
    assert_eq!(names, ["pipeline:nightly", "run_stage:load"], "both are open");
    assert_eq!(telensic_run::Provenance::gather(&run).unwrap().seeds.len(), 1);
}

#[test]
#[ignore = "a child"]
fn a_run_that_waits() {
    if !is_child() {
        return;
    }
    let run = start("nightly");
    run.seed("bootstrap", 42).unwrap();
    let _stage = telensic::span("run_stage:load").entered();
    std::fs::write(DataRoot::from_env().path().join("ready"), "").unwrap();
    std::thread::sleep(std::time::Duration::from_secs(50));
}
