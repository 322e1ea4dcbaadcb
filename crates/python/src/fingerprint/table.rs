//! Tables that speak Arrow's C interface: pandas, Polars, PyArrow and others hand out their columns as they lie.

use std::ptr::NonNull;

use arrow_array::RecordBatchReader;
use arrow_array::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use arrow_schema::ArrowError;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};
use telensic_run::{TableFingerprint, TableFingerprinter};

/// A table of another library.
pub(crate) struct Table<'py>(Bound<'py, PyAny>);

/// The table that an object is, if it is one.
pub(crate) fn table_of<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Table<'py>>> {
    let is_table = object.hasattr(intern!(object.py(), "__arrow_c_stream__"))?;
    Ok(is_table.then(|| Table(object.clone())))
}

impl Table<'_> {
    /// Its fingerprint; Python goes on meanwhile.
    pub(crate) fn fingerprint(&self, name: &str) -> PyResult<TableFingerprint> {
        let py = self.0.py();
        let capsule = self.0.call_method0(intern!(py, "__arrow_c_stream__"))?;
        let reader = reader(capsule.cast::<PyCapsule>()?)?;
        let schema = reader.schema();
        py.detach(move || {
            let mut table = TableFingerprinter::new(name, &schema);
            for batch in reader {
                let batch = batch.map_err(|error| unreadable(&error))?;
                table
                    .add(&batch)
                    .map_err(|error| PyValueError::new_err(error.to_string()))?;
            }
            Ok(table.finish())
        })
    }

    /// What stands for it where values are recorded.
    pub(crate) fn short(&self) -> PyResult<String> {
        let fingerprint = self.fingerprint("")?;
        let (rows, columns) = (fingerprint.table.row_count, fingerprint.table.schema.len());
        let hash = fingerprint.blake3.to_string();
        Ok(format!(
            "[TABLE {columns} columns n={rows} blake3:{}]",
            &hash[..16]
        ))
    }
}

/// The batches in a capsule, which is empty afterwards.
#[expect(unsafe_code, reason = "the boundary to Python")]
fn reader(capsule: &Bound<'_, PyCapsule>) -> PyResult<ArrowArrayStreamReader> {
    let stream: NonNull<FFI_ArrowArrayStream> = capsule.pointer_checked(Some(c"arrow_array_stream"))?.cast();
    // SAFETY: a capsule of this name holds a stream of Arrow's C interface, by the PyCapsule protocol; it is moved out, and
    // what stays is marked as released.
    let reader = unsafe { ArrowArrayStreamReader::from_raw(stream.as_ptr()) };
    reader.map_err(|error| unreadable(&error))
}

fn unreadable(error: &ArrowError) -> PyErr {
    PyValueError::new_err(format!(
        "the table cannot be read by Arrow's C interface: {error}; of a single column make a table first"
    ))
}
