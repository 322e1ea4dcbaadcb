//! `telensic completions`: what a shell needs to complete our command line.

use std::io::Write;

use clap_complete::Shell;

use crate::exit::{Failure, Outcome};
use crate::screen::Screen;

/// Print completions for a shell
///
/// For bash: telensic completions bash > ~/.local/share/bash-completion/completions/telensic
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(
    arguments: &Arguments,
    mut program: clap::Command,
    screen: &mut Screen,
) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, "telensic", &mut script);
    screen.write_all(&script)?;
    Ok(Outcome::Fine)
}
