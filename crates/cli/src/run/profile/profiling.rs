//! The profile that is asked for, from the program's start to its end.

use std::process::Command;

use telensic::Run;

use super::elsewhere;
use super::py_spy::PySpy;
use super::python;

/// A profile that is asked for.
pub(crate) struct Profiling {
    follower: Option<Follower>,
}

/// Who follows the program, or why nobody does.
enum Follower {
    PySpy(PySpy),
    Nobody(String),
}

/// The setting that a program profiles itself by.
const ENABLED: &str = "TF_PROFILE_ENABLED";

impl Profiling {
    /// One, if the flag or the environment asks for it.
    pub(crate) fn asked(flag: bool) -> Option<Self> {
        let is_enabled = |value: String| matches!(value.trim().to_ascii_lowercase().as_str(), "1" | "true");
        let is_asked = flag || std::env::var(ENABLED).is_ok_and(is_enabled);
        is_asked.then_some(Self { follower: None })
    }

    /// Tells the program, should it be able to profile itself.
    pub(crate) fn tell(child: &mut Command) {
        child.env(ENABLED, "true");
    }

    /// Follows the program from outside, if it is Python.
    pub(crate) fn follow(&mut self, command: &[String], pid: u32) {
        let Some(interpreter) = python::interpreter(&command[0]) else {
            return;
        };
        self.follower = Some(match PySpy::beside(&interpreter) {
            Some(py_spy) => match py_spy.follow(command, pid) {
                Ok(following) => Follower::PySpy(following),
                Err(error) => Follower::Nobody(format!("py-spy cannot be started: {error}")),
            },
            None => Follower::Nobody(
                "py-spy is not installed beside the interpreter nor on PATH; `pip install py-spy` mends that"
                    .to_owned(),
            ),
        });
    }

    /// Puts what was seen into the run; a line if there is no profile.
    pub(crate) fn finish(self, run: &Run, program: &str) -> Option<String> {
        let kept = match self.follower {
            Some(Follower::PySpy(py_spy)) => py_spy.finish(run.dir()),
            Some(Follower::Nobody(reason)) => Err(reason),
            None => Err(elsewhere::what_is_possible(program)),
        };
        let reason = kept.err()?;
        let is_there = run
            .dir()
            .list_cpu_profiles()
            .is_ok_and(|profiles| !profiles.is_empty());
        (!is_there).then(|| format!("no CPU profile: {reason}"))
    }
}
