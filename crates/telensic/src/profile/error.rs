//! Why there is no profile.

use std::fmt;
use std::io;

/// Why a process cannot be profiled.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProfileError {
    /// One profiler at a time.
    Running,
    /// The program has a handler for SIGPROF of its own.
    SignalTaken,
    /// The kernel refuses something.
    Refused {
        /// What was asked for.
        what: &'static str,
        /// What it said.
        error: io::Error,
    },
    /// Not on this platform.
    Platform,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running => f.write_str("this process is being profiled already: finish that profile first"),
            Self::SignalTaken => f.write_str(
                "no CPU profile: the program uses SIGPROF itself; switch its own profiler off, or use perf",
            ),
            Self::Refused { what, error } => {
                write!(f, "no CPU profile: the kernel refuses {what} ({error}); is it a sandbox that forbids it?")
            }
            Self::Platform => f.write_str(
                "no CPU profile: they are taken on Linux with glibc, on x86-64 and AArch64; here another profiler is needed",
            ),
        }
    }
}

impl std::error::Error for ProfileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused { error, .. } => Some(error),
            _ => None,
        }
    }
}
