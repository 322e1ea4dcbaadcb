//! `tracing` events through `opentelemetry-appender-tracing` and the batch log processor.

use std::path::Path;
use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::logs::{BatchConfigBuilder, BatchLogProcessor, SdkLoggerProvider};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;

use super::{Backlog, Contender, Track};
use crate::delivery::Sink;
use crate::scenario::Scenario;
use crate::tally::Tally;
use crate::workload::{Attributes, Rows};
use crate::{Outcome, otlp};

pub(crate) const CONTENDER: Contender = Contender {
    name: "opentelemetry-appender-tracing",
    note: "`info!` through the bridge to `SdkLoggerProvider`; batch processor, transform and prost as for \
           spans. The ids come from the active OpenTelemetry context, set once, so no span is made in the loop.",
    scenarios: &[Scenario::LogEvent],
    enter,
};

fn enter(_scenario: Scenario, directory: &Path) -> Outcome<Box<dyn Track>> {
    let sink = Arc::new(Sink::create(directory)?);
    let config = BatchConfigBuilder::default()
        .with_max_queue_size(otlp::QUEUE)
        .build();
    let exporter = otlp::OtlpExporter::new(sink.clone());
    let processor = BatchLogProcessor::builder(exporter)
        .with_batch_config(config)
        .build();
    let provider = SdkLoggerProvider::builder()
        .with_resource(otlp::resource())
        .with_log_processor(processor)
        .build();
    let bridge = OpenTelemetryTracingBridge::new(&provider);
    let subscriber = tracing_subscriber::registry()
        .with(LevelFilter::INFO)
        .with(bridge);
    tracing::subscriber::set_global_default(subscriber)?;
    Ok(Box::new(OtelLogs { provider, sink }))
}

struct OtelLogs {
    provider: SdkLoggerProvider,
    sink: Arc<Sink>,
}

impl Track for OtelLogs {
    fn record(&self, rows: Rows) {
        let _active = active_span().attach();
        for Attributes {
            symbol,
            rows,
            ratio,
            ok,
        } in rows
        {
            tracing::info!(symbol, rows, ratio, ok, "order filled");
        }
    }

    fn deliver(&self) -> Outcome<()> {
        Ok(self.provider.force_flush()?)
    }

    fn backlog(&self) -> Option<Backlog<'_>> {
        otlp::backlog(&self.sink)
    }

    fn read_back(&self, tally: &mut Tally) -> Outcome<()> {
        otlp::read_logs(&self.sink, tally)
    }
}

/// A context with a sampled span in it.
fn active_span() -> Context {
    let ids = (
        TraceId::from(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c),
        SpanId::from(0xb7ad_6b71_6920_3331),
    );
    let span = SpanContext::new(ids.0, ids.1, TraceFlags::SAMPLED, true, TraceState::NONE);
    Context::new().with_remote_span_context(span)
}
