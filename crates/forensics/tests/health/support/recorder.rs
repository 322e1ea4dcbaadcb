//! A tape being written, as a process would.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use telensic_tape::otlp::{self, SpanHead, field};
use telensic_tape::{
    Clerk, Lane, Mode, OpenSpan, Signal, SpanId, TapeOptions, TapeWriter, TraceId, UnixNanos, Value,
};

use super::START;

/// A span to be recorded; times count from [`START`].
pub(crate) struct Spec {
    thread: u32,
    to: u64,
    record: Vec<u8>,
}

impl Spec {
    pub(crate) fn new(number: u64, parent: u64, name: &str, from: u64, to: u64) -> Self {
        let mut record = Vec::new();
        let head = SpanHead {
            trace_id: trace(),
            span_id: id(number),
            parent: SpanId::from_bytes(parent.to_be_bytes()),
            flags: 1,
            kind: 1,
            start: UnixNanos(START + from),
            name,
        };
        head.put(&mut record);
        otlp::put_fixed64(&mut record, field::span::END, START + to);
        Self {
            thread: 1,
            to,
            record,
        }
    }

    pub(crate) fn with<'v>(mut self, key: &str, value: impl Into<Value<'v>>) -> Self {
        otlp::put_attribute(&mut self.record, field::span::ATTRIBUTE, key, value.into());
        self
    }

    pub(crate) fn on_thread(self, thread: u32) -> Self {
        Self { thread, ..self }
    }

    pub(crate) fn failed(mut self, message: &str) -> Self {
        otlp::put_message(&mut self.record, field::span::STATUS, |status| {
            otlp::put_bytes(status, field::status::MESSAGE, message.as_bytes());
            otlp::put_varint_field(status, field::status::CODE, 2);
        });
        self
    }

    pub(crate) fn exception(mut self, kind: &str, message: &str, stacktrace: &str) -> Self {
        let at = START + self.to;
        otlp::put_message(&mut self.record, field::span::EVENT, |event| {
            otlp::put_fixed64(event, field::event::TIME, at);
            otlp::put_bytes(event, field::event::NAME, b"exception");
            for (key, text) in [
                ("exception.type", kind),
                ("exception.message", message),
                ("exception.stacktrace", stacktrace),
            ] {
                otlp::put_text(event, field::event::ATTRIBUTE, key, text);
            }
        });
        self.failed("")
    }

    /// Appends bytes as they are, whether they are OTLP or not.
    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.record.extend_from_slice(bytes);
        self
    }
}

pub(crate) struct Recorder {
    writer: TapeWriter,
    /// Of each thread: what one leaves, another would go on with.
    lanes: BTreeMap<u32, Lane>,
    clerk: Clerk,
    scope: Arc<[u8]>,
}

pub(crate) fn trace() -> TraceId {
    TraceId::from_bytes([1; 16]).expect("not zero")
}

pub(crate) fn id(number: u64) -> SpanId {
    SpanId::from_bytes(number.to_be_bytes()).expect("not zero")
}

impl Recorder {
    pub(crate) fn new(dir: &Path, service: &str) -> Self {
        let mut resource = Vec::new();
        otlp::put_text(&mut resource, field::resource::ATTRIBUTE, "service.name", service);
        let options = TapeOptions::new(dir)
            .mode(Mode::Run)
            .open_spans(64)
            .resource(resource);
        let (writer, clerk) = TapeWriter::create(options);
        let mut scope = Vec::new();
        otlp::put_scope(&mut scope, "test", "1");
        Self {
            writer,
            lanes: BTreeMap::new(),
            clerk,
            scope: Arc::from(scope),
        }
    }

    pub(crate) fn span(&mut self, spec: Spec) {
        let (writer, scope) = (&self.writer, &self.scope);
        let new_lane = || writer.lane(Signal::Spans, Arc::clone(scope), true, spec.thread);
        let lane = self.lanes.entry(spec.thread).or_insert_with(new_lane);
        lane.append(&spec.record, UnixNanos(START + spec.to))
            .expect("room");
    }

    /// A span in flight.
    pub(crate) fn open(&mut self, number: u64, parent: u64, name: &str, from: u64) {
        let mut slots = self.writer.slots();
        let span = OpenSpan {
            trace_id: trace(),
            span_id: id(number),
            parent: SpanId::from_bytes(parent.to_be_bytes()),
            start: UnixNanos(START + from),
            thread: 1,
            name,
        };
        slots.open(&span).expect("a free slot");
        // Dropped slots would be free again.
        std::mem::forget(slots);
    }

    /// A log record, or an event if it has a name.
    pub(crate) fn log(&mut self, at: u64, severity: u8, event: &str) {
        let mut record = Vec::new();
        otlp::put_fixed64(&mut record, field::log::TIME, START + at);
        otlp::put_varint_field(&mut record, field::log::SEVERITY, u64::from(severity));
        if !event.is_empty() {
            otlp::put_bytes(&mut record, field::log::EVENT_NAME, event.as_bytes());
        }
        let mut lane = self.writer.lane(Signal::Logs, Arc::clone(&self.scope), true, 1);
        lane.append(&record, UnixNanos(START + at)).expect("room");
    }

    fn path(&self) -> PathBuf {
        self.writer.path().expect("a file").to_owned()
    }

    /// Ends in order.
    pub(crate) fn close(self) -> PathBuf {
        let path = self.path();
        drop(self.lanes);
        self.clerk.close(&mut |_| {});
        path
    }

    /// Ends in order, as if on this host.
    pub(crate) fn close_on(self, host: &str) -> PathBuf {
        let tape = self.close();
        let file = OpenOptions::new().write(true).open(&tape).expect("a tape");
        file.write_all_at(&(host.len() as u32).to_le_bytes(), 160)
            .expect("written");
        file.write_all_at(host.as_bytes(), 168).expect("written");
        tape
    }

    /// Ends as a process does that is killed: nothing is flushed, nothing closed.
    pub(crate) fn abandon(self) -> PathBuf {
        let path = self.path();
        std::mem::forget(self);
        path
    }
}
