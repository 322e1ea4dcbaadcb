//! Writes a tape span by span and log by log, as a process would.

use std::path::Path;
use std::sync::Arc;

use telensic_tape::otlp::{self, LogHead, SpanHead, field};
use telensic_tape::{
    Clerk, Lane, Mode, OpenSpan, Signal, Slots, SpanId, TapeOptions, TapeWriter, TraceId, UnixNanos, Value,
};

pub(crate) const BEGAN: u64 = 1_767_225_600_000_000_000;

/// A span to be recorded; times are nanoseconds after [`BEGAN`].
#[derive(Clone, Copy, Default)]
pub(crate) struct Part<'a> {
    pub(crate) id: u64,
    pub(crate) parent: u64,
    pub(crate) name: &'a str,
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) attributes: &'a [(&'a str, Value<'a>)],
    /// The type and message of what it failed with.
    pub(crate) error: Option<(&'a str, &'a str)>,
}

pub(crate) struct Recorder {
    spans: Lane,
    logs: Lane,
    slots: Slots,
    writer: TapeWriter,
    clerk: Clerk,
}

pub(crate) fn trace() -> TraceId {
    TraceId::from_bytes([0xa7; 16]).expect("not zero")
}

pub(crate) fn span_id(number: u64) -> Option<SpanId> {
    SpanId::from_bytes(number.to_be_bytes())
}

impl Recorder {
    pub(crate) fn new(tapes: &Path, service: &str) -> Self {
        let mut resource = Vec::new();
        otlp::put_text(&mut resource, field::resource::ATTRIBUTE, "service.name", service);
        otlp::put_text(
            &mut resource,
            field::resource::ATTRIBUTE,
            "service.version",
            "1.4.2",
        );
        let options = TapeOptions::new(tapes)
            .mode(Mode::Run)
            .open_spans(64)
            .resource(resource);
        let (writer, clerk) = TapeWriter::create(options);
        let mut scope = Vec::new();
        otlp::put_scope(&mut scope, service, "1.4.2");
        let scope: Arc<[u8]> = Arc::from(scope);
        Self {
            spans: writer.lane(Signal::Spans, Arc::clone(&scope), true, 1),
            logs: writer.lane(Signal::Logs, scope, true, 1),
            slots: writer.slots(),
            writer,
            clerk,
        }
    }

    pub(crate) fn span(&mut self, part: Part<'_>) {
        let mut record = Vec::new();
        let head = SpanHead {
            trace_id: trace(),
            span_id: span_id(part.id).expect("not zero"),
            parent: span_id(part.parent),
            flags: 1,
            kind: 1,
            start: UnixNanos(BEGAN + part.from),
            name: part.name,
        };
        head.put(&mut record);
        otlp::put_fixed64(&mut record, field::span::END, BEGAN + part.to);
        for (key, value) in part.attributes {
            otlp::put_attribute(&mut record, field::span::ATTRIBUTE, key, *value);
        }
        if let Some((kind, message)) = part.error {
            otlp::put_message(&mut record, field::span::EVENT, |event| {
                otlp::put_fixed64(event, field::event::TIME, BEGAN + part.to);
                otlp::put_bytes(event, field::event::NAME, b"exception");
                otlp::put_text(event, field::event::ATTRIBUTE, "exception.type", kind);
                otlp::put_text(event, field::event::ATTRIBUTE, "exception.message", message);
            });
            otlp::put_message(&mut record, field::span::STATUS, |status| {
                otlp::put_bytes(status, field::status::MESSAGE, message.as_bytes());
                otlp::put_varint_field(status, field::status::CODE, 2);
            });
        }
        self.spans
            .append(&record, UnixNanos(BEGAN + part.to))
            .expect("room");
    }

    pub(crate) fn open_span(&mut self, id: u64, parent: u64, name: &str, from: u64) {
        let open = OpenSpan {
            trace_id: trace(),
            span_id: span_id(id).expect("not zero"),
            parent: span_id(parent),
            start: UnixNanos(BEGAN + from),
            thread: 1,
            name,
        };
        self.slots.open(&open).expect("a free slot");
    }

    pub(crate) fn log(
        &mut self,
        at: u64,
        span: u64,
        severity: u8,
        text: &str,
        attributes: &[(&str, Value<'_>)],
    ) {
        let mut record = log_head(at, span, severity);
        Value::Str(text).put(&mut record, field::log::BODY);
        self.put_log(record, at, attributes);
    }

    pub(crate) fn event(&mut self, at: u64, span: u64, name: &str, attributes: &[(&str, Value<'_>)]) {
        let mut record = log_head(at, span, 9);
        otlp::put_bytes(&mut record, field::log::EVENT_NAME, name.as_bytes());
        self.put_log(record, at, attributes);
    }

    fn put_log(&mut self, mut record: Vec<u8>, at: u64, attributes: &[(&str, Value<'_>)]) {
        for (key, value) in attributes {
            otlp::put_attribute(&mut record, field::log::ATTRIBUTE, key, *value);
        }
        self.logs.append(&record, UnixNanos(BEGAN + at)).expect("room");
    }

    /// Ends in order.
    pub(crate) fn close(self) {
        drop((self.spans, self.logs, self.slots, self.writer));
        self.clerk.close(&mut |_| {});
    }
}

fn log_head(at: u64, span: u64, severity: u8) -> Vec<u8> {
    let mut record = Vec::new();
    let level = ["", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
    let head = LogHead {
        time: UnixNanos(BEGAN + at),
        severity,
        severity_text: level[usize::from(severity).div_ceil(4)],
        span: span_id(span).map(|id| (trace(), id, 1)),
        thread: 1,
    };
    head.put(&mut record);
    record
}
