//! Asks the `git` program, within a time.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::provenance::command::{NoOutput, run};

/// Output that is kept; a diff is hashed as it comes and not kept.
const MOST_OUTPUT: usize = 64 << 20;

/// Variables that make git look elsewhere than in the directory it is given; set in git's own hooks.
const ELSEWHERE: [&str; 7] = [
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_WORK_TREE",
];

/// Which program is git, and how long it may take for all answers together.
#[derive(Clone, Debug)]
pub struct GitProgram {
    program: OsString,
    timeout: Duration,
}

impl Default for GitProgram {
    /// `git` from the path, five seconds.
    fn default() -> Self {
        Self::new("git")
    }
}

impl GitProgram {
    /// This program, five seconds.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            timeout: Duration::from_secs(5),
        }
    }

    /// The same program with another time.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The questions about this directory; their time begins now.
    pub(super) fn session<'a>(&'a self, directory: &'a Path) -> GitSession<'a> {
        GitSession {
            program: self,
            directory,
            deadline: Instant::now() + self.timeout,
        }
    }
}

/// Questions about one directory.
pub(super) struct GitSession<'a> {
    program: &'a GitProgram,
    directory: &'a Path,
    deadline: Instant,
}

impl GitSession<'_> {
    /// The output of a command.
    pub(super) fn output(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let mut output = Vec::new();
        self.stream(arguments, |bytes| {
            let room = MOST_OUTPUT - output.len();
            output.extend_from_slice(&bytes[..bytes.len().min(room)]);
        })?;
        Ok(output)
    }

    /// Hands on the output of a command as it comes; an error is the reason in a line.
    pub(super) fn stream(&self, arguments: &[&str], take: impl FnMut(&[u8])) -> Result<(), String> {
        let mut command = Command::new(&self.program.program);
        // Nothing that a repository's settings name may be started, nothing locked, nobody asked.
        command
            .arg("-C")
            .arg(self.directory)
            .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
            .args(arguments)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C");
        ELSEWHERE.iter().for_each(|name| {
            command.env_remove(name);
        });
        run(&mut command, self.deadline, take).map_err(|error| match error {
            NoOutput::NotStarted(kind) => format!("git cannot be started ({kind})"),
            NoOutput::Late => format!(
                "git did not answer within {:.1} s",
                self.program.timeout.as_secs_f64()
            ),
            NoOutput::Failed(complaint) if complaint.contains("dubious ownership") => {
                "git refuses, since the repository belongs to another user".to_owned()
            }
            NoOutput::Failed(complaint) => {
                format!(
                    "git failed: {}",
                    complaint.lines().next().unwrap_or("no reason given")
                )
            }
        })
    }
}
