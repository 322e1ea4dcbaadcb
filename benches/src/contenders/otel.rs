//! `opentelemetry_sdk`: its batch processor, its OTLP transform, prost.

use std::path::Path;
use std::sync::Arc;

use opentelemetry::global::{self, BoxedTracer};
use opentelemetry::trace::{
    Span, SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState, Tracer,
    TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use super::{Backlog, Contender, Track};
use crate::delivery::Sink;
use crate::scenario::{CHILDREN, Scenario};
use crate::tally::Tally;
use crate::workload::{Attributes, CHILD, OPERATION, ROOT, Rows};
use crate::{Outcome, otlp};

pub(crate) const CONTENDER: Contender = Contender {
    name: "opentelemetry_sdk",
    note: "Batch processor (batches of 512, queue raised to 16,384 and never full), the project's own OTLP \
           transform, prost into one buffer, one `write` a batch. Attributes go into the span builder in one array; an unsampled span is asked `is_recording` first. Disabled: the global tracer with \
           no provider set.",
    scenarios: &[
        Scenario::Span4Attrs,
        Scenario::Nested,
        Scenario::UnsampledChild,
        Scenario::Disabled,
        Scenario::TwoThreads,
    ],
    enter,
};

fn enter(scenario: Scenario, directory: &Path) -> Outcome<Box<dyn Track>> {
    if scenario == Scenario::Disabled {
        return Ok(Box::new(Disabled(global::tracer("race"))));
    }
    let sink = Arc::new(Sink::create(directory)?);
    let provider = otlp::tracer_provider(&sink);
    let tracer = provider.tracer("race");
    Ok(Box::new(Otel {
        scenario,
        provider,
        tracer,
        sink,
    }))
}

struct Otel {
    scenario: Scenario,
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    sink: Arc<Sink>,
}

impl Track for Otel {
    fn record(&self, rows: Rows) {
        match self.scenario {
            Scenario::Nested => {
                let mut rows = rows;
                while let Some(root) = rows.next() {
                    self.record_trace(root, rows.by_ref().take(CHILDREN));
                }
            }
            Scenario::UnsampledChild => {
                let parent = unsampled_parent();
                for row in rows {
                    let mut span = self
                        .tracer
                        .span_builder(CHILD)
                        .start_with_context(&self.tracer, &parent);
                    set_if_recording(&mut span, row);
                    span.end();
                }
            }
            _ => {
                for row in rows {
                    self.start(OPERATION, row, &Context::new()).end();
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

impl Otel {
    #[inline]
    fn start(&self, name: &'static str, row: Attributes, parent: &Context) -> opentelemetry_sdk::trace::Span {
        let builder = self.tracer.span_builder(name).with_attributes(attributes(row));
        builder.start_with_context(&self.tracer, parent)
    }

    fn record_trace(&self, root: Attributes, children: impl Iterator<Item = Attributes>) {
        let context = Context::new().with_span(self.start(ROOT, root, &Context::new()));
        for row in children {
            self.start(CHILD, row, &context).end();
        }
        context.span().end();
    }
}

struct Disabled(BoxedTracer);

impl Track for Disabled {
    fn record(&self, rows: Rows) {
        for row in rows {
            let mut span = self.0.start(OPERATION);
            set_if_recording(&mut span, row);
            span.end();
        }
    }

    fn read_back(&self, _tally: &mut Tally) -> Outcome<()> {
        Ok(())
    }
}

#[inline]
fn set_if_recording(span: &mut impl Span, row: Attributes) {
    if span.is_recording() {
        span.set_attributes(attributes(row));
    }
}

#[inline]
fn attributes(row: Attributes) -> [KeyValue; 4] {
    let Attributes {
        symbol,
        rows,
        ratio,
        ok,
    } = row;
    [
        KeyValue::new("symbol", symbol),
        KeyValue::new("rows", rows),
        KeyValue::new("ratio", ratio),
        KeyValue::new("ok", ok),
    ]
}

/// A remote parent whose trace was not chosen to be sampled.
pub(super) fn unsampled_parent() -> Context {
    let ids = (
        TraceId::from(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c),
        SpanId::from(0xb7ad_6b71_6920_3331),
    );
    let parent = SpanContext::new(ids.0, ids.1, TraceFlags::NOT_SAMPLED, true, TraceState::NONE);
    Context::new().with_remote_span_context(parent)
}
