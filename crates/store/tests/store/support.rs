//! Requests, and stores in directories that go with the test.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use prost::Message;
use telensic_store::wal::{Durability, LogOptions};
use telensic_store::{Limits, OpenedStore, Projection, Store, StoreOptions, Tenant, Upkeep};
use telensic_tape::{Signal, TraceId};

/// Nothing happens but what the test says.
pub(crate) fn options() -> StoreOptions {
    StoreOptions {
        log: LogOptions {
            durability: Durability::Process,
            ..LogOptions::default()
        },
        upkeep: Upkeep::OnCall,
        ..StoreOptions::default()
    }
}

pub(crate) fn open(dir: &Path) -> OpenedStore {
    Store::open(dir, options()).unwrap()
}

pub(crate) fn limits() -> Limits {
    Limits {
        time: Duration::from_secs(120),
        ..Limits::default()
    }
}

pub(crate) fn tenant() -> Tenant {
    Tenant::default()
}

pub(crate) fn pair(key: &str, value: impl Into<Value>) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue {
            value: Some(value.into()),
        }),
        ..KeyValue::default()
    }
}

pub(crate) fn text(value: &str) -> Value {
    Value::StringValue(value.to_owned())
}

pub(crate) fn trace_id(number: u64) -> TraceId {
    let mut bytes = [7; 16];
    // Spread, so that traces do not come in their order.
    bytes[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    bytes[8..].copy_from_slice(&(number + 1).to_be_bytes());
    TraceId::from_bytes(bytes).unwrap()
}

pub(crate) fn span_id(number: u64) -> Vec<u8> {
    (number + 1).to_be_bytes().to_vec()
}

/// A span of this number in this trace; its parent is the one before it.
pub(crate) fn span(trace: u64, number: u64) -> Span {
    Span {
        trace_id: trace_id(trace).to_bytes().to_vec(),
        span_id: span_id(number),
        parent_span_id: if number == 0 {
            Vec::new()
        } else {
            span_id(number - 1)
        },
        name: format!("operation {}", number % 3),
        start_time_unix_nano: 1_000_000_000 * (trace + 1) + number,
        end_time_unix_nano: 1_000_000_000 * (trace + 1) + number + 10 * trace,
        attributes: vec![
            pair("run_id", text(&format!("run-{}", trace % 4))),
            pair("n", Value::IntValue(number as i64)),
            pair("where", text(&format!("place {trace}"))),
        ],
        status: Some(Status {
            code: if trace.is_multiple_of(5) { 2 } else { 1 },
            message: String::new(),
        }),
        ..Span::default()
    }
}

pub(crate) fn traces(service: &str, spans: Vec<Span>) -> ExportTraceServiceRequest {
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(Resource {
                attributes: vec![pair("service.name", text(service)), pair("zone", text("a"))],
                ..Resource::default()
            }),
            scope_spans: vec![ScopeSpans {
                spans,
                ..ScopeSpans::default()
            }],
            schema_url: String::new(),
        }],
    }
}

pub(crate) fn logs(service: &str, log_records: Vec<LogRecord>) -> ExportLogsServiceRequest {
    ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs {
            resource: Some(Resource {
                attributes: vec![pair("service.name", text(service))],
                ..Resource::default()
            }),
            scope_logs: vec![ScopeLogs {
                log_records,
                ..ScopeLogs::default()
            }],
            schema_url: String::new(),
        }],
    }
}

pub(crate) fn body(message: &impl Message) -> Bytes {
    message.encode_to_vec().into()
}

/// Appends and waits until it is acknowledged.
pub(crate) fn append(store: &Store, signal: Signal, message: &impl Message) {
    let appended = store.append(signal, &tenant(), body(message)).unwrap();
    appended.receipt.wait().unwrap();
}

/// A trace of so many spans.
pub(crate) fn append_trace(store: &Store, trace: u64, spans: u64) {
    let spans = (0..spans).map(|number| span(trace, number)).collect();
    append(store, Signal::Spans, &traces("loader", spans));
}

/// The spans in an answer.
pub(crate) fn spans_of(otlp: &[u8]) -> Vec<Span> {
    let request = ExportTraceServiceRequest::decode(otlp).unwrap();
    let scopes = request
        .resource_spans
        .into_iter()
        .flat_map(|resource| resource.scope_spans);
    scopes.flat_map(|scope| scope.spans).collect()
}

/// The numbers of all spans in the store, by trace.
pub(crate) fn all_span_ids(store: &Store) -> Vec<(Vec<u8>, Vec<u8>)> {
    let scan = store.scan(
        Signal::Spans,
        &tenant(),
        Default::default(),
        Projection::of(["trace_id", "span_id"]),
        limits(),
    );
    let mut found = Vec::new();
    for batch in scan.unwrap() {
        let batch = batch.unwrap();
        let column = |name| {
            let column: &dyn arrow_array::Array = batch.column_by_name(name).unwrap();
            column
                .as_any()
                .downcast_ref::<arrow_array::FixedSizeBinaryArray>()
                .unwrap()
                .clone()
        };
        let (traces, spans) = (column("trace_id"), column("span_id"));
        found
            .extend((0..batch.num_rows()).map(|row| (traces.value(row).to_vec(), spans.value(row).to_vec())));
    }
    found.sort_unstable();
    found
}
