//! `telensic export`: a run in the formats of others.

use std::io::Write;

use clap::ValueEnum;
use parquet::errors::ParquetError;
use telensic_forensics::Timeline;
use telensic_tape::Signal;

use crate::exit::{Failure, Outcome};
use crate::export::{self, Exported};
use crate::json;
use crate::output_file::OutputFile;
use crate::runs::RunArgument;
use crate::screen::Screen;
use crate::units;

/// Write a run in the format of another system
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: RunArgument,
    /// otlp (protobuf, as it lies on the tapes), otlp-json (a document a line), chrome (Perfetto opens it) or parquet
    #[arg(long, short)]
    format: Format,
    /// What is written; chrome has spans and logs in one file
    #[arg(long, default_value = "spans")]
    signal: ExportSignal,
    /// The file to write, - for the standard output
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    output: OutputFile,
    /// Print what was exported as one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Otlp,
    OtlpJson,
    Chrome,
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportSignal {
    Spans,
    Logs,
    Metrics,
}

impl From<ExportSignal> for Signal {
    fn from(signal: ExportSignal) -> Self {
        match signal {
            ExportSignal::Spans => Self::Spans,
            ExportSignal::Logs => Self::Logs,
            ExportSignal::Metrics => Self::Metrics,
        }
    }
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    if arguments.json {
        arguments.output.leave_stdout()?;
    }
    let run = arguments.run.find()?;
    let signal = arguments.signal.into();
    let mut exported = Exported::default();
    arguments.output.write(screen, |mut out| -> Result<(), Failure> {
        exported = match arguments.format {
            Format::Otlp => export::otlp_protobuf(&run, signal, &mut out)?,
            Format::OtlpJson => export::otlp_json(&run, signal, &mut out)?,
            Format::Chrome => {
                let timeline = Timeline::read(&run)?;
                export::chrome(&timeline, &mut out)?;
                of(&timeline, (timeline.spans().len() + timeline.logs().len()) as u64)
            }
            Format::Parquet => {
                let timeline = Timeline::read(&run)?;
                let records = parquet(&timeline, signal, out)?;
                of(&timeline, records)
            }
        };
        Ok(())
    })?;
    if arguments.json {
        let document = serde_json::json!({
            "run_id": run.id(),
            "file": arguments.output.shown(),
            "records": exported.records,
            "left_out": exported.left_out,
        });
        json::write_line(screen, &document)?;
    } else if !arguments.output.is_stdout() {
        let records = units::counted(exported.records, "record");
        writeln!(
            screen,
            "{records} of run {} in {}",
            run.id(),
            arguments.output.shown()
        )?;
    }
    for reason in &exported.left_out {
        screen.complain(reason)?;
    }
    Ok(Outcome::fine_if(exported.left_out.is_empty()))
}

/// What went out of a timeline.
fn of(timeline: &Timeline, records: u64) -> Exported {
    let unreadable = timeline.unreadable().iter();
    Exported {
        records,
        left_out: unreadable.map(|tape| tape.reason.clone()).collect(),
    }
}

fn parquet(timeline: &Timeline, signal: Signal, out: &mut (dyn Write + Send)) -> Result<u64, Failure> {
    let written = match signal {
        Signal::Spans => export::parquet_spans(timeline, out),
        Signal::Logs => export::parquet_logs(timeline, out),
        Signal::Metrics => {
            return Err(Failure::Told(
                "metrics are exported as protobuf only: use --format otlp".to_owned(),
            ));
        }
    };
    written.map_err(|error| match error {
        ParquetError::External(source) => match source.downcast() {
            Ok(error) => Failure::Output(*error),
            Err(source) => cannot_write(&source),
        },
        other => cannot_write(&other),
    })
}

fn cannot_write(why: &dyn std::fmt::Display) -> Failure {
    Failure::Told(format!("cannot write Parquet: {why}"))
}

impl From<export::ExportError> for Failure {
    fn from(error: export::ExportError) -> Self {
        match error {
            export::ExportError::Io(error) => Self::Output(error),
            other => Self::Told(other.to_string()),
        }
    }
}
