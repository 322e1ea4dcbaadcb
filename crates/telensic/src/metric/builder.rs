//! What can be said of a metric before it is there.

use std::marker::PhantomData;

use telensic_run::names::metric::{Metric, MetricKind};

use super::definition::{DEFAULT_BOUNDS, Definition, Kind, prefixed};
use super::{Family, Histogram, Instrument, MetricError, Registry, exponential};
use crate::say::say_once;

/// Series that a metric may have unless another number is set.
const DEFAULT_LIMIT: usize = 2_000;

/// A metric about to be registered.
///
/// ```
/// use telensic::metrics;
///
/// let fills = metrics::counter("fills_total").help("orders filled").labels(&["venue", "side"]).register();
/// fills.with(&["kraken", "buy"]).inc();
///
/// let latency = metrics::histogram("fill_seconds").help("from order to fill").buckets(&[0.01, 0.1, 1.0]).register();
/// let bound = latency.alone().clone();
/// bound.observe(0.07);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a metric is there once it is registered"]
pub struct MetricBuilder<'a, I> {
    registry: &'a Registry,
    definition: Definition,
    namespace: &'a str,
    subsystem: &'a str,
    instrument: PhantomData<I>,
}

impl<'a, I: Instrument> MetricBuilder<'a, I> {
    pub(super) fn new(registry: &'a Registry, name: &str) -> Self {
        let bounds = if I::KIND == Kind::Histogram {
            DEFAULT_BOUNDS
        } else {
            &[]
        };
        Self {
            registry,
            definition: Definition {
                name: name.to_owned(),
                kind: I::KIND,
                help: String::new(),
                labels: Vec::new(),
                bounds: bounds.to_vec(),
                is_exponential: I::KIND == Kind::Histogram && exponential::is_default(),
                limit: DEFAULT_LIMIT,
                takes_prefix: true,
            },
            namespace: "",
            subsystem: "",
            instrument: PhantomData,
        }
    }

    /// Says what it counts or measures, in a line.
    pub fn help(mut self, help: &str) -> Self {
        self.definition.help = help.to_owned();
        self
    }

    /// The names of its labels, in the order in which values are given.
    pub fn labels(mut self, labels: &[&str]) -> Self {
        self.definition.labels = labels.iter().map(|label| (*label).to_owned()).collect();
        self
    }

    /// What goes before the name: the program. It replaces the one set for all metrics.
    pub fn namespace(mut self, namespace: &'a str) -> Self {
        self.namespace = namespace;
        self.definition.takes_prefix = false;
        self
    }

    /// What goes between namespace and name: the part of the program.
    pub fn subsystem(mut self, subsystem: &'a str) -> Self {
        self.subsystem = subsystem;
        self
    }

    /// How many series it may have (2,000); what is beyond goes to one series, so that totals stay right.
    pub fn series_limit(mut self, limit: usize) -> Self {
        self.definition.limit = limit;
        self
    }

    /// Registers it, or gives the one that is there already with this definition.
    ///
    /// One that cannot be registered is said once, and counts without being shown: the program goes on.
    pub fn register(self) -> Family<I> {
        let definition = self.definition.clone();
        self.try_register().unwrap_or_else(|error| {
            say_once(&format!("{error}; it counts, but nobody sees it"));
            Family::new(definition)
        })
    }

    /// As [`Self::register`], with the error for whoever wants it.
    pub fn try_register(mut self) -> Result<Family<I>, MetricError> {
        self.definition.name = prefixed(self.namespace, self.subsystem, &self.definition.name);
        self.registry.add(self.definition.checked()?)
    }
}

impl MetricBuilder<'_, Histogram> {
    /// The upper bounds of its buckets, rising; a last one without a bound is always there.
    pub fn buckets(mut self, bounds: &[f64]) -> Self {
        self.definition.bounds = bounds.to_vec();
        self
    }

    /// Has it exported as an exponential histogram, whose buckets find their own bounds; as all are with
    /// OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION. Prometheus goes on reading the others.
    pub fn exponential(mut self) -> Self {
        self.definition.is_exponential = true;
        self
    }
}

impl Registry {
    /// One of the standard metrics. Its names do not change: what is made of them says so.
    pub(crate) fn standard<I: Instrument>(&self, metric: &Metric) -> Family<I> {
        debug_assert!(matches!(
            (metric.kind, I::KIND),
            (MetricKind::Counter, Kind::Counter)
                | (MetricKind::Gauge, Kind::Gauge | Kind::UpDownCounter)
                | (MetricKind::Histogram, Kind::Histogram)
        ));
        let mut builder = MetricBuilder::new(self, metric.name)
            .help(metric.help)
            .labels(metric.labels);
        builder.definition.bounds = metric.buckets.to_vec();
        builder.definition.takes_prefix = !["telensic_", "process_"]
            .iter()
            .any(|prefix| metric.name.starts_with(prefix));
        builder.register()
    }
}
