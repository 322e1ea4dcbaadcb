//! The `telensic` program: looks at what was recorded, and at the machine that is to record.
//!
//! `main` alone decides on the exit code ([`exit`]); each subcommand is one file in [`commands`]. Nothing is
//! printed but through the [`screen`], so nothing that was recorded can drive the terminal.

mod cli;
mod commands;
mod demo;
mod doctor;
mod exit;
mod export;
mod fleet;
mod glance;
mod import;
mod json;
mod merge;
mod output_file;
mod platform;
mod progress;
mod readings;
mod recovery;
mod run;
mod runs;
mod schema;
mod screen;
mod tape;
mod units;
mod verdict;
mod waterfall;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::Cli::try_parse() {
        Ok(cli) => exit::code(cli.run()),
        Err(error) => {
            // Help and version come this way too; that nobody reads them is no failure.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(exit::NOT_DONE))
        }
    }
}
