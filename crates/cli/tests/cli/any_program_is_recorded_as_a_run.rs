//! `telensic run -- CMD`: the program behaves as without it, and leaves a run.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Dir, run, telensic};

/// `telensic run` of a shell script, with its data in this directory.
fn run_shell(dir: &Dir, script: &str) -> Command {
    let mut command = telensic(&["run", "--profile", "story", "--data"]);
    command.arg(dir.path()).args(["--", "sh", "-c", script]);
    command
}

fn with_data(dir: &Dir, arguments: &[&str]) -> Command {
    let mut command = telensic(arguments);
    command.arg("--data").arg(dir.path());
    command
}

/// The directory of the only run.
fn only_run(dir: &Dir) -> PathBuf {
    let runs = fs::read_dir(dir.path().join("artifacts/summaries/runs")).unwrap();
    let runs: Vec<PathBuf> = runs
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && !path.is_symlink())
        .collect();
    assert_eq!(runs.len(), 1, "{runs:?}");
    runs[0].clone()
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Waits until the program has said this.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn its_output_and_status_are_its_own_and_recorded() {
    let dir = Dir::new();
    let script = "echo to stdout; echo to stderr >&2; printf 'no line end'; exit 7";
    let ran = run(&mut run_shell(&dir, script));
    assert_eq!(ran.code, 7);
    assert_eq!(ran.stdout, "to stdout\nno line end");
    assert!(ran.stderr.starts_with("to stderr\n"), "{}", ran.stderr);
    let manifest = json(&only_run(&dir).join("run.json"));
    assert_eq!(manifest["status"], "failed");
    assert_eq!(manifest["exit"]["code"], 7);
    assert_eq!(manifest["error"], "the program exited with status 7");
    assert!(manifest["resource_use"]["peak_memory_bytes"].as_u64().unwrap() > 100_000);
    let logs = run(&mut with_data(&dir, &["logs"])).stdout;
    for line in ["to stdout", "to stderr", "no line end"] {
        assert!(logs.contains(line), "{logs}");
    }
    let found = run(&mut with_data(&dir, &["logs", "--grep", "NO LINE"])).stdout;
    assert_eq!(found.lines().count(), 1, "{found}");
}

#[test]
fn what_it_reads_and_writes_is_fingerprinted() {
    let dir = Dir::new();
    let input = dir.file("nav.csv", b"bar,nav\n0,1.0\n1,1.03\n");
    let output = dir.path().join("out.csv");
    let mut command = telensic(&["run", "--quiet", "--data"]);
    command
        .arg(dir.path())
        .arg("--input")
        .arg(&input)
        .arg("--output")
        .arg(&output);
    command.args(["--", "cp"]).arg(&input).arg(&output);
    let ran = run(&mut command);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let provenance = json(&only_run(&dir).join("data/provenance.json"));
    assert_eq!(provenance["inputs"][0]["row_count"], 2);
    assert_eq!(
        provenance["inputs"][0]["sha256"],
        provenance["outputs"][0]["sha256"]
    );
    let events = run(&mut with_data(&dir, &["events", "--json"])).stdout;
    let event: Value = serde_json::from_str(events.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&event["event"], &event["fields"]["row_count"]),
        (&"data.load".into(), &2.into())
    );
}

#[test]
fn secrets_among_its_arguments_and_its_output_are_masked() {
    const SECRET: &str = "ghp_1234567890abcdefghijklmnopqrstuvwxyz";
    let dir = Dir::new();
    let mut command = telensic(&["run", "--quiet", "--data"]);
    command.arg(dir.path());
    command.args([
        "--",
        "sh",
        "-c",
        &format!("echo token {SECRET}"),
        "--password",
        "hunter2hunter2",
    ]);
    assert_eq!(run(&mut command).code, 0);
    let mut waiting = vec![only_run(&dir)];
    let mut files = 0;
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        files += 1;
        let bytes = fs::read(&path).unwrap();
        for secret in [SECRET, "hunter2hunter2"] {
            let is_there = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!is_there, "{} holds {secret}", path.display());
        }
    }
    assert!(files > 8, "{files} files");
}

#[test]
fn three_processes_with_the_official_sdk_are_one_merged_trace() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/opentelemetry");
    let imports = "opentelemetry.sdk, opentelemetry.exporter.otlp.proto.http";
    let requirements = example.join("requirements.txt");
    let Some(python) = telensic_test_venv::python("venv-otlp-http", &requirements, imports) else {
        println!("skipped: python3 with opentelemetry-sdk cannot be had here");
        return;
    };
    let dir = Dir::new();
    let mut command = telensic(&["run", "--profile", "nightly", "--data"]);
    command
        .arg(dir.path())
        .arg("--")
        .arg(python)
        .arg(example.join("pipeline.py"));
    let ran = run(&mut command);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let spans = json(&only_run(&dir).join("data/forensic_trace.json"));
    let spans = spans.as_array().unwrap();
    let named = |name: &str| -> Vec<&Value> { spans.iter().filter(|span| span["name"] == name).collect() };
    assert_eq!(spans.len(), 10, "the root, three stages, six steps");
    let root = named("pipeline:nightly")[0];
    assert!(spans.iter().all(|span| span["trace_id"] == root["trace_id"]));
    let engine = named("run_stage:engine")[0];
    assert_eq!(engine["parent_span_id"], root["span_id"]);
    for stage in ["run_stage:bull", "run_stage:bear"] {
        let worker = named(stage)[0];
        assert_eq!(worker["parent_span_id"], engine["span_id"]);
        let steps = spans
            .iter()
            .filter(|span| span["parent_span_id"] == worker["span_id"]);
        assert_eq!(steps.count(), 3);
    }
    let mut pids: Vec<u64> = spans
        .iter()
        .map(|span| span["process"]["pid"].as_u64().unwrap())
        .collect();
    pids.sort_unstable();
    pids.dedup();
    assert_eq!(pids.len(), 4, "telensic itself, and three processes");
    let logs = run(&mut with_data(&dir, &["logs"])).stdout;
    assert!(logs.contains("bull has no fill for one epoch"), "{logs}");
    assert_eq!(run(&mut with_data(&dir, &["verify"])).code, 0);
}

