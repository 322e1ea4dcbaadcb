//! What one measurement of a case came to, as the measuring process hands it to the one that asked.

use serde::{Deserialize, Serialize};
use telensic_benches::Outcome;

use crate::stopwatch::Effort;

/// The figures of a case, or why there are none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Measured {
    Taken(Figures),
    /// The program that is measured is not on this machine.
    NotInstalled,
}

/// One round of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figures {
    pub(crate) effort: Effort,
    /// Bytes or spans, as the case's section counts.
    pub(crate) amount: u64,
    /// What it came to, in words.
    pub(crate) result: String,
}

impl Measured {
    pub(crate) fn taken(effort: Effort, amount: u64, result: impl Into<String>) -> Self {
        Self::Taken(Figures {
            effort,
            amount,
            result: result.into(),
        })
    }
}

/// Fails with this message unless the case did what it is said to do.
pub(crate) fn ensure(is_right: bool, otherwise: impl FnOnce() -> String) -> Outcome<()> {
    if is_right { Ok(()) } else { Err(otherwise().into()) }
}
