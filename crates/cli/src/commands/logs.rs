//! `telensic logs`: what all processes of a run said, in order.

use std::io::Write;

use clap::ValueEnum;
use telensic_forensics::Timeline;
use telensic_tape::TraceId;

use crate::exit::{Failure, Outcome};
use crate::readings::tell_unreadable;
use crate::runs::RunArgument;
use crate::screen::{FAINT, Screen};
use crate::tape::{otlp_json, record_text};
use telensic_run::Visible;

/// Show the log records of a run, of all its processes, in order
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: RunArgument,
    /// Show only this level and above
    #[arg(long, value_name = "LEVEL")]
    level: Option<Level>,
    /// Show only records whose text holds this, in any case
    #[arg(long, value_name = "TEXT")]
    grep: Option<String>,
    /// Show only what belongs to this trace
    #[arg(long, value_name = "ID", value_parser = trace_id)]
    trace: Option<TraceId>,
    /// Show only the newest N
    #[arg(long, short = 'n', value_name = "N")]
    last: Option<usize>,
    /// Print JSON, an OTLP log record a line, with the process that it is from
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    Trace = 1,
    Debug = 5,
    Info = 9,
    Warn = 13,
    Error = 17,
    Fatal = 21,
}

fn trace_id(text: &str) -> Result<TraceId, &'static str> {
    TraceId::from_hex(text).ok_or("a trace id is 32 hex digits, not all zeros")
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let timeline = Timeline::read(&arguments.run.find()?)?;
    let wanted = arguments.grep.as_ref().map(|text| text.to_lowercase());
    let mut lines = Vec::new();
    for index in timeline.log_indices() {
        let log = timeline.log(index);
        let is_loud = arguments.level.is_none_or(|level| log.severity >= level as u8);
        if log.event.is_some() || !is_loud || arguments.trace.is_some_and(|trace| log.trace_id != Some(trace))
        {
            continue;
        }
        let Some(view) = timeline.log_view(index) else {
            continue;
        };
        let Ok(text) = record_text::log(screen, &view) else {
            continue;
        };
        if wanted
            .as_ref()
            .is_some_and(|wanted| !text.to_lowercase().contains(wanted))
        {
            continue;
        }
        let process = timeline.process(log.process);
        lines.push(if arguments.json {
            let Ok(record) = otlp_json::log(&view) else {
                continue;
            };
            let from =
                serde_json::json!({ "service": process.service, "host": process.host, "pid": process.pid });
            format!(r#"{{"process":{from},"log":{record}}}"#)
        } else {
            let service = format!("[{}]", Visible(&process.service));
            format!("{} {text}", screen.paint(FAINT, service))
        });
    }
    let skipped = arguments.last.map_or(0, |last| lines.len().saturating_sub(last));
    for line in &lines[skipped..] {
        writeln!(screen, "{line}")?;
    }
    tell_unreadable(screen, &timeline)
}
