//! A context variable of Python, through its C interface: a lookup costs some nanoseconds, and a tenth of what a call of
//! the same by name would.

use std::ffi::CStr;
use std::ptr;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// A context variable, made when it is first used.
pub(crate) struct ContextVar {
    name: &'static CStr,
    variable: PyOnceLock<Option<Py<PyAny>>>,
}

impl ContextVar {
    pub(crate) const fn named(name: &'static CStr) -> Self {
        Self {
            name,
            variable: PyOnceLock::new(),
        }
    }

    #[inline]
    fn variable(&self, py: Python<'_>) -> Option<*mut ffi::PyObject> {
        self.variable
            .get_or_init(py, || self.make(py))
            .as_ref()
            .map(Py::as_ptr)
    }

    #[cold]
    #[expect(unsafe_code, reason = "the boundary to Python")]
    fn make(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        // SAFETY: the thread is attached, the name ends with a zero, and null means that there is no default.
        let made = unsafe {
            let made = ffi::PyContextVar_New(self.name.as_ptr(), ptr::null_mut());
            Bound::from_owned_ptr_or_opt(py, made)
        };
        if made.is_none() {
            // Out of memory: recording goes on without a current span.
            drop(PyErr::take(py));
        }
        made.map(Bound::unbind)
    }

    /// What it holds in the current context; `None` counts as nothing.
    #[inline]
    #[expect(unsafe_code, reason = "the boundary to Python")]
    pub(crate) fn get<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        let variable = self.variable(py)?;
        let mut value = ptr::null_mut();
        // SAFETY: the thread is attached, `variable` is a context variable, and `value` gets an owned reference or null.
        let (outcome, value) = unsafe {
            let outcome = ffi::PyContextVar_Get(variable, ptr::null_mut(), &mut value);
            (outcome, Bound::from_owned_ptr_or_opt(py, value))
        };
        if outcome < 0 {
            drop(PyErr::take(py));
        }
        value.filter(|value| !value.is_none())
    }

    /// Sets it in the current context.
    #[inline]
    #[expect(unsafe_code, reason = "the boundary to Python")]
    pub(crate) fn set(&self, py: Python<'_>, value: Option<&Bound<'_, PyAny>>) {
        let Some(variable) = self.variable(py) else { return };
        // SAFETY: the thread is attached, `variable` is a context variable, `value` an object; the answer is an owned
        // reference or null.
        let token = unsafe {
            let value = value.map_or_else(|| ffi::Py_None(), Bound::as_ptr);
            Bound::from_owned_ptr_or_opt(py, ffi::PyContextVar_Set(variable, value))
        };
        if token.is_none() {
            drop(PyErr::take(py));
        }
    }
}
