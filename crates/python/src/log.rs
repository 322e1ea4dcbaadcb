//! Log records of Python on their way to the tape.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use telensic::{__door as door, Key, LogRecord, ScopeId, Severity};

use crate::boundary::quietly;
use crate::keys::key;
use crate::lifecycle::severity;
use crate::start::Scope;
use crate::{current, exception, span, value};

const EXCEPTION_TYPE: Key<'static> = Key::new("exception.type");
const EXCEPTION_MESSAGE: Key<'static> = Key::new("exception.message");
const EXCEPTION_STACKTRACE: Key<'static> = Key::new("exception.stacktrace");

/// Records a log line with its fields.
#[pyfunction]
#[pyo3(signature = (level, message, fields=None, *, exception=None, scope=None, timestamp=None))]
pub(crate) fn log(
    py: Python<'_>,
    level: i64,
    message: &Bound<'_, PyAny>,
    fields: Option<&Bound<'_, PyDict>>,
    exception: Option<&Bound<'_, PyAny>>,
    scope: Option<&Bound<'_, Scope>>,
    timestamp: Option<u64>,
) {
    if !door::is_active() {
        return;
    }
    quietly(py, || {
        let scope = scope.map_or(ScopeId::default(), |scope| scope.get().0);
        let record = value::with_text(message, |message| begin(py, severity(level), message)).scope(scope);
        if !record.is_recording() {
            return Ok(());
        }
        let record = match timestamp {
            Some(at) => record.at(span::time(at)),
            None => record,
        };
        let mut record = put(record, fields.into_iter().flatten());
        if let Some(error) = exception.filter(|error| !error.is_none()) {
            record = put_exception(record, error);
        }
        record.emit();
        Ok(())
    });
}

fn begin(py: Python<'_>, severity: Severity, message: &str) -> LogRecord {
    current::entered(py, || telensic::log(severity, message))
}

fn put<'py>(
    mut record: LogRecord,
    fields: impl Iterator<Item = (Bound<'py, PyAny>, Bound<'py, PyAny>)>,
) -> LogRecord {
    for (name, field) in fields {
        value::with_text(&name, |name| {
            value::lend(&field, |field| record.set(key(name), field))
        });
    }
    record
}

fn put_exception(record: LogRecord, error: &Bound<'_, PyAny>) -> LogRecord {
    let (kind, message, stacktrace) = exception::described(error, door::value_lengths().map(|of| of.1));
    record
        .with(EXCEPTION_TYPE, kind.as_str())
        .with(EXCEPTION_MESSAGE, message.as_str())
        .with(EXCEPTION_STACKTRACE, stacktrace.as_str())
}

/// What a record of module `logging` has beside what its caller added. `taskName` is there from Python 3.12 on; the last six
/// are put there by [`stamp`].
const OWN: [&str; 29] = [
    "name",
    "msg",
    "args",
    "levelname",
    "levelno",
    "pathname",
    "filename",
    "module",
    "exc_info",
    "exc_text",
    "stack_info",
    "lineno",
    "funcName",
    "created",
    "msecs",
    "relativeCreated",
    "thread",
    "threadName",
    "processName",
    "process",
    "message",
    "asctime",
    "taskName",
    "trace_id",
    "span_id",
    "run_id",
    "otelTraceID",
    "otelSpanID",
    "otelServiceName",
];

/// Whether a record of module `logging` has this of itself.
fn is_own(name: &str) -> bool {
    OWN.contains(&name)
}

