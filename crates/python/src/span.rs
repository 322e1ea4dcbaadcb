//! Spans as Python sees them.
//!
//! Invariant: while a span's lock is held no code of Python runs, so a thread that waits for it waits for a moment only. All
//! values are read before, all objects are let go of afterwards.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};
use telensic::context::Context;
use telensic::{__door as door, Fields, Key, Span, names};

use crate::boundary::{quietly, safely};
use crate::context::PyContext;
use crate::exception::Raised;
use crate::keys::key;
use crate::metric::{AdapterPart, error_named};
use crate::ready::Ready;
use crate::{current, value};

const OUTCOME: Key<'static> = Key::new(names::key::OUTCOME);
const ERROR_TYPE: Key<'static> = Key::new("error.type");
const SUCCESS: &str = "success";

/// An operation with a beginning and an end.
#[pyclass(frozen, name = "Span", module = "telensic")]
pub(crate) struct PySpan {
    /// What its children belong to.
    context: Context,
    /// Whether it was recorded when it began.
    is_recorded: bool,
    /// Whether an exception that ends it is told.
    tells_errors: bool,
    open: Mutex<Open>,
    is_over: AtomicBool,
    hex: PyOnceLock<(Py<PyString>, Py<PyString>)>,
}

/// What a span has until it ends.
struct Open {
    span: Span,
    /// What was current when it was entered.
    before: Option<Py<PyAny>>,
    /// The call of an adapter that it stands for, until it is known how that ended.
    adapter: Option<Box<AdapterPart>>,
}

impl PySpan {
    #[inline]
    pub(crate) fn new(span: Span) -> Self {
        Self {
            context: span.context(),
            is_recorded: span.is_recording(),
            tells_errors: true,
            open: Mutex::new(Open {
                span,
                before: None,
                adapter: None,
            }),
            is_over: AtomicBool::new(false),
            hex: PyOnceLock::new(),
        }
    }

    /// One that stands for a context of which no span is here.
    pub(crate) fn of_context(context: Context) -> Self {
        Self {
            context,
            ..Self::new(Span::none())
        }
    }

    /// The same, standing for the call of an adapter.
    pub(crate) fn of_adapter(self, part: AdapterPart) -> Self {
        self.open().adapter = Some(Box::new(part));
        self
    }

    /// The same, of which an exception that ends it is not told.
    pub(crate) fn without_errors(self) -> Self {
        Self {
            tells_errors: false,
            ..self
        }
    }

    #[inline]
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    #[inline]
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the span, if it is recorded and has not ended.
    #[inline]
    pub(crate) fn edit(&self, change: impl FnOnce(&mut Span)) {
        if self.is_recorded {
            change(&mut self.open().span);
        }
    }

    /// Ids in hex, made once.
    pub(crate) fn hex<'a>(&'a self, py: Python<'_>) -> &'a (Py<PyString>, Py<PyString>) {
        self.hex
            .get_or_init(py, || crate::context::hex(py, &self.context))
    }

    /// Makes it current; whether that makes a difference.
    #[inline]
    pub(crate) fn enter(slf: &Bound<'_, Self>) {
        let py = slf.py();
        // Nothing is recorded, and nothing of what was sent is lost: what was current stays so.
        if slf.get().context.is_empty() {
            return;
        }
        let before = current::get(py).map(Bound::unbind);
        let replaced = std::mem::replace(&mut slf.get().open().before, before);
        drop(replaced);
        current::set(py, Some(slf.as_any()));
    }

    /// Makes current what was so before, unless something else has become current meanwhile, or this is another context
    /// than the one that it was entered in.
    #[inline]
    pub(crate) fn leave(slf: &Bound<'_, Self>) {
        let py = slf.py();
        if slf.get().context.is_empty() || !current::get(py).is_some_and(|current| current.is(slf)) {
            return;
        }
        let mut before = slf.get().before(py);
        // One that has ended out of order must not come back.
        while let Some(span) = before
            .as_ref()
            .and_then(|before| before.cast_exact::<Self>().ok())
            && span.get().is_over()
        {
            before = span.get().before(py);
        }
        current::set(py, before.as_ref());
    }

