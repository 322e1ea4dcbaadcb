//! `forensic_trace.json`: all spans of a run, merged, for whoever has a JSON parser and nothing of ours.
//!
//! ```text
//! [
//! {"name":"run_stage:load","start_time":<ns>,"end_time":<ns>,"duration_ms":12.5,"status":"OK","attributes":{...},
//!  "trace_id":"<32 hex>","span_id":"<16 hex>","parent_span_id":"<16 hex>"|null,"process":{"host":..,"pid":..,"service":..}},
//! ...
//! ]
//! ```
//!
//! One span a line, by start. Integers are exact; NaN and infinities, which JSON has not, are the texts `"NaN"`, `"Infinity"`
//! and `"-Infinity"`; bytes are base64. A span that did not end has null for `end_time` and `duration_ms`, status `UNSET`,
//! no attributes, since they are recorded at the end, and `"open": true`, which no other has. With verbose on, every span has
//! `events` too: `[{"name":..,"time":<ns>,"attributes":{...}}]`.
//!
//! Invariant: whatever bytes the records hold, the file is valid JSON; it is written span by span, never held whole.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use telensic_run::names::env;
use telensic_tape::SpanId;
use telensic_tape::otlp::{AnyView, Attributes, EventView, SpanView};

use crate::timeline::{Process, SpanIndex, SpanState, Timeline};

/// A timeline as `forensic_trace.json`.
#[derive(Clone, Copy, Debug)]
pub struct TraceFile<'t> {
    timeline: &'t Timeline,
    is_verbose: bool,
}

impl<'t> TraceFile<'t> {
    /// All spans, without their events.
    pub fn new(timeline: &'t Timeline) -> Self {
        Self {
            timeline,
            is_verbose: false,
        }
    }

    /// Whether span events are written too.
    pub fn verbose(self, is_verbose: bool) -> Self {
        Self { is_verbose, ..self }
    }

    /// Whether the environment asks for span events: TELENSIC_DEBUG or TV_DEBUG_TELEMETRY is `1`.
    pub fn is_verbose_by_env() -> bool {
        [env::DEBUG, env::DEBUG_TELEMETRY]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| value == "1"))
    }

    /// Writes it; hand in something buffered.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(b"[")?;
        for (number, index) in self.timeline.indices().enumerate() {
            out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut *out, &SpanLine::of(self.timeline, index, self.is_verbose))?;
        }
        out.write_all(b"\n]\n")
    }
}

/// A span as its line has it; the order of the fields is that of the line.
#[derive(Serialize)]
struct SpanLine<'t> {
    name: &'t str,
    start_time: u64,
    end_time: Option<u64>,
    duration_ms: Option<f64>,
    status: &'static str,
    attributes: Map<'t>,
    trace_id: Hex<32>,
    span_id: Hex<16>,
    parent_span_id: Option<Hex<16>>,
    process: ProcessPart<'t>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Events<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<bool>,
}

impl<'t> SpanLine<'t> {
    fn of(timeline: &'t Timeline, index: SpanIndex, is_verbose: bool) -> Self {
        let span = timeline.span(index);
        let view = timeline.span_view(index);
        let has_ended = span.state == SpanState::Ended;
        Self {
            name: timeline.text(span.name),
            start_time: span.start.0,
            end_time: has_ended.then_some(span.end.0),
            duration_ms: has_ended.then(|| span.duration() as f64 / 1e6),
            status: span.status.text(),
            attributes: Map(view.as_ref().map(SpanView::attributes), DEEPEST),
            trace_id: Hex(span.trace_id.to_hex()),
            span_id: Hex(span.span_id.to_hex()),
            parent_span_id: span.parent_id.map(SpanId::to_hex).map(Hex),
            process: ProcessPart::of(timeline.process(span.process)),
            events: is_verbose.then_some(Events(view)),
            open: (!has_ended).then_some(true),
        }
    }
}

#[derive(Serialize)]
struct ProcessPart<'t> {
    host: &'t str,
    pid: u32,
    service: &'t str,
}

impl<'t> ProcessPart<'t> {
    fn of(process: &'t Process) -> Self {
        Self {
            host: &process.host,
            pid: process.pid,
            service: &process.service,
        }
    }
}

struct Hex<const LEN: usize>([u8; LEN]);

impl<const LEN: usize> Serialize for Hex<LEN> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Hex digits are ASCII.
        serializer.serialize_str(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}

/// How deep values may be nested; what is deeper is on the tape only, and said to be.
const DEEPEST: usize = 64;
const TOO_DEEP: &str = "[nested too deeply]";

/// Attributes as an object, and how much deeper they may go. Of equal keys, which OTLP forbids, all are written.
struct Map<'t>(Option<Attributes<'t>>, usize);

impl Serialize for Map<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for pair in self.0.clone().into_iter().flatten().flatten() {
            map.serialize_entry(pair.key, &Any(pair.value, self.1))?;
        }
        map.end()
    }
}

/// A value, and how much deeper it may go.
struct Any<'t>(AnyView<'t>, usize);

impl Serialize for Any<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(value, deeper) = self;
        match value {
            AnyView::Empty => serializer.serialize_unit(),
            AnyView::Str(text) => serializer.serialize_str(text),
            AnyView::Bool(truth) => serializer.serialize_bool(*truth),
            AnyView::I64(int) => serializer.serialize_i64(*int),
            AnyView::F64(float) if float.is_nan() => serializer.serialize_str("NaN"),
            AnyView::F64(f64::INFINITY) => serializer.serialize_str("Infinity"),
            AnyView::F64(f64::NEG_INFINITY) => serializer.serialize_str("-Infinity"),
            AnyView::F64(float) => serializer.serialize_f64(*float),
            AnyView::Bytes(bytes) => serializer.serialize_str(&STANDARD.encode(bytes)),
            AnyView::Array(_) | AnyView::KeyValues(_) if *deeper == 0 => serializer.serialize_str(TOO_DEEP),
            AnyView::KeyValues(pairs) => Map(Some(pairs.clone()), deeper - 1).serialize(serializer),
            AnyView::Array(items) => {
                let mut list = serializer.serialize_seq(None)?;
                for item in items.clone().flatten() {
                    let item = AnyView::parse(item).unwrap_or(AnyView::Empty);
                    list.serialize_element(&Any(item, deeper - 1))?;
                }
                list.end()
            }
        }
    }
}

/// The events of a span; none if it did not end.
struct Events<'t>(Option<SpanView<'t>>);

impl Serialize for Events<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let events = self.0.iter().flat_map(SpanView::events).flatten();
        serializer.collect_seq(events.map(|event| EventPart::of(&event)))
    }
}

#[derive(Serialize)]
struct EventPart<'t> {
    name: &'t str,
    time: u64,
    attributes: Map<'t>,
}

impl<'t> EventPart<'t> {
    fn of(event: &EventView<'t>) -> Self {
        Self {
            name: event.name,
            time: event.time.0,
            attributes: Map(Some(event.attributes()), DEEPEST),
        }
    }
}
