//! Chrome's trace event format, which Perfetto and `chrome://tracing` open.
//!
//! A process of the run is a process there. Its spans lie in lanes, since what is drawn in one lane must nest: a span
//! lies in its parent's lane if it fits there, else in the first that has room. Times are microseconds from the first
//! span, with decimals, because the viewers count in doubles.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::json;
use telensic::events::attributes_json;
use telensic_forensics::Timeline;
use telensic_forensics::timeline::{Span, SpanState};

/// Writes all spans, and log records as instants.
pub(crate) fn write(timeline: &Timeline, out: &mut impl Write) -> io::Result<()> {
    let zero = timeline.spans().first().map_or(0, |span| span.start.0);
    let micros = |time: u64| (time as i128 - i128::from(zero)) as f64 / 1e3;
    out.write_all(b"{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n")?;
    for (number, process) in timeline.processes().iter().enumerate() {
        let name = format!("{} {}:{}", process.service, process.host, process.pid);
        let event =
            json!({ "name": "process_name", "ph": "M", "pid": number, "tid": 0, "args": { "name": name } });
        writeln!(out, "{event},")?;
    }
    let mut lanes: BTreeMap<usize, Lanes> = BTreeMap::new();
    let mut lane_of = vec![0; timeline.spans().len()];
    for index in timeline.indices() {
        let span = timeline.span(index);
        let near = span
            .parent
            .filter(|parent| timeline.span(*parent).process == span.process);
        let near = near.map(|parent| lane_of[parent.index()]);
        let lane = lanes.entry(span.process.index()).or_default().place(span, near);
        lane_of[index.index()] = lane;
        let mut arguments = serde_json::Map::new();
        arguments.insert("span_id".into(), span.span_id.to_string().into());
        arguments.insert("status".into(), span.status.text().into());
        if span.state == SpanState::Open {
            arguments.insert("open".into(), true.into());
        }
        if let Some(view) = timeline.span_view(index) {
            arguments.extend(attributes_json(view.attributes()).unwrap_or_default());
        }
        let event = json!({
            "name": timeline.text(span.name),
            "cat": timeline.text(span.scope),
            "ph": "X",
            "ts": micros(span.start.0),
            "dur": span.duration() as f64 / 1e3,
            "pid": span.process.index(),
            "tid": lane,
            "args": arguments,
        });
        writeln!(out, "{event},")?;
    }
    for index in timeline.log_indices() {
        let log = timeline.log(index);
        let name = log.event.map_or("log", |event| timeline.text(event));
        let lane = log.span.map_or(0, |span| lane_of[span.index()]);
        let event = json!({
            "name": name, "ph": "i", "s": "t", "ts": micros(log.time.0), "pid": log.process.index(), "tid": lane,
        });
        writeln!(out, "{event},")?;
    }
    // The list ends with an event of no meaning, so that each line before may end with a comma.
    out.write_all(b"{\"name\":\"end\",\"ph\":\"M\",\"pid\":0,\"tid\":0,\"args\":{}}]}\n")
}

/// The lanes of a process, each with the ends of the spans that are open in it, the innermost last.
#[derive(Default)]
struct Lanes(Vec<Vec<u64>>);

impl Lanes {
    /// The lane of a span; spans come by their starts.
    fn place(&mut self, span: &Span, near: Option<usize>) -> usize {
        let order = near.into_iter().chain(0..self.0.len());
        let (start, end) = (span.start.0, span.end.0);
        for lane in order {
            let Some(open) = self.0.get_mut(lane) else {
                continue;
            };
            while open.last().is_some_and(|last| *last <= start) {
                open.pop();
            }
            if open.last().is_none_or(|last| end <= *last) {
                open.push(end);
                return lane;
            }
        }
        self.0.push(vec![end]);
        self.0.len() - 1
    }
}
