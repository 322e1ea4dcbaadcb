//! Provenance that comes while a run goes on: seeds, inputs, outputs, each in a file of its own until the run ends.
//!
//! ```text
//! data/provenance.d/<Unix ns>-<pid>-<n>.json     one part; any process of the run may add some
//! data/provenance.json                           written at the start; at the end with all parts, which then go
//! ```
//!
//! Invariant: a part that was added survives the death of its process.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use telensic_redact::Redactor;

use super::configuration::Configuration;
use super::record::{Fingerprint, Provenance, Seed};
use crate::fingerprint::Sha256Digest;
use crate::{RunDir, RunError, RunErrorKind, atomic};

/// Something to be added to the provenance of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProvenancePart {
    /// The random seed of a component.
    Seed {
        /// Which component.
        component: String,
        /// Its seed.
        seed: Seed,
    },
    /// The state of a component's random generator.
    RandomState {
        /// Which component.
        component: String,
        /// The hash of the state.
        sha256: Sha256Digest,
    },
    /// The configuration, secrets masked.
    Configuration(Configuration),
    /// What went in.
    Input(Fingerprint),
    /// What came out.
    Output(Fingerprint),
}

impl ProvenancePart {
    /// A configuration, its secrets masked.
    pub fn config(config: serde_json::Value, redactor: &Redactor) -> Self {
        Self::Configuration(Configuration::of(config, redactor))
    }
}

impl Provenance {
    /// Adds a part to the provenance of a run that goes on, whichever process started it.
    pub fn add(run: &RunDir, part: &ProvenancePart) -> Result<(), RunError> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let directory = run.provenance_parts();
        fs::create_dir_all(&directory).map_err(RunError::on("make", &directory))?;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = directory.join(format!("{now:020}-{}-{number}.json", std::process::id()));
        let bytes = serde_json::to_vec(part).map_err(|error| {
            RunError::new(
                RunErrorKind::Invalid,
                format!("{} cannot be written: {error}; report this", path.display()),
            )
        })?;
        atomic::write_unsynced(&path, &bytes)
    }

    /// What `provenance.json` says, with all parts that were added since.
    pub fn gather(run: &RunDir) -> Result<Self, RunError> {
        let mut provenance = Self::read(run)?;
        for path in parts(run)? {
            let bytes = fs::read(&path).map_err(RunError::on("read", &path))?;
            let part = serde_json::from_slice(&bytes).map_err(|error| {
                RunError::new(
                    RunErrorKind::NotARun,
                    format!(
                        "{} is no part of a provenance ({error}): remove it",
                        path.display()
                    ),
                )
            })?;
            provenance.take(part);
        }
        Ok(provenance)
    }

    /// Writes what [`Self::gather`] finds to `provenance.json`; then the parts go.
    pub fn settle(run: &RunDir) -> Result<Self, RunError> {
        let provenance = Self::gather(run)?;
        provenance.write(run)?;
        let directory = run.provenance_parts();
        match fs::remove_dir_all(&directory) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(RunError::io("remove", &directory, error))
            }
            _ => Ok(provenance),
        }
    }

    fn take(&mut self, part: ProvenancePart) {
        match part {
            ProvenancePart::Seed { component, seed } => {
                self.seeds.insert(component, seed);
            }
            ProvenancePart::RandomState { component, sha256 } => {
                self.random_states.insert(component, sha256);
            }
            ProvenancePart::Configuration(configuration) => self.configuration = Some(configuration),
            // One that was there when an earlier attempt to settle died is not there twice.
            ProvenancePart::Input(input) if !self.inputs.contains(&input) => self.inputs.push(input),
            ProvenancePart::Output(output) if !self.outputs.contains(&output) => self.outputs.push(output),
            ProvenancePart::Input(_) | ProvenancePart::Output(_) => {}
        }
    }
}

/// All parts, the oldest first.
fn parts(run: &RunDir) -> Result<Vec<PathBuf>, RunError> {
    let directory = run.provenance_parts();
    let entries = match fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(RunError::io("list", &directory, error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(RunError::on("list", &directory))?.path();
        // One that its process died over has another ending.
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DataRoot, FileFingerprint, RunId};

    #[test]
    fn what_was_added_is_there_at_the_end_and_the_parts_are_gone() {
        let dir = tempfile::tempdir().unwrap();
        let run = DataRoot::new(dir.path()).create_run(RunId::new()).unwrap();
        Provenance::capture(dir.path()).write(&run).unwrap();
        let file = dir.path().join("nav.csv");
        fs::write(&file, "a,b\n1,2\n").unwrap();
        let input = Fingerprint::File(FileFingerprint::of(&file));
        for part in [
            ProvenancePart::Seed {
                component: "bootstrap".into(),
                seed: 1.into(),
            },
            ProvenancePart::Seed {
                component: "bootstrap".into(),
                seed: u64::MAX.into(),
            },
            ProvenancePart::config(
                serde_json::json!({ "api_key": "hunter2hunter2" }),
                &Redactor::default(),
            ),
            ProvenancePart::Input(input.clone()),
            ProvenancePart::Input(input.clone()),
        ] {
            Provenance::add(&run, &part).unwrap();
        }
        let gathered = Provenance::gather(&run).unwrap();
        assert_eq!(
            gathered.seeds["bootstrap"],
            u64::MAX.into(),
            "the last one counts"
        );
        assert_eq!(gathered.inputs, [input]);
        assert_eq!(Provenance::settle(&run).unwrap(), gathered);
        assert_eq!(Provenance::read(&run).unwrap(), gathered);
        assert!(!run.provenance_parts().exists());
        assert!(!fs::read_to_string(run.provenance()).unwrap().contains("hunter2"));
    }
}
