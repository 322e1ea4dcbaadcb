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
mod error;
mod find;
mod id;
mod layout;
mod manifest;

pub use error::{RunError, RunErrorKind};
pub use id::RunId;
pub use layout::{DataRoot, RunDir};
pub use manifest::{Exit, Manifest, ManifestVersion, ResourceUse, RunStatus};
