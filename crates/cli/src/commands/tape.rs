//! `telensic tape`: what is on a tape, in a table or record by record.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use telensic_tape::{Signal, Tape, TraceId};

use crate::exit::{Failure, Outcome};
use crate::screen::Screen;
use crate::tape::{Form, Selection, Summary, SummaryPrinter, open_spans, records, tapes_of};

/// Show what is on a tape: a live one, a finished one, or one whose process was killed
///
/// Without --records or --open: who recorded, how much of what, what was lost, which spans are open, and what is
/// damaged. Damage found means exit code 1.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Tapes, or directories of which every *.tape is shown
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print JSON: one document, or one line each with --records (OTLP JSON) and --open
    #[arg(long)]
    json: bool,
    /// Read every byte: check hashes, chain and records
    #[arg(long, conflicts_with = "listing")]
    check: bool,
    /// List the chunks too
    #[arg(long, conflicts_with = "listing")]
    chunks: bool,
    /// Print the records, one a line, in the order of the tape
    #[arg(long, group = "listing")]
    records: bool,
    /// Print the open spans, one a line, longest open first
    #[arg(long, group = "listing")]
    open: bool,
    /// Print at most so many lines
    #[arg(long, value_name = "N", requires = "listing")]
    limit: Option<u64>,
    /// Print only records of this signal
    #[arg(long, requires = "records", conflicts_with = "open")]
    signal: Option<RecordSignal>,
    /// Print only what belongs to this trace
    #[arg(long, value_name = "ID", requires = "listing", value_parser = trace_id)]
    trace: Option<TraceId>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RecordSignal {
    Spans,
    Logs,
}

fn trace_id(text: &str) -> Result<TraceId, &'static str> {
    TraceId::from_hex(text).ok_or("a trace id is 32 hex digits, not all zeros")
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let mut selection = Selection {
        signal: arguments.signal.map(|signal| match signal {
            RecordSignal::Spans => Signal::Spans,
            RecordSignal::Logs => Signal::Logs,
        }),
        trace: arguments.trace,
        left: arguments.limit.unwrap_or(u64::MAX),
    };
    let form = if arguments.json { Form::Json } else { Form::Text };
    let is_summary = !arguments.records && !arguments.open;
    let mut summaries = SummaryPrinter::new(form);
    let mut outcome = Outcome::Fine;
    for named in &arguments.files {
        let paths = match tapes_of(named) {
            Ok(paths) => paths,
            Err(message) => {
                screen.complain(&message)?;
                if is_summary {
                    summaries.unreadable(screen, named, &message)?;
                }
                outcome = Outcome::NotDone;
                continue;
            }
        };
        for path in paths {
            let shown = if is_summary {
                summarize(arguments, &path, &mut summaries, screen)?
            } else {
                list(arguments, form, &path, &mut selection, screen)?
            };
            outcome = outcome.max(shown);
        }
    }
    if is_summary {
        summaries.finish(screen)?;
    }
    Ok(outcome)
}

fn summarize(
    arguments: &Arguments,
    path: &Path,
    printer: &mut SummaryPrinter,
    screen: &mut Screen,
) -> Result<Outcome, Failure> {
    let summary = Tape::open(path)
        .map_err(|error| error.to_string())
        .and_then(|tape| Summary::of(&tape, arguments.check, arguments.chunks));
    match summary {
        Ok(summary) => {
            printer.print(screen, &summary)?;
            Ok(summary.outcome())
        }
        Err(message) => {
            screen.complain(&message)?;
            printer.unreadable(screen, path, &message)?;
            Ok(Outcome::NotDone)
        }
    }
}

fn list(
    arguments: &Arguments,
    form: Form,
    path: &Path,
    selection: &mut Selection,
    screen: &mut Screen,
) -> Result<Outcome, Failure> {
    let tape = match Tape::open(path) {
        Ok(tape) => tape,
        Err(error) => {
            screen.complain(&error)?;
            return Ok(Outcome::NotDone);
        }
    };
    if arguments.open {
        open_spans::print(&tape, form, selection, screen)
    } else {
        records::print(&tape, form, selection, screen)
    }
}
