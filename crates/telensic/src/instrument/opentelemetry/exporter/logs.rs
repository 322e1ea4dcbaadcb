//! Log records that another SDK has collected.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::logs::AnyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogBatch, LogExporter, SdkLogRecord};

use super::super::log_record::Ids;
use super::super::{TelensicLogRecord, attributes};
use super::{Scopes, not_recording, resource};
use crate::context::Context;
use crate::log::Kind;
use crate::recorder::Recorder;

/// Writes the log records of an OpenTelemetry SDK's pipeline to the tape, whatever their level: the pipeline has filters of
/// its own.
///
/// ```
/// use opentelemetry_sdk::logs::SdkLoggerProvider;
/// use telensic::opentelemetry::ForensicLogExporter;
///
/// # let dir = std::env::temp_dir().join(format!("telensic-doc-logs-{}", std::process::id()));
/// # let _guard = telensic::Builder::new("pricing").dir(&dir).init();
/// let provider = SdkLoggerProvider::builder()
///     // ... what is there already ...
///     .with_batch_exporter(ForensicLogExporter::new())
///     .build();
/// # provider.shutdown()?;
/// # Ok::<(), opentelemetry_sdk::error::OTelSdkError>(())
/// ```
#[derive(Debug, Default)]
pub struct ForensicLogExporter {
    resource: Vec<KeyValue>,
    ended: super::Ended,
}

/// What a record belongs to that names no span; not what happens to be current on the exporting thread.
const NOWHERE: &Context = &Context::new();

impl ForensicLogExporter {
    /// An exporter to the tape of the recorder in force.
    pub fn new() -> Self {
        Self::default()
    }

    fn write(&self, batch: &LogBatch<'_>) -> OTelSdkResult {
        self.ended.check()?;
        let recorder = Recorder::current().ok_or_else(not_recording)?;
        let resource = resource::differing(&self.resource, recorder);
        let mut scopes = Scopes::default();
        for (record, its_scope) in batch.iter() {
            let collected = collected(record);
            let mut begun = collected
                .begin(Some(NOWHERE), scopes.id(its_scope), Kind::Filtered)
                .of_another_thread();
            for attribute in &resource {
                let is_its_own = collected.attributes.iter().any(|(key, _)| *key == attribute.key);
                if !is_its_own {
                    attributes::put(attribute, |key, value| begun.set(key, value));
                }
            }
            begun.emit();
        }
        Ok(())
    }
}

impl LogExporter for ForensicLogExporter {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        self.write(&batch)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.ended.end(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource::telling(resource);
    }
}

fn collected(record: &SdkLogRecord) -> TelensicLogRecord {
    TelensicLogRecord {
        event_name: record.event_name(),
        target: record.target().cloned(),
        time: record.timestamp(),
        observed: record.observed_timestamp(),
        ids: record.trace_context().map(|ids| Ids {
            trace_id: ids.trace_id,
            span_id: ids.span_id,
            flags: ids.trace_flags,
        }),
        severity_text: record.severity_text(),
        severity: record.severity_number(),
        body: record.body().cloned(),
        attributes: record
            .attributes_iter()
            .map(|(key, value): &(_, AnyValue)| (key.clone(), value.clone()))
            .collect(),
    }
}
