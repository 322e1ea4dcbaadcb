//! Real runs for the tests: tapes by the real writer, in directories made by the real layout.

mod pipeline;

use std::sync::Arc;

use telensic_forensics::RunView;
use telensic_run::event::Event;
use telensic_run::{DataRoot, Manifest, Provenance, RunDir, RunId};
use telensic_tape::otlp::{self, LogHead, SpanHead, field};
use telensic_tape::{Clerk, Lane, Mode, Signal, SpanId, TapeOptions, TapeWriter, TraceId, UnixNanos, Value};

pub(crate) use pipeline::Plan;

/// A run being recorded, on a clock of its own.
pub(crate) struct Recording {
    dir: tempfile::TempDir,
    run: RunDir,
    clerk: Clerk,
    spans: Lane,
    logs: Lane,
    trace: TraceId,
    next_span: u64,
    pub(crate) now: u64,
    pub(crate) manifest: Manifest,
    pub(crate) provenance: Option<Provenance>,
}

/// A recorded run.
pub(crate) struct Recorded {
    pub(crate) view: RunView,
    _dir: tempfile::TempDir,
}

/// A span that has not ended.
#[derive(Clone)]
pub(crate) struct Open {
    pub(crate) id: SpanId,
    parent: Option<SpanId>,
    name: String,
    attributes: Vec<(&'static str, String)>,
    start: u64,
}

impl Recording {
    /// A run of this number: ids, times and the directory follow from it, so no two runs share any.
    pub(crate) fn begin(number: u16) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let now = 1_770_000_000_000_000_000 + u64::from(number) * 86_400_000_000_000;
        let id = RunId::of(UnixNanos(now), number);
        let run = DataRoot::new(dir.path()).create_run(id).unwrap();
        let options = TapeOptions::new(run.tapes()).mode(Mode::Run).open_spans(64);
        let (tape, clerk) = TapeWriter::create(options);
        let mut scope = Vec::new();
        otlp::put_scope(&mut scope, "pipeline", "1.0");
        let scope: Arc<[u8]> = Arc::from(scope);
        let mut trace = [7; 16];
        trace[..2].copy_from_slice(&number.to_be_bytes());
        Self {
            spans: tape.lane(Signal::Spans, scope.clone(), true, 1),
            logs: tape.lane(Signal::Logs, scope, true, 1),
            dir,
            run,
            clerk,
            trace: TraceId::from_bytes(trace).unwrap(),
            next_span: u64::from(number) << 32,
            now,
            manifest: Manifest::begin(id, "nightly"),
            provenance: None,
        }
    }

    pub(crate) fn tick(&mut self, nanos: u64) {
        self.now += nanos;
    }

    pub(crate) fn open(
        &mut self,
        parent: Option<&Open>,
        name: &str,
        attributes: &[(&'static str, &str)],
    ) -> Open {
        self.next_span += 1;
        self.now += 1_000;
        Open {
            id: SpanId::from_bytes(self.next_span.to_be_bytes()).unwrap(),
            parent: parent.map(|parent| parent.id),
            name: name.to_owned(),
            attributes: attributes
                .iter()
                .map(|(key, value)| (*key, (*value).to_owned()))
                .collect(),
            start: self.now,
        }
    }

    pub(crate) fn end(&mut self, span: Open) {
        self.now += 1_000;
        let mut record = Vec::new();
        SpanHead {
            trace_id: self.trace,
            span_id: span.id,
            parent: span.parent,
            flags: 1,
            kind: 1,
            start: UnixNanos(span.start),
            name: &span.name,
        }
        .put(&mut record);
        for (key, value) in &span.attributes {
            otlp::put_attribute(&mut record, field::span::ATTRIBUTE, key, Value::Str(value));
        }
        otlp::put_fixed64(&mut record, field::span::END, self.now);
        self.spans.append(&record, UnixNanos(self.now)).unwrap();
    }

    pub(crate) fn event<E: Event>(&mut self, span: &Open, event: &E) {
        self.record(Some(span), E::NAME, |record| {
            event.fields(&mut |key, value| otlp::put_attribute(record, field::log::ATTRIBUTE, key, value));
        });
    }

    /// An event of any name and fields.
    pub(crate) fn raw_event(&mut self, span: Option<&Open>, name: &str, fields: &[(&str, Value<'_>)]) {
        self.record(span, name, |record| {
            for (key, value) in fields {
                otlp::put_attribute(record, field::log::ATTRIBUTE, key, *value);
            }
        });
    }

    fn record(&mut self, span: Option<&Open>, name: &str, put: impl FnOnce(&mut Vec<u8>)) {
        self.now += 1_000;
        let mut record = Vec::new();
        LogHead {
            time: UnixNanos(self.now),
            severity: 9,
            severity_text: "INFO",
            span: span.map(|span| (self.trace, span.id, 1)),
            thread: 1,
        }
        .put(&mut record);
        otlp::put_bytes(&mut record, field::log::EVENT_NAME, name.as_bytes());
        put(&mut record);
        self.logs.append(&record, UnixNanos(self.now)).unwrap();
    }

    /// Closes the tape, writes the rest and reads it all back.
    pub(crate) fn finish(self) -> Recorded {
        drop((self.spans, self.logs));
        self.clerk.close(&mut |_| {});
        self.run.write_manifest(&self.manifest).unwrap();
        if let Some(provenance) = &self.provenance {
            provenance.write(&self.run).unwrap();
        }
        Recorded {
            view: RunView::open(RunDir::open(self.run.path()).unwrap()).unwrap(),
            _dir: self.dir,
        }
    }
}
