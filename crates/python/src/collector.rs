//! The event collector as Python sees it.
//!
//! Invariant: whoever waits for the collector's thread has let go of Python's lock, which handlers need.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use telensic::collector::{
    self, Aggregate, CollectorConfig, EventFilter, EventType, EventValue, Subscription, TelemetryCollector,
    TelemetryEvent,
};

use crate::boundary::quietly;
use crate::{current, exception, value};

/// Takes events, aggregates them, hands them on, and keeps them.
#[pyclass(frozen, module = "telensic._telensic")]
pub(crate) struct Collector {
    /// None is the process' own.
    own: Option<TelemetryCollector>,
    subscriptions: Mutex<Vec<Subscription>>,
}

const KINDS: [EventType; 4] = [
    EventType::Performance,
    EventType::Error,
    EventType::Metric,
    EventType::Custom,
];

fn filter(types: Vec<String>, providers: Vec<String>) -> PyResult<EventFilter> {
    let mut filter = EventFilter::new();
    for name in types {
        let kind = KINDS
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| {
                PyValueError::new_err(format!(
                    "{name:?} is no type of event: known are performance, error, metric, custom"
                ))
            })?;
        filter = filter.of_type(kind);
    }
    Ok(providers.into_iter().fold(filter, EventFilter::of_provider))
}

fn within(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

impl Collector {
    fn collector(&self) -> &TelemetryCollector {
        self.own.as_ref().unwrap_or_else(|| collector::get_collector())
    }

    /// Adds an event that is made in what is current.
    fn add(
        &self,
        py: Python<'_>,
        data: Option<&Bound<'_, PyDict>>,
        duration: Option<f64>,
        provider: Option<&str>,
        make: impl FnOnce() -> TelemetryEvent,
    ) {
        quietly(py, || {
            let mut event = current::entered(py, make);
            if let Some(provider) = provider {
                event = event.provider(provider);
            }
            if let Some(duration) = duration {
                event = event.duration(within(duration));
            }
            for (name, field) in data.into_iter().flatten() {
                let name = value::text(&name);
                let mut with = Some(event);
                value::lend(&field, |field| {
                    with = with.take().map(|event| event.with(&name, field))
                });
                let Some(added) = with else { return Ok(()) };
                event = added;
            }
            self.collector().add(event);
            Ok(())
        });
    }
}

#[pymethods]
impl Collector {
    #[new]
    #[pyo3(signature = (*, max_events, batch_size, flush_interval, window, types, providers, file=None))]
    #[expect(clippy::too_many_arguments, reason = "named arguments, in Python")]
    fn new(
        py: Python<'_>,
        max_events: usize,
        batch_size: usize,
        flush_interval: f64,
        window: f64,
        types: Vec<String>,
        providers: Vec<String>,
        file: Option<PathBuf>,
    ) -> PyResult<Self> {
        let mut config = CollectorConfig::new()
            .max_events(max_events)
            .batch_size(batch_size)
            .flush_interval(within(flush_interval))
            .window(within(window))
            .filter(filter(types, providers)?);
        if let Some(file) = file {
            config = config.persistence_file(file);
        }
        Ok(Self {
            own: Some(py.detach(|| TelemetryCollector::new(config))),
            subscriptions: Mutex::default(),
        })
    }

    /// The one that the process has without making one.
    #[staticmethod]
    fn of_process() -> Self {
        Self {
            own: None,
            subscriptions: Mutex::default(),
        }
    }

    /// A call took this long.
    #[pyo3(signature = (operation, duration, provider=None, data=None))]
    fn performance(
        &self,
        py: Python<'_>,
        operation: &str,
        duration: f64,
        provider: Option<&str>,
        data: Option<&Bound<'_, PyDict>>,
    ) {
        self.add(py, data, None, provider, || {
            TelemetryEvent::performance(operation, within(duration))
        });
    }

    /// A call failed.
    #[pyo3(signature = (error, provider=None, operation="", data=None, duration=None))]
    fn error(
        &self,
        py: Python<'_>,
        error: &Bound<'_, PyAny>,
        provider: Option<&str>,
        operation: &str,
        data: Option<&Bound<'_, PyDict>>,
        duration: Option<f64>,
    ) {
        let (kind, message) = exception::named(error);
        self.add(py, data, duration, provider, || {
            TelemetryEvent::failed(operation, &kind, &message)
        });
    }

    /// Something was measured.
    #[pyo3(signature = (name, value, labels=None))]
    fn metric(&self, py: Python<'_>, name: &str, value: f64, labels: Option<&Bound<'_, PyDict>>) {
        self.add(py, labels, None, None, || TelemetryEvent::metric(name, value));
    }

    /// Anything else happened.
    #[pyo3(signature = (name, provider=None, data=None))]
    fn custom(&self, py: Python<'_>, name: &str, provider: Option<&str>, data: Option<&Bound<'_, PyDict>>) {
        self.add(py, data, None, provider, || TelemetryEvent::custom(name));
    }

    /// Has the handler called with every batch of events that is wanted, for as long as this collector is.
    fn subscribe(&self, handler: Py<PyAny>, types: Vec<String>, providers: Vec<String>) -> PyResult<()> {
        let subscription = self
            .collector()
            .subscribe(filter(types, providers)?, move |events| {
                Python::try_attach(|py| {
                    quietly(py, || {
                        let batch = PyList::empty(py);
                        for event in events {
                            batch.append(described(py, event)?)?;
                        }
                        handler.bind(py).call1((batch,)).map(drop)
                    });
                });
            });
        let mut subscriptions = self
            .subscriptions
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        subscriptions.push(subscription);
        Ok(())
    }

    /// What happened in the window, by provider and operation.
    fn aggregates<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let aggregates = py.detach(|| self.collector().get_aggregated_data());
        aggregates.iter().map(|aggregate| summed(py, aggregate)).collect()
    }

    /// How many events gave way to newer ones.
    #[getter]
    fn dropped(&self) -> u64 {
        self.collector().dropped()
    }

    /// Waits until all is handed on and written; false if that takes longer.
    fn flush(&self, py: Python<'_>, timeout: f64) -> bool {
        py.detach(|| self.collector().flush(within(timeout)))
    }

    /// Hands on what there is, and ends; the process' own goes on.
    fn stop(&self, py: Python<'_>, timeout: f64) -> bool {
        py.detach(|| match &self.own {
            Some(own) => own.stop(within(timeout)),
            None => self.collector().flush(within(timeout)),
        })
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        if self.own.is_some() {
            Python::try_attach(|py| self.stop(py, 5.0));
        }
    }
}

