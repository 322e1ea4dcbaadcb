//! A run in the formats of others: OTLP, Chrome's trace format (which Perfetto opens), Parquet.

mod chrome;
mod otlp;
mod parquet;

pub(crate) use chrome::write as chrome;
pub(crate) use otlp::{ExportError, Exported, json as otlp_json, protobuf as otlp_protobuf};
pub(crate) use parquet::{logs as parquet_logs, spans as parquet_spans};
