//! Contexts: what travels to other threads and processes.

use std::collections::BTreeMap;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};
use telensic::context::{Context, EnvCarrier, Propagators};

use crate::{current, value};

/// The span, trace state and baggage that a piece of work belongs to. Can be pickled.
#[pyclass(frozen, name = "Context", module = "telensic")]
pub(crate) struct PyContext {
    context: Context,
    hex: PyOnceLock<(Py<PyString>, Py<PyString>)>,
}

impl PyContext {
    pub(crate) fn new(context: Context) -> Self {
        Self {
            context,
            hex: PyOnceLock::new(),
        }
    }

    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    pub(crate) fn hex<'a>(&'a self, py: Python<'_>) -> &'a (Py<PyString>, Py<PyString>) {
        self.hex.get_or_init(py, || hex(py, &self.context))
    }
}

#[pymethods]
impl PyContext {
    /// The trace's id, 32 hex digits; empty if there is none.
    #[getter]
    fn trace_id(&self, py: Python<'_>) -> Py<PyString> {
        self.hex(py).0.clone_ref(py)
    }

    /// The span's id, 16 hex digits; empty if there is none.
    #[getter]
    fn span_id(&self, py: Python<'_>) -> Py<PyString> {
        self.hex(py).1.clone_ref(py)
    }

    /// Whether the span is in another process.
    #[getter]
    fn is_remote(&self) -> bool {
        self.context.span().is_some_and(|span| span.is_remote())
    }

    /// Whether the trace is exported.
    #[getter]
    fn is_sampled(&self) -> bool {
        self.context.span().is_some_and(|span| span.is_sampled())
    }

    /// The program's own values that travel along.
    #[getter]
    fn baggage(&self) -> BTreeMap<String, String> {
        let members = self
            .context
            .baggage()
            .into_iter()
            .flat_map(|baggage| baggage.iter());
        members
            .map(|member| (member.key().to_owned(), member.value().to_owned()))
            .collect()
    }

    /// The same context with this baggage.
    fn with_baggage(&self, values: BTreeMap<String, String>) -> Self {
        let mut baggage = telensic::context::Baggage::new();
        for (key, value) in &values {
            baggage.insert(key, value);
        }
        Self::new(self.context.clone().with_baggage(baggage))
    }

    /// The headers that it travels by in W3C's form, whatever form this process speaks.
    fn headers(&self) -> BTreeMap<String, String> {
        let mut headers = BTreeMap::new();
        Propagators::default().inject(&self.context, &mut headers);
        headers
    }

    fn __bool__(&self) -> bool {
        !self.context.is_empty()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast_exact::<Self>()
            .is_ok_and(|other| other.get().context == self.context)
    }

    fn __hash__(&self) -> u64 {
        let span = self.context.span().map(|span| span.span_id().to_bytes());
        span.map_or(0, u64::from_le_bytes)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        reduce(py, &self.context)
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let (trace_id, span_id) = self.hex(py);
        format!("<telensic.Context trace_id={trace_id} span_id={span_id}>")
    }
}

/// What a context is pickled as: always in W3C's form, whatever headers this process speaks.
pub(crate) fn reduce<'py>(py: Python<'py>, context: &Context) -> PyResult<Bound<'py, PyTuple>> {
    let mut carrier = BTreeMap::new();
    Propagators::default().inject(context, &mut carrier);
    let restore = py.import("telensic._telensic")?.getattr("restore_context")?;
    (restore, (carrier,)).into_pyobject(py)
}

/// A context that was pickled.
#[pyfunction]
pub(crate) fn restore_context(carrier: BTreeMap<String, String>) -> PyContext {
    PyContext::new(Propagators::default().extract(&carrier))
}

/// The ids in hex, empty where there are none.
pub(crate) fn hex(py: Python<'_>, context: &Context) -> (Py<PyString>, Py<PyString>) {
    let span = context.span();
    let text = |text: Option<String>| PyString::new(py, text.as_deref().unwrap_or_default()).unbind();
    (
        text(span.map(|span| span.trace_id().to_string())),
        text(span.map(|span| span.span_id().to_string())),
    )
}