    #[inline]
    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    #[inline]
    fn before<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        self.open().before.as_ref().map(|before| before.bind(py).clone())
    }

    #[inline]
    pub(crate) fn finish(&self, at: Option<SystemTime>) {
        self.is_over.store(true, Ordering::Relaxed);
        let mut open = self.open();
        let mut span = std::mem::take(&mut open.span);
        let adapter = open.adapter.take();
        drop(open);
        if let Some(adapter) = adapter {
            span.set(OUTCOME, SUCCESS);
            self.within(|| adapter.call.succeed());
        }
        match at {
            Some(time) => span.end_at(time),
            None => span.end(),
        }
    }

    /// Does something that looks for the current span of the thread, for which this one stands in.
    fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        let attached = telensic::attach(self.context.clone());
        let done = work();
        drop(attached);
        done
    }

    /// The call of an adapter that it stands for has failed.
    fn fail_adapter(&self, error: &Bound<'_, PyAny>) {
        let Some(adapter) = self.open().adapter.take() else {
            return;
        };
        let name = adapter.error_type(error);
        let class = error_named(&name);
        self.edit(|span| {
            span.set(OUTCOME, class.kind());
            span.set(ERROR_TYPE, class.name());
        });
        self.within(|| adapter.call.fail(class));
    }

    /// Notes how the work in it went wrong.
    #[cold]
    pub(crate) fn fail(&self, py: Python<'_>, error: &Bound<'_, PyAny>) {
        let raised = Raised::of(error);
        if !matches!(raised, Raised::Ended) {
            self.fail_adapter(error);
        }
        if !self.is_recorded || !self.tells_errors {
            return;
        }
        match raised {
            Raised::Ended => {}
            Raised::Cancelled => self.edit(door::note_cancelled),
            Raised::Error => quietly(py, || {
                let (kind, message, stacktrace) =
                    crate::exception::described(error, door::value_lengths().map(|of| of.0));
                self.edit(|span| door::record_exception(span, kind, message, stacktrace, |_| {}));
                Ok(())
            }),
        }
    }
}

#[pymethods]
impl PySpan {
    /// Adds an attribute, or replaces the one with this key.
    pub(crate) fn set(&self, py: Python<'_>, key: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) {
        if self.is_recorded {
            quietly(py, || {
                value::with_text(key, |name| {
                    value::lend(value, |value| {
                        self.edit(|span| span.set(crate::keys::key(name), value))
                    });
                });
                Ok(())
            });
        }
    }

    /// The same, as OpenTelemetry calls it.
    fn set_attribute(&self, py: Python<'_>, key: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) {
        self.set(py, key, value);
    }

    /// Adds several attributes.
    fn set_attributes(&self, py: Python<'_>, attributes: &Bound<'_, PyDict>) {
        for (key, value) in attributes {
            self.set(py, &key, &value);
        }
    }

    /// Adds an event that happens now, or at `timestamp` (nanoseconds since 1970).
    #[pyo3(signature = (name, attributes=None, timestamp=None))]
    fn add_event(
        &self,
        py: Python<'_>,
        name: &Bound<'_, PyAny>,
        attributes: Option<&Bound<'_, PyDict>>,
        timestamp: Option<u64>,
    ) {
        if !self.is_recorded {
            return;
        }
        quietly(py, || {
            let attributes = owned(attributes);
            value::with_text(name, |name| {
                self.edit(|span| match timestamp {
                    Some(at) => span.event_at(name, time(at), |fields| fill(fields, &attributes)),
                    None => span.event_with(name, |fields| fill(fields, &attributes)),
                });
            });
            Ok(())
        });
    }

    /// Links it to another span, or to a context that came from elsewhere.
    #[pyo3(signature = (to, attributes=None))]
    fn add_link(&self, py: Python<'_>, to: &Bound<'_, PyAny>, attributes: Option<&Bound<'_, PyDict>>) {
        quietly(py, || {
            let attributes = owned(attributes);
            if let Some(context) = current::context_of(to) {
                self.edit(|span| span.link_with(context, |fields| fill(fields, &attributes)));
            }
            Ok(())
        });
    }

    /// Records an exception with its stack, and that the span failed.
    #[pyo3(signature = (exception, attributes=None))]
    fn record_exception(
        &self,
        py: Python<'_>,
        exception: &Bound<'_, PyAny>,
        attributes: Option<&Bound<'_, PyDict>>,
    ) {
        if !self.is_recorded {
            return;
        }
        quietly(py, || {
            let (kind, message, stacktrace) =
                crate::exception::described(exception, door::value_lengths().map(|of| of.0));
            let attributes = owned(attributes);
            self.edit(|span| {
                door::record_exception(span, kind, message, stacktrace, |fields| {
                    fill(fields, &attributes)
                });
            });
            Ok(())
        });
    }

