//! `telensic run --profile-cpu`: Python through py-spy, and a clear line where there is no way.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{Dir, run, telensic};

/// `telensic run --profile-cpu` of this program, with its data in this directory.
fn profile(dir: &Dir, program: &[&str]) -> Command {
    let mut command = telensic(&["run", "--profile-cpu", "--profile", "story", "--data"]);
    command.arg(dir.path()).arg("--").args(program);
    command
}

fn profiles_of_the_only_run(dir: &Dir) -> PathBuf {
    let runs = fs::read_dir(dir.path().join("artifacts/summaries/runs")).unwrap();
    let mut runs = runs
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && !path.is_symlink());
    runs.next().unwrap().join("profiles")
}

fn busy_python() -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/python/busy.py");
    script.to_str().unwrap().to_owned()
}

#[test]
fn a_python_program_is_sampled_by_py_spy() {
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/python/py-spy-requirements.txt");
    let is_installed = "importlib.metadata as installed; installed.version('py-spy')";
    let Some(python) = telensic_test_venv::python("venv-py-spy", &requirements, is_installed) else {
        println!("skipped: py-spy cannot be had here");
        return;
    };
    let dir = Dir::new();
    let ran = run(&mut profile(&dir, &[python.to_str().unwrap(), &busy_python()]));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.stderr.contains("no CPU profile"), "{}", ran.stderr);
    let profiles = profiles_of_the_only_run(&dir);
    let index: Value = serde_json::from_slice(&fs::read(profiles.join("INDEX.json")).unwrap()).unwrap();
    let entries = index["profiles"].as_array().unwrap();
    assert_eq!(entries.len(), 2, "a drawing and a file for pprof");
    let drawing = entries
        .iter()
        .find(|entry| entry["kind"] == "flamegraph")
        .unwrap();
    assert_eq!(
        (&drawing["source"], &drawing["package"]),
        (&"py-spy".into(), &"busy".into())
    );
    assert!(drawing["samples"].as_u64().unwrap() > 20, "{drawing}");
    let drawn = fs::read_to_string(profiles.join(drawing["file"].as_str().unwrap())).unwrap();
    assert!(drawn.contains("price_options (busy.py"), "{drawn}");
}

#[test]
fn without_py_spy_the_program_runs_and_a_line_says_what_mends_it() {
    let dir = Dir::new();
    // An interpreter beside which there is no py-spy.
    let bin = dir.path().join("bin");
    fs::create_dir_all(&bin).unwrap();
    let python = bin.join("python3");
    fs::write(&python, "#!/bin/sh\nexit 3\n").unwrap();
    fs::set_permissions(&python, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let mut command = profile(&dir, &[python.to_str().unwrap(), "nightly.py"]);
    let ran = run(command.env("PATH", "/usr/bin:/bin"));
    assert_eq!(ran.code, 3);
    let told: Vec<&str> = ran
        .stderr
        .lines()
        .filter(|line| line.contains("no CPU profile"))
        .collect();
    assert_eq!(told.len(), 1, "{}", ran.stderr);
    assert!(told[0].contains("pip install py-spy"), "{}", told[0]);
    assert_eq!(fs::read_dir(profiles_of_the_only_run(&dir)).unwrap().count(), 0);
}

#[test]
fn of_any_other_program_a_line_says_what_is_possible() {
    let dir = Dir::new();
    let ran = run(&mut profile(&dir, &["sh", "-c", "echo $TF_PROFILE_ENABLED"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "true\n"));
    let told: Vec<&str> = ran
        .stderr
        .lines()
        .filter(|line| line.contains("no CPU profile"))
        .collect();
    assert_eq!(told.len(), 1, "{}", ran.stderr);
    assert!(
        told[0].contains("feature `profile`") && told[0].contains("perf"),
        "{}",
        told[0]
    );
}
