//! `tracing` spans through `tracing-opentelemetry` to the same exporter as `opentelemetry_sdk`.

use std::path::Path;
use std::sync::Arc;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;

use super::otel::unsampled_parent;
use super::{Backlog, Contender, Track};
use crate::delivery::Sink;
use crate::scenario::{CHILDREN, Scenario};
use crate::tally::Tally;
use crate::workload::{Attributes, Rows};
use crate::{Outcome, otlp};

pub(crate) const CONTENDER: Contender = Contender {
    name: "tracing-opentelemetry",
    note: "`info_span!`, entered and closed, level INFO; the attributes it adds of itself (location, thread, \
           target, busy and idle time) are switched off, so that it delivers the same four. Exporter as for \
           `opentelemetry_sdk`. Disabled: no subscriber set.",
    scenarios: &[
        Scenario::Nested,
        Scenario::UnsampledChild,
        Scenario::Disabled,
        Scenario::TracingSpan,
    ],
    enter,
};

fn enter(scenario: Scenario, directory: &Path) -> Outcome<Box<dyn Track>> {
    let sink = Arc::new(Sink::create(directory)?);
    let provider = otlp::tracer_provider(&sink);
    if scenario != Scenario::Disabled {
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("race"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false);
        let subscriber = tracing_subscriber::registry().with(LevelFilter::INFO).with(layer);
        tracing::subscriber::set_global_default(subscriber)?;
    }
    Ok(Box::new(TracingOtel {
        scenario,
        provider,
        sink,
    }))
}

struct TracingOtel {
    scenario: Scenario,
    provider: SdkTracerProvider,
    sink: Arc<Sink>,
}

impl Track for TracingOtel {
    fn record(&self, rows: Rows) {
        match self.scenario {
            Scenario::Nested => {
                let mut rows = rows;
                while let Some(row) = rows.next() {
                    let _root = root(row).entered();
                    for row in rows.by_ref().take(CHILDREN) {
                        let _entered = child(row).entered();
                    }
                }
            }
            Scenario::UnsampledChild => {
                let parent = info_span!("root");
                // It refuses only a parent for a span that has begun, and this one has not.
                let _ = parent.set_parent(unsampled_parent());
                let _entered = parent.entered();
                for row in rows {
                    let _entered = child(row).entered();
                }
            }
            _ => {
                for row in rows {
                    let _entered = operation(row).entered();
                }
            }
        }
    }

    fn deliver(&self) -> Outcome<()> {
        Ok(self.provider.force_flush()?)
    }

    fn backlog(&self) -> Option<Backlog<'_>> {
        self.scenario.delivers().then(|| otlp::backlog(&self.sink))?
    }

    fn read_back(&self, tally: &mut Tally) -> Outcome<()> {
        otlp::read_spans(&self.sink, tally)
    }
}

#[inline]
fn operation(row: Attributes) -> Span {
    let Attributes {
        symbol,
        rows,
        ratio,
        ok,
    } = row;
    info_span!("operation", symbol, rows, ratio, ok)
}

#[inline]
fn root(row: Attributes) -> Span {
    let Attributes {
        symbol,
        rows,
        ratio,
        ok,
    } = row;
    info_span!("root", symbol, rows, ratio, ok)
}

#[inline]
fn child(row: Attributes) -> Span {
    let Attributes {
        symbol,
        rows,
        ratio,
        ok,
    } = row;
    info_span!("child", symbol, rows, ratio, ok)
}