/// Records a record of module `logging`.
#[pyfunction]
pub(crate) fn emit_record(record: &Bound<'_, PyAny>) {
    if !door::is_active() {
        return;
    }
    let py = record.py();
    quietly(py, || {
        let fields = record.getattr(intern!(py, "__dict__"))?.cast_into::<PyDict>()?;
        let level = number(fields.get_item(intern!(py, "levelno"))?).unwrap_or(20);
        let message = message(record, &fields)?;
        let line = value::with_text(&message, |message| begin(py, severity(level), message));
        if !line.is_recording() {
            return Ok(());
        }
        let name = fields.get_item(intern!(py, "name"))?;
        let mut line = match &name {
            Some(name) => value::with_text(name, |name| line.with(LOGGER, name)),
            None => line,
        };
        if let Some(created) = fields
            .get_item(intern!(py, "created"))?
            .and_then(|time| time.extract::<f64>().ok())
            && let Ok(since) = std::time::Duration::try_from_secs_f64(created)
        {
            line = line.at(std::time::SystemTime::UNIX_EPOCH + since);
        }
        let added = fields.iter().filter(|(name, _)| !is_own_name(name));
        line = put(line, added);
        if let Some(error) = raised(fields.get_item(intern!(py, "exc_info"))?) {
            line = put_exception(line, &error);
        }
        if let Some(stack) = fields
            .get_item(intern!(py, "stack_info"))?
            .filter(|stack| !stack.is_none())
        {
            line = value::with_text(&stack, |stack| line.with(STACK, stack));
        }
        line.emit();
        Ok(())
    });
}

const LOGGER: Key<'static> = Key::new("logger");
const STACK: Key<'static> = Key::new("code.stacktrace");

fn is_own_name(name: &Bound<'_, PyAny>) -> bool {
    name.cast::<PyString>()
        .is_ok_and(|name| name.to_str().is_ok_and(is_own))
}

fn number(object: Option<Bound<'_, PyAny>>) -> Option<i64> {
    object?.extract().ok()
}

/// The record's message; `getMessage` only puts arguments into it, of which most have none.
fn message<'py>(record: &Bound<'py, PyAny>, fields: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    let py = record.py();
    let has_arguments = match fields.get_item(intern!(py, "args"))? {
        Some(arguments) => arguments.is_truthy()?,
        None => false,
    };
    let plain = fields.get_item(intern!(py, "msg"))?;
    match plain {
        Some(plain) if !has_arguments && plain.is_exact_instance_of::<PyString>() => Ok(plain),
        plain => match (record.call_method0(intern!(py, "getMessage")), plain) {
            (Ok(message), _) => Ok(message),
            // Arguments that do not fit the text: the text alone is better than nothing.
            (Err(_), Some(plain)) => Ok(plain),
            (Err(error), None) => Err(error),
        },
    }
}

/// The exception of a record's `exc_info`.
fn raised(info: Option<Bound<'_, PyAny>>) -> Option<Bound<'_, PyAny>> {
    let info = info.filter(|info| !info.is_none())?;
    let error = match info.cast::<PyTuple>() {
        Ok(triple) => triple.get_item(1).ok()?,
        Err(_) => info,
    };
    Some(error).filter(|error| error.is_instance_of::<pyo3::exceptions::PyBaseException>())
}

/// Puts the ids of what is current on a record of module `logging`: `trace_id`, `span_id` and `run_id`, or in the layout of
/// OpenTelemetry's own instrumentation. They are empty, or `0`, where there is none.
#[pyfunction]
#[pyo3(signature = (record, otel, /))]
pub(crate) fn stamp(record: &Bound<'_, PyAny>, otel: bool) {
    let py = record.py();
    quietly(py, || {
        let (trace_id, span_id) = current::hex(py);
        record.setattr(intern!(py, "trace_id"), &trace_id)?;
        record.setattr(intern!(py, "span_id"), &span_id)?;
        record.setattr(intern!(py, "run_id"), run_id(py))?;
        if otel {
            let has_ids = trace_id.is_truthy()?;
            let or_zero = |id| if has_ids { id } else { intern!(py, "0").clone() };
            record.setattr(intern!(py, "otelTraceID"), or_zero(trace_id))?;
            record.setattr(intern!(py, "otelSpanID"), or_zero(span_id))?;
            record.setattr(
                intern!(py, "otelServiceName"),
                door::service().unwrap_or_default(),
            )?;
        }
        Ok(())
    });
}

/// The ids of what is current, for processors of log records: trace, span, run; empty where there is none.
#[pyfunction]
pub(crate) fn current_ids(py: Python<'_>) -> (Bound<'_, PyString>, Bound<'_, PyString>, Bound<'_, PyString>) {
    let (trace_id, span_id) = current::hex(py);
    (trace_id, span_id, run_id(py))
}

fn run_id(py: Python<'_>) -> Bound<'_, PyString> {
    match door::run_id() {
        Some(run_id) => PyString::new(py, run_id),
        None => intern!(py, "").clone(),
    }
}
