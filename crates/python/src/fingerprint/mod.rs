//! What arrays, tables and files held, hashed where they lie in memory: nothing is copied, and Python goes on meanwhile.
//!
//! A fingerprint goes to Python as a JSON document, the one that a run keeps.

mod array;
mod file;
mod table;

pub(crate) use array::array_of;
pub(crate) use file::{config_hash, fingerprint_file};
pub(crate) use table::table_of;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use serde::Serialize;
use telensic_run::{ArrayFingerprint, Fingerprint, TableFingerprint};

/// What can be hashed where it lies.
pub(crate) enum Hashed {
    Array(ArrayFingerprint),
    Table(TableFingerprint),
}

impl Hashed {
    /// The fingerprint of an array or a table.
    pub(crate) fn of(object: &Bound<'_, PyAny>, name: &str) -> PyResult<Self> {
        if let Some(array) = array_of(object)? {
            return array.fingerprint(object.py(), name).map(Self::Array);
        }
        if let Some(table) = table_of(object)? {
            return table.fingerprint(name).map(Self::Table);
        }
        Err(PyTypeError::new_err(format!(
            "{name}: a {} has no fingerprint: give a NumPy array, a buffer, or a table that speaks Arrow \
             (pandas, Polars, PyArrow)",
            object.get_type().name()?
        )))
    }

    pub(crate) fn json(&self) -> PyResult<String> {
        match self {
            Self::Array(array) => json(array),
            Self::Table(table) => json(table),
        }
    }

    pub(crate) fn into_fingerprint(self) -> Fingerprint {
        match self {
            Self::Array(array) => Fingerprint::Array(array),
            Self::Table(table) => Fingerprint::Table(table),
        }
    }
}

/// The fingerprint of an array or a table, as JSON.
#[pyfunction]
pub(crate) fn fingerprint_array(object: &Bound<'_, PyAny>, name: &str) -> PyResult<String> {
    Hashed::of(object, name)?.json()
}

/// A document of ours as JSON.
pub(crate) fn json(document: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(document).map_err(|error| PyTypeError::new_err(error.to_string()))
}
