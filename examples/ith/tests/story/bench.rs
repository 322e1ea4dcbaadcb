//! A place to run programs at, with data and a key of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct Bench(TempDir);

/// What a program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A small pipeline: the defaults take seconds in a debug build.
const SMALL: [&str; 4] = ["--sleeves", "4", "--bars", "600"];

impl Bench {
    pub(crate) fn new() -> Self {
        // Before anything runs that waits for nobody.
        telensic();
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The example pipeline.
    pub(crate) fn ith(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(Path::new(env!("CARGO_BIN_EXE_ith")));
        command.args(SMALL).args(arguments);
        command
    }

    /// Runs the pipeline, which must end well; what it printed, and where its record is.
    pub(crate) fn run(&self, arguments: &[&str]) -> (String, PathBuf) {
        let said = finish(&mut self.ith(arguments));
        assert_eq!(said.code, Some(0), "{said:?}");
        let (table, run) = said.out.trim_end().rsplit_once('\n').unwrap();
        (table.to_owned(), self.path().join(run))
    }

    /// `telensic`.
    pub(crate) fn telensic(&self, arguments: &[&str]) -> Said {
        finish(self.command(telensic()).args(arguments))
    }

    /// What `telensic <command> --json` says of a run.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let said = self.telensic(&[arguments, &["--json"]].concat());
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"))
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            let is_ours = name.starts_with("OTEL_") || name.starts_with("TELENSIC_");
            if is_ours || name == "RUN_ID" || name == "TRACEPARENT" {
                command.env_remove(name);
            }
        }
        command
            .current_dir(self.path())
            .env("TELENSIC_DIR", self.path().join("data"))
            .env("TELENSIC_KEY", self.path().join("seal.key"));
        command
    }

    /// The only run of this place.
    pub(crate) fn only_run(&self) -> Option<PathBuf> {
        let runs = std::fs::read_dir(self.path().join("data/artifacts/summaries/runs")).ok()?;
        let mut runs = runs
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.join("run.json").exists());
        let only = runs.next();
        assert!(runs.next().is_none(), "there are several runs");
        only
    }
}

/// What a run's events are, as `events.jsonl` has them.
pub(crate) fn events(run: &Path) -> Vec<Value> {
    let lines = std::fs::read_to_string(run.join("events.jsonl")).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The spans of a run.
pub(crate) fn spans(run: &Path) -> Vec<Value> {
    serde_json::from_slice(&std::fs::read(run.join("data/forensic_trace.json")).unwrap()).unwrap()
}

/// The path of a run as an argument.
pub(crate) fn text(run: &Path) -> &str {
    run.to_str().unwrap()
}

/// A guard against hangs, not a measure of speed.
const HANG: Duration = Duration::from_secs(120);

pub(crate) fn begin(command: &mut Command) -> Child {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

pub(crate) fn finish(command: &mut Command) -> Said {
    end(begin(command))
}

pub(crate) fn end(child: Child) -> Said {
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().unwrap();
    Said {
        code: status.code(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

/// Looks again until there is what is wanted.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < HANG, "never came: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// SIGKILL.
pub(crate) fn kill(pid: u32) {
    assert!(
        Command::new("kill")
            .args(["-KILL", &pid.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

/// The program beside the pipeline's, where a test of the whole workspace puts it; else it is built.
fn telensic() -> &'static Path {
    static TELENSIC: OnceLock<PathBuf> = OnceLock::new();
    TELENSIC.get_or_init(|| {
        let path = Path::new(env!("CARGO_BIN_EXE_ith")).with_file_name("telensic");
        if !path.exists() {
            let mut build = Command::new(env!("CARGO"));
            build.args([
                "build",
                "--quiet",
                "--package",
                "telensic-cli",
                "--bin",
                "telensic",
            ]);
            assert!(build.status().unwrap().success());
        }
        path
    })
}