/// What is current, to be handed on.
#[pyfunction]
pub(crate) fn current_context(py: Python<'_>) -> PyContext {
    PyContext::new(here(py))
}

/// What is current, for the recorder.
pub(crate) fn here(py: Python<'_>) -> Context {
    current::with(py, |context| context.cloned()).unwrap_or_else(telensic::current_context)
}

/// The context that was given, or the current one.
fn given_or_here(py: Python<'_>, given: Option<&Bound<'_, PyAny>>) -> PyResult<Context> {
    match given.filter(|given| !given.is_none()) {
        None => Ok(here(py)),
        Some(given) => current::context_of(given).cloned().ok_or_else(|| {
            PyTypeError::new_err("a context or a span was expected: telensic.current_context() gives one")
        }),
    }
}

/// Writes a context into a mapping: headers, or whatever is handed to other processes; and returns it.
#[pyfunction]
#[pyo3(signature = (carrier=None, context=None))]
pub(crate) fn inject<'py>(
    py: Python<'py>,
    carrier: Option<Bound<'py, PyAny>>,
    context: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let context = given_or_here(py, context)?;
    let carrier = carrier
        .filter(|carrier| !carrier.is_none())
        .unwrap_or_else(|| PyDict::new(py).into_any());
    let mut pairs: Vec<(String, String)> = Vec::new();
    telensic::inject(&context, &mut pairs);
    for (key, value) in pairs {
        carrier.set_item(key, value)?;
    }
    Ok(carrier)
}

/// The same as environment variables of a child process.
#[pyfunction]
#[pyo3(signature = (context=None))]
pub(crate) fn context_variables(
    py: Python<'_>,
    context: Option<&Bound<'_, PyAny>>,
) -> PyResult<BTreeMap<String, String>> {
    let mut variables = EnvCarrier::new();
    telensic::inject(&given_or_here(py, context)?, &mut variables);
    Ok(variables.into_iter().collect())
}

/// Reads the context that a mapping brings, or a list of pairs; of the environment if none is given. What is malformed or
/// missing gives an empty one, and a new trace begins.
#[pyfunction]
#[pyo3(signature = (carrier=None))]
pub(crate) fn extract(carrier: Option<&Bound<'_, PyAny>>) -> PyContext {
    let Some(carrier) = carrier.filter(|carrier| !carrier.is_none()) else {
        return PyContext::new(telensic::extract(&EnvCarrier::from_process()));
    };
    let pairs = pairs(carrier).unwrap_or_default();
    PyContext::new(telensic::extract(&pairs))
}

fn pairs(carrier: &Bound<'_, PyAny>) -> PyResult<Vec<(String, String)>> {
    let items = match carrier.getattr("items") {
        Ok(items) => items.call0()?,
        Err(_) => carrier.clone(),
    };
    let mut pairs = Vec::new();
    for pair in items.try_iter()? {
        let (name, value) = pair?.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
        pairs.push((header_text(&name), header_text(&value)));
    }
    Ok(pairs)
}

/// A header's text: ASGI has bytes; of a list of values the last counts for none of ours, so they are joined.
fn header_text(object: &Bound<'_, PyAny>) -> String {
    match object.extract::<Vec<u8>>() {
        Ok(bytes) if !object.is_instance_of::<PyString>() => String::from_utf8_lossy(&bytes).into_owned(),
        _ => value::text(object),
    }
}

/// Makes a context current and returns what brings back the one before, for [`detach`].
#[pyfunction]
pub(crate) fn enter_context<'py>(
    py: Python<'py>,
    context: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if !context.is_none() && current::context_of(context).is_none() {
        return Err(PyTypeError::new_err(
            "a context or a span was expected: telensic.extract(headers) gives one",
        ));
    }
    let before = current::get(py);
    current::set(py, Some(context));
    Ok(before)
}

/// What is current as it is: a span, a context, or nothing.
#[pyfunction]
pub(crate) fn current_object(py: Python<'_>) -> Option<Bound<'_, PyAny>> {
    current::get(py)
}

/// Makes current what was so before.
#[pyfunction]
#[pyo3(signature = (before, /))]
pub(crate) fn restore(py: Python<'_>, before: Option<&Bound<'_, PyAny>>) {
    current::set(py, before);
}
