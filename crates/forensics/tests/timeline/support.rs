//! Writes tapes span by span.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use telensic_forensics::Timeline;
use telensic_tape::otlp::{self, SpanHead, field};
use telensic_tape::{
    Clerk, Lane, Mode, OpenSpan, Signal, Slots, SpanId, TapeOptions, TapeWriter, TraceId, UnixNanos,
};

pub(crate) fn trace(number: u8) -> TraceId {
    TraceId::from_bytes([number; 16]).expect("not zero")
}

pub(crate) fn id(number: u64) -> SpanId {
    SpanId::from_bytes(number.to_be_bytes()).expect("not zero")
}

/// A tape being written, as a process would.
pub(crate) struct Recorder {
    pub(crate) writer: TapeWriter,
    pub(crate) lane: Lane,
    pub(crate) slots: Slots,
    clerk: Clerk,
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
        let lane = writer.lane(Signal::Spans, Arc::from(scope), true, 1);
        Self {
            slots: writer.slots(),
            lane,
            writer,
            clerk,
        }
    }

    /// A span of trace 1 that ended.
    pub(crate) fn span(&mut self, number: u64, parent: u64, kind: u8, name: &str, from: u64, to: u64) {
        let mut record = Vec::new();
        let head = SpanHead {
            trace_id: trace(1),
            span_id: id(number),
            parent: SpanId::from_bytes(parent.to_be_bytes()),
            flags: 1,
            kind,
            start: UnixNanos(from),
            name,
        };
        head.put(&mut record);
        otlp::put_fixed64(&mut record, field::span::END, to);
        self.lane.append(&record, UnixNanos(to)).expect("room");
    }

    /// A span of trace 1 that is in flight.
    pub(crate) fn open(&mut self, number: u64, parent: u64, name: &str, from: u64) {
        let span = OpenSpan {
            trace_id: trace(1),
            span_id: id(number),
            parent: SpanId::from_bytes(parent.to_be_bytes()),
            start: UnixNanos(from),
            thread: 1,
            name,
        };
        self.slots.open(&span).expect("a free slot");
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.writer.path().expect("a file").to_owned()
    }

    /// Ends in order.
    pub(crate) fn close(self) -> PathBuf {
        let path = self.path();
        drop(self.lane);
        self.clerk.close(&mut |_| {});
        path
    }

    /// Ends as a process does that is killed: nothing is flushed, nothing closed.
    pub(crate) fn abandon(self) -> PathBuf {
        let path = self.path();
        std::mem::forget(self);
        path
    }
}

/// Makes a tape tell of another host, as if it had been written there.
pub(crate) fn say_host(tape: &Path, host: &str) {
    let file = OpenOptions::new().write(true).open(tape).expect("a tape");
    file.write_all_at(&(host.len() as u32).to_le_bytes(), 160)
        .expect("written");
    file.write_all_at(host.as_bytes(), 168).expect("written");
}

pub(crate) fn read(tapes: &[PathBuf]) -> Timeline {
    Timeline::of_tapes(tapes.iter().map(AsRef::as_ref))
}

pub(crate) fn names(timeline: &Timeline) -> Vec<&str> {
    timeline
        .spans()
        .iter()
        .map(|span| timeline.text(span.name))
        .collect()
}
