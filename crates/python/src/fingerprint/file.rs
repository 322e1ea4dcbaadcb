//! Files and configurations.

use std::path::PathBuf;

use pyo3::prelude::*;
use telensic_run::FileFingerprint;

use super::json;
use crate::value;

/// The fingerprint of a file, as JSON. One that cannot be read is told of in it.
#[pyfunction]
pub(crate) fn fingerprint_file(py: Python<'_>, path: PathBuf) -> PyResult<String> {
    let fingerprint = py.detach(|| FileFingerprint::of(&path));
    json(&fingerprint)
}

/// SHA-256 of a configuration's canonical JSON: the order of keys and the form of numbers make no difference.
#[pyfunction]
pub(crate) fn config_hash(config: &Bound<'_, PyAny>) -> String {
    telensic_run::config_hash(&value::owned(config).to_json()).to_string()
}
