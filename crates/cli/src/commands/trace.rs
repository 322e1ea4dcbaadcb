//! `telensic trace`: the spans of a run, as a waterfall or one a line.

use std::io::Write;

use telensic_forensics::Timeline;
use telensic_tape::TraceId;

use crate::exit::{Failure, Outcome};
use crate::platform;
use crate::readings::tell_unreadable;
use crate::runs::RunArgument;
use crate::screen::Screen;
use crate::tape::otlp_json;
use crate::waterfall::{Limits, print};

/// Show the spans of a run as a tree with bars
///
/// Many siblings of one name are folded into a line; spans that were still open, failed, or lack their parent say so.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: RunArgument,
    /// Show only this trace
    #[arg(long, value_name = "ID", value_parser = trace_id)]
    trace: Option<TraceId>,
    /// Show so many levels
    #[arg(long, default_value_t = 64)]
    depth: usize,
    /// Leave out spans shorter than this many milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0.0)]
    min: f64,
    /// Show so many siblings of one name before the rest is folded
    #[arg(long, value_name = "N", default_value_t = 8)]
    siblings: usize,
    /// Show at most so many lines
    #[arg(long, value_name = "N", default_value_t = 1000)]
    lines: usize,
    /// Print JSON: an OTLP span a line, in the order of their starts
    #[arg(long)]
    json: bool,
}

fn trace_id(text: &str) -> Result<TraceId, &'static str> {
    TraceId::from_hex(text).ok_or("a trace id is 32 hex digits, not all zeros")
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let timeline = Timeline::read(&arguments.run.find()?)?;
    if arguments.json {
        json(arguments, screen, &timeline)?;
    } else {
        let limits = Limits {
            trace: arguments.trace,
            depth: arguments.depth.max(1),
            least: (arguments.min.max(0.0) * 1e6) as u64,
            siblings: arguments.siblings.max(1),
            lines: arguments.lines,
            width: platform::terminal_width().unwrap_or(120),
        };
        print(screen, &timeline, limits)?;
    }
    tell_unreadable(screen, &timeline)
}

fn json(arguments: &Arguments, screen: &mut Screen, timeline: &Timeline) -> Result<(), Failure> {
    for index in timeline.indices() {
        let span = timeline.span(index);
        if arguments.trace.is_some_and(|trace| trace != span.trace_id) {
            continue;
        }
        // One that is still open has no record: `telensic show` lists it.
        if let Some(Ok(line)) = timeline.span_view(index).map(|view| otlp_json::span(&view)) {
            writeln!(screen, "{line}")?;
        }
    }
    Ok(())
}
