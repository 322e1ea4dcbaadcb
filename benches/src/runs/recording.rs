//! A tape of a made-up process, by the real writer, on a clock of its own.

use std::sync::Arc;

use telensic_benches::Outcome;
use telensic_run::event::Event;
use telensic_run::{RunDir, names};
use telensic_tape::otlp::{self, LogHead, SpanHead, field};
use telensic_tape::{Clerk, Lane, Mode, Signal, SpanId, TapeOptions, TapeWriter, TraceId, UnixNanos, Value};

const SAMPLED: u32 = 1;
const INTERNAL: u8 = 1;
const INFO: u8 = 9;
const THREAD: u32 = 1;

/// A process of a run that writes its tape.
pub(crate) struct Recording {
    clerk: Clerk,
    spans: Lane,
    events: Lane,
    trace: TraceId,
    run_id: String,
    begin: u64,
    bytes: Vec<u8>,
}

/// A span that has ended; times count from the beginning of its run.
pub(crate) struct Ended<'a> {
    pub(crate) id: u64,
    /// 0 for a root.
    pub(crate) parent: u64,
    pub(crate) name: &'a str,
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Recording {
    /// A process of this service, in a run that began then.
    pub(crate) fn begin(run: &RunDir, service: &str, begin: u64) -> Outcome<Self> {
        let mut resource = Vec::new();
        otlp::put_text(
            &mut resource,
            field::resource::ATTRIBUTE,
            names::key::SERVICE_NAME,
            service,
        );
        let (writer, clerk) =
            TapeWriter::create(TapeOptions::new(run.tapes()).mode(Mode::Run).resource(resource));
        let mut scope = Vec::new();
        otlp::put_scope(&mut scope, "benchmark", "1");
        let scope: Arc<[u8]> = Arc::from(scope);
        let trace = u128::from(begin).to_be_bytes();
        Ok(Self {
            spans: writer.lane(Signal::Spans, Arc::clone(&scope), true, THREAD),
            events: writer.lane(Signal::Logs, scope, true, THREAD),
            clerk,
            trace: TraceId::from_bytes(trace).ok_or("a trace id is not zero")?,
            run_id: run.id().to_string(),
            begin,
            bytes: Vec::new(),
        })
    }

    /// Writes a span with four attributes.
    pub(crate) fn span(&mut self, span: &Ended<'_>) -> Outcome<()> {
        let end = UnixNanos(self.begin + span.to);
        self.bytes.clear();
        let head = SpanHead {
            trace_id: self.trace,
            span_id: span_id(span.id)?,
            parent: SpanId::from_bytes(span.parent.to_be_bytes()),
            flags: SAMPLED,
            kind: INTERNAL,
            start: UnixNanos(self.begin + span.from),
            name: span.name,
        };
        head.put(&mut self.bytes);
        SpanHead::set_end(&mut self.bytes, end);
        let attributes = [
            (names::key::RUN_ID, Value::Str(&self.run_id)),
            (names::key::SYMBOL, Value::Str("BTCUSDT")),
            ("bar", Value::I64(span.id as i64)),
            ("price", Value::F64(span.from as f64)),
        ];
        for (key, value) in attributes {
            otlp::put_attribute(&mut self.bytes, field::span::ATTRIBUTE, key, value);
        }
        let appended = self.spans.append(&self.bytes, end);
        Ok(appended.map_err(|loss| format!("a span was lost: {}", loss.name()))?)
    }

    /// Writes an event that happened in this span.
    pub(crate) fn event<E: Event>(&mut self, span: u64, at: u64, event: &E) -> Outcome<()> {
        let time = UnixNanos(self.begin + at);
        self.bytes.clear();
        let head = LogHead {
            time,
            severity: INFO,
            severity_text: "INFO",
            span: Some((self.trace, span_id(span)?, SAMPLED)),
            thread: i64::from(THREAD),
        };
        let bytes = &mut self.bytes;
        head.put(bytes);
        otlp::put_bytes(bytes, field::log::EVENT_NAME, E::NAME.as_bytes());
        event.fields(&mut |name, value| otlp::put_attribute(bytes, field::log::ATTRIBUTE, name, value));
        let appended = self.events.append(bytes, time);
        Ok(appended.map_err(|loss| format!("an event was lost: {}", loss.name()))?)
    }

    pub(crate) fn close(self) {
        drop((self.spans, self.events));
        self.clerk.close(&mut |_| {});
    }
}

fn span_id(number: u64) -> Outcome<SpanId> {
    Ok(SpanId::from_bytes(number.to_be_bytes()).ok_or("a span id is not zero")?)
}
