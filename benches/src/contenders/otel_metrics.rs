//! The metrics of `opentelemetry_sdk`, and an adapter call with its spans too.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use opentelemetry::metrics::{
    BoundCounter, BoundHistogram, Counter, Histogram, MeterProvider as _, UpDownCounter,
};
use opentelemetry::trace::{Span as _, SpanBuilder, Tracer as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use super::{Backlog, Contender, Track};
use crate::delivery::Sink;
use crate::scenario::Scenario;
use crate::tally::Tally;
use crate::workload::{self, Attributes, BOUNDS, LABELS, OPERATION, Rows};
use crate::{Outcome, otlp};

pub(crate) const CONTENDER: Contender = Contender {
    name: "opentelemetry_sdk metrics",
    note: "The default aggregations, cumulative, under a periodic reader; bound instruments are its experimental feature. It \
           writes no text, so it does not scrape. Its adapter call is a span as above and three instruments, looked up by \
           the call's attributes; it knows no success rate.",
    scenarios: &[
        Scenario::CounterBound,
        Scenario::BoundTwoThreads,
        Scenario::CounterLookedUp,
        Scenario::LookedUpTwoThreads,
        Scenario::Histogram,
        Scenario::AdapterCall,
    ],
    enter,
};

fn enter(scenario: Scenario, directory: &Path) -> Outcome<Box<dyn Track>> {
    let totals = Totals::default();
    let provider = SdkMeterProvider::builder()
        .with_resource(otlp::resource())
        .with_periodic_exporter(totals.clone())
        .build();
    let meter = provider.meter("race");
    let orders = meter.u64_counter("orders").build();
    let values = meter
        .f64_histogram("order_seconds")
        .with_boundaries(BOUNDS.to_vec())
        .build();
    let sink = Arc::new(Sink::create(directory)?);
    let tracers = otlp::tracer_provider(&sink);
    Ok(Box::new(OtelMetrics {
        scenario,
        bound: orders.bind(&labels(workload::labels())),
        bound_values: values.bind(&[]),
        active: meter.i64_up_down_counter("active").build(),
        tracer: tracers.tracer("race"),
        provider,
        orders,
        values,
        totals,
        tracers,
        sink,
    }))
}

struct OtelMetrics {
    scenario: Scenario,
    provider: SdkMeterProvider,
    orders: Counter<u64>,
    bound: BoundCounter<u64>,
    values: Histogram<f64>,
    bound_values: BoundHistogram<f64>,
    active: UpDownCounter<i64>,
    totals: Totals,
    tracers: SdkTracerProvider,
    tracer: SdkTracer,
    sink: Arc<Sink>,
}

#[inline]
fn labels(values: [&'static str; 3]) -> [KeyValue; 3] {
    let [venue, side, status] = values;
    [
        KeyValue::new(LABELS[0], venue),
        KeyValue::new(LABELS[1], side),
        KeyValue::new(LABELS[2], status),
    ]
}

impl OtelMetrics {
    fn call(&self, row: Attributes) {
        let provider = [KeyValue::new("provider", "kraken")];
        self.active.add(1, &provider);
        let begun = Instant::now();
        let attributes = vec![
            KeyValue::new("symbol", row.symbol),
            KeyValue::new("rows", row.rows),
            KeyValue::new("ratio", row.ratio),
            KeyValue::new("ok", row.ok),
        ];
        let builder = SpanBuilder::from_name(OPERATION).with_attributes(attributes);
        let mut span = self.tracer.build_with_context(builder, &Context::new());
        let [own] = provider.clone();
        let operation = [own, KeyValue::new("operation", "quote")];
        self.values.record(begun.elapsed().as_secs_f64(), &operation);
        let [own, name] = operation;
        self.orders
            .add(1, &[own, name, KeyValue::new("status", "success")]);
        self.active.add(-1, &provider);
        span.end();
    }
}

impl Track for OtelMetrics {
    fn record(&self, rows: Rows) {
        match self.scenario {
            Scenario::CounterBound | Scenario::BoundTwoThreads => {
                for _ in rows {
                    black_box(&self.bound).add(1);
                }
            }
            Scenario::Histogram => rows.for_each(|row| self.bound_values.record(workload::seconds(row))),
            Scenario::AdapterCall => rows.for_each(|row| self.call(row)),
            _ => {
                let values = workload::labels();
                for _ in rows {
                    self.orders.add(1, &labels(values));
                }
            }
        }
    }

    fn deliver(&self) -> Outcome<()> {
        Ok(self.tracers.force_flush()?)
    }

    fn backlog(&self) -> Option<Backlog<'_>> {
        (self.scenario == Scenario::AdapterCall)
            .then(|| otlp::backlog(&self.sink))
            .flatten()
    }

    fn read_back(&self, tally: &mut Tally) -> Outcome<()> {
        self.provider.force_flush()?;
        let counted = match self.scenario {
            Scenario::Histogram => &self.totals.0.values,
            _ => &self.totals.0.orders,
        };
        tally.count(counted.load(Ordering::Relaxed));
        if self.scenario == Scenario::AdapterCall {
            otlp::read_spans(&self.sink, tally)?;
        }
        Ok(())
    }
}

/// Keeps what was exported last.
#[derive(Clone, Debug, Default)]
struct Totals(Arc<Exported>);

#[derive(Debug, Default)]
struct Exported {
    orders: AtomicU64,
    values: AtomicU64,
}

impl PushMetricExporter for Totals {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        for metric in metrics.scope_metrics().flat_map(|scope| scope.metrics()) {
            match metric.data() {
                AggregatedMetrics::U64(MetricData::Sum(sum)) => {
                    let total = sum.data_points().map(|point| point.value()).sum();
                    self.0.orders.store(total, Ordering::Relaxed);
                }
                AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
                    let total = histogram.data_points().map(|point| point.count()).sum();
                    self.0.values.store(total, Ordering::Relaxed);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}
