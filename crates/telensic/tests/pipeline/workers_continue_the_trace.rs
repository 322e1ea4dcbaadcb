//! Workers are processes with tapes of their own, in the trace of the stage that started them; one that is killed is named.

use telensic::pipeline::Pipeline;
use telensic::{Run, spans};

use crate::recorded::{begin, path, read_only_run};
use crate::support::{Dir, child, is_child, kill, read_run, succeed};

const WORKER: &str = "workers_continue_the_trace::worker";

#[test]
#[ignore = "a child of the child below"]
fn worker() {
    if !is_child() {
        return;
    }
    let sleeve = crate::support::given("SLEEVE");
    let run = Run::start("nightly").unwrap();
    let span = spans::run_pipeline("nightly", "127.0.0.1")
        .with("sleeve", sleeve.as_str())
        .entered();
    let step = spans::run_step("measure", true).entered();
    if sleeve == "killed" {
        kill(std::process::id());
    }
    drop(step);
    drop(span);
    run.finish().unwrap();
}

#[test]
#[ignore = "the child of the test below"]
fn driver() {
    if !is_child() {
        return;
    }
    let run = begin();
    let dir = Dir::new();
    let mut pipeline = Pipeline::new();
    let done = pipeline.stage("sleeves").runs(|task| {
        let names = ["killed", "one", "two"].map(|name| (name.to_owned(), ()));
        let sleeves = task.workers(2, names, |name, ()| {
            let mut command = child(&dir, WORKER);
            command.env("SLEEVE", name);
            Ok(command)
        })?;
        assert!(
            sleeves
                .failed
                .get("killed")
                .unwrap()
                .to_string()
                .ends_with("was killed by signal 9")
        );
        Ok(sleeves.done)
    });
    let outcome = pipeline.run(&run).unwrap();
    outcome.check().unwrap();
    // What a worker writes to its stdout is its result.
    for (name, written) in done.get().unwrap().iter() {
        assert!(
            String::from_utf8_lossy(written).contains("test result: ok"),
            "{name}"
        );
    }
    let names: Vec<_> = done.get().unwrap().names().collect();
    assert_eq!(names, ["one", "two"]);
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
            .any(|gap| gap.starts_with("sleeve killed on ") && gap.ends_with("did not end")),
        "{gaps:?}"
    );
    let read = read_run(concluded.run.path());
    assert_eq!(
        read.open(),
        ["pipeline:nightly", "run_pipeline", "run_step:measure"]
    );
}

#[test]
fn those_that_end_stand_and_the_killed_one_is_named() {
    let dir = Dir::new();
    let driver = "workers_continue_the_trace::driver";
    succeed(child(&dir, driver).env("TELENSIC_KEY", dir.path().join("seal.key")));
    let read = read_only_run(&dir);
    assert_eq!(read.tapes.len(), 4);
    for sleeve in read.named("run_pipeline") {
        let name = sleeve.get("sleeve").unwrap().text();
        assert_eq!(
            path(&read, sleeve),
            format!(
                "pipeline:nightly / run_stage:sleeves / execute_sleeves / run_step:{name} / pipeline:nightly / run_pipeline"
            )
        );
    }
    let killed = read.span("run_step:killed");
    assert_eq!(killed.status, 2);
    assert_eq!(
        killed.message,
        format!(
            "the worker of sleeve killed, process {}, was killed by signal 9",
            killed.int("process.pid")
        )
    );
}
