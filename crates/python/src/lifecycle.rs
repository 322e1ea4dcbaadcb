//! The beginning and the end of recording.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use telensic::{__door as door, Builder, Guard, LogLayout, Sampler, Severity};

use crate::value;

/// What keeps recording on in this process.
static GUARD: Mutex<Option<Guard>> = Mutex::new(None);

/// Starts recording for a service; the environment's settings count where none is given. False if recording goes on
/// already, or is switched off.
#[pyfunction]
#[pyo3(signature = (service_name=None, **settings))]
pub(crate) fn init(
    py: Python<'_>,
    service_name: Option<String>,
    settings: Option<&Bound<'_, PyDict>>,
) -> PyResult<bool> {
    let builder = builder(py, service_name, settings)?;
    // Files are made and threads are started.
    let (was_recording, guard) = py.detach(|| (door::is_active(), builder.init()));
    if was_recording {
        return Ok(false);
    }
    let before = GUARD
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .replace(guard);
    drop(before);
    Ok(door::is_active())
}

/// Settings of a recorder, of which each is a keyword argument.
pub(crate) fn builder(
    py: Python<'_>,
    service_name: Option<String>,
    settings: Option<&Bound<'_, PyDict>>,
) -> PyResult<Builder> {
    let mut builder = match service_name {
        Some(name) => Builder::new(name),
        None => Builder::default(),
    };
    let version = py.version_info();
    builder = builder
        .language("python")
        .resource_attribute("process.runtime.name", "cpython")
        .resource_attribute(
            "process.runtime.version",
            format!("{}.{}.{}", version.major, version.minor, version.patch),
        );
    for (name, setting) in settings
        .into_iter()
        .flatten()
        .filter(|(_, setting)| !setting.is_none())
    {
        let name: String = name.extract()?;
        builder = set(builder, &name, &setting)?;
    }
    Ok(builder)
}

fn set(builder: Builder, name: &str, setting: &Bound<'_, PyAny>) -> PyResult<Builder> {
    Ok(match name {
        "version" => builder.version(value::text(setting)),
        "environment" => builder.environment(value::text(setting)),
        "directory" => builder.dir(setting.extract::<PathBuf>()?),
        "log_directory" => builder.log_dir(setting.extract::<PathBuf>()?),
        "log_files" => builder.log_files(setting.extract()?),
        "log_level" => builder.log_level(level(setting)?),
        "log_layout" => builder.log_layout(layout(setting)?),
        "console" => builder.console(setting.extract()?),
        "otlp_endpoint" => builder.otlp_endpoint(value::text(setting)),
        "jaeger_endpoint" => builder.jaeger_endpoint(value::text(setting)),
        "sample_rate" => builder.sampler(Sampler::parent_based_trace_id_ratio(setting.extract()?)),
        "shutdown_timeout" => builder.shutdown(seconds(setting.extract()?)?),
        "resource" => {
            let mut builder = builder;
            for (key, attribute) in setting.cast::<PyDict>()? {
                builder = builder.resource_attribute(value::text(&key), value::text(&attribute));
            }
            builder
        }
        _ => {
            return Err(PyValueError::new_err(format!(
                "{name:?} is no setting of a recorder: see help(telensic.init)"
            )));
        }
    })
}

/// A duration in seconds.
fn seconds(seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|error| PyValueError::new_err(format!("{seconds} is no duration in seconds: {error}")))
}

/// A level by its number, as module `logging` has it, or by its name.
fn level(setting: &Bound<'_, PyAny>) -> PyResult<Severity> {
    if let Ok(number) = setting.extract::<i64>() {
        return Ok(severity(number));
    }
    let name = value::text(setting);
    const LEVELS: [(&str, Severity); 8] = [
        ("TRACE", Severity::Trace),
        ("DEBUG", Severity::Debug),
        ("INFO", Severity::Info),
        ("WARN", Severity::Warn),
        ("WARNING", Severity::Warn),
        ("ERROR", Severity::Error),
        ("FATAL", Severity::Fatal),
        ("CRITICAL", Severity::Fatal),
    ];
    let known = LEVELS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name));
    known.map(|(_, level)| *level).ok_or_else(|| {
        PyValueError::new_err(format!(
            "{name:?} is no log level: known are TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL"
        ))
    })
}

/// The severity of a level of module `logging`.
pub(crate) fn severity(level: i64) -> Severity {
    match level {
        ..10 => Severity::Trace,
        10..20 => Severity::Debug,
        20..30 => Severity::Info,
        30..40 => Severity::Warn,
        40..50 => Severity::Error,
        _ => Severity::Fatal,
    }
}

fn layout(setting: &Bound<'_, PyAny>) -> PyResult<LogLayout> {
    match value::text(setting).as_str() {
        "telensic" => Ok(LogLayout::Telensic),
        "standard" => Ok(LogLayout::Standard),
        "otel" => Ok(LogLayout::Otel),
        other => Err(PyValueError::new_err(format!(
            "{other:?} is no layout of log lines: known are telensic, standard, otel"
        ))),
    }
}

/// Hands everything recorded so far on; false if that took longer than `timeout` seconds.
#[pyfunction]
#[pyo3(signature = (timeout=5.0))]
pub(crate) fn flush(py: Python<'_>, timeout: f64) -> PyResult<bool> {
    let within = seconds(timeout)?;
    Ok(py.detach(|| telensic::flush(within)))
}

/// Ends recording, and hands everything on; false if that took too long.
#[pyfunction]
pub(crate) fn shutdown(py: Python<'_>) -> bool {
    let guard = GUARD.lock().unwrap_or_else(PoisonError::into_inner).take();
    guard.is_none_or(|guard| py.detach(|| guard.shutdown()))
}

/// Whether this process records.
#[pyfunction]
pub(crate) fn is_recording() -> bool {
    door::is_active()
}

/// The name of the service that records; empty if nothing does.
#[pyfunction]
pub(crate) fn service_name() -> &'static str {
    door::service().unwrap_or_default()
}

/// Where this process's tape is.
#[pyfunction]
pub(crate) fn tape_path() -> Option<String> {
    telensic::tape_path().map(|path| path.to_string_lossy().into_owned())
}
