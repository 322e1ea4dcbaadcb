//! Entering a run that was sealed elsewhere in the ledger of the root that it was brought to.
//!
//! The seal itself stays as it is, with its place in the ledger where it was made; the new line says that this very seal
//! came here, and which key of this machine says so.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use telensic_tape::UnixNanos;

use super::Seal;
use crate::digest::Digest;
use crate::ledger::{LedgerLink, LockedLedger};
use crate::{DataRoot, RunDir, RunError, RunErrorKind, SigningKey};

/// Enters the seal of a run that was brought to this root; one that is entered already stays as it is.
pub fn enter_in_ledger(run: &RunDir, root: &DataRoot, key: &SigningKey) -> Result<(), RunError> {
    let path = run.seal();
    let bytes = fs::read(&path).map_err(RunError::on("read", &path))?;
    let seal: Seal = serde_json::from_slice(&bytes).map_err(|error| {
        RunError::new(
            RunErrorKind::Invalid,
            format!(
                "{} is no seal ({error}): `telensic verify` says more",
                path.display()
            ),
        )
    })?;
    let mut ledger = LockedLedger::lock(root)?;
    if ledger.find(run.id()).is_some() {
        return Ok(());
    }
    let (last, previous) = ledger.last();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let link = LedgerLink {
        sequence: last.saturating_add(1),
        run_id: run.id(),
        seal: Digest::of(&bytes),
        merkle_root: seal.statement.merkle_root,
        sealed_at: UnixNanos(now.as_nanos() as u64).to_string(),
        status: seal.statement.status,
        previous,
        public_key: key.public_key(),
    };
    ledger.append(&link.sign(key))
}
