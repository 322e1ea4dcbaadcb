//! Verifying a run against its seal, its key and the ledger. Nothing is ever written.

use std::fs;
use std::io;

use super::document::Totals;
use super::{
    Finding, KeyTrust, Seal, SealState, SealVersion, Signer, Verification, VerificationOfAll, compare,
    unsealed,
};
use crate::digest::Digest;
use crate::{DataRoot, Ledger, LedgerFinding, PublicKey, RunDir, RunError, RunErrorKind, RunStatus};

/// Against what a run is verified.
#[derive(Clone, Copy, Debug, Default)]
pub struct VerifyOptions<'a> {
    /// The key that must have sealed it. Without one, a seal that somebody made anew with a key of their own, ledger
    /// included, shows only in [`Verification::signer`].
    pub public_key: Option<PublicKey>,
    /// The root in whose ledger it must be entered; `None` for a copy that lies by itself.
    pub ledger: Option<&'a DataRoot>,
}

/// Verifies a run, and names everything that is not as it was sealed.
///
/// An error means that it could not be verified: there is no run, it was written by a newer version, or the system
/// refuses to read it.
pub fn verify(run: &RunDir, options: VerifyOptions<'_>) -> Result<Verification, RunError> {
    let ledger = options.ledger.map(Ledger::read).transpose()?;
    let mut verification = verify_with(run, options.public_key, ledger.as_ref())?;
    if let Some(ledger) = ledger {
        let chain = ledger.check_chain().into_iter().map(Finding::Ledger);
        verification.findings.extend(chain);
    }
    Ok(verification)
}

/// Verifies every run of a root, and the ledger as a whole.
pub fn verify_all(root: &DataRoot, public_key: Option<PublicKey>) -> Result<VerificationOfAll, RunError> {
    let ledger = Ledger::read(root)?;
    let runs = root
        .list()?
        .into_iter()
        .map(|run| (run.id(), verify_with(&run, public_key, Some(&ledger))))
        .collect();
    let mut findings = ledger.check_chain();
    findings.extend(ledger.check_signatures(public_key));
    for (number, line) in ledger.numbered_lines() {
        let run = line.link.run_id;
        if !root.run(run).path().is_dir() {
            findings.push(LedgerFinding::RunGone { run, line: number });
        }
    }
    Ok(VerificationOfAll {
        runs,
        ledger: findings,
        lines: ledger.len(),
    })
}

fn verify_with(
    run: &RunDir,
    public_key: Option<PublicKey>,
    ledger: Option<&Ledger>,
) -> Result<Verification, RunError> {
    if !run.path().is_dir() {
        return Err(RunError::not_a_run(run.path()));
    }
    let mut verification = Verification::of(run.id());
    let Some((bytes, state)) = read_seal(run, ledger)? else {
        let is_entered = ledger.is_some_and(|ledger| ledger.of_run(run.id()).is_some());
        if is_entered || run.manifest()?.status != RunStatus::Running {
            verification.findings.push(Finding::SealMissing);
        }
        unsealed::verify(run, &mut verification)?;
        return Ok(verification);
    };
    verification.state = state;
    let seal = match parse(run, &bytes)? {
        Ok(seal) => seal,
        Err(finding) => {
            verification.findings.push(finding);
            return Ok(verification);
        }
    };
    check_seal(run, &seal, &bytes, public_key, &mut verification);
    if seal.statement.run_id == run.id() {
        compare::with_directory(run, &seal, &mut verification)?;
    }
    if let Some(ledger) = ledger {
        let finding = ledger.check_run(run.id(), seal.statement.sequence, Digest::of(&bytes));
        verification.findings.extend(finding.map(Finding::Ledger));
    }
    Ok(verification)
}

/// The seal's bytes: of `seal.json`, or of a pending seal for which the ledger vouches.
fn read_seal(run: &RunDir, ledger: Option<&Ledger>) -> Result<Option<(Vec<u8>, SealState)>, RunError> {
    let path = run.seal();
    match fs::read(&path) {
        Ok(bytes) => return Ok(Some((bytes, SealState::Sealed))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(RunError::io("read", &path, error)),
    }
    let entered = ledger.and_then(|ledger| ledger.of_run(run.id()));
    Ok(fs::read(run.pending_seal())
        .ok()
        .filter(|bytes| entered.is_some_and(|(_, line)| line.link.seal == Digest::of(bytes)))
        .map(|bytes| (bytes, SealState::Interrupted)))
}

/// The seal, if these bytes are one as it is written.
fn parse(run: &RunDir, bytes: &[u8]) -> Result<Result<Seal, Finding>, RunError> {
    let seal: Seal = match serde_json::from_slice(bytes) {
        Ok(seal) => seal,
        Err(error) => {
            refuse_newer(run, bytes)?;
            return Ok(Err(Finding::SealUnreadable {
                why: error.to_string(),
            }));
        }
    };
    let written = seal.to_bytes();
    if written != bytes {
        let differs = written
            .iter()
            .zip(bytes)
            .position(|(written, found)| written != found);
        return Ok(Err(Finding::SealRewritten {
            byte: differs.unwrap_or(written.len().min(bytes.len())),
        }));
    }
    refuse_newer(run, bytes)?;
    Ok(Ok(seal))
}

fn refuse_newer(run: &RunDir, bytes: &[u8]) -> Result<(), RunError> {
    #[derive(serde::Deserialize)]
    struct Versioned {
        statement: Version,
    }
    #[derive(serde::Deserialize)]
    struct Version {
        format_version: SealVersion,
    }
    match serde_json::from_slice::<Versioned>(bytes) {
        Ok(versioned) if versioned.statement.format_version > SealVersion::CURRENT => Err(RunError::new(
            RunErrorKind::NewerFormat,
            format!(
                "{} has seal format {}, this build reads up to {}: use a newer telensic",
                run.seal().display(),
                versioned.statement.format_version.0,
                SealVersion::CURRENT.0
            ),
        )),
        _ => Ok(()),
    }
}

/// What the seal says by itself.
fn check_seal(
    run: &RunDir,
    seal: &Seal,
    bytes: &[u8],
    public_key: Option<PublicKey>,
    verification: &mut Verification,
) {
    debug_assert_eq!(seal.to_bytes(), bytes, "parsed from just these bytes");
    let statement = &seal.statement;
    let key = statement.public_key;
    verification.signer = Some(Signer {
        key,
        trust: trust(key, public_key),
    });
    verification.sequence = statement.sequence;
    let findings = &mut verification.findings;
    if public_key.is_some_and(|given| given != key) {
        findings.push(Finding::WrongKey { found: key });
    }
    if !seal.is_signed() {
        findings.push(Finding::BadSignature { key });
    }
    if seal.merkle_root() != statement.merkle_root || !seal.entries.is_sorted_by(|a, b| a.path() < b.path()) {
        findings.push(Finding::EntriesAltered);
    } else if Totals::of(&seal.entries) != statement.totals {
        findings.push(Finding::TotalsWrong);
    }
    if statement.run_id != run.id() {
        findings.push(Finding::SealOfAnotherRun {
            found: statement.run_id,
        });
    }
}

fn trust(key: PublicKey, given: Option<PublicKey>) -> KeyTrust {
    if given == Some(key) {
        return KeyTrust::Given;
    }
    match PublicKey::of_this_machine() {
        Ok(Some(own)) if own == key => KeyTrust::ThisMachine,
        // A machine without a readable key has none to compare with.
        _ => KeyTrust::Unknown,
    }
}
