//! What a run is: one execution of a pipeline profile, with one id, one root trace, one directory and one seal.
//!
//! This crate owns the names and paths of a run, so that a writer and a reader cannot disagree: [`DataRoot`] and
//! [`RunDir`] are the only places where a path is put together, [`Manifest`] the only form of `run.json`.
//!
//! ```
//! use telensic_run::{DataRoot, Manifest, RunId, RunStatus};
//!
//! let root = DataRoot::new(std::env::temp_dir().join(format!("run-doc-{}", std::process::id())));
//! let run = root.create_run(RunId::new())?;
//! run.write_manifest(&Manifest::begin(run.id(), "nightly"))?;
//!
//! let found = root.find("latest~0")?;
//! assert_eq!(found.manifest()?.status, RunStatus::Running);
//! # std::fs::remove_dir_all(root.path()).ok();
//! # Ok::<(), telensic_run::RunError>(())
//! ```

mod atomic;
mod canonical;
mod digest;
mod error;
pub mod event;
mod find;
mod fingerprint;
mod id;
mod key;
mod layout;
mod ledger;
mod manifest;
pub mod names;
pub mod otlp_json;
mod provenance;
mod seal;
mod visible;

pub use canonical::{canonical_json, config_hash, json_number};
pub use digest::Digest;
pub use error::{RunError, RunErrorKind};
pub use fingerprint::{
    ArrayDtype, ArrayFingerprint, ArrayView, Chunks, Column, ColumnDifference, ColumnFingerprint,
    FileDifference, FileFingerprint, FileFormat, RowRange, Scalar, SchemaChange, Sha256Digest, ShortDigest,
    Table, TableFingerprint, TimeUnit, compare, compare_arrays, compare_tables,
};
#[cfg(feature = "arrow")]
pub use fingerprint::{TableFingerprinter, fingerprint_batches};
pub use id::RunId;
pub use key::{PublicKey, Signature, SigningKey};
pub use layout::{DataRoot, RunDir};
pub use ledger::{Ledger, LedgerFinding, LedgerLine, LedgerLink};
pub use manifest::{Exit, Manifest, ManifestVersion, ResourceUse, RunStatus};
pub use provenance::{
    Configuration, Environment, Fingerprint, GitProgram, GitState, LockFile, Machine, Provenance,
    ProvenancePart, ProvenanceVersion, Seed, SessionId,
};
pub use seal::{
    ChunkEntry, Content, Entry, Finding, KeyTrust, LostCounts, Place, Seal, SealState, SealVersion,
    SignalCounts, Signer, Statement, TapeFacts, Totals, Verification, VerificationOfAll, VerifyOptions,
    enter_in_ledger, seal, verify, verify_all,
};
pub use visible::{Visible, is_harmful};
