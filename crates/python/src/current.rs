//! What a Python task is in: a span, or a context that came from elsewhere, kept in a context variable.
//!
//! A context variable is what `asyncio` copies for each task and what an executor hands on by `copy_context`, so a span is the
//! current one wherever Python's own rules say so. Outside of any, the recorder's own answer counts: the run's root.

use pyo3::prelude::*;
use pyo3::types::PyString;
use telensic::context::Context;

use crate::context::PyContext;
use crate::context_var::ContextVar;
use crate::span::PySpan;

static CURRENT: ContextVar = ContextVar::named(c"telensic.current");

/// What is current: a [`PySpan`], a [`PyContext`], or nothing.
#[inline]
pub(crate) fn get(py: Python<'_>) -> Option<Bound<'_, PyAny>> {
    CURRENT.get(py)
}

/// Makes something current.
#[inline]
pub(crate) fn set(py: Python<'_>, object: Option<&Bound<'_, PyAny>>) {
    CURRENT.set(py, object);
}

/// Hands out the context of what is current; none if that is for the recorder to say.
#[inline]
pub(crate) fn with<T>(py: Python<'_>, take: impl FnOnce(Option<&Context>) -> T) -> T {
    match get(py) {
        Some(object) => take(context_of(&object)),
        None => take(None),
    }
}

/// The context that a span or a context stands for.
#[inline]
pub(crate) fn context_of<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a Context> {
    if let Ok(span) = object.cast_exact::<PySpan>() {
        return Some(span.get().context());
    }
    object
        .cast_exact::<PyContext>()
        .ok()
        .map(|context| context.get().context())
}

/// Does something of which the recorder's own calls know what is current: log records, events, what reads the context.
pub(crate) fn entered<T>(py: Python<'_>, work: impl FnOnce() -> T) -> T {
    let attached = with(py, |context| {
        context.map(|context| telensic::attach(context.clone()))
    });
    let done = work();
    drop(attached);
    done
}

/// The ids of what is current, in hex; empty where there is none.
pub(crate) fn hex(py: Python<'_>) -> (Bound<'_, PyString>, Bound<'_, PyString>) {
    let cloned = |hex: &(Py<PyString>, Py<PyString>)| (hex.0.bind(py).clone(), hex.1.bind(py).clone());
    let Some(object) = get(py) else {
        let hex = crate::context::hex(py, &telensic::current_context());
        return cloned(&hex);
    };
    if let Ok(span) = object.cast_exact::<PySpan>() {
        return cloned(span.get().hex(py));
    }
    match object.cast_exact::<PyContext>() {
        Ok(context) => cloned(context.get().hex(py)),
        Err(_) => (PyString::new(py, ""), PyString::new(py, "")),
    }
}
