//! `race`: what a span, a log record and a metric cost, ours and the peers', in one run.
//!
//! Each contender runs each scenario in a process of its own, round after round in turn. A child
//! counts the CPU time of all of its threads until everything is delivered to a file, then reads the
//! file back and proves that every record is in it, once and whole. A cell that cannot prove it is
//! printed as FAILED and the race exits with 1.

mod contenders;
mod delivery;
mod heat;
mod options;
mod otlp;
mod race;
mod report;
mod rivals;
mod scenario;
mod tally;
mod workload;

use std::process::ExitCode;

use telensic_benches::program::print;
use telensic_benches::{Outcome, clock, machine};

use options::{Command, Options, USAGE};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("race: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Outcome<ExitCode> {
    match Command::parse(std::env::args().skip(1))? {
        Command::Help => print(USAGE).map(|()| ExitCode::SUCCESS),
        Command::Heat {
            scenario,
            contender,
            directory,
        } => {
            let heat = heat::run(scenario, contender, &directory)?;
            print(&format!("{}\n", heat.to_json())).map(|()| ExitCode::SUCCESS)
        }
        Command::Race(options) => race_and_report(&options),
    }
}

fn race_and_report(options: &Options) -> Outcome<ExitCode> {
    let cells = race::run(options)?;
    let reported = if options.json {
        report::json(&cells)?
    } else {
        report::text(&cells)
    };
    print(&reported)?;
    if let Some(file) = &options.markdown {
        std::fs::write(file, report::markdown(&cells, options))
            .map_err(|error| format!("cannot write the table to {}: {error}", file.display()))?;
    }
    let failed = cells.iter().any(|cell| cell.failure.is_some());
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
