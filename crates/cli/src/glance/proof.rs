//! How far a run is sealed. What the seal says is read, not verified.

use std::fs;
use std::io;

use serde::Serialize;
use telensic::RunDir;
use telensic_run::{Ledger, PublicKey, Seal};

use crate::readings::home;

/// How far a run is sealed.
#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub(crate) enum Proof {
    /// There is no seal.
    Unsealed,
    /// There is one.
    Sealed {
        /// When it was made.
        at: String,
        /// With which key.
        public_key: PublicKey,
        /// Its number in the ledger.
        sequence: Option<u64>,
        /// The line of the ledger that lists it.
        ledger_line: Option<usize>,
    },
    /// There is one that cannot be read.
    Unreadable {
        /// Why.
        why: String,
    },
}

impl Proof {
    pub(super) fn of(run: &RunDir) -> Self {
        let bytes = match fs::read(run.seal()) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Self::Unsealed,
            Err(error) => return Self::unreadable(&error),
        };
        let seal = match serde_json::from_slice::<Seal>(&bytes) {
            Ok(seal) => seal,
            Err(error) => return Self::unreadable(&error),
        };
        // A ledger that cannot be read lists nothing that could be shown; `verify` says why.
        let ledger = home(run).and_then(|root| Ledger::read(&root).ok());
        let line = ledger.as_ref().and_then(|ledger| ledger.of_run(run.id()));
        Self::Sealed {
            at: seal.statement.sealed_at,
            public_key: seal.statement.public_key,
            sequence: seal.statement.sequence,
            ledger_line: line.map(|(line, _)| line),
        }
    }

    fn unreadable(error: &dyn std::fmt::Display) -> Self {
        Self::Unreadable {
            why: error.to_string(),
        }
    }
}