/// An event as a mapping, by the names that it has in the file.
fn described<'py>(py: Python<'py>, event: &TelemetryEvent) -> PyResult<Bound<'py, PyDict>> {
    let all = PyDict::new(py);
    all.set_item("type", event.event_type().name())?;
    all.set_item("timestamp", event.at().0)?;
    all.set_item("source", event.source_name())?;
    all.set_item("provider", event.provider_name())?;
    all.set_item("operation", event.operation())?;
    let measure = match event.event_type() {
        EventType::Metric => "value",
        _ => "duration_seconds",
    };
    all.set_item(measure, event.measure())?;
    if let Some(span) = event.span_context() {
        all.set_item("trace_id", span.trace_id().to_string())?;
        all.set_item("span_id", span.span_id().to_string())?;
    }
    if let Some(failure) = event.failure() {
        let error = PyDict::new(py);
        error.set_item("type", &*failure.kind)?;
        error.set_item("message", &*failure.message)?;
        all.set_item("error", error)?;
    }
    let data = PyDict::new(py);
    for (key, value) in event.data() {
        match value {
            EventValue::Str(text) => data.set_item(key, &**text)?,
            EventValue::Bool(truth) => data.set_item(key, truth)?,
            EventValue::I64(number) => data.set_item(key, number)?,
            EventValue::F64(number) => data.set_item(key, number)?,
            other => data.set_item(key, format!("{other:?}"))?,
        }
    }
    all.set_item("data", data)?;
    Ok(all)
}

fn summed<'py>(py: Python<'py>, aggregate: &Aggregate) -> PyResult<Bound<'py, PyDict>> {
    let all = PyDict::new(py);
    all.set_item("event_type", aggregate.event_type.name())?;
    all.set_item("provider", &aggregate.provider)?;
    all.set_item("operation", &aggregate.operation)?;
    all.set_item("count", aggregate.count)?;
    all.set_item("errors", aggregate.errors)?;
    all.set_item("error_share", aggregate.error_share)?;
    all.set_item("rate", aggregate.rate)?;
    all.set_item("min", aggregate.min)?;
    all.set_item("max", aggregate.max)?;
    all.set_item("mean", aggregate.mean)?;
    all.set_item("p50", aggregate.p50)?;
    all.set_item("p95", aggregate.p95)?;
    all.set_item("p99", aggregate.p99)?;
    Ok(all)
}
