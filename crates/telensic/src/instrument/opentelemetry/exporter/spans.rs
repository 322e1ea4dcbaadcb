//! Spans that another SDK has recorded and ended.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::SpanId as ApiSpanId;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData as Ended, SpanExporter};
use telensic_tape::SpanId;

use super::super::{ids, span, tracer};
use super::{FLUSH, Scopes, flush, not_recording, resource};
use crate::context::Context;
use crate::recorder::Recorder;
use crate::span::{SpanData, Start, unix_nanos};
use crate::thread::ThreadState;
use crate::{ScopeId, Span};

/// Writes the spans of an OpenTelemetry SDK's pipeline to the tape.
///
/// ```
/// use opentelemetry_sdk::trace::SdkTracerProvider;
/// use telensic::opentelemetry::ForensicSpanExporter;
///
/// # let dir = std::env::temp_dir().join(format!("telensic-doc-spans-{}", std::process::id()));
/// # let _guard = telensic::Builder::new("pricing").dir(&dir).init();
/// let provider = SdkTracerProvider::builder()
///     // ... what is there already ...
///     .with_batch_exporter(ForensicSpanExporter::new())
///     .build();
/// # provider.shutdown()?;
/// # Ok::<(), opentelemetry_sdk::error::OTelSdkError>(())
/// ```
#[derive(Debug, Default)]
pub struct ForensicSpanExporter {
    resource: Vec<KeyValue>,
    ended: super::Ended,
}

impl ForensicSpanExporter {
    /// An exporter to the tape of the recorder in force.
    pub fn new() -> Self {
        Self::default()
    }

    fn write(&self, batch: &[Ended]) -> OTelSdkResult {
        self.ended.check()?;
        let recorder = Recorder::current().ok_or_else(not_recording)?;
        let resource = resource::differing(&self.resource, recorder);
        let mut scopes = Scopes::default();
        let mut without_ids = 0;
        for ended in batch {
            match begin(ended, scopes.id(&ended.instrumentation_scope)) {
                Some(begun) => end(begun, ended, &resource),
                None => without_ids += 1,
            }
        }
        match without_ids {
            0 => Ok(()),
            count => Err(OTelSdkError::InternalFailure(format!(
                "{count} spans were not recorded: they have no trace id or span id"
            ))),
        }
    }
}

impl SpanExporter for ForensicSpanExporter {
    async fn export(&self, batch: Vec<Ended>) -> OTelSdkResult {
        self.write(&batch)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.ended.end(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        flush(FLUSH)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource::telling(resource);
    }
}

/// A span with the ids of one that has ended.
fn begin(ended: &Ended, scope: ScopeId) -> Option<Span> {
    let ids = ids::span_context(&ended.span_context)?;
    let context = ids::within(Context::new(), &ended.span_context);
    let parent = match ended.parent_span_id {
        ApiSpanId::INVALID => None,
        parent => SpanId::from_bytes(parent.to_bytes()),
    };
    let start = Start {
        name: &ended.name,
        parent: parent.map(|parent| (parent, ended.parent_span_is_remote)),
        kind: tracer::kind(Some(&ended.span_kind)),
        scope,
        time: unix_nanos(ended.start_time),
    };
    ThreadState::with(|thread| {
        let recorder = thread.recorder()?;
        let spare = thread.spare_span();
        let mut data = SpanData::unrecorded(recorder, spare, &context, ids);
        data.record(thread, ids, &start);
        Some(Span::of(Some(data)))
    })
    .flatten()
}

fn end(mut begun: Span, ended: &Ended, resource: &[KeyValue]) {
    begun.edit(|data| {
        // First, so that what the span says itself stands.
        let attributes = resource.iter().chain(&ended.attributes);
        attributes.for_each(|attribute| span::put(data, attribute));
        ended.events.iter().for_each(|event| span::put_event(data, event));
        ended.links.iter().for_each(|link| span::put_link(data, link));
        span::put_status(data, ended.status.clone());
        data.count_dropped(
            ended.dropped_attributes_count,
            ended.events.dropped_count,
            ended.links.dropped_count,
        );
    });
    begun.end_at(ended.end_time);
}