/// A run whose program waits, started and waiting.
fn waiting(dir: &Dir) -> Child {
    let began = dir.path().join("began");
    let script = format!("echo started; touch {}; sleep 60 & wait", began.display());
    let child = run_shell(dir, &script)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("the program begins", || began.exists());
    child
}

fn signal(pid: u32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

#[test]
fn a_run_that_is_asked_to_stop_is_interrupted_and_whole() {
    let dir = Dir::new();
    let mut child = waiting(&dir);
    signal(child.id(), rustix::process::Signal::TERM);
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(128 + 15));
    let manifest = json(&only_run(&dir).join("run.json"));
    assert_eq!(
        (&manifest["status"], &manifest["exit"]["signal"]),
        (&"interrupted".into(), &15.into())
    );
    assert_eq!(run(&mut with_data(&dir, &["verify"])).code, 0);
}

/// Ctrl-C on a terminal goes to everybody on it, so `telensic run` is started on one of its own.
#[test]
fn ctrl_c_on_a_terminal_interrupts_the_program_once_and_the_run_is_whole() {
    const ON_A_TERMINAL: &str = r#"
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
said = b""
while b"started" not in said:
    said += os.read(terminal, 4096)
os.write(terminal, b"\x03")
try:
    while piece := os.read(terminal, 4096):
        said += piece
except OSError:
    pass  # the terminal's other end is closed
print(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#;
    let dir = Dir::new();
    let script = "trap 'echo caught; exit 4' INT; echo started; while :; do sleep 0.05; done";
    let telensic = run_shell(&dir, script);
    let mut command = Command::new("python3");
    command
        .args(["-c", ON_A_TERMINAL])
        .arg(telensic.get_program())
        .args(telensic.get_args());
    command
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
    for (name, value) in telensic.get_envs() {
        value.map(|value| command.env(name, value));
    }
    let ran = run(&mut command);
    assert_eq!(ran.code, 4, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.stdout.matches("caught").count(), 1, "{}", ran.stdout);
    let manifest = json(&only_run(&dir).join("run.json"));
    assert_eq!(manifest["status"], "interrupted");
    assert_eq!(run(&mut with_data(&dir, &["verify"])).code, 0);
}

#[test]
fn a_program_that_is_killed_leaves_a_crashed_run_that_verifies() {
    let dir = Dir::new();
    let ran = run(&mut run_shell(&dir, "echo before; kill -9 $$"));
    assert_eq!(ran.code, 128 + 9);
    let manifest = json(&only_run(&dir).join("run.json"));
    assert_eq!(manifest["status"], "crashed");
    assert_eq!(manifest["error"], "the program was ended by SIGKILL");
    assert_eq!(run(&mut with_data(&dir, &["verify"])).code, 0);
}

#[test]
fn a_run_whose_recorder_is_killed_is_recovered_with_its_open_spans_named() {
    let dir = Dir::new();
    let mut child = waiting(&dir);
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    let listed = run(&mut with_data(&dir, &["ls"])).stdout;
    assert!(
        listed.contains("died") && listed.contains("telensic recover"),
        "{listed}"
    );
    let recovered = run(&mut with_data(&dir, &["recover", "latest"]));
    assert_eq!(recovered.code, 0, "{}", recovered.stderr);
    let manifest = json(&only_run(&dir).join("run.json"));
    assert_eq!(manifest["status"], "crashed");
    assert_eq!(run(&mut with_data(&dir, &["verify"])).code, 0);
    let trace = run(&mut with_data(&dir, &["trace"])).stdout;
    assert!(
        trace.contains("pipeline:story") && trace.contains("still open"),
        "{trace}"
    );
    let logs = run(&mut with_data(&dir, &["logs"])).stdout;
    assert!(logs.contains("started"), "{logs}");
}

#[test]
fn a_program_that_is_not_there_is_said_in_one_line_and_the_run_failed() {
    let dir = Dir::new();
    let mut command = telensic(&["run", "--data"]);
    command.arg(dir.path()).args(["--", "no-such-program-anywhere"]);
    let ran = run(&mut command);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("cannot start no-such-program-anywhere"),
        "{}",
        ran.stderr
    );
    assert_eq!(json(&only_run(&dir).join("run.json"))["status"], "failed");
}

#[test]
fn what_it_leaves_behind_does_not_hold_the_run_up() {
    let dir = Dir::new();
    let ran = run(&mut run_shell(&dir, "sleep 30 & echo done"));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "done\n"));
    assert_eq!(json(&only_run(&dir).join("run.json"))["status"], "succeeded");
}
