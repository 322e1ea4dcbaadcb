//! What the OpenTelemetry peers share: an exporter that turns a batch into an OTLP request with the
//! project's own transform (the one `opentelemetry-otlp` uses) and delivers it, and the way back.

use std::sync::Arc;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::logs::tonic::group_logs_by_resource_and_scope;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter};
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, SdkTracerProvider, SpanData, SpanExporter,
};

use crate::Outcome;
use crate::contenders::Backlog;
use crate::delivery::{Delivered, Sink};
use crate::tally::Tally;

/// The batch processors drop what does not fit their queue (2,048 by default). The queue here is
/// larger, and the race lets the recording threads sleep while this many records are under way, so
/// nothing is dropped. A queue for the whole run would cost the peer page faults and cold caches.
pub(crate) const QUEUE: usize = 16_384;
/// Leaves room for the chunk which each recording thread may add after it looked.
pub(crate) const BACKLOG: u64 = QUEUE as u64 - 4_096;

/// Exports spans and logs as OTLP into the sink.
#[derive(Debug)]
pub(crate) struct OtlpExporter {
    sink: Arc<Sink>,
    resource: ResourceAttributesWithSchema,
}

impl OtlpExporter {
    pub(crate) fn new(sink: Arc<Sink>) -> Self {
        Self {
            sink,
            resource: ResourceAttributesWithSchema::default(),
        }
    }
}

impl SpanExporter for OtlpExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let resource_spans = group_spans_by_resource_and_scope(batch, &self.resource);
        delivered(
            self.sink
                .deliver(&ExportTraceServiceRequest { resource_spans }, spans),
        )
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.into();
    }
}

impl LogExporter for OtlpExporter {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let resource_logs = group_logs_by_resource_and_scope(&batch, &self.resource);
        delivered(
            self.sink
                .deliver(&ExportLogsServiceRequest { resource_logs }, batch.iter().count()),
        )
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.into();
    }
}

fn delivered(result: std::io::Result<()>) -> OTelSdkResult {
    result.map_err(|error| OTelSdkError::InternalFailure(error.to_string()))
}

/// A tracer provider with the batch processor in front of the sink.
pub(crate) fn tracer_provider(sink: &Arc<Sink>) -> SdkTracerProvider {
    let config = BatchConfigBuilder::default().with_max_queue_size(QUEUE).build();
    let processor = BatchSpanProcessor::builder(OtlpExporter::new(sink.clone()))
        .with_batch_config(config)
        .build();
    SdkTracerProvider::builder()
        .with_resource(resource())
        .with_span_processor(processor)
        .build()
}

/// The resource of every peer.
pub(crate) fn resource() -> Resource {
    Resource::builder_empty().with_service_name("race").build()
}

/// How far the recording threads may run ahead of the batch processor.
pub(crate) fn backlog(sink: &Sink) -> Option<Backlog<'_>> {
    Some(Backlog { limit: BACKLOG, sink })
}

/// Reads the spans of a sink back.
pub(crate) fn read_spans(sink: &Sink, tally: &mut Tally) -> Outcome<()> {
    sink.read_back(|request: ExportTraceServiceRequest| {
        let scopes = request
            .resource_spans
            .into_iter()
            .flat_map(|resource| resource.scope_spans);
        scopes
            .flat_map(|scope| scope.spans)
            .try_for_each(|span| tally.add(&from_span(span)))
    })
}

/// Reads the log records of a sink back.
pub(crate) fn read_logs(sink: &Sink, tally: &mut Tally) -> Outcome<()> {
    sink.read_back(|request: ExportLogsServiceRequest| {
        let scopes = request
            .resource_logs
            .into_iter()
            .flat_map(|resource| resource.scope_logs);
        scopes
            .flat_map(|scope| scope.log_records)
            .try_for_each(|record| tally.add(&from_log(record)))
    })
}

/// A span as the tally takes it; also for a contender which delivers OTLP by another way than a sink.
pub(crate) fn from_span(span: Span) -> Delivered {
    Delivered {
        name: span.name,
        trace_id: trace_id(&span.trace_id),
        span_id: span_id(&span.span_id),
        parent_id: span_id(&span.parent_span_id),
        start_ns: span.start_time_unix_nano,
        end_ns: span.end_time_unix_nano,
        attributes: as_text(span.attributes),
    }
}

/// A log record as the tally takes it.
pub(crate) fn from_log(record: LogRecord) -> Delivered {
    // The bridge of `tracing` leaves the event's own time out and gives the time it was observed at.
    let time = record.time_unix_nano.max(record.observed_time_unix_nano);
    Delivered {
        name: value_as_text(record.body),
        trace_id: trace_id(&record.trace_id),
        span_id: span_id(&record.span_id),
        parent_id: 0,
        start_ns: time,
        end_ns: time,
        attributes: as_text(record.attributes),
    }
}

fn trace_id(bytes: &[u8]) -> u128 {
    bytes.try_into().map(u128::from_be_bytes).unwrap_or(0)
}

fn span_id(bytes: &[u8]) -> u64 {
    bytes.try_into().map(u64::from_be_bytes).unwrap_or(0)
}

fn as_text(attributes: Vec<KeyValue>) -> Vec<(String, String)> {
    attributes
        .into_iter()
        .map(|attribute| (attribute.key, value_as_text(attribute.value)))
        .collect()
}

fn value_as_text(value: Option<AnyValue>) -> String {
    match value.and_then(|value| value.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        Some(Value::BoolValue(flag)) => flag.to_string(),
        other => format!("{other:?}"),
    }
}
