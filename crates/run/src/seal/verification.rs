//! What a verification comes to.

use super::Finding;
use crate::{LedgerFinding, PublicKey, RunError, RunId};

/// How far a run's sealing has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealState {
    /// It is sealed.
    Sealed,
    /// It is entered in the ledger, but its process died before the seal had its name: sealing again completes it.
    Interrupted,
    /// It goes on, or its process died: only the chains of its tapes could be verified, up to the last full chunk.
    Unsealed {
        /// Chunks that are part of their tape's chain.
        chained: u64,
        /// Chunks that are not yet.
        open: u64,
    },
}

/// Whose key a seal was signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTrust {
    /// The one that the caller gave.
    Given,
    /// The one of this machine.
    ThisMachine,
    /// One that only the seal itself vouches for.
    Unknown,
}

/// The key that a seal names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signer {
    /// The key.
    pub key: PublicKey,
    /// Whose it is.
    pub trust: KeyTrust,
}

/// What the verification of a run comes to.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The run.
    pub run_id: RunId,
    /// How far its sealing has gone.
    pub state: SealState,
    /// The key that sealed it.
    pub signer: Option<Signer>,
    /// Its number in the ledger.
    pub sequence: Option<u64>,
    /// Files that were looked at.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Records on its tapes.
    pub records: u64,
    /// Records that its tapes say were lost.
    pub lost: u64,
    /// All that is not as it should be.
    pub findings: Vec<Finding>,
}

impl Verification {
    pub(super) fn of(run_id: RunId) -> Self {
        Self {
            run_id,
            state: SealState::Sealed,
            signer: None,
            sequence: None,
            files: 0,
            bytes: 0,
            records: 0,
            lost: 0,
            findings: Vec::new(),
        }
    }

    /// Whether nothing was found.
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }
}

/// What the verification of a whole data root comes to.
#[derive(Debug)]
pub struct VerificationOfAll {
    /// Each run, the oldest first; an error is a run that this build cannot read.
    pub runs: Vec<(RunId, Result<Verification, RunError>)>,
    /// What is wrong with the ledger.
    pub ledger: Vec<LedgerFinding>,
    /// Lines in the ledger.
    pub lines: u64,
}

impl VerificationOfAll {
    /// Whether nothing was found, and every run could be read.
    pub fn is_whole(&self) -> bool {
        let is_run_whole = |(_, run): &(RunId, Result<Verification, RunError>)| {
            run.as_ref().is_ok_and(Verification::is_whole)
        };
        self.ledger.is_empty() && self.runs.iter().all(is_run_whole)
    }
}
