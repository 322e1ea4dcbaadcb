//! Counters, gauges and histograms.
//!
//! An object is a metric, or one of its series once it has got labels, as users of Prometheus' own client are used to. Invariant:
//! nothing that is done with one raises: what cannot be counted is said once, and the program goes on.

use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyTuple};
use telensic::__door as door;
use telensic::metrics::{self, Counter, Family, Gauge, Histogram, Instrument, MetricBuilder, UpDownCounter};
use telensic::names::metric;

use crate::{current, value};

/// A metric, or one series of it.
struct Labelled<I: Instrument> {
    family: Family<I>,
    labels: Box<[String]>,
    bound: Option<I>,
}

impl<I: Instrument> Labelled<I> {
    fn new(builder: MetricBuilder<'_, I>, labels: Vec<String>) -> Self {
        let names: Vec<&str> = labels.iter().map(String::as_str).collect();
        let family = builder.labels(&names).register();
        Self {
            bound: labels.is_empty().then(|| family.alone().clone()),
            family,
            labels: labels.into(),
        }
    }

    /// What is counted in: of a metric that has labels and was given none, the series where they are empty.
    #[inline]
    fn instrument(&self) -> &I {
        self.bound.as_ref().unwrap_or_else(|| self.family.alone())
    }

    fn series(&self, values: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>) -> Self {
        let mut texts: Vec<String> = values.iter().map(|value| value::text(&value)).collect();
        if let Some(named) = named.filter(|named| !named.is_empty()) {
            texts.resize(texts.len().max(self.labels.len()), String::new());
            for (name, value) in named {
                self.place(&value::text(&name), value::text(&value), &mut texts);
            }
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        Self {
            family: self.family.clone(),
            labels: Box::default(),
            bound: Some(self.family.with(&texts).clone()),
        }
    }

    fn place(&self, name: &str, value: String, texts: &mut [String]) {
        let place = self.labels.iter().position(|label| label == name);
        match place.and_then(|place| texts.get_mut(place)) {
            Some(text) => *text = value,
            None => door::say_once(&format!(
                "metric {} was given a value for the label {name:?}, which it does not have: it has {:?}",
                self.family.name(),
                self.labels
            )),
        }
    }
}

/// What is said of every metric.
struct Said {
    help: String,
    namespace: String,
    subsystem: String,
    series_limit: Option<usize>,
}

impl Said {
    fn of<'a, I: Instrument>(&'a self, builder: MetricBuilder<'a, I>) -> MetricBuilder<'a, I> {
        let mut builder = builder.help(&self.help);
        if !self.namespace.is_empty() {
            builder = builder.namespace(&self.namespace);
        }
        if !self.subsystem.is_empty() {
            builder = builder.subsystem(&self.subsystem);
        }
        match self.series_limit {
            Some(limit) => builder.series_limit(limit),
            None => builder,
        }
    }
}

/// Defines the class of an instrument: how it is made, and how it is labelled.
macro_rules! instrument {
    ($(#[$doc:meta])* $class:ident, $name:literal, $instrument:ty, $make:path, { $($methods:tt)* }) => {
        $(#[$doc])*
        #[pyclass(frozen, name = $name, module = "telensic")]
        pub(crate) struct $class(Labelled<$instrument>);

        #[pymethods]
        impl $class {
            #[new]
            #[pyo3(signature = (name, help="", labels=None, *, namespace="", subsystem="", series_limit=None))]
            fn new(
                name: &str,
                help: &str,
                labels: Option<Vec<String>>,
                namespace: &str,
                subsystem: &str,
                series_limit: Option<usize>,
            ) -> Self {
                let said = said(help, namespace, subsystem, series_limit);
                Self(Labelled::new(said.of($make(name)), labels.unwrap_or_default()))
            }

            /// The series with these label values, in the order of the labels or by their names.
            #[pyo3(signature = (*values, **named))]
            fn labels(&self, values: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>) -> Self {
                Self(self.0.series(values, named))
            }

            /// The name by which it is shown.
            #[getter]
            fn name(&self) -> &str {
                self.0.family.name()
            }

            $($methods)*
        }
    };
}

fn said(help: &str, namespace: &str, subsystem: &str, series_limit: Option<usize>) -> Said {
    Said {
        help: help.to_owned(),
        namespace: namespace.to_owned(),
        subsystem: subsystem.to_owned(),
        series_limit,
    }
}

/// A step: whole, which is exact beyond 2^53 too, or any number.
enum Step {
    Whole(i64),
    Any(f64),
}

/// None of what is no number, which is said.
#[inline]
fn step(amount: &Bound<'_, PyAny>) -> Option<Step> {
    let is_whole = amount.is_instance_of::<PyInt>() && !amount.is_instance_of::<PyBool>();
    if is_whole && let Ok(whole) = amount.extract() {
        return Some(Step::Whole(whole));
    }
    number(amount).map(Step::Any)
}

#[inline]
fn number(amount: &Bound<'_, PyAny>) -> Option<f64> {
    let number = amount.extract().ok();
    if number.is_none() {
        door::say_once(&format!(
            "a metric was given {}, which is no number",
            value::text(amount)
        ));
    }
    number
}

instrument! {
    /// A number that only grows.
    PyCounter, "Counter", Counter, metrics::counter, {
        /// Counts one, or an amount.
        #[pyo3(signature = (amount=None))]
        fn inc(&self, amount: Option<&Bound<'_, PyAny>>) {
            let counter = self.0.instrument();
            match amount {
                None => counter.inc(),
                Some(amount) => match step(amount) {
                    Some(Step::Whole(whole)) if whole >= 0 => counter.add(whole as u64),
                    Some(Step::Whole(whole)) => counter.add_f64(whole as f64),
                    Some(Step::Any(any)) => counter.add_f64(any),
                    None => {}
                },
            }
        }

        /// What was counted so far.
        #[getter]
        fn value(&self) -> f64 {
            self.0.instrument().value()
        }
    }
}

instrument! {
    /// A measured value.
    PyGauge, "Gauge", Gauge, metrics::gauge, {
        /// Sets it.
        fn set(&self, value: &Bound<'_, PyAny>) {
            if let Some(value) = number(value) {
                self.0.instrument().set(value);
            }
        }

        /// Changes it upwards.
        #[pyo3(signature = (amount=1.0))]
        fn inc(&self, amount: f64) {
            self.0.instrument().add(amount);
        }

        /// Changes it downwards.
        #[pyo3(signature = (amount=1.0))]
        fn dec(&self, amount: f64) {
            self.0.instrument().add(-amount);
        }

        /// What it was set to last.
        #[getter]
        fn value(&self) -> f64 {
            self.0.instrument().value()
        }
    }
}

instrument! {
    /// A count that goes up and down, exact under any number of threads.
    PyUpDownCounter, "UpDownCounter", UpDownCounter, metrics::up_down_counter, {
        /// So many more.
        #[pyo3(signature = (amount=1))]
        fn inc(&self, amount: i64) {
            self.0.instrument().add(amount);
        }

        /// So many less.
        #[pyo3(signature = (amount=1))]
        fn dec(&self, amount: i64) {
            self.0.instrument().add(amount.saturating_neg());
        }

        /// What it stands at.
        #[getter]
        fn value(&self) -> i64 {
            self.0.instrument().value()
        }
    }
}

/// A distribution.
#[pyclass(frozen, name = "Histogram", module = "telensic")]
pub(crate) struct PyHistogram(Labelled<Histogram>);

#[pymethods]
impl PyHistogram {
    #[new]
    #[pyo3(signature = (name, help="", labels=None, *, buckets=None, namespace="", subsystem="", series_limit=None))]
    fn new(
        name: &str,
        help: &str,
        labels: Option<Vec<String>>,
        buckets: Option<Vec<f64>>,
        namespace: &str,
        subsystem: &str,
        series_limit: Option<usize>,
    ) -> Self {
        let said = said(help, namespace, subsystem, series_limit);
        let builder = said.of(metrics::histogram(name));
        let builder = match buckets {
            Some(buckets) => builder.buckets(&buckets),
            None => builder,
        };
        Self(Labelled::new(builder, labels.unwrap_or_default()))
    }

    /// The series with these label values, in the order of the labels or by their names.
    #[pyo3(signature = (*values, **named))]
    fn labels(&self, values: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>) -> Self {
        Self(self.0.series(values, named))
    }

    /// The name by which it is shown.
    #[getter]
    fn name(&self) -> &str {
        self.0.family.name()
    }

    /// Records a value, and the current span as its exemplar if one is wanted.
    fn observe(&self, py: Python<'_>, value: &Bound<'_, PyAny>) {
        if let Some(value) = number(value) {
            current::entered(py, || self.0.instrument().observe(value));
        }
    }

    /// Records many values at once.
    fn observe_all(&self, values: Vec<f64>) {
        self.0.instrument().observe_all(&values);
    }

    /// How many values were recorded.
    #[getter]
    fn count(&self) -> u64 {
        self.0.instrument().count()
    }

    /// The sum of all values.
    #[getter]
    fn sum(&self) -> f64 {
        self.0.instrument().sum()
    }
}

/// The standard metric of this name.
#[pyfunction]
pub(crate) fn standard_metric<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let known = metric::STANDARD.iter().find(|known| known.name == name);
    let known = known.ok_or_else(|| PyKeyError::new_err(format!("{name} is no standard metric")))?;
    let labels = || known.labels.iter().map(|label| (*label).to_owned()).collect();
    let made = match known.kind {
        metric::MetricKind::Counter => {
            let labelled = Labelled::new(metrics::counter(name).help(known.help), labels());
            Bound::new(py, PyCounter(labelled))?.into_any()
        }
        metric::MetricKind::Histogram => {
            let builder = metrics::histogram(name).help(known.help).buckets(known.buckets);
            Bound::new(py, PyHistogram(Labelled::new(builder, labels())))?.into_any()
        }
        // Calls under way are counted, which is another instrument than what is measured.
        metric::MetricKind::Gauge if name == metric::ADAPTER_ACTIVE_REQUESTS.name => {
            let labelled = Labelled::new(metrics::up_down_counter(name).help(known.help), labels());
            Bound::new(py, PyUpDownCounter(labelled))?.into_any()
        }
        metric::MetricKind::Gauge => {
            let labelled = Labelled::new(metrics::gauge(name).help(known.help), labels());
            Bound::new(py, PyGauge(labelled))?.into_any()
        }
    };
    Ok(made)
}
