//! The answer for the ledger as a whole.

use serde::Serialize;
use telensic_run::VerificationOfAll;

use crate::exit::Outcome;

/// What the verification of a ledger comes to.
#[derive(Serialize)]
pub(crate) struct LedgerAnswer {
    /// How many lines it has.
    pub(crate) lines: u64,
    /// What is wrong with it.
    pub(crate) findings: Vec<String>,
}

impl LedgerAnswer {
    /// Of a whole root.
    pub(crate) fn of(all: &VerificationOfAll) -> Self {
        Self {
            lines: all.lines,
            findings: all.ledger.iter().map(ToString::to_string).collect(),
        }
    }

    /// How the program ends for it.
    pub(crate) fn outcome(&self) -> Outcome {
        Outcome::fine_if(self.findings.is_empty())
    }
}
