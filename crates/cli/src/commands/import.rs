//! `telensic import`: runs from elsewhere, and OTLP files as a run.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;
use telensic_run::Visible;
use telensic_tape::Signal;

use crate::exit::{Failure, Outcome};
use crate::import::{Imported, from_directory, from_otlp, from_pack};
use crate::json;
use crate::runs::DataArgument;
use crate::screen::Screen;
use crate::units;

/// Take in a run directory, an evidence pack, or OTLP files
///
/// A directory or pack keeps its id and its seal, and is verified. OTLP files (protobuf, or JSON with a document a line)
/// become a run of their own, merged, read and sealed here.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArgument,
    /// The profile of the run that OTLP files become
    #[arg(long, default_value = "import")]
    profile: String,
    /// What protobuf files hold; JSON says so itself
    #[arg(long, default_value = "spans")]
    signal: ImportSignal,
    /// A run directory, an evidence pack (.html), or OTLP files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Print JSON: a document a run that came of it
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ImportSignal {
    Spans,
    Logs,
    Metrics,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let root = arguments.data.root();
    let (mut otlp, mut outcome) = (Vec::new(), Outcome::Fine);
    for path in &arguments.paths {
        let imported = if path.is_dir() {
            from_directory(path, &root)?
        } else if telensic_forensics::pack::is_pack(path) {
            from_pack(path, &root)?
        } else {
            otlp.push(path.as_path());
            continue;
        };
        outcome = outcome.max(tell(arguments, screen, &imported)?);
    }
    if !otlp.is_empty() {
        let signal = match arguments.signal {
            ImportSignal::Spans => Signal::Spans,
            ImportSignal::Logs => Signal::Logs,
            ImportSignal::Metrics => Signal::Metrics,
        };
        let imported = from_otlp(&otlp, signal, &arguments.profile, &root)?;
        outcome = outcome.max(tell(arguments, screen, &imported)?);
    }
    Ok(outcome)
}

fn tell(arguments: &Arguments, screen: &mut Screen, imported: &Imported) -> Result<Outcome, Failure> {
    let run = &imported.run;
    if arguments.json {
        let document = serde_json::json!({
            "run_id": run.id(),
            "path": run.path().display().to_string(),
            "records": imported.records,
            "findings": imported.findings,
        });
        json::write_line(screen, &document)?;
        return Ok(Outcome::fine_if(imported.findings.is_empty()));
    }
    let records = imported.records.map(|records| units::counted(records, "record"));
    let what = records.unwrap_or_else(|| "whole".to_owned());
    writeln!(
        screen,
        "run {} is in {}: {what}",
        run.id(),
        Visible(run.path().display())
    )?;
    for finding in &imported.findings {
        screen.complain(finding)?;
    }
    Ok(Outcome::fine_if(imported.findings.is_empty()))
}
