//! What the stories need: a directory, the program, and processes that record.

mod commands;
mod runs;
mod scribe;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) use commands::{RUN_COMMANDS, on_run};
pub(crate) use runs::{Plan, Runs, copy, snapshot};
pub(crate) use scribe::{Scribe, kill_while_recording, let_record};

/// A directory of this test's own, removed at its end.
pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("telensic-cli-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A file in it with these bytes.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The only tape that was recorded in a data directory.
pub(crate) fn tape_in(dir: &Dir) -> PathBuf {
    let tapes: Vec<PathBuf> = std::fs::read_dir(dir.path().join("tapes"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(tapes.len(), 1, "{tapes:?}");
    tapes[0].clone()
}

/// `telensic` with these arguments and none of the variables that steer it.
pub(crate) fn telensic(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_telensic"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let steers = ["OTEL_", "TELENSIC_"]
            .iter()
            .any(|prefix| name.starts_with(prefix));
        if steers || ["NO_COLOR", "RUN_ID", "TRACEPARENT", "TERM"].contains(&&*name) {
            command.env_remove(&*name);
        }
    }
    // The key of whoever runs the tests is not for them.
    let nowhere = std::env::temp_dir().join(format!("telensic-cli-test-{}-keys", std::process::id()));
    command.env("XDG_CONFIG_HOME", nowhere).env_remove("TELENSIC_KEY");
    command.args(arguments);
    command
}

/// What came of running the program.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs it to its end.
pub(crate) fn run(command: &mut Command) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    Ran {
        code: status.code().expect("an exit code, not a signal"),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// `telensic tape <path> <flags>`, run to its end.
pub(crate) fn tape(path: &Path, flags: &[&str]) -> Ran {
    run(telensic(&["tape"]).arg(path).args(flags))
}

impl Ran {
    /// The output, if it ended well and had nothing to complain of.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{}", self.stdout);
        self.stdout
    }

    /// The complaint: one line on stderr, nothing on stdout, exit code 2.
    #[track_caller]
    pub(crate) fn refusal(self) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{}", self.stderr);
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        assert!(self.stderr.starts_with("telensic: "), "{}", self.stderr);
        self.stderr
    }
}

/// The JSON documents in a text, one a line.
pub(crate) fn json_lines(text: &str) -> Vec<serde_json::Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The one JSON document in a text.
pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

/// What a program writes when its standard output is a terminal.
#[cfg(target_os = "linux")]
pub(crate) fn on_terminal(mut command: Command) -> String {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use std::io::Read;
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let name = ptsname(&controller, Vec::new()).unwrap();
    let terminal = std::fs::File::options()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let mut child = command.stdout(terminal).spawn().unwrap();
    // The command holds the last handle of the terminal's other side: without it the reading below ends.
    drop(command);
    let mut written = Vec::new();
    // The end of a terminal is an input/output error on Linux.
    let _ = std::fs::File::from(controller).read_to_end(&mut written);
    assert!(child.wait().unwrap().success());
    String::from_utf8(written).unwrap()
}
