//! An awaitable that has its result already: what `async with` needs of work that never waits.

use pyo3::exceptions::PyStopIteration;
use pyo3::prelude::*;

/// Awaited, it is its value at once.
#[pyclass(frozen, module = "telensic._telensic")]
pub(crate) struct Ready {
    value: Py<PyAny>,
}

impl Ready {
    pub(crate) fn new(value: Py<PyAny>) -> Self {
        Self { value }
    }
}

#[pymethods]
impl Ready {
    fn __await__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<()> {
        Err(PyStopIteration::new_err((self.value.clone_ref(py),)))
    }
}
