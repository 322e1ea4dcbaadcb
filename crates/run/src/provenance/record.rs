//! `data/provenance.json`.
//!
//! A reader refuses a newer version by name and passes over fields it does not know.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use telensic_redact::Redactor;

use super::configuration::Configuration;
use super::environment::Environment;
use super::git::{GitProgram, GitState};
use super::session::SessionId;
use crate::fingerprint::{ArrayFingerprint, FileFingerprint, Sha256Digest, TableFingerprint};
use crate::{RunDir, RunError, RunErrorKind};

/// The version of `provenance.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProvenanceVersion(pub u32);

impl ProvenanceVersion {
    /// What this build writes, and the newest that it reads.
    pub const CURRENT: Self = Self(1);
}

/// A random seed, as text: seeds of 64 bits and more are not numbers in every reader of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub String);

impl<T: ToString> From<T> for Seed {
    fn from(seed: T) -> Self {
        Self(seed.to_string())
    }
}

/// The fingerprint of what went in or came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Fingerprint {
    /// A file.
    File(FileFingerprint),
    /// An array in memory.
    Array(ArrayFingerprint),
    /// A table in memory.
    Table(TableFingerprint),
}

/// Where the results of a run came from.
///
/// ```
/// use telensic_run::{DataRoot, FileFingerprint, Fingerprint, Provenance, RunId};
///
/// let dir = tempfile::tempdir()?;
/// let run = DataRoot::new(dir.path()).create_run(RunId::new())?;
/// let mut provenance = Provenance::capture(dir.path());
/// provenance.set_config(serde_json::json!({"lookback": 250, "api_key": "hunter2"}), &Default::default());
/// provenance.seeds.insert("bootstrap".to_owned(), 42.into());
/// provenance.write(&run)?;
///
/// let read = Provenance::read(&run)?;
/// assert_eq!(read, provenance);
/// assert!(!std::fs::read_to_string(run.provenance())?.contains("hunter2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The version of this file.
    pub format_version: ProvenanceVersion,
    /// What was started together.
    pub session_id: SessionId,
    /// The experiment whose hypotheses are counted together.
    #[serde(default)]
    pub experiment_id: Option<String>,
    /// The code; `null` outside a repository.
    #[serde(default)]
    pub git: Option<GitState>,
    /// The configuration and its hash.
    #[serde(default, flatten, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<Configuration>,
    /// The machine and what is installed on it.
    #[serde(default)]
    pub environment: Environment,
    /// Random seeds by component.
    #[serde(default)]
    pub seeds: BTreeMap<String, Seed>,
    /// Hashes of the states of random generators, by component.
    #[serde(default)]
    pub random_states: BTreeMap<String, Sha256Digest>,
    /// What went in.
    #[serde(default)]
    pub inputs: Vec<Fingerprint>,
    /// What came out.
    #[serde(default)]
    pub outputs: Vec<Fingerprint>,
}

impl Provenance {
    /// Of a run that starts now in this directory: session, code and environment. The rest is for the caller to add.
    pub fn capture(directory: impl AsRef<Path>) -> Self {
        Self::capture_with(directory, &GitProgram::default(), &Redactor::default())
    }

    /// The same with a git and a redactor of one's own.
    pub fn capture_with(directory: impl AsRef<Path>, git: &GitProgram, redactor: &Redactor) -> Self {
        let given = directory.as_ref();
        let directory = std::path::absolute(given).unwrap_or_else(|_| given.to_owned());
        let git = GitState::capture(&directory, git, redactor);
        let top = git.as_ref().map(|git| Path::new(&git.root));
        Self {
            format_version: ProvenanceVersion::CURRENT,
            session_id: SessionId::now(),
            experiment_id: None,
            environment: Environment::capture(&directory, top, redactor),
            git,
            configuration: None,
            seeds: BTreeMap::new(),
            random_states: BTreeMap::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
        }
    }

    /// Keeps the configuration with its secrets masked, and its hash.
    pub fn set_config(&mut self, config: serde_json::Value, redactor: &Redactor) {
        self.configuration = Some(Configuration::of(config, redactor));
    }

    /// Reads the provenance of a run.
    pub fn read(run: &RunDir) -> Result<Self, RunError> {
        #[derive(Deserialize)]
        struct Versioned {
            format_version: ProvenanceVersion,
        }
        let path = run.provenance();
        let bytes = fs::read(&path).map_err(RunError::on("read", &path))?;
        let broken = |error: serde_json::Error| {
            RunError::new(
                RunErrorKind::NotARun,
                format!(
                    "{} is no provenance ({error}): restore it from a copy",
                    path.display()
                ),
            )
        };
        // The version first: a newer file need not fit the fields known here.
        let version = serde_json::from_slice::<Versioned>(&bytes)
            .map_err(broken)?
            .format_version;
        if version > ProvenanceVersion::CURRENT {
            return Err(RunError::new(
                RunErrorKind::NewerFormat,
                format!(
                    "{} has provenance format {}, this build reads up to {}: use a newer telensic",
                    path.display(),
                    version.0,
                    ProvenanceVersion::CURRENT.0
                ),
            ));
        }
        serde_json::from_slice(&bytes).map_err(broken)
    }

    /// Writes it to its place in the run, whole or not at all.
    pub fn write(&self, run: &RunDir) -> Result<(), RunError> {
        let path = run.provenance();
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| {
            RunError::new(
                RunErrorKind::Invalid,
                format!("{} cannot be written: {error}; report this", path.display()),
            )
        })?;
        bytes.push(b'\n');
        run.write(&path, &bytes)
    }
}
