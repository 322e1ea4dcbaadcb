//! Running a program as a run: `telensic run -- CMD`.
//!
//! ```text
//! CMD --OTLP/HTTP--> receiver --> tapes of the run
//!     --stdout/err-> lines ----> log records; and on, as they are, to our own
//!     --exit-------> manifest, then everything is concluded and sealed
//! ```
//!
//! Invariant: the program sees its own stdin, its exit status is ours, and no byte of its output is held back.

mod ended;
mod output;
mod profile;
mod signals;

pub(crate) use ended::{Ended, resource_use};
pub(crate) use output::Forwarder;
pub(crate) use profile::Profiling;
pub(crate) use signals::Signals;
