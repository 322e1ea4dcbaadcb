//! Provenance: which code, configuration, seeds, inputs and machine a run's results came from.
//!
//! Nothing here fails for want of a fact: what cannot be known is absent, and where that needs a reason it is told.

mod command;
mod configuration;
mod environment;
mod git;
mod lock_files;
mod machine;
mod parts;
mod record;
mod session;
mod variables;

pub use configuration::Configuration;
pub use environment::Environment;
pub use git::{GitProgram, GitState};
pub use lock_files::LockFile;
pub use machine::Machine;
pub use parts::ProvenancePart;
pub use record::{Fingerprint, Provenance, ProvenanceVersion, Seed};
pub use session::SessionId;
