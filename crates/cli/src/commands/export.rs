//! `telensic export`: a run in the formats of others.

use clap::ValueEnum;
use telensic_forensics::Timeline;
use telensic_tape::Signal;

use crate::exit::{Failure, Outcome};
use crate::export;
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
    let run = arguments.run.find()?;
    let signal = arguments.signal.into();
    let mut written = 0;
    arguments.output.write(screen, |mut out| -> Result<(), Failure> {
        written = match arguments.format {
            Format::Otlp => export::otlp_protobuf(&run, signal, &mut out)?,
            Format::OtlpJson => export::otlp_json(&run, signal, &mut out)?,
            Format::Chrome => {
                let timeline = Timeline::read(&run)?;
                export::chrome(&timeline, &mut out)?;
                (timeline.spans().len() + timeline.logs().len()) as u64
            }
            Format::Parquet => parquet(&Timeline::read(&run)?, signal, out)?,
        };
        Ok(())
    })?;
    screen.complain(&format!(
        "{} of run {}",
        units::counted(written, "record"),
        run.id()
    ))?;
    Ok(Outcome::Fine)
}

fn parquet(timeline: &Timeline, signal: Signal, out: &mut dyn std::io::Write) -> Result<u64, Failure> {
    // Parquet's writer wants to own what it writes to, and to send it between threads.
    let mut bytes = Vec::new();
    let written = match signal {
        Signal::Spans => export::parquet_spans(timeline, &mut bytes),
        Signal::Logs => export::parquet_logs(timeline, &mut bytes),
        Signal::Metrics => {
            return Err(Failure::Told(
                "metrics are exported as protobuf only: use --format otlp".to_owned(),
            ));
        }
    };
    let written = written.map_err(|error| Failure::Told(format!("cannot write Parquet: {error}")))?;
    out.write_all(&bytes)?;
    Ok(written)
}

impl From<export::ExportError> for Failure {
    fn from(error: export::ExportError) -> Self {
        match error {
            export::ExportError::Io(error) => Self::Output(error),
            other => Self::Told(other.to_string()),
        }
    }
}
