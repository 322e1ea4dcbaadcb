//! `telensic man`: the manual pages, for whoever packages the program.

use std::path::PathBuf;

use crate::exit::{Failure, Outcome};

/// Write the manual pages to a directory
#[derive(Debug, clap::Args)]
#[command(hide = true)]
pub(crate) struct Arguments {
    /// Where to; it must exist
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub(crate) fn run(arguments: &Arguments, program: clap::Command) -> Result<Outcome, Failure> {
    clap_mangen::generate_to(program, &arguments.dir).map_err(|error| {
        let dir = arguments.dir.display();
        Failure::Told(format!(
            "cannot write manual pages to {dir}: {error}: name a directory that exists and is writable"
        ))
    })?;
    Ok(Outcome::Fine)
}
