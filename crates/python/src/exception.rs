//! Exceptions of Python: what they are called, what they say, and where they came from.

use pyo3::exceptions::{PyGeneratorExit, PyStopAsyncIteration, PyStopIteration, PySystemExit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::value;

/// What it means for a span that an exception ended its work.
pub(crate) enum Raised {
    /// It is how generators and programs end.
    Ended,
    /// Nobody waits for the result any more.
    Cancelled,
    /// Something went wrong.
    Error,
}

impl Raised {
    /// What this exception means.
    pub(crate) fn of(error: &Bound<'_, PyAny>) -> Self {
        let py = error.py();
        static CANCELLED: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let is_end = error.is_instance_of::<PyGeneratorExit>()
            || error.is_instance_of::<PyStopIteration>()
            || error.is_instance_of::<PyStopAsyncIteration>();
        if is_end || is_good_exit(error) {
            return Self::Ended;
        }
        let cancelled = CANCELLED.import(py, "asyncio", "CancelledError");
        match cancelled.and_then(|cancelled| error.is_instance(cancelled)) {
            Ok(true) => Self::Cancelled,
            _ => Self::Error,
        }
    }
}

/// Whether a program that ends by this has gone well.
fn is_good_exit(error: &Bound<'_, PyAny>) -> bool {
    if !error.is_instance_of::<PySystemExit>() {
        return false;
    }
    let code = error.getattr(intern!(error.py(), "code"));
    code.is_ok_and(|code| code.is_none() || code.eq(0).unwrap_or(false))
}

/// Its type, its message and its stack, this one in at most so many characters.
pub(crate) fn described(error: &Bound<'_, PyAny>, most: Option<u32>) -> (String, String, String) {
    let (kind, message) = named(error);
    let stacktrace = stack(error).map_or_else(|_| String::new(), |stack| innermost(stack, most));
    (kind, message, stacktrace)
}

/// Its type, its message and its stack as a span's event holds them.
#[pyfunction]
pub(crate) fn described_exception(error: &Bound<'_, PyAny>) -> (String, String, String) {
    described(error, telensic::__door::value_lengths().map(|of| of.0))
}

/// Its type and its message.
pub(crate) fn named(error: &Bound<'_, PyAny>) -> (String, String) {
    (qualified(&error.get_type()), value::text(error))
}

/// The type's name, with its module unless that is Python's own.
fn qualified(kind: &Bound<'_, PyType>) -> String {
    let name = kind
        .qualname()
        .map_or_else(|_| "exception".to_owned(), |name| name.to_string());
    match kind.module() {
        Ok(module) if module != "builtins" => format!("{module}.{name}"),
        _ => name,
    }
}

/// As Python prints it, with its causes.
fn stack(error: &Bound<'_, PyAny>) -> PyResult<String> {
    let py = error.py();
    static FORMAT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let format = FORMAT.import(py, "traceback", "format_exception")?;
    let traceback = error.getattr(intern!(py, "__traceback__"))?;
    let lines = format.call1((error.get_type(), error, traceback))?;
    let mut stack = String::new();
    for line in lines.try_iter()? {
        stack.push_str(&value::text(&line?));
    }
    Ok(stack)
}

/// The end of the stack, which tells what happened: a value's limit would otherwise cut just that off.
fn innermost(stack: String, most: Option<u32>) -> String {
    const LEFT_OUT: &str = "[...]\n";
    let Some(most) = most.map(|most| most as usize).filter(|most| stack.len() > *most) else {
        return stack;
    };
    let from = stack.len() - most.saturating_sub(LEFT_OUT.len()).min(stack.len());
    let from = stack.ceil_char_boundary(from);
    // Whole lines, if there are any.
    let from = stack[from..]
        .find('\n')
        .filter(|end| from + end + 1 < stack.len())
        .map_or(from, |end| from + end + 1);
    format!("{LEFT_OUT}{}", &stack[from..])
}
