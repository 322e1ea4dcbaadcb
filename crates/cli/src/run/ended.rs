//! How a program ended, in the words of a run.

use std::process::ExitStatus;

use telensic::{Exit, ResourceUse, RunStatus};

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// With which status, or by which signal.
    pub(crate) exit: Exit,
    /// The signal that was sent to us meanwhile, if any.
    pub(crate) stopped_by: Option<i32>,
}

impl Ended {
    pub(crate) fn new(status: ExitStatus, stopped_by: Option<i32>) -> Self {
        let exit = match status.code() {
            Some(code) => Exit::Code(code),
            None => Exit::Signal(signal_of(status)),
        };
        Self { exit, stopped_by }
    }

    /// What became of the run: one that was asked to stop was interrupted, unless it ended well all the same.
    pub(crate) fn status(self) -> RunStatus {
        match (self.exit, self.stopped_by) {
            (Exit::Code(0), _) => RunStatus::Succeeded,
            (_, Some(_)) => RunStatus::Interrupted,
            (Exit::Code(_), None) => RunStatus::Failed,
            (Exit::Signal(signal), None) if is_request(signal) => RunStatus::Interrupted,
            (Exit::Signal(_), None) => RunStatus::Crashed,
        }
    }

    /// The exit code that we pass on: a shell's, if it was a signal.
    pub(crate) fn code(self) -> u8 {
        let code = match self.exit {
            Exit::Code(code) => code,
            Exit::Signal(signal) => 128 + signal,
        };
        u8::try_from(code & 0xff).unwrap_or(u8::MAX)
    }

    /// Why it did not end well, in a line.
    pub(crate) fn reason(self) -> Option<String> {
        match self.exit {
            Exit::Code(0) => None,
            Exit::Code(code) => Some(format!("the program exited with status {code}")),
            Exit::Signal(signal) => Some(format!("the program was ended by {}", signal_name(signal))),
        }
    }
}

/// Whether a signal asks a program to stop, rather than tells of a fault.
fn is_request(signal: i32) -> bool {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    [SIGHUP, SIGINT, SIGTERM].contains(&signal)
}

fn signal_name(signal: i32) -> String {
    let name = signal_hook::low_level::signal_name(signal);
    name.map_or_else(|| format!("signal {signal}"), str::to_owned)
}

#[cfg(unix)]
fn signal_of(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.signal().unwrap_or_default()
}

#[cfg(not(unix))]
fn signal_of(_status: ExitStatus) -> i32 {
    0
}

/// What all children of this process that have ended used.
pub(crate) fn resource_use() -> Option<ResourceUse> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let seconds = |time: nix::sys::time::TimeVal| time.num_microseconds() as f64 / 1e6;
    Some(ResourceUse {
        cpu_user_s: seconds(used.user_time()),
        cpu_system_s: seconds(used.system_time()),
        // Linux counts in KiB.
        peak_memory_bytes: u64::try_from(used.max_rss()).unwrap_or_default() * 1024,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(exit: Exit, stopped_by: Option<i32>) -> Ended {
        Ended { exit, stopped_by }
    }

    #[test]
    fn a_run_is_interrupted_when_asked_and_crashed_when_not() {
        use RunStatus::{Crashed, Failed, Interrupted, Succeeded};
        for (exit, stopped_by, status, code) in [
            (Exit::Code(0), None, Succeeded, 0),
            (Exit::Code(0), Some(2), Succeeded, 0),
            (Exit::Code(3), None, Failed, 3),
            (Exit::Code(1), Some(2), Interrupted, 1),
            (Exit::Signal(2), None, Interrupted, 130),
            (Exit::Signal(15), Some(15), Interrupted, 143),
            (Exit::Signal(11), None, Crashed, 139),
            (Exit::Signal(9), None, Crashed, 137),
        ] {
            let it = ended(exit, stopped_by);
            assert_eq!((it.status(), it.code()), (status, code), "{it:?}");
        }
        assert_eq!(
            ended(Exit::Signal(11), None).reason().unwrap(),
            "the program was ended by SIGSEGV"
        );
    }
}
