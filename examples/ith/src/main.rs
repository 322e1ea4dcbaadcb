//! `ith`: runs the example pipeline, and says where its record lies.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use ith::arguments::Arguments;
use ith::program;

fn main() -> ExitCode {
    match program::run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A stderr that is gone cannot be told so.
            let _ = writeln!(std::io::stderr(), "ith: {error}");
            ExitCode::FAILURE
        }
    }
}
