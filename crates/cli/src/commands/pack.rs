//! `telensic pack`: a sealed run as one file that anyone can open and verify.

use telensic_forensics::pack;
use telensic_run::VerifyOptions;

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::output_file::OutputFile;
use crate::progress::Progress;
use crate::readings::{Report, tell_unreadable};
use crate::runs::RunArgument;
use crate::screen::Screen;

/// Pack a sealed run into one HTML file that holds its record, report and proof, and verifies in any browser
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: RunArgument,
    /// The file to be written; - is the standard output
    #[arg(long, short, value_name = "FILE")]
    output: OutputFile,
    /// Print what was packed as one JSON document
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    arguments.output.check()?;
    if arguments.json {
        arguments.output.leave_stdout()?;
    }
    let run = arguments.run.find()?;
    if !run.seal().is_file() {
        return Err(Failure::Told(format!(
            "run {} is not sealed, so there is nothing to prove: `telensic recover {}` seals a run that has ended",
            run.id(),
            run.id()
        )));
    }
    let verification = {
        let _progress = Progress::of(format!("verifying run {}", run.id()));
        telensic_run::verify(&run, VerifyOptions::default())?
    };
    let report = Report::of(run.clone())?;
    {
        let _progress = Progress::of(format!("packing run {}", run.id()));
        let output = &arguments.output;
        output.write(screen, |mut out| pack::write(&run, &report.input(), &mut out))?;
    }
    if arguments.json {
        let document = serde_json::json!({
            "run_id": run.id(),
            "file": arguments.output.shown(),
            "is_whole": verification.is_whole(),
            "findings": verification.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        });
        json::write_line(screen, &document)?;
    }
    let unread = tell_unreadable(screen, &report.view.timeline)?;
    let Some(finding) = verification.findings.first() else {
        return Ok(unread);
    };
    screen.complain(&format!(
        "what was packed does not verify: {finding}; `telensic verify {}` names all",
        run.id()
    ))?;
    Ok(Outcome::FoundWrong)
}
