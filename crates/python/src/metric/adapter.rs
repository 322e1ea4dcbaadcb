//! The metrics of an adapter: a client of a data provider.

use std::time::Duration;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use telensic::metrics::{self, AdapterCall, AdapterError};

use crate::value;

/// The metrics of one provider.
#[pyclass(frozen, module = "telensic._telensic")]
pub(crate) struct Adapter(metrics::Adapter);

#[pymethods]
impl Adapter {
    #[new]
    fn new(provider: &str) -> Self {
        Self(metrics::adapter(provider))
    }

    /// A call begins.
    fn request_start(&self, operation: &str) {
        self.0.operation(operation).request_start();
    }

    /// A call has succeeded, and took this long if that is known.
    #[pyo3(signature = (operation, duration=None))]
    fn request_success(&self, operation: &str, duration: Option<f64>) {
        let operation = self.0.operation(operation);
        match duration.and_then(seconds) {
            Some(duration) => operation.record_all(&[(duration, None)]),
            None => operation.request_success(),
        }
    }

    /// A call has failed with an error of this type.
    #[pyo3(signature = (operation, error_type, duration=None))]
    fn request_error(&self, operation: &str, error_type: &str, duration: Option<f64>) {
        let operation = self.0.operation(operation);
        let error = error_named(error_type);
        match duration.and_then(seconds) {
            Some(duration) => operation.record_all(&[(duration, Some(error))]),
            None => operation.request_error(error),
        }
    }

    /// Calls that were timed elsewhere: how long each took, and the type of its error.
    fn record_all(&self, operation: &str, calls: Vec<(f64, Option<String>)>) {
        let calls: Vec<_> = calls
            .iter()
            .filter_map(|(duration, error)| Some((seconds(*duration)?, error.as_deref().map(error_named))))
            .collect();
        self.0.operation(operation).record_all(&calls);
    }

    fn cache_hit(&self, cache_type: &str) {
        self.0.cache_hit(cache_type);
    }

    fn cache_miss(&self, cache_type: &str) {
        self.0.cache_miss(cache_type);
    }

    fn data_volume(&self, data_type: &str, points: u64) {
        self.0.data_volume(data_type, points);
    }

    fn rate_limited(&self) {
        self.0.rate_limited();
    }

    fn connection_error(&self) {
        self.0.connection_error();
    }

    fn timeout(&self, operation: &str) {
        self.0.timeout(operation);
    }

    /// The share of the latest calls that succeeded; none before the first one.
    fn success_rate(&self) -> Option<f64> {
        self.0.success_rate()
    }
}

/// A duration; of what is none, nothing is recorded.
pub(super) fn seconds(seconds: f64) -> Option<Duration> {
    let duration = Duration::try_from_secs_f64(seconds).ok();
    if duration.is_none() {
        telensic::__door::say_once(&format!(
            "a call is said to have taken {seconds} seconds, which is no duration"
        ));
    }
    duration
}

/// Why a call failed, by the name that the metrics have for it.
pub(crate) fn error_named(name: &str) -> AdapterError<'_> {
    const TOLD_APART: [AdapterError<'static>; 4] = [
        AdapterError::RateLimited,
        AdapterError::Timeout,
        AdapterError::Connection,
        AdapterError::Cancelled,
    ];
    let known = TOLD_APART.into_iter().find(|error| error.name() == name);
    known.unwrap_or(AdapterError::Other(name))
}

/// A call of an instrumented method, for as long as its span is open.
pub(crate) struct AdapterPart {
    pub(crate) call: AdapterCall,
    /// What says why a call failed, if the package's own rules do not.
    pub(crate) classify: Option<Py<PyAny>>,
}

impl AdapterPart {
    /// The name of why it failed.
    pub(crate) fn error_type(&self, error: &Bound<'_, PyAny>) -> String {
        let py = error.py();
        static CLASSIFY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let own = self.classify.as_ref().and_then(|classify| {
            let named = classify.bind(py).call1((error,)).ok()?;
            (!named.is_none()).then_some(named)
        });
        let named = own.map(Ok).unwrap_or_else(|| {
            CLASSIFY
                .import(py, "telensic.failures", "error_type")
                .and_then(|classify| classify.call1((error,)))
        });
        named.map_or_else(|_| "error".to_owned(), |named| value::text(&named))
    }
}
