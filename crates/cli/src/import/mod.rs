//! Runs that come from elsewhere.
//!
//! Invariant: nothing that is there is overwritten, and what is left half-done at an error is removed.

mod otlp;
mod whole;

use telensic::RunDir;

pub(crate) use otlp::from_otlp;
pub(crate) use whole::{from_directory, from_pack};

/// A run that was taken in.
pub(crate) struct Imported {
    /// Where it lies now.
    pub(crate) run: RunDir,
    /// What is wrong with it, a line each.
    pub(crate) findings: Vec<String>,
    /// How many records were taken in, if they were taken in one by one.
    pub(crate) records: Option<u64>,
}
