//! Sealing a finished run.
//!
//! ```text
//! 1  list and hash every file                       no lock is held
//! 2  lock the ledger
//! 3  write the seal as seal.pending, synced         a crash here: not sealed; sealing again starts anew
//! 4  append the line to the ledger, synced          a crash here: sealing again, or recovering, does step 5
//! 5  rename seal.pending to seal.json               sealed
//! ```
//!
//! The seal refers to the ledger's line before, the new line to the seal, both under the one lock. Since the line
//! comes before the seal's final name, no number is ever given twice, whenever a process dies.

use std::fs;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use telensic_tape::UnixNanos;

use super::document::{Totals, merkle_root};
use super::{Entry, Seal, SealVersion, Statement, list};
use crate::digest::Digest;
use crate::ledger::{LedgerLink, LockedLedger};
use crate::{DataRoot, Manifest, RunDir, RunError, RunErrorKind, RunStatus, SigningKey};

/// Seals a run whose files are all written, and enters it in the ledger of `root`.
///
/// A run that is sealed already, or whose manifest still says that it is running, is an error. If an earlier call died
/// between the ledger and the seal's final name, this one completes it.
///
/// ```
/// use telensic_run::{DataRoot, Manifest, RunId, RunStatus, SigningKey, VerifyOptions, seal, verify};
///
/// # let dir = std::env::temp_dir().join(format!("seal-doc-{}", std::process::id()));
/// let root = DataRoot::new(&dir);
/// let run = root.create_run(RunId::new())?;
/// let mut manifest = Manifest::begin(run.id(), "nightly");
/// manifest.status = RunStatus::Succeeded;
/// run.write_manifest(&manifest)?;
///
/// let key = SigningKey::load_or_create_at(&dir.join("seal.key"))?;
/// seal(&run, Some(&root), &key)?;
///
/// let options = VerifyOptions { public_key: Some(key.public_key()), ledger: Some(&root) };
/// assert!(verify(&run, options)?.is_whole());
/// std::fs::write(run.events(), "{}\n").expect("room for a line");
/// assert_eq!(
///     verify(&run, options)?.findings[0].to_string(),
///     "events.jsonl was added after the run was sealed"
/// );
/// # std::fs::remove_dir_all(dir).ok();
/// # Ok::<(), telensic_run::RunError>(())
/// ```
pub fn seal(run: &RunDir, root: Option<&DataRoot>, key: &SigningKey) -> Result<Seal, RunError> {
    let manifest = run.manifest()?;
    refuse_unfinished(run, &manifest)?;
    refuse_sealed(run)?;
    let entries = list::entries(run)?;
    let Some(root) = root else {
        let seal = state(manifest, None, &entries, key).sign(entries, key);
        run.write(&run.seal(), &seal.to_bytes())?;
        return Ok(seal);
    };
    let mut ledger = LockedLedger::lock(root)?;
    // Another process may have sealed it while this one waited.
    refuse_sealed(run)?;
    if let Some(line) = ledger.find(run.id()) {
        return complete(run, line.link.seal);
    }
    let (last, previous) = ledger.last();
    let place = (last.saturating_add(1), previous);
    let seal = state(manifest, Some(place), &entries, key).sign(entries, key);
    let link = LedgerLink {
        sequence: place.0,
        run_id: run.id(),
        seal: seal.digest(),
        merkle_root: seal.statement.merkle_root,
        sealed_at: seal.statement.sealed_at.clone(),
        status: seal.statement.status,
        previous,
        public_key: key.public_key(),
    };
    run.write(&run.pending_seal(), &seal.to_bytes())?;
    ledger.append(&link.sign(key))?;
    name_finally(run)?;
    Ok(seal)
}

fn state(manifest: Manifest, place: Option<(u64, Digest)>, entries: &[Entry], key: &SigningKey) -> Statement {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Statement {
        format_version: SealVersion::CURRENT,
        run_id: manifest.run_id,
        sequence: place.map(|(sequence, _)| sequence),
        previous: place.map(|(_, previous)| previous),
        sealed_at: UnixNanos(now.as_nanos() as u64).to_string(),
        status: manifest.status,
        trace_id: manifest.trace_id,
        root_span_id: manifest.root_span_id,
        totals: Totals::of(entries),
        merkle_root: merkle_root(entries),
        public_key: key.public_key(),
    }
}

/// The ledger has this run's line, but the seal has not its final name yet.
fn complete(run: &RunDir, entered: Digest) -> Result<Seal, RunError> {
    let seal = fs::read(run.pending_seal())
        .ok()
        .filter(|bytes| Digest::of(bytes) == entered)
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(seal) = seal else {
        return Err(RunError::new(
            RunErrorKind::Invalid,
            format!(
                "run {} was sealed before and its seal.json is gone: restore it from a copy, `telensic verify` says more",
                run.id()
            ),
        ));
    };
    name_finally(run)?;
    Ok(seal)
}

/// Should a power failure undo this, the pending seal is there again, and the ledger vouches for it.
fn name_finally(run: &RunDir) -> Result<(), RunError> {
    let path = run.seal();
    fs::rename(run.pending_seal(), &path).map_err(RunError::on("write", &path))
}

fn refuse_unfinished(run: &RunDir, manifest: &Manifest) -> Result<(), RunError> {
    let fault = if manifest.run_id != run.id() {
        format!("says that it is run {}", manifest.run_id)
    } else if manifest.status == RunStatus::Running {
        "says that the run is still going on".to_owned()
    } else {
        return Ok(());
    };
    Err(RunError::new(
        RunErrorKind::Invalid,
        format!(
            "cannot seal run {}, since {} {fault}: finish the run, or `telensic recover` it",
            run.id(),
            run.manifest_path().display()
        ),
    ))
}

fn refuse_sealed(run: &RunDir) -> Result<(), RunError> {
    match fs::symlink_metadata(run.seal()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(RunError::io("look at", &run.seal(), error)),
        Ok(_) => Err(RunError::new(
            RunErrorKind::Invalid,
            format!("run {} is sealed already: `telensic verify` checks it", run.id()),
        )),
    }
}
