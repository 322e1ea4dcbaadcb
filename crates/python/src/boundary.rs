//! The boundary: telemetry never takes its host program down.
//!
//! Invariant: what records neither raises nor panics into the program. Should something go wrong here all the same, it is
//! said once on stderr, and the program goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;
use telensic::__door as door;

/// Does something for telemetry; if that fails, what `instead` gives is the answer.
#[inline]
pub(crate) fn safely<T>(
    py: Python<'_>,
    work: impl FnOnce() -> PyResult<T>,
    instead: impl FnOnce() -> T,
) -> T {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => done,
        Ok(Err(error)) => {
            // With its type: many have no text.
            let shown = error.value(py).repr();
            say(&shown.map_or_else(|_| error.to_string(), |shown| shown.to_string()));
            instead()
        }
        Err(_) => {
            say("a panic, which is told above");
            instead()
        }
    }
}

/// The same, for what has no answer.
#[inline]
pub(crate) fn quietly(py: Python<'_>, work: impl FnOnce() -> PyResult<()>) {
    safely(py, work, || ());
}

#[cold]
fn say(what: &str) {
    door::say_once(&format!("something could not be recorded: {what}"));
}
