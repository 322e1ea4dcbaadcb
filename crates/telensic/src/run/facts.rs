//! What a run says of its own provenance while it goes on: seeds, configuration, inputs and outputs.
//!
//! Each fact is on disk when its call returns, so a run that is killed still has it.

use std::path::Path;

use telensic_run::event::DataLoad;
use telensic_run::{
    ArrayFingerprint, ArrayView, FileFingerprint, Fingerprint, Provenance, ProvenancePart, RunError,
    Sha256Digest,
};

use super::Run;
use crate::record;
use crate::recorder::Recorder;

impl Run {
    /// Says with which seed a component's random numbers begin.
    pub fn seed(&self, component: &str, seed: impl ToString) -> Result<(), RunError> {
        let seed = seed.to_string();
        if let (Some(recorder), Ok(number)) = (Recorder::current(), seed.parse()) {
            recorder
                .settings
                .identity
                .facts
                .random_seed
                .get_or_init(|| number);
        }
        self.add(&ProvenancePart::Seed {
            component: component.to_owned(),
            seed: seed.into(),
        })
    }

    /// Says in which state a component's random generator is, by the SHA-256 of that state.
    pub fn random_state(&self, component: &str, sha256: Sha256Digest) -> Result<(), RunError> {
        self.add(&ProvenancePart::RandomState {
            component: component.to_owned(),
            sha256,
        })
    }

    /// Keeps the configuration, its secrets masked, and its hash.
    pub fn config(&self, config: serde_json::Value) -> Result<(), RunError> {
        let part = match Recorder::current() {
            Some(recorder) => ProvenancePart::config(config, recorder.redactor),
            None => ProvenancePart::config(config, &crate::redact::Redactor::default()),
        };
        self.add(&part)
    }

    /// Takes the fingerprint of a file that is about to be read, and records it as `data.load`. A file that cannot be
    /// read is told of in its fingerprint.
    pub fn input(&self, path: impl AsRef<Path>) -> Result<FileFingerprint, RunError> {
        let fingerprint = FileFingerprint::of(path);
        if let (Some(recorder), Some(sha256)) = (Recorder::current(), &fingerprint.sha256) {
            recorder
                .settings
                .identity
                .facts
                .input_hash
                .get_or_init(|| sha256.to_string());
        }
        record(&data_load(&fingerprint));
        self.add(&ProvenancePart::Input(Fingerprint::File(fingerprint.clone())))?;
        Ok(fingerprint)
    }

    /// Takes the fingerprint of an array that goes in, without copying it.
    pub fn input_array(&self, name: &str, array: &ArrayView<'_>) -> Result<ArrayFingerprint, RunError> {
        let fingerprint = ArrayFingerprint::of(name, array);
        self.add(&ProvenancePart::Input(Fingerprint::Array(fingerprint.clone())))?;
        Ok(fingerprint)
    }

    /// Takes the fingerprint of a file that was written.
    pub fn output(&self, path: impl AsRef<Path>) -> Result<FileFingerprint, RunError> {
        let fingerprint = FileFingerprint::of(path);
        self.add(&ProvenancePart::Output(Fingerprint::File(fingerprint.clone())))?;
        Ok(fingerprint)
    }

    fn add(&self, part: &ProvenancePart) -> Result<(), RunError> {
        Provenance::add(self.dir(), part)
    }
}

fn data_load(file: &FileFingerprint) -> DataLoad {
    let mut event = DataLoad::new(file.path.as_str());
    if let Some(sha256) = &file.sha256 {
        event = event.sha256_hash(sha256.to_string());
    }
    if let Some(table) = &file.table {
        let columns = table
            .schema
            .iter()
            .map(|column| (column.name.as_str(), column.dtype.as_str()));
        event = event
            .row_count(table.row_count)
            .schema(columns.collect::<telensic_run::event::Texts>());
    }
    event
}
