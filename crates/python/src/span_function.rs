//! `span(name, **attributes)`, called by Python the fast way: keyword arguments come as they lie on its stack.
//!
//! PyO3 has functions with arbitrary keyword arguments called the slow way, by a tuple and a mapping made for each call, and then
//! makes a second mapping. Without them, and with the names resolved once ([`call_site`]), a span of four attributes took
//! 690 ns where it had taken 1,250. This is the only function of ours that PyO3 does not make.

use std::ffi::CStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{ptr, slice};

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyString, PyTuple};
use telensic::{__door as door, Span};

use crate::span::PySpan;
use crate::start::{self, Said, nothing, standard_key};
use crate::{call_site, keys, value};

const DOC: &CStr = c"span(name, /, **attributes)\n--\n\n\
    Starts a span: a child of the current one, or the root of a new trace. It ends with its block, or by end().";

struct Definition(ffi::PyMethodDef);

// SAFETY: nobody writes to it, and what it points to is constant.
#[expect(unsafe_code, reason = "the boundary to Python")]
unsafe impl Sync for Definition {}

static DEFINITION: Definition = Definition(ffi::PyMethodDef {
    ml_name: c"span".as_ptr(),
    ml_meth: ffi::PyMethodDefPointer {
        PyCFunctionFastWithKeywords: call,
    },
    ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS,
    ml_doc: DOC.as_ptr(),
});

/// The function, for this module.
#[expect(unsafe_code, reason = "the boundary to Python")]
pub(crate) fn of<'py>(module: &Bound<'py, PyModule>) -> PyResult<Bound<'py, PyCFunction>> {
    let name = module.name()?;
    // SAFETY: the thread is attached; the definition is constant, and Python does not write to it; the name is a string; the
    // answer is an owned reference or null with an error set.
    let function = unsafe {
        let definition = (&raw const DEFINITION.0).cast_mut();
        let made = ffi::PyCFunction_NewEx(definition, ptr::null_mut(), name.as_ptr());
        Bound::from_owned_ptr_or_err(module.py(), made)?
    };
    Ok(function.cast_into()?)
}

/// As Python calls it: `count` positional arguments, then those that `names` names.
#[expect(unsafe_code, reason = "the boundary to Python")]
unsafe extern "C" fn call(
    _module: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: Python calls from a thread that is attached, with `count` and as many more borrowed references as `names`, a
    // tuple or null, has names; none is null, and all live until this returns. A reference to an object is a pointer to it.
    let (py, given, names) = unsafe {
        let py = Python::assume_attached();
        let names =
            Bound::from_borrowed_ptr_or_opt(py, names).map(|names| names.cast_into_unchecked::<PyTuple>());
        let total = count as usize + names.as_ref().map_or(0, |names| names.len());
        let given: &[Bound<'_, PyAny>] = match total {
            0 => &[],
            total => slice::from_raw_parts(arguments.cast(), total),
        };
        (py, given, names)
    };
    let started = catch_unwind(AssertUnwindSafe(|| {
        begin(py, given, count as usize, names.as_ref())
    }));
    let answer = started.unwrap_or_else(|_| {
        door::say_once("something could not be recorded: a panic, which is told above");
        Bound::new(py, nothing())
    });
    match answer {
        Ok(span) => span.into_ptr(),
        Err(error) => {
            error.restore(py);
            ptr::null_mut()
        }
    }
}

#[inline]
fn begin<'py>(
    py: Python<'py>,
    given: &[Bound<'py, PyAny>],
    count: usize,
    names: Option<&Bound<'py, PyTuple>>,
) -> PyResult<Bound<'py, PySpan>> {
    let (positional, values) = given.split_at(count);
    let [name] = positional else {
        return Err(PyTypeError::new_err(format!(
            "span() takes the span's name and attributes by keyword, not {count} positional arguments"
        )));
    };
    if !door::is_active() {
        return Bound::new(py, nothing());
    }
    value::with_text(name, |name| {
        let mut span = start::begin(py, name, None, Said::default(), || standard_names(names));
        if let Some(names) = names.filter(|_| span.is_recording()) {
            put(&mut span, names, values);
        }
        Bound::new(py, PySpan::new(span))
    })
}

/// Those of the names that are standard attributes'.
fn standard_names<'a>(names: Option<&Bound<'_, PyTuple>>) -> Vec<&'a str> {
    let names = names.into_iter().flatten();
    names
        .filter_map(|name| standard_key(&value::text(&name)))
        .collect()
}

#[inline]
fn put(span: &mut Span, names: &Bound<'_, PyTuple>, values: &[Bound<'_, PyAny>]) {
    match call_site::find(names) {
        Some(site) => {
            for (key, value) in site.keys.iter().zip(values) {
                value::lend(value, |value| span.set(*key, value));
            }
        }
        None => {
            for (name, value) in names.iter().zip(values) {
                let name = name
                    .cast::<PyString>()
                    .map_or_else(|_| value::text(&name), |name| name.to_string_lossy().into_owned());
                value::lend(value, |value| span.set(keys::key(&name), value));
            }
        }
    }
}