    /// Says how it ends: "ok", "error", or a status of the OpenTelemetry API.
    #[pyo3(signature = (status, description=None))]
    fn set_status(&self, py: Python<'_>, status: &Bound<'_, PyAny>, description: Option<&Bound<'_, PyAny>>) {
        quietly(py, || {
            let status = crate::status::of(status, description);
            self.edit(|span| span.set_status(status));
            Ok(())
        });
    }

    /// Gives it another name.
    fn update_name(&self, py: Python<'_>, name: &Bound<'_, PyAny>) {
        quietly(py, || {
            value::with_text(name, |name| self.edit(|span| span.set_name(name)));
            Ok(())
        });
    }

    /// Ends it, now or as of `end_time` (nanoseconds since 1970). What is said of it later is not recorded.
    #[pyo3(signature = (end_time=None))]
    fn end(&self, py: Python<'_>, end_time: Option<u64>) {
        quietly(py, || {
            self.finish(end_time.map(time));
            Ok(())
        });
    }

    /// Whether what is said of it is kept.
    fn is_recording(&self) -> bool {
        self.is_recorded && !self.is_over()
    }

    /// The trace's id, 32 hex digits; empty if it belongs to none.
    #[getter]
    fn trace_id(&self, py: Python<'_>) -> Py<PyString> {
        self.hex(py).0.clone_ref(py)
    }

    /// Its id, 16 hex digits; empty if it has none.
    #[getter]
    fn span_id(&self, py: Python<'_>) -> Py<PyString> {
        self.hex(py).1.clone_ref(py)
    }

    /// What travels with it to other threads and processes.
    #[getter(context)]
    fn own_context(&self) -> PyContext {
        PyContext::new(self.context.clone())
    }

    /// Makes it current without ending it when it is left.
    #[pyo3(name = "enter")]
    fn make_current(slf: &Bound<'_, Self>) {
        Self::enter(slf);
    }

    /// Makes current what was so before; it goes on.
    #[pyo3(name = "leave")]
    fn make_former_current(slf: &Bound<'_, Self>) {
        Self::leave(slf);
    }

    /// Notes how the work in it went wrong: as an error, as cancelled, or not at all if it is how generators end.
    #[pyo3(name = "fail")]
    fn note_failure(&self, py: Python<'_>, error: &Bound<'_, PyAny>) {
        self.fail(py, error);
    }

    #[inline]
    fn __enter__<'py>(slf: &Bound<'py, Self>) -> Bound<'py, Self> {
        Self::enter(slf);
        slf.clone()
    }

    #[inline]
    #[pyo3(signature = (kind, error, traceback, /))]
    fn __exit__(
        slf: &Bound<'_, Self>,
        kind: &Bound<'_, PyAny>,
        error: &Bound<'_, PyAny>,
        traceback: &Bound<'_, PyAny>,
    ) -> bool {
        let _ = (kind, traceback);
        let py = slf.py();
        safely(
            py,
            || {
                Self::leave(slf);
                if !error.is_none() {
                    slf.get().fail(py, error);
                }
                slf.get().finish(None);
                Ok(false)
            },
            || false,
        )
    }

    fn __aenter__(slf: &Bound<'_, Self>) -> Ready {
        Self::enter(slf);
        Ready::new(slf.clone().into_any().unbind())
    }

    #[pyo3(signature = (kind, error, traceback, /))]
    fn __aexit__(
        slf: &Bound<'_, Self>,
        kind: &Bound<'_, PyAny>,
        error: &Bound<'_, PyAny>,
        traceback: &Bound<'_, PyAny>,
    ) -> Ready {
        Self::__exit__(slf, kind, error, traceback);
        Ready::new(slf.py().None())
    }

    /// A pickled span is its context: the work goes on elsewhere, the span does not.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        crate::context::reduce(py, &self.context)
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let (trace_id, span_id) = self.hex(py);
        format!("<telensic.Span trace_id={trace_id} span_id={span_id}>")
    }
}

/// A time in nanoseconds since 1970.
pub(crate) fn time(nanos: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_nanos(nanos)
}

/// Attributes, copied so that they can be written while the lock is held.
fn owned(attributes: Option<&Bound<'_, PyDict>>) -> Vec<(String, crate::owned::Owned)> {
    let attributes = attributes.into_iter().flatten();
    attributes
        .map(|(key, value)| (value::text(&key), value::owned(&value)))
        .collect()
}

fn fill(fields: &mut Fields, attributes: &[(String, crate::owned::Owned)]) {
    for (name, value) in attributes {
        value.lend(|value| {
            fields.set(key(name), value);
        });
    }
}
