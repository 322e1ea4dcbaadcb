//! The answer for one run.

use serde::Serialize;
use telensic::RunId;
use telensic_run::{KeyTrust, PublicKey, SealState, Verification};

use crate::exit::Outcome;

/// How much a verification says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Finality {
    /// All that was sealed is as it was sealed.
    Verified,
    /// Nothing is wrong, but it is not sealed: what comes behind the last full chunk is not covered.
    NotSealed,
    /// Something is wrong.
    FoundWrong,
}

/// What the verification of a run comes to.
#[derive(Serialize)]
pub(crate) struct Answer {
    pub(crate) verdict: Finality,
    pub(crate) run_id: RunId,
    /// The directory or the pack.
    pub(crate) path: String,
    pub(crate) state: &'static str,
    /// Chunks of tapes that are not part of a chain yet.
    pub(crate) open_chunks: u64,
    pub(crate) public_key: Option<PublicKey>,
    /// `given`, `this_machine` or `unknown`.
    pub(crate) key: Option<&'static str>,
    /// The number in the ledger.
    pub(crate) sequence: Option<u64>,
    /// Whether it was held against a ledger.
    pub(crate) ledger_checked: bool,
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    pub(crate) records: u64,
    pub(crate) lost: u64,
    /// What is wrong, the first thing first.
    pub(crate) findings: Vec<String>,
    /// Links and special files that the pack does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) not_held: Vec<String>,
}

impl Answer {
    /// Of this verification; `wants_key` if somebody named the key that must have sealed it.
    pub(crate) fn new(
        verification: &Verification,
        path: String,
        ledger_checked: bool,
        wants_key: bool,
        not_held: Vec<String>,
    ) -> Self {
        let mut findings: Vec<String> = verification.findings.iter().map(ToString::to_string).collect();
        let (state, open_chunks) = match verification.state {
            SealState::Sealed => ("sealed", 0),
            SealState::Interrupted => ("interrupted", 0),
            SealState::Unsealed { open, .. } => ("unsealed", open),
        };
        if wants_key && verification.signer.is_none() && findings.is_empty() {
            findings.push("it is not sealed, so no key has signed it".to_owned());
        }
        let verdict = match (findings.is_empty(), verification.state) {
            (false, _) => Finality::FoundWrong,
            (true, SealState::Unsealed { .. }) => Finality::NotSealed,
            (true, _) => Finality::Verified,
        };
        Self {
            verdict,
            run_id: verification.run_id,
            path,
            state,
            open_chunks,
            public_key: verification.signer.map(|signer| signer.key),
            key: verification.signer.map(|signer| match signer.trust {
                KeyTrust::Given => "given",
                KeyTrust::ThisMachine => "this_machine",
                KeyTrust::Unknown => "unknown",
            }),
            sequence: verification.sequence,
            ledger_checked,
            files: verification.files,
            bytes: verification.bytes,
            records: verification.records,
            lost: verification.lost,
            findings,
            not_held,
        }
    }

    /// How the program ends for it.
    pub(crate) fn outcome(&self) -> Outcome {
        Outcome::fine_if(self.verdict != Finality::FoundWrong)
    }
}
