//! Where metrics are seen: as text, served to scrapers, pushed to a gateway.
//!
//! Invariant: nobody waits for a thread of ours while holding Python's lock, since that thread may need it to measure.

use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use telensic::metrics::{self, Format, PushMethod, PushOptions, ServeOptions};

use super::adapter::seconds;

pyo3::create_exception!(
    telensic,
    MetricError,
    PyRuntimeError,
    "A place where metrics are to be seen that cannot be used."
);

fn told(error: &metrics::MetricError) -> PyErr {
    MetricError::new_err(error.to_string())
}

/// All metrics as text: Prometheus' own, or OpenMetrics.
#[pyfunction]
#[pyo3(signature = (openmetrics=false))]
pub(crate) fn render_metrics(py: Python<'_>, openmetrics: bool) -> String {
    let format = if openmetrics {
        Format::OpenMetrics
    } else {
        Format::Prometheus
    };
    py.detach(|| metrics::render(format))
}

/// Serves them at this address, until it is stopped.
#[pyfunction]
#[pyo3(signature = (address, beyond_loopback=false))]
pub(crate) fn serve_metrics(py: Python<'_>, address: &str, beyond_loopback: bool) -> PyResult<Exporter> {
    let options = ServeOptions::at(address);
    let options = if beyond_loopback {
        options.beyond_loopback()
    } else {
        options
    };
    let served = py
        .detach(|| metrics::serve(&options))
        .map_err(|error| told(&error))?;
    Ok(Exporter {
        address: served.address().to_string(),
        served: Mutex::new(Some(served)),
    })
}

/// Metrics being served.
#[pyclass(frozen, module = "telensic._telensic")]
pub(crate) struct Exporter {
    #[pyo3(get)]
    address: String,
    served: Mutex<Option<metrics::Exporter>>,
}

#[pymethods]
impl Exporter {
    /// Ends it.
    fn stop(&self) {
        drop(self.served.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// Pushes them to this gateway, at intervals and at the end.
#[pyfunction]
#[pyo3(signature = (url, *, job=None, grouping=None, interval=60.0, bearer=None, basic_auth=None, replace=true))]
#[expect(clippy::too_many_arguments, reason = "named arguments, in Python")]
pub(crate) fn push_metrics(
    py: Python<'_>,
    url: &str,
    job: Option<String>,
    grouping: Option<Vec<(String, String)>>,
    interval: f64,
    bearer: Option<String>,
    basic_auth: Option<(String, String)>,
    replace: bool,
) -> PyResult<Pusher> {
    let mut options = PushOptions::to(url);
    if let Some(interval) = seconds(interval) {
        options = options.interval(interval);
    }
    let job = job.or_else(|| telensic::__door::service().map(str::to_owned));
    if let Some(job) = job {
        options = options.job(job);
    }
    for (label, value) in grouping.unwrap_or_default() {
        options = options.grouping(label, value);
    }
    if let Some(token) = bearer {
        options = options.bearer(token);
    }
    if let Some((user, password)) = basic_auth {
        options = options.basic_auth(user, password);
    }
    let method = if replace {
        PushMethod::Put
    } else {
        PushMethod::Post
    };
    let options = options.method(method);
    let pusher = py
        .detach(|| metrics::push(&options))
        .map_err(|error| told(&error))?;
    Ok(Pusher(Mutex::new(Some(pusher))))
}

/// Metrics being pushed.
#[pyclass(frozen, module = "telensic._telensic")]
pub(crate) struct Pusher(Mutex<Option<metrics::Pusher>>);

#[pymethods]
impl Pusher {
    /// Pushes now; false if that did not arrive in so many seconds.
    #[pyo3(signature = (timeout=10.0))]
    fn push_now(&self, py: Python<'_>, timeout: f64) -> bool {
        let within = seconds(timeout).unwrap_or_default();
        py.detach(|| {
            let pusher = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            pusher.as_ref().is_some_and(|pusher| pusher.push_now(within))
        })
    }

    /// Pushes for the last time.
    fn stop(&self, py: Python<'_>) {
        py.detach(|| drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take()));
    }
}

impl Drop for Pusher {
    fn drop(&mut self) {
        Python::try_attach(|py| self.stop(py));
    }
}

/// Puts a namespace and a subsystem before the names of metrics.
#[pyfunction]
pub(crate) fn set_metrics_prefix(namespace: &str, subsystem: &str) -> PyResult<()> {
    metrics::global()
        .set_prefix(namespace, subsystem)
        .map_err(|error| told(&error))
}

/// A long-running operation has ended.
#[pyfunction]
pub(crate) fn operation_ended(operation_type: &str, status: &str, duration: f64) {
    if let Some(duration) = seconds(duration) {
        metrics::operation_ended(operation_type, status, duration);
    }
}
