//! `telensic merge`: all spans of all tapes, as one JSON file.

use std::path::PathBuf;

use telensic_forensics::{Timeline, TraceFile};

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::merge::{MergeSummary, bring, print, tapes_meant};
use crate::output_file::OutputFile;
use crate::progress::Progress;
use crate::readings::tell_unreadable;
use crate::runs::DataArgument;
use crate::screen::Screen;

/// Join the tapes of runs, or of nodes, into one forensic_trace.json
///
/// Spans that several tapes have are there once; those whose parent no tape has are kept. Times are never changed: by
/// how much clocks can differ is said on stderr. Exit code 1: a tape cannot be read, or was not copied.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Runs, tapes, or directories of tapes; by default the latest run
    #[arg(value_name = "RUN", default_value = "latest")]
    named: Vec<String>,
    /// Where the spans are written; the default, -, is the standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<OutputFile>,
    /// First copy all tapes of this directory into the run, which must not be sealed; the spans are then written only
    /// with --output
    #[arg(long, value_name = "DIR")]
    tapes: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgument,
    /// Print what the join comes to as one JSON document; the spans go to --output alone
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    if let Some(output) = &arguments.output {
        output.check()?;
        if arguments.json {
            output.leave_stdout()?;
        }
    }
    let mut outcome = Outcome::Fine;
    if let Some(from) = &arguments.tapes {
        let [run] = &arguments.named[..] else {
            return Err(Failure::Told(
                "--tapes copies into one run: name just that".to_owned(),
            ));
        };
        outcome = bring(from, &arguments.data.find(run)?, screen)?;
    }
    let tapes = tapes_meant(&arguments.named, &arguments.data)?;
    let timeline = {
        let _progress = Progress::of("joining tapes");
        Timeline::of_tapes(tapes.iter().map(AsRef::as_ref))
    };
    let merged = MergeSummary::of(&timeline);
    let spans = TraceFile::new(&timeline).verbose(TraceFile::is_verbose_by_env());
    let file = arguments.output.as_ref().filter(|output| !output.is_stdout());
    match file {
        Some(file) => file.write(screen, |mut out| spans.write_to(&mut out))?,
        None if arguments.output.is_none() && (arguments.json || arguments.tapes.is_some()) => {}
        None => spans.write_to(&mut json::Escaping::new(screen))?,
    }
    if arguments.json {
        json::write_line(screen, &merged)?;
    } else {
        print(screen, &merged)?;
    }
    Ok(outcome.max(tell_unreadable(screen, &timeline)?))
}
