//! `runs`: what it costs to seal, verify, read, merge, compare and receive whole runs.
//!
//! The runs are real tapes by the real writer. Each case is measured in a process of its own, round after round in
//! turn, so that the peak of memory is its own, and checks what it did: a case that came to the wrong result is
//! printed as FAILED and the program exits with 1. Files are read once before the clock starts, or put out of the
//! page cache where a case says so; the table shows what came from the disk.

mod cache;
mod cases;
mod comparing;
mod figures;
mod fingerprints;
mod market;
mod options;
mod pipeline;
mod prepare;
mod readings;
mod receiving;
mod recording;
mod report;
mod rivals;
mod rounds;
mod sealing;
mod site;
mod stopwatch;

use std::process::ExitCode;

use telensic_benches::Outcome;
use telensic_benches::program::print;

use options::{Command, Options, USAGE};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("runs: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Outcome<ExitCode> {
    match Command::parse(std::env::args().skip(1))? {
        Command::Help => print(USAGE)?,
        Command::Measure { case, site } => {
            let measured = (case.measure)(&site)?;
            print(&format!("{}\n", serde_json::to_string(&measured)?))?;
        }
        Command::Send { address, form } => receiving::send(&address, form)?,
        Command::Runs(options) => return measure_and_report(&options),
    }
    Ok(ExitCode::SUCCESS)
}

fn measure_and_report(options: &Options) -> Outcome<ExitCode> {
    let rows = rounds::run(options)?;
    print(&report::text(&rows))?;
    if let Some(file) = &options.markdown {
        std::fs::write(file, report::markdown(&rows, options))
            .map_err(|error| format!("cannot write the table to {}: {error}", file.display()))?;
    }
    let has_failed = rows.iter().any(|row| row.failure.is_some());
    Ok(if has_failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
