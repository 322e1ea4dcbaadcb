//! Where receivers put what they received.
//!
//! A receiver speaks a protocol and knows no storage; an [`Intake`] stores and knows no protocol. [`RunIntake`] puts
//! records on tapes of a run.

mod counts;
mod fold;
mod reel;
mod run;
mod shelf;

use std::time::Duration;

use crate::otlp::{ExportRequest, Rejected};

pub use counts::{IntakeSummary, RejectedRecords};
pub use run::{RunIntake, RunIntakeOptions};

/// Takes requests from receivers.
pub trait Intake: Send + Sync + 'static {
    /// Takes a request.
    ///
    /// When this returns `Ok`, the records that were taken survive `kill -9` of this process; an answer to whoever
    /// sent them is given after that.
    fn take(&self, request: &ExportRequest) -> Result<Taken, Refused>;
}

/// What became of a request that was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// How many records are stored.
    pub accepted: u64,
    /// How many are not, and why; sending them again does not help.
    pub rejected: Rejected,
}

/// Nothing of the request can be promised to be stored; it may be sent again.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Refused {
    /// One line: what is wrong, where, and how to mend it.
    pub reason: String,
    /// When it makes sense to try again.
    pub retry_after: Duration,
}
