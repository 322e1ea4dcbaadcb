//! `telensic events`: the typed events of a run, of all its processes, in order.

use std::io::Write;

use telensic::events::{EventLine, EventRecord};
use telensic_forensics::Timeline;

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::readings::tell_unreadable;
use crate::runs::RunArgument;
use crate::screen::Screen;
use crate::tape::record_text;

/// Show the typed events of a run, in order
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: RunArgument,
    /// Show only events of this type; may be given several times
    #[arg(long = "type", value_name = "NAME")]
    types: Vec<String>,
    /// Count the events of each type instead
    #[arg(long, conflicts_with = "last")]
    count: bool,
    /// Show only the newest N
    #[arg(long, short = 'n', value_name = "N")]
    last: Option<usize>,
    /// Print JSON: the lines of events.jsonl
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let run = arguments.run.find()?;
    let timeline = Timeline::read(&run)?;
    let wanted: Vec<_> = timeline
        .log_indices()
        .filter(|index| {
            let event = timeline.log(*index).event.map(|event| timeline.text(event));
            event.is_some_and(|name| {
                arguments.types.is_empty() || arguments.types.iter().any(|one| one == name)
            })
        })
        .collect();
    if arguments.count {
        count(arguments.json, screen, &timeline, &wanted)?;
        return tell_unreadable(screen, &timeline);
    }
    let skipped = arguments.last.map_or(0, |last| wanted.len().saturating_sub(last));
    for index in &wanted[skipped..] {
        let Some(view) = timeline.log_view(*index) else {
            continue;
        };
        if !arguments.json {
            if let Ok(text) = record_text::log(screen, &view) {
                writeln!(screen, "{text}")?;
            }
            continue;
        }
        let process = timeline.process(timeline.log(*index).process);
        if let Ok(Some(event)) = EventRecord::of(&view) {
            let line = EventLine::new(
                event,
                Some(run.id()),
                &process.host,
                process.pid,
                &process.service,
            );
            json::write_line(screen, &line)?;
        }
    }
    tell_unreadable(screen, &timeline)
}

fn count(
    as_json: bool,
    screen: &mut Screen,
    timeline: &Timeline,
    events: &[telensic_forensics::timeline::LogIndex],
) -> Result<Outcome, Failure> {
    let mut counts = std::collections::BTreeMap::<&str, u64>::new();
    for index in events {
        if let Some(event) = timeline.log(*index).event {
            *counts.entry(timeline.text(event)).or_default() += 1;
        }
    }
    if as_json {
        json::write_line(screen, &counts)?;
        return Ok(Outcome::Fine);
    }
    for (name, count) in counts {
        writeln!(
            screen,
            "{:>10}  {}",
            crate::units::grouped(count),
            telensic_run::Visible(name)
        )?;
    }
    Ok(Outcome::Fine)
}
